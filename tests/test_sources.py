"""Which unnamed source a mention means: by number, by the next paragraph's name, by a headline's noun."""

from types import SimpleNamespace

import numpy as np
import pytest

from build import range_of, ranges_of, words_of
from quotes.antecedents import Antecedents
from quotes.names import NameCluster, cluster_names, read_name
from quotes.own_names import number_told
from quotes.pairs import PairMention, describe
from quotes.sources import (
    BY_PRONOUN,
    FIRST_NAMED,
    KINDS,
    LAST_PARAGRAPH,
    ArticleResolver,
    Cluster,
    Option,
    _counts_other,
)

NUMBERS = [
    ("the first official", 1),
    ("a second trader", 2),
    ("another diplomat", 2),
    ("the other man", 2),
    ("A third", 0),  # the number is the noun
    ("the third person", 3),
    ("a senior diplomat", 0),
    ("the official", 0),
    ("a clerk of the second ward", 0),
]


@pytest.mark.parametrize(("mention", "number"), NUMBERS, ids=[m for m, _ in NUMBERS])
def test_number_tells_several_apart(mention, number):
    words = words_of(mention)
    assert number_told(words, (0, len(words) - 1)) == number


@pytest.mark.parametrize(
    ("mention", "other", "differs"),
    [
        ("The first official", "another official", True),
        ("The first official", "an official", False),
        ("The second official", "another official", False),
        ("The second official", "a third official", True),
    ],
)
def test_other_number_is_another_person(mention, other, differs):
    words = words_of(f"{mention} met {other}.")
    cluster = Cluster(kind="anonymous", mentions=[range_of(words, other)])
    assert _counts_other(words, number_told(words, range_of(words, mention)), cluster) is differs


# text, the lede's mention, a name; whether the next paragraph names who is meant
LEDES = [
    ("Farmer fined\n\nA hill farmer has lost his case.\n\nRhodri Parry, 44, said no.", "A hill farmer", "Rhodri Parry", True),
    ("VELSEN — A hill farmer has lost.\n\nAdaeze Obi, 44, said no.", "A hill farmer", "Adaeze Obi", True),
    ("A hill farmer has lost.\n\nThe judge, Adaeze Obi, said no.", "A hill farmer", "Adaeze Obi", False),
    ("A hill farmer has lost.\n\nAdaeze Obi said no.", "A hill farmer", "Adaeze Obi", False),
    ("A hill farmer has lost.\n\nObi, 44, said no.", "A hill farmer", "Obi", False),
    ("A senior official has left.\n\nAdaeze Obi, 44, said no.", "A senior official", "Adaeze Obi", False),
    ("A second farmer has lost.\n\nAdaeze Obi, 44, said no.", "A second farmer", "Adaeze Obi", False),
    ("The case is lost.\n\nA farmer wept.\n\nAdaeze Obi, 44, said no.", "A farmer", "Adaeze Obi", False),
    ("In Velsen a hill farmer has lost.\n\nAdaeze Obi, 44, said no.", "a hill farmer", "Adaeze Obi", False),
    ("Adaeze Obi, 44, won.\n\nA farmer has lost.", "A farmer", "Adaeze Obi", False),
]


@pytest.mark.parametrize(("text", "mention", "name", "named"), LEDES, ids=[t[:60] for t, *_ in LEDES])
def test_lede_tells_of_whom_the_next_paragraph_names(text, mention, name, named):
    words = words_of(text)
    cluster = Cluster()
    article = SimpleNamespace(
        words=words, analysis=SimpleNamespace(names=[("PER", *range_of(words, name))]), cluster_of_name={0: cluster}
    )
    found = ArticleResolver._named_next(article, range_of(words, mention))
    assert found is (cluster if named else None)


def _article(text, *introduced):
    words = words_of(text)
    every = [PairMention(*range_of(words, phrase), "nominal") for phrase in introduced]
    return SimpleNamespace(
        words=words,
        every=every,
        every_clusters=[Cluster(kind="anonymous", mentions=[(m.first, m.last)]) for m in every],
        people=list(range(len(every))),
        bare={},
        _opens_new=lambda mention: words.forms[mention.first].lower() in ("a", "an"),
    )


def test_headlines_noun_is_whom_the_article_introduces():
    article = _article("Talks dead, diplomat says\n\nA senior diplomat was blunt.", "A senior diplomat")
    mention = PairMention(*range_of(article.words, "diplomat"), "nominal", "", True)
    assert ArticleResolver._headline(article, mention) is article.every_clusters[0]


def test_headlines_noun_waits_for_a_source_with_it():
    article = _article("Talks dead, diplomat says\n\n“Dead,” said a senior diplomat. “Gone,” said a diplomat.")
    bare, senior, other = (
        PairMention(*range_of(article.words, phrase), "nominal", "", True)
        for phrase in ("diplomat", "a senior diplomat", "a diplomat")
    )
    cluster = ArticleResolver._headline(article, bare)
    assert cluster is not None
    assert ArticleResolver._headline(article, senior) is cluster
    assert ArticleResolver._headline(article, other) is None


@pytest.mark.parametrize("phrase", ["talks", "the diplomat"])
def test_no_headlines_noun(phrase):
    article = _article("Dead talks, the diplomat says")
    assert ArticleResolver._headline(article, PairMention(*range_of(article.words, phrase), "nominal", "", True)) is None


def _places(words, label, *names):
    return sorted(((label, *place) for name in names for place in ranges_of(words, name)), key=lambda name: name[1])


def _naming(text, mention, label, *names):
    """An article of names alone, and the mention, for the rules that ask which names a mention holds."""
    words = words_of(text)
    places = _places(words, label, *names)
    article = SimpleNamespace(
        words=words,
        analysis=SimpleNamespace(names=places),
        spans_of_names={place[1:]: i for i, place in enumerate(places)},
        cluster_of_name={i: words.slice(*place[1:]) for i, place in enumerate(places)},
    )
    article._names_in = lambda m: ArticleResolver._names_in(article, m)
    return article, PairMention(*range_of(words, mention), "nominal")


def test_nobody_named_is_what_the_text_calls_another():
    groups = [NameCluster(label, [i]) for i, label in enumerate(("PER", "PER", "ORG"))]
    clusters = [Cluster(names=group) for group in groups]
    fits = {id(clusters[1]): 1}
    assert [ArticleResolver._is_not_called(None, cluster, fits) for cluster in clusters] == [True, False, False]


@pytest.mark.parametrize(
    ("mention", "noun", "expected"),
    [
        ("Lim Dong’s doctor", "doctor", True),
        ("Lim Dong’s rival", "rival", False),
        ("the doctor", "doctor", False),
        ("the doctor Lim Dong", "doctor", False),
    ],
)
def test_doctor_of_a_named_person_is_told_as_one(mention, noun, expected):
    article, found = _naming(f"{mention} said no.", mention, "PER", "Lim Dong")
    assert ArticleResolver._is_somebodys(article, found, noun) is expected


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("And Rex Allard, too, agrees. “Why not?” he said.", "he", True),
        ("Rex Allard’s report blames the ferry. He wants more.", "He", True),
        ("Rex Allard’s captain agrees. “Why not?” he said.", "he", False),
        ("In the end they asked Rex Allard. “Why not?” he said.", "he", False),
        ("Rex Allard agrees. “Why not?” they said.", "they", False),
        ("“Why not?” he said.", "he", False),
    ],
)
def test_sentence_before_is_about_whom_it_names_first(text, mention, expected):
    words = words_of(text)
    names = [("PER", *place) for place in ranges_of(words, "Rex Allard")]
    analysis = SimpleNamespace(words=words, names=names, drafts=[])
    article = SimpleNamespace(
        words=words,
        names=names,
        sources=[],
        analysis=analysis,
        antecedents=Antecedents(analysis),
        cluster_of_name={0: "Allard"},
    )
    found = ArticleResolver._topic(article, PairMention(*range_of(words, mention), "pronoun"))
    assert found == ("Allard" if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. Rex Allard paused. “I read it.”", True),
        ("Then Rex Allard held out the bag.\n\n“I read it.”", True),
        ("Asked why, Rex Allard paused. “I read it.”", False),  # a name farther on may be anybody's
        ("Rex Allard asked her why. “I read it.”", False),
        ("Rex Allard paused.\n\nIt rained.\n\n“I read it.”", False),
    ],
)
def test_who_begins_the_sentence_that_leads_up_to_words(text, expected):
    words = words_of(text)
    every = [PairMention(*range_of(words, "Rex Allard"), "name", "PER")]
    article = SimpleNamespace(
        words=words,
        side=describe(words, every),
        every_clusters=["Allard"],
        antecedents=Antecedents(SimpleNamespace(words=words, names=[], drafts=[])),
    )
    first = words.between(text.index("“"), len(text))[0]
    found = ArticleResolver._subject_before(article, PairMention(first, len(words) - 1, "quotation"))
    assert found == ("Allard" if expected else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In a notice taped to the gate, it spoke of “a pause”.", ["a notice"]),
        ("The port fell silent. In a notice it spoke of “a pause”.", ["a notice"]),
        ("The port put up a notice. It spoke of “a pause”.", []),  # the text speaks
        ("The port put up a notice, and it spoke of “a pause”.", []),
    ],
)
def test_text_in_which_somebody_speaks_is_not_it(text, expected):
    words = words_of(text)
    every = [PairMention(*range_of(words, "a notice"), "nominal")]
    cluster = Cluster(kind="document", mentions=[range_of(words, "a notice")])
    article = SimpleNamespace(
        words=words,
        side=describe(words, every),
        every_clusters=[cluster],
        antecedents=Antecedents(SimpleNamespace(words=words, names=[], drafts=[])),
    )
    pronoun = range_of(words, "it") if " it " in text else range_of(words, "It")
    found = ArticleResolver._framing(article, PairMention(*pronoun, "pronoun"))
    assert [words.slice(*c.mentions[0]) for c in found] == expected


def _kinds(kind):
    return np.array([float(k == kind) for k in KINDS])


@pytest.mark.parametrize(
    ("mention", "name", "kind", "expected"),
    [
        ("The Blue House", "Blue House", "organization", "Blue House"),
        ("the Velsenite", "Velsenite", "person", None),
        ("the Velsenites", "Velsenites", "group", None),
        ("the Blue House guard", "Blue House", "organization", None),
        ("a Blue House", "Blue House", "organization", None),
    ],
)
def test_body_named_with_its_article_alone_is_that_body(mention, name, kind, expected):
    article, found = _naming(f"{mention} said no.", mention, "OTHER", name)
    assert ArticleResolver._bare_name(article, found, _kinds(kind)) == expected


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Lim Dong and Ann Bell", True),
        ("Lim Dong, Ann Bell and Rosa Velde", True),
        ("Senators Lim Dong and Ann Bell", True),
        ("Lim Dong, who met Ann Bell", False),
        ("Lim Dong of the Bell and Anchor", False),
        ("Lim Dong", False),
    ],
)
def test_people_named_side_by_side_are_a_group(mention, expected):
    article, found = _naming(f"It is late, said {mention}.", mention, "PER", "Lim Dong", "Ann Bell", "Rosa Velde")
    assert ArticleResolver._is_list(article, found) is expected


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("The Velsen Harbour Gazette", True),
        ("The Velsen Prime Minister", False),
        ("The Gazette", False),
        ("The harbour gazette", False),
    ],
)
def test_capitals_tell_a_body_that_no_tagger_saw(mention, expected):
    words = words_of(f"{mention} said no.")
    found = PairMention(*range_of(words, mention), "nominal")
    assert ArticleResolver._is_proper(SimpleNamespace(words=words), found) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“No,” said Lim Dong.\n\n“Never,” she added.", True),
        ("“No,” said Lim Dong. “Never,” she added.", True),
        ("“No,” said Lim Dong.\n\n“Never,” she said.", False),
        ("“No,” said Lim Dong.\n\nIt rained.\n\n“Never,” she added.", False),
    ],
)
def test_who_adds_something_spoke_before(text, expected):
    words = words_of(text)
    she = range_of(words, "she")
    article = SimpleNamespace(
        words=words,
        spoke=(range_of(words, "Lim Dong")[1], "Dong"),
        goes_on={she} if "added" in text else set(),
    )
    assert ArticleResolver._goes_on(article, PairMention(*she, "pronoun")) == ("Dong" if expected else None)


@pytest.mark.parametrize(
    ("label", "name", "kind", "expected"),
    [
        ("PER", "Gazette", {"organization": 0.7, "person": 0.3}, "organization"),
        ("PER", "Rosa Velde", {"organization": 0.7, "person": 0.3}, "person"),
        ("PER", "Rosa", {"organization": 0.7, "person": 0.3}, "person"),  # a given name
        ("OTHER", "Velsenites", {"group": 0.6, "organization": 0.4}, "group"),
        ("ORG", "Velsenites", {"group": 0.6, "organization": 0.4}, "organization"),
    ],
)
def test_kind_of_a_named_source(label, name, kind, expected):
    (group,) = cluster_names([read_name(name, label, 0)])
    found = ArticleResolver._typed(SimpleNamespace(), Cluster(names=group), np.array([kind.get(k, 0.0) for k in KINDS]))
    assert found.kind == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rosa Velde came to see Lim Dong. “No,” she said.", {"Rosa Velde", "Lim Dong"}),
        ("Rosa Velde came.\n\n“No,” she said.", {"Rosa Velde"}),
        ("Rosa Velde came.\n\nIt rained.\n\n“No,” she said.", set()),
        ("“No,” she said. Rosa Velde had come.", set()),
        ("Velde came. “No,” she said.", set()),
        ("Rosa Velde came. “No,” they said.", set()),
    ],
)
def test_who_was_named_in_full_shortly_before(text, expected):
    words = words_of(text)
    names = [n for n in ("Rosa Velde", "Lim Dong", "Velde") if n in text and (n != "Velde" or "Rosa" not in text)]
    article = SimpleNamespace(
        words=words,
        analysis=SimpleNamespace(names=sorted((("PER", *range_of(words, n)) for n in names), key=lambda x: x[1])),
    )
    article.names = [read_name(words.slice(a, b), "PER", a) for _, a, b in article.analysis.names]
    article.cluster_of_name = [Cluster(names=group) for group in cluster_names(article.names)]
    pronoun = "they" if "they" in text else "she"
    found = ArticleResolver._named_in_full(article, PairMention(*range_of(words, pronoun), "pronoun"))
    assert {" ".join(c.names.folded[0]) for c in found} == {n.casefold() for n in expected}


@pytest.mark.parametrize(
    ("text", "latest", "kind", "first", "expected"),
    [
        ("Velde came.\n\n“No,” she said.", "Velde", "name", False, LAST_PARAGRAPH),
        ("Velde came.\n\n“No,” she said.", "Velde", "name", True, LAST_PARAGRAPH + FIRST_NAMED),
        ("She came.\n\n“No,” she said.", "She", "pronoun", False, LAST_PARAGRAPH - BY_PRONOUN),
        ("Velde came. “No,” she said.", "Velde", "name", False, 0.0),
        ("She came. “No,” she said.", "She", "pronoun", False, -BY_PRONOUN),
        ("“No,” she said.", None, "name", True, FIRST_NAMED),
    ],
)
def test_who_is_in_mind(text, latest, kind, first, expected):
    words = words_of(text)
    cluster = Cluster()
    mention = PairMention(*range_of(words, latest), kind) if latest else None
    article = SimpleNamespace(words=words, first_named=cluster if first else None)
    option = Option(cluster, 0.0, 0.0, (0, 0), mention)
    assert ArticleResolver._in_mind(article, PairMention(*range_of(words, "she"), "pronoun"), option) == expected

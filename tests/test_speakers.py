"""From resolved clusters to sources: fullest names, roles from appositions and mentions, aliases, kinds."""

from types import SimpleNamespace

import pytest

from build import range_of, ranges_of, words_of
from quotes.names import cluster_names, read_name
from quotes.sources import Cluster, Resolved
from quotes.speakers import _without_title, build_sources, fullest


def sources_of(text, *clusters, names=()):
    """The sources of `text` whose resolution is given.

    `names`: the person names in it, every place; "ORG:..." for bodies. `clusters`: for each source its kind, a name of
    it or None, and its mentions as source; a number picks the nth of equal words.
    """
    words = words_of(text)
    found = []
    for given in names:
        label, _, name = given.rpartition(":")
        found += [(label or "PER", *place) for place in ranges_of(words, name)]
    # of names within names the longest is the name
    found = [f for f in found if not any(g[1] <= f[1] and f[2] <= g[2] and g != f for g in found)]
    found.sort(key=lambda f: f[1])
    read = [read_name(words.slice(a, b), label, a, words.forms[a - 1] if a else "") for label, a, b in found]
    groups = cluster_names(read)
    results = []
    for kind, name, *mentions in clusters:
        group = next((g for g in groups if any(name in read[i].text for i in g.members)), None) if name else None
        ranges = [range_of(words, *m) if isinstance(m, tuple) else range_of(words, m) for m in mentions]
        results.append(Resolved(Cluster(group, kind, ranges), 1.0, "given"))
    article = SimpleNamespace(words=words, names=read, analysis=SimpleNamespace(names=found), results=results)
    return build_sources(article)[0]


# text, names, mentions as source, role
ROLES = [
    (
        "“No,” said Maria Okonjo, the ferry company’s chief engineer.",
        "Maria Okonjo",
        "the ferry company’s chief engineer",
    ),
    ("“No,” said Maria Okonjo, a diver.", "Maria Okonjo", "a diver"),
    ("Maria Okonjo, who runs the harbour office, said no.", "Maria Okonjo", "who runs the harbour office"),
    ("Maria Okonjo, 46, a diver, said no.", "Maria Okonjo", "a diver"),
    ("Maria Okonjo, director of the harbour, said no.", "Maria Okonjo", "director of the harbour"),
    ("Maria Okonjo, chief of the harbour — and a diver — said no.", "Maria Okonjo", "chief of the harbour"),
    ("Maria Okonjo said no.", "Maria Okonjo", None),
    ("Maria Okonjo, in a letter, said no.", "Maria Okonjo", None),
    ("Maria Okonjo, 46, said no.", "Maria Okonjo", None),
    ("Said Maria Okonjo,\n\nthe next paragraph begins, and ends.", "Maria Okonjo", None),
]


@pytest.mark.parametrize(("text", "name", "role"), ROLES, ids=[row[0] for row in ROLES])
def test_role_from_an_apposition(text, name, role):
    (source,) = sources_of(text, ("person", name, name), names=[name])
    assert (source.kind, source.name, source.description) == ("person", name, role)


@pytest.mark.parametrize(
    ("text", "mention", "role"),
    [
        ("Harbour engineer Maria Okonjo said no.", "Harbour engineer Maria Okonjo", "Harbour engineer"),
        ("Maria Okonjo of the harbour office said no.", "Maria Okonjo of the harbour office", "of the harbour office"),
        ("The diver, Maria Okonjo, said no.", "The diver, Maria Okonjo", "The diver"),
        ("Maria Okonjo, 46, a diver, said no.", "Maria Okonjo, 46, a diver,", "a diver"),
        ("Maria Okonjo’s said no.", "Maria Okonjo", None),
        ("MS. Maria Okonjo said no.", "MS. Maria Okonjo", None),
    ],
)
def test_role_from_the_mention(text, mention, role):
    (source,) = sources_of(text, ("person", "Maria Okonjo", mention), names=["Maria Okonjo"])
    assert source.description == role


def test_role_from_another_place_of_the_article():
    text = "“No,” said Okonjo.\n\nMaria Okonjo, the mayor of Velsen, was re-elected in May."
    (source,) = sources_of(text, ("person", "Okonjo", "Okonjo"), names=["Okonjo", "Maria Okonjo"])
    assert (source.name, source.description, source.aliases) == ("Maria Okonjo", "the mayor of Velsen", ("Okonjo",))


def test_role_is_a_description_where_no_apposition_tells():
    text = "Maria Okonjo left. “No,” said the harbour engineer."
    (source,) = sources_of(text, ("person", "Maria Okonjo", "the harbour engineer"), names=["Maria Okonjo"])
    assert (source.name, source.description, source.aliases) == ("Maria Okonjo", "the harbour engineer", ())


FULLEST = [
    (["Okonjo", "Maria Okonjo", "Maria"], "Maria Okonjo"),
    (["Dr Maria Okonjo", "Okonjo"], "Maria Okonjo"),
    (["MARIA OKONJO", "Maria Okonjo"], "Maria Okonjo"),
    (["OKONJO"], "OKONJO"),
    (["M. Okonjo", "Maria Okonjo"], "Maria Okonjo"),
    (["Maria Okonjo", "Maria J. Okonjo"], "Maria J. Okonjo"),
    (["Joost van der Meulen", "Van der Meulen"], "Joost van der Meulen"),
    (["Zhang Weimin", "Zhang"], "Zhang Weimin"),
    (["Thaddeus Galbraithe", "Thaddeus Galbraith", "Thaddeus Galbraith"], "Thaddeus Galbraith"),
    (["Walter Pryce Jr.", "Pryce"], "Walter Pryce Jr."),
    (["Elizabeth “Betsy” Vance", "Elizabeth Vance"], "Elizabeth Vance"),
    (["Maria “Lola” Reyes", "Reyes"], "Maria “Lola” Reyes"),
]


@pytest.mark.parametrize(("forms", "name"), FULLEST, ids=[row[1] + " of " + str(len(row[0])) for row in FULLEST])
def test_fullest_name(forms, name):
    assert fullest([read_name(form, "PER", i) for i, form in enumerate(forms)]) == name


def test_aliases_are_every_other_form_without_pronouns():
    text = (
        "Dr Amara Ng spoke first. “No,” said Ng. “Never,” she added. Dr Ng sat down.\n\n"
        "“Not yet,” said the surgeon. “Not yet,” said Amara Ng, the hospital’s chief surgeon."
    )
    (source,) = sources_of(text, ("person", "Ng", ("Ng", 2), "she", "the surgeon"), names=["Amara Ng", "Ng"])
    assert source.name == "Amara Ng"
    assert source.description == "the hospital’s chief surgeon"
    assert set(source.aliases) == {"Ng", "Dr Ng", "Dr Amara Ng", "the surgeon"}


def test_unnamed_source_is_called_by_its_first_description():
    text = "“No,” said a senior diplomat from the region. “Never,” the diplomat said. “Go,” he said."
    (source,) = sources_of(text, ("anonymous", None, "a senior diplomat from the region", "the diplomat", "he"))
    assert (source.kind, source.name, source.named) == ("anonymous", None, False)
    assert (source.description, source.aliases) == ("a senior diplomat from the region", ("the diplomat",))
    assert source.label == "a senior diplomat from the region"


def test_person_without_a_name_is_anonymous():
    (source,) = sources_of("“No,” said the driver.", ("person", None, "the driver"))
    assert (source.kind, source.name, source.description) == ("anonymous", None, "the driver")


def test_group_has_no_name_even_if_a_name_stands_in_it():
    (source,) = sources_of("“No,” said the Okonjos.", ("group", "Okonjos", "the Okonjos"), names=["Okonjos"])
    assert (source.kind, source.name, source.description) == ("group", None, "Okonjos")


def test_body_keeps_its_name_without_the_article():
    text = "The Transport Board said no. The board said it again."
    (source,) = sources_of(text, ("organization", "Transport Board", "The Transport Board", "The board"),
                           names=["ORG:Transport Board"])  # fmt: skip
    assert (source.kind, source.name) == ("organization", "Transport Board")
    assert "The board" in (source.description, *source.aliases)


def test_body_without_a_tagged_name_is_named_by_its_capitals():
    (source,) = sources_of("The Harbour Watch said no.", ("organization", None, "The Harbour Watch"))
    assert (source.kind, source.name) == ("organization", "Harbour Watch")


@pytest.mark.parametrize(
    ("mention", "name", "role"),
    [
        ("the celebrity press Velsen Books", "Velsen Books", "celebrity press"),
        ("a prominent civil rights group the Open Ledger League", "Open Ledger League", "a prominent civil rights group"),
        ("the campaign for Velsen", None, "the campaign for Velsen"),
    ],
)
def test_body_is_called_by_the_name_behind_its_role(mention, name, role):
    (source,) = sources_of(f"It was late, said {mention}.", ("organization", None, mention))
    assert (source.name, source.description) == (name, role)


def test_what_a_text_stands_in_is_no_role():
    (source,) = sources_of(
        "An editorial in The Velsen Gazette said no.",
        ("organization", "Gazette", "An editorial in The Velsen Gazette"),
        names=["ORG:Velsen Gazette"],
    )
    assert (source.name, source.description) == ("Velsen Gazette", None)


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("Velsen Mayor Rex Allard’s office said no.", "Velsen Mayor Rex Allard’s office", "Rex Allard’s office"),
        ("Rex Allard’s office said no.", "Rex Allard’s office", "Rex Allard’s office"),
        ("The Rex Allard campaign said no.", "The Rex Allard campaign", "The Rex Allard campaign"),
    ],
)
def test_body_is_called_without_its_owners_title(text, body, expected):
    words = words_of(text)
    names = [("PER", *range_of(words, "Rex Allard"))]
    article = SimpleNamespace(words=words, analysis=SimpleNamespace(names=names))
    assert _without_title(article, Cluster(None, "organization", [range_of(words, body)]), body) == expected


def test_document_without_a_name_has_a_description():
    (source,) = sources_of("The report said no.", ("document", None, "The report"))
    assert (source.kind, source.name, source.description) == ("document", None, "The report")


def test_document_is_called_by_what_introduces_it():
    text = "A leaked memo tells more. “No,” the memo said."
    (source,) = sources_of(text, ("document", None, "A leaked memo", "the memo"))
    assert (source.name, source.description, source.aliases) == (None, "A leaked memo", ("the memo",))


def test_document_with_a_name_in_it_has_a_description():
    (source,) = sources_of("A draft seen by Velsen said no.", ("document", None, "A draft seen by Velsen"))
    assert (source.name, source.description) == (None, "A draft seen by Velsen")


def test_body_without_a_tagged_name_is_named_by_its_apposition():
    text = "Clean Canals, a watchdog, said no."
    (source,) = sources_of(text, ("organization", None, "Clean Canals, a watchdog,"))
    assert (source.kind, source.name, source.description) == ("organization", "Clean Canals", "a watchdog")


def test_source_known_only_by_a_pronoun_is_none():
    assert sources_of("“No,” he said.", ("anonymous", None, "he")) == []


def test_sources_are_in_order_of_their_first_quotation_and_numbered():
    text = "Bo Ek and Ann Lee spoke. “No,” said Ann Lee. “Yes,” said Bo Ek."
    found = sources_of(
        text, ("person", "Ann Lee", ("Ann Lee", 2)), ("person", "Bo Ek", ("Bo Ek", 2)), names=["Ann Lee", "Bo Ek"]
    )
    assert [(s.id, s.name) for s in found] == [("s1", "Ann Lee"), ("s2", "Bo Ek")]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hoa",
        "Khalid al-Durrani",
        "Gráinne Ní Dhuibhir",
        "Siobhán O’Shea",
        "Joost van der Meulen",
        "Kim Do-yun",
        "Rosângela Teixeira dos Anjos",
        "Elizabeth “Betsy” Vance",
        "A. P. J. Varadhan",
        "Suharti",
        "Jean-Luc Moreau",
        "Øystein Å",
    ],
)
def test_name_is_as_the_article_writes_it(name):
    text = f"“No,” said Dr {name}, the mayor."
    (source,) = sources_of(text, ("person", name, name), names=[name])
    assert source.name == name
    assert source.description == "the mayor"
    assert source.aliases == (f"Dr {name}",)


def test_first_name_only_is_no_name():
    text = "“No,” said a man who gave only his first name, Idrissa. “Never,” said Idrissa."
    (source,) = sources_of(
        text, ("person", "Idrissa", "a man who gave only his first name, Idrissa", ("Idrissa", 2)), names=["Idrissa"]
    )
    assert (source.kind, source.name, source.description) == (
        "anonymous",
        None,
        "a man who gave only his first name, Idrissa",
    )
    assert source.aliases == ("Idrissa",)


def test_full_name_is_a_name_whatever_was_asked():
    text = "“No,” said a man who asked only for tea, Idrissa Ba."
    (source,) = sources_of(
        text, ("person", "Idrissa Ba", "a man who asked only for tea, Idrissa Ba"), names=["Idrissa Ba"]
    )
    assert (source.kind, source.name) == ("person", "Idrissa Ba")


def test_name_read_on_in_a_headline_is_not_the_fullest():
    read = [read_name(form, "PER", i) for i, form in enumerate(["Ruth Okello Backs", "Ruth Okello", "Okello"])]
    read[0].capitals = True
    assert fullest(read) == "Ruth Okello"
    assert fullest([read[0], read[2]]) == "Ruth Okello Backs"


def test_bodys_short_name_in_the_text_goes_before_a_headline():
    read = [read_name(form, "ORG", i) for i, form in enumerate(["PRA Just Warned Banks", "PRA"])]
    read[0].capitals = True
    assert fullest(read) == "PRA"


def test_what_a_speaker_calls_somebody_is_not_the_fullest():
    read = [read_name(form, "PER", i) for i, form in enumerate(("Crafty Ruth Okello", "Ruth Okello", "Okello"))]
    assert fullest(read) == "Crafty Ruth Okello"
    read[0].quoted = True
    assert fullest(read) == "Ruth Okello"
    assert fullest([read[0], read[2]]) == "Crafty Ruth Okello"  # only the surname stands outside marks


def test_bare_noun_of_a_headline_is_not_the_fullest_description():
    text = "Talks “dead”, official says\n\n“Dead,” said a senior official from the port. “Gone,” the official said."
    (source,) = sources_of(
        text, ("anonymous", None, "official", "a senior official from the port", "the official")
    )
    assert source.description == "a senior official from the port"
    assert set(source.aliases) == {"official", "the official"}

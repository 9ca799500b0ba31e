"""The changes that `benchmarks/` makes to gold articles: names swapped, double marks turned into single ones."""

import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from accuracy import without_unlabelled
from transform import MARKS, Edits, cultures, single_marks, swap_names

TEXT = (
    "Brandvold faces Tasker\n\n"
    "Marlene Brandvold said on Monday: “Gerald Tasker can’t win.” Brandvold’s husband, Walter Brandvold, agreed.\n\n"
    "“He said ‘never’ to White House aides,” Mr. White told the Brandvold Foundation. “It’s 5' 10\" high.”\n\n"
    "“The players’ bus,” she said, “is late.”"
)

MR_WHITE = "Mr. White"


def quote(words, source, label="speech"):
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": label, "source": source}


def place(words, after=0):
    start = TEXT.index(words, after)
    return [start, start + len(words)]


def gold():
    return {
        "id": "a",
        "text": TEXT,
        "sources": [
            {"id": "s1", "kind": "person", "name": "Marlene Brandvold", "description": None, "aliases": ["Brandvold"]},
            {"id": "s2", "kind": "person", "name": "Gerald Tasker", "description": None, "aliases": []},
            {"id": "s3", "kind": "person", "name": "Jim White", "description": "Brandvold’s aide", "aliases": [MR_WHITE]},
            {"id": "s4", "kind": "organization", "name": "Brandvold Foundation", "description": None, "aliases": []},
        ],
        "quotes": [
            quote("“Gerald Tasker can’t win.”", "s1"),
            quote("“He said ‘never’ to White House aides,”", "s3"),
            quote("“It’s 5' 10\" high.”", "s3"),
            quote("“The players’ bus,”", "s1"),
            quote("“is late.”", "s1"),
        ],
        "attributions": [
            {
                "id": "E1",
                "source": [place("Marlene Brandvold")],
                "cue": [place("said")],
                "content": [place("“Gerald Tasker can’t win.”")],
            }
        ],
    }


def words(article, start, end):
    return article["text"][start:end]


@pytest.fixture(params=range(5))
def swapped(request):
    return swap_names(gold(), random.Random(request.param))


# --- names


def test_no_name_of_a_person_is_left(swapped):
    assert not re.search("Marlene|Brandvold|Gerald|Tasker|Walter|Mr. White", swapped["text"])


def test_relations_of_one_surname_keep_one_surname(swapped):
    new = swapped["sources"][0]["name"].split()[-1]
    assert swapped["text"].startswith(f"{new} faces ")
    assert f"{new}’s husband, " in swapped["text"]
    assert re.search(rf"husband, [\w-]+ {new}, agreed", swapped["text"])


def test_what_only_looks_like_a_name_stays(swapped):
    assert "White House aides" in swapped["text"]


def test_names_aliases_and_descriptions_move_along(swapped):
    person, _, aide, body = swapped["sources"]
    surname = person["name"].split()[-1]
    assert person["aliases"] == [surname]
    assert body["name"] == f"{surname} Foundation" and body["name"] in swapped["text"]
    assert aide["description"] == f"{surname}’s aide"
    assert aide["aliases"][0].startswith("Mr. ") and aide["aliases"][0] in swapped["text"]
    assert person["name"] in swapped["text"]


def test_gender_is_kept(swapped):
    female = {name for culture in cultures() for name in culture.female}
    male = {name for culture in cultures() for name in culture.male}
    assert swapped["sources"][0]["name"].split()[0] in female
    assert swapped["sources"][1]["name"].split()[0] in male


def test_quotations_start_and_end_at_their_marks(swapped):
    assert all(words(swapped, q["start"], q["end"])[0] == "“" for q in swapped["quotes"])
    assert all(words(swapped, q["start"], q["end"])[-1] == "”" for q in swapped["quotes"])


def test_attributions_move_along(swapped):
    attribution = swapped["attributions"][0]
    assert words(swapped, *attribution["source"][0]) == swapped["sources"][0]["name"]
    assert words(swapped, *attribution["cue"][0]) == "said"
    assert words(swapped, *attribution["content"][0]).endswith(" can’t win.”")


def test_the_same_seed_gives_the_same_names():
    assert swap_names(gold(), random.Random(3)) == swap_names(gold(), random.Random(3))


def test_gold_is_not_changed_in_place():
    article = gold()
    swap_names(article, random.Random(0))
    single_marks(article, "curly")
    assert article == gold()


def renamed(text, *names, aliases=(), seed=0):
    """The text with new names for people of these names (the first has the aliases), and their new names."""
    sources = [
        {"id": f"s{i}", "kind": "person", "name": name, "description": None, "aliases": [] if i else list(aliases)}
        for i, name in enumerate(names)
    ]
    out = swap_names({"id": "a", "text": text, "sources": sources, "quotes": []}, random.Random(seed))
    return out["text"], *(source["name"] for source in out["sources"])


@pytest.mark.parametrize("role", ["Secretary of State", "Speaker"])
def test_a_role_before_the_surname_is_no_given_name(role):
    text, name = renamed(f"{role} Tasker left. Gerald Tasker said no.", "Gerald Tasker", aliases=[f"{role} Tasker"])
    assert text == f"{role} {name.split()[1]} left. {name} said no."


def test_forms_of_one_name_stay_forms_of_one_name():
    text, name = renamed(
        "Gérald Tasker left. Gerald Tasker, or Gerry Tasker, fell, Taskar said.",
        "Gérald Tasker",
        aliases=["Gerald Tasker", "Taskar"],
    )
    given, surname = name.split()
    assert text.count(given) == 2 and surname not in (misspelt := text.split()[-2]) and sorted(misspelt) == sorted(surname)


@pytest.mark.parametrize("sentence", ["“No,” Cross wrote.", "Cross, who left, fell.", "For Cross it is over."])
def test_a_surname_that_is_a_word_too_is_exchanged_where_it_begins_a_sentence(sentence):
    text, name = renamed(f"It was a cross look, said Amara Cross. {sentence}", "Amara Cross")
    assert text.startswith("It was a cross look") and "Cross" not in text and text.count(name.split()[1]) == 2


def test_particles_and_marks_around_a_name_stay():
    text, name = renamed("Hamid al-Durrani and Jimmy «Bo» Tasker left.", "Hamid al-Durrani", "Jimmy «Bo» Tasker")[:2]
    assert re.fullmatch(r"\w[\w-]* al-[\w-]+ and \w[\w-]* «\w[\w-]*» [\w-]+ left\.", text) and name in text


@pytest.mark.parametrize("seed", range(5))
def test_whose_only_name_is_a_given_one_gets_a_given_name(seed):
    text, name = renamed("Rosa, 8, said she was cold.", "Rosa", seed=seed)
    assert name in {n for c in cultures() for n in c.female} and text.startswith(f"{name}, 8,")


@pytest.mark.parametrize("seed", range(5))
def test_a_given_name_tells_the_gender_before_pronouns_do(seed):
    _, name = renamed("She met her mother and Gerald Tasker; she said her dog liked her.", "Gerald Tasker", seed=seed)
    assert name.split()[0] in {n for c in cultures() for n in c.male}


def test_a_family_whose_name_comes_first_keeps_one_name():
    text, one, two = renamed("Seo Min-jun and Seo Ji-ho left. Seo said no, as Seo would.", "Seo Min-jun", "Seo Ji-ho")
    assert one.split()[0] == two.split()[0] and text.endswith(f"{one.split()[0]} would.")


def test_lost_marks_are_noticed():
    article = gold()
    article["quotes"][0]["start"] = article["text"].index("Tasker can") + 1  # inside a name
    with pytest.raises(AssertionError, match="lost its marks"):
        swap_names(article, random.Random(0))


def test_an_offset_inside_a_replaced_word_goes_to_its_end():
    edits = Edits("Ann met Bo", [(0, 3, "Marie"), (8, 10, "X")])
    assert edits.text == "Marie met X"
    assert edits.span([0, 3]) == [0, 5]
    assert edits.span([1, 2]) == [0, 5]
    assert edits.span([4, 10]) == [6, 11]


# --- marks


@pytest.mark.parametrize("style", MARKS)
def test_single_marks_keep_length_and_labels(style):
    turned = single_marks(gold(), style)
    assert len(turned["text"]) == len(TEXT)
    assert turned.pop("unlabelled") == []
    assert {**turned, "text": TEXT} == gold()
    assert all(words(turned, q["start"], q["end"])[0] == MARKS[style][0][0] for q in turned["quotes"])
    assert all(words(turned, q["start"], q["end"])[-1] == MARKS[style][0][1] for q in turned["quotes"])


def test_nested_marks_become_double_and_apostrophes_stay():
    text = single_marks(gold(), "curly")["text"]
    assert "‘He said “never” to White House aides,’" in text
    assert "‘Gerald Tasker can’t win.’ Brandvold’s husband" in text
    assert "‘The players’ bus,’ she said, ‘is late.’" in text


def test_inches_stay():
    assert "‘It’s 5' 10\" high.’" in single_marks(gold(), "curly")["text"]


def test_straight_style():
    text = single_marks(gold(), "straight")["text"]
    assert "'He said \"never\" to White House aides,'" in text


def test_straight_double_marks_are_told_apart():
    text = 'He said "yes" and then "no."'
    quotes = [{"start": 8, "end": 13, "label": "speech", "source": None}]
    turned = single_marks({"id": "a", "text": text, "sources": [], "quotes": quotes}, "curly")
    assert turned["text"] == "He said ‘yes’ and then ‘no.’"


def test_single_marks_that_gold_does_not_label_are_told():
    text = "Okonjo calls rivals ‘cowards’\n\nShe said: “No.”"
    quotes = [{"start": text.index("“"), "end": len(text), "label": "speech", "source": None}]
    turned = single_marks({"id": "a", "text": text, "sources": [], "quotes": quotes}, "curly")
    assert [words(turned, *span) for span in turned["unlabelled"]] == ["‘cowards’"]
    record = {"quotes": [{"quoted": turned["unlabelled"]}, {"quoted": [[text.index("“"), len(text)]]}, {"quoted": []}]}
    assert without_unlabelled(record, turned["unlabelled"])["quotes"] == record["quotes"][1:]


def test_a_nickname_stands_in_the_marks_of_the_text():
    text = "Maria “Lola” Reyes said: “No.”"
    quotes = [{"start": text.index("“No"), "end": len(text), "label": "speech", "source": "s1"}]
    sources = [{"id": "s1", "kind": "person", "name": "Maria “Lola” Reyes", "description": None, "aliases": []}]
    turned = single_marks({"id": "a", "text": text, "sources": sources, "quotes": quotes}, "curly")
    assert turned["sources"][0]["name"] == "Maria ‘Lola’ Reyes" in turned["text"]


def test_an_article_in_other_marks_is_left_out():
    quotes = [{"start": 3, "end": 9, "label": "speech", "source": None}]
    assert single_marks({"id": "a", "text": "So «yes.» he", "sources": [], "quotes": quotes}, "curly") is None

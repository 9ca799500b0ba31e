"""Whether a story says why a source has no name."""

import pytest

from quotes.anonymity import stated

# text, words with which the mention begins, what is stated
STORIES = [
    ("The bank knew, said an aide, who spoke on condition of anonymity because talks go on.", "an aide", "reason"),
    ("“They knew,” an aide said. She spoke on condition of anonymity for fear of losing her job.", "an aide", "reason"),
    ("“They knew,” an aide said. The aide asked not to be named because the report is secret.", "an aide", "reason"),
    ("Speaking anonymously to describe private meetings, an aide said the bank knew.", "an aide", "reason"),
    ("The bank knew, according to two people who were not authorized to discuss it.", "two people", "reason"),
    ("The bank knew, said an officer who is not allowed by the ministry to speak to reporters.", "an officer", "reason"),
    ("An aide who declined to be identified, citing the court's order, said no.", "An aide", "reason"),
    ("“No,” said a nurse, who asked that her name not be used.", "a nurse", "asked"),
    ("The bank knew, said an aide, who requested anonymity.", "an aide", "asked"),
    ("“No,” said a driver who gave only his first name, Amos.", "a driver", "asked"),
    ("“No,” said a man who would not give his name.", "a man", "asked"),
    ("The bank knew, an aide said.", "an aide", "nothing"),
    ("The bank knew, an aide said, because it had been told.", "an aide", "nothing"),
    ("The mayor was not named. Nobody asked. An aide said the bank knew.", "An aide", "nothing"),
    # another sentence's source, another paragraph
    ("An aide said no. Dr. Okonjo said yes. A nurse asked not to be named for fear of the bank.", "An aide", "nothing"),
    ("“No,” said an aide.\n\nHe spoke on condition of anonymity because talks go on.", "an aide", "nothing"),
    ("A nurse spoke on condition of anonymity because of it. “No,” said an aide.", "an aide", "nothing"),
    # a title's point ends no sentence
    ("An aide to Dr. Okonjo, who asked not to be named because talks go on, said no.", "An aide", "reason"),
]


@pytest.mark.parametrize(("text", "mention", "expected"), STORIES, ids=[t[:60] for t, _, _ in STORIES])
def test_reason_is_stated_beside_the_source(text, mention, expected):
    assert stated(text, [text.index(mention)]) == expected


def test_any_mention_may_be_the_one_that_tells():
    text = "An aide said no.\n\nThe aide, who asked not to be named because talks go on, said it again."
    assert stated(text, [0, text.index("The aide")]) == "reason"
    assert stated(text, [0]) == stated(text, []) == "nothing"


def test_long_text_without_sentences_takes_no_time():
    assert stated("not " * 200_000, [400_000]) == "nothing"

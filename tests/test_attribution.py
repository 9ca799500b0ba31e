"""Where contents end."""

import pytest

from build import range_of, words_of
from quotes.attribution import _without_day


@pytest.mark.parametrize(
    ("text", "content", "kept"),
    [
        ("Ocampo called it “a disgrace” on Monday.", "it “a disgrace” on Monday", "it “a disgrace”"),
        ("Ocampo called it “a disgrace” late Tuesday night.", "it “a disgrace” late Tuesday night", "it “a disgrace”"),
        ("Ocampo called it “a disgrace” Friday.", "it “a disgrace” Friday", "it “a disgrace”"),
        ("Ocampo said it would be “ready” by Friday.", "it would be “ready” by Friday", "it would be “ready” by Friday"),
        ("Ocampo said “no” and left Friday.", "“no” and left Friday", "“no” and left Friday"),
        ("Ocampo said they meet Friday.", "they meet Friday", "they meet Friday"),
        ("Friday, Ocampo said.", "Friday", "Friday"),
    ],
)
def test_a_day_behind_the_last_marks_is_no_content(text: str, content: str, kept: str) -> None:
    words = words_of(text)
    closings = {i for i, form in enumerate(words.forms) if form == "”"}
    assert _without_day(words, range_of(words, content), closings) == range_of(words, kept)

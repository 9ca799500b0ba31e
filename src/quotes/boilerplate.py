"""Where the article ends and the publisher's own words begin: "follow us", "more from", "sign up for our newsletter"."""

import re

from quotes.normalize import find_paragraphs

# Only paragraphs that begin so, at the end of the text; a phrase in the middle of a story is a story's.
_TAIL = re.compile(
    r"(?:[-–—*•|\[(]\s*)*(?:"
    r"follow (?:us|me|him|her|them|the author|@|[\w.\s’'-]{0,40} on (?:twitter|facebook|x|instagram|threads|bluesky|mastodon))"
    r"|(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|e-?mail|updates|alerts|podcast|today|free)"
    r"|read (?:more|next|also|the (?:full|rest|original))\b"
    r"|(?:more|also) (?:from|on|by|in)\b.{0,60}$"
    r"|related(?: (?:stories|articles|coverage|content|links?))?\s*:?\s*$|related\s*:"
    r"|see also\b|you (?:may|might) also like|recommended (?:stories|for you)|most read\b|trending\b"
    r"|(?:additional )?(?:reporting|writing|editing) by\b|(?:contributed|contributing) (?:reporting|to this)"
    r"|contact the (?:writer|reporter|author)|(?:e-?mail|write to) (?:the )?(?:author|reporter|us|me|him|her)\b"
    r"|(?:copyright|©|\(c\)) ?\d{0,4}|all rights reserved|this (?:article|story) (?:was|has been|originally) "
    r"|(?:have|got) a (?:tip|story|question)\b|support (?:local|our|independent) \w+|newsletter\s*:|comments? ?\(\d|tell us\b"
    r"|(?:download|get) (?:the|our) .{0,30}app\b|share this|click here|like us on|join (?:us|the conversation)|advertisement\b"
    r")",
    re.IGNORECASE,
)
# A tail paragraph is short; a long one that begins so is text.
_LONGEST = 400
# Under such a line stand other articles' headlines: short, and without a sentence's end.
_TEASER = 140


def boilerplate_start(text: str) -> int:
    """Offset at which the boilerplate tail begins; the text's length where it has none."""
    start = len(text)
    for paragraph in reversed(find_paragraphs(text)):
        words = text[paragraph.start : paragraph.end]
        if len(words) <= _LONGEST and _TAIL.match(words):
            start = paragraph.start
        elif len(words) > _TEASER or _ends_sentence(words):
            break
    return start


def _ends_sentence(words: str) -> bool:
    """Whether a line ends as text does; a headline may end in a bare question mark."""
    return not words.endswith("?") and words.rstrip("”’»)]\"' ").endswith((".", "!", "?", "…", ","))

"""Speech within speech, and speech that was not spoken.

"He told me, ‘Go home,’" holds B's words within A's; in A said that B said "x" the words in marks are B's. Both are told by a
verb of saying with its subject right beside the marks. "She did not say “x”" and "he might have said “x”" report what was
denied or merely supposed.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from quotes.lexicon import say_verbs
from quotes.linking import Range
from quotes.words import Words

# So many words may stand between the verb and the marks: "told the whole class, ‘...’".
_GAP = 4
# Without a comma between them, so many: "had told her the cracks were “...”".
_CLAUSE = 12
# So many words of a description before its verb: "my late grandmother's doctor said".
_DESCRIPTION = 6
_HELPERS_WORDS = "had has have also then once just later always often even would did do does not n't never who that first still"
_HELPERS = frozenset(_HELPERS_WORDS.split())
DESCRIPTION_OPENERS = frozenset("a an the my his her their our your its one another some every this that each".split())
_SUBJECTS = frozenset("i he she they we it you who".split())
# No description ends with these.
_NO_NOUNS = frozenset("to or but are is was were be been will would can could may might should not of in at for with".split())
_CLAUSE_ENDS = frozenset(". ; ! ? : “ ” ‘ ’".split())
_BETWEEN = frozenset(", : that to me him her them us you again back , - as follows like".split())


@dataclass(frozen=True, slots=True)
class Reported:
    """The words that report a span in marks within other words: the verb and its subject (None where there is none)."""

    cue: Range
    source: Range | None


@dataclass(frozen=True, slots=True)
class NamePlaces:
    """The last word of the name that begins with a word, and the first of the one that ends with it."""

    last_of: Mapping[int, int]
    first_of: Mapping[int, int]

    @classmethod
    def of(cls, names: Sequence[tuple[str, int, int]]) -> "NamePlaces":
        """From (label, first word, last word) of each name."""
        return cls({a: b for _, a, b in names}, {b: a for _, a, b in names})


def find_report(words: Words, span: Range, bounds: Range, names: NamePlaces) -> Reported | None:
    """The verb of saying, with its subject, right before or behind a span in marks.

    Args:
        words: The article's words.
        span: First and last word of the span, marks included.
        bounds: Only words from the first to the last of these count.
        names: Where names begin and end.
    """
    return report_behind(words, span, bounds, names) or _before(words, span[0], bounds, names.first_of)


def report_behind(words: Words, span: Range, bounds: Range, names: NamePlaces) -> Reported | None:
    """The verb of saying and its subject right behind a span in marks; arguments as of `find_report`."""
    starts, last = names.last_of, span[1]
    # ‘...,’ she said · ‘...,’ said the man
    i = last + 1
    if i < bounds[1] and words.forms[i] == ",":
        i += 1
    if i <= bounds[1]:
        if is_verb(words, i):
            subject = _subject_after(words, i + 1, bounds[1], starts)
            if subject:
                return Reported((i, i), subject)
        subject = _subject_after(words, i, bounds[1], starts)
        if subject and subject[1] + 1 <= bounds[1]:
            j = subject[1] + 1
            if words.forms[j] == ",":  # an apposition between name and verb
                j = next((k + 1 for k in range(j + 1, min(bounds[1], j + 2 + _DESCRIPTION)) if words.forms[k] == ","), j)
            while j < bounds[1] and words.forms[j].lower() in _HELPERS:
                j += 1
            if is_verb(words, j) and words.forms[last - 1] != ".":
                return Reported((j, j), subject)
    return None


def _before(words: Words, first: int, bounds: Range, ends: Mapping[int, int]) -> Reported | None:
    """A verb before the marks: he told me, ‘...’; or farther off in one clause: had told her the cracks were “...”."""
    for v in range(first - 1, max(bounds[0] - 1, first - 2 - _GAP), -1):
        form = words.forms[v]
        if form in (".", "!", "?", ";", "“", "”") or words.paragraphs[v] != words.paragraphs[first]:
            break
        if is_verb(words, v):
            subject = subject_before(words, v - 1, bounds[0], ends)
            if subject and form.lower().endswith("ing") and not (subject[1] in ends or subject[0] == subject[1]):
                # a participle's subject is sure only where it is a name, or quoted "as saying"
                subject = subject if words.forms[v - 1] == "as" else None
            if subject or form.lower().endswith("ing"):
                return Reported((v, v), subject)
            break
        if form.lower() not in _BETWEEN and not (v in ends or form[:1].isupper() or _in_object(words, v, first)):
            break
    for v in range(first - 1, max(bounds[0] - 1, first - 2 - _CLAUSE), -1):
        if not words.forms[v][0].isalnum() and words.forms[v] not in ("'s", "-"):
            break
        if is_verb(words, v) and not words.forms[v].lower().endswith("ing"):
            if tells_nothing(words, v):
                return None
            subject = subject_before(words, v - 1, bounds[0], ends)
            return Reported((v, v), subject) if subject else None
    return None


def is_verb(words: Words, i: int) -> bool:
    """Whether a word is a verb of saying; behind an article or an owner it is a noun."""
    if i >= len(words) or words.forms[i].lower() not in say_verbs():
        return False
    if words.forms[i].lower() == "saying" and i > 1 and words.forms[i - 2].lower() in DESCRIPTION_OPENERS:
        return False  # "this fine saying"
    if words.forms[i].endswith("s") and words.forms[i + 1 : i + 2] == ["as"]:
        return False  # "rated rival claims as “false”"
    # "the promises", "his claims" are nouns
    return i == 0 or words.forms[i - 1].lower() not in DESCRIPTION_OPENERS - {"that", "this", "one", "another"}


def tells_nothing(words: Words, verb: int) -> bool:
    """Whether a verb of saying tells no words: "had asked for it and “got a lecture”", "Velsen would respond “in time”"."""
    return words.forms[verb + 1] == "for" or words.forms[verb - 1] in _MODALS


_MODALS = frozenset("would will could might may must should".split())


BE = frozenset("be been being is are was were gets got".split())
# What stands behind "told" where nobody is told: it is the passive.
_TOLD_OF = frozenset("of that how . : ;".split())


def is_told(words: Words, mention: Range) -> bool:
    """Whether who is mentioned only hears it: "Driver ‘was asleep’, | jury | told", "| Inquest | told of cracks"."""
    i = mention[1] + 1
    forms, paragraphs = words.forms, words.paragraphs
    passive = i < len(words) and forms[i].lower() in BE
    i += passive
    if i >= len(words) or forms[i].lower() != "told" or paragraphs[i] != paragraphs[mention[0]]:
        return False
    ends = i + 1 == len(words) or bool(paragraphs[i + 1] != paragraphs[i])
    return passive or ends or forms[i + 1].lower() in _TOLD_OF


def _in_object(words: Words, i: int, end: int) -> bool:
    """Whether a word can belong to whom it was said: "told the class, “..."."""
    comma = words.forms[end - 1] in (",", ":")
    return comma and words.forms[i][0].isalpha()


def subject_before(words: Words, i: int, least: int, ends: Mapping[int, int]) -> Range | None:
    """The subject that ends right before a verb, of which helpers may be a part: "the founder, Rex Allardyce, | had warned"."""
    while i > least and words.forms[i].lower() in _HELPERS and i not in ends and words.forms[i].lower() not in ("who", "that"):
        i -= 1
    if i > least + 1 and words.forms[i] == "to" and words.forms[i - 1] == "used":
        i -= 2  # "My father | used to say"
    if i > least and words.forms[i] == "as":
        i -= 1  # "quoted the president | as saying"
    if i > least and words.forms[i].lower() in ("who", "that", "which"):  # "a message | that said"
        i -= 1 + (words.forms[i - 1] == ",")
    if i < least or words.forms[i].lower() == "those":
        return None
    form = words.forms[i].lower()
    if form in _SUBJECTS and form != "who":
        return i, i
    if form == ",":
        # "the founder, Rex Allardyce, had warned"; "Okonjo, the founder, said"
        for j in range(i - 1, max(least - 1, i - 2 - _DESCRIPTION), -1):
            if j in ends and (j == i - 1 or words.forms[j + 1] == ","):
                return (ends[j], j) if ends[j] >= least else None
        return None
    if i in ends:
        return (ends[i], i) if ends[i] >= least else None
    if form == "and":
        return _clause_opener(words, i, least)
    if not form[0].isalpha() or form in _NO_NOUNS:
        return None
    for first in range(i - 1, max(least - 1, i - 1 - _DESCRIPTION), -1):
        low = words.forms[first].lower()
        if low in DESCRIPTION_OPENERS:
            return (first, i) if low != "that" else None
        if not low[0].isalnum() and low not in ("'s", "-"):
            return None
    return None


def _clause_opener(words: Words, i: int, least: int) -> Range | None:
    """The pronoun that begins a clause of several verbs: "| She | looked up and said"."""
    while i > least and words.forms[i - 1] not in _CLAUSE_ENDS:
        i -= 1
    form = words.forms[i].lower()
    return (i, i) if form in _SUBJECTS and form != "who" else None


def _subject_after(words: Words, i: int, most: int, starts: Mapping[int, int]) -> Range | None:
    if i > most:
        return None
    form = words.forms[i].lower()
    if form in _SUBJECTS:
        return i, i
    if i in starts:
        return i, min(starts[i], most)
    if form not in DESCRIPTION_OPENERS:
        return None
    last = i
    while last < min(most, i + _DESCRIPTION):
        after = words.forms[last + 1].lower()
        if not after[0].isalnum() or after in say_verbs() or after in _HELPERS or after in _STOPS:
            break
        last += 1
    return (i, last) if last > i else None


_STOPS = frozenset("in at on for from with to when as after before and but".split())


# --- denied and supposed

_NOT = frozenset("not n't n’t never neither nor nobody".split())
_NO_ONE = re.compile(r"(?:nobody|none|no [^\W\d]+|neither)\b")  # "No 10" is somebody
_SUPPOSED = frozenset("might may could should".split())
_REFUSED = re.compile(
    r"\b(?:refus\w+|declin\w+|fail\w+|avoid\w+|stopp?\w* short of|without|instead of|rather than|far from|forbade|forbidden|"
    r"den(?:y|ies|ied|ying)|reluctant|hesitat\w+|expected to|supposed to|wish\w*|imagin\w+|pretend\w*)\b"
)
_SAYING = re.compile(r"\b(?:say\w*|said|call\w*|us\w+|tell\w*|told|utter\w*|mak\w+|made|wr(?:ite|iting|itten|ote))\b")
_ONLY = frozenset("only just merely".split())
_IF = frozenset("if whether unless".split())
# What is negated there is not the saying: "did not hesitate to say", "who was not allowed to speak publicly said".
_NOT_OF_SAYING = re.compile(
    r"\b(?:den|disput|hesitat|rul|stop)"
    r"|^(?:\w+ )?(?:allowed|authori[sz]ed|permitted|named|identified|be named|be identified|yet)\b"
)
_BREAKS = frozenset(", . ; : - ” “ but and then".split())
# So many words before a cue without its source beside it.
_BEFORE_CUE = 5


def is_denied(words: Words, cue: Range | None, source: Range | None, taken: Container[int] = ()) -> bool:
    """Whether the cue reports what was not said, or only might have been.

    Args:
        words: The article's words.
        cue: First and last word of the cue.
        source: Of the mention that says it; the words between both are the cue's own.
        taken: Words of quotations: they deny nothing.
    """
    if cue is None:
        return False
    first = max(0, cue[0] - _BEFORE_CUE)
    if source is not None and source[1] < cue[0]:
        first = max(first, source[1] + 1)
    for i in range(cue[0] - 1, first - 1, -1):
        if words.paragraphs[i] != words.paragraphs[cue[0]] or i in taken or words.forms[i].lower() in _BREAKS:
            first = i + 1
            break
    forms = [words.forms[i].lower() for i in range(first, cue[1] + 1)]
    text = " ".join(forms)
    if source is not None and source[1] < cue[0]:
        mention = words.slice(*source).lower()
        if _NO_ONE.match(mention):
            return True
        before = words.forms[source[0] - 1].lower() if source[0] else ""
        if before in _IF:
            return True
    for i, form in enumerate(forms):
        after = forms[i + 1 : i + 3]
        rest = " ".join(forms[i + 1 :])
        if form in _NOT and not _ONLY.intersection(after) and not _NOT_OF_SAYING.search(rest):
            return True
        supposed = form in _SUPPOSED and i < len(forms) - 1 and words.forms[first + i] != "May"
        if supposed and not _NOT_OF_SAYING.search(rest.removeprefix("not ")):
            return True
        if form == "would" and after[:1] == ["have"]:
            return True
    refused = None if _NOT.intersection(forms) else _REFUSED.search(text)
    # "denied" by itself reports a denial; "denied saying" one of speech
    return refused is not None and _SAYING.search(text, refused.end()) is not None

"""What a name is to the mention that it stands in: its own, its author's, or somebody's whom it only names beside.

"Another critic, Lim Dong", "a letter from Lim Dong", "Lim Dong's doctor". Mentions and names are word ranges with both ends.
"""

from collections.abc import Container, Sequence

from quotes.bodies import head_at, is_body, is_text
from quotes.lexicon import person_nouns, titles
from quotes.linking import Range
from quotes.words import Words

# What stands behind a name that is the mention's own, and before one that is not.
_AFTER_NAME = frozenset(", ( of from who whose - – — ” ’ ) in at".split())
BEFORE_OTHER = frozenset("of for from with to by at in on about against under near 's ’s between than like".split())
POSSESSIVE = ("'s", "’s", "'", "’")
# What somebody wrote or said: their own words, where it quotes.
_WORKS_WORDS = """
statement tweet tweets letter post posts message messages email emails speech testimony remarks comments comment words op-ed
column essay memoir memoirs autobiography diary blog affidavit note answer reply response account page feed question ad video
brief book memo lawsuit complaint petition manifesto
"""
_WORKS = frozenset(_WORKS_WORDS.split())
_QUALIFYING = frozenset("of for from with to by against under near".split())
# Words behind a name that go on with the sentence, not with a phrase that the name begins.
_FREE_WORDS = """
of from who whose whom which that in at on during before after as when while with for to and or but by about against into over
under among if is was
"""
# What a newspaper or an institute brought out: "a report in the Gleaner".
_REPORTS = frozenset("report reports story stories analysis editorial editorials".split())
_AFTER_AUTHOR = frozenset(", that which who obtained published released reviewed seen sent".split())
# What bears its author's name before it: "a Treasury report", "the Gleaner article".
_COMPOUNDS = _REPORTS | frozenset("statement article editorial memo email letter website".split())
_FREE = frozenset(_FREE_WORDS.split())
_RELATIVES = frozenset("who whom whose which that".split())
_CLAUSAL = _RELATIVES | BEFORE_OTHER | frozenset("and or but as when while is was were are has had".split())
_NAMING = frozenset("name named called nicknamed as is was , “".split())
_NO_ROLE = frozenset("and or the a an both".split())


def is_own(words: Words, mention: Range, first: int, last: int) -> bool:
    """Whether a name is the mention's own: "another critic, | Lim Dong", "his wife and campaigner | Ann Bell"."""
    forms = words.forms
    if last < mention[1] and forms[last + 1].lower() not in _AFTER_NAME:
        return False
    if first == mention[0]:
        return True
    if forms[first - 1] == ",":
        return True
    before = forms[mention[0] : first]
    if "," in before and last + 1 >= mention[1]:
        role = before[len(before) - before[::-1].index(",") :]
        if all(f.islower() or f.lower().strip(".") in titles() or f[:1].isupper() for f in role) and not _CLAUSAL & set(role):
            return True  # "One of those who left, former Rep. | Lim Dong"
    if _is_in_clause(before):
        return False
    return not any(f.lower() in BEFORE_OTHER for f in before) and before[-1].lower() not in _NO_ROLE


def is_apposed(words: Words, mention: Range, first: int, last: int) -> bool:
    """Whether a mention is a name and, behind a comma, what tells more about it: "Norway, the group's largest donor"."""
    begin = mention[0] + (words.forms[mention[0]].lower() == "the")
    return first == begin and last + 1 < mention[1] and words.forms[last + 1] == ","


def _is_in_clause(before: Sequence[str]) -> bool:
    """Whether a name stands in a clause on somebody: "an engineer who left | Dong", not "a man who is called | Dong"."""
    return not _RELATIVES.isdisjoint(before) and before[-1].lower() not in _NAMING


def is_author(words: Words, mention: Range, first: int, last: int, is_body_name: bool) -> bool:
    """Whether the mention is the words of somebody named in it: "Lim Dong's letter", "a letter from Lim Dong".

    A body's name may stand bare before its work, "a Treasury report"; a person's, "the Dong ad", tells whom it is about.
    """
    forms = words.forms
    head = head_at(words, *mention)
    if last < head:
        work = forms[head].lower()
        if last + 1 == head:
            return is_body_name and work in _COMPOUNDS
        return forms[last + 1] in POSSESSIVE and work in _WORKS
    before = first - 1
    while before > mention[0] and is_role_word(forms[before]):
        before -= 1  # "a projection by | the consulting firm | Velsen Economics"
    if before <= mention[0] or (last < mention[1] and forms[last + 1] not in _AFTER_AUTHOR):
        return False
    work, by = forms[before - 1].lower(), forms[before].lower()
    if by == "by":
        return work in _WORKS | _REPORTS or is_text(work)
    return (by == "from" and work in _WORKS | _REPORTS) or (by == "in" and work in _REPORTS)


def is_role_word(form: str) -> bool:
    """Whether a word may stand between "by" and an author's name: of a role or a title."""
    return form.lower().strip(".") in titles() or (form.islower() and form.isalpha() and form not in BEFORE_OTHER)


def tells_more(words: Words, mention: Range, first: int, last: int) -> bool:
    """Whether a name owns or qualifies what the mention means: "Dong's doctor", "the Dong inquiry chief", "allies of Dong"."""
    forms = words.forms
    before = first
    while before > mention[0] and forms[before - 1].lower().strip(".") in titles():
        before -= 1  # "the trial of Gov. | Lim Dong"
    if before > mention[0] and forms[before - 1].lower() in _QUALIFYING:
        return True
    if last + 1 == mention[1] and (is_body(forms[last + 1]) or forms[last + 1] in person_nouns()):
        return True  # "the Dong campaign", "the Coombe woman"
    if _is_in_clause(forms[mention[0] : first]):
        return True
    after = forms[last + 1].lower() if last + 1 < mention[1] else ","
    return after in POSSESSIVE or (last + 1 < mention[1] and after.isalpha() and after not in _FREE)


def is_text_mention(words: Words, mention: Range) -> bool:
    """Whether a mention is a text, whatever names it has: "the log of the Mirabel", "the Fund's staff report"."""
    head = head_at(words, *mention)
    form = words.forms[head]
    return is_text(form) and (head == mention[0] or form.islower())


_KIN_WORDS = """
husband wife father mother son daughter brother sister grandfather grandmother grandson granddaughter uncle aunt nephew niece
cousin widow widower twin partner fiancé fiancée
"""
_KIN = frozenset(_KIN_WORDS.split())


def is_relative(words: Words, first: int) -> bool:
    """Whether a name stands behind what somebody is to another: "her husband, Dele Okello", "his younger brother Dele"."""
    noun = first - 1 - (first > 1 and words.forms[first - 1] == ",")
    if noun < 1 or words.forms[noun].lower() not in _KIN:
        return False
    return any(f.lower() in ("his", "her", "their") or f in POSSESSIVE for f in words.forms[max(0, noun - 3) : noun])


# "the first official", "a second one": which of several people that are told apart by number.
_NUMBERS = {"first": 1, "second": 2, "another": 2, "other": 2, "third": 3, "fourth": 4}


def number_told(words: Words, mention: Range) -> int:
    """The number that one of several people is told apart by, 0 where there is none."""
    first, last = mention
    return next((_NUMBERS[f] for w in words.forms[first : min(first + 2, last)] if (f := w.lower()) in _NUMBERS), 0)


# So far behind a name "she" tells of whom it means: "Okello, who works there, said she ...".
_NEAR = 25
_ENDS = frozenset(". ! ? ; “ ” ‘ ’".split())


def pronoun_behind(words: Words, name: int, people: Container[int]) -> str:
    """Gender of "he" or "she" behind a name, in its sentence or opening the next: "m", "f", or "-" where there is none.

    Args:
        words: The article's words.
        name: The name's first word.
        people: First words of persons' names: behind another one the pronoun may be theirs.
    """
    for i in range(name + 1, min(len(words), name + _NEAR)):
        form = words.forms[i]
        if words.depth[i] or words.paragraphs[i] != words.paragraphs[name] or i in people:
            break
        if form.lower() in ("he", "she"):
            return "m" if form.lower() == "he" else "f"
        if form in _ENDS and not (form == "." and words.forms[i + 1 : i + 2] in (["He"], ["She"])):
            break
    return "-"

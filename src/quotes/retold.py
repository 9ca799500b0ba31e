"""Whose words a clause retells, where another speaks or nobody: "Okonjo's claim that “x”", "what critics call “x”".

A says that B called it “x”, A defends B's remark that “x”, “x” as B puts it: the words in marks are B's. The verb or the noun
that tells so stands between A's verb of saying and the marks.
"""

import numpy as np

from quotes.bodies import is_text
from quotes.lexicon import say_verbs, titles
from quotes.linking import Range
from quotes.reported import BE, DESCRIPTION_OPENERS, NamePlaces, Reported, is_verb, subject_before, tells_nothing
from quotes.words import Words

# With "as": "cast him as “x”", "described by their union as “x”".
_AS_WORDS = """
cast casts casting characterised characterises characterising characterized characterizes characterizing condemned condemns
decried decries denounced denounces deride derided derides describe described describes describing dismissed dismisses
identified labeled labelled labels mocked mocks portray portrayed portrays refer referred refers referring
known criticized criticised blasted
"""
_AS = frozenset(_AS_WORDS.split())
# Without: "called the ruling “x”".
_CALL_WORDS = """
compared compares likened likens call called calls brand branded brands dub dubbed dubs deem deemed deems label labeled labelled
labels termed terms
"""
_CALL = frozenset(_CALL_WORDS.split())
# What somebody says, as a noun: "her claim that “x”", "a statement by Okonjo that “x”".
_SAYING_WORDS = """
accusation admission allegation argument assertion assessment assurance bluster boast call charge claim comment complaint
contention declaration demand denial depiction description characterization characterisation insistence insult jab line message
pledge
plea post prediction promise proposal question quip reference remark request self-description sentiment slogan statement
suggestion testimony threat tweet vow warning warnings words answer
"""
_SAYING = frozenset(_SAYING_WORDS.split())
# Verbs of reporting beside those of saying.
_VERBS_WORDS = "pledged vowed stressed noted suggested predicted testified read reads accused accuses"
_VERBS = frozenset(_VERBS_WORDS.split())
_SAYINGS = _SAYING | {noun + "s" for noun in _SAYING}
# Verbs behind "for" that tell what somebody is blamed or praised for: "scolded Okonjo for suggesting that “x”".
_FOR_WORDS = "suggesting calling describing declaring labeling labelling dubbing referring"
_FOR = frozenset(_FOR_WORDS.split())
_POSSESSIVE = ("'s", "’s", "'", "’")
_OWN = frozenset("his her their its my our".split())
_PAUSES = frozenset(". ! ? ; : ( ) - – — “ ” ‘ ’ ,".split())
_CRIES = frozenset("boos calls chants cheers choruses cries jeers screams shouts singing yells".split())
_FROM_STOPS = frozenset("as when while after before and but who which that is was were until".split())
_BY_STOPS_WORDS = "as on in at for from with to when after before and but who which that is are was were has have had"
_BY_STOPS = frozenset(_BY_STOPS_WORDS.split())
_RECALLING = frozenset("recalled recalls remembered remembers recounted recounts quoted quotes heard overheard".split())
# So many words may open a clause before its subject.
_OPENING = 8
# So many words may name who puts it so.
_PUT = 8
# So many words behind the marks may name who recalls.
_RECALL = 14
_DESCRIPTIONS = frozenset("description depiction characterization characterisation".split())
# So many words may stand between a noun and the marks that begin with these: "a pledge | to be", "description of himself as a".
_SHORT = {"of": 5, "about": 6, "to": 2}
# So many words between the noun or the verb and the marks, between an owner and the noun, and of a name with its role.
_CLAUSE, BETWEEN, _AGENT = 14, 3, 7


def find_teller(words: Words, span: Range, floor: int, names: NamePlaces) -> Reported | None:
    """Who said the words in marks, by what stands right before (and, with "by", behind) them.

    Args:
        words: The article's words.
        span: First and last word of the span, marks included.
        floor: The first word that counts: behind the cue of whoever speaks around it.
        names: Where names begin and end.
    """
    first = span[0]
    found = _recalled_behind(words, span, names) or _put_behind(words, span)
    if found is not None or first == 0:
        return found
    found = _named_by(words, span, names)
    found = found or _owner_of_noun_behind(words, span, floor, names)
    if found is not None:
        return found
    for i in range(first - 1, max(floor, first - _CLAUSE) - 1, -1):
        form = words.forms[i].lower()
        if i == first - 1 and form in (",", ":") and words.forms[i - 1].lower() in ("read", "reads"):
            continue
        if (form in _PAUSES and form not in _POSSESSIVE) or words.depth[i]:
            return None
        if (form in _AS and _has_as(words, i, first)) or (form in _CALL and words.forms[i + 1].lower() != "for"):
            return _agent(words, i, span, floor, names)
        if form in _CRIES and words.forms[i + 1] == "of":
            return _callers(words, i, span)
        if form in _FOR and i - 2 >= floor and words.forms[i - 1] == "for" and i - 2 in names.first_of:
            return Reported((i, i), (names.first_of[i - 2], i - 2))
        if form in _SAYINGS and (found := _by_noun(words, i, first, floor, names)) is not None:
            return found
        if form.startswith("remind") and words.forms[first - 1] == "of":
            return None
        owned = words.forms[i - 1] in _POSSESSIVE and form.endswith("s")  # "Okonjo's | emails"
        if (is_verb(words, i) or form in _VERBS) and not owned:
            return _by_verb(words, i, floor, names)
    return None


def _recalled_behind(words: Words, span: Range, names: NamePlaces) -> Reported | None:
    """Whom somebody recalls behind the marks as saying it: “...,” a deckhand recalled | him | saying."""
    forms, paragraph = words.forms, words.paragraphs
    for i in range(span[1] + 1, min(len(words) - 2, span[1] + _RECALL)):
        if paragraph[i + 2] != paragraph[span[1]] or words.depth[i] or forms[i] in (".", ";", ":"):
            return None
        if forms[i].lower() in _RECALLING:
            who = names.last_of.get(i + 1)
            if who is None and forms[i + 1].lower() in ("the", "his", "her"):
                near = range(i + 2, min(i + 5, len(words) - 1))
                who = next((k for k in near if forms[k + 1].lower() in ("saying", "telling", "as")), None)
            if who is None and forms[i + 1].lower() in ("him", "her", "them"):
                who = i + 1
            if who is None or who + 1 == len(words):
                return None
            cue = who + 1 + (forms[who + 1] == "as")
            told = cue < len(words) and forms[cue].lower() in ("saying", "telling", "shouting")
            return Reported((cue, cue), (i + 1, who)) if told else None
    return None


def _put_behind(words: Words, span: Range) -> Reported | None:
    """Who puts it so behind the marks: “...,” as | a Velsen Treasury memo | put it."""
    forms, start = words.forms, span[1] + 1
    start += forms[start : start + 1] == [","]
    if forms[start : start + 1] != ["as"]:
        return None
    for i in range(start + 2, min(len(words) - 1, start + 2 + _PUT)):
        phrase = forms[i][0].isalnum() or forms[i] in (*_POSSESSIVE, "-")
        if words.paragraphs[i + 1] != words.paragraphs[span[1]] or not phrase:
            return None
        if forms[i].lower() in ("put", "puts", "phrased", "phrases", "described", "describes") and forms[i + 1] == "it":
            return Reported((i, i + 1), (start + 1, i - 1))
    return None


def _owner_of_noun_behind(words: Words, span: Range, floor: int, names: NamePlaces) -> Reported | None:
    """Whose saying it is where the noun for it stands behind the marks: Okonjo's | “47 percent” remark."""
    noun = span[1] + 1
    if noun == len(words) or words.forms[noun].lower() not in _SAYINGS or words.forms[span[0] - 1] not in _POSSESSIVE:
        return None
    owner = _owner(words, span[0], floor, names)
    return Reported((noun, noun), owner) if owner is not None else None


def _by_noun(words: Words, noun: int, first: int, floor: int, names: NamePlaces) -> Reported | None:
    """Who said what a noun tells of: "her | claim | that “x”", "a | statement | by Okonjo that “x”"."""
    owner = _owner(words, noun, floor, names)
    if owner is not None and _is_about(words, noun, noun + 1, first) and _is_object(words, owner[0], noun + 1, first):
        return Reported((noun, noun), owner)
    author = _author(words, noun, first, names)
    if author is None or author[1] + 1 == first or not _is_about(words, noun, author[1] + 1, first):
        return None
    return Reported((noun, noun), author)


def _by_verb(words: Words, verb: int, floor: int, names: NamePlaces) -> Reported | None:
    """The subject of a verb of saying; that of a participle is sure only where it is a name: "Lim Dong | saying"."""
    cue = verb, verb
    if words.forms[verb - 1].lower() == "to" or tells_nothing(words, verb):
        return None  # "met them to say"
    if words.forms[verb] == "accused" and not BE.isdisjoint(words.forms[verb - 2 : verb]):
        return None
    if words.forms[verb].lower().endswith("ing"):
        at = verb - 1 - (words.forms[verb - 1] == "as")  # "quoted Lim Dong as saying"
        return Reported(cue, (names.first_of[at], at)) if names.first_of.get(at, -1) >= floor else None
    subject = _clause_subject(words, verb, floor, names) or subject_before(words, verb - 1, floor, names.first_of)
    return Reported(cue, subject) if subject and words.forms[subject[0]].lower() != "that" else None


def _callers(words: Words, cry: int, span: Range) -> Reported | None:
    """Who calls out, as "from" tells behind the marks: cries of “Shame!” | from objectors."""
    at = span[1] + 1
    at += words.forms[at : at + 1] in (["!"], [","])
    if words.forms[at : at + 1] != ["from"] or words.paragraphs[at] != words.paragraphs[cry]:
        return None
    last = at
    while last + 1 < len(words) and words.forms[last + 1][0].isalnum() and words.forms[last + 1].lower() not in _FROM_STOPS:
        last += 1
    return Reported((cry, cry), (at + 1, last)) if last > at else None


def _clause_subject(words: Words, verb: int, floor: int, names: NamePlaces) -> Range | None:
    """The subject of a verb behind "and", which begins its clause: "that | Okonjo | has scorned the bank and called it “x”"."""
    start = floor + (words.forms[floor].lower() == "that")
    if words.forms[verb - 1].lower() not in ("and", "but") or start >= verb:
        return None
    # "On Monday, | Okonjo | met the harbour's pilots and pledged to “x”"
    behind = (i + 1 for i in range(start, min(verb, start + _OPENING)) if words.forms[i] == ",")
    first = next((i for i in (start, *behind) if i in names.last_of), None)
    return (first, names.last_of[first]) if first is not None else None


def _named_by(words: Words, span: Range, names: NamePlaces) -> Reported | None:
    """Who is told behind the marks to call it so: "often labelled a “x” | by Democrats"."""
    verb, by = span[0] - 1, span[1] + 1
    while verb and words.forms[verb].lower() in ("a", "an", "the", "as"):
        verb -= 1
    form = words.forms[verb].lower()
    if by + 1 >= len(words) or words.forms[by].lower() != "by" or not form.endswith("ed") or not (form in _AS or form in _CALL):
        return None
    agent = _by(words, by + 1, names)
    return Reported((verb, verb), agent) if agent is not None else None


def _is_about(words: Words, noun: int, start: int, first: int) -> bool:
    """Whether what stands between a noun and the marks tells what was said: "claim that she | “x”", "pledge to be | “x”".

    With "as" it is what another says of it: "dismissed her claim that it leaks as “x”".
    """
    if _has_as(words, noun, first) and words.forms[noun].lower() not in _DESCRIPTIONS:
        return False
    opening = words.forms[start].lower() if start < first else "that"
    return opening == "that" or first - start <= _SHORT.get(opening, 0)


def _is_object(words: Words, owner: int, start: int, first: int) -> bool:
    """Whether a noun with its owner is told, not judged: not "said that | Okonjo's claim | is “x”", "called her claim “x”"."""
    while owner and words.forms[owner - 1].lower().strip(".") in titles():
        owner -= 1
    before = words.forms[owner - 1].lower() if owner else ""
    judged = before in _CALL or before in _AS or before in ("calling", "dubbing", "labeling", "labelling", "branding")
    return not (before == "that" or before in say_verbs() or (judged and words.forms[start] not in ("of", "that", "to")))


def _has_as(words: Words, verb: int, first: int) -> bool:
    """Whether the marks stand right behind "as", but for an article, and the verb before it: "cast him as a “x”"."""
    at = first - 1
    while at > verb and words.forms[at].lower() in ("a", "an", "the", "being", "his", "her", "their", "its"):
        at -= 1
    return at > verb and words.forms[at].lower() == "as"


def _agent(words: Words, verb: int, span: Range, floor: int, names: NamePlaces) -> Reported | None:
    """Who calls it so: the verb's subject, or whom "by" tells behind it or behind the marks."""
    cue = verb, verb
    by = verb + 1
    if words.forms[by].lower() != "by":
        by = span[1] + 1
    if by + 1 < len(words) and words.forms[by].lower() == "by":
        agent = _by(words, by + 1, names)
        if agent is not None:
            return Reported(cue, agent)
    if by <= span[1] or words.forms[verb].lower() == "known" or words.forms[verb - 1].lower() == "to":
        return None
    before = [words.forms[i].lower() for i in range(max(floor, verb - 3), verb)]
    if BE.intersection(before) and words.forms[verb].lower().endswith("ed"):
        return None  # "what is today typically called", "will be dubbed": by nobody who is told
    subject = _what(words, verb, floor)
    if subject is None and words.forms[verb].lower() != "call":
        subject = _clause_subject(words, verb, floor, names) or subject_before(words, verb - 1, floor, names.first_of)
    # "a man called Lim Dong" is only named; what a text calls so is told by whoever reads it out
    bare = all(words.forms[i].lower() in ("a", "an", "the") for i in range(verb + 1, span[0]))
    named = subject is not None and (subject[0] == subject[1] or subject[1] in names.first_of)
    if bare and not named:
        subject = _what(words, verb, floor)  # "the loophole called a “x”" calls nothing so
    if subject is None or words.forms[subject[0]].lower() in ("a", "an", "that") or is_text(words.forms[subject[1]]):
        return None
    return Reported(cue, subject)


def _what(words: Words, verb: int, floor: int) -> Range | None:
    """The subject of "what ... call": "what | the town's critics | have called “x”"."""
    for i in range(verb - 1, max(floor, verb - _AGENT) - 1, -1):
        if words.forms[i].lower() == "what":
            last = verb - 1
            while last > i and words.forms[last].lower() in ("have", "has", "had", "often", "would", "now", "also"):
                last -= 1
            return (i + 1, last) if last > i else None
        if not (words.forms[i][0].isalnum() or words.forms[i] in _POSSESSIVE):
            return None
    return None


def _by(words: Words, i: int, names: NamePlaces) -> Range | None:
    """The phrase behind "by": a name with what stands before it, a description, a bare plural."""
    last = i
    for last in range(i, min(len(words), i + _AGENT)):
        form = words.forms[last].lower()
        if words.paragraphs[last] != words.paragraphs[i] or form in _BY_STOPS or not (form[0].isalnum() or form in _POSSESSIVE):
            last -= 1
            break
        if last in names.last_of and not (last > i and words.forms[last - 1] in _POSSESSIVE):
            end = names.last_of[last]
            if end + 1 >= len(words) or words.forms[end + 1] not in _POSSESSIVE:
                return i, end
    return (i, last) if last >= i and words.depth[i] == 0 else None


def _owner(words: Words, noun: int, floor: int, names: NamePlaces) -> Range | None:
    """Whose claim it is: "Okonjo's repeated | claim", "her | claim", "the mayor's | claim"."""
    for i in range(noun - 1, max(floor, noun - 1 - BETWEEN) - 1, -1):
        form = words.forms[i].lower()
        if form in _OWN:
            return i, i
        if form in _POSSESSIVE and i > floor:
            before = i - 1
            if before in names.first_of:
                return (names.first_of[before], before) if names.first_of[before] >= floor else None
            for k in range(before - 1, max(floor, before - _AGENT) - 1, -1):
                if words.forms[k].lower() in DESCRIPTION_OPENERS:
                    return k, before
            return None
        if not (form[0].isalpha() or form == "-"):
            return None
    return None


def owner_of_cue(words: Words, cue: Range, names: NamePlaces) -> Range | None:
    """Whose saying it is where a noun is the cue: "no trace in the files of | Okonjo's | promise that “x”"."""
    if cue[0] != cue[1] or words.forms[cue[0]].lower() not in _SAYINGS:
        return None
    start = int(np.searchsorted(words.paragraphs, words.paragraphs[cue[0]]))
    owner = _owner(words, cue[0], start, names)
    return None if owner is None or words.forms[owner[0]].lower() in _OWN else owner


def _author(words: Words, noun: int, first: int, names: NamePlaces) -> Range | None:
    """Who stands behind "by" or "from" right behind the noun: "a statement | by actor Rex Allard | that “x”"."""
    if noun + 2 < first and words.forms[noun + 1].lower() in ("by", "from"):
        found = _by(words, noun + 2, names)
        return found if found is not None and found[1] < first else None
    return None


# A credit in brackets, or a signature, has so many words.
_CREDIT, _SIGNATURE = 5, 16
_DASHES = ("-", "–", "—", "--", "―")


def find_credit(words: Words, span: Range) -> Range | None:
    """Whom a quotation that nobody is told to say is credited to: “...” [Okonjo Times.] · “...” ¶ — Rex Allard, Velsen.

    The credit closes the quotation's paragraph, or a name behind a dash opens the next one.
    """
    i, paragraph = span[1] + 1, words.paragraphs
    if i < len(words) and words.forms[i] == "." and paragraph[i] == paragraph[span[0]]:
        i += 1
    if i + 2 >= len(words):
        return None
    if paragraph[i] == paragraph[span[0]]:
        end = next((k for k in range(i + 2, min(len(words), i + 3 + _CREDIT)) if words.forms[k] in ("]", ")")), None)
        if end is None or words.forms[i] not in ("[", "("):
            return None
        if end + 1 < len(words) and paragraph[end + 1] == paragraph[end]:
            return None
        last = end - 1 - (words.forms[end - 1] == ".")
        capitals = all(words.forms[k][:1].isupper() or words.forms[k] in ("of", "the") for k in range(i + 1, last + 1))
        return (i + 1, last) if capitals and last > i else None
    whole = span[0] == 0 or paragraph[span[0] - 1] != paragraph[span[0]]
    if not whole or not words.forms[i].startswith(_DASHES) or words.forms[i + 1] in _DASHES:
        return None
    end = int(np.searchsorted(paragraph, paragraph[i], side="right"))
    first = i + (words.forms[i] in _DASHES)
    last = next((k for k in range(first, end) if words.forms[k] in (",", ".", "(", "-", "–", "—")), end) - 1
    named = words.forms[first].lstrip("-–—")[:1].isupper() and words.forms[last][:1].isupper()
    return (first, last) if named and last - first < _CREDIT and end - first < _SIGNATURE else None

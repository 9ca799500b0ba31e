"""From the tagger's scores and the marks to quotations with cue and mention, before anybody knows who the mention is.

Surest first: words in marks that are speech keep their marks' bounds; the tagger's contents give mixed and indirect speech;
cues and mentions are linked by `linking`; parts of one sentence split by its cue are one quotation.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quotes.bodies import with_bodies
from quotes.encoder import Encoded, FloatArray
from quotes.introductions import last_people
from quotes.linking import Range, link, sentence_numbers
from quotes.narrator import with_bylines
from quotes.pairs import PRONOUNS
from quotes.phrases import whole_mentions, whole_names, with_given_names, with_share
from quotes.records import CharSpan, MarkedSpan
from quotes.reported import NamePlaces, Reported, find_report, is_denied, is_told, is_verb, report_behind
from quotes.retold import find_credit, find_teller, owner_of_cue
from quotes.speech import SPEECH, Marked, judge
from quotes.tagging import ENTITIES, ROLES, spans_of, viterbi
from quotes.words import IntArray, Words


@dataclass(slots=True)
class Draft:
    """A quotation before its speaker is known; word ranges include both ends.

    `marked`: indices of the speech spans in it. `continues`: index of the draft that it goes on with, as marks or sentence
    show. `within`: index of the draft in whose words it is nested, then with its own `inner` marks. `denied`: told as not
    said, or merely supposed.
    """

    ranges: list[Range]
    marked: list[int] = field(default_factory=list)
    cue: Range | None = None
    source: Range | None = None
    continues: int | None = None
    within: int | None = None
    inner: MarkedSpan | None = None
    denied: bool = False


@dataclass(slots=True)
class Analysis:
    """What the tagger says of one article."""

    words: Words
    encoded: Encoded
    marked: list[Marked]
    drafts: list[Draft]
    names: list[tuple[str, int, int]]


def analyze(
    words: Words, marks: Sequence[MarkedSpan], encoded: Encoded, heads: Mapping[str, FloatArray]
) -> Analysis:
    """Decode the tags, judge the marks, and join contents with cues and mentions."""
    breaks = np.diff(words.paragraphs, prepend=-1) != 0
    roles = spans_of(viterbi(_log_softmax(encoded.roles), breaks), ROLES)
    names = whole_names(words, spans_of(viterbi(_log_softmax(encoded.entities), breaks), ENTITIES))
    marked = judge(words, marks, encoded, heads)
    contents = _contents(words, [(a, b) for role, a, b in roles if role == "content"], marked)
    taken = np.zeros(len(words) + 1, dtype=bool)
    for first, last in contents:
        taken[first : last + 1] = True
    cues = [(a, b) for role, a, b in roles if role == "cue" and not taken[a : b + 1].any()]
    # "Dele, as he was known, ..." tells no words
    cues = [(a, b) for a, b in cues if words.forms[b].lower() != "known" or words.forms[max(0, a - 2)].lower() != "as"]
    for first, last in cues:
        taken[first : last + 1] = True
    tagged = [(a, b) for role, a, b in roles if role == "source" and not taken[a : b + 1].any()]
    sources = [source for source in whole_mentions(words, tagged, taken) if not is_told(words, source)]
    names = with_bylines(words, with_bodies(words, with_given_names(words, names, sources), sources))
    drafts = _with_accounts(words, _join(words, contents, cues, sources, marked), cues, sources)
    places = NamePlaces.of(names)
    drafts = _with_retold(words, drafts, marks, marked, places)
    _credit(words, drafts, marked)
    _obey_labels(words, drafts, {(first, last) for label, first, last in names if label == "PER"})
    _give_to_people(words, drafts)
    _give_to_antecedents(words, drafts, {last: first for label, first, last in names if label != "OTHER"})
    _give_to_who(words, drafts)
    _give_to_owners(words, drafts, places)
    for draft in drafts:
        if draft.source is not None:
            draft.source = with_share(words, draft.source[0]), draft.source[1]
    in_marks = {i for m in marked for i in range(m.first, m.last + 1)}
    for draft in drafts:
        # words in marks deny nothing, but for what is quoted in them
        draft.denied = is_denied(words, draft.cue, draft.source, in_marks if draft.within is None else ())
    return Analysis(words, encoded, marked, drafts, names)


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=-1, keepdims=True) if len(scores) else scores
    out: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def _contents(words: Words, tagged: list[Range], marked: list[Marked]) -> list[Range]:
    """The tagger's contents, snapped to the marks that they touch; speech in marks that it missed is added."""
    done: list[Range] = []
    touching: list[Range] = []
    at = 0
    for m in marked:
        while at < len(tagged) and tagged[at][0] <= m.last:
            touching.append(tagged[at])
            at += 1
        done += [s for s in touching if s[1] < m.first]
        touching = [s for s in touching if s[1] >= m.first]
        if m.speech >= SPEECH:
            # the part of a content that only reaches into the marks is drawn out to the marks' ends
            first = min([m.first, *(s[0] for s in touching)])
            last = max([m.last, *(s[1] for s in touching)])
            touching = [(first, last)]
        else:
            # nobody's words: a content that is no more than the span in marks goes
            touching = [s for s in touching if s[0] < m.first or s[1] > m.last]
    closings = {m.last for m in marked if m.speech >= SPEECH}
    return sorted({_without_day(words, content, closings) for content in (*done, *touching, *tagged[at:])})


_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_PARTS_OF_DAY = frozenset("morning afternoon evening night".split())
_BEFORE_DAY = frozenset("on late early last this".split())


def _without_day(words: Words, content: Range, closings: Container[int]) -> Range:
    """The content up to its last marks where only a day follows, on which it was said: called it “a disgrace” on Monday."""
    first, last = content
    at = last - (words.forms[last].lower() in _PARTS_OF_DAY)
    if at <= first or words.forms[at].lower() not in _DAYS:
        return content
    at -= 1
    while at > first and words.forms[at].lower() in _BEFORE_DAY:
        at -= 1
    return (first, at) if at in closings else content


def _join(
    words: Words, contents: list[Range], cues: list[Range], sources: list[Range], marked: list[Marked]
) -> list[Draft]:
    sentences = sentence_numbers(words)
    opened = [m.first for m in marked]
    drafts: list[Draft] = []
    for item in link(words, contents, cues, sources):
        content = contents[item.content]
        near = range(bisect_left(opened, content[0]), bisect_right(opened, content[1]))
        inside = [k for k in near if marked[k].speech >= SPEECH and marked[k].last <= content[1]]
        cue = cues[item.cue] if item.cue is not None else None
        source = sources[item.source] if item.source is not None else None
        if inside and cue and sentences[cue[0]] < sentences[content[0]]:
            # "A," he said, adding that x. "B.": the words in marks go on with those before, not with the nearest cue
            first = next((d for d in reversed(drafts) if d.marked), None)
            if first and first.cue and words.paragraphs[first.ranges[0][0]] == words.paragraphs[content[0]]:
                cue, source = first.cue, first.source
        before = drafts[-1] if drafts else None
        if before and cue and before.cue == cue and _one_sentence(words, before, content):
            before.ranges.append(content)
            before.marked += inside
            continue
        draft = Draft([content], inside, cue, source)
        if before:
            draft.continues = _goes_on(words, drafts, draft, marked)
        drafts.append(draft)
    return drafts


def _with_accounts(words: Words, drafts: list[Draft], cues: Sequence[Range], sources: Sequence[Range]) -> list[Draft]:
    """The drafts with the sentences that stand "according to" somebody, and hold another's reported speech.

    "According to the Harbour News, Okonjo said the pier was safe": the pier's safety is Okonjo's, that she said so the paper's.
    """
    used = {d.cue for d in drafts}
    left = [cue for cue in cues if cue not in used and words.forms[cue[0]].lower() == "according"]
    if not left:
        return drafts
    sentences = sentence_numbers(words)
    accounts = [account for cue in left if (account := _account(words, sentences, cue, sources)) is not None]
    out = sorted([*accounts, *drafts], key=lambda d: d.ranges[0][0])
    number = {id(d): k for k, d in enumerate(out)}
    for draft in drafts:
        if draft.continues is not None:
            draft.continues = number[id(drafts[draft.continues])]
    return out


def _account(words: Words, sentences: IntArray, cue: Range, sources: Sequence[Range]) -> Draft | None:
    """All of the cue's sentence but the cue and its source; None where words in marks stand in it or nothing is left."""
    source = next((s for s in sources if 0 < s[0] - cue[1] <= 2), None)
    if source is None or words.forms[cue[1]].lower() != "to":
        return None
    first = int(np.searchsorted(sentences, sentences[cue[0]], side="left"))
    last = int(np.searchsorted(sentences, sentences[cue[0]], side="right")) - 1
    while words.forms[last] in (".", "!", "?") and last > first:
        last -= 1
    parts = []
    for a, b in ((first, cue[0] - 1), (source[1] + 1, last)):
        while a <= b and words.forms[a] in (",", "and", "but"):
            a += 1
        while a <= b and words.forms[b] == ",":
            b -= 1
        if a <= b:
            parts.append((a, b))
    marks = any(words.depth[i] for i in range(first, last + 1))
    return None if marks or not parts or max(b - a for a, b in parts) < 2 else Draft(parts, cue=cue, source=source)


def _one_sentence(words: Words, before: Draft, content: Range) -> bool:
    """Whether the content goes on with the sentence that the cue split: "A," she said, "b." """
    last, first = before.ranges[-1][1], content[0]
    if words.paragraphs[last] != words.paragraphs[first]:
        return False
    between = words.forms[last + 1 : first]
    return not any(form in (".", "!", "?") for form in between)


def _goes_on(words: Words, drafts: list[Draft], draft: Draft, marked: list[Marked]) -> int | None:
    """The draft that this one goes on with: a re-opened mark, the same cue, or the next words in marks of its paragraph."""
    number = len(drafts) - 1
    before = drafts[number]
    if draft.marked and before.marked:
        ours, theirs = marked[draft.marked[0]].span, marked[before.marked[-1]].span
        if ours.continues is not None and not theirs.closed:
            return number
    same_paragraph = words.paragraphs[before.ranges[-1][1]] == words.paragraphs[draft.ranges[0][0]]
    if same_paragraph and draft.cue is not None and draft.cue == before.cue:
        return number
    if same_paragraph and draft.marked and draft.source is None and draft.cue is None:
        return number
    return None


def _with_retold(
    words: Words,
    drafts: list[Draft],
    marks: Sequence[MarkedSpan],
    marked: list[Marked],
    places: NamePlaces,
) -> list[Draft]:
    """The drafts with those that stand in another's words, each behind the one that holds it."""
    nested = sorted((m for m in marks if m.depth == 1), key=lambda m: m.span.start)
    opened = [m.span.start for m in nested]
    out: list[Draft] = []
    number: dict[int, int] = {}
    inner: dict[int, Draft] = {}
    for k, draft in enumerate(drafts):
        number[k] = len(out)
        before = inner.get(draft.continues) if draft.continues is not None else None
        if draft.continues is not None and before is not None and draft.cue == drafts[draft.continues].cue:
            draft.cue, draft.source = before.cue, before.source  # “A,” she said, according to the Times. “B.”
        draft.continues = number.get(draft.continues) if draft.continues is not None else None
        told = _retold(words, draft, marked, places)
        if told and not draft.marked:
            inner[k] = told[-1]
        for said in (draft, *told):
            place = len(out)
            out.append(said)
            for outer in (marked[m].span.span for m in said.marked):
                inside = nested[bisect_right(opened, outer.start) : bisect_left(opened, outer.end)]
                out += _quoted_within(words, [m for m in inside if m.span.end < outer.end], outer, place, places)
    return out


def _retold(words: Words, draft: Draft, marked: list[Marked], names: NamePlaces) -> list[Draft]:
    """A said that B said “x”: the words in marks become a quotation of B's; what A said of it stays A's."""
    out: list[Draft] = []
    for m in list(draft.marked):
        span = marked[m].first, marked[m].last
        bounds = next((r for r in draft.ranges if r[0] <= span[0] and span[1] <= r[1]), None)
        if bounds is None:
            continue
        if out and _LISTED.issuperset(words.forms[out[-1].ranges[-1][1] + 1 : span[0]]):
            draft.marked.remove(m)  # called him “weak” and “late”
            out.append(Draft([span], [m], out[-1].cue, out[-1].source))
            continue
        report = find_teller(words, span, _clause_start(words, draft, bounds, span), names)
        if report is None and bounds != span:
            report = find_report(words, span, bounds, names)
        if report is None or report.source is None:
            report = _told_behind(words, draft, span, names)
        if report is None or report.source is None or any(words.depth[i] for i in range(*report.source)):
            continue
        if draft.ranges == [span]:
            draft.cue, draft.source, draft.continues = report.cue, report.source, None
            continue
        draft.marked.remove(m)
        out.append(Draft([span], [m], report.cue, report.source))
    return out


def _credit(words: Words, drafts: Sequence[Draft], marked: Sequence[Marked]) -> None:
    """Give the quotations that only a credit tells the source of their source."""
    for draft in drafts:
        if draft.marked and (draft.cue is None or words.slice(*draft.cue).isupper()):
            last = marked[draft.marked[-1]]
            credit = find_credit(words, (draft.ranges[0][0], last.last)) if draft.ranges[-1][1] == last.last else None
            if credit is not None:
                draft.cue, draft.source, draft.continues = None, credit, None


def _obey_labels(words: Words, drafts: Sequence[Draft], people: Container[Range]) -> None:
    """Give the turns of a printed talk that stand in marks to the speaker who is told within them: “LIM: Who asked?”."""
    for draft in drafts:
        first = draft.ranges[0][0]
        if not draft.marked or words.forms[first] != "“":
            continue
        end = next((i for i in range(first + 1, min(first + _LONGEST_LABEL, len(words))) if words.forms[i] == ":"), 0)
        label = words.slice(first + 1, end - 1) if end > first + 1 else ""
        if (len(label) > 2 and label.isupper()) or (first + 1, end - 1) in people:
            draft.source, draft.cue, draft.continues = (first + 1, end - 1), None, None


_LONGEST_LABEL = 6


def _give_to_people(words: Words, drafts: Sequence[Draft]) -> None:
    """Give what is chanted by nobody who is told beside it to the people of its sentence: "farmers sat, chanting “x”"."""
    for draft in drafts:
        if draft.source is None and draft.cue is not None and words.forms[draft.cue[1]].lower() in _CALLING:
            draft.source = last_people(words, draft.cue[0])
            if draft.source is not None:
                draft.continues = None


def _give_to_antecedents(words: Words, drafts: Sequence[Draft], first_of: Mapping[int, int]) -> None:
    """Give what "which" says to the name right before it: "they asked the Velsen Police, | which | reported “x”"."""
    for draft in drafts:
        if draft.cue is None or draft.cue[0] < 2 or words.forms[draft.cue[0] - 1] != "which":
            continue
        last = draft.cue[0] - 2 - (words.forms[draft.cue[0] - 2] == ",")
        if last in first_of and (draft.source is None or not draft.source[0] <= last <= draft.source[1] + 1):
            draft.source = first_of[last], last


def _give_to_who(words: Words, drafts: Sequence[Draft]) -> None:
    """Give what "who" says to "who", though words stand between: "Okonjo, | who | in May | said “x”"."""
    for draft in drafts:
        if draft.cue is None or draft.source is not None or not is_verb(words, draft.cue[1]):
            continue
        for i in range(draft.cue[0] - 1, max(-1, draft.cue[0] - 2 - _FROM_WHO), -1):
            if not words.forms[i][0].isalnum() or words.paragraphs[i] != words.paragraphs[draft.cue[0]] or words.depth[i]:
                break
            if words.forms[i].lower() == "who":
                draft.source, draft.continues = (i, i), None
                break


# So many words may stand between "who" and its verb.
_FROM_WHO = 4


def _give_to_owners(words: Words, drafts: Sequence[Draft], names: NamePlaces) -> None:
    """Give what is told by a noun with its owner to the owner, whoever else the sentence is about."""
    for draft in drafts:
        owner = owner_of_cue(words, draft.cue, names) if draft.cue is not None else None
        if owner is not None and (draft.source is None or draft.source[1] < owner[0] or owner[1] < draft.source[0]):
            draft.source = owner


_CALLING = frozenset("chanting shouting singing yelling screaming booing".split())


def _told_behind(words: Words, draft: Draft, span: Range, names: NamePlaces) -> Reported | None:
    """Who speaks right behind the marks, where the tagger saw only another sentence's cue: "... Lim said. “Who?” Okonjo said."

    “Go.” She said so: that is a sentence of its own.
    """
    first, last = span
    if draft.cue is not None and (draft.cue[1] + 1 >= first or _is_unbroken(words, draft.cue[1] + 1, first)):
        return None
    if words.forms[last] != "”" or words.forms[last - 1] in (".", "...", "…") or last + 3 >= len(words):
        return None
    if words.forms[last + 1].lower() in PRONOUNS and words.forms[last + 1][:1].isupper():
        return None
    end = int(np.searchsorted(words.paragraphs, words.paragraphs[last], side="right")) - 1
    found = report_behind(words, span, (first, end), names)
    return None if found is not None and words.forms[found.cue[0]].endswith("ing") else found


_LISTED = frozenset(", and or but a an the".split())


def _clause_start(words: Words, draft: Draft, bounds: Range, span: Range) -> int:
    """The first word of a span's sentence behind the draft's own cue and source, as far as they stand before it."""
    start = next(r[0] for r in draft.ranges if r == bounds or _is_unbroken(words, r[1], bounds[0]))
    if start == span[0] or words.forms[start : span[0]] == ["that"]:
        while start and words.paragraphs[start - 1] == words.paragraphs[span[0]] and words.forms[start - 1] not in _ENDS:
            start -= 1
    cue = draft.cue if draft.source is not None else None
    own = [r[1] + 1 for r in (cue, draft.source) if r is not None and r[1] < span[0]]
    return max(start, *own) if own else start


_ENDS = frozenset(". ! ? ; ”".split())


def _is_unbroken(words: Words, last: int, first: int) -> bool:
    """Whether no sentence ends between two words of one paragraph, and no marks stand there."""
    between = words.forms[last:first]
    return last < first and words.paragraphs[last] == words.paragraphs[first] and _ENDS.isdisjoint(between)


def _quoted_within(
    words: Words, nested: Sequence[MarkedSpan], outer: CharSpan, place: int, names: NamePlaces
) -> Iterator[Draft]:
    """Words that a speaker quotes, in marks within marks, where a verb of saying tells so; `place` is the draft around."""
    first_outer, end_outer = words.between(outer.start, outer.end)
    for inner in nested:
        first, end = words.between(inner.span.start, inner.span.end)
        if end - first < 3:
            continue
        report = find_report(words, (first, end - 1), (first_outer + 1, end_outer - 2), names)
        if report is not None:
            yield Draft([(first, end - 1)], [], report.cue, report.source, within=place, inner=inner)

"""Resolve the mentions of a whole article to its sources: who is `he`, `the ministry`, `a second diplomat`?

Names are clustered by tokens (`names`); every mention beside a quotation is then scored against the names and the mentions
before it, in order of text (`pairs`), and joins the best cluster or opens a source of its own. A quotation without a mention
looks for its best source in the same way.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile

import numpy as np

from quotes.antecedents import AGAIN, CLAUSE_MATE, LATER, Antecedents, quoted_ranges
from quotes.attribution import Analysis, Draft
from quotes.bodies import head_at, is_body, other_sort, same_sort, singular
from quotes.encoder import FloatArray
from quotes.introductions import (
    find_bodies,
    find_groups,
    find_introductions,
    find_subjects,
    find_texts,
    person_noun,
    whole_description,
)
from quotes.lexicon import person_nouns
from quotes.names import NameCluster, cluster_names, read_name
from quotes.narrator import Narrators
from quotes.own_names import (
    POSSESSIVE,
    is_apposed,
    is_author,
    is_own,
    is_relative,
    is_text_mention,
    number_told,
    pronoun_behind,
    tells_more,
)
from quotes.pairs import (
    ANAPHORS,
    PRONOUNS,
    PairMention,
    PairScorer,
    classify,
    describe,
    is_personal,
    may_mean,
    side_features,
    told_gender,
)
from quotes.phrases import headline_end, is_joint, is_several
from quotes.records import SpeakerKind
from quotes.roles import best_fit, description_of, other_office, roles_of
from quotes.speech import end_vectors, two_layers
from quotes.talk import ASKED, CALLED, UNKNOWN, Run, decode, find_asked, find_askers, find_runs
from quotes.words import IntArray, Words
from quotes.works import author_of, writer_end

KINDS: tuple[SpeakerKind, ...] = ("person", "organization", "document", "anonymous", "group")
# What it costs a candidate that its title, noun or given name tells the other gender.
GENDER_COST = 3.0
# ... where a mention or pronoun held to mean it tells the right one, but its title or given name does not.
GIVEN_COST = 1.5
_GENDERS = {"m": 1, "f": -1, "-": 0}
# What it gains somebody that they were introduced as the subject of a sentence so few words before a pronoun.
SUBJECT, _NEAR = 1.5, 60
# What it gains somebody that they begin the sentence before a pronoun's, up to so many words in.
TOPIC, _OPENING = 1.0, 3
# The owner of "his wife" is known from this probability on.
OWNER = 0.5
# What it brings a candidate that the text calls it by the noun of the description, and each word more that fits.
ROLE, ROLE_MORE = 3.0, 1.0
# What it costs a named person whom the text calls no spokesman to be "the spokesman": who has one is another.
NO_SPOKESMAN = 3.0
# ... to be the doctor of somebody named whom the text never called one.
SOMEBODYS = 6.0
_SPOKESMEN = frozenset("spokesman spokeswoman spokesperson".split())
# ... nor, of a named person's, any of these: "Okello's doctor".
_SERVING_WORDS = "doctor physician surgeon therapist lawyer attorney solicitor barrister publicist accountant agent"
_SERVING = frozenset(_SERVING_WORDS.split())
# What it costs a named body to be "the engineer", a named person or a university to be "the airline".
OTHER_NOUN = 3.0
# What it costs a text to be "the announcer".
NO_TEXT = 8.0
# What it costs "the former mayor" to be the one called "the mayor".
OTHER_OFFICE = 4.0
# What it brings somebody unnamed that the text introduced them by the noun of the description.
INTRODUCED = 1.5
# What it costs the author, named only above or below the text, to be "she" or "the engineer".
AUTHOR = 4.0
# What it brings somebody that they were named in full shortly before "he" or "she": whom a text introduces it tells of.
NAMED_IN_FULL = 1.2
# What it brings them to be the first person whom the article names, and to be spoken of last in the paragraph before; what it
# costs to be spoken of last by another pronoun.
FIRST_NAMED, LAST_PARAGRAPH, BY_PRONOUN = 0.5, 0.75, 0.5
# What it brings a named person as the source of words that nobody is told to say.
NAMED_PERSON = 1.0
# What it brings who spoke last that "she" goes on: “...,” she added.
GOES_ON = 2.0
_GOING_ON = frozenset("added adds adding continued continues continuing concluded concludes".split())
# What it brings a named body that its name tells the sort that a description does: "the newspaper" of the Velsen Herald.
SORT = 1.5
# How sure it is that "I" is who a byline or a signature names.
NARRATOR = 0.9
# What it costs a text to be "it" in the sentence that begins "In a memo".
FRAME = 4.0
# A quotation whose best source is less likely than this stays unattributed; in talk by turns one of several speaks for sure.
LEAST, LEAST_IN_TALK = 0.35, 0.15
# Words that open a description of somebody not spoken of before: "a diplomat", "another diplomat", "a second official".
_INDEFINITE = frozenset("a an one another some two three four five several".split())
# Nouns that take up a text of whatever sort: "A memo ... The document says".
_GENERIC = frozenset("document text paper filing complaint suit draft message".split())
# A description that takes one up has so few words before its noun: "the former trader".
_SHORT = 4
# A lede is among so many paragraphs; by these words it tells of somebody whom no paragraph will name.
_LEDE, _DATELINE = 5, 8
# Whom a lede only describes, so many paragraphs after it may name.
_NAMED_BY = 8
_NAMELESS_WORDS = "source insider person official diplomat anonymity anonymous anonymously named identified unnamed"
_NAMELESS = frozenset(_NAMELESS_WORDS.split())
# Words of somebody whose rank is told for want of a name.
_RANKS = frozenset("senior junior top ranking".split())
# From this probability on the kind of a mention stands against the entity tagger's label of the name in it.
SURE_KIND = 0.9
# ... and from this one against that of a person in one word that is no given name (docs/decisions.md: people had 0.05).
SINGLE_KIND = 0.2
# A mention of several people is a group from this probability on, even where one of their names would fit.
GROUP = 0.7
# Candidates stand within so many words of a mention (`REACH`): all of most news articles. In a longer text the first
# mentions of its most frequent names (`LEADING`) are candidates throughout. Mentions of a `STRETCH` are scored together.
REACH, LEADING, STRETCH = 2000, 40, 500
# So many of the likeliest speakers of each turn of a talk may have any of its turns; the score of who cannot.
TURN_OPTIONS, IMPOSSIBLE = 6, -1e4
# Who spoke up to so many paragraphs before a talk may take part in it.
_EARLIER = 3
# What it brings somebody to begin the sentence before a quotation, unless that tells of what others are told.
LEADING_UP = 1.5
_TELLING = frozenset("told asked asks tells assured".split())


@dataclass(slots=True)
class Cluster:
    """A source in the making. `names`: its name cluster, or None; `mentions`: word ranges of its mentions as source.

    `gender` is what the last of them that tells it tells: +1 male, -1 female.
    """

    names: NameCluster | None = None
    kind: SpeakerKind | None = None
    mentions: list[tuple[int, int]] = field(default_factory=list)
    gender: int = 0


# How a speaker was found, for a reader and for the calibration.
NAME, NAME_WITHIN, PRONOUN, DESCRIPTION = "the name itself", "the name in the mention", "a pronoun", "a description"
NEW, CONTINUED, LIKELIEST = "a new source", "goes on with the quotation before", "the likeliest source near the quotation"
REPEATED, AROUND = "the same words with a source elsewhere", "the speaker of the words around it"
NOBODY, UNLIKELY = "no source in the article", "no source is likely enough"
RULES = (NAME, NAME_WITHIN, PRONOUN, DESCRIPTION, NEW, CONTINUED, LIKELIEST, REPEATED, AROUND, NOBODY, UNLIKELY)


@dataclass(slots=True)
class Resolved:
    """The cluster of a draft, how sure, and by what.

    `confidence` is the scorer's probability, not calibrated. `via`: the mention (word range) that the draft's own mention or
    the quotation was held to mean; `rivals`: other clusters with their probabilities, the likeliest first.
    """

    cluster: Cluster | None
    confidence: float
    rule: str
    via: tuple[int, int] | None = None
    rivals: tuple[tuple[Cluster, float], ...] = ()


@dataclass(slots=True)
class Option:
    """One cluster that an anaphor may mean: the log-sum of its mentions' scores, the best and the latest of these mentions."""

    cluster: Cluster
    score: float
    best: float
    via: tuple[int, int]
    latest: PairMention | None = None


class Resolver:
    """Resolves one article after another; holds only the trained weights."""

    def __init__(self, heads: Mapping[str, FloatArray]) -> None:
        self._heads = heads
        self._scorer = PairScorer(heads)

    def __call__(self, analysis: Analysis) -> "ArticleResolver":
        """Resolve one article; `results` of what comes back holds the cluster of each draft, in order."""
        article = ArticleResolver(self._heads, self._scorer, analysis)
        article.results = article.resolve()
        return article


class ArticleResolver:
    """The state of one article's resolution."""

    def __init__(self, heads: Mapping[str, FloatArray], scorer: PairScorer, analysis: Analysis) -> None:
        self.heads, self.scorer, self.analysis = heads, scorer, analysis
        self.results: list[Resolved] = []
        self.words, self.vectors = analysis.words, analysis.encoded.vectors
        words = self.words
        self.names = [
            read_name(words.slice(a, b), label, a, words.forms[a - 1] if a else "") for label, a, b in analysis.names
        ]
        headline = headline_end(words)
        starts = {a for label, a, _ in analysis.names if label == "PER"}
        for name in self.names:
            name.capitals, name.quoted = name.position < headline, bool(words.depth[name.position])
            if name.label == "PER":
                name.spoken_of = pronoun_behind(words, name.position, starts)
        in_sources = {i for d in analysis.drafts if d.source is not None for i in range(d.source[0], d.source[1] + 1)}
        speaking = {i for i, (_, a, b) in enumerate(analysis.names) if a in in_sources and b in in_sources}
        relatives = {
            i
            for i, (label, a, _) in enumerate(analysis.names)
            if label == "PER" and i not in speaking and is_relative(words, a)
        }
        self.name_clusters = cluster_names(self.names, speaking, relatives)
        self.cluster_of_name: dict[int, Cluster] = {}
        for group in self.name_clusters:
            cluster = Cluster(names=group)
            for i in group.members:
                self.cluster_of_name[i] = cluster
        self.spans_of_names = {(a, b): i for i, (_, a, b) in enumerate(analysis.names)}
        self.sources = sorted({d.source for d in analysis.drafts if d.source is not None and not self._is_speaker(d)})
        # by place in `every`: the noun of a text or group that no quotation has as its mention, and its pronouns
        self.introduced: dict[int, tuple[str, tuple[str, ...]]] = {}
        # places in `every` of unnamed people who are introduced before they speak
        self.people: list[int] = []
        self._roles: dict[int, list[tuple[str, frozenset[str]]]] | None = None
        # candidates: the names, then the sources that are no names, each with its cluster as soon as that is known
        self.every, self.every_clusters = self._name_candidates()
        self.anaphors = self._add_source_candidates()
        self.side = describe(words, self.every)
        self.key = scorer.key(self.vectors, self.every) if self.every else self.vectors[:0]
        often = sorted(self.name_clusters, key=lambda c: -len(c.members))[:LEADING]
        person = next((i for i, (label, _, _) in enumerate(analysis.names) if label == "PER"), None)
        self.first_named = self.cluster_of_name[person] if person is not None else None
        self.leading = [c.members[0] for c in often]
        self.of_source: dict[tuple[int, int], Resolved] = {}
        self.bare: dict[str, Cluster] = {}
        self.goes_on = {d.source for d in analysis.drafts if d.cue and words.forms[d.cue[0]].lower() in _GOING_ON}
        self.spoke: tuple[int, Cluster | None] = 0, None
        self.antecedents = Antecedents(analysis)
        self.asked_by, self.asked = find_askers(analysis), find_asked(analysis)
        self.narrators = Narrators(words, analysis.names)
        signed = self.narrators.named
        groups = [g for g in self.name_clusters if signed.issuperset(g.members)]
        self.authors = [self.cluster_of_name[g.members[0]] for g in groups]
        self._introductions: dict[int, int] = {}
        self._nouns: dict[tuple[int, int], str] = {}

    def _name_candidates(self) -> tuple[list[PairMention], list[Cluster | None]]:
        sources = set(self.sources)
        clusters: list[Cluster | None] = [self.cluster_of_name[i] for i in range(len(self.names))]
        mentions = [
            PairMention(a, b, "name", label, (a, b) in sources, _GENDERS[c.names.likely_gender if c and c.names else "-"])
            for (label, a, b), c in zip(self.analysis.names, clusters, strict=True)
        ]
        cues = [d.cue for d in self.analysis.drafts if d.cue is not None]
        apart = [s for s in self.sources if not is_several(self.words, s)]
        taken = {i for a, b in (*apart, *cues) for i in range(a, b + 1)}
        for span in find_introductions(self.words, self.analysis.names, apart, self._taken_up()):
            self.people.append(len(mentions))
            mentions.append(PairMention(*span, "nominal"))
            introduced = Cluster(kind="anonymous", mentions=[whole_description(self.words, span, taken)])
            clusters.append(self._named_next(span) or self._named_later(mentions[-1]) or introduced)
        latest: dict[str, Cluster] = {}
        spoken_of = list(self._introduced())
        bodies = {span[1]: Cluster(kind=kind, mentions=[span]) for kind, span in spoken_of if kind != "document"}
        for kind, span in spoken_of:
            mention = PairMention(*span, "nominal")
            noun = self._noun(mention)
            several = kind == "group" or self.words.forms[head_at(self.words, *span)].endswith("s")
            self.introduced[len(mentions)] = (noun, ("they", "we", "who") if several else ("it", "who"))
            if kind == "document":
                # "the memo" is the one spoken of before
                again = latest.get(noun) if self._is_bare(mention) else None
                cluster = self._author(span, bodies) or again or Cluster(kind=kind, mentions=[span])
            else:
                cluster = bodies[span[1]]
            latest[noun] = cluster
            mentions.append(mention)
            clusters.append(cluster)
        return mentions, clusters

    def _author(self, text: tuple[int, int], bodies: Mapping[int, Cluster]) -> Cluster | None:
        """Who wrote a text, by name or as one of the `bodies` and groups introduced (by last word): theirs are its words."""
        named = author_of(self.words, self.analysis.names, text)
        if named is not None:
            return self.cluster_of_name[named]
        end = writer_end(self.words, text[0])
        return bodies.get(end) if end is not None else None

    def _taken_up(self) -> set[str]:
        """The nouns of sources that are told with "the", as of people introduced before: "the changer said"."""
        forms = self.words.forms
        short = [(a, b) for a, b in self.sources if 0 < b - a < _SHORT]
        definite = [(a, b) for a, b in short if forms[a].lower() == "the" and forms[b].islower()]
        if not definite:
            return set()
        kinds = self._kinds([PairMention(a, b, "nominal") for a, b in definite])
        likeliest = kinds.argmax(axis=1).tolist()
        return {forms[b] for (_, b), k in zip(definite, likeliest, strict=True) if KINDS[k] in ("person", "anonymous")}

    def _is_bare(self, text: PairMention) -> bool:
        """Whether a text is no more than taken up: "the memo"."""
        return text.last == text.first + 1 and self.words.forms[text.first].lower() == "the"

    def _introduced(self) -> Iterator[tuple[SpeakerKind, tuple[int, int]]]:
        told = {self._noun(PairMention(*span, "nominal")): span for span in reversed(self.sources)}
        for span in find_texts(self.words, self.analysis.names, self.sources):
            text = PairMention(*span, "nominal")
            if not self._is_bare(text) or told.get(self._noun(text), span) >= span:
                yield "document", span
        yield from (("organization", span) for span in find_bodies(self.words, self.analysis.names, self.sources))
        apart = (s for s in self.sources if not is_several(self.words, s))
        yield from (("group", span) for span in find_groups(self.words, apart))

    def _may_take_up(self, anaphor: PairMention) -> Callable[[int], bool]:
        """Whether a mention may mean what stands at a place in `every`, if that is a text or a group so far only spoken of."""
        pronoun = PRONOUNS.get(self.words.forms[anaphor.first].lower(), "")
        if anaphor.kind == "quotation":
            return lambda place: place not in self.introduced
        if anaphor.kind == "pronoun" or pronoun == "who":  # "which runs to 88 pages"
            return lambda place: place not in self.introduced or pronoun in self.introduced[place][1]
        noun = self._noun(anaphor)
        return lambda place: noun in _GENERIC or place not in self.introduced or self.introduced[place][0] == noun

    def _noun(self, mention: PairMention) -> str:
        return singular(self.words.forms[head_at(self.words, mention.first, mention.last)])

    def _add_source_candidates(self) -> list[PairMention]:
        """The mentions of sources; those that are no names become candidates."""
        mentions = []
        for a, b in self.sources:
            kind = "name" if (a, b) in self.spans_of_names else classify(self.words, a, b)
            mentions.append(PairMention(a, b, kind, "", True))
        subjects = find_subjects(self.words, self.analysis.names, self.sources)
        mentions += [PairMention(a, b, classify(self.words, a, b)) for a, b in subjects]
        mentions.sort(key=lambda m: m.first)
        extra = [m for m in mentions if m.kind != "name"]
        self.every += extra
        self.every_clusters += [None] * len(extra)
        return mentions

    def resolve(self) -> list[Resolved]:
        """The cluster of each draft, in order."""
        self._resolve_mentions()
        without = [d for d in self.analysis.drafts if d.source is None and d.continues is None]
        found = iter(self._find_sources(without))
        results = self.results
        for draft in self.analysis.drafts:
            if draft.within is not None and self._is_speaker(draft):
                results.append(_taken_over(results[draft.within], AROUND))
            elif draft.source is not None:
                results.append(self.of_source[draft.source])
            elif draft.continues is not None:
                results.append(_taken_over(results[draft.continues], CONTINUED))
            else:
                results.append(next(found))
        return results

    def _is_speaker(self, draft: Draft) -> bool:
        """Whether a nested quotation is told by "I" or "we": whoever says the words around it."""
        if draft.within is None or draft.source is None or draft.source[0] != draft.source[1]:
            return False
        return PRONOUNS.get(self.words.forms[draft.source[0]].lower()) in ("i", "we")

    def _scored(self, anaphors: Sequence[PairMention]) -> Iterator[tuple[IntArray, FloatArray, FloatArray]]:
        """Of each anaphor in turn: its candidates (places in `every`), their scores, and its query vector.

        Anaphors of one stretch of text go together, and only candidates within reach of it: the work grows with the
        length of the article, not with its square.
        """
        for _, stretch in groupby(anaphors, key=lambda m: m.first // STRETCH):
            block = list(stretch)
            first, last = min(m.first for m in block), max(m.last for m in block)
            near = (self.side.last > first - REACH) & (self.side.first < last + REACH)
            near[self.leading] = True
            index = np.flatnonzero(near)
            query = self.scorer.query(self.vectors, block)
            features = side_features(describe(self.words, block), self.side.take(index))
            scores = self.scorer.scores(query, self.key[index], features)
            for row in range(len(block)):
                yield index, scores[row], query[row]

    # --- mentions

    def _resolve_mentions(self) -> None:
        if not self.anaphors:
            return
        kinds = self._kinds(self.anaphors)
        place = len(self.every) - sum(m.kind != "name" for m in self.anaphors)
        scored = self._scored([m for m in self.anaphors if m.kind != "name"])
        for mention, kind in zip(self.anaphors, kinds, strict=True):
            span = (mention.first, mention.last)
            if mention.kind == "name":
                found = Resolved(self._typed(self.cluster_of_name[self.spans_of_names[span]], kind), 0.97, NAME)
            else:
                index, scores, query = next(scored)
                new = float(self.scorer.new(query[None], [mention.kind])[0])
                options = self._options(mention, index, scores)
                options = self._weighed(options, self._weights(mention, [o.cluster for o in options]))
                found = self._narrator(mention) or self._choose(mention, options, new, kind)
                self.every_clusters[place] = found.cluster
                place += 1
            if found.cluster is not None:
                if mention.is_source or found.rule == NEW:
                    found.cluster.mentions.append(span)
                found.cluster.gender = told_gender(self.words.forms, mention) or found.cluster.gender
            if mention.is_source:
                self.of_source[span] = found
                self.spoke = mention.last, found.cluster

    def _kinds(self, mentions: Sequence[PairMention]) -> FloatArray:
        logits = two_layers(self.heads, "kind", end_vectors(self.vectors, [(m.first, m.last) for m in mentions]))
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        out: FloatArray = e / e.sum(axis=1, keepdims=True)
        return out

    def _options(self, anaphor: PairMention, index: IntArray, scores: FloatArray) -> list[Option]:
        """The clusters that an anaphor may mean, the likeliest first; `index` tells which candidates were scored."""
        found = list(self._possible(anaphor, index, scores))
        later = [self.antecedents.is_later(anaphor, candidate) for _, candidate, _ in found]
        known = {id(cluster) for (cluster, _, _), after in zip(found, later, strict=True) if not after}
        by_cluster: dict[int, Option] = {}
        for (cluster, candidate, score), after in zip(found, later, strict=True):
            if after:
                # whom the text has named before the pronoun it may mean, though less for being named again
                score -= AGAIN if id(cluster) in known else LATER
            span = (candidate.first, candidate.last)
            option = by_cluster.get(id(cluster))
            if option is None:
                option = by_cluster[id(cluster)] = Option(cluster, score, score, span)
            else:
                option.score = float(np.logaddexp(option.score, score))
            if score > option.best:
                option.best, option.via = score, span
            if candidate.last < anaphor.first and (option.latest is None or candidate.first > option.latest.first):
                option.latest = candidate
        if is_personal(self.words, anaphor):
            for option in by_cluster.values():
                option.score += self._in_mind(anaphor, option)
        return sorted(by_cluster.values(), key=lambda o: -o.score)

    def _in_mind(self, pronoun: PairMention, option: Option) -> float:
        """What it brings or costs a candidate of "he" or "she" how the text last spoke of them."""
        gain = FIRST_NAMED * (option.cluster is self.first_named)
        if option.latest is None:
            return gain
        paragraphs = self.words.paragraphs
        before = bool(paragraphs[pronoun.first] - paragraphs[option.latest.first] == 1)
        return gain + LAST_PARAGRAPH * before - BY_PRONOUN * (option.latest.kind == "pronoun")

    def _subject(self, anaphor: PairMention) -> int | None:
        """Who was introduced as the subject of a sentence before, with nobody named since: "My editor rang. ‘No,’ she said."""
        at = bisect_left(self.people, anaphor.first, key=lambda i: self.every[i].first) - 1
        if at < 0:
            return None
        place = self.people[at]
        first = self.every[place].first
        paragraphs = self.words.paragraphs
        if anaphor.first - first > _NEAR or paragraphs[first] != paragraphs[anaphor.first]:
            return None
        if first and paragraphs[first - 1] == paragraphs[first] and not self.side.initial[place]:
            return None
        names = self.analysis.names
        between = range(bisect_left(names, first, key=_starts), bisect_left(names, anaphor.first, key=_starts))
        return None if any(names[i][0] == "PER" for i in between) else place

    def _possible(
        self, anaphor: PairMention, index: IntArray, scores: FloatArray
    ) -> Iterator[tuple[Cluster, PairMention, float]]:
        """The candidates that an anaphor may mean, each with its cluster and score."""
        opens_new = self._opens_new(anaphor)
        gender = told_gender(self.words.forms, anaphor)
        others = self._others_in(anaphor)
        counted = number_told(self.words, (anaphor.first, anaphor.last)) if anaphor.kind == "nominal" else 0
        wanted = description_of(self.words, anaphor.first, anaphor.last)[0] if anaphor.kind == "nominal" else ""
        single = self._is_single(anaphor)
        subject = self._subject(anaphor) if anaphor.kind == "pronoun" else None
        may_take_up = self._may_take_up(anaphor)
        if anaphor.kind != "quotation":  # as `may_mean`, for all at once
            before = (self.side.kind[index] == ANAPHORS.index("name")) | (self.side.last[index] < anaphor.first)
            index, scores = index[before], scores[before]
        for place, score in zip(index.tolist(), scores.tolist(), strict=True):
            cluster, candidate = self.every_clusters[place], self.every[place]
            if cluster is None or id(cluster) in others or not may_mean(anaphor, candidate) or not may_take_up(place):
                continue
            if counted and _counts_other(self.words, counted, cluster):
                continue
            if single and cluster.kind == "group" and cluster.mentions and is_several(self.words, cluster.mentions[0]):
                continue
            if not _can_speak(self.words, anaphor, candidate, opens_new):
                continue
            if anaphor.kind == "nominal" and candidate.kind == "pronoun" and not candidate.is_source:
                continue
            if gender and -gender in (self.side.gender[place], cluster.gender):
                score -= GENDER_COST
            elif gender and gender == -self._given_gender(cluster):
                score -= GIVEN_COST
            if place == subject:
                score += SUBJECT
            if anaphor.kind == "pronoun" and self._is_unlike(anaphor, cluster):
                score -= GENDER_COST
            if anaphor.kind == candidate.kind == "nominal":
                if wanted and other_office(wanted, self._called(candidate)):
                    score -= OTHER_OFFICE
                if gender and gender == -self.side.gender[place]:
                    score -= GENDER_COST
            yield cluster, candidate, score

    def _is_single(self, mention: PairMention) -> bool:
        """Whether a mention means one person: "she", "the official"."""
        if mention.kind == "pronoun":
            return PRONOUNS.get(self.words.forms[mention.first].lower()) in ("he", "she")
        return mention.kind == "nominal" and self._is_person(self._called(mention))

    def _called(self, mention: PairMention) -> str:
        """The noun of a candidate that is a description."""
        span = (mention.first, mention.last)
        if span not in self._nouns:
            self._nouns[span] = description_of(self.words, *span)[0]
        return self._nouns[span]

    def _given_gender(self, cluster: Cluster) -> int:
        """What the title or the given name of somebody tells, whatever pronouns were held to mean them."""
        return _GENDERS[cluster.names.likely_gender] if cluster.names is not None else 0

    def _is_unlike(self, pronoun: PairMention, cluster: Cluster) -> bool:
        """Whether "he" or "she" would be a body. ("It" may be one that was taken for a person.)"""
        personal = PRONOUNS[self.words.forms[pronoun.first].lower()] in ("he", "she")
        return personal and cluster.names is not None and cluster.names.label != "PER"

    def _weights(self, mention: PairMention, clusters: Sequence[Cluster]) -> dict[int, float]:
        """What clusters, by `id()`, gain or lose for a mention beside what the scorer sees; `clusters`: those within reach."""
        weights: dict[int, float] = {}
        for i, cost in self.antecedents.others(mention).items():
            self._charge(weights, self.cluster_of_name[i], cost)
        for author in self.authors:
            if mention.kind == "nominal" or PRONOUNS.get(self.words.forms[mention.first].lower()) in ("he", "she"):
                self._charge(weights, author, AUTHOR)
        for text in self._framing(mention):
            self._charge(weights, text, FRAME)
        owner = self._owner(mention)
        if owner is not None:
            self._charge(weights, owner, CLAUSE_MATE)
        asker = self.asked_by.get((mention.first, mention.last))
        if asker in self.of_source:
            self._charge(weights, self.of_source[asker].cluster, ASKED)
        topic = self._topic(mention)
        if topic is not None:
            _gain(weights, topic, TOPIC)
            if (mention.first, mention.last) in self.asked:
                self._charge(weights, topic, ASKED)
        for cluster in self._named_in_full(mention):
            _gain(weights, cluster, NAMED_IN_FULL)
        before = self._goes_on(mention)
        if before is not None:
            _gain(weights, before, GOES_ON)
        if mention.kind == "nominal" and not self._opens_new(mention):
            self._weigh_description(mention, clusters, weights)
        return weights

    def _named_in_full(self, mention: PairMention) -> Iterator[Cluster]:
        """Whom the text before "he" or "she" names by given name and surname, in this paragraph or the one before."""
        if not is_personal(self.words, mention):
            return
        start = int(np.searchsorted(self.words.paragraphs, self.words.paragraphs[mention.first] - 1))
        near = range(*(bisect_left(self.analysis.names, place, key=_starts) for place in (start, mention.first)))
        full = (i for i in near if self.analysis.names[i][0] == "PER" and len(self.names[i].folded) > 1)
        yield from {id(c): c for c in (self.cluster_of_name[i] for i in full)}.values()

    def _goes_on(self, mention: PairMention) -> Cluster | None:
        """Who spoke last, in this paragraph or the one before, where a pronoun's verb tells that they go on."""
        last, speaker = self.spoke
        near = self.words.paragraphs[mention.first] - self.words.paragraphs[last] <= 1
        return speaker if near and mention.kind == "pronoun" and (mention.first, mention.last) in self.goes_on else None

    def _framing(self, mention: PairMention) -> Iterator[Cluster]:
        """Texts in which somebody speaks in a pronoun's sentence: "In a notice taped to the fence, it spoke of a pause"."""
        if mention.kind != "pronoun":
            return
        start = self.antecedents.sentence_ending_at(mention.first - 1)
        if start is None:
            return
        side, forms = self.side, self.words.forms
        for i in np.flatnonzero((start < side.first) & (side.last < mention.first)):
            cluster = self.every_clusters[i]
            if cluster is not None and cluster.kind == "document" and forms[side.first[i] - 1].lower() == "in":
                yield cluster

    def _weigh_description(self, mention: PairMention, clusters: Sequence[Cluster], weights: dict[int, float]) -> None:
        """Change the weights of clusters by what a description calls whom it means."""
        wanted = description_of(self.words, mention.first, mention.last)
        roles = self._all_roles()
        fits = {id(c): best_fit(wanted, roles[id(c)]) for c in clusters if id(c) in roles} if wanted[0] else {}
        closest = max(fits.values(), default=0)
        for key, fit in fits.items():
            if fit and (fit > 1 or closest == 1):  # "the Rovers manager" is not United's
                weights[key] = weights.get(key, 0.0) + ROLE + ROLE_MORE * (fit - 1)
        taken_up = self.words.forms[mention.first].lower() == "the" and not any(fits.values())
        cost = NO_SPOKESMAN if wanted[0] in _SPOKESMEN else SOMEBODYS if self._is_somebodys(mention, wanted[0]) else 0.0
        for cluster in clusters:
            if cost and self._is_not_called(cluster, fits):
                self._charge(weights, cluster, cost)
            if self._is_other(wanted[0], cluster):
                self._charge(weights, cluster, OTHER_NOUN)
            if cluster.names is None and cluster.kind == "document" and self._is_person(wanted[0]):
                self._charge(weights, cluster, NO_TEXT)
            group = cluster.names
            if group is not None and group.label == "ORG" and any(same_sort(wanted[0], name) for name in group.folded):
                _gain(weights, cluster, SORT)
            if taken_up and self._is_introduced_as(wanted[0], cluster):
                self._charge(weights, cluster, -INTRODUCED)

    def _is_not_called(self, cluster: Cluster, fits: Mapping[int, int]) -> bool:
        """Whether a named person is not called so; `fits` tells, by `id()`, who is."""
        return cluster.names is not None and cluster.names.label == "PER" and not fits.get(id(cluster))

    def _is_somebodys(self, mention: PairMention, noun: str) -> bool:
        """Whether a description is of a named person's doctor or lawyer: the text tells so where it names them."""
        owned = any(
            self.analysis.names[i][0] == "PER" and self.words.forms[self.analysis.names[i][2] + 1] in POSSESSIVE
            for i in self._names_in(mention)
            if self.analysis.names[i][2] < mention.last
        )
        return owned and noun in _SERVING

    def _is_other(self, noun: str, cluster: Cluster) -> bool:
        """Whether a description cannot mean a named source by its noun: no body is "the engineer", nobody "the airline"."""
        noun, group = noun.rsplit(" ", 1)[-1], cluster.names
        return group is not None and (
            (self._is_person(noun) and group.label != "PER")
            or (group.label == "PER" and is_body(noun) and noun not in person_nouns())
            or (group.label == "ORG" and any(other_sort(noun, name) for name in group.folded))
        )

    def _is_person(self, noun: str) -> bool:
        """Whether the noun of a description is one for a person."""
        noun = noun.rsplit(" ", 1)[-1]
        return noun in person_nouns() and not is_body(noun)

    def _is_introduced_as(self, noun: str, cluster: Cluster) -> bool:
        """Whether the text has introduced somebody unnamed by a noun: "an engineer who left" for "the engineer"."""
        if noun not in person_nouns() or cluster.kind != "anonymous" or cluster.names is not None or not cluster.mentions:
            return False
        return description_of(self.words, *cluster.mentions[0])[0] == noun

    def _topic(self, mention: PairMention) -> Cluster | None:
        """Whom the sentence before is about: who begins it. "And Okonjo, too, seems to agree. “Why not?” he said."""
        if not is_personal(self.words, mention):
            return None
        first = self.antecedents.sentence_before(mention)
        if first is None:
            return None
        at = bisect_left(self.analysis.names, first, key=_starts)
        if at == len(self.names):
            return None
        label, begins, last = self.analysis.names[at]
        if label != "PER" or begins >= min(first + _OPENING, mention.first):
            return None
        spoke = bisect_right(self.sources, last, key=lambda source: source[0])
        if spoke < len(self.sources) and self.sources[spoke][0] < mention.first:
            return None  # "Okonjo left, Lim said. “She had to,” he added."
        after = last + 1 + (self.words.forms[last + 1] in POSSESSIVE)
        if self.words.forms[after].lower() in person_nouns():
            return None  # "Okonjo's captain", "Lorry driver" are somebody else
        return self.cluster_of_name[at]

    def _owner(self, mention: PairMention) -> Cluster | None:
        """Whose wife "his wife" is, where that is clear: not who the wife is."""
        if mention.kind != "nominal" or PRONOUNS.get(self.words.forms[mention.first].lower()) not in ("he", "she"):
            return None
        if description_of(self.words, mention.first, mention.last)[0] not in person_nouns():
            return None  # "his letter", "her office" speak for him and her
        pronoun = PairMention(mention.first, mention.first, "pronoun")
        index, scores, _ = next(self._scored([pronoun]))
        options = self._options(pronoun, index, scores)
        if not options:
            return None
        total = float(np.logaddexp.reduce([o.score for o in options]))
        return options[0].cluster if np.exp(options[0].score - total) > OWNER else None

    def _charge(self, weights: dict[int, float], cluster: Cluster | None, cost: float) -> None:
        if cluster is not None:
            weights[id(cluster)] = min(weights.get(id(cluster), 0.0), -cost)

    def _weighed(self, options: list[Option], weights: Mapping[int, float]) -> list[Option]:
        """The options with what their clusters gain or lose, the likeliest first."""
        if not weights:
            return options
        for option in options:
            option.score += weights.get(id(option.cluster), 0.0)
        return sorted(options, key=lambda o: -o.score)

    def _all_roles(self) -> dict[int, list[tuple[str, frozenset[str]]]]:
        """What the text calls each named person, by the cluster's `id()`, wherever it names them."""
        if self._roles is None:
            self._roles = {}
            for group in self.name_clusters:
                if group.label == "PER":
                    found = [role for i in group.members for role in roles_of(self.words, self.analysis.names[i][1:])]
                    if found:
                        self._roles[id(self.cluster_of_name[group.members[0]])] = found
        return self._roles

    def _opens_new(self, mention: PairMention) -> bool:
        """Whether the mention is a description of somebody new; only a name within it can be whom it means."""
        return mention.kind == "nominal" and self.words.forms[mention.first].lower() in _INDEFINITE

    def _narrator(self, mention: PairMention) -> Resolved | None:
        """Whom "I" means outside marks: whose turn it is in a printed talk, else the author of the article or letter."""
        forms, first = self.words.forms, mention.first
        if mention.kind != "pronoun" or forms[first] != "I" or self.words.depth[first]:
            return None
        start = int(np.searchsorted(self.words.paragraphs, self.words.paragraphs[first]))
        at = bisect_left(self.sources, (start, 0))
        label = self.sources[at] if at < len(self.sources) else (first, first)
        if label in self.of_source and label[0] == start and forms[label[1] + 1] == ":":
            return replace(self.of_source[label], rule=AROUND)
        name = self.narrators.at(first)
        if name is None:
            return None
        cluster = self.cluster_of_name[name]
        cluster.kind = cluster.kind or "person"
        return Resolved(cluster, NARRATOR, PRONOUN, self.analysis.names[name][1:])

    def _choose(self, mention: PairMention, options: list[Option], new: float, kinds: FloatArray) -> Resolved:
        group = float(kinds[KINDS.index("group")])
        if group > GROUP and len(self._names_in(mention)) > 1:
            return Resolved(Cluster(kind="group"), group, NEW)
        if is_joint(self.words, (mention.first, mention.last)) or self._is_list(mention):
            return Resolved(Cluster(kind="group"), group, NEW)
        named = self._bare_name(mention, kinds) or self._apposed(mention)
        if named is not None:
            return Resolved(self._typed(named, kinds), 0.97, NAME_WITHIN)
        if self._opens_new(mention) and KINDS[int(kinds.argmax())] in ("person", "anonymous"):
            named = self._named_next((mention.first, mention.last)) or self._named_later(mention)
            if named is not None and named.names is not None:
                return Resolved(self._typed(named, kinds), 0.97, DESCRIPTION, self.analysis.names[named.names.members[0]][1:])
        total = float(np.logaddexp.reduce([new, *(o.score for o in options)]))
        rivals = _probabilities(options, total)
        if options and (options[0].score >= new or self._needs_antecedent(mention)):
            best = options[0]
            rule = PRONOUN if mention.kind == "pronoun" else DESCRIPTION
            if any(self.cluster_of_name[i] is best.cluster for i in self._names_in(mention)):
                rule = NAME_WITHIN
            return Resolved(self._typed(best.cluster, kinds), rivals[0][1], rule, best.via, rivals[1:])
        cluster = self._headline(mention) or Cluster(kind=KINDS[int(kinds.argmax())])
        if cluster.kind in ("document", "organization") and self._opens_new(mention):
            noun = person_noun(self.words, mention.first)  # "a critic on a Sunday paper" is no paper
            if noun is not None and noun <= mention.last:
                cluster.kind = "anonymous"
        if cluster.kind in ("person", "anonymous"):
            if is_text_mention(self.words, (mention.first, mention.last)) and not self._is_person(self._called(mention)):
                cluster.kind = "document"
            elif self._is_proper(mention):
                cluster.kind = "organization"
        if cluster.kind == "person":  # a person has a name; a description without one is an unnamed individual
            cluster.kind = "anonymous"
        return Resolved(cluster, float(np.exp(new - total)), NEW, None, rivals)

    def _is_proper(self, mention: PairMention) -> bool:
        """Whether a mention is a body's name that no tagger saw: "The Velsen Gazette", not "The Velsen Premier"."""
        forms = self.words.forms[mention.first : mention.last + 1]
        whole = len(forms) > 2 and forms[0] == "The" and all(f[:1].isupper() for f in forms[1:])
        return whole and not any(f.lower() in person_nouns() or singular(f) in person_nouns() for f in forms[1:])

    def _named_next(self, mention: tuple[int, int]) -> Cluster | None:
        """Whom the next paragraph names, for a lede's "A hill farmer has ...": "Rhodri Parry, 44, told the court ..."."""
        paragraphs, forms = self.words.paragraphs, self.words.forms
        lede = int(paragraphs[mention[0]])
        if lede >= _LEDE or forms[mention[0]].lower() not in ("a", "an") or number_told(self.words, mention):
            return None
        start = int(np.searchsorted(paragraphs, lede))
        if mention[0] != start and (forms[mention[0] - 1] not in ("-", "–", "—") or mention[0] - start >= _DATELINE):
            return None
        body = any(forms[i] == "." and paragraphs[i + 1] != paragraphs[i] for i in range(start))
        if body or not _NAMELESS.isdisjoint(forms[mention[0] : mention[1] + 1]):
            return None
        end = int(np.searchsorted(paragraphs, lede, side="right"))
        at = bisect_left(self.analysis.names, end, key=lambda name: name[1])
        if at == len(self.analysis.names):
            return None
        label, first, last = self.analysis.names[at]
        named = label == "PER" and first == end and last > first and last + 1 < len(forms) and forms[last + 1] == ","
        return self.cluster_of_name[at] if named else None

    def _named_later(self, mention: PairMention) -> Cluster | None:
        """Who is told by the noun of a lede's "a federal judge" where they are named: "U.S. District Judge Ruth Okello wrote".

        Only who is named first after it, is the only one told so, and whom nothing in the mention rules out.
        """
        words = self.words
        wanted = description_of(words, mention.first, mention.last)
        lede = words.paragraphs[mention.first]
        nameless = not (_NAMELESS | _RANKS).isdisjoint(words.forms[mention.first : mention.last + 1])
        if lede >= _LEDE or nameless or not self._is_person(wanted[0]) or number_told(words, (mention.first, mention.last)):
            return None
        roles = self._all_roles()
        called = [g for g in self.name_clusters if best_fit(wanted, roles.get(id(self.cluster_of_name[g.members[0]]), ()))]
        if len(called) != 1:
            return None
        first = self.analysis.names[called[0].members[0]][1]
        if not mention.last < first or words.paragraphs[first] - lede > _NAMED_BY:
            return None
        noun = wanted[0].rsplit(" ", 1)[-1]
        nouns = (i for i in range(mention.last + 1, first) if words.forms[i].lower() == noun)
        if any(not _INDEFINITE.isdisjoint(f.lower() for f in words.forms[i - 2 : i]) for i in nouns):
            return None  # "another judge" is somebody else, and may be who is named
        owners = {id(self.cluster_of_name[i]) for i in self._names_in(mention)}
        beside = {id(self.cluster_of_name[i]) for m in called[0].members for i in (m - 1, m + 1) if 0 <= i < len(self.names)}
        return None if owners and owners.isdisjoint(beside) else self.cluster_of_name[called[0].members[0]]

    def _headline(self, mention: PairMention) -> Cluster | None:
        """Who is meant by a headline's bare "official", or was by one before: "a federal official with knowledge of it"."""
        forms = self.words.forms
        noun = forms[mention.first].lower()
        if mention.first == mention.last and noun in person_nouns() and self.words.paragraphs[mention.first] < _LEDE:
            later = (i for i in self.people if self.every[i].first > mention.first)
            found = next((i for i in later if noun in forms[self.every[i].first : self.every[i].last + 1]), None)
            if found is not None:
                return self.every_clusters[found]
            return self.bare.setdefault(noun, Cluster(kind="anonymous"))
        if self.bare and self._opens_new(mention):
            noun = next((f for f in forms[mention.first : mention.last + 1] if f in self.bare), "")
            return self.bare.pop(noun, None)
        return None

    def _names_in(self, mention: PairMention) -> list[int]:
        """The names that stand wholly in a mention."""
        at = bisect_left(self.analysis.names, mention.first, key=lambda name: name[1])
        within = takewhile(lambda i: self.analysis.names[i][1] <= mention.last, range(at, len(self.analysis.names)))
        return [i for i in within if self.analysis.names[i][2] <= mention.last]

    def _is_list(self, mention: PairMention) -> bool:
        """Whether a mention names several people and nothing else: "Lim Dong and Ann Bell", "Senators Okello and Dong"."""
        people = [self.analysis.names[i][1:] for i in self._names_in(mention) if self.analysis.names[i][0] == "PER"]
        named = {i for a, b in people for i in range(a, b + 1)}
        rest = [self.words.forms[i] for i in range(mention.first, mention.last + 1) if i not in named]
        return len(people) > 1 and "and" in rest and all(f in ("and", ",", ".") or f[:1].isupper() for f in rest)

    def _bare_name(self, mention: PairMention, kinds: FloatArray) -> Cluster | None:
        """The body that a mention names with "the" alone: "the Blue House" (not: "the Belmarans", "the Belmaran")."""
        name = self.spans_of_names.get((mention.first + 1, mention.last))
        the = mention.kind == "nominal" and self.words.forms[mention.first].lower() == "the"
        body = KINDS[int(kinds.argmax())] in ("organization", "document")
        return self.cluster_of_name[name] if the and body and name is not None else None

    def _apposed(self, mention: PairMention) -> Cluster | None:
        """The person whose name is the mention's own: "another critic, Lim Dong", "his wife and campaigner Ann Bell".

        Not where the name only tells more: "a spokesman for Lim Dong", "Lim Dong's doctor", "the Dong inquiry".
        """
        if mention.kind != "nominal":
            return None
        span, within = (mention.first, mention.last), self._names_in(mention)
        people = [i for i in within if self.analysis.names[i][0] == "PER"]
        own = [i for i in people if is_own(self.words, span, *self.analysis.names[i][1:])]
        if not own:
            author = author_of(self.words, self.analysis.names, span) if is_text_mention(self.words, span) else None
            if author is not None:
                return self._with_kind(author)
            labelled = [(i, *self.analysis.names[i]) for i in within]
            own = [i for i, label, a, b in labelled if is_author(self.words, span, a, b, label == "ORG")]
            if len(own) == 1:
                return self._with_kind(own[0])
            own = [i for i, label, a, b in labelled if label != "PER" and is_apposed(self.words, span, a, b)]
        return self.cluster_of_name[own[0]] if len(own) == 1 else None

    def _with_kind(self, author: int) -> Cluster:
        """The author of a text, by name: what speaks is not the text."""
        cluster = self.cluster_of_name[author]
        label = self.analysis.names[author][0]
        if cluster.kind is None and label != "OTHER":
            cluster.kind = "person" if label == "PER" else "organization"
        return cluster

    def _others_in(self, mention: PairMention) -> set[int]:
        """Clusters, by `id()`, of the people whose names only tell more in a mention: who is meant is somebody else."""
        if mention.kind != "nominal":
            return set()
        span = mention.first, mention.last
        is_document = is_text_mention(self.words, span)
        # "the Coombe woman", "an engineer who left the Coombe Trust"
        of_person = self._is_person(description_of(self.words, *span)[0])
        return {
            id(self.cluster_of_name[i])
            for i in self._names_in(mention)
            for label, first, last in [self.analysis.names[i]]
            if is_document
            or (label != "PER" and self._opens_new(mention) and last + 1 == head_at(self.words, *span))
            or (label == "PER" and tells_more(self.words, span, first, last))
            or (label != "PER" and of_person and self.words.forms[first - 1] != ",")
        }

    def _needs_antecedent(self, mention: PairMention) -> bool:
        if mention.kind == "nominal" and self.words.slice(mention.first, mention.last).lower() == "the statement":
            return True  # whoever made it
        return is_personal(self.words, mention)

    def _typed(self, cluster: Cluster, kinds: FloatArray) -> Cluster:
        """Settle the kind of a named source at its first mention as source."""
        if cluster.kind is None and cluster.names is not None:
            likely = dict(zip(KINDS, kinds.tolist(), strict=True))
            person, body, document = likely["person"], likely["organization"], likely["document"]
            named_person = cluster.names.label == "PER"
            # a word alone that is no given name may as well be a newspaper's name
            single = all(len(name) == 1 for name in cluster.names.folded)
            unknown = single and cluster.names.likely_gender == "-" and not cluster.gender
            sure = SINGLE_KIND if unknown else SURE_KIND
            if (named_person and body < sure) or (not named_person and person > SURE_KIND):
                cluster.kind = "person"
            elif single and _are_many(cluster.names) and likely["group"] > max(body, document):
                cluster.kind = "group"  # "Republicans"
            else:
                cluster.kind = "document" if document > max(0.5, body) else "organization"
        return cluster

    # --- quotations without a mention

    def _find_sources(self, drafts: Sequence[Draft]) -> Iterator[Resolved]:
        marked = self.analysis.marked
        if not self.every:
            yield from (Resolved(None, 0.0, NOBODY) for _ in drafts)
            return
        spans = [(marked[d.marked[0]].first, marked[d.marked[0]].last) if d.marked else d.ranges[0] for d in drafts]
        anaphors = [PairMention(a, b, "quotation") for a, b in spans]
        options: dict[int, list[Option]] = {}
        for draft, anaphor, (index, scores, _) in zip(drafts, anaphors, self._scored(anaphors), strict=True):
            weights: dict[int, float] = {}
            for i, cost in self.antecedents.named(quoted_ranges(self.analysis, draft)).items():
                self._charge(weights, self.cluster_of_name[i], cost)
            subject = self._subject_before(anaphor)
            if subject is not None:
                _gain(weights, subject, LEADING_UP)
            found = self._options(anaphor, index, scores)
            for option in found:
                if option.cluster.names is not None and option.cluster.names.label == "PER":
                    _gain(weights, option.cluster, NAMED_PERSON)
            options[id(draft)] = self._weighed(found, weights)
        runs = find_runs(self.analysis)
        for run in runs:
            self._take_turns(run, options)
        talk = {id(self.analysis.drafts[k]) for run in runs for k in run.drafts}
        yield from (self._likeliest(options[id(d)], LEAST_IN_TALK if id(d) in talk else LEAST) for d in drafts)

    def _subject_before(self, quotation: PairMention) -> Cluster | None:
        """Who begins the sentence before a quotation, or the one that leads up to it: "The clerk paused. “I read it.”"."""
        start = self.antecedents.sentence_ending_at(quotation.first - 1)
        if start is None or self.words.paragraphs[quotation.first] - self.words.paragraphs[start] > 1:
            return None
        if not _TELLING.isdisjoint(f.lower() for f in self.words.forms[start : quotation.first]):
            return None  # "She asked him why. “Money.”"
        side = self.side
        near = (start <= side.first) & (side.first < start + _OPENING) & (side.last < quotation.first)
        found = {id(c): c for i in np.flatnonzero(near) if (c := self.every_clusters[i]) is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    def _take_turns(self, run: Run, options: dict[int, list[Option]]) -> None:
        """Score the options of a run of turns anew, with what the speakers of the others make likely."""
        drafts = [self.analysis.drafts[k] for k in run.drafts]
        known = [self.of_source[d.source].cluster if d.source in self.of_source else None for d in drafts]
        other = self._spoke_before(run.drafts[0], known[0])
        people = {id(c): c for c in (other, *known) if c is not None}
        people |= {id(o.cluster): o.cluster for d in drafts for o in options.get(id(d), ())[:TURN_OPTIONS]}
        place = {ident: k for k, ident in enumerate(people)}
        if not place:
            return
        # who spoke before goes first, as if in a turn
        scores = np.full((1 + len(drafts), len(people)), IMPOSSIBLE, dtype=np.float32)
        scores[0, 0 if other is not None else slice(None)] = 0.0
        rows = scores[1:]
        for row, draft, cluster in zip(rows, drafts, known, strict=True):
            if cluster is not None:
                row[place[id(cluster)]] = 0.0
            for option in options.get(id(draft), ()):
                if id(option.cluster) in place:
                    unknown = self._introduced_at(option.cluster) > draft.ranges[-1][1]
                    row[place[id(option.cluster)]] = option.score - UNKNOWN * unknown
        for k, draft in enumerate(drafts):
            for i in self.antecedents.addressed(quoted_ranges(self.analysis, draft)):
                called = place.get(id(self.cluster_of_name[i]))
                if called is not None:
                    rows[max(0, k - 1) : k, called] += CALLED
                    rows[k + 1 : k + 2, called] += CALLED
        for row, draft in zip(decode(scores, (0.0, *run.costs))[1:], drafts, strict=True):
            if id(draft) in options:
                found = [o for o in options[id(draft)] if id(o.cluster) in place]
                for option in found:
                    option.score = float(row[place[id(option.cluster)]])
                options[id(draft)] = sorted(found, key=lambda o: -o.score)

    def _introduced_at(self, cluster: Cluster) -> int:
        """The first word of the article's first mention of somebody."""
        if not self._introductions:
            for other, mention in zip(self.every_clusters, self.every, strict=True):
                first = min(self._introductions.get(id(other), mention.first), mention.first)
                self._introductions[id(other)] = first
        return self._introductions[id(cluster)]

    def _spoke_before(self, number: int, speaker: Cluster | None) -> Cluster | None:
        """Who spoke last before a talk, other than who begins it."""
        start = self.words.paragraphs[self.analysis.drafts[number].ranges[0][0]] - _EARLIER
        for draft in reversed(self.analysis.drafts[:number]):
            if self.words.paragraphs[draft.ranges[0][0]] < start:
                break
            found = self.of_source[draft.source].cluster if draft.source in self.of_source else None
            if found is not None and found is not speaker and draft.within is None:
                return found
        return None

    def _likeliest(self, options: list[Option], least: float) -> Resolved:
        if not options:
            return Resolved(None, 0.0, NOBODY)
        probable = _probabilities(options, float(np.logaddexp.reduce([o.score for o in options])))
        cluster, confidence = probable[0]
        if confidence < least:
            return Resolved(None, confidence, UNLIKELY, None, probable)
        if cluster.kind is None:
            self._typed(cluster, np.zeros(len(KINDS), dtype=np.float32))
        return Resolved(cluster, confidence, LIKELIEST, options[0].via, probable[1:])


# So many likeliest clusters are told, with a probability of at least `TOLD`.
RIVALS, TOLD = 3, 0.01


def _probabilities(options: Sequence[Option], total: float) -> tuple[tuple[Cluster, float], ...]:
    found = [(o.cluster, float(np.exp(o.score - total))) for o in options[: RIVALS + 1]]
    return tuple(x for k, x in enumerate(found) if k == 0 or x[1] >= TOLD)


def _taken_over(other: Resolved, rule: str) -> Resolved:
    """The source of another quotation, a little less sure."""
    return Resolved(other.cluster, other.confidence * 0.97, rule)


def _are_many(group: NameCluster) -> bool:
    """Whether a name tells of several people: "Velsenites"."""
    return group.label == "OTHER" and all(name[-1].endswith("s") for name in group.folded)


def _gain(weights: dict[int, float], cluster: Cluster, gain: float) -> None:
    weights[id(cluster)] = weights.get(id(cluster), 0.0) + gain


def _starts(name: tuple[str, int, int]) -> int:
    return name[1]


def _counts_other(words: Words, number: int, cluster: Cluster) -> bool:
    """Whether a source without a name was introduced by another number: "the first official" is not "another official"."""
    if cluster.names is not None or not cluster.mentions:
        return False
    other = number_told(words, cluster.mentions[0])
    return other != number and other > 0


def _can_speak(words: Words, anaphor: PairMention, candidate: PairMention, opens_new: bool) -> bool:
    """Whether a candidate can be the source at all, whatever its score."""
    inside = anaphor.first <= candidate.first and candidate.last <= anaphor.last
    if inside and candidate.last < anaphor.last - 1 and words.forms[candidate.last + 1] in POSSESSIVE:
        return False  # "Lim Dong's doctor" is not Lim Dong
    told_by = PRONOUNS.get(words.forms[anaphor.first].lower()) if anaphor.kind == "pronoun" else ""
    if told_by in ("i", "we") and words.forms[candidate.first].lower() in ("my", "our"):
        return False  # "my editor" is not "I"
    if candidate.entity == "OTHER":
        # places and peoples speak only under their own name: not in "a senior Belmaran official"
        return candidate.is_source and not inside
    return inside or not opens_new

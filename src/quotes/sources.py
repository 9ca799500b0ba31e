"""Resolve the mentions of a whole article to its sources: who is `he`, `the ministry`, `a second diplomat`?

Names are clustered by tokens (`names`); every mention beside a quotation is then scored against the names and the mentions
before it, in order of text (`pairs`), and joins the best cluster or opens a source of its own. A quotation without a mention
looks for its best source in the same way.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

import numpy as np

from quotes.attribution import Analysis, Draft, end_vectors, two_layers
from quotes.encoder import FloatArray
from quotes.introductions import find_introductions
from quotes.names import NameCluster, cluster_names, read_name
from quotes.pairs import PRONOUNS, PairMention, PairScorer, classify, describe, may_mean, side_features
from quotes.records import SpeakerKind
from quotes.words import IntArray

KINDS: tuple[SpeakerKind, ...] = ("person", "organization", "document", "anonymous", "group")
# A quotation whose best source is less likely than this stays unattributed.
LEAST = 0.35
# Words that open a description of somebody not spoken of before: "a diplomat", "another diplomat", "a second official".
_INDEFINITE = frozenset("a an one another some two three four five several".split())
# A mention of several people is a group from this probability on, even where one of their names would fit.
GROUP = 0.7
# Candidates stand within so many words of a mention (`REACH`): all of a news article. In a longer text the first
# mentions of its most frequent names (`LEADING`) are candidates throughout. Mentions of a `STRETCH` are scored together.
REACH, LEADING, STRETCH = 3000, 40, 500


@dataclass(slots=True)
class Cluster:
    """A source in the making. `names`: its name cluster, or None; `mentions`: word ranges of its mentions as source."""

    names: NameCluster | None = None
    kind: SpeakerKind | None = None
    mentions: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Resolved:
    """The cluster of a draft, how sure, and by what."""

    cluster: Cluster | None
    confidence: float
    rule: str


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
        self.name_clusters = cluster_names(self.names)
        self.cluster_of_name: dict[int, Cluster] = {}
        for group in self.name_clusters:
            cluster = Cluster(names=group)
            for i in group.members:
                self.cluster_of_name[i] = cluster
        self.spans_of_names = {(a, b): i for i, (_, a, b) in enumerate(analysis.names)}
        self.sources = sorted({d.source for d in analysis.drafts if d.source is not None})
        # candidates: the names, then the sources that are no names, each with its cluster as soon as that is known
        self.every, self.every_clusters = self._name_candidates()
        self.anaphors = self._add_source_candidates()
        self.side = describe(words, self.every)
        self.key = scorer.key(self.vectors, self.every) if self.every else self.vectors[:0]
        often = sorted(self.name_clusters, key=lambda c: -len(c.members))[:LEADING]
        self.leading = [c.members[0] for c in often]
        self.of_source: dict[tuple[int, int], tuple[Cluster, float, str]] = {}

    def _name_candidates(self) -> tuple[list[PairMention], list[Cluster | None]]:
        sources = set(self.sources)
        mentions = [PairMention(a, b, "name", label, (a, b) in sources) for label, a, b in self.analysis.names]
        clusters: list[Cluster | None] = [self.cluster_of_name[i] for i in range(len(mentions))]
        for span in find_introductions(self.words, self.analysis.names, self.sources):
            mentions.append(PairMention(*span, "nominal"))
            clusters.append(Cluster(kind="anonymous", mentions=[span]))
        return mentions, clusters

    def _add_source_candidates(self) -> list[PairMention]:
        """The mentions of sources; those that are no names become candidates."""
        mentions = []
        for a, b in self.sources:
            kind = "name" if (a, b) in self.spans_of_names else classify(self.words, a, b)
            mentions.append(PairMention(a, b, kind, "", True))
        extra = [m for m in mentions if m.kind != "name"]
        self.every += extra
        self.every_clusters += [None] * len(extra)
        return mentions

    def resolve(self) -> list[Resolved]:
        """The cluster of each draft, in order."""
        self._resolve_mentions()
        without = [d for d in self.analysis.drafts if d.source is None and d.continues is None]
        found = iter(self._find_sources(without))
        results: list[Resolved] = []
        for draft in self.analysis.drafts:
            if draft.source is not None:
                cluster, confidence, rule = self.of_source[draft.source]
                results.append(Resolved(cluster, confidence, rule))
            elif draft.continues is not None:
                before = results[draft.continues]
                results.append(Resolved(before.cluster, before.confidence * 0.97, "goes on with the quotation before"))
            else:
                results.append(next(found))
        return results

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
                cluster = self._typed(self.cluster_of_name[self.spans_of_names[span]], kind)
                confidence, rule = 0.97, "the name itself"
            else:
                index, scores, query = next(scored)
                new = float(self.scorer.new(query[None], [mention.kind])[0])
                cluster, confidence, rule = self._choose(mention, self._options(mention, index, scores), new, kind)
                self.every_clusters[place] = cluster
                place += 1
            cluster.mentions.append(span)
            self.of_source[span] = (cluster, confidence, rule)

    def _kinds(self, mentions: Sequence[PairMention]) -> FloatArray:
        logits = two_layers(self.heads, "kind", end_vectors(self.vectors, [(m.first, m.last) for m in mentions]))
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        out: FloatArray = e / e.sum(axis=1, keepdims=True)
        return out

    def _options(self, anaphor: PairMention, index: IntArray, scores: FloatArray) -> dict[int, tuple[Cluster, float]]:
        """Each cluster with the log-sum of its mentions' scores, by id(); `index` tells which were scored."""
        by_cluster: dict[int, tuple[Cluster, list[float]]] = {}
        opens_new = self._opens_new(anaphor)
        for place, score in zip(index.tolist(), scores.tolist(), strict=True):
            cluster, candidate = self.every_clusters[place], self.every[place]
            if cluster is not None and may_mean(anaphor, candidate) and _can_speak(anaphor, candidate, opens_new):
                by_cluster.setdefault(id(cluster), (cluster, []))[1].append(score)
        return {k: (c, s[0] if len(s) == 1 else float(np.logaddexp.reduce(s))) for k, (c, s) in by_cluster.items()}

    def _opens_new(self, mention: PairMention) -> bool:
        """Whether the mention is a description of somebody new; only a name within it can be whom it means."""
        return mention.kind == "nominal" and self.words.forms[mention.first].lower() in _INDEFINITE

    def _choose(
        self, mention: PairMention, options: dict[int, tuple[Cluster, float]], new: float, kinds: FloatArray
    ) -> tuple[Cluster, float, str]:
        total = np.logaddexp.reduce([new, *(s for _, s in options.values())])
        if kinds[KINDS.index("group")] > GROUP and len(self._names_in(mention)) > 1:
            return Cluster(kind="group"), float(kinds[KINDS.index("group")]), "a new source"
        best = max(options.values(), key=lambda x: x[1], default=None)
        if best is not None and (best[1] >= new or self._needs_antecedent(mention)):
            cluster, score = best
            rule = "a pronoun" if mention.kind == "pronoun" else "a description"
            if any(self.cluster_of_name[i] is cluster for i in self._names_in(mention)):
                rule = "the name in the mention"
            return self._typed(cluster, kinds), float(np.exp(score - total)), rule
        cluster = Cluster(kind=KINDS[int(kinds.argmax())])
        if cluster.kind == "person":  # a person has a name; a description without one is an unnamed individual
            cluster.kind = "anonymous"
        return cluster, float(np.exp(new - total)), "a new source"

    def _names_in(self, mention: PairMention) -> list[int]:
        """The names that stand wholly in a mention."""
        at = bisect_left(self.analysis.names, mention.first, key=lambda name: name[1])
        within = takewhile(lambda i: self.analysis.names[i][1] <= mention.last, range(at, len(self.analysis.names)))
        return [i for i in within if self.analysis.names[i][2] <= mention.last]

    def _needs_antecedent(self, mention: PairMention) -> bool:
        return mention.kind == "pronoun" and PRONOUNS.get(self.words.forms[mention.first].lower()) in ("he", "she")

    def _typed(self, cluster: Cluster, kinds: FloatArray) -> Cluster:
        """Settle the kind of a named source at its first mention as source."""
        if cluster.kind is None and cluster.names is not None:
            if cluster.names.label == "PER":
                cluster.kind = "person"
            else:
                cluster.kind = "document" if kinds[2] > max(0.5, kinds[1]) else "organization"
        return cluster

    # --- quotations without a mention

    def _find_sources(self, drafts: Sequence[Draft]) -> Iterator[Resolved]:
        marked = self.analysis.marked
        if not self.every:
            yield from (Resolved(None, 0.0, "no source in the article") for _ in drafts)
            return
        spans = [(marked[d.marked[0]].first, marked[d.marked[0]].last) if d.marked else d.ranges[0] for d in drafts]
        anaphors = [PairMention(a, b, "quotation") for a, b in spans]
        for anaphor, (index, scores, _) in zip(anaphors, self._scored(anaphors), strict=True):
            yield self._likeliest(self._options(anaphor, index, scores))

    def _likeliest(self, options: dict[int, tuple[Cluster, float]]) -> Resolved:
        if not options:
            return Resolved(None, 0.0, "no source in the article")
        total = np.logaddexp.reduce([s for _, s in options.values()])
        cluster, score = max(options.values(), key=lambda x: x[1])
        confidence = float(np.exp(score - total))
        if confidence < LEAST:
            return Resolved(None, confidence, "no source is likely enough")
        if cluster.kind is None:
            self._typed(cluster, np.zeros(len(KINDS), dtype=np.float32))
        return Resolved(cluster, confidence, "the likeliest source near the quotation")


def _can_speak(anaphor: PairMention, candidate: PairMention, opens_new: bool) -> bool:
    """Whether a candidate can be the source at all, whatever its score."""
    inside = anaphor.first <= candidate.first and candidate.last <= anaphor.last
    if candidate.entity == "OTHER":
        # places and peoples speak only under their own name: not in "a senior Belmaran official"
        return candidate.is_source and not inside
    return inside or not opens_new

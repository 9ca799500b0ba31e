"""Resolve the mentions of a whole article to its sources: who is `he`, `the ministry`, `a second diplomat`?

Names are clustered by tokens (`names`); every mention beside a quotation is then scored against the names and the mentions
before it, in order of text (`pairs`), and joins the best cluster or opens a source of its own. A quotation without a mention
looks for its best source in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quotes.attribution import Analysis, Draft, end_vectors, two_layers
from quotes.encoder import FloatArray
from quotes.names import NameCluster, cluster_names, read_name
from quotes.pairs import PRONOUNS, PairMention, PairScorer, classify, may_mean, pair_features
from quotes.records import SpeakerKind

KINDS: tuple[SpeakerKind, ...] = ("person", "organization", "document", "anonymous", "group")
# A quotation whose best source is less likely than this stays unattributed.
LEAST = 0.35
# A mention of several people is a group from this probability on, even where one of their names would fit.
GROUP = 0.7


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
        self.candidates, self.candidate_clusters = self._name_candidates()
        self.every: list[PairMention] = list(self.candidates)
        self.every_clusters: list[Cluster | None] = list(self.candidate_clusters)
        self.of_source: dict[tuple[int, int], tuple[Cluster, float, str]] = {}

    def _name_candidates(self) -> tuple[list[PairMention], list[Cluster | None]]:
        sources = set(self.sources)
        mentions = [PairMention(a, b, "name", label, (a, b) in sources) for label, a, b in self.analysis.names]
        return mentions, [self.cluster_of_name[i] for i in range(len(mentions))]

    def resolve(self) -> list[Resolved]:
        self._resolve_mentions()
        results: list[Resolved] = []
        for draft in self.analysis.drafts:
            if draft.source is not None:
                cluster, confidence, rule = self.of_source[draft.source]
                results.append(Resolved(cluster, confidence, rule))
            elif draft.continues is not None:
                before = results[draft.continues]
                results.append(Resolved(before.cluster, before.confidence * 0.97, "goes on with the quotation before"))
            else:
                results.append(self._find_source(draft, results))
        return results

    # --- mentions

    def _resolve_mentions(self) -> None:
        if not self.sources:
            return
        mentions = []
        for a, b in self.sources:
            kind = "name" if (a, b) in self.spans_of_names else classify(self.words, a, b)
            mentions.append(PairMention(a, b, kind, "", True))
        extra = [m for m in mentions if m.kind != "name"]
        every = self.candidates + extra
        clusters: list[Cluster | None] = [*self.candidate_clusters, *([None] * len(extra))]
        place = {(m.first, m.last): len(self.candidates) + k for k, m in enumerate(extra)}
        query = self.scorer.query(self.vectors, mentions)
        key = self.scorer.key(self.vectors, every)
        scores = self.scorer.scores(query, key, pair_features(self.words, mentions, every))
        new = self.scorer.new(query, [m.kind for m in mentions])
        kinds = self._kinds(mentions)
        for row, mention in enumerate(mentions):
            options = self._options(mention, scores[row], every, clusters)
            cluster, confidence, rule = self._choose(mention, options, float(new[row]), kinds[row])
            cluster.mentions.append((mention.first, mention.last))
            self.of_source[mention.first, mention.last] = (cluster, confidence, rule)
            if mention.kind != "name":
                clusters[place[mention.first, mention.last]] = cluster
        self.every, self.every_clusters = every, clusters

    def _kinds(self, mentions: Sequence[PairMention]) -> FloatArray:
        logits = two_layers(self.heads, "kind", end_vectors(self.vectors, [(m.first, m.last) for m in mentions]))
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        out: FloatArray = e / e.sum(axis=1, keepdims=True)
        return out

    def _options(
        self, anaphor: PairMention, scores: FloatArray, every: Sequence[PairMention], clusters: Sequence[Cluster | None]
    ) -> dict[int, tuple[Cluster, float]]:
        """Each cluster with the log-sum of its mentions' scores, by id()."""
        by_cluster: dict[int, tuple[Cluster, list[float]]] = {}
        for candidate, cluster, score in zip(every, clusters, scores, strict=True):
            if cluster is not None and may_mean(anaphor, candidate):
                by_cluster.setdefault(id(cluster), (cluster, []))[1].append(float(score))
        return {k: (c, float(np.logaddexp.reduce(s))) for k, (c, s) in by_cluster.items()}

    def _choose(
        self, mention: PairMention, options: dict[int, tuple[Cluster, float]], new: float, kinds: FloatArray
    ) -> tuple[Cluster, float, str]:
        span = (mention.first, mention.last)
        if span in self.spans_of_names:
            return self._typed(self.cluster_of_name[self.spans_of_names[span]], kinds), 0.97, "the name itself"
        total = np.logaddexp.reduce([new, *(s for _, s in options.values())])
        if kinds[KINDS.index("group")] > GROUP and self._several_names(mention):
            return Cluster(kind="group"), float(kinds[KINDS.index("group")]), "a new source"
        best = max(options.values(), key=lambda x: x[1], default=None)
        if best is not None and (best[1] >= new or self._needs_antecedent(mention)):
            cluster, score = best
            rule = "a pronoun" if mention.kind == "pronoun" else "a description"
            if cluster.names and any(self._inside(i, mention) for i in cluster.names.members):
                rule = "the name in the mention"
            return self._typed(cluster, kinds), float(np.exp(score - total)), rule
        cluster = Cluster(kind=KINDS[int(kinds.argmax())])
        if cluster.kind == "person":  # a person has a name; a description without one is an unnamed individual
            cluster.kind = "anonymous"
        return cluster, float(np.exp(new - total)), "a new source"

    def _several_names(self, mention: PairMention) -> bool:
        return sum(mention.first <= a and b <= mention.last for _, a, b in self.analysis.names) > 1

    def _inside(self, name: int, mention: PairMention) -> bool:
        _, a, b = self.analysis.names[name]
        return mention.first <= a and b <= mention.last

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

    def _find_source(self, draft: Draft, results: Sequence[Resolved]) -> Resolved:
        marked = self.analysis.marked
        if draft.marked:
            m = marked[draft.marked[0]]
            anaphor = PairMention(m.first, m.last, "quotation")
        else:
            anaphor = PairMention(*draft.ranges[0], "quotation")
        if not self.every:
            return Resolved(None, 0.0, "no source in the article")
        query = self.scorer.query(self.vectors, [anaphor])
        key = self.scorer.key(self.vectors, self.every)
        scores = self.scorer.scores(query, key, pair_features(self.words, [anaphor], self.every))[0]
        options = self._options(anaphor, scores, self.every, self.every_clusters)
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

"""Which mention or source does a mention mean: features of a pair, and the trained scorer (numpy only).

An anaphor is a mention beside a quotation (name, pronoun, description) or a quotation itself that wants a source; a candidate
is another mention of the article. The scorer sees the encoder's vectors of both and what `pair_features` tells.
Mention ranking after Lee et al. 2017 ("End-to-end Neural Coreference Resolution"), cut down to what a quotation needs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from quotes.words import Words

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

ANAPHORS = ("name", "pronoun", "nominal", "quotation")
CANDIDATES = ("name", "pronoun", "nominal")
ENTITIES = ("", "PER", "ORG", "OTHER")

PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves", "themself"), "they"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "i"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours", "yourself"), "you"),
    **dict.fromkeys(("who", "whom", "whose", "which", "that"), "who"),
}
PRONOUN_CLASSES = ("he", "she", "they", "it", "i", "we", "you", "who")
_MALE = frozenset("mr mr. sir lord king prince sheikh shri father brother".split())
_FEMALE = frozenset("mrs mrs. ms ms. miss lady queen princess smt dame madam sister".split())
_MALE_NOUNS_WORDS = """
man men boy father dad son brother husband uncle grandfather grandson nephew widower boyfriend fiance gentleman bloke
spokesman chairman businessman congressman councilman alderman policeman fireman salesman cameraman fisherman craftsman
sportsman postman doorman barman waiter actor monk priest bishop imam king prince duke lord groom schoolboy lad chap guy fellow
"""
_FEMALE_NOUNS_WORDS = """
woman women girl mother mom mum daughter sister wife aunt grandmother granddaughter niece widow girlfriend fiancee lady
spokeswoman chairwoman businesswoman congresswoman councilwoman policewoman saleswoman sportswoman barmaid waitress
actress midwife nun queen princess duchess bride schoolgirl heroine lass
"""
_NOUN_GENDER = {**dict.fromkeys(_MALE_NOUNS_WORDS.split(), 1), **dict.fromkeys(_FEMALE_NOUNS_WORDS.split(), -1)}
# What follows the noun of a description.
_AFTER_NOUN = frozenset(
    ", of at in for from with to who whose on by near beside behind which that and under inside outside".split()
)
_EMPTY = frozenset("the a an of in for to at and 's ' . , - on with by his her their its".split())


@dataclass(frozen=True, slots=True)
class PairMention:
    """A mention as the scorer sees it: words `first` to `last`, both included.

    `kind` is one of ANAPHORS; `entity` one of ENTITIES (names only); `is_source` says that a quotation has it as its mention;
    `gender` is +1 male, -1 female, 0 where its own words are to tell.
    """

    first: int
    last: int
    kind: str
    entity: str = ""
    is_source: bool = False
    gender: int = 0


def classify(words: Words, first: int, last: int) -> str:
    """"pronoun" for a single pronoun, else "nominal"; names are told by the entity tagger."""
    return "pronoun" if first == last and words.forms[first].lower() in PRONOUNS else "nominal"


def is_personal(words: Words, mention: PairMention) -> bool:
    """Whether a mention is "he" or "she", in any case: "him", "her", "his"."""
    return mention.kind == "pronoun" and PRONOUNS.get(words.forms[mention.first].lower()) in ("he", "she")


def may_mean(anaphor: PairMention, candidate: PairMention) -> bool:
    """Whether a pair is scored: names anywhere, other mentions before; for a quotation every mention outside it."""
    if anaphor.kind == "quotation":
        return not (anaphor.first <= candidate.first and candidate.last <= anaphor.last)
    return candidate.kind == "name" or candidate.last < anaphor.first


@dataclass(frozen=True, slots=True)
class Side:
    """Arrays over one side of the pairs, one entry a mention: what `pair_features` compares."""

    first: IntArray
    last: IntArray
    kind: IntArray
    entity: IntArray
    source: BoolArray
    paragraph: IntArray
    depth: IntArray
    text: npt.NDArray[np.object_]
    tokens: npt.NDArray[np.object_]
    salience: FloatArray
    pronoun: IntArray
    gender: IntArray
    possessive: BoolArray
    initial: BoolArray
    comma: BoolArray

    def take(self, index: IntArray) -> "Side":
        """The side of some of the mentions; salience stays what it is among all."""
        return Side(*(getattr(self, f.name)[index] for f in fields(self)))


def describe(words: Words, mentions: Sequence[PairMention]) -> Side:
    """Look up once what each mention brings into its pairs."""
    forms = words.forms
    n = len(forms)
    first = np.array([m.first for m in mentions], dtype=np.int64)
    texts = [
        "" if m.kind == "quotation" else " ".join(forms[m.first : m.last + 1]).lower().removeprefix("the ")
        for m in mentions
    ]
    times = Counter(texts)
    return Side(
        first=first,
        last=np.array([m.last for m in mentions], dtype=np.int64),
        kind=np.array([ANAPHORS.index(m.kind) for m in mentions], dtype=np.int64),
        entity=np.array([ENTITIES.index(m.entity) for m in mentions], dtype=np.int64),
        source=np.array([m.is_source for m in mentions], dtype=bool),
        paragraph=words.paragraphs[first] if mentions else first,
        # a quotation's marks are inside it; what counts for it is whether it stands in another one
        depth=np.array([words.depth[m.first] - (m.kind == "quotation") for m in mentions], dtype=np.int64),
        text=_objects(texts),
        tokens=_objects([frozenset(t.split()) - _EMPTY for t in texts]),
        salience=(np.log1p(np.array([times[t] for t in texts], dtype=np.float32)) / 3).astype(np.float32),
        pronoun=np.array(
            [
                PRONOUN_CLASSES.index(PRONOUNS[t]) if m.kind == "pronoun" and (t := forms[m.first].lower()) in PRONOUNS else -1
                for m in mentions
            ],
            dtype=np.int64,
        ),
        gender=np.array([told_gender(forms, m) for m in mentions], dtype=np.int64),
        possessive=np.array(
            [m.last + 1 < n and forms[m.last + 1].lower() in ("'s", "'") and m.kind != "quotation" for m in mentions],
            dtype=bool,
        ),
        initial=np.array([m.first == 0 or forms[m.first - 1] in ".!?”:" for m in mentions], dtype=bool),
        comma=np.array([m.last + 1 < n and forms[m.last + 1] == "," for m in mentions], dtype=bool),
    )


def _objects(values: Sequence[object]) -> npt.NDArray[np.object_]:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def told_gender(forms: Sequence[str], mention: PairMention) -> int:
    """+1 male, -1 female, 0 not told: from a title before or in the mention, or the noun of a description."""
    if mention.gender or mention.kind == "quotation":
        return mention.gender
    if mention.kind == "pronoun":
        return {"he": 1, "she": -1}.get(PRONOUNS.get(forms[mention.first].lower(), ""), 0)
    if mention.kind == "nominal":
        noun = 0
        for form in forms[mention.first : mention.last + 1]:
            if form.lower() in _AFTER_NOUN or (noun and form.endswith("ing")):
                break
            noun = _NOUN_GENDER.get(form.lower(), 0)
        return noun
    near = {f.lower() for f in forms[max(0, mention.first - 1) : mention.last + 1]}
    return bool(near & _MALE) - bool(near & _FEMALE)


def _one_hot(values: npt.NDArray[np.int64], n: int) -> FloatArray:
    out = np.zeros((*values.shape, n), dtype=np.float32)
    valid = values >= 0
    np.put_along_axis(out, np.maximum(values, 0)[..., None], valid[..., None].astype(np.float32), axis=-1)
    return out


def pair_features(words: Words, anaphors: Sequence[PairMention], candidates: Sequence[PairMention]) -> FloatArray:
    """What the words tell about each pair, shape (anaphors, candidates, N_PAIR_FEATURES)."""
    return side_features(describe(words, anaphors), describe(words, candidates))


def side_features(a: Side, c: Side) -> FloatArray:
    """`pair_features` of mentions that are described already: anaphors `a`, candidates `c`."""
    shape = (len(a.first), len(c.first))
    before = a.first[:, None] - c.last[None, :]
    after = c.first[None, :] - a.last[:, None]
    inside = (c.first[None, :] >= a.first[:, None]) & (c.last[None, :] <= a.last[:, None])
    around = (c.first[None, :] <= a.first[:, None]) & (c.last[None, :] >= a.last[:, None]) & ~inside
    paragraphs = (a.paragraph[:, None] - c.paragraph[None, :]).clip(-6, 6)
    exact, overlap, covered, last_same = _same_words(a, c)
    is_before = before > 0
    # how many names of persons lie between: the last-named person is the usual antecedent
    persons = (c.kind == 0) & (c.entity == 1)
    rank = _rank(is_before & persons[None, :], c.last)
    source_rank = _rank(is_before & c.source[None, :], c.last)
    gender = a.gender[:, None] * c.gender[None, :]
    columns = [
        np.where(is_before, np.log1p(np.maximum(before, 0)), 0) / 7,
        np.where(after > 0, np.log1p(np.maximum(after, 0)), 0) / 7,
        is_before & (before < 8),
        (after > 0) & (after < 8),
        is_before & (before < 30),
        after > 0,
        inside,
        around,
        paragraphs == 0,
        paragraphs == 1,
        paragraphs == 2,
        paragraphs / 6,
        exact,
        overlap,
        covered,
        last_same,
        np.broadcast_to(c.salience[None, :], shape),
        np.broadcast_to(c.source[None, :], shape),
        np.broadcast_to(c.possessive[None, :], shape),
        np.broadcast_to(c.initial[None, :], shape),
        np.broadcast_to(c.comma[None, :], shape),
        np.broadcast_to((c.depth > 0)[None, :], shape),
        np.broadcast_to((a.depth > 0)[:, None], shape),
        rank == 0,
        rank == 1,
        rank / 8,
        source_rank == 0,
        source_rank == 1,
        source_rank / 8,
        gender > 0,
        gender < 0,
        np.broadcast_to((c.gender == 1)[None, :], shape),
        np.broadcast_to((c.gender == -1)[None, :], shape),
        (a.pronoun[:, None] >= 0) & (a.pronoun[:, None] == c.pronoun[None, :]),
        (a.pronoun[:, None] >= 0) & (c.pronoun[None, :] >= 0) & (a.pronoun[:, None] != c.pronoun[None, :]),
    ]
    dense = np.stack([np.asarray(x, dtype=np.float32) for x in columns], axis=-1)
    hots = [
        np.broadcast_to(_one_hot(a.kind, 4)[:, None, :], (*shape, 4)),
        np.broadcast_to(_one_hot(c.kind, 3)[None, :, :], (*shape, 3)),
        np.broadcast_to(_one_hot(c.entity, 4)[None, :, :], (*shape, 4)),
        np.broadcast_to(_one_hot(a.pronoun, 8)[:, None, :], (*shape, 8)),
    ]
    return np.concatenate([dense, *hots], axis=-1)


def _same_words(a: Side, c: Side) -> FloatArray:
    """Text equal, share of the anaphor's words, of the candidate's, last word equal: (4, anaphors, candidates)."""
    out = np.zeros((4, len(a.first), len(c.first)), dtype=np.float32)
    having: dict[str, list[int]] = {}
    for j, tokens in enumerate(c.tokens):
        for token in tokens:
            having.setdefault(token, []).append(j)
    for i, tokens in enumerate(a.tokens):
        if a.kind[i] == ANAPHORS.index("pronoun"):
            continue
        text = a.text[i]
        head = text.rsplit(" ", 1)[-1]
        for j, common in Counter(j for token in tokens for j in having.get(token, ())).items():
            other = c.text[j]
            same_head = other.rsplit(" ", 1)[-1] == head
            out[:, i, j] = other == text, common / len(tokens), common / len(c.tokens[j]), same_head
    return out


N_PAIR_FEATURES = 35 + 4 + 3 + 4 + 8


def _rank(valid: npt.NDArray[np.bool_], last: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each row, 0 for the valid candidate that ends latest, 1 for the next; 8 for the rest and the invalid."""
    out = np.full(valid.shape, 8, dtype=np.int64)
    order = np.argsort(-last, kind="stable")
    counts = np.cumsum(valid[:, order], axis=1) - 1
    out[:, order] = np.where(valid[:, order], np.minimum(counts, 8), 8)
    return out


class PairScorer:
    """Scores anaphor-candidate pairs from the weights that training wrote.

    The score is a two-layer network over [query * key, features]; `new` scores that the anaphor opens a source of its own.
    """

    def __init__(self, weights: Mapping[str, FloatArray]) -> None:
        self._w = weights

    def query(self, vectors: FloatArray, mentions: Sequence[PairMention]) -> FloatArray:
        """Projected vectors of anaphors, shape (n, d); `vectors` holds the encoder's vector of each word."""
        return self._project("query", vectors, mentions)

    def key(self, vectors: FloatArray, mentions: Sequence[PairMention]) -> FloatArray:
        """Projected vectors of candidates, shape (n, d)."""
        return self._project("key", vectors, mentions)

    def _project(self, side: str, vectors: FloatArray, mentions: Sequence[PairMention]) -> FloatArray:
        ends = np.concatenate([vectors[[m.first for m in mentions]], vectors[[m.last for m in mentions]]], axis=1)
        return ends @ self._w[f"{side}.weight"].T + self._w[f"{side}.bias"]

    def scores(self, query: FloatArray, key: FloatArray, features: FloatArray) -> FloatArray:
        """Score of each pair, shape (anaphors, candidates)."""
        x = np.concatenate([query[:, None, :] * key[None, :, :], features], axis=-1)
        # all pairs in one matrix: numpy would take an array of three axes anaphor by anaphor
        hidden = x.reshape(-1, x.shape[-1]) @ self._w["pair.0.weight"].T + self._w["pair.0.bias"]
        out: FloatArray = np.maximum(hidden, 0) @ self._w["pair.2.weight"][0] + self._w["pair.2.bias"]
        return out.reshape(len(query), len(key))

    def new(self, query: FloatArray, kinds: Sequence[str]) -> FloatArray:
        """Score that each anaphor opens a new source, shape (anaphors,)."""
        hot = _one_hot(np.array([ANAPHORS.index(k) for k in kinds], dtype=np.int64), len(ANAPHORS))
        x = np.concatenate([query, hot], axis=-1)
        hidden = np.maximum(x @ self._w["new.0.weight"].T + self._w["new.0.bias"], 0)
        out: FloatArray = (hidden @ self._w["new.2.weight"].T + self._w["new.2.bias"])[..., 0]
        return out

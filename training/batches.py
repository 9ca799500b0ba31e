"""Steps packed into flat arrays of small types, and batches of them as tensors: what the networks are trained on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from quotes.pairs import ANAPHORS
from quotes.tagging import ENTITY_TAGS, ROLE_TAGS
from training.examples import Step
from training.markup import KINDS

# Ids of MiniLM's vocabulary.
SEPARATOR, MASK = 102, 103
OWN = ("own", "original")


@dataclass
class Targets:
    """What other networks make of a step: probabilities of roles and entities, shape (words, tags), of speech, shape (marks,),
    and of kinds, shape (kinds, 5)."""

    roles: np.ndarray
    entities: np.ndarray
    speech: np.ndarray
    kinds: np.ndarray


@dataclass
class Packed:
    """One step; word numbers count from its first word.

    Attributes:
        ids, features: Pieces of all windows in a row.
        lengths: Pieces of each window.
        places: Where each word's first piece lies among them.
        breaks: True at each word that begins a paragraph.
        pairs: (anaphor, candidate) of each pair that may be; `right` says which are, `pair_features` what is known of them.
        new: Of each anaphor whether it opens a source: 1 right, 0 wrong, -1 not to be chosen.
    """

    doc: int
    corpus: str
    ids: np.ndarray
    features: np.ndarray
    lengths: np.ndarray
    places: np.ndarray
    breaks: np.ndarray
    tags: np.ndarray
    entities: np.ndarray
    marks: np.ndarray
    speech: np.ndarray
    kind_ends: np.ndarray
    kinds: np.ndarray
    anaphors: np.ndarray
    anaphor_kinds: np.ndarray
    candidates: np.ndarray
    pairs: np.ndarray
    right: np.ndarray
    pair_features: np.ndarray
    new: np.ndarray


def pack(s: Step, doc: int, paragraphs: np.ndarray) -> Packed:
    """A step in flat arrays; `paragraphs` has the number of each word's paragraph."""
    lengths = np.array([len(w.ids) for w in s.windows])
    offsets = np.cumsum(lengths) - lengths
    valid = s.targets[:, :-1] >= 0
    pairs = np.argwhere(valid)
    return Packed(
        doc,
        s.corpus,
        np.concatenate([w.ids for w in s.windows]).astype(np.uint16),
        np.concatenate([w.features for w in s.windows]).astype(np.uint8),
        lengths.astype(np.int32),
        np.concatenate([w.heads + o for w, o in zip(s.windows, offsets, strict=True)]).astype(np.int32),
        np.diff(paragraphs, prepend=-1) != 0,
        s.tags.astype(np.int8),
        s.entities.astype(np.int8),
        s.marks.astype(np.int32),
        s.speech,
        s.kind_ends.astype(np.int32),
        s.kinds.astype(np.int8),
        s.anaphor_ends.astype(np.int32),
        np.array([ANAPHORS.index(k) for k in s.anaphor_kinds], dtype=np.int8),
        s.candidate_ends.astype(np.int32),
        pairs.astype(np.int32),
        (s.targets[:, :-1] == 1)[valid],
        s.features[valid].astype(np.float16) if len(pairs) else np.zeros((0, s.features.shape[-1]), dtype=np.float16),
        s.targets[:, -1].astype(np.int8),
    )


@dataclass
class Batch:
    """Steps together. Windows lie in groups of like length; `places` says where in all groups' flattened pieces a word begins.

    The tags' targets of other networks are NaN where there are none.
    """

    groups: list[tuple[Tensor, Tensor, Tensor]]
    places: Tensor
    own: Tensor
    tags: Tensor
    entities: Tensor
    marks: Tensor
    speech: Tensor
    kind_ends: Tensor
    kinds: Tensor
    anaphors: Tensor
    anaphor_kinds: Tensor
    candidates: Tensor
    pairs: Tensor
    right: Tensor
    pair_features: Tensor
    new: Tensor
    soft_roles: Tensor
    soft_entities: Tensor
    soft_speech: Tensor
    soft_kinds: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in moved.items():
            if isinstance(value, Tensor):
                moved[name] = value.to(device, non_blocking=True)
        moved["groups"] = [tuple(t.to(device, non_blocking=True) for t in group) for group in self.groups]
        return Batch(**moved)


def collate(
    steps: Sequence[Packed],
    targets: Sequence[Targets | None] | None = None,
    *,
    hide: float = 0.0,
    rng: random.Random | None = None,
    together: int = 10**6,
) -> Batch:
    """One batch; [MASK] stands for so large a share of the words as `hide`. About so many windows go `together`."""
    seed = np.random.default_rng(rng.randrange(2**32) if rng else 0)
    ids = [_hidden(s, hide, seed) if hide else s.ids for s in steps]
    groups, begins = _groups(steps, ids, together)
    words = np.cumsum([0] + [len(s.places) for s in steps])
    anaphors = np.cumsum([0] + [len(s.anaphors) for s in steps])
    candidates = np.cumsum([0] + [len(s.candidates) for s in steps])
    places, window = [], 0
    for s in steps:
        owner = np.searchsorted(np.cumsum(s.lengths), s.places, side="right")
        inside = s.places - (np.cumsum(s.lengths) - s.lengths)[owner]
        places.append(begins[window + owner] + inside)
        window += len(s.lengths)
    soft = [t or _none(s) for s, t in zip(steps, targets or [None] * len(steps), strict=True)]

    def ends(name: str) -> Tensor:
        return _tensor([getattr(s, name) + words[i] for i, s in enumerate(steps)])

    return Batch(
        groups,
        _tensor(places),
        _tensor([np.full(len(s.places), s.corpus in OWN) for s in steps], bool),
        _tensor([s.tags for s in steps]),
        _tensor([s.entities for s in steps]),
        ends("marks"),
        _tensor([s.speech for s in steps], np.float32),
        ends("kind_ends"),
        _tensor([s.kinds for s in steps]),
        ends("anaphors"),
        _tensor([s.anaphor_kinds for s in steps]),
        ends("candidates"),
        _tensor([s.pairs + np.array([anaphors[i], candidates[i]]) for i, s in enumerate(steps)]),
        _tensor([s.right for s in steps], bool),
        _tensor([s.pair_features for s in steps], np.float32),
        _tensor([s.new for s in steps]),
        _tensor([t.roles for t in soft], np.float32),
        _tensor([t.entities for t in soft], np.float32),
        _tensor([t.speech for t in soft], np.float32),
        _tensor([t.kinds for t in soft], np.float32),
    )


def _tensor(arrays: Sequence[np.ndarray], dtype: type = np.int64) -> Tensor:
    return torch.from_numpy(np.concatenate(arrays).astype(dtype))


def _none(s: Packed) -> Targets:
    n, unknown = len(s.places), np.float32(np.nan)
    return Targets(
        np.full((n, len(ROLE_TAGS)), unknown),
        np.full((n, len(ENTITY_TAGS)), unknown),
        np.full(len(s.marks), unknown),
        np.full((len(s.kinds), len(KINDS)), unknown),
    )


def _hidden(s: Packed, share: float, seed: np.random.Generator) -> np.ndarray:
    """The step's pieces with [MASK] for all pieces of some words."""
    owner = np.searchsorted(s.places, np.arange(len(s.ids)), side="right") - 1
    chosen = seed.random(len(s.places)) < share
    # what stands behind a window's last word, and before its first, are [SEP] and [CLS]
    ends = np.cumsum(s.lengths)
    special = np.zeros(len(s.ids), dtype=bool)
    special[ends - 1] = special[ends - s.lengths] = True
    hidden = chosen[np.maximum(owner, 0)] & (owner >= 0) & ~special & (s.ids != SEPARATOR)
    return np.where(hidden, MASK, s.ids)


def _groups(
    steps: Sequence[Packed], ids: Sequence[np.ndarray], together: int
) -> tuple[list[tuple[Tensor, Tensor, Tensor]], np.ndarray]:
    """The groups, and where among all flattened groups each window begins."""
    windows = []
    for s, pieces in zip(steps, ids, strict=True):
        at = 0
        for n in s.lengths.tolist():
            windows.append((pieces[at : at + n], s.features[at : at + n]))
            at += n
    order = sorted(range(len(windows)), key=lambda i: len(windows[i][0]))
    begins = np.zeros(len(windows), dtype=np.int64)
    groups, flat = [], 0
    for group in np.array_split(np.array(order), max(1, round(len(order) / together))):
        length = max(len(windows[i][0]) for i in group)
        # whole multiples of eight suit a GPU
        length += -length % 8
        array = np.zeros((len(group), length), dtype=np.int64)
        features, mask = np.zeros_like(array), np.zeros(array.shape, dtype=np.float32)
        for row, i in enumerate(group.tolist()):
            n = len(windows[i][0])
            array[row, :n], features[row, :n], mask[row, :n] = windows[i][0], windows[i][1], 1
            begins[i] = flat + row * length
        groups.append((torch.from_numpy(array), torch.from_numpy(features), torch.from_numpy(mask)))
        flat += array.size
    return groups, begins

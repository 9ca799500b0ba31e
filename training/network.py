"""The network in PyTorch: a BERT encoder (MiniLM-L6) with the heads of all tasks. Training only.

The encoder is written out here, 60 lines, so that neither training nor the exported graph depends on transformers.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from quotes.pairs import ANAPHORS, N_PAIR_FEATURES
from quotes.tagging import ENTITY_TAGS, ROLE_TAGS
from quotes.words import N_FEATURES

N_KINDS = 5


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of the encoder; the defaults are MiniLM-L6's."""

    vocabulary: int = 30522
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512


class Attention(nn.Module):
    def __init__(self, cfg: EncoderConfig) -> None:
        super().__init__()
        self.heads, self.size = cfg.heads, cfg.hidden // cfg.heads
        self.query, self.key, self.value, self.out = (nn.Linear(cfg.hidden, cfg.hidden) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, d = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(b, n, self.heads, self.size).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if torch.onnx.is_in_onnx_export():
            # at run time each window is by itself, without padding: no mask
            weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(self.size), dim=-1)
            y = weights @ v
        else:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        return self.out(y.transpose(1, 2).reshape(b, n, d))


class Layer(nn.Module):
    def __init__(self, cfg: EncoderConfig) -> None:
        super().__init__()
        self.attention = Attention(cfg)
        self.norm1, self.norm2 = nn.LayerNorm(cfg.hidden, eps=1e-12), nn.LayerNorm(cfg.hidden, eps=1e-12)
        self.up, self.down = nn.Linear(cfg.hidden, cfg.inner), nn.Linear(cfg.inner, cfg.hidden)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = self.norm1(x + self.attention(x, mask))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """BERT without pooling; a small embedding of shape and quotation depth is added to each piece (zero at the start)."""

    def __init__(self, cfg: EncoderConfig) -> None:
        super().__init__()
        self.words = nn.Embedding(cfg.vocabulary, cfg.hidden)
        self.positions = nn.Embedding(cfg.positions, cfg.hidden)
        self.features = nn.Embedding(N_FEATURES, cfg.hidden)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(cfg.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(cfg) for _ in range(cfg.layers))

    def forward(self, ids: Tensor, features: Tensor, lengths_mask: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.positions(places)[None] + self.features(features))
        mask = (1.0 - lengths_mask.to(x.dtype))[:, None, None, :] * -30000.0
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_minilm(self, path: Path) -> None:
        """Read the official all-MiniLM-L6-v2 weights."""
        raw = {k.removeprefix("bert."): v for k, v in load_file(path).items()}
        token_type = raw["embeddings.token_type_embeddings.weight"][0]
        state = {
            "words.weight": raw["embeddings.word_embeddings.weight"],
            # all our pieces are of type 0: its vector goes into the positions
            "positions.weight": raw["embeddings.position_embeddings.weight"] + token_type,
            "features.weight": self.features.weight.detach(),
            "norm.weight": raw["embeddings.LayerNorm.weight"],
            "norm.bias": raw["embeddings.LayerNorm.bias"],
        }
        names = {
            "attention.query": "attention.self.query",
            "attention.key": "attention.self.key",
            "attention.value": "attention.self.value",
            "attention.out": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "norm2": "output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
        }
        for i in range(len(self.layers)):
            for ours, theirs in names.items():
                for part in ("weight", "bias"):
                    state[f"layers.{i}.{ours}.{part}"] = raw[f"encoder.layer.{i}.{theirs}.{part}"]
        self.load_state_dict(state)


class Heads(nn.Module):
    """What is read off the encoder's vectors. `roles` and `entities` go into the ONNX graph, the rest runs in numpy."""

    def __init__(self, hidden: int, pair: int = 64, inner: int = 64) -> None:
        super().__init__()
        self.roles = nn.Linear(hidden, len(ROLE_TAGS))
        # our own articles mark contents by slightly other rules than PolNeAR: a head of their own, not exported
        self.roles_own = nn.Linear(hidden, len(ROLE_TAGS))
        self.entities = nn.Linear(hidden, len(ENTITY_TAGS))
        self.speech = nn.Sequential(nn.Linear(2 * hidden, inner), nn.ReLU(), nn.Linear(inner, 1))
        self.kind = nn.Sequential(nn.Linear(2 * hidden, inner), nn.ReLU(), nn.Linear(inner, N_KINDS))
        self.query, self.key = nn.Linear(2 * hidden, pair), nn.Linear(2 * hidden, pair)
        self.pair = nn.Sequential(nn.Linear(pair + N_PAIR_FEATURES, inner), nn.ReLU(), nn.Linear(inner, 1))
        self.new = nn.Sequential(nn.Linear(pair + len(ANAPHORS), inner), nn.ReLU(), nn.Linear(inner, 1))


class Reader(nn.Module):
    """A second tagger of the roles: a BiLSTM over the encoder's word vectors, which it leaves as they are.

    It costs a tenth of the encoder and errs elsewhere: the mean of both is better than either.
    """

    def __init__(self, cfg: EncoderConfig, size: int = 160, layers: int = 2, dropout: float = 0.3) -> None:
        super().__init__()
        self.features = nn.Embedding(N_FEATURES, cfg.hidden)
        nn.init.zeros_(self.features.weight)
        self.drop = nn.Dropout(dropout)
        inputs = [cfg.hidden] + [2 * size] * (layers - 1)
        # both directions apart: torch's packed sequences, which two-way layers need, are many times slower to train
        self.onward = nn.ModuleList(nn.LSTM(n, size, batch_first=True) for n in inputs)
        self.back = nn.ModuleList(nn.LSTM(n, size, batch_first=True) for n in inputs)
        self.roles = nn.Linear(2 * size, len(ROLE_TAGS))

    def forward(self, words: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Role logits, shape (windows, pieces, tags), from word vectors; `mask` is 1 at each piece, 0 behind the last."""
        x = (words + self.features(features)) * 18  # the vectors' parts deviate by 1/18
        for onward, back in zip(self.onward, self.back, strict=True):
            x = self.drop(x)
            x = torch.cat([onward(x)[0], _turned(back(_turned(x, mask))[0], mask)], dim=-1)
        out: Tensor = self.roles(self.drop(x))
        return out


def _turned(x: Tensor, mask: Tensor) -> Tensor:
    """Each window's pieces in the other order, the padding still behind them."""
    if torch.onnx.is_in_onnx_export():  # at run time each window is by itself, without padding
        return torch.flip(x, [1])
    lengths = mask.sum(1, keepdim=True).long()
    places = torch.arange(x.shape[1], device=x.device)[None]
    index = torch.where(places < lengths, lengths - 1 - places, places)
    return x.gather(1, index[..., None].expand_as(x))


# The first tagger's share in the mean of both taggers' probabilities.
SHARE = 0.6


def mixed(first: Tensor, second: Tensor) -> Tensor:
    """Role log-probabilities of both taggers together, from the logits of each."""
    mean = SHARE * F.softmax(first, dim=-1) + (1 - SHARE) * F.softmax(second, dim=-1)
    return torch.log(mean.clamp(min=1e-9))


class Network(nn.Module):
    """Encoder and heads, and the second tagger where there is one."""

    def __init__(self, cfg: EncoderConfig | None = None) -> None:
        super().__init__()
        self.cfg = cfg or EncoderConfig()
        self.encoder = Encoder(self.cfg)
        self.heads = Heads(self.cfg.hidden)
        self.reader: Reader | None = None

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Piece vectors, role scores and entity logits; what the ONNX graph gives."""
        x = self.encoder(ids, features, mask)
        roles = self.heads.roles(x)
        if self.reader is not None:
            roles = mixed(roles, self.read(ids, features, mask))
        return x, roles, self.heads.entities(x)

    def read(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Role logits of the second tagger."""
        assert self.reader is not None
        return self.reader(self.encoder.words(ids), features, mask)

"""Augmentation: swap the persons' names of a text for names of other cultures, one for one through the whole text."""

import random
from functools import cache
from pathlib import Path

from training.corpora import Labelled, Mention, gender_of

_NAMES = Path(__file__).with_name("names.tsv")


@cache
def cultures() -> tuple[tuple[str, list[str], list[str], list[str]], ...]:
    """(culture, male given names, female given names, surnames)."""
    rows = []
    for line in _NAMES.read_text(encoding="utf8").splitlines():
        if line and not line.startswith("#"):
            culture, male, female, surnames = line.split("\t")
            rows.append((culture, male.split(), female.split(), surnames.split()))
    return tuple(rows)


def _draw(rng: random.Random, gender: str | None) -> tuple[list[str], str]:
    culture = rng.choice(cultures())
    given = culture[1] if gender == "m" else culture[2] if gender == "f" else culture[1 + rng.randrange(2)]
    return [rng.choice(given), rng.choice(given)], rng.choice(culture[3])


def swap_names(doc: Labelled, rng: random.Random) -> Labelled:
    """The text with every person's name exchanged; the same word always becomes the same word."""
    persons = sorted({(s, e) for label, s, e in doc.names or [] if label == "PER"})
    persons += sorted({(m.start, m.end) for m in doc.mentions if m.name and m.entity == "PER"} - set(persons))
    genders = gender_of(doc.text, doc.mentions)
    cluster_of = {(m.start, m.end): m.cluster for m in doc.mentions if m.name}
    new_word: dict[str, str] = {}
    surnames = {words[-1] for s, e in persons if len(words := doc.text[s:e].split()) > 1}
    for start, end in sorted(persons, key=lambda p: p[0] - p[1]):
        words = doc.text[start:end].split()
        given, surname = _draw(rng, genders.get(cluster_of.get((start, end)) or ""))
        for i, word in enumerate(words):
            last = i == len(words) - 1 and (len(words) > 1 or word in surnames or rng.random() < 0.7)
            if len(word.strip(".")) > 1 and word not in new_word and word[:1].isupper():
                new_word[word] = surname if last else given[i % 2]
    edits = []
    for start, end in sorted(persons):
        at = start
        for word in doc.text[start:end].split():
            at = doc.text.index(word, at)
            if word in new_word:
                edits.append((at, at + len(word), new_word[word]))
            at += len(word)
    return apply_edits(doc, edits)


def apply_edits(doc: Labelled, edits: list[tuple[int, int, str]]) -> Labelled:
    """Replace characters; every label moves along. An offset within a replaced range goes to its nearer outer end."""
    edits = [e for i, e in enumerate(sorted(edits)) if i == 0 or e[0] >= sorted(edits)[i - 1][1]]
    out: list[str] = []
    shift = [0] * (len(doc.text) + 1)
    pos = delta = 0
    for start, end, new in edits:
        for i in range(pos, start + 1):
            shift[i] = i + delta
        out += [doc.text[pos:start], new]
        for i in range(start + 1, end):
            shift[i] = start + delta + len(new)
        delta += len(new) - (end - start)
        pos = end
    for i in range(pos, len(doc.text) + 1):
        shift[i] = i + delta
    out.append(doc.text[pos:])

    def move(items: list | None) -> list | None:
        def new(x: object) -> object:
            return shift[x] if isinstance(x, int) and not isinstance(x, bool) else x

        return None if items is None else [tuple(map(new, item)) for item in items]

    mentions = [
        Mention(shift[m.start], shift[m.end], m.cluster, m.name, m.entity, m.is_source, m.anaphor) for m in doc.mentions
    ]
    return Labelled(
        doc.id, doc.corpus, "".join(out), move(doc.roles), move(doc.names), doc.names_partial, move(doc.marks),
        mentions, move(doc.quotations) or [], move(doc.kinds) or [],
    )

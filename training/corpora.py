"""Read every corpus into one form: `Labelled`, a text with character-offset labels.

A label list is None where the corpus does not tell: the loss leaves that task out for the text.
"""

import csv
import gzip
import io
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from quotes.lexicon import titles
from quotes.normalize import find_paragraphs
from quotes.quotations import find_quotations, keep_own_style
from training.markup import MarkedArticle, Span, read

# Who speaks in PolNeAR's articles that `gold_train` does not have.
SPEAKERS = Path(__file__).with_name("polnear_speakers.jsonl")
# GUM's genres whose texts may be used commercially too (data/README.md of the corpora)
GUM_GENRES = ("news", "interview", "bio", "voyage", "speech", "court", "conversation", "textbook")


@dataclass
class Mention:
    """A mention of an entity. `cluster` is None where the corpus does not tell whom it means."""

    start: int
    end: int
    cluster: str | None
    name: bool = False
    entity: str = ""
    is_source: bool = False
    anaphor: bool = False


@dataclass
class Labelled:
    """One text with its labels; offsets are characters of `text`, end exclusive.

    Attributes:
        roles: (role, start, end) of sources, cues and contents.
        names: (PER, ORG or OTHER, start, end). Where `names_partial`, capitalised words outside them may be names too.
        marks: (start, end, probability of speech) of the outermost spans in quotation marks that are labelled; 0 or 1
            where somebody read them.
        mentions: Candidates and anaphors of the resolver.
        quotations: (start, end, cluster) of spans in marks with their speaker.
        kinds: (start, end, kind) of source mentions.
    """

    id: str
    corpus: str
    text: str
    roles: list[tuple[str, int, int]] | None = None
    names: list[tuple[str, int, int]] | None = None
    names_partial: bool = False
    marks: list[tuple[int, int, float]] | None = None
    mentions: list[Mention] = field(default_factory=list)
    quotations: list[tuple[int, int, str]] = field(default_factory=list)
    kinds: list[tuple[int, int, str]] = field(default_factory=list)


def held_out(doc: Labelled) -> bool:
    """Whether an article is kept from training: a tenth of those with every speaker labelled.

    They choose thresholds, calibrate the confidence and are looked at where the tagger errs, so that the development gold
    is not.
    """
    return bool(doc.quotations) and doc.corpus in ("polnear", "own", "original") and crc32(doc.id.encode()) % 10 == 0


def _lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf8") as f:
        for line in f:
            yield json.loads(line)


# --- PolNeAR, its automatic annotation, and the speakers labelled for this project


def polnear(data: Path, part: str = "train") -> Iterator[Labelled]:
    """PolNeAR's attributions; names by CoreNLP; speakers where `gold_train` or `polnear_speakers.jsonl` has the article.

    The latter holds what we read in the rest of the articles: offsets, and the sources' names. It tells whom every mention of a
    source means, too.
    """
    silver = {d["id"]: d for d in _lines(data / f"polnear_corenlp_{part}.jsonl.gz")}
    gold: dict[str, dict] = {}
    if part == "train":
        gold = {d["id"]: d for d in map(json.loads, SPEAKERS.read_text(encoding="utf8").splitlines())}
        gold |= {d["id"]: d for d in _lines(data / "gold_train.jsonl.gz")}
    for record in _lines(data / f"polnear_{part}.jsonl.gz"):
        out = Labelled(record["id"], "polnear", record["text"], roles=[])
        for attribution in record["attributions"]:
            for role in ("source", "cue", "content"):
                out.roles += [(role, s, e) for s, e in attribution[role]]
        if record["id"] in silver:
            out.names = list(_silver_names(silver[record["id"]]))
        if record["id"] in gold:
            _add_speakers(out, gold[record["id"]], record["attributions"])
        else:
            out.marks = list(_marks_by_contents(out))
        yield out


def _marks_by_contents(doc: Labelled) -> Iterator[tuple[int, int, float]]:
    """Speech or not, as PolNeAR's contents tell, of the spans in marks that nobody labelled.

    Only clear cases: the probabilities are the shares among `gold_train`'s labels (2,000 spans of the first kind, 150 and
    60 of the others). A few words in marks within a longer content may be speech or scare quotes: left out.
    """
    contents = [(s, e) for role, s, e in doc.roles or [] if role == "content"]
    for mark in keep_own_style(find_quotations(doc.text, find_paragraphs(doc.text))[0]):
        if mark.depth:
            continue
        inner, span = mark.content, mark.span
        words = len(doc.text[inner.start : inner.end].split())
        overlaps = [(min(e, inner.end) - max(s, inner.start), e - s) for s, e in contents]
        common, length = max(overlaps, default=(0, 1))
        if common <= 0:
            if words <= 5:
                yield span.start, span.end, 0.08 if words <= 2 else 0.16
        elif common >= 0.9 * (inner.end - inner.start) and (words >= 6 or (words >= 3 and common > 0.8 * length)):
            yield span.start, span.end, 0.99


_SILVER = {"PERSON": "PER", "ORGANIZATION": "ORG", "LOCATION": "OTHER", "MISC": "OTHER"}


def _silver_names(doc: dict) -> Iterator[tuple[str, int, int]]:
    for sentence in doc["sentences"]:
        before = None
        for start, end, _, ner, *_ in sentence:
            label = _SILVER.get(ner)
            if before and (label is None or ner != before[0]):
                yield _SILVER[before[0]], before[1], before[2]
                before = None
            if label:
                before = (ner, before[1] if before else start, end)
        if before:
            yield _SILVER[before[0]], before[1], before[2]


def _name_tokens(text: str) -> list[str]:
    return [t for t in re.findall(r"[^\W\d_]+", text.casefold()) if t not in ("s", "mr", "mrs", "ms", "dr", "the")]


def _match_source(text: str, sources: list[dict]) -> str | None:
    """The one source whose name or alias the words of a name are; "?" where several fit."""
    tokens = _name_tokens(text)
    if not tokens:
        return None
    exact, part = [], []
    for source in sources:
        forms = [f for f in (source["name"], *source["aliases"]) if f]
        token_lists = [_name_tokens(f) for f in forms]
        if tokens in token_lists:
            exact.append(source["id"])
        elif source["name"] and source["kind"] == "person" and set(tokens) <= set(_name_tokens(source["name"])):
            part.append(source["id"])
    found = exact or part
    return None if not found else found[0] if len(found) == 1 else "?"


def _add_speakers(out: Labelled, gold: dict, attributions: list[dict]) -> None:
    sources = {s["id"]: s for s in gold["sources"]}
    out.marks = [(q["start"], q["end"], float(q["label"] != "not_speech")) for q in gold["quotes"] if not q.get("nested")]
    linked: dict[tuple[int, int], str] = {}
    for quote in gold["quotes"]:
        if quote["source"] is None:
            continue
        if not quote.get("nested"):
            out.quotations.append((quote["start"], quote["end"], quote["source"]))
        best = max(
            attributions,
            key=lambda a: sum(max(0, min(e, quote["end"]) - max(s, quote["start"])) for s, e in a["content"]),
            default=None,
        )
        if best and any(s < quote["end"] and quote["start"] < e for s, e in best["content"]):
            for span in best["source"]:
                linked[tuple(span)] = quote["source"]
    linked |= {(start, end): source for start, end, source in gold.get("mentions", ())}
    for label, start, end in out.names or []:
        cluster = _match_source(out.text[start:end], gold["sources"])
        if cluster != "?":
            out.mentions.append(Mention(start, end, cluster or f"name-{start}", name=True, entity=label))
    for (start, end), cluster in linked.items():
        out.mentions.append(Mention(start, end, cluster, is_source=True, anaphor=True))
        out.kinds.append((start, end, sources[cluster]["kind"]))


# --- Our own articles


def marked(article: MarkedArticle, corpus: str) -> Labelled:
    """One of our marked articles."""
    out = Labelled(article.id, corpus, article.text, roles=[], names=[], names_partial=True, marks=[])
    entities = {e["id"]: e for e in article.sources + article.others}
    contents = [s for s in article.spans if s.tag == "q"]

    def nested(span: Span) -> bool:
        return any(q is not span and q.start <= span.start and span.end <= q.end for q in contents)

    for span in article.spans:
        role = {"S": "source", "c": "cue", "q": "content"}.get(span.tag)
        if role and not nested(span):
            out.roles.append((role, span.start, span.end))
        if span.tag == "q" and span.id != "?":
            out.quotations.append((span.start, span.end, span.id))
        if span.tag in "qn":
            out.marks.append((span.start, span.end, float(span.tag == "q")))
        if span.tag in "Sm" and span.id != "?":
            entity = entities[span.id]
            is_source = span.tag == "S" and not nested(span)
            out.mentions.append(Mention(span.start, span.end, span.id, is_source=is_source, anaphor=True))
            if span.tag == "S":
                out.kinds.append((span.start, span.end, entity["kind"]))
            inner = _inner_name(article.text, span, entity)
            if inner:
                label = "PER" if entity["kind"] == "person" else "ORG"
                out.names.append((label, *inner))
                out.mentions.append(Mention(*inner, span.id, name=True, entity=label))
    return out


_TITLES = frozenset(titles())
_DESCRIPTION = re.compile(r"(?i:the|an?|one|his|her|their|my|our|your|its|another|some|this|that)\b|[a-z]+ ")


def _inner_name(text: str, span: Span, entity: dict) -> tuple[int, int] | None:
    """The longest run of words of the entity's own name inside a mention."""
    if entity["kind"] not in ("person", "organization") or not entity["name"]:
        return None
    if entity["kind"] == "organization":
        forms = [entity["name"], *(a for a in entity["aliases"] if a[:1].isupper())]
        for form in sorted(forms, key=len, reverse=True):
            at = text.find(form, span.start, span.end)
            if at >= 0 and any(c.isupper() for c in form):
                return at, at + len(form)
        return None
    # "The archivist" and "the man with the lamp" are no names, though they are other forms of one
    forms = [form for form in (entity["name"], *entity["aliases"]) if not _DESCRIPTION.match(form)]
    tokens = {t for form in forms for t in _capitals(form)}
    best: tuple[int, int] | None = None
    run: list[re.Match[str]] = []
    for match in [*re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?", text[span.start : span.end]), None]:
        word = match.group().rstrip(".") if match else ""
        own = re.sub(r"['’]s$", "", word)
        joins = match and run and text[span.start + run[-1].end() : span.start + match.start()].strip(" “\"'‘”’") == ""
        if match and own in tokens and own.casefold() not in _TITLES and (not run or joins):
            run.append(match)
        else:
            best = _longer(best, run, span.start, text)
            run = [match] if match and own in tokens and own.casefold() not in _TITLES else []
    return best


def _capitals(form: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", form)
    return [w for i, w in enumerate(words) if w[:1].isupper() or (0 < i < len(words) - 1)]


def _longer(
    best: tuple[int, int] | None, run: list[re.Match[str]], offset: int, text: str
) -> tuple[int, int] | None:
    while run and not run[0].group()[:1].isupper():
        run = run[1:]
    if not run:
        return best
    start, end = offset + run[0].start(), offset + run[-1].end()
    end -= len(re.search(r"(?:['’]s)?\.?$", text[start:end]).group()) if text[end - 1] != "." or end - start > 3 else 0
    return (start, end) if best is None or end - start > best[1] - best[0] else best


def own(folder: Path) -> Iterator[Labelled]:
    """`training/articles/*.txt`."""
    for path in sorted(folder.glob("*.txt")):
        yield marked(read(path), "own")


def original(data: Path, marks: Path) -> Iterator[Labelled]:
    """`gold_original.jsonl.gz` with our finer marks (`training/original_marks.jsonl`: offsets only, no text)."""
    layers = {d["id"]: d for d in map(json.loads, marks.read_text(encoding="utf8").splitlines())}
    for record in _lines(data / "gold_original.jsonl.gz"):
        layer = layers.get(record["id"])
        if layer is None:
            continue
        spans = [Span(tag, sid, start, end) for tag, sid, start, end in layer["spans"]]
        article = MarkedArticle(record["id"], record["style"], record["text"], layer["sources"], layer["others"], spans)
        yield marked(article, "original")


# --- Coreference corpora


def gum(data: Path, part: str = "train") -> Iterator[Labelled]:
    """GUM's free genres: names, and mentions of persons, bodies and places with their coreference."""
    with gzip.open(data / f"gum_{part}.conllu.gz", "rt", encoding="utf8") as f:
        for block in f.read().split("# newdoc id = ")[1:]:
            name = block.split("\n", 1)[0].strip()
            if name.split("_")[1] in GUM_GENRES:
                yield _gum_document(name, block)


_GUM_TYPES = {"person": "PER", "organization": "ORG", "place": "OTHER"}


def _gum_document(name: str, block: str) -> Labelled:
    pieces: list[str] = []
    length = 0
    tokens: list[tuple[int, int, str]] = []  # start, end, upos
    open_mentions: list[tuple[str, str, int, str]] = []
    found: list[tuple[str, str, int, int, str]] = []  # cluster, type, first token, last token, minimal span
    new_paragraph = False
    for line in block.splitlines()[1:]:
        if line.startswith("# newpar") and not line.startswith("# newpar_block"):
            new_paragraph = True
            continue
        cols = line.split("\t")
        if line.startswith("#") or len(cols) != 10 or not cols[0].isdigit():
            continue
        if new_paragraph and pieces:
            pieces.append("\n\n")
            length += 2
        new_paragraph = False
        tokens.append((length, length + len(cols[1]), cols[3]))
        pieces.append(cols[1])
        length += len(cols[1])
        entity = re.search(r"Entity=([^|]+)", cols[9])
        if entity:
            for part in re.findall(r"\([^()]+\)?|[^()]+\)", entity[1]):
                if part.startswith("("):
                    fields = part.strip("()").split("-")
                    open_mentions.append((fields[0], fields[1], len(tokens) - 1, fields[4] if len(fields) > 4 else ""))
                if part.endswith(")"):
                    ident = part.strip("()").split("-")[0]
                    at = max((i for i, m in enumerate(open_mentions) if m[0] == ident), default=None)
                    if at is not None:
                        cluster, kind, first, minspan = open_mentions.pop(at)
                        found.append((cluster, kind, first, len(tokens) - 1, minspan))
        if "SpaceAfter=No" not in cols[9]:
            pieces.append(" ")
            length += 1
    out = Labelled(name, "gum", "".join(pieces), names=[])
    taken: set[tuple[int, int]] = set()
    for cluster, kind, first, last, _ in sorted(found, key=lambda m: (m[2], -m[3])):
        run = _proper_run(tokens, first, last)
        label = _GUM_TYPES.get(kind, "OTHER")
        head_is_name = run is not None and run not in taken
        if head_is_name:
            taken.add(run)
            out.names.append((label, tokens[run[0]][0], tokens[run[1]][1]))
        if kind not in _GUM_TYPES:
            continue
        start, end = tokens[first][0], tokens[last][1]
        if head_is_name:
            out.mentions.append(Mention(tokens[run[0]][0], tokens[run[1]][1], cluster, name=True, entity=label))
        else:
            out.mentions.append(Mention(start, end, cluster, anaphor=kind in ("person", "organization")))
    return out


def _proper_run(tokens: list[tuple[int, int, str]], first: int, last: int) -> tuple[int, int] | None:
    """The proper noun run at the end of the mention's first noun group, where the mention has one as its head."""
    i = first
    while i <= last and tokens[i][2] in ("DET", "ADJ", "NOUN", "NUM"):
        i += 1
    if i > last or tokens[i][2] != "PROPN":
        return None
    j = i
    while j < last and tokens[j + 1][2] == "PROPN":
        j += 1
    # "the Times reporter", "Ohio's governor": the head is a noun or stands after a possessive
    if j < last and tokens[j + 1][2] in ("NOUN", "PART", "ADJ"):
        return None
    return i, j


def ewt(data: Path) -> Iterator[Labelled]:
    """The English Web Treebank's training texts, without labels: other networks tell what they make of them."""
    with gzip.open(data / "ewt_train.conllu.gz", "rt", encoding="utf8") as f:
        for block in f.read().split("# newdoc id = ")[1:]:
            sentences = re.findall(r"^(?:# newpar.*\n)?# text = (.*)$|^# (newpar)", block, flags=re.MULTILINE)
            paragraphs: list[list[str]] = [[]]
            for sentence, begins in sentences:
                if begins:
                    paragraphs.append([])
                else:
                    paragraphs[-1].append(sentence)
            text = "\n\n".join(" ".join(p) for p in paragraphs if p)
            yield Labelled(block.split("\n", 1)[0], "ewt", text)


def litbank(data: Path) -> Iterator[Labelled]:
    """LitBank's coreference of persons; names by its PROP mentions."""
    with tarfile.open(data / "litbank.tar.gz") as tar:
        files = {m.name: m for m in tar.getmembers() if "coref/brat" in m.name}
        for name in sorted(n for n in files if n.endswith(".txt")):
            text = tar.extractfile(files[name]).read().decode("utf8")
            ann = tar.extractfile(files[name[:-4] + ".ann"]).read().decode("utf8")
            yield _litbank_document(Path(name).stem, text, ann)


def _litbank_document(name: str, text: str, ann: str) -> Labelled:
    spans: dict[str, tuple[str, int, int]] = {}
    cluster_of: dict[str, str] = {}
    by_span: dict[tuple[int, int], str] = {}
    for line in ann.splitlines():
        cols = line.split("\t")
        if not cols[0].startswith("T") or len(cols) < 2:
            continue
        label, start, end = cols[1].rsplit(" ", 2)
        if re.match(r"(PROP|NOM|PRON)_", label):
            spans[cols[0]] = (label, int(start), int(end))
        else:
            by_span[int(start), int(end)] = label
    for key, (_, start, end) in spans.items():
        cluster_of[key] = by_span.get((start, end), f"single-{key}")
    # LitBank is written one sentence a line: a line break there is no paragraph
    out = Labelled(name, "litbank", text.replace("\n", " "), names=[])
    for key, (label, start, end) in spans.items():
        kind, entity = label.split("_", 1)
        if kind == "PROP":
            start = _after_titles(text, start, end)
        if kind == "PROP":
            out.names.append(("PER" if entity == "PER" else "ORG" if entity == "ORG" else "OTHER", start, end))
        if entity == "PER":
            name = kind == "PROP"
            label = "PER" if name else ""
            out.mentions.append(Mention(start, end, cluster_of[key], name=name, entity=label, anaphor=not name))
    return out


def _after_titles(text: str, start: int, end: int) -> int:
    """Where the name begins once "Mr.", "Sir" and the like before it are left out."""
    for match in re.finditer(r"\S+\s+", text[start:end]):
        if match.group().strip(" .").lower() not in _TITLES:
            return start + match.start()
    return start


def gap(data: Path) -> Iterator[Labelled]:
    """GAP, ten snippets a text so that a batch holds more than one pronoun."""
    with tarfile.open(data / "gap.tar.gz") as tar:
        for member in tar.getmembers():
            if not member.name.endswith(".tsv"):
                continue
            rows = csv.DictReader(io.StringIO(tar.extractfile(member).read().decode("utf8")), delimiter="\t")
            group: list[dict] = []
            for row in rows:
                group.append(row)
                if len(group) == 8:
                    yield _gap_group(group)
                    group = []


def _gap_group(rows: list[dict]) -> Labelled:
    out = Labelled(rows[0]["ID"], "gap", "", names=None)
    for row in rows:
        offset = len(out.text)
        out.text += " ".join(row["Text"].split("\n")) + "\n\n"
        for letter in "AB":
            true = row[f"{letter}-coref"].upper() == "TRUE"
            start = offset + int(row[f"{letter}-offset"])
            cluster = f"{row['ID']}-{'P' if true else letter}"
            out.mentions.append(Mention(start, start + len(row[letter]), cluster, name=True, entity="PER"))
        if any(row[f"{letter}-coref"].upper() == "TRUE" for letter in "AB"):
            start = offset + int(row["Pronoun-offset"])
            out.mentions.append(Mention(start, start + len(row["Pronoun"]), f"{row['ID']}-P", anaphor=True))
    return out


def gender_of(text: str, mentions: list[Mention]) -> dict[str, str]:
    """"m" or "f" for each cluster that more than one pronoun or title tells; for swapping names in augmentation."""
    votes: dict[str, Counter[str]] = {}
    for mention in mentions:
        if mention.cluster is None:
            continue
        words = text[max(0, mention.start - 4) : mention.end].lower().split()
        count = votes.setdefault(mention.cluster, Counter())
        count["m"] += sum(w.strip(".") in ("he", "him", "his", "mr", "sir") for w in words)
        count["f"] += sum(w.strip(".") in ("she", "her", "hers", "mrs", "ms", "miss") for w in words)
    return {c: v.most_common(1)[0][0] for c, v in votes.items() if v["m"] != v["f"]}

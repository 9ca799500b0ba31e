"""To annotation tools and back: Label Studio, doccano, Prodigy, brat, TEI, spaCy. docs/annotation.md tells what each carries.

Each tool has a writer of many articles into one file (brat: into a folder) and a reader of what comes back from it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from quotes.errors import InputError, OutputError
from quotes.marked import (
    LABELS,
    LINKS,
    QUOTATION,
    Link,
    Mark,
    Marked,
    Note,
    in_order,
    marked_of,
    note_line,
    read_note,
    result_of,
)
from quotes.output import whole_file
from quotes.records import ArticleResult

_TEI = "http://www.tei-c.org/ns/1.0"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# What XML 1.0 cannot hold at all.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Tool:
    """How results go to a tool and come back; `into_folder`: many files."""

    name: str
    suffix: str
    write: Callable[[Path, Iterable[ArticleResult]], None]
    read: Callable[[Path], Iterator[ArticleResult]]
    into_folder: bool = False


def _plain(path: Path, articles: Iterable[ArticleResult], line: Callable[[Marked], Any]) -> None:
    with whole_file(path) as stream:
        stream.writelines(json.dumps(line(marked_of(r)), ensure_ascii=False) + "\n" for r in articles)


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                where = f"{path}, line {number}"
                yield where, _object(line, where)


def _object(data: bytes | str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise InputError(f"{where} is no JSON object")
    return found


def _result(read: Callable[[], Marked], where: str) -> ArticleResult:
    """The result of what a tool wrote; whatever it lacks is told with its place."""
    try:
        return result_of(read(), where)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"{where} is not as the tool writes it ({type(error).__name__}: {error})") from error


def _known(label: str, where: str) -> str:
    if label not in LABELS:
        raise InputError(f"{where}: there is no label {label!r}; there are {', '.join(LABELS)}")
    return label


def _linked(head: str, tail: str, type: str, where: str) -> Link:
    if type not in LINKS:
        raise InputError(f"{where}: there is no link {type!r}; there are {', '.join(LINKS)}")
    return Link(head, tail, type)


# --- Label Studio


def _to_label_studio(path: Path, articles: Iterable[ArticleResult]) -> None:
    with whole_file(path) as stream:
        opening = "[\n"
        for result in articles:
            stream.write(opening + json.dumps(_task(marked_of(result)), ensure_ascii=False))
            opening = ",\n"
        stream.write("\n]\n" if opening != "[\n" else "[]\n")


def _task(marked: Marked) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    for mark in marked.marks:
        place = {"start": mark.start, "end": mark.end}
        region = {"id": mark.id, "to_name": "text"}
        value = {**place, "text": marked.text[mark.start : mark.end], "labels": [mark.label]}
        found.append({**region, "from_name": "label", "type": "labels", "value": value})
        if mark.note is not None and (line := note_line(mark.note)):
            found.append({**region, "from_name": "speaker", "type": "textarea", "value": {**place, "text": [line]}})
    found += [
        {"type": "relation", "from_id": link.head, "to_id": link.tail, "direction": "right", "labels": [link.type]}
        for link in marked.links
    ]
    return {"data": {"article": marked.id, "text": marked.text, **marked.about}, "annotations": [{"result": found}]}


def _from_label_studio(path: Path) -> Iterator[ArticleResult]:
    try:
        tasks = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON ({error})") from error
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        where = f"{path}, task {number}"
        yield _result(lambda task=task, where=where, number=number: _read_task(task, where, number), where)  # type: ignore[misc]


def _read_task(task: Mapping[str, Any], where: str, number: int) -> Marked:
    data, done = task["data"], [a for a in task["annotations"] if not a.get("was_cancelled")]
    found = done[-1]["result"] if done else []
    notes = {r["id"]: _first(r["value"]["text"]) for r in found if r["type"] == "textarea"}
    marks = tuple(
        _mark(r["id"], _known(value["labels"][0], where), value["start"], value["end"], notes.get(r["id"]), where)
        for r in found
        if r["type"] == "labels"
        for value in [r["value"]]
    )
    links = tuple(
        _linked(r["from_id"], r["to_id"], _first(r.get("labels") or [""]), where) for r in found if r["type"] == "relation"
    )
    return Marked(str(data.get("article", task.get("id", number))), data["text"], data, marks, links)


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _mark(ident: str, label: str, start: int, end: int, line: str | None, where: str) -> Mark:
    note = read_note(line, where) if line is not None else None
    return Mark(ident, label, int(start), int(end), note)


# --- doccano


def _to_doccano(path: Path, articles: Iterable[ArticleResult]) -> None:
    _plain(path, articles, _doccano)


def _doccano(marked: Marked) -> dict[str, Any]:
    number = {mark.id: k for k, mark in enumerate(marked.marks, 1)}
    entities = [{"id": number[m.id], "label": m.label, "start_offset": m.start, "end_offset": m.end} for m in marked.marks]
    relations = [
        {"id": k, "from_id": number[link.head], "to_id": number[link.tail], "type": link.type}
        for k, link in enumerate(marked.links, 1)
    ]
    told = [note_line(m.note) for m in in_order(marked.marks) if m.note is not None]
    comments = [f"{k}: {line}" for k, line in enumerate(told, 1) if line]
    about = {"article": marked.id, **marked.about}
    return {"text": marked.text, **about, "entities": entities, "relations": relations, "Comments": comments}


def _from_doccano(path: Path) -> Iterator[ArticleResult]:
    for number, (where, found) in enumerate(_lines(path), 1):
        yield _result(lambda f=found, w=where, n=number: _read_doccano(f, w, n), where)  # type: ignore[misc]


def _read_doccano(found: Mapping[str, Any], where: str, number: int) -> Marked:
    marks = [Mark(str(e["id"]), _known(e["label"], where), e["start_offset"], e["end_offset"]) for e in found["entities"]]
    links = tuple(_linked(str(r["from_id"]), str(r["to_id"]), r["type"], where) for r in found["relations"])
    # a comment tells the speaker of the quotation with its number, in order of the text
    parts = {link.tail for link in links if link.type == "part"}
    order = [m.id for m in in_order(marks) if m.label == QUOTATION and m.id not in parts]
    notes = {}
    for comment in found.get("Comments") or ():
        place, _, line = str(comment).partition(":")
        if place.strip().isdigit() and 0 < int(place) <= len(order):
            notes[order[int(place) - 1]] = read_note(line, where)
    noted = tuple(Mark(m.id, m.label, m.start, m.end, notes.get(m.id)) for m in marks)
    return Marked(str(found.get("article", found.get("id", number))), found["text"], found, noted, links)


# --- Prodigy


def _to_prodigy(path: Path, articles: Iterable[ArticleResult]) -> None:
    _plain(path, articles, _prodigy)


def _prodigy(marked: Marked) -> dict[str, Any]:
    spans = [
        {"id": m.id, "start": m.start, "end": m.end, "label": m.label, **({"note": note_line(m.note)} if m.note else {})}
        for m in in_order(marked.marks)
    ]
    place = {m.id: {"start": m.start, "end": m.end, "label": m.label, "id": m.id} for m in marked.marks}
    relations = [{"label": x.type, "head_span": place[x.head], "child_span": place[x.tail]} for x in marked.links]
    return {"text": marked.text, "meta": {"article": marked.id, **marked.about}, "spans": spans, "relations": relations}


def _from_prodigy(path: Path) -> Iterator[ArticleResult]:
    for number, (where, found) in enumerate(_lines(path), 1):
        if found.get("answer", "accept") == "accept":
            yield _result(lambda f=found, w=where, n=number: _read_prodigy(f, w, n), where)  # type: ignore[misc]


def _read_prodigy(found: Mapping[str, Any], where: str, number: int) -> Marked:
    meta = found.get("meta") or {}

    def ident(span: Mapping[str, Any]) -> str:
        return str(span.get("id") or f"{span['label']}:{span['start']}:{span['end']}")

    marks = tuple(
        _mark(ident(s), _known(s["label"], where), s["start"], s["end"], s.get("note"), where) for s in found["spans"]
    )
    relations = found.get("relations") or ()
    links = tuple(_linked(ident(r["head_span"]), ident(r["child_span"]), r["label"], where) for r in relations)
    return Marked(str(meta.get("article", number)), found["text"], meta, marks, links)


# --- brat


def _to_brat(folder: Path, articles: Iterable[ArticleResult]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty; name another folder")
        (folder / "annotation.conf").write_text(BRAT_CONF, encoding="utf-8")
        names: set[str] = set()
        for result in articles:
            marked = marked_of(result)
            stem = re.sub(r"[^\w.-]+", "_", marked.id).strip(".") or "article"
            name = stem if stem not in names else f"{stem}-{len(names)}"
            names.add(name)
            (folder / f"{name}.txt").write_bytes(marked.text.encode("utf-8"))
            (folder / f"{name}.ann").write_text("".join(_brat(marked)), encoding="utf-8", newline="")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written ({error.strerror or error})") from error


BRAT_CONF = "[entities]\n{}\n\n[relations]\n{}\n\n[events]\n\n[attributes]\n".format(
    "\n".join(LABELS), "\n".join(f"{link}\tArg1:{QUOTATION}, Arg2:{'|'.join(LABELS)}" for link in LINKS)
)


def _brat(marked: Marked) -> Iterator[str]:
    number = {mark.id: f"T{k}" for k, mark in enumerate(marked.marks, 1)}
    for mark in marked.marks:
        words = " ".join(marked.text[mark.start : mark.end].split())
        yield f"{number[mark.id]}\t{mark.label} {mark.start} {mark.end}\t{words}\n"
    for k, link in enumerate(marked.links, 1):
        yield f"R{k}\t{link.type} Arg1:{number[link.head]} Arg2:{number[link.tail]}\n"
    notes = ((m.id, note_line(m.note)) for m in marked.marks if m.note is not None)
    for k, (ident, line) in enumerate((n for n in notes if n[1]), 1):
        yield f"#{k}\tAnnotatorNotes {number[ident]}\t{' '.join(line.split())}\n"


def _from_brat(folder: Path) -> Iterator[ArticleResult]:
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise InputError(f"{folder} has no .ann files of brat")
    for file in files:
        yield _result(lambda f=file: _read_brat(f), str(file))  # type: ignore[misc]


def _read_brat(file: Path) -> Marked:
    marks: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    links: list[Link] = []
    notes: dict[str, Note] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        where = f"{file}, line {number}"
        ident, _, rest = line.partition("\t")
        told, _, text = rest.partition("\t")
        if ident.startswith("T"):
            label, _, places = told.partition(" ")
            spans = [(int(a), int(b)) for a, b in (p.split() for p in places.split(";"))]
            marks[ident] = _known(label, where), spans
        elif ident.startswith("R"):
            name, head, tail = told.split()
            links.append(_linked(head.partition(":")[2], tail.partition(":")[2], name, where))
        elif ident.startswith("#"):
            notes[told.split()[1]] = read_note(text, where)
    found: list[Mark] = []
    for ident, (label, spans) in marks.items():
        for k, (start, end) in enumerate(spans):  # brat's own stretches of several parts
            part = ident if k == 0 else f"{ident}.{k + 1}"
            found.append(Mark(part, label, start, end, notes.get(ident) if k == 0 else None))
            if k and label == QUOTATION:
                links.append(Link(ident, part, "part"))
    text = file.with_suffix(".txt").read_bytes().decode("utf-8")
    return Marked(file.stem, text, {}, tuple(found), tuple(links))


# --- TEI


def _to_tei(path: Path, articles: Iterable[ArticleResult]) -> None:
    ElementTree.register_namespace("", _TEI)
    with whole_file(path) as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="{_TEI}">\n')
        for result in articles:
            stream.write(ElementTree.tostring(_tei(marked_of(result)), encoding="unicode") + "\n")
        stream.write("</teiCorpus>\n")


def _tei(marked: Marked) -> ElementTree.Element:
    if found := _NO_XML.search(marked.text):
        raise OutputError(f"{marked.id}: XML cannot hold the character {found[0]!r} at {found.start()}; use another --to")
    element = ElementTree.Element(f"{{{_TEI}}}TEI", {"n": marked.id})
    header = ElementTree.SubElement(element, f"{{{_TEI}}}teiHeader")
    for name, value in marked.about.items():
        ElementTree.SubElement(header, f"{{{_TEI}}}note", {"type": name}).text = value
    off = ElementTree.SubElement(element, f"{{{_TEI}}}standOff")
    for mark in marked.marks:
        note = {"ana": note_line(mark.note)} if mark.note is not None else {}
        place = {"n": mark.id, "type": mark.label, "from": str(mark.start), "to": str(mark.end), **note}
        ElementTree.SubElement(off, f"{{{_TEI}}}span", place)
    for link in marked.links:
        ElementTree.SubElement(off, f"{{{_TEI}}}link", {"type": link.type, "target": f"{link.head} {link.tail}"})
    body = ElementTree.SubElement(ElementTree.SubElement(element, f"{{{_TEI}}}text"), f"{{{_TEI}}}body")
    # XML reads \r\n and \r as \n: they are written so that every place stays
    lines = ElementTree.SubElement(body, f"{{{_TEI}}}ab", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    first, *rest = marked.text.split("\r")
    lines.text = first
    for piece in rest:
        ElementTree.SubElement(lines, f"{{{_TEI}}}lb", {"type": "cr"}).tail = piece
    return element


def _from_tei(path: Path) -> Iterator[ArticleResult]:
    try:
        root = ElementTree.fromstring(path.read_bytes())
    except ElementTree.ParseError as error:
        raise InputError(f"{path} is no XML ({error})") from error
    for number, element in enumerate(root.iter(f"{{{_TEI}}}TEI"), 1):
        where = f"{path}, text {number}"
        yield _result(lambda e=element, w=where, n=number: _read_tei(e, w, n), where)  # type: ignore[misc]


def _read_tei(element: ElementTree.Element, where: str, number: int) -> Marked:
    def children(name: str) -> Iterator[ElementTree.Element]:
        return element.iter(f"{{{_TEI}}}{name}")

    lines = next(children("ab"))
    text = (lines.text or "") + "".join("\r" + (lb.tail or "") for lb in lines)
    about = {n.get("type", ""): n.text or "" for n in next(children("teiHeader"))}
    marks = tuple(
        _mark(s.attrib["n"], _known(s.attrib["type"], where), int(s.attrib["from"]), int(s.attrib["to"]), s.get("ana"), where)
        for s in children("span")
    )
    ends = ((x.attrib["type"], *x.attrib["target"].split()) for x in children("link"))
    links = tuple(_linked(head, tail, type, where) for type, head, tail in ends)
    return Marked(element.get("n") or str(number), text, about, marks, links)


# --- spaCy


def _to_spacy(path: Path, articles: Iterable[ArticleResult]) -> None:
    from quotes.spacy_component import doc_bin

    with whole_file(path) as stream:
        Path(stream.name).write_bytes(doc_bin(articles))


def _from_spacy(path: Path) -> Iterator[ArticleResult]:
    from quotes.spacy_component import read_doc_bin

    try:
        records = list(read_doc_bin(path.read_bytes()))
    except Exception as error:  # zlib, msgpack and spaCy each have errors of their own
        raise InputError(f"{path} is no DocBin of spaCy ({type(error).__name__}: {error})") from error
    for number, record in enumerate(records, 1):
        if record is None:
            raise InputError(f"{path}, doc {number} has no record of quotes in its user data")
        yield ArticleResult.from_dict(record)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("label-studio", ".json", _to_label_studio, _from_label_studio),
        Tool("doccano", ".jsonl", _to_doccano, _from_doccano),
        Tool("prodigy", ".jsonl", _to_prodigy, _from_prodigy),
        Tool("brat", "/", _to_brat, _from_brat, into_folder=True),
        Tool("tei", ".xml", _to_tei, _from_tei),
        Tool("spacy", ".spacy", _to_spacy, _from_spacy),
    )
}

"""An audit as a reader sees it: tables with bars for the terminal, JSON for programs."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from quotes.audit import Audit, Measure, StoryAudit
from quotes.report import print_lines, print_table
from quotes.table import UNNAMED_MARK, counted

_BAR = 20
GROUP_HEADINGS = ("stories", "sources", "single source", "unnamed only", "with unnamed", "unnamed words")
_STATED = {"reason": "reason stated", "asked": "asked for it, no reason", "nothing": "no reason stated", None: ""}


def bar(share: float, console: Console) -> str:
    """A share as a bar of up to twenty characters, with an eighth's precision where the terminal has such characters."""
    if not console.encoding.lower().startswith("utf"):
        return "#" * round(share * _BAR)
    eighths = round(share * _BAR * 8)
    return "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")


def print_story(console: Console, story: StoryAudit) -> None:
    """One story: what it counts, its voices in order, what an editor would ask about."""
    about = story.story.about
    lines = [str(about.get("title") or story.story.id)]
    lines.append(
        f"{counted(story.sources, 'source')}: {story.identified} identified, {story.unnamed} unnamed ({UNNAMED_MARK}); "
        f"{counted(story.quotations, 'quotation')}: {story.direct} direct, {story.mixed} mixed, {story.indirect} indirect, "
        f"{story.unattributed} unattributed; {story.words} quoted words"
    )
    print_lines(console, lines)
    cells = [
        [
            str(v.place),
            ("" if v.source.named else f"{UNNAMED_MARK} ") + v.source.label,
            v.source.kind,
            str(v.quotations),
            f"{100 * v.share:.0f}%",
            bar(v.share, console),
            "" if v.source.named else _STATED[v.stated],
        ]
        for v in story.voices
    ]
    if cells:
        headings = ("#", "source", "kind", "quotations", "words", "of all quoted words", "why unnamed")
        print_table(console, headings, cells, numbers=("#", "quotations", "words"))
    print_lines(console, remarks(story))


def remarks(story: StoryAudit) -> list[str]:
    """What an editor would ask about."""
    found = []
    if not story.sources:
        found.append("No source at all.")
    elif story.sources == 1:
        found.append("A single source.")
    if story.sources and not story.identified:
        found.append("Rests on unnamed sources only.")
    if story.unnamed and story.words:
        share = 100 * story.unnamed_words / story.words
        found.append(f"{share:.0f} % of the quoted words are those of unnamed sources.")
    if story.explained is not None and story.unnamed > story.explained:
        found.append(f"{counted(story.unnamed - story.explained, 'unnamed source')} without a stated reason.")
    if story.unattributed:
        found.append(f"{counted(story.unattributed, 'quotation')} without a source in the text.")
    return found


def print_audit(console: Console, audit: Audit, groups: Mapping[str, Mapping[str, Audit]]) -> None:
    """All measures of an archive with their intervals, then a table for each column to group by."""
    cells = [[m.label, *figures(m), bar(m.share, console) if m.share is not None else ""] for m in audit.measures()]
    print_table(console, ("", "number", "share", "95 %", "of its kind"), cells, numbers=("number", "share", "95 %"))
    if audit.copies:
        print_lines(console, [f"Left out as near-copies of others: {audit.copies}."])
    for column, found in groups.items():
        headings = (column, *GROUP_HEADINGS)
        rows = [[group, *group_figures(found[group])] for group in sorted(found, key=lambda g: (-found[g].stories, g))]
        print_lines(console, [""])
        print_table(console, headings, rows, numbers=headings[1:])


def figures(measure: Measure) -> list[str]:
    """Number, share and interval of a measure, as a reader reads them."""
    if measure.value is None:
        return ["not known", "", ""]
    if measure.of is None:
        interval = "" if measure.low is None or measure.high is None else f"{measure.low:g} to {measure.high:g}"
        return [f"{measure.value:g}", "", interval]
    share = "" if measure.share is None else f"{100 * measure.share:.1f}%"
    interval = "" if measure.low is None or measure.high is None else f"{100 * measure.low:.1f} to {100 * measure.high:.1f}"
    return [f"{measure.value:g}", share, interval]


def group_figures(audit: Audit) -> list[str]:
    """The figures of a group, under `GROUP_HEADINGS`; "sources" is the median of a story."""
    found = {m.name: m for m in audit.measures()}
    shares = [found[name].share for name in ("single_source", "unnamed_only", "with_unnamed", "unnamed_words")]
    median = found["median_sources"].value
    return [
        str(audit.stories),
        "" if median is None else f"{median:g}",
        *("" if share is None else f"{100 * share:.1f}%" for share in shares),
    ]


def to_json(audit: Audit, groups: Mapping[str, Mapping[str, Audit]]) -> str:
    """All measures, and those of each group."""

    def told(one: Audit) -> dict[str, Any]:
        return {m.name: m.to_dict() for m in one.measures()}

    by = {column: {group: told(found[group]) for group in sorted(found)} for column, found in groups.items()}
    whole = {"copies": audit.copies, "measures": told(audit), "by": by}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

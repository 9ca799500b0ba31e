"""What a story says of why a source has no name: "an official, who spoke on condition of anonymity because ...".

Looked at are the sentences that a source is mentioned in, and the one behind each.
"""

import re
from collections.abc import Iterable
from typing import Literal

Stated = Literal["reason", "asked", "nothing"]

_ASKED = re.compile(
    r"\b(?:condition of (?:complete |strict |full )?anonymity|anonymously"
    r"|(?:request|ask|insist|demand)(?:ed|ing|s) (?:on |for )?anonymity"
    r"|(?:ask|request|insist|wish|want|preferr?|agree|chose|spoke)(?:ed|d|s|ing)?\b[^.;]{0,40}\b(?:not|never|without)\b[^.;]{0,25}"
    r"\b(?:named?|naming|names|identified|identity|identification|attribution|quoted)"
    r"|asked [^.;]{0,40}\bnames?\b[^.;]{0,15}\b(?:withheld|not)"
    r"|declin(?:ed|es|ing) to (?:be (?:named|identified)|give (?:his|her|their) (?:full )?names?)"
    r"|(?:not|n['’]t) (?:to )?be (?:named|identified)|(?:would|did|could) not (?:give|let) [^.;]{0,20}\bnames?\b"
    r"|name (?:is|was|has been) (?:being )?withheld|withh(?:eld|olding) (?:his|her|their) names?"
    r"|gave only (?:his|her|their|a) (?:first|last|given) names?|identified (?:himself|herself|themselves|only) )",
    re.IGNORECASE,
)
# By itself a reason: whoever may not speak need not say that they asked for anything.
_FORBIDDEN = re.compile(
    r"\b(?:not|never|n['’]t|neither) (?:been )?(?:authori[sz]ed|permitted|allowed|cleared|free|supposed)"
    r" (?:by [^.;,]{1,40} )?to\b"
    r"|\bunauthori[sz]ed to (?:speak|talk|discuss|comment)|\bbarred from (?:speaking|talking|discussing|commenting)",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|for fear|for (?:his|her|their) (?:own )?safety|fear(?:ing|s|ed)?|out of|due to|owing to|citing"
    r"|given (?:the|that)|lest|in order|so (?:as|that)|as (?:he|she|they|the|talks|negotiations)|pending|until"
    r"|to (?:discuss|speak|describe|talk|share|protect|avoid|disclose|detail|be (?:candid|frank)|offer|preserve|comment)"
    r"|(?:under|by) (?:the )?rules|in (?:line|keeping) with)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*\s+(?=[“‘\"'(\[«]?[A-Z0-9])|\n\s*\n")
_TITLE_END = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt|Rev|St|vs)\.$")


def stated(text: str, mentions: Iterable[int]) -> Stated:
    """What the sentences around mentions say: a reason for there being no name, only that it was asked for, or nothing.

    Args:
        text: Of the article.
        mentions: Where each mention of the source begins.
    """
    best: Stated = "nothing"
    for start in mentions:
        sentence, after = _sentences(text, start)
        for words in (sentence, after if _tells_on(after) else ""):
            asked = _ASKED.search(words)
            if _FORBIDDEN.search(words) or (asked and _REASON.search(words)):
                return "reason"
            if asked:
                best = "asked"
    return best


def _sentences(text: str, start: int) -> tuple[str, str]:
    """The sentence that holds a place, and the next one of its paragraph."""
    ends = [m.end() for m in _ends(text, max(0, start - 1500), start)]
    begin = ends[-1] if ends else max(0, start - 1500)
    following = list(_ends(text, start, min(len(text), start + 3000)))
    first = following[0] if following else None
    if first is None:
        return text[begin : start + 3000], ""
    sentence = text[begin : first.end()]
    if "\n" in first[0]:
        return sentence, ""
    second = following[1].end() if len(following) > 1 else start + 3000
    return sentence, text[first.end() : second]


def _ends(text: str, start: int, end: int) -> Iterable["re.Match[str]"]:
    """Where sentences end; not behind a title or an initial."""
    for found in _SENTENCE_END.finditer(text, start, end):
        if not _TITLE_END.search(text, max(0, found.start() - 6), found.start() + 1):
            yield found


def _tells_on(sentence: str) -> bool:
    """Whether a sentence goes on about the source of the one before: "He spoke on condition of anonymity.\""""
    return re.match(r"[“‘\"']?(?:He|She|They|Like|The|All|Both|None|Neither|Each)\b", sentence) is not None

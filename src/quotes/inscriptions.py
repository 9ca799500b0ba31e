"""Words in marks that are surely nobody's speech, or surely somebody's, told by the words right beside the marks.

The trained judge takes a verb of saying beside short words for speech: T-shirts that said “We Remember”; what dealers call
“pepper”; she avoided the word “fraud”. Few patterns, each of which held nearly always on labelled articles, overrule it.
"""

import re

# Characters before and behind the marks that are read.
_BEFORE, _AFTER = 120, 40

_WORN = r"(?:t-?|tee |sweat)?shirts?|tees|caps?|hats?|hoodies?|mugs?|bags?|bottles?|buttons?|pins?|tattoos?"
_HUNG = r"banners?|placards?|stickers?|badges?|posters?|billboards?|flags?"
_WORD = r"[\w’'.-]+"
# shirts that read, caps with the words; not: a man in a hat said
_ON_THINGS = re.compile(
    rf"\b(?:{_WORN}|{_HUNG}|signs(?= (?:saying|reading)))(?:,? {_WORD}){{0,8}}?"
    rf" (?:reads?|reading|saying|(?:that|which) (?:{_WORD} )?(?:says?|said)"
    r"|(?:bearing|printed with|emblazoned with|with) the (?:words?|slogan|message|legend)|with the words? [a-z]+)[,:]? ?$",
    re.IGNORECASE,
)
# The banner across the street said; not: the banner maker said, the woman with the placard said
_HUNG_SAYS = re.compile(
    r"(?:^|[.!?”\"’»'] )(?:The|A|An|One|Another|Their|His|Her|Its|Our|Some|Most)"
    rf"(?: (?!(?:in|with|on|of|under|behind|holding|carrying|who)\b){_WORD}){{0,2}}? (?:{_HUNG})"
    rf"(?: (?:still|simply|just|only|(?:on|in|at|above|across|outside|by|over|near)(?: {_WORD}){{1,5}}?))?"
    r" (?:says?|said)[,:]? ?$"
)
# “No Ferry,” read one banner; “Still Here,” it read, of the sign before
_READ_BY_THING = re.compile(
    rf",? (?:reads?|said) (?:(?:one|another|a|an|the) )?(?:{_WORD} ){{0,2}}?(?:{_HUNG}|(?:t-)?shirts?|signs?)(?=[.,;])"
)
_READ_ONE = re.compile(r",? reads? (?:one|another)\b")
_IT_READS = re.compile(r",? it (?:reads?|said|says)\b")
_THING_LAST = re.compile(rf"\b(?:{_HUNG}|(?:t-)?shirts?|signs?)\b[^.!?:]{{0,30}}[.:]\s*$", re.IGNORECASE)

# What a thing, a place, a text is named.
_NAMED = re.compile(
    r"\b(?:known as|entitled|titled|headlined|nicknamed|code-?named|so[- ]called|marked|stamped|filed under|headed),?"
    r" (?:the |an? )?$",
    re.IGNORECASE,
)
# A slogan is told as one; with "chanted" before it, it is what a crowd says.
_SLOGAN = re.compile(r"\b(?:slogan|motto|tagline|catchphrase)(?: (?:is|was|of|reads?|:))?,? ?$", re.IGNORECASE)
# What words of another language mean: Russian for “goodbye”, «beshbarmak», which means «five fingers».
_MEANT = re.compile(r"(?:\b[A-Z][a-z]+(?:ian|ish|ese|ic|ch|man|in|ek|ili|i) for|\b(?:which|name|that) means|\bmeaning),? ?$")
# Words given as examples of words: words like “maybe”.
_EXAMPLES = re.compile(r"\b(?:words|terms|phrases) (?:like|such as) ?$")
# What many call it: locals call the bend “the Elbow”. Critics and parties, who call things names, are not among them.
_MANY = """
    some many people everyone everybody locals residents villagers soldiers sailors fishermen farmers miners dealers traders
    brokers bankers investors economists scientists researchers engineers technicians doctors nurses lawyers chefs cooks pilots
    players fans insiders politicos strategists historians linguists psychologists physicists biologists geologists astronomers
    meteorologists forecasters statisticians programmers developers drivers
"""
_CALLED_BY_MANY = re.compile(
    rf"\b(?:{'|'.join(_MANY.split())}|the (?:trade|industry|army|military|navy))"
    r"(?: (?:still|also|often|sometimes|now|like to))? (?:calls?|dub|refers? to)\b[^.!?,;:“”\"‘«»]{0,40}$",
    re.IGNORECASE,
)
# The word as a word: avoided the word “fraud”, the meaning of the word “now”.
_WORD_NOT_USED = re.compile(
    r"(?:\b(?:not|never|avoid\w*|refus\w*|declin\w*|withdr[ae]w\w*|without|nor)|n[’']t)\b[^.!?“”\"‘«»]{0,40}"
    r"\b(?:words?|terms?|phrases?),? ?$",
    re.IGNORECASE,
)
_WORD_ITSELF = re.compile(r"\b(?:of|over|in|on|than|from) the (?:word|term|phrase),? ?$", re.IGNORECASE)
# You can't yell “fire”: told as not said.
_NOT_SAID = re.compile(
    r"(?:\b(?:not|never|cannot|refus\w+ to|declin\w+ to|avoid\w*)|n[’']t)(?: (?:ever|even|just|simply))?"
    r" (?:say|saying|said|yell|shout|utter|use|used|using) ?$",
    re.IGNORECASE,
)
# Cries of “Shame!”
_VOICES = re.compile(r"\b(?:cries|chants|shouts|cheers|calls|yells|screams) of ?$", re.IGNORECASE)


def is_nobodys(before: str, after: str, length: int) -> bool:
    """Whether words in marks are an inscription, a name given by many, a word as a word, or told as not said.

    Args:
        before: The text before the marks, as far as it is read (see `beside`).
        after: The text behind them.
        length: The number of words within.
    """
    if length <= 25 and (_ON_THINGS.search(before) or _HUNG_SAYS.search(before) or _is_read(before, after)):
        return True
    if length <= 12 and (_NAMED.search(before) or _SLOGAN.search(before) or _MEANT.search(before)):
        return True
    if length <= 6 and _WORD_NOT_USED.search(before):
        return True
    if length <= 4 and _CALLED_BY_MANY.search(before):
        return True
    return length <= 3 and (_WORD_ITSELF.search(before) or _EXAMPLES.search(before) or _NOT_SAID.search(before)) is not None


def _is_read(before: str, after: str) -> bool:
    if _READ_BY_THING.match(after) or _READ_ONE.match(after):
        return True
    return _IT_READS.match(after) is not None and _THING_LAST.search(before) is not None


def is_voiced(before: str) -> bool:
    """Whether words in marks are what a crowd calls out: cries of “Shame!”"""
    return _VOICES.search(before) is not None


def beside(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and behind [start, end) that decides; only the line break right before the marks is crossed."""
    before = text[max(0, start - _BEFORE) : start]
    body = before.rstrip()
    cut = body.rfind("\n")
    return before[cut + 1 :], text[end : end + _AFTER].split("\n", 1)[0]

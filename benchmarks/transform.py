"""Change a gold article without changing what it says: other names for its people, other quotation marks.

Every label moves along. Used by `accuracy.py`, and to vary names in the texts of the other benchmarks.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from quotes.lexicon import fold, given_names, nicknames, person_nouns, say_verbs, titles
from quotes.quotations import find_quotations

_NAMES = Path(__file__).resolve().parents[1] / "training" / "names.tsv"
# The gold's people are mostly American: these would not be names of another culture.
_NEAR = frozenset(("english", "scottish", "irish", "welsh", "american"))
_PARTICLES_WORDS = "al el de da di du van von der den la le bin ibn ben dos das del della abu st y e"
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_SUFFIXES_WORDS = "jr sr ii iii iv"
_SUFFIXES = frozenset(_SUFFIXES_WORDS.split())
_MALE_WORDS = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald
steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas
eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis
jerry tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger
noah gerald carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel
logan alan juan wayne roy ralph randy eugene vincent russell elijah louis bobby philip johnny bill bob mike tom jim
dan steve ted marco rand jeb ben chris bernie martin lindsey mitch harry chuck newt mitt barack vladimir bashar tim
rick glenn corey reince karl rudy jake
"""
_MALE = frozenset(_MALE_WORDS.split())
_FEMALE_WORDS = """
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia kathleen amy
angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet
catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith
megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail
alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany
charlotte marie kayla alexis lori hillary chelsea huma kellyanne melania ivanka nikki carly debbie loretta dianne
megyn condoleezza madeleine anne jane kate
"""
_FEMALE = frozenset(_FEMALE_WORDS.split())
_WORD = r"[^\W\d_]"


class Culture(NamedTuple):
    """Names of one culture."""

    male: list[str]
    female: list[str]
    surnames: list[str]


@cache
def cultures() -> tuple[Culture, ...]:
    """The cultures of `training/names.tsv` that are none of the English-speaking countries of the gold."""
    lines = [x for x in _NAMES.read_text(encoding="utf8").splitlines() if x and not x.startswith("#")]
    rows = [line.split("\t") for line in lines]
    return tuple(Culture(*(names.split() for names in row[1:])) for row in rows if row[0] not in _NEAR)


@cache
def _known_given() -> frozenset[str]:
    short_and_long = {*nicknames(), *(name for full in nicknames().values() for name in full)}
    listed = {n.lower() for line in cultures() for n in line.male + line.female}
    return frozenset(_MALE | _FEMALE | short_and_long | listed | given_names().keys())


@cache
def _told_gender(word: str) -> str:
    """"m" or "f" of a given name that one gender alone has, else ""."""
    listed = given_names().get(fold(word))
    male, female = (any(word in names for names in (c[gender] for c in cultures())) for gender in (0, 1))
    return listed or ("" if male == female else "m" if male else "f")


def _is_given(word: str) -> bool:
    return word.lower() in _known_given() or fold(word) in _known_given()


# --- edits


class Edits:
    """Replacements in a text, and where each offset goes."""

    def __init__(self, text: str, edits: Sequence[tuple[int, int, str]]) -> None:
        self._edits = sorted(edits)
        out, at = [], 0
        for start, end, new in self._edits:
            out += [text[at:start], new]
            at = end
        self.text = "".join(out) + text[at:]

    def move(self, offset: int, *, is_end: bool = False) -> int:
        """The offset in the new text; one inside replaced characters goes to their start, or as an end to their end."""
        shift = 0
        for start, end, new in self._edits:
            if offset <= start:
                break
            if offset < end:
                return start + shift + (len(new) if is_end else 0)
            shift += len(new) - (end - start)
        return offset + shift

    def span(self, span: Sequence[int]) -> list[int]:
        """A range [start, end] in the new text."""
        return [self.move(span[0]), self.move(span[1], is_end=True)]


# --- names


class NameSwap:
    """New names for the people of one article.

    Each word of a name becomes one other word throughout, so short names, possessives and relations of one surname keep
    their sense. Words of other names with such a surname ("Walter Brandvold" beside Marlene) are exchanged too.

    Args:
        text: The article.
        sources: Its sources (`kind`, `name`, `aliases`).
        rng: Draws the names.
        quotes: Gold quotations; a "he" or "she" beside one tells its source's gender.
        invent: Gives a made-up surname, or None for one of the list.
    """

    def __init__(
        self, text: str, sources: Iterable[Mapping[str, Any]], rng: random.Random, *,
        quotes: Iterable[Mapping[str, Any]] = (), invent: Callable[[], str | None] = lambda: None,
    ) -> None:  # fmt: skip
        self._rng, self._invent, self._old = rng, invent, text
        self._quotes = list(quotes)
        self._lower = {word for word in re.findall(rf"(?<!\w){_WORD}+(?!\w)", text) if word[0].islower()}
        self.new: dict[str, str] = {}
        self._culture: dict[str, Culture] = {}
        self._taken = set(re.findall(r"\w+", text))
        people = [s for s in sources if s["kind"] == "person" and s["name"]]
        for source in sorted(people, key=lambda s: -len(s["name"].split())):
            self._name_person(source)
        self._name_others()
        self._pattern = self._compile()
        self.edits = Edits(text, [(m.start(1), m.end(1), self._word(m[1])) for m in self._matches(text)])
        self.text = self.edits.text

    def form(self, text: str | None, *, person: bool) -> str | None:
        """A name, description or alias with the new names; a person's are exchanged whatever stands around them."""
        if text is None:
            return None
        found = self._pattern.finditer(text) if person else self._matches(text)
        return Edits(text, [(m.start(1), m.end(1), self._word(m[1])) for m in found]).text

    def _name_person(self, source: Mapping[str, Any]) -> None:
        words = _name_words(source["name"])
        if not words:
            return
        if len(words) == 1 and words[0] not in self.new and self._is_given_alone(words[0], source.get("id")):
            self._draw_given(words[0], self._rng.choice(cultures()), _told_gender(words[0]))
            return
        surname = words[0 if self._is_family_first(words) else -1]
        others = [w for w in words if w != surname]
        spelt: list[str] = []
        for alias in source["aliases"]:
            form = _name_words(alias)
            spelt += [w for w in form if w not in words]
            # the word before the surname is another given name, unless it is a role's: Secretary of State Perry
            given = [w for w in form[-2:-1] if _is_given(w)] if form[-1:] == [surname] else []
            if len(alias.split()) == 1 and not alias.isupper():
                given = form
            others += [w for w in given if w not in words and self._is_name_only(w)]
        culture = self._draw_surname(surname)
        gender = self._gender(words, source.get("id"))
        for word in words:
            if word in others:
                self._draw_given(word, culture, gender)
        for word in spelt:
            self._spell(word, words)
        for word in others:
            self._draw_given(word, culture, gender)

    def _is_name_only(self, word: str) -> bool:
        low = word.lower().strip(".")
        return low not in self._lower and low not in titles() and low not in person_nouns()

    def _is_given_alone(self, word: str, source: str | None) -> bool:
        """Whether somebody's only name is a given one: "Rosa, 8, said she ..."; no surname would stand so."""
        gender = _told_gender(word)
        return bool(gender) and not self._follows_title(word) and self._gender([word], source) in ("", gender)

    def _is_family_first(self, words: Sequence[str]) -> bool:
        """Whether the article has it so: "Mr Xi said", not "Mr Xi Jinping"; "Seo said" of Seo Min-gyu."""
        if len(words) < 2 or self._follows_title(words[-1]):
            return False
        if self._follows_title(words[0]):
            return True
        if _is_given(words[0]) or not _is_given(words[-1]):
            return False
        first, last = (len(re.findall(rf"(?<!\w){re.escape(w)}(?!\w)", self._old)) for w in (words[0], words[-1]))
        return first > last

    def _spell(self, word: str, words: Sequence[str]) -> None:
        """The new name of a word that is one of the name's in another form: Francois for François, Pete, Olkelo."""
        for other in words:
            if word in self.new or other not in self.new or word.isupper() or word[0] != other[0]:
                continue
            if fold(word) == fold(other) or other.lower() in nicknames().get(word.lower(), ()):
                self.new[word] = self.new[other]
            elif not _is_given(word) and SequenceMatcher(None, word, other).ratio() >= _MISSPELT:
                self.new[word] = _misspell(self.new[other])

    def _draw_surname(self, surname: str) -> Culture:
        culture = self._culture.setdefault(surname, self._rng.choice(cultures()))
        if surname not in self.new:
            parts = [p for p in surname.split("-") if p[:1].isupper() and len(p) > 2]
            if len(parts) > 1 and len(parts) == surname.count("-") + 1:
                for part in parts:
                    self._draw_surname(part)
                self.new[surname] = "-".join(self.new[p] for p in parts)
            else:
                self.new[surname] = self._invent() or self._draw(culture.surnames)
        return culture

    def _draw_given(self, word: str, culture: Culture, gender: str) -> None:
        if word not in self.new:
            names = {"m": culture.male, "f": culture.female}.get(gender) or culture.male + culture.female
            self.new[word] = self._draw(names)

    def _draw(self, names: Sequence[str]) -> str:
        """A name that the article has not; when a culture is used up, one of any other, then one with an ending."""
        free = [n for n in names if n not in self._taken]
        kind = next((k for k in Culture._fields if any(names == getattr(c, k) for c in cultures())), None)
        if not free and kind:
            free = [n for c in cultures() for n in getattr(c, kind) if n not in self._taken]
        name = self._rng.choice(free or names) + ("" if free else self._rng.choice(("sen", "ez", "ova", "ian")))
        self._taken.add(name)
        return name

    def _name_others(self) -> None:
        """Given names before the surnames that are new."""
        surnames = "|".join(_spelt(s) for s in sorted(self._culture, key=len, reverse=True))
        if not surnames:
            return
        for match in re.finditer(rf"(?<!\w)({_WORD}[\w'’-]+)(?: \w\.)? ({surnames})(?!\w)", self._old):
            word, surname = match[1], match[2].replace("’", "'")
            if word not in self.new and word[0].isupper() and _is_given(word) and word.lower() not in titles():
                culture = self._culture.get(surname) or self._rng.choice(cultures())
                self._draw_given(word, culture, self._gender([word, match[2]]))

    def _follows_title(self, word: str) -> bool:
        """Whether the article has it so: "Mr Xi said", not "Mr Xi Jinping"."""
        before = re.findall(rf"([\w.]+) {re.escape(word)}(?!\w)(?! {_MARK}?[A-Z])(?! (?:{'|'.join(_PARTICLES)}) )", self._old)
        return any(t.lower().strip(".") in titles() for t in before)

    def _gender(self, words: Sequence[str], source: str | None = None) -> str:
        """"m", "f" or "" from titles, given names and the pronouns beside name and quotations."""
        given = next((g for w in words[:-1] if (g := _told_gender(w))), "")
        if given:
            return given  # pronouns around it may be another's
        votes: Counter[str] = Counter()
        if len(words) > 1:
            votes["m"] += 6 * (words[0].lower() in _MALE or any(words[0] in c.male for c in cultures()))
            votes["f"] += 6 * (words[0].lower() in _FEMALE or any(words[0] in c.female for c in cultures()))
        for match in re.finditer(rf"(?:([\w.]+) )?(?<!\w)(?:{'|'.join(_spelt(w) for w in words)})(?!\w)", self._old):
            title = titles().get((match[1] or "").lower().strip("."), "-")
            votes[title] += 6 * (title in "mf")
            self._vote(votes, self._old[match.end() : match.end() + 150], 1)
        for quote in self._quotes:
            if source is not None and quote["source"] == source:
                self._vote(votes, self._old[quote["end"] : quote["end"] + 15], 2)
                self._vote(votes, self._old[max(0, quote["start"] - 15) : quote["start"]], 2)
        return "" if votes["m"] == votes["f"] else "m" if votes["m"] > votes["f"] else "f"

    def _vote(self, votes: Counter[str], text: str, weight: int) -> None:
        if pronoun := re.search(r"\b(?:(he|his|him|himself)|(she|her|hers|herself))\b", text, re.IGNORECASE):
            votes["m" if pronoun[1] else "f"] += weight

    def _compile(self) -> re.Pattern[str]:
        words = [*self.new, *(w.upper() for w in self.new if len(w) > 2)]
        spelt = "|".join(_spelt(w) for w in sorted(words, key=len, reverse=True))
        return re.compile(rf"(?<![\w@#])({spelt})(?!\w)" if spelt else r"(?!)()")

    def _word(self, old: str) -> str:
        old = old.replace("’", "'")
        return self.new[old] if old in self.new else next(n.upper() for w, n in self.new.items() if w.upper() == old)

    def _matches(self, text: str) -> list[re.Match[str]]:
        """The words to exchange; one that is a common word too ("White", "Will") only where it is surely the name."""
        return [m for m in self._pattern.finditer(text) if m[1].lower() not in self._common() or self._is_name(text, m)]

    def _common(self) -> set[str]:
        return self._lower | _COMMON

    def _is_name(self, text: str, match: re.Match[str]) -> bool:
        before = re.search(r"(\S+)\s$", text[max(0, match.start() - 30) : match.start()])
        after = re.match(r"\s([\w-]+)", text[match.end() : match.end() + 30])
        previous = before[1] if before else ""
        following = after[1] if after else ""
        if previous in self.new or re.fullmatch(r"[A-Z]\.", previous) or following in self.new:
            return True
        if previous.lower().strip(".") in titles():
            return True
        in_a_name = previous[:1].isupper() and previous[-1] not in ",.!?;:\"”’'" and previous.lower() not in _SMALL
        if in_a_name or following[:1].isupper():
            return False  # White House, Santa Cruz, West Virginia
        begins = not previous or previous[-1] in ".!?\"“”:‘’'"
        told = re.match(r"[’']s\s|,?\s(\w+)", text[match.end() : match.end() + 30])
        if begins and told and (told[1] is None or told[1] in _AFTER_SURNAME or told[1] in say_verbs()):
            return True
        return not begins or match[1].lower() not in self._lower


# Words of a sentence or headline that begin with a capital there: "For Grant the title ended a long wait."
_SMALL = frozenset("for but and when as with while if to in on after before then like by from of that than on at or".split())
_AFTER_SURNAME_WORDS = "who whose is was has had also did does would could"
_AFTER_SURNAME = frozenset(_AFTER_SURNAME_WORDS.split())
# Marks that may stand before a nickname, and how alike a word and its misspelling are.
_MARK = "[“\"‘'«(]"
_MISSPELT = 0.8
_COMMON_WORDS = """
will mark bill grant rose may june april august art frank jack rich sue pat drew hope faith grace joy dawn ray king
price brown white black green gray young long short cook baker miller hill woods field stone rock banks brooks lake
rivers north west east south church day knight prince bishop cross love best wise good case page reed bush ford
justice law power major little washington paris jordan israel georgia virginia carolina austin houston jackson
lincoln madison charlotte
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def _name_words(name: str) -> list[str]:
    """The words of a name that are exchanged: no titles, particles, initials, suffixes."""
    words = [w.strip("\"“”‘’'«»(),").replace("’", "'") for w in name.split()]
    # al-Durrani: the particle stays
    words = [re.sub(r"'s?$", "", re.sub(r"^(?:al|el)-", "", w, flags=re.IGNORECASE)) for w in words]
    out = [
        w
        for w in words
        if w[:1].isupper() and len(w.strip(".")) > 1 and not re.fullmatch(r"(?:\w\.)+", w)
        and w.lower().strip(".") not in _SUFFIXES | _PARTICLES
    ]  # fmt: skip
    while len(out) > 1 and out[0].lower().strip(".") in titles():
        out = out[1:]
    return [] if len(out) == 1 and out[0].lower().strip(".") in titles() else out


def _misspell(word: str) -> str:
    """With two letters exchanged."""
    return word[:-3] + word[-2] + word[-3] + word[-1] if len(word) > 3 else word


def _spelt(word: str) -> str:
    """A pattern for a word with either apostrophe."""
    return re.escape(word).replace("'", "['’]")


def swap_names(article: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    """The gold article with every person renamed."""
    swap = NameSwap(article["text"], article["sources"], rng, quotes=article["quotes"])
    out = dict(article)
    out["text"] = swap.text
    out["sources"] = [_renamed(source, swap) for source in article["sources"]]
    return _moved(article, out, swap.edits)


def _renamed(source: Mapping[str, Any], swap: NameSwap) -> dict[str, Any]:
    person = source["kind"] == "person"
    return {
        **source,
        "name": swap.form(source["name"], person=person),
        "description": swap.form(source["description"], person=False),
        "aliases": [swap.form(alias, person=person) for alias in source["aliases"]],
    }


def _moved(article: Mapping[str, Any], out: dict[str, Any], edits: Edits) -> dict[str, Any]:
    """`out` with the article's offsets moved; a self-check that every quotation still stands in the same marks."""
    for key in ("quotes", "indirect"):
        if key in article:
            spans = [edits.span((q["start"], q["end"])) for q in article[key]]
            out[key] = [{**q, "start": s, "end": e} for q, (s, e) in zip(article[key], spans, strict=True)]
    if "attributions" in article:
        roles = ("source", "cue", "content")
        moved = [{r: [edits.span(s) for s in a[r]] for r in roles} for a in article["attributions"]]
        out["attributions"] = [{**a, **m} for a, m in zip(article["attributions"], moved, strict=True)]
    for old, new in zip(article["quotes"], out["quotes"], strict=True):
        before = article["text"][old["start"]] + article["text"][old["end"] - 1]
        after = out["text"][new["start"]] + out["text"][new["end"] - 1]
        if before != after:
            raise AssertionError(f"{article.get('id')}: the quotation at {old['start']} has lost its marks")
    return out


# --- marks

MARKS = {"curly": ("‘’", "“”"), "straight": ("''", '""')}
_DOUBLE = "\"“”"
_INCHES = re.compile(r"\d\s?[’']\s?\d{1,2}[\"”]|\d[\"”](?=\s?[x×])")


def single_marks(article: Mapping[str, Any], style: str) -> dict[str, Any] | None:
    """The article with its double marks turned into single ones, and single ones inside them into double.

    No character moves. Apostrophes, inches and single marks outside quotations stay as they are.

    Args:
        article: A gold article.
        style: "curly" or "straight".

    Returns:
        None where the article's quotations stand in other marks than double ones. Else `unlabelled` has the spans that stood
        in single marks before: they now look like quotations, and gold, which labels double marks, does not say whether they
        are any.
    """
    text = article["text"]
    if any(text[q["start"]] not in _DOUBLE or text[q["end"] - 1] not in _DOUBLE for q in article["quotes"]):
        return None
    single, double = MARKS[style]
    new = list(text)
    inches = {m.end() - 1 for m in _INCHES.finditer(text)}
    for at, char in enumerate(text):
        if char in _DOUBLE and at not in inches:
            new[at] = single[not _opens(text, at)]
    spans = []
    for span in find_quotations(text)[0]:
        ends = (span.span.start, span.span.end - 1)
        if span.style == "double":
            spans.append((ends, single))
        elif span.style == "single" and span.depth:
            spans.append((ends, double))
    # the gold's own last: where the scanner reads the marks otherwise, the gold is right
    spans += [((q["start"], q["end"] - 1), single) for q in article["quotes"]]
    for (start, end), marks in spans:
        if text[start] in "\"“”'‘’":
            new[start] = marks[0]
        if end > start and text[end] in "\"“”'‘’" and (text[end] in _DOUBLE or marks == double):
            new[end] = marks[1]
    out = _marked(article, "".join(new))
    labelled = [(q["start"], q["end"]) for q in article["quotes"]]
    out["unlabelled"] = [
        [span.span.start, span.span.end]
        for span in find_quotations(text)[0]
        if span.style == "single" and not span.depth and not any(s < span.span.end and span.span.start < e for s, e in labelled)
    ]
    for q in article["quotes"]:
        if new[q["start"]] not in single or new[q["end"] - 1] not in single:
            raise AssertionError(f"{article.get('id')}: the quotation at {q['start']} does not stand in single marks")
    return out


def _marked(article: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The article with its text in other marks, and its sources' names and descriptions in those that they have there."""

    def form(old: str | None) -> str | None:
        at = article["text"].find(old) if old else -1
        return text[at : at + len(old)] if old and at >= 0 else old

    sources = [
        {**s, "name": form(s["name"]), "description": form(s["description"]), "aliases": [form(a) for a in s["aliases"]]}
        for s in article["sources"]
    ]
    return {**article, "text": text, "sources": sources}


def _opens(text: str, at: int) -> bool:
    if text[at] in "“”":
        return text[at] == "“"
    return at == 0 or text[at - 1] in " \t\n\r\u00a0([—–"

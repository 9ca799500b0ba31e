"""From resolved clusters to the article's list of sources: fullest name, role, aliases."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from quotes.bodies import is_proper, named_body
from quotes.lexicon import nicknames, titles
from quotes.names import Name, core_text
from quotes.own_names import POSSESSIVE
from quotes.pairs import PRONOUNS
from quotes.phrases import without_clause, without_time
from quotes.records import Source
from quotes.sources import ArticleResolver, Cluster
from quotes.words import Words

# A role or description of more words is a clause too many for a table.
LONGEST = 30
# Words of a body's name with its owner's.
LONGEST_OWNED = 8
_EDGE = " \t\r\n\u00a0,;:–—-"
_ROLE_STARTS = frozenset("a an the who whose chief head president director professor one former".split())


def build_sources(article: ArticleResolver) -> tuple[list[Source], dict[int, str]]:
    """The sources that quotations point to, in order of first quotation, and the id of each cluster by `id()`."""
    sources: list[Source] = []
    ids: dict[int, str] = {}
    for result in article.results:
        cluster = result.cluster
        if cluster is None or id(cluster) in ids:
            continue
        source = _source(article, cluster, f"s{len(sources) + 1}")
        if source is not None:
            ids[id(cluster)] = source.id
            sources.append(source)
    return sources, ids


def _source(article: ArticleResolver, cluster: Cluster, ident: str) -> Source | None:
    words = article.words
    descriptions = _descriptions(article, cluster)
    kind = cluster.kind or "anonymous"
    if cluster.names is not None:
        members = [article.names[i] for i in cluster.names.members]
        name = fullest(members)
        if kind == "organization":
            name = _without_title(article, cluster, _owned(article, cluster) or name)
        role = _role(article, cluster)
        withheld = _name_withheld(words, cluster) if kind == "person" and " " not in name else None
        if withheld is not None:
            aliases = [core_text(m) for m in members] + descriptions
            return Source(ident, "anonymous", None, withheld, _distinct(aliases, withheld))
        aliases = [core_text(m) for m in members] + _titled(words, members) + descriptions
        if kind in ("anonymous", "group"):
            return Source(ident, kind, None, name, _distinct(aliases, name))
        description = role or next(iter(descriptions), None)
        return Source(ident, kind, name, description, _distinct(aliases, name, description))
    if not descriptions:
        return None
    if kind in ("document", "group"):
        descriptions = _fullest_first(descriptions)
    descriptions = [*dict.fromkeys(x for d in map(without_time, descriptions) for x in (without_clause(d), d))]
    best = descriptions[0]  # the first is the fullest: later ones take it up
    if kind in ("anonymous", "person") and " " not in best:  # but not the "official" of a headline
        best = next((d for d in descriptions if best.lower() in d.split() and _ROLE_OPENS.match(d)), best)
    if kind in ("anonymous", "person"):
        best = _as_introduced(words, cluster.mentions[0][0], best) or best
    if kind == "person":
        kind = "anonymous"
    if kind == "organization":
        best = _without_title(article, cluster, _owner_in_full(article, cluster, best))
        named, described = named_body(best)
        if named:
            return Source(ident, kind, named, described, _distinct(descriptions, named, described))
    if kind in ("organization", "document") and any(w[:1].isupper() for w in best.split()[1:]):
        body = re.sub(r"^[Tt]he\s+", "", best)
        if is_proper(body) or (kind == "organization" and body[:1].isupper()):
            return Source(ident, kind, body, None, _distinct(descriptions, best, body))
        called = _CALLED.fullmatch(body) if kind == "organization" else None
        if called is not None:
            return Source(ident, kind, called["name"], called["role"], _distinct(descriptions, called["name"], called["role"]))
    return Source(ident, kind, None, best, _distinct(descriptions, best))


# "the celebrity press Velsen Books", "a prominent civil rights organization the Open Ledger League"
_CALLED = re.compile(
    r"(?P<role>(?:[\w’'-]*[a-z][\w’'-]*\s+)*[a-z]{3,}(?<!of|in|at|on|by)(?<!for)(?<!the)(?<!from|with))\s+(?:the\s+)?"
    r"(?P<name>[A-Z]\S*(?:\s+[A-Z&]\S*)+)"
)
# Words that open a description of somebody new.
_ROLE_OPENS = re.compile(r"(?:an?|another|one|my|our)\s", re.IGNORECASE)
# "a man who gave only his first name", "a caller who asked to be known as Idrissa".
_WITHHELD = re.compile(
    r"(?:an?|another|one)\b.*\b(?:who|that)\s+(?:\S+\s+)??(?:g[ai]ve|gives|asked|agreed|wanted|wished)\b.*"
    r"\b(?:only|called|known|identified)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def _name_withheld(words: Words, cluster: Cluster) -> str | None:
    """The description of somebody who would not be named: "a man who gave only his first name, Idrissa"."""
    mentions = (words.slice(first, last).strip(_EDGE) for first, last in cluster.mentions)
    return next((m for m in mentions if _WITHHELD.fullmatch(m)), None)
def _fullest_first(descriptions: Sequence[str]) -> list[str]:
    """With the description that introduces before one of two words: "a leaked memo" before "the memo"."""

    def rank(i: int) -> tuple[bool, int]:
        forms = descriptions[i].lower().split()
        return len(forms) > 2 or (len(forms) > 1 and forms[0] != "the"), -i

    best = max(range(len(descriptions)), key=rank)
    return [descriptions[best], *descriptions[:best], *descriptions[best + 1 :]]


def _as_introduced(words: Words, before: int, description: str) -> str | None:
    """The description as it stands earlier without "the": "a shy courier" where "the shy courier" is who speaks first."""
    found = re.fullmatch(r"[Tt]he\s+(.+)", description, re.DOTALL)
    if found is None:
        return None
    pattern = re.compile(rf"\b(?:an?|another|one)\s+{re.escape(found[1])}\b", re.IGNORECASE)
    earlier = pattern.search(words.text, 0, int(words.starts[before]))
    return earlier[0] if earlier else None


def _owner_in_full(article: ArticleResolver, cluster: Cluster, description: str) -> str:
    """A body by its owner's full name, where the article has it so: "Maria Okonjo’s office" for "Okonjo’s office"."""
    first, last = cluster.mentions[0]
    for i in (i for i, (label, a, b) in enumerate(article.analysis.names) if label == "PER" and first <= a and b < last):
        short = core_text(article.names[i])
        owner = article.cluster_of_name[i].names
        full = fullest([article.names[k] for k in owner.members]) if owner is not None else short
        longer = description.replace(short, full, 1)
        if longer in article.words.text:
            return longer
    return description


def _without_title(article: ArticleResolver, cluster: Cluster, body: str) -> str:
    """A body by its owner's name without the owner's title: "Rex Allard’s campaign" for "Mayor Rex Allard’s campaign"."""
    names = article.analysis.names
    for first, last in cluster.mentions:
        for label, a, b in names[bisect_right(names, first, key=lambda name: name[1]) :]:
            if a > last:
                break
            if label == "PER" and b < last and article.words.forms[b + 1] in POSSESSIVE:
                title = article.words.slice(first, a - 1)
                if body.startswith(title) and title[:1].isupper() and title.split()[0].lower() not in ("the", "a", "an"):
                    return body[len(title) :].lstrip()
    return body


def _owned(article: ArticleResolver, cluster: Cluster) -> str | None:
    """A body's name with its owner's, where a mention is just that: "Sarmavia's Foreign Ministry"."""
    assert cluster.names is not None
    words = article.words
    ends = {article.analysis.names[i][2] for i in cluster.names.members}
    for first, last in cluster.mentions:
        forms = words.forms[first : last + 1]
        if last in ends and "'s" in forms[1:-1] and forms[0][:1].isupper() and len(forms) <= LONGEST_OWNED:
            return words.slice(first, last)
    return None


def _distinct(forms: Sequence[str], *without: str | None) -> tuple[str, ...]:
    seen = {w.casefold() for w in without if w}
    out = []
    for form in forms:
        if form and form.casefold() not in seen:
            seen.add(form.casefold())
            out.append(form)
    return tuple(out)


def cluster_label(article: ArticleResolver, cluster: Cluster) -> str | None:
    """What a cluster would be called as a source; None where nothing names or describes it."""
    source = _source(article, cluster, "")
    if source is not None:
        return source.label
    return article.words.slice(*cluster.mentions[0]) if cluster.mentions else None


def fullest(members: Sequence[Name]) -> str:
    """The fullest form of a name, as the text writes it."""
    return core_text(members[fullest_at(members)])


def fullest_at(members: Sequence[Name]) -> int:
    """Which mention has the fullest form of a name.

    One of several words outside a headline in capitals and outside quotation marks goes before all others ("Ruth Okello Backs
    Ferry" is no name, and "Crafty Ruth Okello" what a rival calls her). Then most words count, then words over initials, a
    form that stands outside quotation marks, one without a nickname in marks, a given name over its short form, a
    spelling with accents, the commonest, the first.
    """
    forms = [core_text(m) for m in members]
    common = Counter(forms)
    short = nicknames()
    given = {m.folded[0] for m in members if len(m.folded) > 1}

    def rank(i: int) -> tuple[bool, int, int, bool, bool, bool, bool, int, int]:
        words, form = members[i].folded, forms[i]
        shouted = form.isupper() and len(words) > 1
        solid = sum(len(w) > 1 for w in words)
        marked = any(c in form for c in "“”\"‘«(")
        whole = not words or not given & short.get(words[0], frozenset())
        quoted = members[i].quoted
        told = (len(words) > 1 or members[i].label != "PER") and not members[i].capitals and not quoted
        return (told, 0 if shouted else len(words), solid, not quoted, not marked, whole, not form.isascii(), common[form], -i)

    return max(range(len(members)), key=rank)


def _descriptions(article: ArticleResolver, cluster: Cluster) -> list[str]:
    """The mentions of the cluster that are neither pronouns nor hold its name, without closing commas."""
    names = {
        (a, b) for i in (cluster.names.members if cluster.names else ()) for _, a, b in [article.analysis.names[i]]
    }
    out = []
    for first, last in cluster.mentions:
        if first == last and article.words.forms[first].lower() in PRONOUNS:
            continue
        if any(first <= a and b <= last for a, b in names):
            continue
        out.append(article.words.slice(first, last).strip(_EDGE))
    return [d for d in out if d]


def _titled(words: Words, members: Sequence[Name]) -> list[str]:
    """Forms with the title before them: "Mr Tremlett", "Judge Amara Tremlett"."""
    table = titles()
    out = []
    for member in members:
        at = member.position
        before = at
        while before and words.forms[before - 1].casefold().strip(".") in table and words.forms[before - 1][:1].isupper():
            before -= 1
        if before < at:
            end = int(words.starts[at]) + len(member.text)
            out.append(words.text[int(words.starts[before]) : end])
    return out


def _role(article: ArticleResolver, cluster: Cluster) -> str | None:
    """The longest role that stands beside the name: in its mentions as source, or in an apposition anywhere."""
    words = article.words
    found: list[str] = []
    assert cluster.names is not None
    ranges = [article.analysis.names[i][1:] for i in cluster.names.members]
    for first, last in cluster.mentions:
        for a, b in ranges:
            if first <= a and b <= last:
                after = words.text[int(words.ends[b]) : int(words.ends[last])]
                before = words.text[int(words.starts[first]) : int(words.starts[a])]
                found += [after.strip(_EDGE), "" if _OBJECT.search(before) else before.strip(_EDGE)]
    for _, b in ranges:
        apposition = _apposition(words, b)
        if apposition:
            found.append(apposition)
    found = [role for f in found if _tells_role(role := _without_age(f))]
    return max(found, key=lambda f: (len(f.split()) > 1, -found.index(f)), default=None)


def _tells_role(role: str) -> bool:
    whole = len(role) > 2 and role.count(" ") < LONGEST and any(c.isalpha() for c in role)
    return whole and not _OPEN_ENDED.search(role) and not _COURTESY.fullmatch(role)


# "An editorial in" tells nothing of the Gleaner.
_OPEN_ENDED = re.compile(r"\b(?:of|for|from|with|by|at|in|on|and|or|the|an?)$", re.IGNORECASE)
# "A leaflet published by the" is no role of whom it is by.
_OBJECT = re.compile(r"\b(?:filed|published|released|written|provided|report|letter|statement) (?:by|from|in)\b")
_COURTESY = re.compile(r"(?:mr|mrs|ms|miss|mx|messrs)\.?|the|and the", re.IGNORECASE)


def _without_age(role: str) -> str:
    """"58, a farmer" is "a farmer"; "'s" at the start is no role."""
    role = re.sub(r"^(?:aged\s+)?\d{1,3}\s*,?\s*", "", role)
    return "" if role.startswith(("'", "’", "(")) else role.strip(_EDGE)


def _apposition(words: Words, last: int) -> str | None:
    """What stands between commas behind a name: ", the mayor of Oakland,"."""
    n = len(words)
    i = last + 1
    if i >= n or words.forms[i] != ",":
        return None
    i += 1
    if i + 1 < n and words.forms[i].isdigit() and words.forms[i + 1] == ",":
        i += 2
    if i >= n or words.forms[i].lower() not in _ROLE_STARTS:
        return None
    j = i
    while j < n and words.forms[j] not in (",", ".", ";", ":", "-", "(", "”", "“", "!", "?") and j - i < LONGEST:
        if words.paragraphs[j] != words.paragraphs[last]:
            return None
        j += 1
    if j >= n or words.forms[j] not in (",", ".", ";", "-"):
        return None
    return words.slice(i, j - 1)

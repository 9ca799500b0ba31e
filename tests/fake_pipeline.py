"""A stand-in for `quotes.pipeline` without a model, for tests of everything around it; also a script that runs with it.

Words in double marks are quotations. "... said NAME" names the speaker, "said a ..." or "said the ..." an unnamed one.
The word EXPLODE in a text raises, DIE ends the process, SLEEP and WAIT take their time.
"""

import os
import re
import sys
import time
from pathlib import Path

from quotes.errors import ModelNotFoundError
from quotes.records import Article, ArticleResult, Attribution, CharSpan, Source, TextSpan

_QUOTATION = re.compile(r'["“][^"”]*["”]')
_SAID = re.compile(r"\s*(said) ((?:[A-Z]\w+ ?)+|(?:an?|the) \w+)")


class FakeAnalyzer:
    """Analyses with two regular expressions."""

    model_name = "fake_2024"
    model_hash = "sha256:0123456789ab"

    def __call__(self, text_or_article):
        article = text_or_article if isinstance(text_or_article, Article) else Article("text", text_or_article)
        if "EXPLODE" in article.text:
            raise ValueError("exploded\nas asked")
        if "DIE" in article.text:
            os._exit(9)
        if "SLEEP" in article.text:
            time.sleep(30)
        if "WAIT" in article.text:
            time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
        return analyse(article)

    def pipe(self, articles, *, batch_size=8):
        return map(self, articles)


def analyse(article):
    quotes, speakers, first = [], {}, {}
    for number, found in enumerate(_QUOTATION.finditer(article.text), 1):
        span = CharSpan(*found.span())
        said = _SAID.match(article.text, found.end())
        cue = mention = speaker = None
        if said:
            cue, name = TextSpan("said", said.start(1), said.end(1)), said[2].strip()
            mention = TextSpan(name, said.start(2), said.start(2) + len(name))
            unnamed = name.split()[0] in ("a", "an", "the")
            number_of = f"s{len(speakers) + 1}"
            source = Source(number_of, "anonymous", None, name) if unnamed else Source(number_of, "person", name, None)
            speaker = speakers.setdefault(name, source).id
        text = found[0]
        repeats = first.get(text)
        first.setdefault(text, f"q{number}")
        paragraph = article.text.count("\n\n", 0, span.start) + 1
        quotes.append(
            Attribution(
                f"q{number}",
                "direct",
                (span,),
                (span,),
                text,
                cue,
                mention,
                speaker,
                paragraph,
                repeats=repeats,
                confidence=0.9 if said else 0.25,
            )
        )
    return ArticleResult(article, tuple(quotes), tuple(speakers.values()))


def load(model="default", *, threads=None):
    if model == "missing":
        raise ModelNotFoundError("no model 'missing'; there is 'default'")
    return FakeAnalyzer()


def find_model(name):
    return Path("fake_2024")


def model_hash(folder):
    return os.environ.get("FAKE_HASH", "0123456789ab")


# A worker process imports the script anew, under another name, and so gets the stand-in too.
if __name__ in ("__main__", "__mp_main__"):
    sys.modules["quotes.pipeline"] = sys.modules[__name__]
if __name__ == "__main__":
    from quotes.cli import main

    main()

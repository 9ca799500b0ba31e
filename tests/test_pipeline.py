"""The shipped model, end to end: any text gives a valid record, and the spaCy component gives the same."""

import json
import pickle
import shutil
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

import quotes
from contract import breaches
from quotes.errors import ModelNotFoundError
from quotes.pipeline import find_model, load, model_hash, token_offsets
from quotes.records import Article, ArticleResult

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
FERRY = (
    "The ferry company ignored two warnings, a harbour inspector said.\n\n"
    "“We told them in March,” said Maria Okonjo, the company’s chief engineer, “and again in May.”\n\n"
    "“Nobody wrote back,” she said.\n"
)
MANY = [
    FERRY,
    "",
    "No one speaks here. The river rose, and the bridge was closed.",
    "'It is done,' said Tomás Brandão-Reyes. 'We won't go back.' He smiled.",
    "Q: Were you afraid?\nA: Only of the paperwork.",
    FERRY.replace("Okonjo", "Zieliński"),
]


@pytest.fixture(scope="module")
def analyzer():
    return load(threads=1)


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("quotes", config={"threads": 1})
    return pipeline


def check(result: ArticleResult, text: str) -> None:
    """The record keeps the contract, and whatever it points to is in the text."""
    record = result.to_dict()
    assert record["text"] == text
    assert breaches(record) == []
    for quote in result.quotes:
        assert [text[s.start : s.end] for s in quote.spans] != []
        assert quote.paragraph >= 1
        assert quote.evidence is not None and quote.evidence.rule
        for words in (quote.cue, quote.mention):
            assert words is None or text[words.start : words.end] == words.text
    for span in result.not_speech:
        assert text[span.start : span.end].strip()


# --- what it finds: facts that any model worth shipping gets right


def test_split_quotation_with_its_speaker(analyzer):
    result = analyzer(FERRY)
    quote = next(q for q in result.quotes if "March" in q.text)
    speaker = result.speaker_of(quote)
    assert quote.text == "“We told them in March,” “and again in May.”"
    assert quote.kind == "direct"
    assert quote.cue is not None and quote.cue.text == "said"
    assert speaker is not None and (speaker.kind, speaker.name) == ("person", "Maria Okonjo")


def test_pronoun_means_the_person_named_before(analyzer):
    result = analyzer(FERRY)
    quote = next(q for q in result.quotes if "Nobody" in q.text)
    assert quote.mention is not None and quote.mention.text == "she"
    assert result.speaker_of(quote).name == "Maria Okonjo"


def test_unnamed_source_of_reported_speech(analyzer):
    result = analyzer(FERRY)
    quote = next(q for q in result.quotes if q.kind == "indirect")
    speaker = result.speaker_of(quote)
    assert (speaker.kind, speaker.name, speaker.description) == ("anonymous", None, "a harbour inspector")
    assert not speaker.named


def test_boilerplate_tail_gives_no_quotation(analyzer):
    text = FERRY + "\nFollow us on Instagram.\n\nMore from Business: “The strike is over,” says union\n"
    assert [q.text for q in analyzer(text).quotes] == [q.text for q in analyzer(FERRY).quotes]


def test_quotation_that_stands_again_points_to_the_first(analyzer):
    text = "“Nobody ever wrote back to us”\n\n" + FERRY.replace("Nobody wrote back", "Nobody ever wrote back to us")
    again = [q for q in analyzer(text).quotes if "Nobody ever" in q.text]
    assert [q.repeats for q in again] == [None, again[0].id]
    assert again[0].speaker == again[1].speaker


# --- any text


WORDS = st.sampled_from(
    [
        "“", "”", "‘", "’", '"', "'", "«", "»", "„", "``", "''", "‹", "›", "「", "」", "(", ")", "—", ":", ",", ".",
        "?", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028", "\u200b", "\u202e", "\ufeff", "\0", "\ud800", "e\u0301",
        "👩‍👧", "said", "says", "told", "according to", "added", "the", "a", "he", "she", "they", "it", "who", "not",
        "Maria", "Okonjo", "Dr", "Mr", "al-Rashid", "Ng", "O’Neil", "McKee-Obi", "the ministry", "a second official",
        "Follow us", "Read more", "5'10\"", "U.N", "’90s", "rock ’n’ roll", "dogs’", "https://example.org/a?b=c",
    ]
)  # fmt: skip
SENTENCES = st.lists(WORDS, max_size=60).map(" ".join) | st.lists(WORDS, max_size=60).map("".join)
# st.text() leaves surrogates out; JSON holds them, and so can a str
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200)
EXAMPLES = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@EXAMPLES
@given(text=ANYTHING | SENTENCES)
def test_any_string_gives_a_valid_record(analyzer, text):
    check(analyzer(text), text)


@EXAMPLES
@given(parts=st.lists(st.sampled_from(MANY) | SENTENCES, max_size=4))
def test_articles_put_together_and_cut_give_valid_records(analyzer, parts):
    text = "\n\n".join(parts)
    check(analyzer(text), text)
    cut = text[: 2 * len(text) // 3]
    check(analyzer(cut), cut)


@EXAMPLES
@given(text=SENTENCES)
def test_tokens_are_in_order_and_cover_the_text(analyzer, text):
    offsets = token_offsets(spacy.blank("en"), text)
    assert all(a < b for a, b in offsets)
    assert [a for pair in offsets for a in pair] == sorted(a for pair in offsets for a in pair)
    covered = {i for a, b in offsets for i in range(a, b)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


ODD = {
    "empty": "",
    "white space": " \n\t\u00a0\u2028 ",
    "one word": "Yes",
    "one mark": "“",
    "only marks": "“ ” ‘ ’ \" ' « » `` ''",
    "only punctuation": ".,;:!?…—",
    "invisible": "\u200b\u00ad\ufe0f\u20e3",
    "byte order mark": "\ufeff“We go,” said Ann Lee.",
    "NUL": "“A\0b,” said\0 Ann Lee.\0",
    "lone surrogates": "“A \ud800 b,” said \udfff Ann Lee\udc80.",
    "very long word": "“" + "x" * 50_000 + "” said Ann Lee.",
    "long word of marks": "a'" * 5_000,
    "3,000 straight marks": '"' * 3_000,
    "3,000 opening marks": "“" * 3_000,
    "3,000 nested marks": "“‘" * 1_500,
    "3,000 marks in pairs": '"a" ' * 1_500,
    "right to left": "قال الوزير: «نعم» \u202e“abc” said \u202cדוד. “אמר” said דוד.",
    "CRLF": FERRY.replace("\n", "\r\n"),
    "CR": FERRY.replace("\n", "\r"),
    "no-break spaces": FERRY.replace(" ", "\u00a0"),
    "combining marks": "“Não,” said Zoe\u0301 Nun\u0303ez.",
    "emoji": "“👩‍👩‍👧 👍🏽,” said 🧑 Ann.",
    "many blanks": "“A,” said Ann Lee." + " " * 10_000 + "“B,” she said.",
    "upper case": FERRY.upper(),
    "lower case": FERRY.lower(),
    "no spaces": FERRY.replace(" ", ""),
    "Chinese": "部长说:「我们同意。」他补充道:『没有问题』。",
    "control characters": "“\x1b[31mred\x07,” said \x9b Ann Lee.",
    "markup": "[b]“Yes,” said [the mayor] <i>Ann Lee</i>.[/b]",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_gives_a_valid_record(analyzer, text):
    check(analyzer(text), text)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2029"])
def test_line_ends_of_another_system_change_no_finding(analyzer, end):
    plain, other = analyzer(FERRY), analyzer(FERRY.replace("\n", end))
    assert [q.text for q in other.quotes] == [q.text for q in plain.quotes]
    assert [s.label for s in other.speakers] == [s.label for s in plain.speakers]


def test_text_without_words_gives_nothing(analyzer):
    for text in ("", " \n ", "\u200b"):
        result = analyzer(text)
        assert (result.quotes, result.speakers, result.not_speech, result.warnings) == ((), (), (), ())


def test_long_article_is_read_to_its_end(analyzer):
    text = (FERRY + "\n") * 60
    result = analyzer(text)
    check(result, text)
    assert result.quotes[-1].spans[-1].end > len(text) - len(FERRY)


def test_unclosed_mark_costs_its_paragraph_and_gives_a_warning(analyzer):
    text = "“This is left open, and so is the rest, said nobody.\n\n" + FERRY
    result = analyzer(text)
    check(result, text)
    assert any("unbalanced" in w for w in result.warnings)
    assert any(q.text.startswith("“We told them in March,”") for q in result.quotes)


# --- one by one, in streams, and again


@pytest.mark.parametrize("size", [1, 5])
def test_stream_equals_one_by_one(analyzer, size):
    articles = [Article(str(i), text) for i, text in enumerate(MANY * 3)]
    assert list(analyzer.pipe(articles, batch_size=size)) == [analyzer(a) for a in articles]


def test_stream_keeps_order_and_length(analyzer):
    articles = [Article(str(i), text) for i, text in enumerate(MANY * 3)]
    for size in (1, 5, 100):
        results = list(analyzer.pipe(articles, batch_size=size))
        assert [r.article for r in results] == articles
        for result in results:
            check(result, result.article.text)


def test_stream_is_read_as_needed(analyzer):
    taken = []

    def articles():
        for i in range(100):
            taken.append(i)
            yield Article(str(i), "“Yes,” said Ann Lee.")

    results = analyzer.pipe(articles(), batch_size=4)
    assert next(results).article.id == "0"
    assert len(taken) <= 8


def test_same_article_twice_gives_the_same(analyzer):
    assert analyzer(FERRY) == analyzer(FERRY)
    assert load(threads=1)(FERRY) == analyzer(FERRY)


def test_article_is_kept_as_given(analyzer):
    article = Article("a1", FERRY, "in.csv", title="Ferry", fields={"desk": "harbour"}, warnings=("guessed",))
    result = analyzer(article)
    assert result.article is article
    assert result.to_dict()["warnings"] == ["guessed"]
    assert analyzer(FERRY).article.id == "text"


def test_results_can_be_pickled_and_written_as_json(analyzer):
    result = analyzer(FERRY)
    assert pickle.loads(pickle.dumps(result)) == result
    assert json.loads(json.dumps(result.to_dict())) == result.to_dict()
    assert isinstance(hash(result.quotes[0]), int)


# --- loading


def test_public_load_is_that_of_the_pipeline():
    assert quotes.load is load
    assert quotes.Analyzer.__name__ == "Analyzer"


def test_model_by_folder(analyzer):
    folder = find_model("default")
    assert load(str(folder), threads=1)(FERRY) == analyzer(FERRY)
    assert analyzer.model_name == folder.name
    assert analyzer.model_hash == model_hash(folder)
    assert len(analyzer.model_hash) == 12


def test_unknown_model_is_told_with_the_known_ones():
    with pytest.raises(ModelNotFoundError, match=r"'nowhere'.*default"):
        load("nowhere")


@pytest.mark.parametrize("file", ["encoder.onnx", "heads.npz", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut off"])
def test_broken_model_is_told(tmp_path, file, damage):
    model = tmp_path / "model"
    shutil.copytree(find_model("default"), model)
    broken = model / "quotes" / file
    data = broken.read_bytes()
    broken.unlink()
    if damage != "missing":
        broken.write_bytes(data[: len(data) // 3] if damage == "cut off" else b"")
    with pytest.raises(ModelNotFoundError, match="model"):
        load(str(model), threads=1)


# --- the spaCy component


def test_component_gives_the_record_and_span_groups(nlp, analyzer):
    doc = nlp(FERRY)
    result, alone = doc._.quotes, analyzer(FERRY)
    assert (result.quotes, result.speakers, result.not_speech) == (alone.quotes, alone.speakers, alone.not_speech)
    assert result.article.text == doc.text
    spans = [(s.start, s.end) for q in result.quotes for s in q.spans]
    assert [(s.start_char, s.end_char) for s in doc.spans["quotes"]] == spans
    assert {s.text for s in doc.spans["cues"]} == {"said"}
    assert {(s.text, s.label_) for s in doc.spans["sources"]} >= {("she", "Maria Okonjo")}


def test_document_before_the_component_has_no_record(nlp):
    assert nlp.make_doc(FERRY)._.quotes is None


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Yes"])
def test_component_on_next_to_no_text(nlp, text):
    doc = nlp(text)
    assert doc._.quotes.quotes == ()
    assert {key: list(group) for key, group in doc.spans.items()} == {"quotes": [], "cues": [], "sources": []}


@pytest.mark.parametrize("text", [text for text in ODD.values() if text.isprintable() or "\n" in text or "\0" in text])
def test_component_on_odd_text(nlp, text):
    check(nlp(text)._.quotes, text)


def test_component_in_a_pipeline_with_other_tokens(analyzer):
    other = spacy.blank("en")
    other.tokenizer = lambda text: Doc(other.vocab, words=text.split(" "), spaces=[True] * (text.count(" ") + 1))
    other.add_pipe("sentencizer")
    other.add_pipe("quotes", config={"threads": 1})
    doc = other("“We go,” said Ann Lee to the people there")
    check(doc._.quotes, doc.text)
    assert doc._.quotes.quotes[0].text == "“We go,”"


def test_component_stream_equals_one_by_one(nlp):
    assert [doc._.quotes for doc in nlp.pipe(MANY, batch_size=1)] == [nlp(text)._.quotes for text in MANY]
    assert [doc.text for doc in nlp.pipe(MANY)] == MANY


def test_component_over_processes(nlp):
    docs = nlp.pipe(MANY, n_process=2, batch_size=1)
    assert [doc._.quotes for doc in docs] == [nlp(text)._.quotes for text in MANY]


def test_document_with_record_goes_to_bytes_and_back(nlp):
    doc = nlp(FERRY)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.quotes == doc._.quotes
    assert [s.text for s in again.spans["quotes"]] == [s.text for s in doc.spans["quotes"]]
    assert pickle.loads(pickle.dumps(doc))._.quotes == doc._.quotes


def test_component_can_be_pickled(nlp):
    component = pickle.loads(pickle.dumps(nlp.get_pipe("quotes")))
    assert component(nlp.make_doc(FERRY))._.quotes == nlp(FERRY)._.quotes


def test_pipeline_goes_to_disk_and_back(nlp, tmp_path):
    nlp.to_disk(tmp_path / "mine")
    again = spacy.load(tmp_path / "mine")
    assert again(FERRY)._.quotes == nlp(FERRY)._.quotes
    again.to_disk(tmp_path / "mine")  # onto the files that it uses
    assert spacy.load(tmp_path / "mine")(FERRY)._.quotes == nlp(FERRY)._.quotes


def test_shipped_pipeline_loads_in_spacy(nlp):
    shipped = spacy.load(ROOT / "models" / "quotes_en")
    assert shipped.pipe_names == ["quotes"]
    assert shipped.meta["license"] == "MIT"
    assert shipped(FERRY)._.quotes.quotes != ()


def test_shipped_pipeline_has_a_card():
    assert (ROOT / "models" / "quotes_en" / "README.md").is_file()


def test_component_without_files_is_told(nlp, tmp_path):
    (tmp_path / "quotes").mkdir()
    with pytest.raises(ModelNotFoundError, match=r"no encoder\.onnx"):
        nlp.get_pipe("quotes").from_disk(tmp_path / "quotes")


def test_component_asks_for_an_unknown_model():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("quotes", config={"model": "nowhere"})
    with pytest.raises(ModelNotFoundError, match="nowhere"):
        pipeline("“Yes,” said Ann Lee.")

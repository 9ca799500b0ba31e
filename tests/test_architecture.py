"""How the package is built: imports go down the flow of an article; heavy packages load only where they are used."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import quotes

SOURCE = Path(quotes.__file__).parent
MODULES = {path.stem: path for path in sorted(SOURCE.glob("*.py"))}

# The flow of an article. A module imports only modules that stand before it: a new one gets its place here.
FLOW = {
    "what every stage knows": "errors records lexicon",
    "reading": "decoding web_pages newsroom readers archives containers articles duplicates",
    "paragraphs and marks": "normalize marks quotations boilerplate",
    "words and the encoder": "words encoding encoder tagging",
    "who said what": "linking bodies own_names works pairs names narrator roles phrases introductions inscriptions speech "
    "reported retold attribution antecedents talk sources confidence speakers",
    "all stages together": "pipeline spacy_component",
    "results": "anonymity annotations evaluate table output report explain messages schema database aliases wordings "
    "corrections sampling",
    "the command line": "batch arrow ray_engine parts stored speaker_index audit audit_report compare pieces page pages show "
    "marked exchange cli_shared cli_extract cli_results cli_evaluate cli __main__ __init__",
}
ORDER = [module for modules in FLOW.values() for module in modules.split()]
# Stages that know nothing of each other: each is used, and tested in milliseconds, without the other.
APART = [
    ("reading", {"paragraphs and marks", "words and the encoder", "who said what"}),
    ("paragraphs and marks", {"reading"}),
    ("words and the encoder", {"reading"}),
    ("who said what", {"reading"}),
    ("all stages together", {"reading"}),
    ("results", {"reading", "paragraphs and marks", "words and the encoder", "who said what", "all stages together"}),
]
# Who imports which package; any other module of ours does without it. None: no module may.
ONLY_IN: dict[str, str | None] = {
    "spacy": "archives pipeline spacy_component",
    "onnxruntime": "encoder",
    "tokenizers": "encoding",
    "rapidfuzz": "names wordings speaker_index compare",
    "numpy": "words narrator encoding encoder tagging linking pairs phrases speech retold attribution antecedents talk sources "
    "confidence speakers pipeline",
    "typer": "cli cli_shared cli_extract cli_results cli_evaluate",
    "jinja2": "page",
    "rich": "report messages audit_report show",
    "trafilatura": "web_pages",
    "resiliparse": "web_pages",
    "pyarrow": "archives arrow",
    "ray": "ray_engine",
    "sqlite_utils": "database",
    "rensa": "duplicates",
    "fastwarc": "archives",
    "zstandard": "containers",
    "charset_normalizer": "decoding",
    "pandas": "table",
    "torch": None,
    "transformers": None,
    "click": None,  # typer carries its own
}
COMMANDS = {module for module in MODULES if module.split("_")[0] == "cli"}
HEAVY = {"spacy", "onnxruntime", "tokenizers", "numpy", "pandas", "trafilatura", "torch"}


def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf8"))


def imports(node: ast.AST) -> Iterator[str]:
    """Full names of what is imported anywhere, also within functions."""
    for item in ast.walk(node):
        if isinstance(item, ast.Import):
            yield from (alias.name for alias in item.names)
        elif isinstance(item, ast.ImportFrom):
            assert item.level == 0, f"line {item.lineno}: a relative import"
            yield from (f"{item.module}.{alias.name}" for alias in item.names)


def own_imports(module: str) -> set[str]:
    """Our modules that a module imports; the package itself is `__init__`."""
    found = set()
    for name in imports(tree(module)):
        head, _, rest = name.partition(".")
        if head == "quotes":
            part = rest.split(".")[0]
            found.add(part if part in MODULES else "__init__")
    return found


def stage_of(module: str) -> str:
    return next(stage for stage, modules in FLOW.items() if module in modules.split())


def test_every_module_has_its_place_in_the_flow():
    assert set(ORDER) == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_the_flow(module):
    # the command line asks the package for its version alone
    allowed = set(ORDER[: ORDER.index(module)]) | ({"__init__"} if module in COMMANDS else set())
    assert own_imports(module) <= allowed


@pytest.mark.parametrize(("stage", "others"), APART, ids=[stage for stage, _ in APART])
def test_stages_that_know_nothing_of_each_other(stage, others):
    for module in FLOW[stage].split():
        assert {stage_of(other) for other in own_imports(module)} & others == set(), module


@pytest.mark.parametrize("package", ONLY_IN)
def test_package_is_imported_only_where_it_is_used(package):
    users = {m for m in MODULES if package in {name.split(".")[0] for name in imports(tree(m))}}
    assert users <= set((ONLY_IN[package] or "").split())


@pytest.mark.parametrize("module", sorted(set(MODULES) - COMMANDS))
def test_only_the_command_line_prints_or_exits(module):
    calls = {ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)}
    assert calls & {"print", "exit", "quit", "sys.exit", "os._exit", "typer.echo"} == set()


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"__main__"}))
def test_exported_names_exist(module):
    loaded = importlib.import_module("quotes" if module == "__init__" else f"quotes.{module}")
    exported = getattr(loaded, "__all__", [])
    assert [name for name in exported if not hasattr(loaded, name)] == []
    assert len(set(exported)) == len(exported)


def test_package_exports_nothing_by_accident():
    assert {"load", "Analyzer", "Article", "ArticleResult", "QuotesError", "__version__"} <= set(quotes.__all__)
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        _ = quotes.unknown


def undocumented(node: ast.AST, prefix: str) -> Iterator[str]:
    """Public functions, classes and methods without a docstring; what an underscore hides may do without."""
    for item in ast.iter_child_nodes(node):
        if not isinstance(item, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or item.name.startswith("_"):
            continue
        if ast.get_docstring(item) is None:
            yield f"{prefix}.{item.name}"
        if isinstance(item, ast.ClassDef):
            yield from undocumented(item, f"{prefix}.{item.name}")


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_has_a_docstring(module):
    assert ast.get_docstring(tree(module))
    assert list(undocumented(tree(module), module)) == []


def loaded_by(code: str) -> set[str]:
    """Top-level packages in a fresh process after `code`."""
    report = "import sys; print('LOADED', *{m.split('.')[0] for m in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"import atexit\natexit.register(lambda: exec({report!r}))\n{code}"],
        capture_output=True,
        encoding="utf8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rsplit("LOADED", 1)[1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["evaluate", "--help"]])
def test_help_loads_neither_spacy_nor_the_model_runtime(arguments):
    found = loaded_by(f"import sys\nsys.argv = ['quotes', *{arguments!r}]\nfrom quotes.cli import main\nmain()")
    assert "typer" in found
    assert found & HEAVY == set()


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import quotes\nquotes.Article('a', 'text')") & HEAVY == set()


def test_reading_and_scanning_load_nothing_heavy():
    code = "import quotes.articles, quotes.quotations\nquotes.quotations.find_quotations('“Yes.”')"
    assert loaded_by(code) & HEAVY == set()

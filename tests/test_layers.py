"""The house's contract: arrows point one way, and each heavy library has its room."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "innspill"
MODULES = sorted(SOURCE.rglob("*.py"))
# Floors, lowest first: a module imports only from its own floor's lower neighbours.
FLOORS = [
    {"errors", "private_files", "records", "version"},
    {
        "alignment",
        "citation_patterns",
        "passage_index",
        "derived",
        "fetching",
        "measuring.figures",
        "privacy.health_details",
        "privacy.personal_data",
        "reading.mailbox.automatic",
        "reading.segments",
        "repeats",
        "reading.mailbox.signed",
        "words",
    },
    {
        "bundled",
        "config",
        "language.lemmas",
        "language.sentences",
        "language.written_forms",
        "privacy.person_names",
        "reading.authorship.register",
    },
    {"language.cards"},
    {"language.components", "language.vectors"},
    {"language.classification", "language.identification", "language.tagging"},
    {
        "language.norwegian",
        "places",
        "privacy.pseudonyms",
        "reading.charsets",
        "reading.documents.forms",
        "reading.documents.numbers",
        "reading.authorship.kind_patterns",
        "reading.authorship.organisation_patterns",
        "reading.authorship.patterns",
        "reading.pages.pdf",
        "citations",
    },
    {
        "reading.codepages",
        "signs",
        "wording",
        "reading.documents.builder",
        "reading.pages.garbled",
        "reading.pages.grid",
        "reading.authorship.headers",
        "reading.documents.html",
        "reading.mailbox.mime",
        "reading.pages.office",
        "reading.authorship.organisations",
        "reading.pages.pdfium",
    },
    {
        "quotations",
        "resolving",
        "reading.mailbox.archives",
        "reading.mailbox.bodies",
        "reading.mailbox.compound",
        "reading.documents.packages",
        "reading.documents.reviewed",
        "reading.documents.rtf_tokens",
        "reading.pages.pdf_worker",
        "reading.pages.rows",
        "reading.authorship.signatures",
    },
    {
        "plausibility",
        "reading.pages.columns",
        "reading.pages.margins",
        "reading.documents.numbering",
        "reading.authorship.quoting",
        "reading.documents.rtf_document",
        "reading.documents.slides",
    },
    {"pointing", "reading.pages.layout", "reading.documents.rtf"},
    {
        "reading.documents.letters",
        "reading.mailbox.mapi",
        "reading.documents.sheets",
        "reading.pages.structure",
        "reading.documents.word",
    },
    {"reading.documents.opendocument"},
    {"reading.documents.attachments", "reading.mailbox.outlook", "reading.mailbox.tnef"},
    {"reading.pages.counting", "reading.mailbox.sources"},
    {"reading.mailbox.contents", "reading.report"},
    {"reading.mail"},
    {"blocks", "copies", "likeness"},
    {"messages", "comments", "stance", "matching"},
    {"features", "given_themes", "clustering"},
    {"theme_names", "theme_sections"},
    {"themes", "summaries", "digest_tree", "measures", "coverage", "need_groups"},
    {"needs", "overview", "rephrasing"},
    {"pipeline", "tables", "digest"},
    {"measuring.gold", "measuring.rows"},
    {"measuring.baselines", "measuring.intake"},
    {"measuring.grouping", "measuring.placing"},
    {"writing.html", "writing.xlsx", "writing.tabular", "writing.numbered_pdf", "evaluation"},
    {"outputs"},
    {"cli"},
]
FENCES = {
    "pypdfium2": {"reading.pages.pdfium"},
    "pikepdf": {"reading.pages.office", "reading.pages.pdfium", "writing.numbered_pdf"},
    "pdfplumber": set(),
    "spacy": {"language.components", "language.norwegian", "language.tagging"},
    "simplemma": set(),
    "sentence_transformers": {"language.vectors"},
    "model2vec": {"language.vectors"},
    "safetensors": {"language.classification", "language.components", "language.identification"},
    "torch": set(),
    "pandas": {"tables", "writing.tabular"},
    "typer": {"cli"},
    "jinja2": {"writing.html"},
    "imapclient": {"fetching"},
    "imaplib": set(),
    "keyring": {"fetching"},
    "charset_normalizer": {"reading.charsets"},
    "httpx": {"rephrasing"},
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in inside if name.removeprefix("innspill.") in FLOOR_OF]
            found |= set(modules) or {node.module}
    return found


FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}
ROOMS = [path for path in MODULES if path.name != "__init__.py"]


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_a_module_imports_only_from_floors_below_it(path: Path) -> None:
    own = FLOOR_OF[name_of(path)]
    inside = {name.removeprefix("innspill.") for name in imports(path) if name.startswith("innspill.")}
    above = {name for name in inside if FLOOR_OF[name] >= own}
    assert above == set()


@pytest.mark.parametrize("library", FENCES)
def test_a_heavy_library_is_imported_only_in_its_room(library: str) -> None:
    users = {name_of(path) for path in MODULES if any(name.split(".")[0] == library for name in imports(path))}
    assert users <= FENCES[library]


def test_records_import_nothing_of_ours() -> None:
    assert not any(name.startswith("innspill") for name in imports(SOURCE / "records.py"))

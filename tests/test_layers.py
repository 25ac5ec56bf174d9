"""The rooms of the program keep to themselves: who imports whom, who touches disk and clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from generator.rooms import all_kinds

PACKAGE = Path(__file__).resolve().parents[1] / "generator"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROWS = (
    _words("secret"),
    _words(
        "model dates numerals canonical addresses legaltext prose characters syntax dialect "
        "folding marking front_matter garbage cache progress display program pictures binding "
        "blocks merkle ed25519 branch words sanitising attendant formulas opening public_addresses "
        "fold_table"
    ),
    _words("attachments workers sizes asked asking facts templating note"),
    _words("files"),
    _words(
        "atlas policy ods composer manifest disk alphabet postings shell packing mentions "
        "checkpoint"
    ),
    _words("source fields place page_source streams indexed stamps ledger_files copied"),
    _words("values outline releases lock shards ledger keyfile"),
    _words("record copies segments seals carried"),
    _words("small figures period archive settings claim elements late outbound"),
    _words("metadata bibliography"),
    _words("kind texts batches charts cataloguing citable"),
    _words("moved framing"),
    _words("listing keys watch items findings cells leafing record_page restored"),
    _words("citing english"),
    _words("accounting"),
    _words("narration proofreading counting"),
    _words(
        "history load parse check plan render feeds datasets navigation wording write host "
        "page_host publish verify serve darkroom sources intake schema starter search inventory "
        "gate published_log remembered sealing kinds"
    ),
    _words("views theme volume clashes"),
    _words("rooms shelf cluster reprinted"),
    _words("job tasks printing page_audit"),
    _words("unchanged day_check declare audit"),
    _words("afar"),
    _words("gather staging"),
    _words("checking"),
    _words("run"),
    _words("making"),
    _words("joining docs lists"),
    _words("indexing"),
    _words("building"),
    _words("pipeline"),
    _words("ledger_run"),
    _words("console preview"),
    _words("working"),
    _words("commands"),
    _words("cli"),
    _words("__main__"),
)
SAME_ROW_ALLOWED = {("legaltext", "numerals"), ("prose", "dialect"), ("prose", "binding")}
SAME_ROW_ALLOWED |= {("folding", "fold_table"), ("fold_table", "characters")}
SAME_ROW_ALLOWED |= {("prose", "sanitising"), ("dialect", "sanitising")}
SAME_ROW_ALLOWED |= {("dialect", "blocks")}
"""Pure modules of the lowest row: one reads the other's numbers, one speaks its dialect."""

DISK = _words(
    "source files stamps manifest settings write host publish verify serve wording intake starter "
    "history preview policy disk lock releases copies claim cache shelf staging theme program "
    "words unchanged gather atlas docs darkroom ledger_files gate keyfile ledger_run published_log "
    "audit asked templating opening day_check carried characters fold_table secret copied"
)
DISK_CALLS = _words(
    "open read_text read_bytes write_text write_bytes rglob iterdir unlink mkdir rmdir rename "
    "rmtree symlink_to chmod is_file is_dir exists"
)
CLOCK_NAMES = _words("now today environ print stdout stderr getenv")


@cache
def _modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


WHOLE = ("kinds", "views", "commands", "charts")
"""Rooms that have one place among the rows; of others each module has its own."""


def _room(module: str) -> str:
    first, *rest = module.replace("/", ".").split(".")
    return first if first in WHOLE or not rest else rest[0]


def _row(room: str) -> int:
    return next(index for index, row in enumerate(ROWS) if room in row)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator"):
            module = (node.module or "").removeprefix("generator").strip(".")
            # the package itself gives but one name that is no module
            inner = [alias.name for alias in node.names if alias.name != "PROGRAM"]
            yield from [module] if module else inner
        elif isinstance(node, ast.Import):
            named = (alias.name for alias in node.names)
            yield from (name[10:] for name in named if name.startswith("generator."))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def _strings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _problem(importer: str, imported: str) -> bool:
    mine, other = _room(importer), _room(imported)
    if mine == other == "commands":
        return True
    if mine == other == "charts":
        return False
    if mine == other == "kinds":
        return imported.split(".")[1] != importer.split("/")[1].removesuffix(".py")
    if (mine, other) in SAME_ROW_ALLOWED:
        return False
    return mine == other or _row(other) >= _row(mine)


def test_every_module_has_a_row() -> None:
    """A new module takes its place among the rows before it is used."""
    rooms = {_room(module) for module in _modules()} - {"__init__"}
    assert rooms == {room for row in ROWS for room in row}


def test_no_two_modules_share_a_name() -> None:
    """A module's name alone says which one is meant, whatever room it stands in."""
    names = [_room(module) for module in _modules() if not module.endswith("__init__")]
    alone = [name for name in names if name not in WHOLE]
    assert sorted(alone) == sorted(set(alone))


@pytest.mark.parametrize("module", [name for name in _modules() if name != "__init__"])
def test_modules_import_from_lower_rows_alone(module: str) -> None:
    """No module knows one of its own row or above; one kind never knows another."""
    found = [name for name in _imports(_modules()[module]) if _problem(module, name)]
    assert found == []


def test_kinds_are_named_by_kinds_and_views_alone() -> None:
    """Everything else works for a kind that does not exist yet."""
    names = {kind.name for kind in all_kinds()}
    named = {
        _room(module): sorted(names & set(_strings(tree)))
        for module, tree in _modules().items()
        if _room(module) not in ("kinds", "views") and names & set(_strings(tree))
    }
    # both use a word that is a kind's name for something else
    assert named.pop("settings", []) in ([], ["gazette"])
    assert named.pop("bibliography", []) in ([], ["pages"])
    assert named == {}


def test_disk_is_touched_by_few() -> None:
    """Stages between reading and writing are pure functions."""
    touching = {
        module: sorted(DISK_CALLS & set(_names(tree)))
        for module, tree in _modules().items()
        if _room(module) not in DISK | {"cli", "commands", "building", "pipeline"}
        and DISK_CALLS & set(_names(tree))
    }
    assert touching == {}


def test_clock_environment_and_output_belong_to_the_command() -> None:
    """Same input, same bytes: nobody else can ask what time it is."""
    touching = {
        _room(module): sorted(CLOCK_NAMES & set(_names(tree)))
        for module, tree in _modules().items()
        if module != "cli" and CLOCK_NAMES & set(_names(tree))
    }
    # `host` reads what its process prints, `page_host` is such a process
    assert touching.pop("host", []) in ([], ["stdout"])
    assert touching.pop("page_host", []) in ([], ["stderr", "stdout"])
    # `branch` reads what git says
    assert touching.pop("branch", []) in ([], ["stdout"])
    assert touching == {}


def test_nobody_asks_python_what_a_character_is() -> None:
    """Its data differ from version to version; those of `unicodedata2` are pinned."""
    asking = [module for module, tree in _modules().items() if "unicodedata" in _imported(tree)]
    assert asking == []


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_no_room_is_a_drawer() -> None:
    """No module is called utils, helpers, common or manager."""
    words = ("util", "helper", "common", "manager")
    assert [m for m in _modules() if any(word in m for word in words)] == []

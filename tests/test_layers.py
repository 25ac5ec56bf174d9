"""The packages of the program keep to their floors: who imports whom, who touches disk, clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from generator.output.fingerprint import program_files
from generator.output.plugins import all_kinds

PACKAGE = Path(__file__).resolve().parents[1] / "generator"
FLOORS: Mapping[str, int] = {
    "__init__": 0,
    "text": 1,
    "content": 2,
    "site": 3,
    "release": 3,
    "output": 4,
    "ledger": 4,
    "kinds": 5,
    "build": 5,
    "pipeline": 6,
    "commands": 7,
    "__main__": 8,
}
"""A module imports from lower floors and from its own package; nothing else is at the top."""
BUILD_FLOORS = ("cache", "bundles", "workers", "")
"""The order within `build/`; "" stands for the stages, which lie in no folder of it."""
PURE = ("site", "kinds")
"""Packages that ask no disk: they are given what was read, and give what is to be written."""
DISK_CALLS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "rglob", "iterdir", "unlink"),
    *("mkdir", "rmdir", "rename", "rmtree", "symlink_to", "chmod", "is_file", "is_dir", "exists"),
}
CLOCK_NAMES = {"now", "today", "environ", "print", "stdout", "stderr", "getenv"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name below `generator`."""
    files = [path for path in program_files() if path.suffix == ".py"]
    names = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in files]
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    return {name.replace("/", "."): tree for name, tree in zip(names, trees, strict=True)}


def _imports(module: str) -> Iterator[str]:
    """The modules of ours that a module imports, wherever in it; a package is its `__init__`."""
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("generator"):
            for alias in node.names:
                yield _module(f"{node.module}.{alias.name}") or _module(node.module or "")
        elif isinstance(node, ast.Import):
            ours = (alias.name for alias in node.names if alias.name.startswith("generator."))
            yield from map(_module, ours)


def _module(name: str) -> str:
    """The module of a dotted name, "" where the name is something within a module."""
    below = name.removeprefix("generator").strip(".")
    return next((m for m in (below, f"{below}.__init__".strip(".")) if m in modules()), "")


def _floor(module: str) -> int:
    return FLOORS[module.partition(".")[0]]


def _build_floor(module: str) -> int:
    package, _, rest = module.removeprefix("build.").partition(".")
    return BUILD_FLOORS.index(package if rest else "")


def _upward(importer: str, imported: str) -> bool:
    mine, other = importer.partition(".")[0], imported.partition(".")[0]
    if mine == other == "build":
        return _build_floor(imported) > _build_floor(importer)
    return mine != other and _floor(imported) >= _floor(importer)


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


def test_nothing_new_stands_at_the_top() -> None:
    """The packages and the three modules beside them are the whole listing."""
    assert {module.partition(".")[0] for module in modules()} == set(FLOORS)


def test_tests_of_kinds_keep_to_the_floor_of_kinds() -> None:
    """What they use of the packages above, `tests/whole_program.py` hands to them."""
    files = sorted((PACKAGE / "kinds").glob("*/tests/*.py"))
    above = {package for package, floor in FLOORS.items() if floor >= FLOORS["kinds"]} - {"kinds"}
    imports = {
        (path.name, module)
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (module := node.module or "").startswith("generator.")
    }
    assert {name for name, _ in imports} > {"test_gazette.py", "test_handbook.py"}
    assert [i for i in sorted(imports) if i[1].split(".")[1] in above] == []


def test_modules_import_from_lower_floors_alone() -> None:
    """No module knows one of its own floor in another package, or of a floor above."""
    arrows = [(module, other) for module in modules() for other in _imports(module)]
    upward = [f"{module} imports {other}" for module, other in arrows if _upward(module, other)]
    print(f"{len(modules())} modules, {len(arrows)} imports, {len(upward)} upwards")
    assert upward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Whoever reads a module can read before it all that it stands on."""
    graph = {module: set(_imports(module)) - {module} for module in modules()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))
    print(f"{len(order)} modules in order, 0 circles")


def test_no_import_of_ours_is_for_types_alone() -> None:
    """An import that a circle would need is not hidden from the two tests above."""
    hidden = [
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in _names(ast.Module([node], []))
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("generator")
    ]
    assert hidden == []


def test_one_kind_never_knows_another() -> None:
    """A kind may be taken out, or added, without a change to any other."""
    for module in (name for name in modules() if name.startswith("kinds.")):
        mine = module.split(".")[1]
        if mine != "views":  # pages that join several kinds
            others = {name.split(".")[1] for name in _imports(module) if name.startswith("kinds.")}
            assert others <= {mine}, module


def test_kinds_are_named_in_their_package_alone() -> None:
    """Everything else works for a kind that does not exist yet."""
    names = {kind.name for kind in all_kinds()}
    named = {
        module: sorted(names & set(_strings(tree)))
        for module, tree in modules().items()
        if not module.startswith("kinds.") and names & set(_strings(tree))
    }
    # these use a word that is a kind's name for something else
    assert named.pop("content.settings", []) in ([], ["gazette"])
    assert named.pop("output.formats.citations", []) in ([], ["pages"])
    assert named == {}


def test_plans_and_kinds_ask_no_disk() -> None:
    """Stages between reading and writing are pure functions."""
    touching = {
        module: sorted(DISK_CALLS & set(_names(tree)))
        for module, tree in modules().items()
        if module.partition(".")[0] in PURE and DISK_CALLS & set(_names(tree))
    }
    assert touching == {}


def test_every_test_in_the_tree_is_collected(request: pytest.FixtureRequest) -> None:
    """Each lies where pytest looks, in no folder that it passes over for its name.

    The sample of a new kind has tests that a copy of the program runs.
    """
    root, never = PACKAGE.parent, request.config.getini("norecursedirs")
    searched = [root / place for place in request.config.getini("testpaths")]
    tests = [path for top in (root / "tests", PACKAGE) for path in top.rglob("test_*.py")]
    assert [path for path in tests if not any(map(path.is_relative_to, searched))] == []
    steps = {step for path in tests for step in path.parent.relative_to(root).parts}
    passed = [s for s in sorted(steps) if any(fnmatch(s, pattern) for pattern in never)]
    assert passed == ["new-kind"]
    assert {"build", "gazette"} <= steps


def test_clock_environment_and_output_belong_to_the_command() -> None:
    """Same input, same bytes: nobody else can ask what time it is."""
    touching = {
        module: sorted(CLOCK_NAMES & set(_names(tree)))
        for module, tree in modules().items()
        if module != "commands._cli" and CLOCK_NAMES & set(_names(tree))
    }
    # the first reads what its process prints, the second is such a process
    assert touching.pop("output.mkdocs.process", []) in ([], ["stdout"])
    assert touching.pop("output.mkdocs.worker", []) in ([], ["stderr", "stdout"])
    # this one reads what git says
    assert touching.pop("ledger.git_branch", []) in ([], ["stdout"])
    assert touching == {}


def test_nobody_asks_python_about_characters() -> None:
    """What a character is comes from data whose version is pinned, the same on every Python."""
    asking = [
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
        or (isinstance(node, ast.Import) and "unicodedata" in [alias.name for alias in node.names])
    ]
    assert asking == []


def test_no_module_is_a_drawer() -> None:
    """No module is called utils, common or manager."""
    words = ("util", "common", "manager")
    assert [m for m in modules() if any(word in m for word in words)] == []

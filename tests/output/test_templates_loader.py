"""Compiled templates: found again by another process, and never when they are not the same."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from generator.output import templates_loader
from generator.output.templates_loader import (
    Compiled,
    new_environment,
    package_templates,
    templates_key,
)

SOURCE = "<p>{{ word }}</p>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one template, for a process that may keep code."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "page.html").write_text(SOURCE, "utf-8")
    return tmp_path


def _rendered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """What a new process makes of the template, and how many it compiles."""
    compiled: list[str] = []
    plain: Any = Environment.compile

    def counted(environment: Environment, source: str, *given: Any) -> Any:
        compiled.append(source)
        return plain(environment, source, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Environment, "compile", counted)
        template = new_environment(FileSystemLoader(folder), Compiled()).get_template("page.html")
    return template.render(word="<字>"), len(compiled)


def _code(folder: Path) -> list[Path]:
    return list((folder / "__pycache__").glob("page.html.*"))


def test_another_process_compiles_nothing_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file a template, which the sources' key leaves out."""
    key = templates_key(FileSystemLoader(folder))
    assert _rendered(folder, monkeypatch) == ("<p>&lt;字&gt;</p>", 1)
    assert _rendered(folder, monkeypatch) == ("<p>&lt;字&gt;</p>", 0)
    assert len(_code(folder)) == 1
    assert templates_key(FileSystemLoader(folder)) == key


def test_a_changed_template_is_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code takes the place of the old one, even where size and date are the same."""
    _rendered(folder, monkeypatch)
    (folder / "page.html").write_text(SOURCE.replace("p>", "b>"), "utf-8")
    assert _rendered(folder, monkeypatch) == ("<b>&lt;字&gt;</b>", 1)
    assert len(_code(folder)) == 1


def test_another_program_compiles_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a filter gives for a constant stands in the code, and the filter may have changed."""
    _rendered(folder, monkeypatch)
    monkeypatch.setattr(templates_loader, "worker_key", lambda: b"another")
    assert _rendered(folder, monkeypatch)[1] == 1
    assert _rendered(folder, monkeypatch)[1] == 0
    assert len(_code(folder)) == 1


@pytest.mark.parametrize("held", [b"", b"j2", b"garbage" * 99])
def test_damaged_code_is_made_anew(
    held: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Python does with its own."""
    _rendered(folder, monkeypatch)
    _code(folder)[0].write_bytes(held)
    assert _rendered(folder, monkeypatch) == ("<p>&lt;字&gt;</p>", 1)
    assert _rendered(folder, monkeypatch)[1] == 0


def test_code_that_cannot_be_kept_is_no_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where its folder would; or nothing is to be written."""
    (folder / "__pycache__").write_bytes(b"")
    assert _rendered(folder, monkeypatch)[1] == 1
    (folder / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _rendered(folder, monkeypatch)[1] == 1
    assert not (folder / "__pycache__").exists()


def _program(root: Path, **templates: str) -> Path:
    """A program's folder with templates by the folder that each stands in."""
    for folder, name in templates.items():
        path = root / folder.replace("_", "/") / "templates" / f"{name}.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"from {folder}", "utf-8")
    return root


def test_a_kind_brings_its_templates(tmp_path: Path) -> None:
    """Those of a kind's folder are found beside the shared ones, by their names alone."""
    program = _program(tmp_path, output="page", kinds_bells="bell", kinds_boats="boat")
    environment = new_environment(package_templates(program), Compiled())
    given = {name: environment.get_template(name).render() for name in environment.list_templates()}
    assert {name: given[name] for name in ("page.html", "bell.html", "boat.html")} == {
        "page.html": "from output",
        "bell.html": "from kinds_bells",
        "boat.html": "from kinds_boats",
    }


@pytest.mark.parametrize("first", ["output", "kinds_bells"])
def test_two_templates_of_one_name_are_refused(first: str, tmp_path: Path) -> None:
    """The second would never be seen; both files are named."""
    program = _program(tmp_path, **{first: "page", "kinds_boats": "page"})
    with pytest.raises(ValueError, match="two templates of one name") as refused:
        package_templates(program)
    for folder in (first, "kinds_boats"):
        assert str(tmp_path / folder.replace("_", "/") / "templates/page.html") in str(
            refused.value
        )

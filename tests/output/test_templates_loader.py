"""Templates: compiled once a process, found by their names in the folders of kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from generator.output.templates_loader import (
    Compiled,
    new_environment,
    package_templates,
    templates_key,
)

SOURCE = "<p>{{ word }}</p>"


def test_environments_of_a_process_share_compiled_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each source is compiled once, a changed one anew, and no code is written to a folder."""
    compiled: list[str] = []
    plain: Any = Environment.compile

    def counted(environment: Environment, source: str, *given: Any) -> Any:
        compiled.append(source)
        return plain(environment, source, *given)

    monkeypatch.setattr(Environment, "compile", counted)
    shared, changed = Compiled(), SOURCE.replace("p>", "b>")
    for source in (SOURCE, SOURCE, changed):
        (tmp_path / "page.html").write_text(source, "utf-8")
        template = new_environment(FileSystemLoader(tmp_path), shared).get_template("page.html")
        assert template.render(word="<字>") == source.replace("{{ word }}", "&lt;字&gt;")
    assert compiled == [SOURCE, changed]
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


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


def test_the_key_of_templates_is_of_templates_alone(tmp_path: Path) -> None:
    """Bytecode that an earlier version left beside them changes nothing, and is not read."""
    (tmp_path / "page.html").write_text("甲", "utf-8")
    key = templates_key(FileSystemLoader(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/page.html.cpython-311").write_bytes(b"j2\x80")
    assert templates_key(FileSystemLoader(tmp_path)) == key
    (tmp_path / "page.html").write_text("乙", "utf-8")
    assert templates_key(FileSystemLoader(tmp_path)) != key

"""The content of this repository passes `check`, and the editor settings beside it fit it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from forging import true_copy

from generator.build.audit import audit
from generator.commands._cli import main
from generator.commands._console import CLEAN
from generator.content.settings import read_settings
from generator.output.plugins import all_kinds
from generator.site.json_schema import SITE, schemas

PROJECT = Path(__file__).resolve().parents[2]
CONTENT, EDITOR = PROJECT / "content", PROJECT / ".vscode"


def test_the_repositorys_own_content_has_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    """`gongbao check content` gives only fields that the source does not state."""
    assert main(["check", "--content", str(CONTENT), "--format", "json"]) == CLEAN
    problems = json.loads(capsys.readouterr().out)
    assert {problem["code"] for problem in problems} <= {"not-stated"}


def test_the_editors_files_are_current() -> None:
    """`.vscode/schemas` holds what `gongbao schema --into .vscode/schemas` writes."""
    settings = read_settings(CONTENT).settings
    assert settings is not None
    for name, glob, schema in schemas(all_kinds(), settings.choices):
        if not any(CONTENT.glob(glob)):
            continue  # a kind that this content does not use
        written = json.loads((EDITOR / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        assert written == schema, f"gongbao schema --into .vscode/schemas ({name})"


def test_every_schema_is_bound_to_its_files() -> None:
    """Each file of the content is matched by the pattern of its own schema, and by no other."""
    settings = json.loads((EDITOR / "settings.json").read_text(encoding="utf-8"))
    bound = {Path(file).stem: pattern for file, pattern in settings["yaml.schemas"].items()}
    used = ((name, glob) for name, glob, _ in schemas(all_kinds(), {}) if any(CONTENT.glob(glob)))
    yaml_kinds = {name: glob for name, glob in used if glob.endswith("yaml")}
    assert len(yaml_kinds) > 7
    assert bound == {name: f"content/{glob}" for name, glob in yaml_kinds.items()}
    matched = {name: set(CONTENT.glob(glob)) for name, glob in yaml_kinds.items()}
    for path in CONTENT.rglob("*"):
        for kind in all_kinds():
            if kind.pattern.fullmatch(path.relative_to(CONTENT).as_posix()):
                owners = {name for name, paths in matched.items() if path in paths}
                assert owners == ({kind.name} if not kind.front_matter else set())
    assert matched[SITE] == {CONTENT / "site.yaml"}


@pytest.mark.usefixtures("shared_frames")
def test_a_true_copy_of_its_site_passes_an_audit(tmp_path: Path) -> None:
    """Sealed, signed and copied, it holds no page that its records do not give."""
    problems = audit(true_copy(tmp_path, CONTENT), None, None).problems()
    assert {problem.code for problem in problems} <= {"audit-beside"}

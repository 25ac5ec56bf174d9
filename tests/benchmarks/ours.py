"""The content folder of a benchmark, and what happens to it between two builds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from costs import Cost, Job, cost_of
from documents import ENTRIES_A_DAY, Row

from generator.commands._importer import yaml_text
from generator.output.plugins import all_kinds

PROJECT = Path(__file__).resolve().parents[2]
PARTS = ("generator", "theme", "mkdocs.yml")
"""What a build needs of the project: a copy, so that the theme can be changed."""
CONTENT, ADDED = "content", "added"
HEAD = "{%- block extrahead %}"


def write_content(rows: Sequence[Row], folder: Path) -> None:
    """Writes what `gongbao import` would, without its proof of every row, into a new folder.

    The last 18 rows are the issue to be added: they stand below `added/`, all else below
    `content/`.
    """
    intake = next(kind.intake for kind in all_kinds() if kind.intake)
    tree = intake.arrange([(row, intake.fields(row, {})) for row in rows])
    entries = [path for path in tree if path.count("/") == 3 and not path.endswith("issue.yaml")]
    last = {Path(path).parent for path in entries[-ENTRIES_A_DAY:]}
    with ProcessPoolExecutor() as pool:
        texts = pool.map(yaml_text, tree.values(), chunksize=200)
        for path, text in zip(tree, texts, strict=True):
            file = folder / (ADDED if Path(path).parent in last else CONTENT) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A copy of the program and of a content folder, with room for what is built of them."""

    root: Path
    inputs: Path

    def set_up(self) -> None:
        """Copies program and content; its bytecode is made now, not by the first build."""
        for part in PARTS:
            _copy(PROJECT / part, self.root / part)
        _copy(self.inputs / CONTENT, self.content)
        command = (sys.executable, "-m", "compileall", "-q", self.root / "generator")
        subprocess.run(command, check=True)

    @property
    def content(self) -> Path:
        """The content as it is now."""
        return self.root / CONTENT

    @property
    def as_of(self) -> str:
        """The day of the newest issue, also of one to be added, as the site's own day.

        On a later day the issue would be added late, and archives of feeds made anew for it.
        """
        issues = (path.read_text("utf-8") for path in self.inputs.rglob("issue.yaml"))
        return max(str(yaml.safe_load(text)["publication_date"]) for text in issues)

    def edit_entry(self) -> None:
        """One more paragraph in an entry in the middle of the archive."""
        entries = sorted(self.content.glob("gazette/*/*/[0-9]*.yaml"))
        middle = entries[len(entries) // 2]
        fields: dict[str, Any] = yaml.safe_load(middle.read_text(encoding="utf-8"))
        changed = {**fields, "body": f"{fields['body'].rstrip()}\n本則業經更正。"}
        middle.write_text(yaml_text(changed), encoding="utf-8")

    def add_issue(self) -> None:
        """The next day's issue."""
        shutil.copytree(self.inputs / ADDED, self.content, dirs_exist_ok=True)

    def change_theme(self) -> None:
        """A line in the head of every page."""
        template = self.root / "theme" / "main.html"
        text = template.read_text(encoding="utf-8")
        template.write_text(text.replace(HEAD, f'{HEAD}\n<meta name="x" content="1">'), "utf-8")

    def build(self, limit: float, *more: str) -> Cost:
        """What `gongbao build` costs now."""
        folders = ("--content", "content", "--work", "build", "--site", "site")
        return cost_of(
            self._job("generator", "build", *folders, "--as-of", self.as_of, *more), limit
        )

    def build_plain(self, limit: float) -> Cost:
        """What MkDocs costs that makes the same site with our plugin."""
        return cost_of(self._job("mkdocs", "build", "--quiet"), limit)

    def _job(self, module: str, *arguments: str) -> Job:
        return Job(
            command=(sys.executable, "-m", module, *arguments),
            folder=self.root,
            environment={"PYTHONPATH": str(self.root), "GONGBAO_AS_OF": self.as_of},
            written=(self.root / "build", self.root / "site"),
        )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


STEPS: Mapping[str, Callable[[Workshop], None]] = {
    "cold": lambda workshop: None,
    "no change": lambda workshop: None,
    "one entry edited": Workshop.edit_entry,
    "18 entries added": Workshop.add_issue,
    "theme changed": Workshop.change_theme,
}
"""What happens before each build, in order: every build finds what the last one left."""


def our_costs(workshop: Workshop, limit: float) -> Iterator[tuple[str, Cost]]:
    """The builds' costs in order; what follows a failed build is not tried."""
    workshop.set_up()
    for name, happen in STEPS.items():
        happen(workshop)
        cost = workshop.build(limit)
        yield f"gongbao: {name}", cost
        if cost.fault:
            return
    yield "gongbao: Markdown asked for", workshop.build(limit, "--markdown")
    yield "MkDocs with gongbao's plugin", workshop.build_plain(limit)

"""The files of a new site, from templates: those of `starters/`, and the samples of the kinds.

A template lies where its file will lie: below `starters/base/`, below `starters/<ci>/` for each way
of publishing, and below the folder `sample/` of a kind for its content.  In names, `dot-` stands
for a leading dot (packaging tools pass over files with one), `YEAR`, `MONTH` and `DAY` for the day
on which the site begins.  `<< >>` and `<% %>` mark what is filled in, since GitHub and reports
use braces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from generator import PROGRAM
from generator.site.kind import Kind
from generator.text.dates import roc_year

STARTERS = PROGRAM / "commands" / "starters"
BASE, SAMPLE = "base", "sample"
_DOT = "dot-"


def ways_to_publish() -> tuple[str, ...]:
    """The names of the folders of `starters/` that a site may have or not."""
    return tuple(sorted(path.name for path in STARTERS.iterdir() if path.name != BASE))


def sample_folders(kinds: tuple[Kind, ...]) -> Mapping[str, tuple[Kind, ...]]:
    """The folders of `kinds/` with a sample, by name, each with its kinds."""
    folders: dict[str, list[Kind]] = {}
    for kind in kinds:
        name = folder_name(kind)
        if (_kinds() / name / SAMPLE).is_dir():
            folders.setdefault(name, []).append(kind)
    return {name: tuple(its) for name, its in folders.items()}


def folder_name(kind: Kind) -> str:
    """The folder of `kinds/` that a kind lies in."""
    return kind.record_type.__module__.split(".")[-2]


def starter_files(name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The files of a folder of `starters/`, by their path in the site's repository."""
    return dict(_filled(STARTERS / name, values, {}))


def sample_files(name: str, values: Mapping[str, Any], day: date) -> dict[str, str]:
    """The sample of a folder of kinds, by paths below the content folder."""
    words = {"YEAR": str(roc_year(day)), "MONTH": f"{day:%Y-%m}", "DAY": day.isoformat()}
    return dict(_filled(_kinds() / name / SAMPLE, values, words))


def begun_text(name: str, path: str, values: Mapping[str, Any]) -> str:
    """The text with which a new site begins a page at a path, "" if it begins none there.

    These are the pages that every government's site has under the same name.
    """
    file = _kinds() / name / SAMPLE / path
    if file.suffix != ".md" or not file.is_file():
        return ""
    return _TEMPLATES.from_string(file.read_text("utf-8")).render(values)


def _kinds() -> Path:
    return PROGRAM / "kinds"


def _filled(
    folder: Path, values: Mapping[str, Any], words: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        for word, meant in words.items():
            name = name.replace(word, meant)
        steps = (f".{s.removeprefix(_DOT)}" if s.startswith(_DOT) else s for s in name.split("/"))
        yield "/".join(steps), _TEMPLATES.from_string(path.read_text("utf-8")).render(values)


def _as_yaml(text: str) -> str:
    """A text as a YAML scalar that reads back unchanged anywhere: in quotes if it must be."""
    try:
        plain = yaml.safe_load(f"[{text}]") == [text] == yaml.safe_load(f"- {text}")
    except yaml.YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


_TEMPLATES = Environment(
    variable_start_string="<<",
    variable_end_string=">>",
    block_start_string="<%",
    block_end_string="%>",
    comment_start_string="<#",
    comment_end_string="#>",
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 -- the files are YAML and Markdown, which HTML's escapes would spoil
)
_TEMPLATES.filters["yaml"] = _as_yaml

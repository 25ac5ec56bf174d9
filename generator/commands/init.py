"""`gongbao init`: begins a site of one's own, a small repository with an example of each kind."""

from __future__ import annotations

import shutil
import subprocess
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import Struct

from generator.build.examine import gather
from generator.build.options import Options
from generator.commands._command_lines import listed
from generator.commands._console import CLEAN, CONTENT, USAGE, Command, Console
from generator.commands._questions import (
    KEPT,
    AnswersMissing,
    Body,
    Unfit,
    answers,
    default_id,
    read_ways,
)
from generator.commands._starter_site import (
    BASE,
    folder_name,
    sample_files,
    sample_folders,
    starter_files,
    ways_to_publish,
)
from generator.release.write import write_file
from generator.site.json_schema import schema_text, schemas
from generator.site.kind import Kind, Site, StartRefused
from generator.text.dates import roc_typed, roc_year

_CONTENT = "content/"
_ANSWERS = (
    "name",
    "base_url",
    "publisher",
    "agency",
    "gazette_name",
    "kinds",
    "official",
    "engine",
)
"""The options of a new site, which say nothing to one that exists."""
_FIRST_AGENCY = "office"
"""The id of the first agency if none was given."""


def _run(options: Options, chosen: Namespace, console: Console) -> int:
    folder: Path = chosen.folder
    if _taken(folder / _CONTENT) or (folder.exists() and not folder.is_dir()):
        if chosen.ci and all(getattr(chosen, name) is None for name in _ANSWERS):
            return _add_ways(folder, chosen.ci, console)
        console.tell("init-taken", folder=folder / _CONTENT if folder.is_dir() else folder)
        return USAGE
    folders = sample_folders(options.kinds)
    # an authority, such as the list of agencies, is what records refer to: every site has it
    needed = [name for name, kinds in folders.items() if kinds[0].authority]
    titles = {name: _title(kinds) for name, kinds in folders.items() if name not in needed}
    try:
        given = answers(chosen, titles, console)
    except AnswersMissing as missing:
        names = listed((f"--{name}" for name in missing.args), console.language)
        console.tell("init-missing", options=names)
        return USAGE
    except Unfit as unfit:
        console.say(unfit.words(console))
        return USAGE
    return _begin(replace(options, content=folder / _CONTENT), given, needed, console)


def _add_ways(folder: Path, typed: str, console: Console) -> int:
    """Adds the files of ways to publish to a site that exists; none of its own changes."""
    try:
        ways = read_ways(typed)
    except Unfit as unfit:
        console.say(unfit.words(console))
        return USAGE
    requirements = folder / "requirements.txt"
    lines = requirements.read_text("utf-8").splitlines() if requirements.is_file() else []
    engine = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    values = {"engine": engine, "engine_file": (folder / KEPT).is_dir()}
    files = {path: text for way in ways for path, text in starter_files(way, values).items()}
    kept = _write_new(folder, files)
    if added := [path for path in files if path not in kept]:
        console.tell("init-added", files=listed(added, console.language))
    if kept:
        console.tell("init-kept", files=listed(kept, console.language))
    return CLEAN


def _begin(
    options: Options, given: Mapping[str, Any], needed: Sequence[str], console: Console
) -> int:
    """Writes the content, then the files that depend on what it says."""
    folder = options.content.parent
    values = _values(given, options)
    files = starter_files(BASE, values | {"kinds": (), "schemas": ()})
    content = {path: text for path, text in files.items() if path.startswith(_CONTENT)}
    for name in (*needed, *given["kinds"]):
        samples = sample_files(name, values, options.as_of)
        content |= {f"{_CONTENT}{path}": text for path, text in samples.items()}
    for path, text in content.items():
        write_file(folder / path, text.encode())
    gathered = gather(options)
    if gathered.site is None or any(problem.stops for problem in gathered.problems):
        console.report(gathered.problems)
        return CONTENT
    kept = _write_rest(folder, given, values, gathered.site)
    console.tell("init-done", folder=folder.resolve())
    if kept:
        console.tell("init-kept", files=listed(kept, console.language))
    if not given["engine"].line:
        console.tell("init-engine-open")
    _make_repository(folder, console)
    console.tell("init-next", folder=folder.resolve())
    return CLEAN


def _values(given: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """What templates are filled with."""
    publisher: Body = given["publisher"]
    agency: Body = given["agency"]
    publisher_id = publisher.id or default_id(given["base-url"])
    same = agency.name == publisher.name and publisher.id
    return {
        "name": given["name"],
        "base_url": given["base-url"],
        "publisher": publisher.name,
        "publisher_id": publisher_id,
        "agency": agency.name,
        "agency_id": agency.id or (publisher.id if same else _FIRST_AGENCY),
        "gazette_name": given["gazette-name"],
        "chosen": given["kinds"],
        "official": given["official"],
        "ci": given["ci"],
        "engine": given["engine"].line,
        "engine_file": given["engine"].file,
        "today": roc_typed(options.as_of),
        "year": roc_year(options.as_of),
    }


def _write_rest(
    folder: Path, given: Mapping[str, Any], values: Mapping[str, Any], site: Site
) -> list[str]:
    """Writes the files outside the content folder; returns existing ones, which stay as is."""
    described = [*schemas(site.kinds, site.settings.choices)]
    files = {f".vscode/schemas/{name}.json": schema_text(schema) for name, _, schema in described}
    rows = [(name, glob) for name, glob, _ in described if glob.endswith(".yaml")]
    chosen = [kind for kind in site.kinds if folder_name(kind) in given["kinds"] and kind.start]
    more = {"kinds": [*_kind_rows(chosen, site)], "schemas": rows}
    for name in (BASE, *given["ci"]):
        files |= starter_files(name, {**values, **more})
    kept = _write_new(folder, {p: t for p, t in files.items() if not p.startswith(_CONTENT)})
    engine = given["engine"].file
    if engine:
        write_file(folder / KEPT / engine.name, engine.read_bytes())
    return kept


def _write_new(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes the files that do not exist yet; returns the others, which stay as they are."""
    kept = [path for path in files if (folder / path).exists()]
    for path, text in files.items():
        if path not in kept:
            write_file(folder / path, text.encode())
    return kept


class KindRow(Struct, frozen=True):
    """A kind in the new site's README: whether a new record needs a file name, and may correct."""

    name: str
    label: str
    named: bool
    corrects: bool


def _kind_rows(kinds: Iterable[Kind], site: Site) -> Iterator[KindRow]:
    for kind in kinds:
        named = False
        try:
            if kind.start:
                kind.start(site, "")
        except StartRefused:
            named = True
        yield KindRow(kind.name, kind.label, named, kind.correction is not None)


def _title(kinds: Sequence[Kind]) -> str:
    """The name of a folder's kinds: that of its section, if it has one."""
    return next((kind.label for kind in kinds if kind.section), kinds[0].label)


def _taken(content: Path) -> bool:
    return content.is_file() or (content.is_dir() and any(content.iterdir()))


def _make_repository(folder: Path, console: Console) -> None:
    """Makes a git repository, unless git is missing or the folder is in one already."""
    git = shutil.which("git")
    if git is None:
        console.tell("init-git-missing")
        return
    inside = [git, "-C", str(folder), "rev-parse", "--is-inside-work-tree"]
    if _succeeds(inside):
        return
    if not _succeeds([git, "init", "--quiet", "--initial-branch=main", str(folder)]):
        console.tell("init-git-failed", folder=folder)


def _succeeds(command: Sequence[str]) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- git
    return done.returncode == 0


COMMAND = Command(
    name="init",
    run=_run,
    options={
        "folder": {"nargs": "?", "type": Path, "default": Path()},
        "--name": {},
        "--base-url": {"metavar": "URL"},
        "--publisher": {"metavar": "[ID:]NAME"},
        "--agency": {"metavar": "[ID:]NAME"},
        "--gazette-name": {"metavar": "NAME"},
        "--kinds": {"metavar": "KIND,…"},
        "--official": {"action": BooleanOptionalAction},
        "--ci": {"metavar": ",".join(ways_to_publish())},
        "--engine": {"metavar": "URL|FILE"},
    },
    rank=10,
)

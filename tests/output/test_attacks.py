"""Many attacks on a sealed archive, each refused by its own code; many honest days, none refused.

`GONGBAO_ARCHIVE` names rows for `gongbao import` in place of invented ones, `GONGBAO_ATTACKS`
how many attacks are made (86 if unset; 1150 is the whole of it), `GONGBAO_RELEASES` how many
honest releases (9 if unset: each deed once), `GONGBAO_SEED` the seed.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_sites import options
from sealing import KEY, NAME, SETTINGS, put, put_settings

from generator.build.bundles.lazy_texts import Texts
from generator.build.cache.store import Cache, passing
from generator.build.examine import Run
from generator.build.ledger_runs import redact_record, seal_site, sign_ledger
from generator.build.options import Options
from generator.commands._cli import main
from generator.commands._console import CLEAN
from generator.commands._importer import yaml_text
from generator.content.files import Files
from generator.content.model import Problem, Ref
from generator.ledger.log import Ledger, read_ledger
from generator.ledger.log_files import ledger_files, write_ledger
from generator.pipeline import build
from generator.release.disk import remove_tree

ATTACKS = int(os.environ.get("GONGBAO_ATTACKS", "86"))
RELEASES = int(os.environ.get("GONGBAO_RELEASES", "9"))
SEED = int(os.environ.get("GONGBAO_SEED", "6962"))
ARCHIVE = os.environ.get("GONGBAO_ARCHIVE", "")
SEALED_ON = date(2016, 6, 1)
VALUES = (
    *("title", "category", "issuers", "document_numbers", "dispatch_date"),
    *("keywords", "title_en", "body"),
)
"""Fields of an imported entry that its record holds."""
CHARACTERS = "甲乙丙丁一二三四五的之0123456789ABCxyz，。「」（）"


def rows() -> Iterator[str]:
    """Rows of another gazette as JSON Lines: those that were named, else invented ones."""
    if ARCHIVE:
        opened = gzip.open if ARCHIVE.endswith(".gz") else open
        with opened(ARCHIVE, "rt", encoding="utf-8") as file:
            yield from file
        return
    chance = random.Random(SEED)
    for number in range(90):
        day = date(2015, 1, 5) + timedelta(days=number // 9)
        yield (
            json.dumps(
                {
                    "title": f"訂定第 {number} 號要點並公告施行日期",
                    "title_en": f"Directions No. {number}",
                    "date": day.isoformat(),
                    "date_created": day.isoformat(),
                    "agency": chance.choice(["甲市政府", "乙局", "丙處"]),
                    "category": chance.choice(["法規", "公告", "行政規則"]),
                    "doc_no": f"甲字第{1040000000 + number}號",
                    "keywords": "要點;公告",
                    "body": f"第一條　訂定第 {number} 號要點。\n第二條　自發布日施行。\n",
                },
                ensure_ascii=False,
            )
            + "\n"
        )


@dataclass
class Archive:
    """A sealed archive, what a run has read of it, chance, and a ledger that was kept."""

    chosen: Options
    chance: random.Random
    cache: Cache = field(default_factory=passing)

    @property
    def entries(self) -> list[Path]:
        """Every entry's file, in order."""
        return sorted(self.chosen.content.glob("gazette/*/*/[0-9]*.yaml"))

    def found(self, chosen: Options | None = None) -> list[Problem]:
        """What the gate says now; what was read before is not read again."""
        held = chosen or self.chosen
        files = Files(held.content, {})
        run = Run(options=held, cache=self.cache, files=files, texts=Texts(self.cache))
        return [p for p in run.examine().problems if p.stops and p.code.startswith("record-")]


def id_of(path: Path) -> str:
    """The name of an entry in the ledger."""
    return f"gazette:{path.parent.name}-{path.stem}"


def read(path: Path) -> Any:
    """A file of the content as texts."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The rows, imported, some with an attachment, sealed and signed."""
    root = tmp_path_factory.mktemp("archive")
    (root / "rows.jsonl").write_text("".join(rows()), "utf-8")
    assert main(["import", str(root / "rows.jsonl"), "--into", str(root / "content")]) == CLEAN
    chosen = replace(options(root / "content", root), as_of=SEALED_ON)
    held = Archive(chosen, random.Random(SEED))
    for path in held.entries[::7]:
        (path.parent / path.stem).mkdir()
        (path.parent / path.stem / "附件.txt").write_bytes(f"附件 {path.stem}".encode() * 20)
        fields = {**read(path), "attachments": [{"path": "附件.txt", "title": "附件"}]}
        path.write_text(yaml_text(fields), "utf-8")
    put_settings(chosen.content, SETTINGS)
    done = seal_site(chosen, "匯入")
    assert done.ledger is not None, [p for p in done.examined.problems if p.stops]
    sign_ledger(chosen, NAME, KEY)
    shutil.copytree(chosen.ledger, root / "kept")
    assert held.found() == []
    yield held
    remove_tree(root)


Attack = Callable[[Archive], tuple[set[str], Callable[[], None]]]
"""Gives the names that must be told, and how to take the attack back."""


def value_changed(held: Archive) -> tuple[set[str], Callable[[], None]]:
    """One character of one value of one record."""
    path = held.chance.choice(held.entries)
    before, fields = path.read_bytes(), read(path)
    name = held.chance.choice([name for name in VALUES if fields.get(name)])
    value = fields[name]
    at = held.chance.randrange(len(value)) if isinstance(value, list) else None
    text = value if at is None else value[at]
    where = held.chance.randrange(len(text))
    others = [c for c in CHARACTERS if c != text[where]]
    changed = text[:where] + held.chance.choice(others) + text[where + 1 :]
    fields[name] = changed if at is None else [*value[:at], changed, *value[at + 1 :]]
    path.write_text(yaml_text(fields), "utf-8")
    return {id_of(path)}, lambda: _back(path, before)


def byte_changed(held: Archive) -> tuple[set[str], Callable[[], None]]:
    """One byte of an attachment."""
    path = held.chance.choice(sorted(held.chosen.content.glob("gazette/*/*/*/附件.txt")))
    before = path.read_bytes()
    where = held.chance.randrange(len(before))
    other = bytes([(before[where] + held.chance.randrange(1, 256)) % 256])
    path.write_bytes(before[:where] + other + before[where + 1 :])
    return {f"gazette:{path.parts[-3]}-{path.parts[-2]}"}, lambda: _back(path, before)


def deleted(held: Archive) -> tuple[set[str], Callable[[], None]]:
    """An entry is gone, with its files."""
    path, aside = held.chance.choice(held.entries), held.chosen.content.parent / "aside"
    aside.mkdir()
    moved = [one for one in (path, path.with_suffix("")) if one.exists()]
    for one in moved:
        one.rename(aside / one.name)

    def back() -> None:
        for one in moved:
            (aside / one.name).rename(one)
        aside.rmdir()

    return {id_of(path)}, back


def swapped(held: Archive) -> tuple[set[str], Callable[[], None]]:
    """Two entries stand in each other's place."""
    one, other = held.chance.sample([p for p in held.entries if not p.with_suffix("").exists()], 2)
    before = one.read_bytes(), other.read_bytes()
    one.write_bytes(before[1])
    other.write_bytes(before[0])

    def back() -> None:
        _back(one, before[0])
        _back(other, before[1])

    return {id_of(one), id_of(other)}, back


def inserted(held: Archive) -> tuple[set[str], Callable[[], None]]:
    """A new entry in an issue that is long out."""
    folder = held.chance.choice(sorted(held.chosen.content.glob("gazette/*/*"))[:-1])
    last = max(int(path.stem) for path in folder.glob("[0-9]*.yaml"))
    path = folder / f"{last + 1:02d}.yaml"
    fields = {
        **read(folder / f"{last:02d}.yaml"),
        "document_numbers": [f"偽字第{last}{folder.name}號"],
    }
    fields.pop("attachments", None)
    path.write_text(yaml_text(fields), "utf-8")
    return {id_of(path)}, path.unlink


def _back(path: Path, content: bytes) -> None:
    path.write_bytes(content)


SHARES: tuple[tuple[Attack, float], ...] = (
    (value_changed, 900 / 1150),
    (byte_changed, 100 / 1150),
    (deleted, 50 / 1150),
    (swapped, 50 / 1150),
    (inserted, 50 / 1150),
)


@pytest.mark.parametrize(("attack", "share"), SHARES, ids=[one.__name__ for one, _ in SHARES])
def test_every_attack_is_refused_and_the_entry_named(
    attack: Attack, share: float, archive: Archive
) -> None:
    """Whatever is done to a sealed record, a code of the gate's own stops it and names it."""
    missed = []
    for number in range(round(ATTACKS * share)):
        wanted, back = attack(archive)
        problems = archive.found()
        told = {p.values.get("id", "") for p in problems} | {
            p.values.get("value", "") for p in problems
        }
        if not wanted <= told:
            missed.append((number, wanted, problems))
        back()
    assert missed == []
    assert archive.found() == []


@pytest.mark.parametrize("with_content", [False, True])
def test_every_truncation_is_refused_and_the_entries_named(
    with_content: bool, archive: Archive
) -> None:
    """The last 1 to 20 entries, cut from the ledger without a trace, are named one by one.

    It makes no difference whether their files are gone too.
    """
    kept = archive.chosen.ledger.with_name("kept")
    whole = read_ledger(ledger_files(kept)).ledger
    for count in range(1, 21):
        gone = whole.leaves[-count:]
        short = Ledger().appended(whole.leaves[:-count], "example.org", SEALED_ON, "匯入")
        shutil.rmtree(archive.chosen.ledger)
        write_ledger(archive.chosen.ledger, short.files())
        sign_ledger(archive.chosen, NAME, KEY)
        moved = [p for p in archive.entries if id_of(p) in {leaf.name for leaf in gone}]
        for path in moved if with_content else ():
            path.rename(path.with_suffix(".gone"))
        problems = archive.found(replace(archive.chosen, against=kept))
        lost = [p.values["id"] for p in problems if p.code == "record-truncated"]
        assert lost == [leaf.name for leaf in gone]
        for path in moved if with_content else ():
            path.with_suffix(".gone").rename(path)
    shutil.rmtree(archive.chosen.ledger)
    shutil.copytree(kept, archive.chosen.ledger)
    assert archive.found() == []


@dataclass
class Clerk:
    """An honest office: its day, how many issues it has published, what it did last."""

    chosen: Options
    chance: random.Random
    day: date = SEALED_ON
    issues: int = 0
    numbers: int = 0

    def entry(self, title: str, more: str = "") -> str:
        """The text of a new entry."""
        self.numbers += 1
        category = read(self.chosen.content / "site.yaml")["gazette"]["categories"][0]["id"]
        agency = read(self.chosen.content / "agencies.yaml")[0]["id"]
        return (
            f"title: {title}第{self.numbers}號\ncategory: {category}\nform: other\n"
            f"issuers: [{agency}]\ndocument_numbers: [新字第{1050000000 + self.numbers}號]\n"
            f"dispatch_date: {self.day}\nbody: 第一條　第{self.numbers}號。\n{more}"
        )

    def issue(self, more: str = "") -> None:
        """A new issue of one to three entries."""
        self.issues += 1
        folder = f"gazette/105/105-{self.issues:03d}"
        files = {f"{folder}/issue.yaml": f"publication_date: {self.day}\n"}
        for number in range(1, self.chance.randrange(2, 5)):
            files[f"{folder}/{number:02d}.yaml"] = self.entry("公告事項", more)
        put(self.chosen.content, files)

    def correction(self) -> None:
        """An issue that corrects an entry of before."""
        path = self.chance.choice(sorted(self.chosen.content.glob("gazette/104/*/0*.yaml")))
        target = id_of(path).partition(":")[2]
        ledger = read_ledger(ledger_files(self.chosen.ledger)).ledger
        digest = ledger.leaves[ledger.numbers[f"gazette:{target}"]].digest.hex()
        named = f"target: {target}, digest: {digest}, note: 更正版面"
        self.issue(f"relations: [{{type: corrects, {named}}}]\n")

    def redaction(self) -> None:
        """A sealed entry is hidden in part, and the log says so."""
        path = self.chance.choice(sorted(self.chosen.content.glob("gazette/105/*/0*.yaml")))
        fields = read(path)
        fields["body"] = f"（第 {self.numbers} 次遮蔽）"
        self.numbers += 1
        path.write_text(yaml_text(fields), "utf-8")
        ref = Ref(*id_of(path).split(":"))
        done = redact_record(replace(self.chosen, as_of=self.day), ref, "個人資料保護法第11條", "")
        assert done.ledger is not None, [p for p in done.examined.problems if p.stops]

    def rename(self) -> None:
        """An agency has a new name from today on."""
        path = self.chosen.content / "agencies.yaml"
        agencies = read(path)
        names = agencies[self.chance.randrange(len(agencies))]["names"]
        if names[-1].get("from", "") < self.day.isoformat():
            names[-1]["to"] = (self.day - timedelta(days=1)).isoformat()
            names.append({"name": f"新名稱{self.day}", "from": self.day.isoformat()})
        path.write_text(yaml_text(agencies), "utf-8")

    def look(self) -> None:
        """The site says something else of itself."""
        path = self.chosen.content / "site.yaml"
        lines = path.read_text("utf-8").split("\n")
        lines = [f"title: 公報{self.day}" if line.startswith("title:") else line for line in lines]
        path.write_text("\n".join(lines), "utf-8")

    def rollback(self) -> None:
        """The release before is shown again; the ledger stays."""
        folders = ["--content", self.chosen.content, "--work", self.chosen.work]
        words = [*folders, "--site", self.chosen.site]
        assert main(["rollback", *map(str, words)]) == CLEAN

    def nothing(self) -> None:
        """A day on which nothing is published."""


def test_no_honest_release_is_refused(archive: Archive, tmp_path: Path) -> None:
    """Day after day something lawful happens, is sealed, signed and published; the gate is quiet.

    What was remembered of the day before never speaks against the day after.
    """
    shutil.copytree(archive.chosen.content, tmp_path / "content")
    shutil.copytree(archive.chosen.ledger, tmp_path / ".record")
    chosen = replace(options(tmp_path / "content", tmp_path), as_of=SEALED_ON)
    clerk = Clerk(chosen, random.Random(SEED))
    deeds = (clerk.issue, clerk.correction, clerk.redaction, clerk.rename, clerk.look)
    more = (clerk.rollback, clerk.nothing, clerk.issue)
    for number in range(RELEASES):
        deed = (
            (clerk.issue, *deeds, *more)[number]
            if number < 9
            else clerk.chance.choice(deeds + more)
        )
        clerk.day += timedelta(days=1)
        deed()
        today = replace(chosen, as_of=clerk.day)
        done = seal_site(today, "")
        assert done.ledger is not None, (deed, [p for p in done.examined.problems if p.stops])
        if done.ledger.newest and not done.ledger.newest.note.signatures:
            sign_ledger(today, NAME, KEY)
        remembered = chosen.site if number else None
        built = build(replace(today, against=remembered), lambda stage: None)
        # what was rolled back is held until its content changes
        assert built.release is not None or built.held, (
            deed,
            built.examined.problems,
            built.faults,
        )
    assert main(["audit", str(chosen.site)]) == CLEAN
    remove_tree(tmp_path)

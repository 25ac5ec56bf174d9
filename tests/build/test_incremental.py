"""A build after an edit gives what a cold build gives, and makes what the edit touches alone.

`GONGBAO_EDITS` is the number of random edits, 2 if unset; `GONGBAO_SEED` the seed.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from edits import Desk, copied_project, edit
from publishing import manifest_of
from sample_sites import AS_OF, SITES, build_site, files_below, options

from generator import pipeline
from generator.build import make, search_index
from generator.build.workers import executor
from generator.build.workers.executor import Executor
from generator.output import fingerprint
from generator.output.fingerprint import files_of, worker_key
from generator.output.mkdocs.theme_pages import ThemePages
from generator.output.search import documents, segments
from generator.pipeline import build
from generator.release.disk import remove_tree
from generator.release.manifest import digests, listed, tree
from generator.release.publish import published
from generator.release.target import Obstacle

EDITS = int(os.environ.get("GONGBAO_EDITS", "2"))
SEED = int(os.environ.get("GONGBAO_SEED", "5"))


def _python(project: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    """A program of a copied project, which no other copy reaches."""
    names = ("PATH", "HOME", "GONGBAO_CACHE_KEY")
    passed = {name: os.environ[name] for name in names if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-B", "-m", *words],
        cwd=project,
        env={**passed, **more, "PYTHONPATH": str(project), "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def _gongbao(desk: Desk, command: str, root: Path, *more: str) -> subprocess.Popen[str]:
    folders = ["--content", desk.content, "--work", root / "build", "--site", root / "site"]
    day = ("--as-of", str(desk.as_of), "--format", "json")
    return _python(desk.project, "generator", command, *map(str, folders), *day, *more)


def _ended(running: subprocess.Popen[str]) -> tuple[int, str]:
    said = running.communicate()[0]
    return running.returncode, said


def _told(said: str) -> str:
    """What a build says of the content, without how much it wrote, and where.

    Nor that its day is before that of the site shown, which a cold build knows nothing of.
    """
    held = re.search(r"^\[\n.*^\]$", said, re.DOTALL | re.MULTILINE)
    problems = json.loads(held[0]) if held else []
    return json.dumps([one for one in problems if one["code"] != "day-early"], indent=1)


def _listing(root: Path) -> Mapping[str, str]:
    return listed(manifest_of(root / "site").read_text("utf-8"))


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def _plain(desk: Desk, target: Path) -> Mapping[str, str]:
    """The site that `mkdocs build` makes of the content by itself."""
    held = yaml.safe_load((desk.project / "mkdocs.yml").read_text("utf-8"))
    settings = target.with_name("settings.yml")
    chosen = {**held, "docs_dir": str(desk.content), "site_dir": str(target)}
    settings.write_text(yaml.safe_dump(chosen), "utf-8")
    words = ("build", "--strict", "--config-file", str(settings))
    day = {"GONGBAO_AS_OF": desk.as_of.isoformat()}
    code, said = _ended(_python(desk.project, "mkdocs", *words, **day))
    assert code == 0, said
    found = {name: path.read_bytes() for name, path in files_below(target).items()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A copy of the full sample and of the program, both to be changed."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    project = copied_project(tmp_path / "project")
    yield Desk(tmp_path / "content", project, random.Random(SEED), AS_OF)
    remove_tree(tmp_path)


def test_any_sequence_of_edits_ends_where_a_cold_build_does(desk: Desk, tmp_path: Path) -> None:
    """After each edit the declared files are those of a cold build, and of the host alone.

    Content with errors leaves the site as it was, and is then mended.
    """
    root = tmp_path / "long"
    done: list[str] = []
    assert _ended(_gongbao(desk, "build", root))[0] == 0
    while len(done) < EDITS:
        what = f"{done} {edit(desk)}"
        cold = tmp_path / f"cold{desk.count}"
        wholly = len(done) % 4 == min(EDITS - 1, 3)
        running = [_gongbao(desk, "build", root), _gongbao(desk, "build", cold)]
        (code, said), (cold_code, cold_said) = map(_ended, running)
        assert code == cold_code in (0, 1), f"{what}: {said} {cold_said}"
        assert _told(said) == _told(cold_said), what
        if code == 1:
            desk.undo()
        else:
            done.append(what.rpartition(" ")[2])
            _compare(desk, root, cold, wholly, what)
        remove_tree(cold)


def _compare(desk: Desk, root: Path, cold: Path, wholly: bool, done: str) -> None:
    made = _listing(root)
    assert _differing(made, _listing(cold)) == [], done
    served = dict(digests(root / "site", made))
    assert {path: served.get(path) for path in made} == made, done
    if wholly:
        assert _differing(made, _plain(desk, cold / "plain")) == [], done
        assert _ended(_gongbao(desk, "verify", root))[0] == 0, done


def _cold(content: Path, root: Path, as_of: date = AS_OF) -> str:
    """The listing of a cold build in a fresh folder."""
    build_site(content, root, as_of)
    return manifest_of(root / "site").read_text("utf-8")


def test_an_embargo_ends_without_a_change_of_content(tmp_path: Path) -> None:
    """A day moved on shows what waited for it; a day moved back hides it again."""
    before, after = date(2016, 1, 19), date(2016, 1, 20)
    for count, day in enumerate((before, after, before, after)):
        built = _cold(SITES / "full", tmp_path / "long", day)
        assert built == _cold(SITES / "full", tmp_path / f"cold{count}", day)


ENTRY = "gazette/105/105-001/01.yaml"


def _retitle(content: Path, word: str) -> None:
    text = (SITES / "minimal" / ENTRY).read_text("utf-8")
    (content / ENTRY).write_text(text.replace("訂定檔案要點", f"訂定檔案要點{word}"), "utf-8")


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """A small site that was built, and what cold builds give for each of two titles."""
    root = tmp_path_factory.mktemp("minimal")
    shutil.copytree(SITES / "minimal", root / "content")
    colds = {}
    for word in ("甲", "乙"):
        _retitle(root / "content", word)
        colds[word] = _cold(root / "content", root / word)
    _cold(root / "content", root)
    yield root, colds
    remove_tree(root)


def _overwritten(cache: Path, content: bytes) -> None:
    for path in cache.parent.glob(f"{cache.name}*"):
        path.unlink()
    cache.write_bytes(content)


def _truncated(cache: Path) -> None:
    held = cache.read_bytes()
    _overwritten(cache, held[: len(held) // 2])


def _older(cache: Path) -> None:
    with sqlite3.connect(cache) as base:
        base.execute("PRAGMA user_version = 0")
        base.execute("ALTER TABLE held DROP COLUMN digest")


def _elsewhere(cache: Path) -> None:
    cache.unlink()
    with sqlite3.connect(cache) as base:
        base.execute("CREATE TABLE held (word TEXT)")
        base.execute("PRAGMA user_version = 1")


def _lost(cache: Path) -> None:
    with sqlite3.connect(cache) as base:
        base.execute("DELETE FROM held WHERE section = 'late'")


class _Foreign:
    """Would run a program where a cache is trusted."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 1",)


def _foreign(cache: Path) -> None:
    """Every row's content is replaced, with a digest that fits."""
    content = pickle.dumps(_Foreign())
    with sqlite3.connect(cache) as base:
        rows = base.execute("SELECT section, name, key FROM held").fetchall()
        for section, name, key in rows:
            digest = hashlib.blake2b(f"{section}\0{name}\0".encode(), digest_size=16)
            digest.update(key + content)
            changed = (content, digest.digest(), section, name)
            base.execute(
                "UPDATE held SET content = ?, digest = ? WHERE section = ? AND name = ?", changed
            )


DAMAGES: Mapping[str, Callable[[Path], None]] = {
    "deleted": Path.unlink,
    "truncated": _truncated,
    "empty": lambda cache: _overwritten(cache, b""),
    "garbage": lambda cache: _overwritten(cache, b"garbage" * 999),
    "of an older form": _older,
    "of another program": _elsewhere,
    "without the texts": _lost,
    "with foreign classes": _foreign,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_noticed(damage: str, minimal: tuple[Path, Mapping[str, str]]) -> None:
    """The next build succeeds all the same, and gives what a cold one gives."""
    root, colds = minimal
    for word in colds:
        DAMAGES[damage](root / "build/cache.sqlite")
        _retitle(root / "content", word)
        assert _cold(root / "content", root) == colds[word]


def test_a_flipped_byte_of_the_cache_is_noticed(minimal: tuple[Path, Mapping[str, str]]) -> None:
    """Wherever it is."""
    root, colds = minimal
    cache = root / "build/cache.sqlite"
    for place in range(8):
        word = "甲乙"[place % 2]
        held = bytearray(cache.read_bytes())
        held[place * len(held) // 8 + 60] ^= 0x15
        _overwritten(cache, bytes(held))
        _retitle(root / "content", word)
        assert _cold(root / "content", root) == colds[word]


def test_genuine_rows_of_an_older_cache_do_not_count(
    minimal: tuple[Path, Mapping[str, str]], tmp_path: Path
) -> None:
    """Texts, items and rows of tables of an earlier day never stand in for those of today."""
    root, colds = minimal
    cache = root / "build/cache.sqlite"
    for word in ("甲", "乙"):
        _retitle(root / "content", word)
        build_site(root / "content", root)
        if word == "甲":
            with sqlite3.connect(cache) as base:
                base.execute("VACUUM INTO ?", (str(tmp_path / "older.sqlite"),))
    with sqlite3.connect(cache) as base:
        base.execute("ATTACH ? AS older", (str(tmp_path / "older.sqlite"),))
        parts = "'late', 'items', 'whole', 'lines', 'checked', 'early'"
        old = f"FROM older.held WHERE section IN ({parts})"
        base.execute(f"INSERT OR REPLACE INTO held SELECT * {old}")
        made = "name LIKE 'feed:%' OR name LIKE 'table:%' OR name LIKE 'page:%'"
        base.execute(f"DELETE FROM held WHERE section = 'last' OR section = 'bundles' AND ({made})")
    assert _cold(root / "content", root) == colds["乙"]


def _page(root: Path) -> Path:
    return root / "site/gazette/105/105-001/01/index.html"


def _altered(root: Path) -> None:
    """In the file itself, which the store has too, and dated back."""
    page = _page(root)
    held = page.stat()
    page.write_bytes(page.read_bytes().replace(b"<p", b"<q", 1))
    os.utime(page, ns=(held.st_atime_ns, held.st_mtime_ns))


def _replaced(root: Path) -> None:
    page = _page(root)
    page.unlink()
    page.write_text("another", "utf-8")


def _added(root: Path) -> None:
    (_page(root).parent / "more.html").write_text("more", "utf-8")


def _redirected(root: Path) -> None:
    folder = root / "site/gazette/105/105-001"
    folder.rename(root / "elsewhere")
    folder.symlink_to(root / "content")
    remove_tree(root / "elsewhere")


HARMS: Mapping[str, Callable[[Path], None]] = {
    "altered": _altered,
    "replaced": _replaced,
    "removed": lambda root: _page(root).unlink(),
    "added": _added,
    "redirected": _redirected,
}


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_site_is_mended(
    harm: str, changed: bool, minimal: tuple[Path, Mapping[str, str]]
) -> None:
    """By the next build, whether content changed meanwhile or not: files are as declared again.

    A file that nobody declared goes, for readers would see it.
    """
    root, colds = minimal
    _retitle(root / "content", "甲")
    _cold(root / "content", root)
    HARMS[harm](root)
    word = "乙" if changed else "甲"
    _retitle(root / "content", word)
    assert _cold(root / "content", root) == colds[word]
    shown = published(root / "build", root / "site")
    assert dict(digests(shown.folder)) == shown.files()


def _inodes(root: Path) -> Mapping[str, int]:
    """Every file that readers see, as it stands on the disk: one made anew is another file."""
    return {name: path.stat().st_ino for name, path in tree(root / "site").files.items()}


def _fresh(root: Path, content: Path, as_of: date = AS_OF) -> set[str]:
    """What a build makes anew."""
    before = _inodes(root)
    build_site(content, root, as_of)
    return {name for name, inode in _inodes(root).items() if before.get(name) != inode}


ABOUT = "pages/about/index.html"
UNTOUCHED = (ABOUT, "gazette/106/106-extra-001/01/index.html", "partners/hachioji/index.html")
"""Pages that show nothing of the entry that the tests below edit."""


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A copy of the full sample, and its site."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    build_site(tmp_path / "content", tmp_path)
    yield tmp_path
    remove_tree(tmp_path)


def test_an_edited_entry_makes_its_folder_and_its_lists_anew(full: Path) -> None:
    """What shows nothing of it stays as it is, file by file."""
    entry = full / "content/gazette/105/105-002/02.yaml"
    entry.write_text(entry.read_text("utf-8").replace("人事動態表", "人事異動表"), "utf-8")
    fresh = _fresh(full, full / "content")
    assert {
        "gazette/105/105-002/02/index.html",
        "feeds/gazette-personnel.xml",
        "index.html",
    } <= fresh
    assert "data/gazette.csv" in fresh
    assert fresh.isdisjoint((*UNTOUCHED, "feeds/gazette-rule.xml", "statistics/index.html"))


def test_an_edited_entry_makes_one_part_of_its_search_segment_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The cache has the other parts, unless other characters change the segment's alphabet."""
    made: list[int] = []
    make_part = segments.make_part

    def noting(task: segments.PartTask) -> segments.Part:
        made.append(task.first)
        return make_part(task)

    monkeypatch.setattr(segments, "make_part", noting)
    for module in (documents, segments, search_index):
        monkeypatch.setattr(module, "PART", 8)
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)

    def parts_made() -> list[int]:
        made.clear()
        build_site(content, tmp_path)
        return sorted(made)

    entry = content / "gazette/105/105-002/02.yaml"
    text = entry.read_text("utf-8")
    every = parts_made()
    assert len(every) > 1
    entry.write_text(text.replace("人事動態表", "動態人事表"), "utf-8")  # the same characters
    assert len(parts_made()) == 1
    entry.write_text(text.replace("人事動態表", "人事異動表"), "utf-8")
    assert parts_made() == every
    build_site(content, tmp_path / "cold")
    warm, cold = (files_below((root / "site").resolve()) for root in (tmp_path, tmp_path / "cold"))
    assert all(warm[name].read_bytes() == path.read_bytes() for name, path in cold.items())


def test_an_edited_statistic_makes_its_own_tables_anew(full: Path) -> None:
    """Its files, workbooks of reports that show it, what lists them; other tables stay."""
    statistic = full / "content/statistics/saving.yaml"
    statistic.write_text(statistic.read_text("utf-8").replace("全年", "整年"), "utf-8")
    fresh = _fresh(full, full / "content")
    tables = {name for name in fresh if name.endswith((".csv", ".json", ".ods", ".jsonld"))}
    own = {f"statistics/saving/saving.{ending}" for ending in ("csv", "json", "ods")}
    listing = {"datapackage.json", "data/catalog.jsonld", "data/data-gov-tw.json"}
    cited = {f"reports/{name}/{name}.ods" for name in ("2016-05-test", "2016-11-test")}
    tables = {name for name in tables if not name.startswith(("search/", "feeds/"))}
    assert tables == own | listing | cited
    assert fresh.isdisjoint((*UNTOUCHED, "map/index.html"))


def test_a_new_issue_leaves_the_others_alone(full: Path) -> None:
    """Its neighbour leads to it from now on; the rest of the issues stay as they are."""
    _fresh(full, full / "content", date(2017, 6, 1))  # a rule came into force since the last build
    issue = full / "content/gazette/106/106-001"
    issue.mkdir()
    (issue / "issue.yaml").write_text("publication_date: 106-01-05\n", "utf-8")
    copied = (full / "content/gazette/105/105-002/02.yaml").read_text("utf-8")
    nonce = "nonce: 5f1c0a9be27d4436a8e05b7c92d31f64"
    (issue / "01.yaml").write_text(re.sub("nonce: .*", nonce, copied), "utf-8")
    fresh = _fresh(full, full / "content", date(2017, 6, 1))
    again = _fresh(full, full / "content", date(2017, 6, 1))
    assert again == set()
    assert "gazette/106/106-001/01/index.html" in fresh
    assert fresh.isdisjoint((ABOUT, "gazette/105/105-001/01/index.html"))
    feeds = {name for name in fresh if name.startswith("feeds/") and "index" not in name}
    assert {"feeds/gazette.json", "feeds/archive/gazette/2017q1.atom"} <= feeds
    assert feeds.isdisjoint(("feeds/visits.xml", "feeds/gazette-rule.atom", "feeds/all.opml"))
    archives = {name.rpartition("/")[2] for name in feeds if "/archive/" in name}
    assert archives == {f"2017q1.{ending}" for ending in ("xml", "atom", "json")}


SHARING = """\
title: 修正「測試市路燈管理辦法」第{n}條條文
category: rule
form: order
issuers: [city]
document_numbers: [測市工字第{n}號]
dispatch_date: 105-{n:02}-01
keywords: [公告, 節電燈具{late}]
body: 依測試市路燈管理辦法第三條及測市工字第1號令辦理。
"""


def test_a_new_issue_leaves_what_shares_its_words_alone(tmp_path: Path) -> None:
    """A law that all amend and cite, keywords that all or a few have: the nearest change alone."""
    shutil.copytree(SITES / "minimal", tmp_path / "content")

    def add(month: int) -> set[str]:
        folder = tmp_path / f"content/gazette/105/105-{month:03}"
        folder.mkdir()
        (folder / "issue.yaml").write_text(f"publication_date: 105-{month:02}-05\n", "utf-8")
        late = ", 夜間照明" if month > 9 else ""
        (folder / "01.yaml").write_text(SHARING.format(n=month, late=late), "utf-8")
        made = _fresh(tmp_path, tmp_path / "content", date(2016, 12, 31))
        return {name for name in made if re.fullmatch(r"gazette/105/105-\d+/01/index\.html", name)}

    build_site(tmp_path / "content", tmp_path, date(2016, 12, 31))
    for month in range(2, 12):
        add(month)
    page = "gazette/105/105-0{}/01/index.html"
    assert add(12) == {page.format(number) for number in ("10", "11", "12")}
    text = (tmp_path / "site" / page.format("12")).read_text("utf-8")
    assert all(words in text for words in ("同一法規", 'class="gb-named" href="../../105-011/01/"'))


def test_texts_in_feeds_follow_the_newest_item(tmp_path: Path) -> None:
    """A newer issue leaves an entry its summary, and gives its text back when it is taken away."""
    shutil.copytree(SITES / "minimal", tmp_path / "content")
    issue = tmp_path / "content/gazette/105/105-010"
    issue.mkdir()
    (issue / "issue.yaml").write_text("publication_date: 105-10-05\n", "utf-8")
    (issue / "01.yaml").write_text(SHARING.format(n=10, late=""), "utf-8")
    before, after = date(2016, 9, 30), date(2016, 10, 5)
    for count, (day, has_text) in enumerate(((before, True), (after, False), (before, True))):
        built = _cold(tmp_path / "content", tmp_path / "long", day)
        assert built == _cold(tmp_path / "content", tmp_path / f"cold{count}", day)
        feed = (tmp_path / "long/site/feeds/gazette.json").read_text("utf-8")
        assert ("為管理檔案，訂定本要點" in feed) is has_text


def test_another_day_makes_the_pages_that_name_it_anew(full: Path) -> None:
    """Nothing ends or begins on that day: what names no day stays as it is."""
    fresh = _fresh(full, full / "content", date(2016, 6, 2))
    assert "index.html" in fresh
    assert fresh.isdisjoint((*UNTOUCHED[:1], "gazette/105/105-002/01/index.html"))
    assert "gazette/105/105-001/01/index.html" in fresh  # not in force yet: it names the day


def test_nothing_changed_makes_nothing_and_asks_no_host(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a change that only lists show, once the theme is known."""

    def refuse(_: ThemePages, settings: object) -> None:
        raise AssertionError(settings)

    monkeypatch.setattr(ThemePages, "__init__", refuse)
    assert _fresh(full, full / "content") == set()
    entry = full / "content/gazette/105/105-002/02.yaml"
    entry.write_text(entry.read_text("utf-8").replace("人事動態表", "人事異動表"), "utf-8")
    assert _fresh(full, full / "content") != set()


def test_nothing_is_read_again_though_a_release_was_dropped(
    minimal: tuple[Path, Mapping[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that releases have in common are dated anew as one goes: the last build knows."""
    root, _ = minimal
    for word in "丙丁戊己":
        _retitle(root / "content", word)
        build_site(root / "content", root)
    shown = (root / "site").stat().st_ino
    monkeypatch.setattr(pipeline, "_stages", None)
    build_site(root / "content", root)
    assert (root / "site").stat().st_ino == shown


def test_what_the_host_reads_is_restored(minimal: tuple[Path, Mapping[str, str]]) -> None:
    """`mkdocs build` by hand finds its pages after each build, though no content changed."""
    root, _ = minimal
    build_site(root / "content", root, markdown=True)
    docs, nav = root / "build/docs", root / "build/nav.yml"
    page, text = docs / "gazette/105/105-001/01/index.md", nav.read_text("utf-8")
    remove_tree(docs)
    nav.write_text("{}", "utf-8")
    build_site(root / "content", root, markdown=True)
    assert page.is_file()
    assert nav.read_text("utf-8") == text


def test_markdown_is_there_when_it_is_asked_for(
    minimal: tuple[Path, Mapping[str, str]],
) -> None:
    """A full cache gives all of it, a build without the flag leaves none; the release stays."""
    root, _ = minimal
    docs, nav = root / "build/docs", root / "build/nav.yml"
    wanted = {"index.md", "gazette/105/105-001/01/index.md", "data/gazette.csv", "feeds/news.xml"}
    build_site(root / "content", root, markdown=True)  # mends what tests before may have damaged
    release = build_site(root / "content", root).release
    for _ in range(2):
        asked = build_site(root / "content", root, markdown=True)
        assert (asked.changed, asked.release) == (0, release)
        assert wanted <= files_below(docs).keys()
        assert not [name for name in files_below(docs) if name.startswith(("assets", "404"))]
        assert nav.is_file()
        assert build_site(root / "content", root).release == release
        assert not docs.exists()
        assert not nav.exists()


def test_the_way_of_publishing_stays_as_it_was_chosen(
    minimal: tuple[Path, Mapping[str, str]],
) -> None:
    """A site that is changed in place keeps its folder, until an exchange is chosen again."""
    root, _ = minimal
    wanted = options(root / "content", root)
    _retitle(root / "content", "丙")  # another test may have left one of those below
    build(wanted, lambda stage: None)
    obstacles: list[Obstacle | None] = []
    folders = [(root / "site").stat().st_ino]
    for way, word in (("in-place", "甲"), (None, "乙"), ("exchange", "甲"), (None, "乙")):
        build(replace(wanted, way=way), lambda stage: None)  # notes it, though nothing else changed
        _retitle(root / "content", word)
        obstacles.append(build(wanted, lambda stage: None).shown.obstacle)
        folders.append((root / "site").stat().st_ino)
        assert f"檔案要點{word}" in (root / "site/index.html").read_text("utf-8")
    assert obstacles == [Obstacle.CHOSEN, Obstacle.CHOSEN, None, None]
    assert folders[0] == folders[1] == folders[2]
    assert folders[2] != folders[3] != folders[4]  # a folder may get the number of a deleted one


def test_a_file_that_somebody_changes_as_a_run_ends_is_made_again(
    minimal: tuple[Path, Mapping[str, str]],
) -> None:
    """Between the moment in which readers see the site and that in which its state is noted."""
    root, _ = minimal
    _retitle(root / "content", "甲")
    page = root / "site/gazette/105/105-001/01/index.html"
    with pipeline.visible_site(options(root / "content", root), lambda stage: None) as built:
        right = page.read_text("utf-8")
        page.write_text(right + "x", "utf-8")  # in the store too, as it is the same file
    assert built.release is not None
    assert build_site(root / "content", root).changed > 0
    assert page.read_text("utf-8") == right


def test_hard_links_of_others_cost_no_making(
    minimal: tuple[Path, Mapping[str, str]], tmp_path: Path
) -> None:
    """A backup by hard links dates every file anew: they are read, and found to be the same."""
    root, _ = minimal
    _retitle(root / "content", "甲")
    build_site(root / "content", root)
    subprocess.run(["cp", "-al", root / "site", tmp_path / "backup"], check=True)
    assert build_site(root / "content", root).changed == 0


@pytest.mark.parametrize(("jobs", "large"), [(1, 20_000), (2, 20_000), (2, 10)])
def test_lists_are_made_beside_the_bundles(
    jobs: int, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process makes them where nobody has to ask the host; the site is the same.

    So it is where an archive counts as large and little of it is new.
    """
    monkeypatch.setattr(make, "FORKED", large)
    monkeypatch.setattr(executor, "FORKED", large)
    shutil.copytree(SITES / "full", tmp_path / "content")
    chosen = replace(options(tmp_path / "content", tmp_path), workers=Executor(jobs))
    assert build(chosen, lambda stage: None).release is not None
    here: list[int] = []

    make_pages = make.make_pages_here

    def watched(*given: Any) -> None:
        here.append(os.getpid())
        make_pages(*given)

    monkeypatch.setattr(make, "make_pages_here", watched)
    entry = tmp_path / "content/gazette/105/105-001/01.yaml"
    entry.write_text(entry.read_text("utf-8").replace("檔案", "文檔"), "utf-8")
    assert build(chosen, lambda stage: None).release is not None
    assert here == ([os.getpid()] if jobs == 1 else [])
    build_site(tmp_path / "content", tmp_path / "cold")
    assert _listing(tmp_path) == _listing(tmp_path / "cold")
    remove_tree(tmp_path)


def test_what_python_writes_beside_the_program_is_no_part_of_it(tmp_path: Path) -> None:
    """Its compiled code stands there under passing names while it is written."""
    (tmp_path / "section/__pycache__").mkdir(parents=True)
    (tmp_path / "section/kind.py").touch()
    (tmp_path / "section/__pycache__/kind.cpython-311.pyc.140213").touch()
    assert files_of(tmp_path) == [tmp_path / "section/kind.py"]


def test_a_test_in_a_kinds_folder_makes_no_site_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program is does not depend on it; a folder `tests` elsewhere is part of that."""
    monkeypatch.setattr(fingerprint, "PROGRAM", tmp_path / "generator")
    keys = [worker_key.__wrapped__()]
    for name in ("kinds/notices/tests/test_dates.py", "kinds/notices/kind.py", "tests/words.py"):
        path = tmp_path / "generator" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        keys.append(worker_key.__wrapped__())
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3

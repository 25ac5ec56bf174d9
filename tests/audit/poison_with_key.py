"""Poisons of a work folder by somebody who has its key: `gongbao verify` must find each.

    python tests/audit/poison_with_key.py content
    python tests/audit/poison_with_key.py content --poisons 50 --seed 20161201

Each poison changes a copy of one finished site: rows of the cache with their digests made anew,
files of bundles with the names and lists that follow from them, or the release that readers see.
Where a build has to take the poison in, one is run.  A poison that leaves the published site as
it was is drawn again.  The exit code is 1 where `verify` misses one.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from msgspec import structs  # noqa: E402 -- with the imports below
from sample_sites import AS_OF, options  # noqa: E402 -- as the tests find each other
from sealing import KEY, NAME, put_settings, seal  # noqa: E402

from generator.build.cache.store import CACHE, Cache, open_cache  # noqa: E402
from generator.build.examine import examine  # noqa: E402
from generator.build.ledger_runs import sign_ledger  # noqa: E402
from generator.build.options import Built, Options  # noqa: E402
from generator.build.verify import verify_site  # noqa: E402
from generator.content.model import Ref  # noqa: E402
from generator.content.record import Record  # noqa: E402
from generator.ledger.leaf_digests import Leaves, leaves_of_folder  # noqa: E402
from generator.ledger.log_files import LEDGER  # noqa: E402
from generator.ledger.seals import seals_of  # noqa: E402
from generator.pipeline import build  # noqa: E402
from generator.release.disk import remove_tree  # noqa: E402
from generator.release.manifest import (  # noqa: E402
    BUNDLES,
    MANIFEST,
    digests,
    listing,
)
from generator.release.publish import published  # noqa: E402
from generator.release.releases import ORDER, release  # noqa: E402
from generator.release.site_mark import SiteMark, read_mark, write_mark  # noqa: E402
from generator.site.kind import Site, folder_of  # noqa: E402

SEED, POISONS, DRAWS = 20161201, 50, 40
"""The seed, how many poisons, and how often one is drawn again before that is a failure."""
TOP = "."
"""What the content folder itself is called here; its rows have no name."""
FALSE = "偽".encode()
_WORDS = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){3,}")
"""Runs of Chinese characters of three bytes each, in whatever form values are kept."""
_POLICY, _OPEN = b"script-src 'self'", b"script-src *     "
_SCHEME = b'<meta name="color-scheme" content="light dark">'
_SCRIPT = b'<script src="https://x.example/"></script>'.ljust(len(_SCHEME))
_CODE = re.compile(rb"[a-z][a-z .]{11,}")
Row = tuple[str, bytes, bytes]
"""Name, key and content of a row of the cache."""


@dataclass(frozen=True)
class Desk:
    """A copy of a finished site that is to be poisoned, and chance."""

    options: Options
    chance: random.Random

    @property
    def work(self) -> Path:
        """The work folder."""
        return self.options.work

    def rows(self, section: str) -> list[Row]:
        """All rows of a section of the cache, in order of name."""
        asked = "SELECT name, key, content FROM held WHERE section = ? ORDER BY name"
        with closing(sqlite3.connect(self.work / CACHE)) as base:
            return [tuple(row) for row in base.execute(asked, (section,))]

    def opened(self) -> Cache:
        """The cache, which gives each row the digest that the program gives it."""
        return open_cache(self.work, self.options.secret.key)

    def put(self, section: str, rows: Iterable[Row]) -> None:
        """Puts rows in the place of those of the same names."""
        with closing(self.opened()) as cache:
            for row in rows:
                cache.put(section, *row)
            cache.commit()

    def forget(self, *starts: str) -> None:
        """Has bundles whose names begin in one of these ways made again by the next build."""
        kept = {name for name, *_ in self.rows("bundles") if not name.startswith(starts)}
        with closing(self.opened()) as cache:
            cache.keep_only("bundles", kept)
            cache.keep_only("last", {"files"})
            cache.commit()

    def falsified(self, content: bytes) -> bytes:
        """Bytes with one Chinese character replaced by another, so that no length changes."""
        runs = list(_WORDS.finditer(content))
        if not runs:
            return content
        run = self.chance.choice(runs)
        at = run.start() + 3 * self.chance.randrange(len(run[0]) // 3)
        return content[:at] + FALSE + content[at + 3 :]

    def built(self) -> Built:
        """What `gongbao build` makes of it now."""
        return build(self.options, lambda stage: None)

    def verified(self) -> Built:
        """What `gongbao verify` says of it."""
        return verify_site(self.options)


Poison = Callable[[Desk], str]
"""Poisons a copy; what it did, "" where there was nothing to poison."""


def every_frame(desk: Desk) -> str:
    """Opens the policy of every stored page frame, and puts a script of another host into it."""
    return _opened(desk, desk.rows("frames"))


def one_frame(desk: Desk) -> str:
    """The same with one of them."""
    return _opened(desk, [desk.chance.choice(desk.rows("frames"))])


def _opened(desk: Desk, rows: list[Row]) -> str:
    made = (
        (n, key, held.replace(_POLICY, _OPEN).replace(_SCHEME, _SCRIPT)) for n, key, held in rows
    )
    desk.put("frames", made)
    return f"{len(rows)} frames"


def frame_words(desk: Desk) -> str:
    """Changes a word of a stored page frame."""
    return _row(desk, "frames", [row for row in desk.rows("frames") if row[0] != "files"])


def theme_file(desk: Desk) -> str:
    """Changes a script or style among the stored files of the theme."""
    ((name, key, held),) = (row for row in desk.rows("frames") if row[0] == "files")
    run = desk.chance.choice(list(_CODE.finditer(held)))
    false = b"alert(1);//".ljust(len(run[0]))
    desk.put("frames", [(name, key, held[: run.start()] + false + held[run.end() :])])
    desk.forget("theme")
    return run[0].decode()


def late_text(desk: Desk) -> str:
    """Changes a long text of a stored record."""
    return _record(desk, "late")


def early_value(desk: Desk) -> str:
    """Changes a title or another short value of a stored record."""
    return _record(desk, "early")


def _record(desk: Desk, section: str) -> str:
    told = _row(desk, section, desk.rows(section))
    desk.forget("" if told == TOP else told)
    return told


def feed_item(desk: Desk) -> str:
    """Changes a stored item of feeds."""
    told = _row(desk, "items", desk.rows("items"))
    desk.forget("feed:")
    return told


def table_row(desk: Desk) -> str:
    """Changes a stored row of tables."""
    told = _row(desk, "lines", desk.rows("lines"))
    desk.forget("table:")
    return told


def _row(desk: Desk, section: str, rows: list[Row]) -> str:
    """Changes a word of one of these rows; its name."""
    name, key, held = desk.chance.choice(rows)
    desk.put(section, [(name, key, desk.falsified(held))])
    return name or TOP


def bundle_file(desk: Desk) -> str:
    """Changes a file of a bundle, and its digests and names wherever they stand."""
    return _bundle(desk, desk.rows("bundles"))


def search_part(desk: Desk) -> str:
    """The same with a file of the search index."""
    rows = [row for row in desk.rows("bundles") if row[0].startswith(("segment:", "search"))]
    return _bundle(desk, rows)


def _bundle(desk: Desk, rows: list[Row]) -> str:
    name, key, held = desk.chance.choice(rows)
    folders = sorted((desk.work / BUNDLES).iterdir())
    stored = next((path for path in folders if path.name.encode() in held), None)
    if stored is None:
        return ""
    file = desk.chance.choice(sorted(path for path in stored.rglob("*") if path.is_file()))
    before = file.read_bytes()
    after = _altered(desk, file.name, before)
    _rewrite(file, after)
    renamed = _digest(listing(dict(digests(stored))).encode())[:32]
    stored.rename(stored.with_name(renamed))
    held = held.replace(_digest(before).encode(), _digest(after).encode())
    desk.put("bundles", [(name, key, held.replace(stored.name.encode(), renamed.encode()))])
    return f"{name} {file.relative_to(stored).as_posix()}"


def sealed_word(desk: Desk) -> str:
    """Changes a word of a sealed record in the content; its stored leaf is the sealed one."""
    site = examine(desk.options).site
    if site is None or not site.seals.numbers:
        return ""
    ledger = seals_of(site).ledger
    name = desk.chance.choice(sorted(ledger.numbers))
    record = site.archive.find(Ref(*name.split(":", 1)))
    file = desk.options.content / f"{folder_of(record)}.yaml" if record else None
    if file is None or not file.is_file():
        return ""
    file.write_bytes(desk.falsified(file.read_bytes()))

    def forged(records: Iterable[Record], whole: Site) -> Leaves:
        true = leaves_of_folder(records, whole)
        numbers = ledger.numbers
        return {r: ledger.lawful(str(r)) if str(r) in numbers else true[r] for r in true}

    with patch("generator.build.workers.tasks.leaves_of_folder", forged):
        desk.built()
    desk.forget("page:")
    return name


def picture_size(desk: Desk) -> str:
    """Keeps another picture as a smaller size than the one that the content gives."""
    from generator.content.image_sizes import scaled  # noqa: PLC0415 -- as it is before it is patched

    kept = sorted((desk.work / "pictures").glob("*"))
    for path in kept:
        path.unlink()
    desk.forget("")
    narrow = "generator.build.bundles.thumbnails.scaled"
    with patch(narrow, lambda held, wide: scaled(held, wide - 1)):
        desk.built()
    desk.forget("")
    return "all sizes" if kept else ""


def release_file(desk: Desk) -> str:
    """Changes a file of the release that readers see."""
    files = dict(sorted(_files(desk).items()))
    name = desk.chance.choice(list(files))
    held = files[name].read_bytes()
    _rewrite(files[name], _altered(desk, name, held))
    _remake_lists(desk)
    return name


def release_script(desk: Desk) -> str:
    """Adds to a script of the release."""
    files = {name: path for name, path in _files(desk).items() if name.endswith(".js")}
    name = desk.chance.choice(sorted(files))
    _rewrite(files[name], files[name].read_bytes() + b"\nalert(1);\n")
    _remake_lists(desk)
    return name


def release_lost(desk: Desk) -> str:
    """Takes a file out of the release."""
    name = desk.chance.choice(sorted(_files(desk)))
    _files(desk)[name].unlink()
    _remake_lists(desk)
    return name


def release_more(desk: Desk) -> str:
    """Adds a file that nothing declares, perhaps to the list of what is carried along."""
    folder, number = desk.options.site, f"{desk.chance.randrange(16**8):08x}"
    name = desk.chance.choice(
        (
            f"assets/more-{number}.js",
            f"assets/more.{number}.min.js",
            f"search/{number}{number}/p0.bin",
            f"search/{number}{number}/index.html",
            f"more-{number}/index.html",
        )
    )
    _rewrite(folder / name, b"alert(1)")
    carried = desk.chance.random() < 0.5
    _remake_lists(desk, {name: _digest(b"alert(1)")} if carried else {})
    return f"{name} carried" if carried else name


def _files(desk: Desk) -> Mapping[str, Path]:
    """The files of the release that readers see."""
    folder = desk.options.site
    return {name: folder / name for name, _ in digests(folder)}


def _remake_lists(desk: Desk, carried: Mapping[str, str] | None = None) -> None:
    """Makes every list of the release fit what it holds: its name, its order, its own manifest."""
    old = published(desk.work, desk.options.site)
    more = {**old.carried_files(), **(carried or {})}
    inner = old.folder / MANIFEST
    if inner.is_file():
        held = {name: one for name, one in digests(old.folder) if name not in {MANIFEST, *more}}
        _rewrite(inner, listing(held).encode())
    held = {name: one for name, one in digests(old.folder) if name not in more}
    new = release(desk.work, _digest(listing(held).encode())[:16])
    for path in (old.manifest, old.carried):
        path.unlink(missing_ok=True)
    new.manifest.write_text(listing(held), "utf-8")
    new.carried.write_text(listing(more), "utf-8")
    order = new.folder.with_name(ORDER)
    order.write_text(order.read_text("utf-8").replace(old.digest, new.digest), "utf-8")
    mark = read_mark(desk.options.site) or SiteMark()
    write_mark(desk.options.site, structs.replace(mark, release=new.digest))


def _altered(desk: Desk, name: str, held: bytes) -> bytes:
    """A file with another word, with more in it, or with another byte."""
    script = b"<script>alert(1)</script></body>"
    ways: list[Callable[[], bytes]] = [lambda: desk.falsified(held), lambda: held + b"\n"]
    if name.endswith(".html"):
        ways.append(lambda: held.replace(b"</body>", script))
        ways.append(lambda: held.replace(_POLICY, _OPEN))
    elif held:
        at = desk.chance.randrange(len(held))
        ways.append(lambda: held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
    return desk.chance.choice(ways)()


def _rewrite(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


BUILT: tuple[Poison, ...] = (
    every_frame,
    one_frame,
    frame_words,
    theme_file,
    late_text,
    early_value,
    feed_item,
    table_row,
    bundle_file,
    search_part,
    sealed_word,
    picture_size,
)
"""What a build must take in before readers see it."""
SHOWN: tuple[Poison, ...] = (release_file, release_script, release_lost, release_more)
"""What readers see at once."""


@dataclass(frozen=True)
class Outcome:
    """A poison that changed the site: how, what `verify` finds, which changed files it misses.

    Content that is refused as a whole is not compared, and nothing of its site is missed.
    """

    way: str
    told: str
    findings: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether `verify` names every file that the poison changed."""
        return bool(self.findings) and not self.missed


def finished_site(content: Path, root: Path) -> Options:
    """A finished site of a copy of the content, some of it sealed."""
    shutil.copytree(content, root / "content")
    chosen = options(root / "content", root, AS_OF)
    if (content.parent / LEDGER).is_dir():
        shutil.copytree(content.parent / LEDGER, chosen.ledger)
    else:
        put_settings(chosen.content)
        seal(chosen)
        sign_ledger(chosen, NAME, KEY)
    built = build(chosen, lambda stage: None)
    if built.release is None or verify_site(chosen).faults:
        raise SystemExit(f"no clean site to poison: {built}")
    return chosen


def outcomes(clean: Options, seed: int, ways: Iterable[Poison]) -> Iterator[Outcome]:
    """Poisons in these ways that change the published site, each in a copy.

    A way that finds nothing to poison, as where there are no pictures, is passed over.
    """
    chance, before = random.Random(seed), _served(clean)
    for way in ways:
        for _ in range(DRAWS):
            with _copied(clean) as copy:
                desk = Desk(copy, chance)
                told = way(desk)
                if not told:
                    break
                taken = way in SHOWN or desk.built().release is not None
                changed = {name for name, _ in before ^ _served(copy)} if taken else set()
                outcome = _outcome(desk, way.__name__, told, changed) if changed else None
            if outcome:
                yield outcome
                break
        else:
            raise SystemExit(f"{way.__name__} changed nothing in {DRAWS} draws")


def _outcome(desk: Desk, way: str, told: str, changed: set[str]) -> Outcome:
    done = desk.verified()
    refused = [problem for problem in done.examined.problems if problem.stops]
    problems = refused or done.faults
    named = changed if refused else {problem.origin.path for problem in problems}
    findings = tuple(f"{one.code} {one.origin.path}" for one in problems)
    return Outcome(way, told, findings, tuple(sorted(changed - named)))


@contextmanager
def _copied(clean: Options) -> Iterator[Options]:
    """A copy of a site with its content and work folder, writable, removed afterwards."""
    source, target = clean.work.parent, clean.work.parent.with_name("poisoned")
    shutil.copytree(source, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    try:
        yield replace(
            clean, content=target / "content", work=target / "build", site=target / "site"
        )
    finally:
        remove_tree(target)


def _served(site: Options) -> set[tuple[str, str]]:
    return set(digests(published(site.work, site.site).folder))


def main() -> int:
    """Poisons one site many times and prints what is found; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("content", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--poisons", type=int, default=POISONS)
    chosen = parser.parse_args()
    found = 0
    with TemporaryDirectory(prefix="gongbao-") as folder:
        clean = finished_site(chosen.content.resolve(), Path(folder) / "clean")
        made = outcomes(clean, chosen.seed, cycle((*BUILT, *SHOWN)))
        for number, one in enumerate(islice(made, chosen.poisons), 1):
            found += one.found
            first, count = (*one.findings, "nothing")[0], len(one.findings)
            missed = f", MISSED: {' '.join(one.missed)[:80]}" if one.missed else ""
            print(f"{number:3} {one.way:15} {one.told}: {count} ({first}){missed}", flush=True)
    print(f"{found} of {chosen.poisons} found")
    return 0 if found == chosen.poisons else 1


if __name__ == "__main__":
    sys.exit(main())

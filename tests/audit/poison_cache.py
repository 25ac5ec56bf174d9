"""Poisons a work folder at random as somebody without the key could, and builds with each.

    .venv/bin/python tests/audit/poison_cache.py --count 300
    .venv/bin/python tests/audit/poison_cache.py --count 300 --old ../older-clone --json told.json

What comes out must be the site of a cold build, or a refusal.  With `--old`, a clone of a
program whose rows bear digests that anybody can make, each poison is tried on that one too and
must have an effect there: another site, other findings, a program that ran, or a folder of
others that was taken; so that none passes because it does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import pickle
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from generator.build.cache.file_state import signature
from generator.build.examine import gather
from generator.build.options import Options
from generator.pipeline import build
from generator.release.disk import remove_tree
from generator.release.manifest import digests
from generator.release.ownership import MARK
from generator.release.target import PublishRefused
from generator.text.canonical_json import canonical_json

try:
    from generator.release.secret_key import Secret, mac
except ImportError:  # the older program has no key
    KEYED = False
else:
    KEYED = True

PROJECT = Path(__file__).resolve().parents[2]
OWN, FOREIGN = "the key of whoever builds, unknown", "the key of whoever poisons, of no use"
FALSE = "偽"
"""What stands in the place of a character of a text: as many bytes."""
SIMPLIFIED = "这"
"""Stands in a keyword of each entry, so that the check of each issue finds something."""
NOBODY = 65534
RAN = "ran"
"""A file that a poison makes if it is run as a program."""
AS_OF = date(2017, 6, 1)


@dataclass(frozen=True)
class World:
    """An honest work folder with its site, one of false texts, and what cold builds give."""

    root: Path
    content: Path
    as_of: date
    texts: Mapping[str, tuple[tuple[str, str], ...]]
    """By folder of the content, title and long text of each record that has both."""
    cold: Mapping[str, Any] = field(default_factory=dict)

    def options(self, root: Path, content: Path, key: str = OWN) -> Options:
        """Options for a build of a content in a root of its own."""
        known: dict[str, Any] = {"secret": Secret(key)} if KEYED else {}
        return Options(
            content=content,
            work=root / "build",
            site=root / "site",
            as_of=self.as_of,
            **known,
        )


Poison = Callable[["Attack"], None]


@dataclass
class Attack:
    """One poison: chance, the world, and a copy of the honest work folder that it spoils."""

    chance: random.Random
    world: World
    root: Path
    content: Path
    style: int = 0

    @property
    def work(self) -> Path:
        """The folder to be spoiled."""
        return self.root / "build"

    def pick(self) -> tuple[str, str, str]:
        """A folder of the content, a title in it, and the long text of that record."""
        folder = self.chance.choice(sorted(self.world.texts))
        return folder, *self.chance.choice(self.world.texts[folder])

    def base(self) -> sqlite3.Connection:
        """The cache as somebody opens it who knows its form."""
        return sqlite3.connect(self.work / "cache.sqlite", isolation_level=None)

    def content_of(self, section: str, name: str) -> bytes:
        """What a row holds."""
        with closing(self.base()) as base:
            asked = "SELECT content FROM held WHERE section = ? AND name = ?"
            held: bytes = base.execute(asked, (section, name)).fetchone()[0]
            return held

    def put(self, section: str, name: str, content: bytes) -> None:
        """Replaces what a row holds; the key of what it was made from stays."""
        with closing(self.base()) as base:
            asked = "SELECT key FROM held WHERE section = ? AND name = ?"
            key = base.execute(asked, (section, name)).fetchone()[0]
            digest = self.digest(section, name, key, content)
            told = "UPDATE held SET content = ?, digest = ? WHERE section = ? AND name = ?"
            base.execute(told, (content, digest, section, name))

    def digest(self, section: str, name: str, key: bytes, content: bytes) -> bytes:
        """A digest without the key: as the older program made it, or with one of his own."""
        if KEYED and self.style % 2:
            secret = Secret(FOREIGN).key
            return mac(secret, section.encode(), name.encode(), key, content)
        made = hashlib.blake2b(f"{section}\0{name}\0".encode(), digest_size=16)
        made.update(key)
        made.update(content)
        return made.digest()

    def drop(self, section: str, like: str = "%") -> None:
        """Removes rows, so that what was made of them must be made again."""
        with closing(self.base()) as base:
            base.execute("DELETE FROM held WHERE section = ? AND name LIKE ?", (section, like))

    def stale(self) -> None:
        """Has the next build look at all it keeps, and make every page and list again."""
        self.drop("last", "build")
        self.drop("bundles")

    def falsified(self, section: str, name: str, text: str) -> None:
        """A row with one character of a text replaced."""
        held = self.content_of(section, name)
        changed = held.replace(text.encode(), _false(text, self.chance).encode())
        if changed == held:
            raise LookupError(f"{section} {name} does not hold {text}")
        self.put(section, name, changed)

    def built(self) -> None:
        """An honest build: files that were copied here are known from now on."""
        _build(self.world.options(self.root, self.content))

    def page(self) -> Path:
        """A page in a bundle."""
        pages = sorted((self.work / "bundles").rglob("index.html"))
        return self.chance.choice([path for path in pages if b"<main" in path.read_bytes()])


def _false(text: str, chance: random.Random) -> str:
    """A text with one of its Chinese characters replaced."""
    places = [at for at, character in enumerate(text) if "一" <= character <= "鿿"]
    at = chance.choice(places)
    return f"{text[:at]}{FALSE}{text[at + 1 :]}"


def _title(attack: Attack) -> None:
    """The first part of a record: its title."""
    folder, title, _ = attack.pick()
    attack.stale()
    attack.falsified("early", folder, title)


def _text(attack: Attack) -> None:
    """The second part of a record: its long text."""
    folder, _, text = attack.pick()
    attack.stale()
    attack.falsified("late", folder, text)


def _finding(attack: Attack) -> None:
    """What the check of a folder found: another character is said to be simplified."""
    folders = [name for name in sorted(attack.world.texts) if name.startswith("gazette/")]
    folder = attack.chance.choice(folders)
    attack.stale()
    held = attack.content_of("checked", folder)
    sign = chr(attack.chance.randrange(0x4E00, 0x9000))
    attack.put("checked", folder, held.replace(SIMPLIFIED.encode(), sign.encode()))


def _feed_item(attack: Attack) -> None:
    """A record's item in feeds, which are joined again."""
    folders = [name for name in sorted(attack.world.texts) if name.startswith("gazette/")]
    folder = attack.chance.choice(folders)
    title, _ = attack.chance.choice(attack.world.texts[folder])
    attack.drop("last", "build")
    attack.drop("bundles", "feed:%")
    attack.falsified("items", folder, title)


def _table_row(attack: Attack) -> None:
    """A record's row in tables, which are joined again."""
    folders = [name for name in sorted(attack.world.texts) if name.startswith("gazette/")]
    folder = attack.chance.choice(folders)
    title, _ = attack.chance.choice(attack.world.texts[folder])
    attack.drop("last", "build")
    attack.drop("bundles", "table:%")
    attack.falsified("lines", folder, title)


def _spoil(page: Path) -> None:
    """Another page of the same length and date."""
    about, held = page.stat(), page.read_bytes()
    page.chmod(0o644)
    changed = held.replace(b"<main", b"<mein", 1)
    page.write_bytes(changed)
    os.utime(page, ns=(about.st_atime_ns, about.st_mtime_ns))


def _signed(attack: Attack, section: str, like: str) -> None:
    """A page in a bundle, and the bundle's signature in rows."""
    page = attack.page()
    store = page.relative_to(attack.work / "bundles").parts[0]
    before = signature(attack.work, store)
    _spoil(page)
    after = signature(attack.work, store)
    with closing(attack.base()) as base:
        asked = "SELECT name, content FROM held WHERE section = ? AND name LIKE ?"
        rows = base.execute(asked, (section, like)).fetchall()
    for name, content in rows:
        if before.encode() in content:
            attack.put(section, name, content.replace(before.encode(), after.encode()))


def _page_of_last(attack: Attack) -> None:
    """A page, and how the last build ended: nothing seems to have changed."""
    attack.built()
    _signed(attack, "last", "build")


def _page_of_bundle(attack: Attack) -> None:
    """A page, and the row of its bundle."""
    attack.built()
    attack.drop("last", "build")
    _signed(attack, "bundles", "%")


def _frame(attack: Attack) -> None:
    """The theme's page around every page of a sort."""
    attack.stale()
    held = attack.content_of("frames", "theme").decode("latin-1")
    wide = [sign for sign in ("公報", "首頁", "搜尋", "統計", "關於") if _wide(sign) in held]
    sign = attack.chance.choice(wide)
    attack.put("frames", "theme", held.replace(_wide(sign), _wide(FALSE * 2)).encode("latin-1"))


def _wide(text: str) -> str:
    """A text as its bytes look where each is a character."""
    return text.encode().decode("latin-1")


def _style(attack: Attack) -> None:
    """The theme's own files."""
    attack.stale()
    held = attack.content_of("frames", "theme")
    sign = attack.chance.choice((b"color:", b"margin:", b"display:", b"padding:"))
    attack.put("frames", "theme", held.replace(sign, sign[:-1].upper()[::-1] + b":"))


def _unseen_edit(attack: Attack) -> None:
    """What is known of the content's files: an edit is not seen."""
    attack.content = attack.root / "content"
    shutil.copytree(attack.world.content, attack.content)
    _settled()
    attack.built()
    rows = attack.content_of("last", "files")
    entry = attack.content / sorted(attack.world.cold["edit"])[0]
    before = hashlib.sha256(entry.read_bytes()).hexdigest().encode()
    entry.write_text(attack.world.cold["edit"][entry.relative_to(attack.content).as_posix()])
    _settled()
    about = entry.stat()
    combined_key = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
    name = entry.relative_to(attack.content).as_posix().encode()
    at = rows.index(name) + len(name)
    end = rows.index(before, at)
    attack.put("last", "files", rows[:at] + _packed_look(combined_key) + rows[end - 2 :])


def _settled() -> None:
    """Waits until files are old enough to be known by their dates."""
    time.sleep(2.1)


def _packed_look(combined_key: tuple[int, ...]) -> bytes:
    """The head of a look as msgpack has it: an array of eight, four long numbers."""
    return b"\x98" + b"".join(b"\xcf" + struct.pack(">Q", number) for number in combined_key)


def _picture(attack: Attack) -> None:
    """A kept smaller picture, with the digest that it begins with."""
    attack.stale()
    path = attack.chance.choice(sorted((attack.work / "pictures").iterdir()))
    with Image.open(io.BytesIO(path.read_bytes()[32:])) as held:
        kind, size = held.format, held.size
    shades = tuple(attack.chance.randrange(256) for _ in range(3))
    made = io.BytesIO()
    Image.new("RGB", size, shades).save(made, kind)
    path.write_bytes(hashlib.sha256(made.getvalue()).digest() + made.getvalue())


def _links(attack: Attack) -> None:
    """What was found when other sites were asked."""
    base_url = attack.world.cold["base_url"]
    url = f"https://example.org/{attack.chance.randrange(10**6)}"
    told = {"site": base_url, "day": "2016-05-01", "checked": "1"}
    dead = [{"url": url, "status": "404", "records": []}]
    (attack.work / "links.json").write_bytes(canonical_json({**told, "dead": dead}))


def _release(attack: Attack) -> None:
    """An older release that was none, with a file that releases carry along."""
    attack.drop("last", "build")
    path = f"search/{attack.chance.randrange(16**16):016x}/index.html"
    listing = f"{hashlib.sha256(b'false').hexdigest()}  {path}\n"
    name = hashlib.sha256(listing.encode()).hexdigest()[:16]
    folder = attack.work / "releases" / name
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(b"false")
    folder.with_name(f"{name}.sha256").write_text(listing)
    order = attack.work / "releases/order"
    order.write_text(f"{name}\n{order.read_text()}")


def _other_cache(attack: Attack) -> None:
    """All rows of one folder as another build made them, of another content."""
    other = attack.world.root / "false/build"
    folders = [name for name in sorted(attack.world.texts) if name.startswith("gazette/")]
    folder = attack.chance.choice(folders)
    shutil.copytree(other / "bundles", attack.work / "bundles", dirs_exist_ok=True, symlinks=True)
    with closing(sqlite3.connect(other / "cache.sqlite")) as held:
        asked = "SELECT section, content FROM held WHERE name = ?"
        rows = held.execute(asked, (folder,)).fetchall()
    attack.drop("last", "build")
    attack.drop("bundles", "page:%")
    for section, content in rows:
        attack.put(section, folder, content)


def _whole_cache(attack: Attack) -> None:
    """The whole cache of another build, with the honest names of what rows were made from."""
    other = attack.world.root / "false/build"
    shutil.copytree(other / "bundles", attack.work / "bundles", dirs_exist_ok=True, symlinks=True)
    with closing(sqlite3.connect(other / "cache.sqlite")) as held:
        asked = (
            "SELECT section, name, content FROM held WHERE section IN ('early', 'late', 'bundles')"
        )
        rows = held.execute(asked).fetchall()
    attack.drop("last", "build")
    with closing(attack.base()) as base:
        known = {(r, n) for r, n in base.execute("SELECT section, name FROM held")}
    for section, name, content in rows:
        if (section, name) in known:
            attack.put(section, name, content)


def _program(attack: Attack) -> None:
    """A row that is a program: a function made of code, for whoever reads pickles."""
    section = attack.chance.choice(("early", "checked", "late"))
    attack.stale()
    mark = str(attack.root / RAN)
    code = compile(f"open({mark!r}, 'w').close()", "x", "exec")
    parts = (
        *(code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals),
        *(code.co_stacksize, code.co_flags, code.co_code, code.co_consts, code.co_names),
        *(code.co_varnames, code.co_filename, code.co_name, code.co_qualname),
        *(code.co_firstlineno, code.co_linetable, code.co_exceptiontable),
    )
    values = pickle.dumps(parts, 3)[2:-1]
    content = (
        b"\x80\x03cgenerator.build.cache.plan_keys\nFunctionType\n(cgenerator.output.templates_loader\nCodeType\n"
        + values
        + b"R}tR)R."
    )
    with closing(attack.base()) as base:
        asked = "SELECT name FROM held WHERE section = ? ORDER BY name"
        names = [name for (name,) in base.execute(asked, (section,))]
    attack.put(section, attack.chance.choice(names), content)


def _owner(attack: Attack) -> None:
    """A folder of somebody else's."""
    os.chown(attack.work, NOBODY, NOBODY)


def _open_to_all(attack: Attack) -> None:
    """A folder that anybody can write to."""
    attack.work.chmod(attack.chance.choice((0o777, 0o1777, 0o757)))


def _link(attack: Attack) -> None:
    """A link in the place of something that the program keeps, or beside it."""
    name = attack.chance.choice(
        ("bundles", "releases", "cache.sqlite", "host", "pictures", "links.json")
    )
    elsewhere = attack.root / "elsewhere"
    path = attack.work / name
    if path.exists():
        path.rename(elsewhere)
    else:
        elsewhere.write_text("{}")
    path.symlink_to(elsewhere)


def _inner_link(attack: Attack) -> None:
    """A link in the place of a bundle or a release."""
    folder = attack.work / attack.chance.choice(("bundles", "releases"))
    inner = [one for one in sorted(folder.iterdir()) if one.is_dir()]
    path = attack.chance.choice(inner or sorted(folder.iterdir()))
    path.chmod(0o755)
    path.rename(attack.root / "elsewhere")
    path.symlink_to(attack.root / "elsewhere")


def _other_mark(attack: Attack) -> None:
    """A folder that another program marks as its own."""
    name = attack.chance.choice(("cargo", "pip", "somebody"))
    signature_line = "Signature: 8a477f597d28d172789f06886806bc55"
    (attack.work / MARK).write_text(f"{signature_line}\n# Made by {name}.\n")


POISONS: tuple[Poison, ...] = (
    *(_title, _text, _finding, _feed_item, _table_row),
    *(_page_of_last, _page_of_bundle, _frame, _style, _unseen_edit, _picture),
    *(_links, _release, _other_cache, _whole_cache, _program),
    *(_owner, _open_to_all, _link, _inner_link, _other_mark),
)
REFUSED = (_owner, _open_to_all, _link, _inner_link, _other_mark)
"""Poisons that may end in a refusal; after all others there is a site."""


def _build(options: Options) -> dict[str, Any]:
    """What a build ends in: what readers get, what it found; or why it was refused."""
    try:
        built = build(options, lambda stage: None)
    except PublishRefused as refused:
        return {"refused": refused.detail}
    except Exception:  # noqa: BLE001 -- whatever it is, it is an effect
        return {"crashed": traceback.format_exc()}
    problems = [
        [p.code, p.origin.path, p.detail, *sorted(p.values.values())]
        for p in built.examined.problems
    ]
    served = dict(digests(options.site)) if built.release else {}
    return {"site": served, "problems": sorted(problems)}


def prepared(root: Path, given: Path, as_of: date) -> World:
    """An honest work folder, one made of false texts, and what cold builds give."""
    content = root / "content"
    shutil.copytree(given, content)
    for path in sorted(content.glob("gazette/*/*/[0-9]*.yaml")):
        text = path.read_text("utf-8")
        if "keywords:" not in text:
            path.write_text(f"{text.rstrip()}\nkeywords: [{SIMPLIFIED}是]\n", "utf-8")
    world = World(root, content, as_of, {})
    site = gather(world.options(root, content)).site
    if site is None:
        raise SystemExit(f"{content} cannot be read")
    texts: dict[str, list[tuple[str, str]]] = {}
    for record in site.archive:
        title = str(getattr(record, "title", ""))
        long = next(
            (
                t
                for n in ("body", "summary", "note", "markdown")
                if (t := str(getattr(record, n, "")))
            ),
            "",
        )
        paragraph = max(long.split("\n"), key=len)
        if len(title) > 1 and len(paragraph) > 3:
            texts.setdefault(record.folder, []).append((title, paragraph))
    false = root / "false/content"
    shutil.copytree(content, false)
    for held in texts.values():
        for title, _ in held:
            for path in sorted(false.glob("gazette/*/*/*.yaml")):
                path.write_text(
                    path.read_text("utf-8").replace(title, _false(title, random.Random(0)))
                )
    edited = root / "edited/content"
    shutil.copytree(content, edited)
    entry = sorted(edited.glob("gazette/*/*/[0-9]*.yaml"))[0]
    entry.write_text(entry.read_text("utf-8").replace("body: ", "body: 修", 1))
    cold = {
        "honest": _build(world.options(root / "honest", content)),
        "edited": _build(world.options(root / "edited", edited)),
        "edit": {entry.relative_to(edited).as_posix(): entry.read_text("utf-8")},
        "base_url": site.settings.base_url,
    }
    _build(world.options(root / "false", false, FOREIGN))
    return replace(world, texts={n: tuple(held) for n, held in texts.items()}, cold=cold)


def tried(world: World, number: int, seed: int) -> dict[str, Any]:
    """One poison of a copy of the honest folder, and how the build after it ended."""
    poison = POISONS[number % len(POISONS)]
    root = world.root / f"poisoned-{number}"
    root.mkdir()
    shutil.copytree(world.root / "honest/build", root / "build", symlinks=True)
    shutil.copytree(world.root / "honest/site", root / "site")
    chance = random.Random(f"{seed} {number}")
    attack = Attack(chance, world, root, world.content, style=number // len(POISONS))
    poison(attack)
    ended = _build(world.options(root, attack.content))
    cold = world.cold["honest" if attack.content == world.content else "edited"]
    return {"poison": poison.__name__.strip("_"), **_judged(ended, cold, world, root)}


def _judged(ended: Mapping[str, Any], cold: Any, world: World, root: Path) -> dict[str, Any]:
    """Whether a build ended as a cold one does, was refused, or differs, and in what."""
    differing: list[str] = []
    if "site" in ended:
        site, wanted = ended["site"], cold["site"]
        carried = world.cold["honest"]["site"]
        differing = [
            path
            for path in sorted({*site, *wanted})
            if site.get(path) != wanted.get(path)
            and not (path not in wanted and site[path] == carried.get(path))
        ]
        differing += ["its findings"] if ended["problems"] != cold["problems"] else []
    differing += ["it crashed"] if "crashed" in ended else []
    differing += ["a program ran"] if (root / RAN).exists() else []
    refused = str(ended.get("refused", ""))
    return {"refused": refused, "differing": differing[:9], "count": len(differing)}


def outcomes(
    content: Path, as_of: date, numbers: Iterable[int], seed: int, told: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """Each poison with what it did, tried by the program that this process has loaded.

    Each in a process of its own: what one run learns no other may know.
    """
    root = Path(tempfile.mkdtemp(prefix="poison-"))
    try:
        world = prepared(root, content, as_of)
        for number in numbers:
            outcome = _apart(world, number, seed)
            told(f"{number} {outcome}")
            yield outcome
            shutil.rmtree(root / f"poisoned-{number}", onerror=_opened)
    finally:
        remove_tree(root)


def _opened(_: object, path: str, __: object) -> None:
    remove_tree(Path(path).parent) if Path(path).parent.exists() else None


def _apart(world: World, number: int, seed: int) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        status = 1
        try:
            with os.fdopen(writer, "w") as pipe:
                json.dump(tried(world, number, seed), pipe)
            status = 0
        except BaseException:  # noqa: BLE001 -- the process ends here
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    failed = {"poison": POISONS[number % len(POISONS)].__name__.strip("_"), "failed": True}
    return json.loads(said) if said else failed


def main() -> None:
    """Tries all poisons, on the older program too where there is one; 1 where one passed."""
    chosen = _arguments()
    numbers = range(chosen.first, chosen.first + chosen.count)
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731
    ours = list(outcomes(chosen.content, chosen.as_of, numbers, chosen.seed, say))
    if chosen.outcomes:
        chosen.outcomes.write_text(json.dumps(ours))
        return
    theirs: list[Any] = _older(chosen) if chosen.old else [None] * len(ours)
    rows: list[dict[str, Any]] = [
        {"number": number, "ours": one, "older": other}
        for number, one, other in zip(numbers, ours, theirs, strict=True)
    ]
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    passed = [row for row in rows if not harmless(row["ours"])]
    idle = [row for row in rows if row["older"] is not None and not effective(row["older"])]
    held = Counter("refused" if one.get("refused") else "as a cold build" for one in ours)
    print(f"{len(rows)} poisons: {dict(held)}; passed: {len(passed)}")
    if chosen.old:
        print(f"on the older program with an effect: {len(rows) - len(idle)}")
    for row in (*passed, *idle):
        print(json.dumps(row, ensure_ascii=False))
    sys.exit(bool(passed or idle))


def harmless(outcome: Mapping[str, Any]) -> bool:
    """Whether a poison came to nothing: a site as of a cold build, or a folder refused."""
    if outcome.get("failed") or outcome["count"]:
        return False
    may_refuse = {poison.__name__.strip("_") for poison in REFUSED}
    return not outcome["refused"] or outcome["poison"] in may_refuse


def effective(outcome: Mapping[str, Any]) -> bool:
    """Whether a poison did something to a program: or a folder of others was taken."""
    if outcome["poison"] in {poison.__name__.strip("_") for poison in REFUSED}:
        return not outcome.get("refused")
    return not outcome.get("failed") and bool(outcome["count"])


def _older(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    """The same poisons tried by the program of another clone."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "outcomes.json"
        command = [sys.executable, __file__, "--content", chosen.content, "--outcomes", told]
        command += ["--count", chosen.count, "--first", chosen.first, "--seed", chosen.seed]
        command += ["--as-of", chosen.as_of.isoformat()]
        paths = {**os.environ, "PYTHONPATH": str(chosen.old.resolve())}
        subprocess.run(list(map(str, command)), check=True, env=paths)
        held: list[dict[str, Any]] = json.loads(told.read_text())
        return held


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--content", type=Path, default=PROJECT / "tests/sites/full")
    parser.add_argument("--as-of", type=date.fromisoformat, default=AS_OF)
    parser.add_argument("--count", type=int, default=300, help="poisons to try")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--old", type=Path, help="a clone of the older program")
    parser.add_argument("--json", type=Path, help="a file for what each poison did")
    parser.add_argument("--outcomes", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""A row of the cache counts with the user's own digest alone, whatever stands in the file."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sample_sites import SITES, options

from generator.build.bundles.record_storage import Alike, LatePart, read_records, split
from generator.build.cache.serialize import Form
from generator.build.cache.store import CacheDamaged, open_cache, peeked
from generator.build.examine import gather
from generator.commands._starter_site import sample_folders
from generator.content.field_types import Text
from generator.content.model import Origin
from generator.content.record import Record, described, group
from generator.output.plugins import all_kinds
from generator.release.secret_key import mac

KEY, OTHER = b"the user's key", b"somebody else's"


def _put(work: Path, key: bytes = KEY) -> None:
    """A cache of one row."""
    with closing(open_cache(work, key)) as cache:
        cache.put("section", "name", b"made of", b"content")
        cache.commit()


def _got(work: Path, key: bytes = KEY) -> bytes | None:
    with closing(open_cache(work, key)) as cache:
        return cache.get("section", "name", b"made of")


@pytest.fixture
def base(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of such a cache, as anybody can open it."""
    _put(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.sqlite", isolation_level=None)) as held:
        yield held


def _unkeyed(content: bytes) -> bytes:
    return hashlib.blake2b(b"section\0name\0made of" + content, digest_size=16).digest()


FORGED = (b"name", b"made of", b"false")


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        (b"false", None),
        (b"false", _unkeyed(b"false")),
        (b"false", mac(OTHER, b"section", *FORGED)),
        (b"false", mac(KEY, b"another section", *FORGED)),
        (b"false", b""),
        ("false", ""),
        (1, 1),
        (None, None),
    ],
)
def test_a_row_without_the_users_digest_is_absent(
    content: object, digest: object, base: sqlite3.Connection, tmp_path: Path
) -> None:
    """It may be of any type; it is put anew like any other."""
    base.execute("UPDATE held SET content = ?, digest = coalesce(?, digest)", (content, digest))
    assert _got(tmp_path) is None
    _put(tmp_path)
    assert _got(tmp_path) == b"content"


@pytest.mark.parametrize("column", ["section", "name", "key"])
def test_a_genuine_row_counts_in_its_own_place_alone(
    column: str, base: sqlite3.Connection, tmp_path: Path
) -> None:
    """Under another name, or of something else, it is none."""
    base.execute(f"UPDATE held SET {column} = ?", (b"other" if column == "key" else "other",))
    with closing(open_cache(tmp_path, KEY)) as cache:
        places = (("other", "name", b"made of"), ("section", "other", b"made of"))
        assert [cache.get(*place) for place in (*places, ("section", "name", b"other"))] == [
            None
        ] * 3


def test_a_cache_of_another_key_is_no_cache(tmp_path: Path) -> None:
    """Its own rows still count for whoever has the key."""
    _put(tmp_path, OTHER)
    assert _got(tmp_path) is None
    assert _got(tmp_path, OTHER) == b"content"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t AFTER INSERT ON held BEGIN DELETE FROM held; END",
        "CREATE TABLE more (word TEXT)",
        "CREATE INDEX i ON held (key)",
        "PRAGMA user_version = 2",
    ],
)
def test_a_database_that_does_more_is_begun_anew(
    sql: str, base: sqlite3.Connection, tmp_path: Path
) -> None:
    """A trigger or a view would act in the place of the one table."""
    base.execute(sql)
    assert _got(tmp_path) is None
    _put(tmp_path)
    assert _got(tmp_path) == b"content"


def test_a_view_in_the_place_of_the_table_is_never_asked(
    base: sqlite3.Connection, tmp_path: Path
) -> None:
    """One that counts for ever would hold up every build."""
    base.execute("DROP TABLE held")
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"
    base.execute(
        f"CREATE VIEW held AS {endless} '' section, x name, x key, x digest, x content FROM n"
    )
    assert _got(tmp_path) is None


def test_a_journal_deletes_nothing(tmp_path: Path) -> None:
    """SQLite removes the file that a journal names as its superior; the cache leaves none."""
    _put(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cache.sqlite")) as held:
        held.execute("PRAGMA journal_mode = DELETE")
    (tmp_path / "precious").write_text("precious", "utf-8")
    _journal(tmp_path / "cache.sqlite-journal", tmp_path / "precious")
    assert _got(tmp_path) is None
    assert (tmp_path / "precious").read_text("utf-8") == "precious"
    assert not (tmp_path / "cache.sqlite-journal").exists()


def _journal(path: Path, superior: Path) -> None:
    """A hot rollback journal of no pages, as https://www.sqlite.org/fileformat2.html has it."""
    page = (1).to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    size = (path.with_name("cache.sqlite").stat().st_size // 16384).to_bytes(4, "big")
    head = magic + bytes(4) + page + size + (512).to_bytes(4, "big") + (16384).to_bytes(4, "big")
    name = str(superior).encode()
    told = len(name).to_bytes(4, "big") + (sum(name) % 2**32).to_bytes(4, "big")
    lock_page = (2**30 // 16384 + 1).to_bytes(4, "big")
    path.write_bytes(head.ljust(512, b"\0") + lock_page + name + told + magic)


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_what_has_another_name_is_not_written_to(end: str, tmp_path: Path) -> None:
    """A file of somebody's that stands there by a second name keeps its bytes."""
    _put(tmp_path)
    path = tmp_path / f"cache.sqlite{end}"
    path.unlink(missing_ok=True)
    (tmp_path / "precious").write_bytes(b"precious" * 5000)
    os.link(tmp_path / "precious", path)
    with closing(peeked(tmp_path, KEY)) as cache:
        assert cache.get("section", "name", b"made of") is None
    _put(tmp_path)
    assert (tmp_path / "precious").read_bytes() == b"precious" * 5000
    assert _got(tmp_path) == b"content"


def test_bytes_are_read_back_as_the_type_expected() -> None:
    """Anything else is damage, whatever it is."""
    form: Form[dict[str, date]] = Form(dict[str, date])
    value = {"a": date(2016, 1, 4)}
    assert form.unpacked(form.packed(value)) == value
    for content in (b"", b"\x80\x04N.", b"\x81\xa1a\xa1b", Form[object](object).packed({"a": 1})):
        with pytest.raises(CacheDamaged):
            form.unpacked(content)


def test_every_record_comes_back_as_it_was(tmp_path: Path) -> None:
    """With its texts and the place of each field, for every kind and every field."""
    site = gather(options(SITES / "full", tmp_path)).site
    assert site is not None
    types = {kind.name: kind.record_type for kind in all_kinds()}
    folders: dict[str, list[Record]] = {}
    for record in site.archive:
        folders.setdefault(record.folder, []).append(record)
    # a kind that lies in its folder alone brings its sample there
    elsewhere = {kind.name for kinds in sample_folders(all_kinds()).values() for kind in kinds}
    seen = {record.kind for record in site.archive}
    assert len(seen) > 6
    assert types.keys() - seen <= elsewhere
    for held in folders.values():
        early, late = split(held)
        part = LatePart(late)
        again = tuple(read_records(early, types, part.of, Alike()))
        for before, after in zip(held, again, strict=True):
            for spec in dataclasses.fields(before):
                if spec.name not in ("places", "_texts"):
                    assert getattr(after, spec.name) == getattr(before, spec.name)
            assert dict(after.places) == dict(before.places)


@group
class Liar(Record):
    """A record whose annotation says another type than its field's."""

    title: date = described(Text(), "標題")


def test_a_field_that_is_annotated_wrongly_is_found_when_it_is_kept() -> None:
    """Never is a value of a kind from elsewhere changed without a word."""
    liar: Any = Liar
    record = liar(kind="liars", id="a", origin=Origin(path="liars/a.yaml"), title="鐘")
    with pytest.raises(TypeError, match="Liar, as annotated"):
        split((record,))


def test_records_of_a_kind_that_there_is_not_are_damage(tmp_path: Path) -> None:
    """A name in the bytes picks one of the kinds at hand, and nothing else."""
    site = gather(options(SITES / "minimal", tmp_path)).site
    assert site is not None
    early, late = split(tuple(site.archive)[:1])
    with pytest.raises(CacheDamaged, match="no kind"):
        list(read_records(early, {}, LatePart(late).of, Alike()))

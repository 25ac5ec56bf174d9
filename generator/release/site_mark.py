"""The mark of a folder that shows a release: `.gongbao` at its top, which is part of no site.

The mark, not the folder's name or the work folder, says which release a folder has, what it was
made from, which names at its top are the program's, and which content a rollback keeps away.  It
stays where the work folder is removed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.release.disk import FILE_MODE, put

MARK, WAITING = ".gongbao", ".gongbao.files"
_TEXT = "# Made by gongbao; names that it did not put at the top of this folder stay.\n"
RELEASE_NAME = re.compile(r"[0-9a-f]{16}")
"""The name of a release; any other could lead out of a folder."""


class SiteMark(Struct, frozen=True, kw_only=True):
    """The mark of a folder: its release; `towards` is the next one during a change in place.

    `content` is a digest of content, ledger and program, `held` those that a rollback took back.
    `own` are the program's names at the top, and whole addresses of those that begin with a dot;
    it is None in a mark of an older version, whose folder had no other name without a dot.
    `in_place` keeps the chosen way to publish.
    """

    release: str = ""
    towards: str = ""
    content: str = ""
    held: tuple[str, ...] = ()
    own: tuple[str, ...] | None = None
    in_place: bool = False


def read_mark(folder: Path) -> SiteMark | None:
    """The mark of a folder; None if the folder is not the program's."""
    if folder.is_symlink() or not (folder / MARK).is_file():
        return None
    text = (folder / MARK).read_text("utf-8", errors="surrogateescape")
    if not text.startswith(_TEXT):  # another program's file of the same name
        return None
    rows = [line.partition(" ")[::2] for line in text.splitlines()]
    fields = dict(rows)
    own = tuple(value for word, value in rows if word == "own")
    return SiteMark(
        release=_name(fields.get("release", "")),
        towards=_name(fields.get("towards", "")),
        content=fields.get("content", ""),
        held=tuple(value for word, value in rows if word == "held"),
        own=own or None,
        in_place="in-place" in fields,
    )


def _name(text: str) -> str:
    return text if RELEASE_NAME.fullmatch(text) else ""


def write_mark(folder: Path, mark: SiteMark) -> None:
    """Marks a folder as the program's own, atomically and durably."""
    rows = [("release", mark.release), ("towards", mark.towards), ("content", mark.content)]
    rows += [("held", value) for value in mark.held]
    rows += [("in-place", "")] if mark.in_place else []
    rows += [("own", name) for name in mark.own or ()]
    text = _TEXT + "".join(f"{word} {value}\n" for word, value in rows)
    put(folder / MARK, text.encode("utf-8", "surrogateescape"), FILE_MODE)


def own_names(addresses: Iterable[str]) -> tuple[str, ...]:
    """What a mark lists as `own` of a site with these files."""
    names = {a if a.startswith(".") else a.partition("/")[0] for a in addresses}
    return tuple(sorted(names))


def foreign_names(folder: Path, mark: SiteMark, coming: Iterable[str] = ()) -> tuple[str, ...]:
    """The names at the top of a marked folder that are not the program's.

    A folder that begins with a dot may have files of both, or get them from a release that has
    `coming` as its own names; then others' files and folders in it are listed one by one.
    """
    own = frozenset(mark.own or ())
    shared = {name.partition("/")[0] for name in (*own, *coming) if name.startswith(".")}
    above = {path.as_posix() for a in (*own, *coming) for path in PurePosixPath(a).parents}
    names: list[str] = []
    for name in sorted(path.name for path in folder.iterdir()):
        if name in (MARK, WAITING, f"{MARK}.new"):
            continue
        if name in shared and (folder / name).is_dir() and not (folder / name).is_symlink():
            names += _foreign_below(folder, name, own, above)
        elif name not in own and (mark.own is not None or name.startswith(".")):
            names.append(name)
    return tuple(sorted(names))


def _foreign_below(
    folder: Path, name: str, own: Container[str], above: Container[str]
) -> Iterator[str]:
    """The addresses in a shared folder that are others', but none in a folder of others."""
    for path in (folder / name).iterdir():
        address = path.relative_to(folder).as_posix()
        if address in above and path.is_dir() and not path.is_symlink():
            yield from _foreign_below(folder, address, own, above)
        elif address not in own:
            yield address


def is_adoptable(folder: Path) -> bool:
    """Whether a folder may become a site: it is the program's already, or empty."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    if read_mark(folder) is not None:
        return True
    return all(path.name in (WAITING, f"{MARK}.new") for path in folder.iterdir())

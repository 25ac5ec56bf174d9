"""The signed text of a release: whose site, what it was made from, its day, its lists of files.

It is a signed note (c2sp.org/signed-note) of its own kind.  Its second line is a word where a
checkpoint has a number, so that neither can pass for the other.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from generator.ledger.signed_note import Note, read_note
from generator.text.public_key import NoteFault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TEXT = re.compile(
    r"(?P<origin>[^\s+]+)\nrelease\ncontent (?P<content>[0-9a-f]{64})\n"
    r"date (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\n"
    r"files (?P<files>[0-9a-f]{64})\ncarried (?P<carried>[0-9a-f]{64})\n"
)


class ReleaseNote(Struct, frozen=True, kw_only=True):
    """A parsed note.

    `content` is a digest of content, ledger and program, `files` that of the index of the root
    list, `carried` that of the list of files from earlier releases; all are SHA-256 in hex.
    """

    origin: str
    content: str
    day: date
    files: str
    carried: str
    note: Note

    @property
    def bytes(self) -> bytes:
        """The bytes of its file."""
        return str(self.note).encode()

    def signed(self, name: str, key: Ed25519PrivateKey) -> ReleaseNote:
        """The same note with one more signature."""
        return structs.replace(self, note=self.note.with_signature(name, key))


def new_release_note(
    *, origin: str, content: str, day: date, files: str, carried: str
) -> ReleaseNote:
    """A release's note without signatures."""
    text = (
        f"{origin}\nrelease\ncontent {content}\ndate {day.isoformat()}\n"
        f"files {files}\ncarried {carried}\n"
    )
    return release_note_of(Note(text))


def read_release_note(content: bytes) -> ReleaseNote:
    """A release's note from its file's bytes; raises `NoteFault`."""
    return release_note_of(read_note(content))


def release_note_of(note: Note) -> ReleaseNote:
    """The release that a note tells of; raises `NoteFault`."""
    match = _TEXT.fullmatch(note.text)
    if match is None:
        raise NoteFault("not the note of a release")
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        raise NoteFault("not a day") from None
    return ReleaseNote(
        origin=match["origin"],
        content=match["content"],
        day=day,
        files=match["files"],
        carried=match["carried"],
        note=note,
    )

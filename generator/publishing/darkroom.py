"""Smaller sizes of pictures, made once: kept in the work folder by what they are made from.

A volume that is made again takes them from here.  A file that is not what it says of itself is
made anew; so is everything once another Pillow or this program's way with pictures makes them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from generator.formats.sizes import made_with, scaled
from generator.model import Scaling
from generator.reading.files import offered

FOLDER = "pictures"
_DIGEST = 32
"""Bytes of the digest that a kept file begins with."""


class Darkroom(Struct, frozen=True):
    """The sizes that a work folder keeps, and the content whose pictures they are of."""

    work: Path
    content: Path

    def developed(self, scaling: Scaling) -> bytes:
        """A picture in another size."""
        kept = self.work / FOLDER / name_of(scaling)
        with suppress(FileNotFoundError):
            digest, content = (held := kept.read_bytes())[:_DIGEST], held[_DIGEST:]
            if hashlib.sha256(content).digest() == digest:
                return content
        made = developed(scaling, self.content)
        _keep(kept, hashlib.sha256(made).digest() + made)
        return made

    def keep_only(self, names: Container[str]) -> None:
        """Forgets every size that is not named."""
        folder = self.work / FOLDER
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in names:
                path.unlink()


def name_of(scaling: Scaling) -> str:
    """What a size is kept under: all that its bytes depend on."""
    words = f"{scaling.digest} {scaling.width} {made_with()}"
    return hashlib.sha256(words.encode()).hexdigest()


def developed(scaling: Scaling, content: Path) -> bytes:
    """The same, made anew."""
    return scaled(b"".join(offered(content, scaling.source)), scaling.width)


def _keep(path: Path, content: bytes) -> None:
    """Puts a file in its place at one stroke: another process may be making the same one."""
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)

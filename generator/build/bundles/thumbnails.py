"""Keeps thumbnails in the work folder, so that a bundle that is made again need not scale them.

A file's name covers everything that its bytes depend on, Pillow and the scaling code included.
A file begins with a digest that only the user's own key can make; one without it is made again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path

from msgspec import Struct

from generator.content.files import offered
from generator.content.image_sizes import made_with, scaled
from generator.content.model import Scaling
from generator.release.disk import fresh_file
from generator.release.secret_key import mac

FOLDER = "pictures"
_DIGEST = 32
"""Bytes of the digest at the start of a file."""


class Thumbnails(Struct, frozen=True):
    """The thumbnails in a work folder, and the content folder with their pictures."""

    work: Path
    content: Path
    secret: bytes

    def thumbnail(self, scaling: Scaling) -> bytes:
        """A picture in another size, from the work folder if it is there."""
        file = self.work / FOLDER / name_of(scaling)
        with suppress(FileNotFoundError):
            digest, content = (signed := file.read_bytes())[:_DIGEST], signed[_DIGEST:]
            if compare_digest(self._digest(file.name, content), digest):
                return content
        content = new_thumbnail(scaling, self.content)
        _put(file, self._digest(file.name, content) + content)
        return content

    def _digest(self, name: str, content: bytes) -> bytes:
        return mac(self.secret, FOLDER.encode(), name.encode(), content)

    def keep_only(self, names: Container[str]) -> None:
        """Removes all thumbnails but these."""
        folder = self.work / FOLDER
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in names:
                path.unlink()


def name_of(scaling: Scaling) -> str:
    """The name of a thumbnail's file: a digest of everything that its bytes depend on."""
    words = f"{scaling.digest} {scaling.width} {made_with()}"
    return hashlib.sha256(words.encode()).hexdigest()


def new_thumbnail(scaling: Scaling, content: Path) -> bytes:
    """A picture in another size, made now."""
    return scaled(b"".join(offered(content, scaling.source)), scaling.width)


def _put(path: Path, content: bytes) -> None:
    """Writes a file atomically, as another process may be writing the same one."""
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh_file(fresh) as file:
        file.write(content)
    fresh.replace(path)

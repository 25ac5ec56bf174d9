"""Smaller sizes of pictures, made once: kept in the work folder by what they are made from.

A bundle that is made again takes them from here.  A file begins with a digest that only the
user's own key can make; one without it is made anew, and so is everything once another Pillow or
this program's way with pictures makes them.
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
"""Bytes of the digest that a kept file begins with."""


class Thumbnails(Struct, frozen=True):
    """The sizes that a work folder keeps, and the content whose pictures they are of."""

    work: Path
    content: Path
    secret: bytes

    def developed(self, scaling: Scaling) -> bytes:
        """A picture in another size."""
        kept = self.work / FOLDER / name_of(scaling)
        with suppress(FileNotFoundError):
            digest, content = (held := kept.read_bytes())[:_DIGEST], held[_DIGEST:]
            if compare_digest(self._digest(kept.name, content), digest):
                return content
        made = developed(scaling, self.content)
        _keep(kept, self._digest(kept.name, made) + made)
        return made

    def _digest(self, name: str, content: bytes) -> bytes:
        return mac(self.secret, FOLDER.encode(), name.encode(), content)

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
    with fresh_file(fresh) as file:
        file.write(content)
    fresh.replace(path)

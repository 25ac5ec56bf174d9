"""Templates: where they lie, how they are compiled, what may be asked while they are.

Nothing here knows what a template is filled with.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    pass_context,
)
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.runtime import Context

from generator import PROGRAM
from generator.output.fingerprint import worker_key

_CODE = "__pycache__"


def package_templates(program: Path = PROGRAM) -> BaseLoader:
    """The program's own templates: those that kinds share, then those of each kind's folder.

    Raises `ValueError` for two templates of one name: the second would never be seen.
    """
    folders = (program / "output/templates", *sorted(program.glob("kinds/*/templates")))
    found: dict[str, Path] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.html"))):
        if path.name in found:
            raise ValueError(f"two templates of one name: {found[path.name]} and {path}")
        found[path.name] = path
    return FileSystemLoader(folders)


def templates_key(loader: BaseLoader) -> bytes:
    """A digest of the templates; of ones that cannot be listed, a key that no other run has."""
    environment, digest = Environment(), hashlib.sha256()  # noqa: S701 -- only reads sources
    try:
        names = loader.list_templates()
    except TypeError:
        return str(id(loader)).encode()
    for name in (name for name in names if _CODE not in name.split("/")):
        source = loader.get_source(environment, name)[0]
        digest.update(f"{name}\0{source}\0".encode())
    return digest.digest()


class Compiled(BytecodeCache):
    """Templates compiled before, by their sources: by this process, or by an earlier one.

    Code from an earlier one stands where Python puts the code of modules, and is trusted as that
    is: beside its source, never in a work folder.  It is that of this very program: what a filter
    gives for a constant is part of it.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType | None] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A template's name, and its file where it has one."""
        return f"{name}\0{filename or ''}"

    def get_source_checksum(self, source: str) -> str:
        """Of all that a template's code depends on."""
        return hashlib.sha256(worker_key() + source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Sets the code of a template that was compiled before."""
        bucket.code = self._held.get((bucket.key, bucket.checksum))
        file = _code_file(bucket)
        if bucket.code is None and file:
            with suppress(OSError), file.open("rb") as held:
                bucket.load_bytecode(held)
            self._held[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template; where its folder may not be written, for this process."""
        self._held[bucket.key, bucket.checksum] = bucket.code
        file = _code_file(bucket)
        if file and not sys.dont_write_bytecode:
            fresh = file.with_name(f"{file.name}.{os.getpid()}")
            with suppress(OSError):
                file.parent.mkdir(exist_ok=True)
                fresh.write_bytes(bucket.bytecode_to_string())
                fresh.replace(file)


def _code_file(bucket: Bucket) -> Path | None:
    """Where the code of a template from a file stands."""
    source = bucket.key.partition("\0")[2]
    if not source:
        return None
    path = Path(source)
    return path.parent / _CODE / f"{path.name}.{sys.implementation.cache_tag}"


_COMPILED = Compiled()


class _Templates(Environment):
    """Templates that stay as they are: each is looked for once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template of a name; raises `TemplateNotFound`."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        if name not in self._found:
            self._found[name] = super().get_template(name, parent)
        return self._found[name]


def new_environment(loader: BaseLoader, compiled: Compiled = _COMPILED) -> Environment:
    """An environment for HTML: what is not given is an error, what is not marked is escaped."""
    return _Templates(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )


def of_place(ask: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that depends on where a template speaks, and is not asked as that is compiled."""

    @pass_context
    def asked(_: Context, *given: Any) -> Any:
        return ask(*given)

    return asked

"""Finds, compiles and caches templates; knows nothing of the values that they render."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, MutableMapping
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


def package_templates(program: Path = PROGRAM) -> BaseLoader:
    """The program's own templates: the shared ones, then those of each kind's folder.

    Raises `ValueError` for two templates with the same name: the second would never be used.
    """
    folders = (program / "output/templates", *sorted(program.glob("kinds/*/templates")))
    paths: dict[str, Path] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.html"))):
        if path.name in paths:
            raise ValueError(f"two templates of one name: {paths[path.name]} and {path}")
        paths[path.name] = path
    return FileSystemLoader(folders)


def templates_key(loader: BaseLoader) -> bytes:
    """A digest of all templates; a key of this run only, if the loader cannot list them."""
    environment, digest = Environment(), hashlib.sha256()  # noqa: S701 -- only reads sources
    try:
        names = loader.list_templates()
    except TypeError:
        return str(id(loader)).encode()
    # a folder may hold other files: an earlier version kept bytecode beside its templates
    for name in (name for name in names if name.endswith(".html")):
        source = loader.get_source(environment, name)[0]
        digest.update(f"{name}\0{source}\0".encode())
    return digest.digest()


class Compiled(BytecodeCache):
    """Shares compiled templates among the environments of a process, one a language.

    No folder is asked for them, since bytecode is code: who has a place that only this user can
    write to may keep what `packed` gives, for the same program.
    """

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Sets the bytecode of a template that was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the bytecode of a template."""
        self._code[bucket.key, bucket.checksum] = bucket.code

    def packed(self) -> bytes:
        """All compiled templates."""
        return marshal.dumps(self._code)

    def unpack(self, content: bytes) -> None:
        """Takes what `packed` gave; the content must be authentic."""
        self._code |= marshal.loads(content)  # noqa: S302 -- see above


COMPILED = Compiled()
"""The compiled templates of this process."""


class _Templates(Environment):
    """An environment whose templates never change: each is looked up once.

    Jinja's own cache asks the loader for every lookup, once for each of thousands of pages.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._templates: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template of a name; raises `TemplateNotFound`."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        if name not in self._templates:
            self._templates[name] = super().get_template(name, parent)
        return self._templates[name]


def new_environment(loader: BaseLoader, compiled: Compiled = COMPILED) -> Environment:
    """An environment for HTML: undefined values are errors, and unmarked text is escaped."""
    return _Templates(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )


def of_place(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose result depends on the page, so that Jinja does not fold it at compile time."""

    @pass_context
    def filter_at_place(_: Context, *arguments: Any) -> Any:
        return function(*arguments)

    return filter_at_place

"""Templates: where they lie, how they are compiled, what may be asked while they are.

Nothing here knows what a template is filled with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.runtime import Context


def package_templates() -> BaseLoader:
    """The program's own templates."""
    return PackageLoader("generator")


def templates_key(loader: BaseLoader) -> bytes:
    """A digest of the templates; of ones that cannot be listed, a key that no other run has."""
    environment, digest = Environment(), hashlib.sha256()  # noqa: S701 -- only reads sources
    try:
        names = loader.list_templates()
    except TypeError:
        return str(id(loader)).encode()
    for name in names:
        source = loader.get_source(environment, name)[0]
        digest.update(f"{name}\0{source}\0".encode())
    return digest.digest()


class _Compiled(BytecodeCache):
    """Templates compiled in this process, by their sources: builds in a row compile none twice."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Sets the code of a template that was compiled before."""
        bucket.code = self._held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template."""
        self._held[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


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


def new_environment(loader: BaseLoader) -> Environment:
    """An environment for HTML: what is not given is an error, what is not marked is escaped."""
    return _Templates(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )


def of_place(ask: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that depends on where a template speaks, and is not asked as that is compiled."""

    @pass_context
    def asked(_: Context, *given: Any) -> Any:
        return ask(*given)

    return asked

"""How a kind reads sealed documents back into the content that they came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.site.intake import Row

UNKNOWN = "gongbao-unknown"
"""Stands in the place of what no sealed record tells, and in addresses as their first step."""


class PageWords(Struct, frozen=True, kw_only=True):
    """What a page says beside its record: words of the whole site by name, fields of its own.

    `beside` are the texts among these that readers see and nobody has sealed.
    """

    site: Mapping[str, str]
    own: Mapping[str, Any]
    beside: tuple[str, ...] = ()


class Unsealing(Struct, frozen=True, kw_only=True):
    """How sealed documents are read back into the content that they came from.

    A row is what a document holds; over one of another shape than the kind's documents `files` and
    `words` raise `KeyError`, `TypeError` or `AttributeError`.
    `address` is where the record of an id stands, None of what is no id; `files` are a record's
    files as an editor would have typed them, with fields from beside the document; `shared` are
    those of all records, `site` what `site.yaml` says of the kind.
    `words` are read off a page.  `joined` matches what other records decide on a page, each with
    what is left of it.
    """

    address: Callable[[str], str | None]
    files: Callable[[Row, Mapping[str, Any]], Mapping[str, Any]]
    shared: Callable[[Sequence[Row], Mapping[str, str]], Mapping[str, Any]]
    site: Callable[[Iterable[Row], Mapping[str, str]], Mapping[str, Any]]
    words: Callable[[Row, str], PageWords]
    joined: tuple[tuple[re.Pattern[str], str], ...] = ()

"""The functions by which a kind turns sealed documents back into content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.site.intake import Row

UNKNOWN = "gongbao-unknown"
"""The placeholder for values that no sealed record has; in addresses, their first segment."""


class PageWords(Struct, frozen=True, kw_only=True):
    """Text of a page beside its record: words of the whole site by name, and fields of its own.

    `beside` are those of these texts that readers see and that are not sealed.
    """

    site: Mapping[str, str]
    own: Mapping[str, Any]
    beside: tuple[str, ...] = ()


class Unsealing(Struct, frozen=True, kw_only=True):
    """Turns sealed documents back into the content from which they were made.

    A row is the content of a document; `files` and `words` raise `KeyError`, `TypeError` or
    `AttributeError` for one of another shape than the kind's documents.
    `address` gives the address of a record's page by its id, None if the text is no id; `files`
    gives a record's files as an editor would have typed them, with fields from outside the
    document; `shared` gives the files of all records, `site` the kind's part of `site.yaml`.
    `words` reads texts off a page.  `joined` are patterns for the parts of a page that depend on
    other records, each with its replacement.
    """

    address: Callable[[str], str | None]
    files: Callable[[Row, Mapping[str, Any]], Mapping[str, Any]]
    shared: Callable[[Sequence[Row], Mapping[str, str]], Mapping[str, Any]]
    site: Callable[[Iterable[Row], Mapping[str, str]], Mapping[str, Any]]
    words: Callable[[Row, str], PageWords]
    joined: tuple[tuple[re.Pattern[str], str], ...] = ()

"""Records the queries to a site, to find later whether an answer changed.

A result depends on the queries made for it, and on nothing else of the site.  It need not be made
again while every query has the same answer.  (A verifying trace: Mokhov, Mitchell, Peyton Jones,
"Build Systems à la Carte", 2018.)

Every use of a public member of `Site` and `Archive` is recorded with its arguments, unless
`UNTRACED` gives a reason why it need not be.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from types import FunctionType
from typing import Any, TypeVar

from msgspec.json import Decoder, encode

from generator.build.cache.plan_keys import plan_key
from generator.content.archive import Archive
from generator.content.model import Ref
from generator.content.record import Record
from generator.site.kind import Site

Query = tuple[str, ...]
"""A member of a site (`phase`, `archive.find`, `files`), then each argument with its type."""
Trace = bytes
"""A line per query, as JSON, with the digest of its answer.

Kept as bytes because a site has tens of thousands of queries.
"""

ARCHIVE = "archive."
"""The prefix of queries to the archive."""
_OF_RECORD = "Depends on the record and the program; the query for the record is recorded."
_OF_KEY = "Depends on the settings and the program, which are part of every key."
_BY_RANK = "Asks `rank` for each record."

UNTRACED: Mapping[str, str] = {
    "settings": "Part of every key.",
    "kinds": "The program, which is part of every key.",
    "views": "The program, which is part of every key.",
    "archive": "A `TracedArchive` takes its place.",
    "addresses": _OF_KEY,
    "crumb": _OF_KEY,
    "topics": _OF_KEY,
    "kind": _OF_RECORD,
    "title": _OF_RECORD,
    "address": _OF_RECORD,
    "title_on": "Asks `archive.find`, then depends on the record.",
    "records": "Asks `archive.of`.",
    "publication_day": _BY_RANK,
    "published": _BY_RANK,
    "updated": _BY_RANK,
    "changes": "Asks `phase` for the days of parts; revisions depend on the record.",
    "newest": _BY_RANK,
    "latest_day": _BY_RANK,
    "sealed_documents": "Emptied at `begin`, so that the queries for them are recorded again.",
    "archive.get": "Asks `archive.find`.",
    "archive.without": "Used before anything is made, to choose the records that a site shows.",
    "archive.with_": "Used before anything is made, like `without`.",
}
"""Members that are not recorded, with the reason."""

_BRIEF: Mapping[str, Callable[..., object]] = {
    # the day alone: the order within a day follows from the records' own fields
    "rank": lambda site, record: site.publication_day(record),
    # making the proof takes longer than making the page
    "seal": lambda site, record: site.seals.answer(str(record.ref)),
}
"""Functions whose result stands for the answer of a query."""
_QUERY: Decoder[Query] = Decoder(Query)
KEPT = 20_000
"""Answers in memory: one to a query for all records takes as long as making a page."""
TracedT = TypeVar("TracedT", bound="TracedArchive | TracedSite")


def members(cls: type) -> Mapping[str, Any]:
    """The public members of a site or an archive: fields, properties, methods, special methods."""
    fields = dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()
    all_members = {**vars(cls), **{field.name: field for field in fields}}
    return {name: member for name, member in all_members.items() if _public(name, member)}


def _public(name: str, member: object) -> bool:
    """Whether a member is public; of special methods those that the class itself defines are."""
    if name.startswith("__"):
        return isinstance(member, FunctionType) and not hasattr(object, name)
    return not name.startswith("_")


def _tracing(cls: type, prefix: str) -> Callable[[type[TracedT]], type[TracedT]]:
    """A decorator: members of the class record their use and pass it to the whole object.

    Methods in `UNTRACED` are inherited; the members that they use record themselves.
    """

    def decorate(traced: type[TracedT]) -> type[TracedT]:
        for name, member in members(cls).items():
            if name in vars(traced):
                continue
            if prefix + name not in UNTRACED:
                method = isinstance(member, FunctionType)
                ask = _method(prefix + name, member) if method else _value(prefix + name, name)
                setattr(traced, name, ask)
            elif isinstance(member, dataclasses.Field):
                setattr(traced, name, property(attrgetter(f"_whole.{name}")))
        return traced

    return decorate


class Recording:
    """The recorded queries, each with its arguments; None while nothing is recorded."""

    queries: set[tuple[Any, ...]] | None = None


def _method(query: str, member: Any) -> Any:
    def ask(self: Any, *args: Any) -> Any:
        queries = self._recording.queries
        if queries is not None:
            # a record by its name: a set of records compares all their fields, long texts too
            words = [("record", *arg.ref) if isinstance(arg, Record) else arg for arg in args]
            queries.add((query, *words))
        return member(self._whole, *args)

    return ask


def _value(query: str, name: str) -> property:
    def ask(self: Any) -> Any:
        value = getattr(self._whole, name)
        if isinstance(value, Mapping):
            return TracedMapping(query, value, self._recording)
        if self._recording.queries is not None:
            self._recording.queries.add((query,))
        return value

    return property(ask)


class TracedMapping(Mapping[str, Any]):
    """A mapping of a site that records each key by itself, as the other values do not count."""

    def __init__(self, query: str, whole: Mapping[str, Any], recording: Recording) -> None:
        self._query, self._whole, self._recording = query, whole, recording

    def __getitem__(self, name: str) -> Any:
        self._record(name)
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        self._record()
        return iter(self._whole)

    def __len__(self) -> int:
        self._record()
        return len(self._whole)

    def _record(self, *args: str) -> None:
        if self._recording.queries is not None:
            self._recording.queries.add((self._query, *args))


@_tracing(Archive, ARCHIVE)
class TracedArchive(Archive):
    """The same archive, which records its queries."""

    def __init__(self, whole: Archive, recording: Recording) -> None:
        self._whole, self._recording = whole, recording


@_tracing(Site, "")
class TracedSite(Site):
    """The same site, which records its queries and those to its archive between `begin` and `rest`.

    Planning needs no recording, as the key of a plan covers its result.
    """

    def __init__(self, whole: Site) -> None:
        self._whole, self._recording = whole, Recording()
        self._archive = TracedArchive(whole.archive, self._recording)

    @property
    def archive(self) -> Archive:
        """All records."""
        return self._archive

    def rest(self) -> None:
        """Stops the recording."""
        self._recording.queries = None

    def begin(self) -> None:
        """Starts a new recording, and forgets values computed from earlier answers."""
        self._recording.queries = set()
        self.sealed_documents.clear()

    @property
    def queries(self) -> tuple[Query, ...]:
        """All queries since `begin`, in order."""
        recorded = self._recording.queries or ()
        queries = [(name, *(w for arg in args for w in _words(arg))) for name, *args in recorded]
        return tuple(sorted(queries))


def _words(arg: Any) -> Query:
    """An argument with its type; a tuple has it already."""
    if isinstance(arg, Ref):
        return ("ref", *arg)
    if isinstance(arg, tuple):
        return arg
    if isinstance(arg, type):
        return ("type", _named(arg))
    if isinstance(arg, date):
        return ("day", arg.isoformat())
    if isinstance(arg, str):
        return ("text", arg)
    if arg is None:
        return ("none",)
    raise TypeError(f"no query can be repeated with {type(arg).__name__}")


def _named(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


class Tracer:
    """Makes and compares traces: it repeats queries to a site and digests the answers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        types = [cls for kind in site.kinds for cls in kind.record_type.__mro__]
        self._types = {_named(cls): cls for cls in types}
        self._member = cache(lambda name: attrgetter(name)(site))
        self._answer = lru_cache(KEPT)(self._answer_digest)

    def trace(self, queries: Iterable[Query]) -> Trace:
        """The queries with the digests of their current answers."""
        lines = ((query, self._answer(query)) for query in map(encode, queries))
        return b"\n".join([b"%b\t%b" % line for line in lines])

    def same(self, trace: Trace) -> bool:
        """Whether every query still has the answer it had."""
        lines = (line.split(b"\t") for line in trace.split(b"\n") if line)
        return all(self._answer(query) == answer for query, answer in lines)

    def _answer_digest(self, query: bytes) -> bytes:
        """The digest of an answer; b"" if a record among the arguments does not exist any more."""
        name, *words = _QUERY.decode(query)
        try:
            args = tuple(self._arguments(iter(words)))
        except LookupError:
            return b""
        member = self._member(name)
        if name in _BRIEF:
            answer = _BRIEF[name](self._site, *args)
        elif callable(member):
            answer = member(*args)
        else:
            answer = member.get(*args) if args else member
        return _digest(answer).encode()

    def _arguments(self, words: Iterator[str]) -> Iterator[Any]:
        """The arguments of a query; raises `LookupError` if one does not exist any more."""
        for sort in words:
            if sort in ("ref", "record"):
                ref = Ref(next(words), next(words))
                yield ref if sort == "ref" else self._record(ref)
            elif sort == "type":
                yield self._types[next(words)]
            elif sort == "day":
                yield date.fromisoformat(next(words))
            else:
                yield next(words) if sort == "text" else None

    def _record(self, ref: Ref) -> Record:
        record = self._site.archive.find(ref)
        if record is None:
            raise LookupError(ref)
        return record


def _digest(answer: Any) -> str:
    if isinstance(answer, Record):
        return answer.digest
    if not answer or isinstance(answer, (int, date)):  # most are: no longer than a digest
        return repr(answer)
    return plan_key(tuple(answer) if isinstance(answer, Iterator) else answer).hex()

"""A site that notes what it is asked, so that an answer that changed is noticed.

What is made from records depends on the queries asked while it was made, and on nothing else of
the site.  As long as every query has the same answer it need not be made again.  (A verifying
trace: Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte", 2018.)

Every public member of `Site` and `Archive` is noted with its arguments when it is asked, unless
`UNTRACED` gives the reason why it need not be.
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
"""A member of a site (`phase`, `archive.find`, `files`), then each argument after its sort."""
Trace = bytes
"""A line for each query, as JSON, with the digest of its answer: a site has tens of thousands."""

ARCHIVE = "archive."
"""What members of the archive are named after."""
_OF_RECORD = "Of the record and the program: whoever has a record has asked for it."
_OF_KEY = "Of the settings and the program, which are part of every key."
_BY_RANK = "Asks `rank` for each record."

UNTRACED: Mapping[str, str] = {
    "settings": "Part of every key.",
    "kinds": "The program, which is part of every key.",
    "views": "The program, which is part of every key.",
    "archive": "An archive that notes what it is asked stands in its place.",
    "addresses": _OF_KEY,
    "crumb": _OF_KEY,
    "kind": _OF_RECORD,
    "title": _OF_RECORD,
    "address": _OF_RECORD,
    "title_on": "Asks `archive.find`, then of the record.",
    "records": "Asks `archive.of`.",
    "known": _BY_RANK,
    "published": _BY_RANK,
    "updated": _BY_RANK,
    "newest": _BY_RANK,
    "latest_day": _BY_RANK,
    "made": "Emptied when notes begin, so that what it holds was asked for since.",
    "archive.get": "Asks `archive.find`.",
    "archive.without": "What a site shows is chosen before anything is made of it.",
}
"""Members that are not noted, with the reason."""

_BRIEF: Mapping[str, Callable[..., object]] = {
    # places are compared alone: how two records are ordered their own fields tell
    "rank": lambda site, record: site.known(record),
    # to make the proof takes longer than to make the page
    "seal": lambda site, record: site.seals.answer(str(record.ref)),
}
"""What counts in place of the answer itself."""
_QUERY: Decoder[Query] = Decoder(Query)
KEPT = 20_000
"""Answers that are remembered: that of a query for all records takes as long as a page."""
TracedT = TypeVar("TracedT", bound="TracedArchive | TracedSite")


def members(cls: type) -> Mapping[str, Any]:
    """What others may ask of a site or an archive: fields, properties, methods, Python's own."""
    fields = dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ()
    named = {**vars(cls), **{field.name: field for field in fields}}
    return {name: member for name, member in named.items() if _public(name, member)}


def _public(name: str, member: object) -> bool:
    """Whether it is for others, or for what Python's syntax asks of it alone (`for`, `in`)."""
    if name.startswith("__"):
        return isinstance(member, FunctionType) and not hasattr(object, name)
    return not name.startswith("_")


def _noting(cls: type, prefix: str) -> Callable[[type[TracedT]], type[TracedT]]:
    """Has a class note what it is asked, and pass it on to an object of the class above it.

    Methods that are not noted stay as they are inherited, and ask other members in their turn.
    """

    def passing_on(traced: type[TracedT]) -> type[TracedT]:
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

    return passing_on


class Notes:
    """The queries that are noted, each with its arguments; None where none is."""

    taken: set[tuple[Any, ...]] | None = None


def _method(query: str, member: Any) -> Any:
    def ask(self: Any, *given: Any) -> Any:
        taken = self._notes.taken
        if taken is not None:
            # a record by its name: a set of records compares all their fields, long texts too
            args = [("record", *arg.ref) if isinstance(arg, Record) else arg for arg in given]
            taken.add((query, *args))
        return member(self._whole, *given)

    return ask


def _value(query: str, name: str) -> property:
    def ask(self: Any) -> Any:
        value = getattr(self._whole, name)
        if isinstance(value, Mapping):
            return TracedMapping(query, value, self._notes)
        if self._notes.taken is not None:
            self._notes.taken.add((query,))
        return value

    return property(ask)


class TracedMapping(Mapping[str, Any]):
    """A field of a site that is asked for one of its values: the others do not count."""

    def __init__(self, query: str, whole: Mapping[str, Any], notes: Notes) -> None:
        self._query, self._whole, self._notes = query, whole, notes

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        self._note()
        return iter(self._whole)

    def __len__(self) -> int:
        self._note()
        return len(self._whole)

    def _note(self, *args: str) -> None:
        if self._notes.taken is not None:
            self._notes.taken.add((self._query, *args))


@_noting(Archive, ARCHIVE)
class TracedArchive(Archive):
    """The same archive, which notes what it is asked."""

    def __init__(self, whole: Archive, notes: Notes) -> None:
        self._whole, self._notes = whole, notes


@_noting(Site, "")
class TracedSite(Site):
    """The same site, which notes what it and its archive are asked.

    Nothing is noted before it begins, nor while it rests: of a plan that is made its key tells.
    """

    def __init__(self, whole: Site) -> None:
        self._whole, self._notes = whole, Notes()
        self._archive = TracedArchive(whole.archive, self._notes)

    @property
    def archive(self) -> Archive:
        """All records."""
        return self._archive

    def rest(self) -> None:
        """Notes nothing until it begins."""
        self._notes.taken = None

    def begin(self) -> None:
        """Forgets what was asked, and what was made of the answers."""
        self._notes.taken = set()
        self.made.clear()

    @property
    def queries(self) -> tuple[Query, ...]:
        """Everything asked since it began, in order."""
        return tuple(sorted(map(_worded, self._notes.taken or ())))


def _worded(noted: tuple[Any, ...]) -> Query:
    query, *args = noted
    return (query, *(word for arg in args for word in _words(arg)))


def _words(arg: Any) -> Query:
    """An argument after its sort; that of a record was noted with it."""
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
    raise TypeError(f"no site can be asked again with {type(arg).__name__}")


def _named(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


class Tracer:
    """The digests of a site's answers."""

    def __init__(self, site: Site) -> None:
        self._site = site
        found = [cls for kind in site.kinds for cls in kind.record_type.__mro__]
        self._types = {_named(cls): cls for cls in found}
        self._asked = cache(lambda name: attrgetter(name)(site))
        self._answer = lru_cache(KEPT)(self._answered)

    def trace(self, queries: Iterable[Query]) -> Trace:
        """Queries with the answers that they have now."""
        lines = ((held, self._answer(held)) for held in map(encode, queries))
        return b"\n".join([b"%b\t%b" % line for line in lines])

    def same(self, trace: Trace) -> bool:
        """Whether every query still has the answer it had."""
        lines = (line.split(b"\t") for line in trace.split(b"\n") if line)
        return all(self._answer(query) == answer for query, answer in lines)

    def _answered(self, query: bytes) -> bytes:
        """The digest of an answer; nothing where a record that was asked about is gone."""
        name, *words = _QUERY.decode(query)
        try:
            args = tuple(self._arguments(iter(words)))
        except LookupError:
            return b""
        asked = self._asked(name)
        if name in _BRIEF:
            answer = _BRIEF[name](self._site, *args)
        elif callable(asked):
            answer = asked(*args)
        else:
            answer = asked.get(*args) if args else asked
        return _digest(answer).encode()

    def _arguments(self, words: Iterator[str]) -> Iterator[Any]:
        """The arguments of a query; raises `LookupError` for what there is not any more."""
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
    if not answer or isinstance(answer, (int, date)):  # most are: they are short themselves
        return repr(answer)
    return plan_key(tuple(answer) if isinstance(answer, Iterator) else answer).hex()

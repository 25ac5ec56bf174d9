"""The values that stages pass to each other: places, problems, YAML nodes and plans.

All are frozen: a stage makes new values and never changes those it receives.  Each life stage has
its own class, so that no field is "empty until later".  This module imports nothing else of the
program.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, overload

from msgspec import Struct

ValueT = TypeVar("ValueT")


class Origin(NamedTuple):
    """A place in a content file; every value that is read from the file keeps its own.

    `path` is POSIX and relative to the content folder; `line` counts lines and `column` characters,
    both from 1, and line 0 means the file as a whole; `length` is the number of characters to
    underline.
    If the lines of a text are lines of the file, `text_line` and `text_column` are where the text
    itself begins; they are 0 if it is folded or has escapes.
    It is a named tuple, as are the nodes below: a site has millions, and a frozen dataclass takes
    six times as long to make.
    """

    path: str
    line: int = 0
    column: int = 0
    length: int = 1
    field: str = ""
    text_line: int = 0
    text_column: int = 0

    def within(self, text: str, index: int, length: int = 1) -> Origin:
        """The place of a character of the text at this place; this place itself if unknown."""
        if not self.text_line:
            return self
        starts = _line_starts(text)
        line = bisect_right(starts, index) - 1
        column = index - starts[line] + self.text_column
        return self._replace(line=self.text_line + line, column=column, length=length)


@lru_cache(maxsize=4)  # callers ask for many places of one text in a row
def _line_starts(text: str) -> tuple[int, ...]:
    """The index at which each line of a text begins."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


class Severity(StrEnum):
    """Whether a problem stops publication."""

    ERROR = "error"
    WARNING = "warning"


class Problem(Struct, frozen=True, kw_only=True):
    """A finding of any stage; only `messages/` has its wording.

    `code` is stable (an interface); `detail` selects a more exact wording of the same code;
    `values` fill that wording.
    """

    code: str
    origin: Origin
    detail: str = ""
    severity: Severity = Severity.ERROR
    values: Mapping[str, str] = {}

    @property
    def stops(self) -> bool:
        """Whether the problem stops publication."""
        return self.severity is Severity.ERROR

    @property
    def order(self) -> tuple[str, int, int, str, str, tuple[tuple[str, str], ...]]:
        """Sort key: file, line, column, then everything else, so that no two tie."""
        where = self.origin
        values = tuple(sorted(self.values.items()))
        return (where.path, where.line, where.column, self.code, self.detail, values)


class ScalarNode(NamedTuple):
    """A YAML scalar as the text that was typed; `plain` is false if it was quoted.

    `comment` is the rest of a plain scalar's line from ` #` on, blanks included: YAML drops it,
    and an editor may have meant it as text.
    """

    text: str
    origin: Origin
    plain: bool = True
    comment: str = ""

    @property
    def is_null(self) -> bool:
        """True for nothing, `~` and `null` typed without quotes."""
        return self.plain and self.text in ("", "~", "null")


class SequenceNode(NamedTuple):
    """A YAML list."""

    nodes: tuple[Node, ...]
    origin: Origin


class MappingNode(NamedTuple):
    """A YAML mapping in the order typed; keys are distinct scalars."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    origin: Origin

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None if it is absent."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = ScalarNode | SequenceNode | MappingNode


class RawRecord(Struct, frozen=True, kw_only=True):
    """A YAML tree and the place of each node; knows no meaning."""

    kind: str
    id: str
    root: MappingNode


class Ref(NamedTuple):
    """Names a record of any kind: `Ref("partners", "hachioji")`."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Mapped(Sequence[ValueT], Generic[ValueT]):
    """A sequence of values made from records on access, so that a plan of a long list is small."""

    __slots__ = ("make", "sources")

    def __init__(self, make: Callable[[Any], ValueT], sources: Sequence[Any]) -> None:
        self.make = make
        self.sources = tuple(sources)

    @overload
    def __getitem__(self, place: int) -> ValueT: ...
    @overload
    def __getitem__(self, place: slice) -> Mapped[ValueT]: ...
    def __getitem__(self, place: int | slice) -> ValueT | Mapped[ValueT]:
        if isinstance(place, slice):
            return Mapped(self.make, self.sources[place])
        return self.make(self.sources[place])

    def __iter__(self) -> Iterator[ValueT]:
        return map(self.make, self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def sources_of(values: Sequence[Any]) -> tuple[Any, ...]:
    """The records of a `Mapped` sequence; none for any other."""
    return values.sources if isinstance(values, Mapped) else ()


class Breadcrumb(Struct, frozen=True, kw_only=True):
    """A step on the way from the home page to a page."""

    title: str
    address: str


class Card(NamedTuple):
    """The picture that represents a shared page: a file of the theme, and its alternative texts."""

    name: str
    alt: str
    alt_en: str


PLAIN_CARD = Card(
    "site",
    "「政府公報與報告」與一份文件的圖樣",
    "The words “Government gazette and reports” in Chinese, and a document",
)
"""The picture of pages without one of their own."""


class About(Struct, frozen=True, kw_only=True):
    """Metadata of a page for machines, beside its title, description and breadcrumbs.

    `thing` describes the page's subject in schema.org's terms, without address and context;
    `tags` are names and contents of `<meta>`.  An `article` is a single document, not a list.
    """

    thing: Mapping[str, object] = {}
    tags: tuple[tuple[str, str], ...] = ()
    card: Card = PLAIN_CARD
    article: bool = False


class Beside(StrEnum):
    """The names of the files that the program writes beside the page of a record.

    Editors' files are published in the same folder and may not have these names: a name added
    here is reserved from then on.  Names that contain a record's id are given by its kind.
    """

    PAGE = "index.html"
    RECORD = "record.json"
    PROOF = "proof.txt"
    REDACTION = "redaction.json"
    REDACTION_PROOF = "redaction-proof.txt"
    MANIFEST = "manifest.sha256"
    PRINTED_PAGES = "pages.json"
    PRINT_STYLE = "print.css"
    SIZES = "sizes"


class Page(Struct, frozen=True, kw_only=True):
    """The plan of one page: its address, its template and the template's context.

    `address` ends in `/` and is relative to the site's root; the home page's is "".
    `updated` is the newest date among the page's contents, for the sitemap; None if there is none.
    A `private` page asks search engines not to list it; a `draft` is not published yet.  A
    `paired` page has a counterpart in the other language.
    """

    address: str
    template: str
    title: str
    updated: date | None
    context: Mapping[str, object] = {}
    description: str = ""
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    feeds: tuple[str, ...] = ()
    source: str = ""
    private: bool = False
    draft: bool = False
    paired: bool = False
    about: About = About()

    @property
    def path(self) -> str:
        """The page's Markdown file below the docs folder."""
        return f"{self.address}index.md"

    @property
    def html_path(self) -> str:
        """The page's file in the site."""
        return f"{self.address}{Beside.PAGE}"


class FeedItem(Struct, frozen=True, kw_only=True):
    """One item of a feed: the record's page, and the template of its full text with its context.

    An item that is `title_only`, as one with personal data is, says nothing beside its title.
    """

    guid: str
    address: str
    title: str
    published: date
    updated: date
    template: str
    context: Callable[[], Mapping[str, object]]
    summary: str
    categories: tuple[str, ...] = ()
    title_only: bool = False


class FeedForm(StrEnum):
    """The forms of a feed; the values are the endings of its files."""

    RSS = "xml"
    ATOM = "atom"
    JSON = "json"


class FeedGroup(StrEnum):
    """What a feed is about; the values are keys of the interface's words."""

    KIND = "kind"
    SUBJECT = "subject"
    BODY = "body"


class FeedArchive(Struct, frozen=True, kw_only=True):
    """The items of a feed that were published in a `quarter` that has ended, newest first."""

    quarter: str
    items: Sequence[FeedItem]


class Feed(Struct, frozen=True, kw_only=True):
    """The plan of one feed: the items of its current document, and its archives; newest first.

    Items that were published on `full_from` or later have their full text in the current document.
    """

    name: str
    title: str
    description: str
    page: str
    items: Sequence[FeedItem]
    archives: tuple[FeedArchive, ...] = ()
    full_from: date = date.min
    group: FeedGroup = FeedGroup.KIND
    language: str = "zh-TW"

    @property
    def address(self) -> str:
        """The address of the feed as RSS, which pages link to."""
        return self.current.address(FeedForm.RSS)

    @property
    def current(self) -> FeedDocument:
        """The document to which readers subscribe."""
        before = self.archives[0].quarter if self.archives else ""
        return FeedDocument(feed=self, items=self.items, before=before)

    @property
    def archived(self) -> Iterator[FeedDocument]:
        """The archives as documents, newest first."""
        quarters = [archive.quarter for archive in self.archives]
        for archive, before in zip(self.archives, [*quarters[1:], ""], strict=False):
            yield FeedDocument(
                feed=self, items=archive.items, before=before, quarter=archive.quarter
            )


class FeedDocument(Struct, frozen=True, kw_only=True):
    """A document of a feed: the current one, or the archive of a `quarter`.

    `before` is the quarter of the next older archive, "" if there is none.
    """

    feed: Feed
    items: Sequence[FeedItem]
    before: str
    quarter: str = ""

    def has_text(self, published: date) -> bool:
        """Whether an item of this day has its full text here."""
        return not self.quarter and published >= self.feed.full_from

    def address(self, form: FeedForm) -> str:
        """The document's address in the site."""
        return feed_address(self.feed.name, form, self.quarter)

    def address_before(self, form: FeedForm) -> str:
        """The address of the next older archive, "" if there is none."""
        return feed_address(self.feed.name, form, self.before) if self.before else ""


def feed_address(name: str, form: FeedForm, quarter: str = "") -> str:
    """The address of a feed in the site, or of its archive of a quarter."""
    return f"feeds/archive/{name}/{quarter}.{form}" if quarter else f"feeds/{name}.{form}"


class CalendarEvent(Struct, frozen=True, kw_only=True):
    """An event of a calendar: whole days, or hours of the first day as `HH:MM` in Taiwan.

    `sequence` counts the dated changes of its record, the newest of which is of the day `updated`.
    `concerns` names the records, such as agencies, in whose own calendars it stands.
    """

    uid: str
    title: str
    first: date
    last: date
    address: str
    updated: date
    sequence: int = 0
    cancelled: bool = False
    starts: str = ""
    ends: str = ""
    place: str = ""
    note: str = ""
    concerns: tuple[Ref, ...] = ()


class Calendar(Struct, frozen=True, kw_only=True):
    """The plan of one calendar: its events by day, already cut to its length."""

    name: str
    title: str
    page: str
    events: tuple[CalendarEvent, ...]

    @property
    def address(self) -> str:
        """The address of the calendar in the site."""
        return f"calendars/{self.name}.ics"


class SheetCell(Struct, frozen=True, kw_only=True):
    """A cell of a spreadsheet: text, or a number in ASCII digits with text before and after."""

    text: str = ""
    number: str = ""
    before: str = ""
    after: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """A sheet of a workbook; its first `heads` rows are headers."""

    title: str
    rows: tuple[tuple[SheetCell, ...], ...]
    heads: int = 1


TABLE_FORMATS = ("csv", "json", "ods")
"""The endings of a table's files; the last is that of a workbook."""


class Dataset(Struct, frozen=True, kw_only=True):
    """The plan of one table to download: `address` without ending, columns, rows of text.

    `about` describes the table as a whole, in the JSON beside the rows; `numbers` names the
    columns of numbers.  A table with `sheets` is also published as a workbook.  `issued`
    and `updated` are ISO days, `covers` the first and last day, month or year that it is about.
    """

    address: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[tuple[str, ...]]
    about: Mapping[str, str] = {}
    numbers: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    issued: str = ""
    updated: str = ""
    covers: tuple[str, str] = ("", "")

    @property
    def formats(self) -> tuple[str, ...]:
        """The endings of the table's files."""
        return TABLE_FORMATS if self.sheets else TABLE_FORMATS[:-1]


class Document(Struct, frozen=True, kw_only=True):
    """The plan of a record's machine-readable version: its address, and the function to make it."""

    address: str
    make: Callable[[], bytes]


class LetterEntry(Struct, frozen=True, kw_only=True):
    """A record in a letter: title and page, marks beside the title, lines below it.

    The last line goes first where a letter would be too long.
    """

    title: str
    address: str
    marks: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class LetterPart(Struct, frozen=True, kw_only=True):
    """Entries of a letter under a heading."""

    heading: str
    entries: tuple[LetterEntry, ...]


class Letter(Struct, frozen=True, kw_only=True):
    """The contents of a mail to subscribers: its id, title, day, parts; `address` is the web copy.

    `records` are those that the letter is about: whoever sends it looks whether the site shows
    them as they are.
    """

    id: str
    title: str
    address: str
    day: date
    parts: tuple[LetterPart, ...]
    records: tuple[Ref, ...]


class Artifact(Struct, frozen=True, kw_only=True):
    """Bytes to be written at an address below the docs folder."""

    address: str
    content: bytes


class Copy(Struct, frozen=True, kw_only=True):
    """A file of the content folder to publish; `digest` is SHA-256 of its published bytes."""

    address: str
    source: str
    digest: str


class Picture(NamedTuple):
    """A picture beside a record: its size in pixels as shown, and the smaller `widths` to make.

    `fault` is "" or the reason why it cannot be shown: `broken`, `enormous`.
    """

    width: int
    height: int
    widths: tuple[int, ...] = ()
    fault: str = ""


class Inside(Struct, frozen=True, kw_only=True):
    """The personal data in an attachment; `unread` says why some of it was not read.

    `numbers` are identity numbers, `doubtful` those with a wrong check digit: the first ones as
    text, and the number of all.  `pages` are the first pages without text.
    """

    numbers: tuple[str, int] = ("", 0)
    doubtful: tuple[str, int] = ("", 0)
    authors: tuple[str, ...] = ()
    unread: str = ""
    pages: str = ""


class Scaling(Struct, frozen=True, kw_only=True):
    """The plan of a picture in another width; `digest` is SHA-256 of the original."""

    address: str
    source: str
    digest: str
    width: int


class Entrance(Struct, frozen=True, kw_only=True):
    """An entry of the navigation; if it has a name in English, the page is in English too."""

    label: str
    address: str
    label_en: str = ""

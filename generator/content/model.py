"""The nouns that every stage passes on: places, problems, YAML nodes and plans.

Each is frozen: a stage makes new values and never changes the ones it was given.
One class a life stage, so no field is "empty until later".
Lowest row of the program: imports nothing of it.
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
    """A place in a content file; it travels with everything read from there.

    `path` is POSIX and relative to the content folder; `line` and `column` count
    characters from 1, 0 means the file as a whole; `length` is what a marker underlines.
    Where the lines of a text are lines of the file, `text_line` and `text_column` are where
    the text itself begins; 0 where it is folded or holds escapes.
    A named tuple like the nodes below: a site holds millions, and a frozen dataclass takes
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
        """The place of a character of the text that stands here; the text's own if unknown."""
        if not self.text_line:
            return self
        starts = _line_starts(text)
        line = bisect_right(starts, index) - 1
        column = index - starts[line] + self.text_column
        return self._replace(line=self.text_line + line, column=column, length=length)


@lru_cache(maxsize=4)  # a text has many places, and is asked for one after the other
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line of a text begins."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


class Severity(StrEnum):
    """Whether a problem stops publication."""

    ERROR = "error"
    WARNING = "warning"


class Problem(Struct, frozen=True, kw_only=True):
    """One finding, found anywhere and worded in `messages/` alone.

    `code` is stable (an interface); `detail` picks a more exact wording of the same
    code; `values` fill that wording.
    """

    code: str
    origin: Origin
    detail: str = ""
    severity: Severity = Severity.ERROR
    values: Mapping[str, str] = {}

    @property
    def stops(self) -> bool:
        """Whether it keeps the site from being published."""
        return self.severity is Severity.ERROR

    @property
    def order(self) -> tuple[str, int, int, str, str, tuple[tuple[str, str], ...]]:
        """Sort key: file, line, column, then everything else, so that no two tie."""
        where = self.origin
        rest = tuple(sorted(self.values.items()))
        return (where.path, where.line, where.column, self.code, self.detail, rest)


class ScalarNode(NamedTuple):
    """A YAML scalar as the text that was typed; `plain` is false where it was quoted.

    `comment` is what follows a plain one on its line from ` #` on, blanks included: YAML drops
    it, and an editor may have meant it as text.
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
        """The value under `key`, or None where it is absent."""
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
    """Values made of records, each when it is asked for: a plan of a long list stays short."""

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
    """The records that values are made of, where they are made of such."""
    return values.sources if isinstance(values, Mapped) else ()


class Breadcrumb(Struct, frozen=True, kw_only=True):
    """A step on the way from the home page to a page."""

    title: str
    address: str


class Card(NamedTuple):
    """The picture that stands for a page where it is shared: a file of the theme, its words."""

    name: str
    alt: str
    alt_en: str


PLAIN_CARD = Card(
    "site",
    "「政府公報與報告」與一份文件的圖樣",
    "The words “Government gazette and reports” in Chinese, and a document",
)
"""The picture of pages that have none of their own."""


class About(Struct, frozen=True, kw_only=True):
    """What machines are told of a page beside its title, description and way.

    `thing` is what the page is about in schema.org's words, without address and context; `tags`
    are names and contents of `<meta>`.  An `article` is a single document, not a list.
    """

    thing: Mapping[str, object] = {}
    tags: tuple[tuple[str, str], ...] = ()
    card: Card = PLAIN_CARD
    article: bool = False


class Beside(StrEnum):
    """The names under which the program writes something beside the page of a record.

    Editors' files land there too, and none of them may be called so: a name that is added here is
    reserved from then on.  What is named after a record is given by its kind.
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
    """The plan of one page: where it stands, which template fills it, with what.

    `address` ends in `/` and is relative to the site's root; the home page's is "".
    `updated` is the newest date in what the page shows, which the sitemap repeats; None of a page
    that shows nothing with a date.
    A `private` page asks search engines not to list it; a `draft` is not out yet.  A `paired`
    page has a counterpart in the other language.
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
    """One item of a feed: the record's page, and the template of its full text."""

    guid: str
    address: str
    title: str
    published: date
    template: str
    context: Mapping[str, object]
    summary: str
    categories: tuple[str, ...] = ()


class Feed(Struct, frozen=True, kw_only=True):
    """The plan of one feed, newest item first, already cut to its length."""

    name: str
    title: str
    description: str
    page: str
    items: Sequence[FeedItem]

    @property
    def address(self) -> str:
        """Where the feed stands in the site."""
        return f"feeds/{self.name}.xml"


class SheetCell(Struct, frozen=True, kw_only=True):
    """A cell of a spreadsheet: text, or a number in ASCII digits with what stands around it."""

    text: str = ""
    number: str = ""
    before: str = ""
    after: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """A sheet of a workbook; the first `heads` rows are its head."""

    title: str
    rows: tuple[tuple[SheetCell, ...], ...]
    heads: int = 1


TABLE_FORMATS = ("csv", "json", "ods")
"""The endings of a table's files, that of a workbook last."""


class Dataset(Struct, frozen=True, kw_only=True):
    """The plan of one table to download: `address` without ending, columns, rows of text.

    `about` describes the table as a whole and stands in the JSON beside the rows; `numbers`
    names the columns that hold numbers.  A table with `sheets` is a workbook too.
    """

    address: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[tuple[str, ...]]
    about: Mapping[str, str] = {}
    numbers: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()

    @property
    def formats(self) -> tuple[str, ...]:
        """The endings of its files."""
        return TABLE_FORMATS if self.sheets else TABLE_FORMATS[:-1]


class Document(Struct, frozen=True, kw_only=True):
    """The plan of a record's machine-readable twin: where it stands, and how it is made."""

    address: str
    make: Callable[[], bytes]


class Artifact(Struct, frozen=True, kw_only=True):
    """Bytes to be written at an address below the docs folder."""

    address: str
    content: bytes


class Copy(Struct, frozen=True, kw_only=True):
    """A file of the content folder that the site carries; `digest` is SHA-256 of what it gets."""

    address: str
    source: str
    digest: str


class Picture(NamedTuple):
    """A picture beside a record, in pixels as it is shown; the smaller `widths` it comes in.

    `fault` is "" or the reason why it cannot be shown: `broken`, `enormous`.
    """

    width: int
    height: int
    widths: tuple[int, ...] = ()
    fault: str = ""


class Inside(Struct, frozen=True, kw_only=True):
    """What an attachment holds of persons; `unread` says why some of it was not looked at.

    Identity numbers, and `doubtful` ones whose check digit is wrong: the first of them, and how
    many there are.  `pages` are the first of those that are pictures.
    """

    numbers: tuple[str, int] = ("", 0)
    doubtful: tuple[str, int] = ("", 0)
    authors: tuple[str, ...] = ()
    unread: str = ""
    pages: str = ""


class Scaling(Struct, frozen=True, kw_only=True):
    """The plan of a picture in another width; `digest` is SHA-256 of what it is made from."""

    address: str
    source: str
    digest: str
    width: int


class Entrance(Struct, frozen=True, kw_only=True):
    """An entry of the navigation; one with a name in English has a page in English too."""

    label: str
    address: str
    label_en: str = ""

"""Characters that a text must not hold, and those that it should hold only on purpose.

Text is never changed: what cannot be shown or reverses the reading order is refused, what
merely looks like another character is pointed out and published as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache

from msgspec import Struct
from unicodedata2 import category, east_asian_width, normalize

from generator import PROGRAM

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_CONTROL = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ud800-\udfff\ufff9-\ufffb"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
)
_REFUSED: Mapping[str, re.Pattern[str]] = {
    "bidi": re.compile(f"[{_BIDI}]"),
    "tag": re.compile(f"[{_TAGS}]"),
    "": re.compile(f"[{_CONTROL}]"),
}
_ANY_REFUSED = re.compile(f"[{_CONTROL}{_BIDI}{_TAGS}]")
_BLANKS = "\n\t\r\u3000\u00a0"
"""Common blanks that `str.isprintable` rejects."""
_UNUSUAL: Mapping[str, re.Pattern[str]] = {
    # what Unicode calls default ignorable, but for the characters that are refused
    "invisible": re.compile(
        "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
        "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
        "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e0fff]"
    ),
    "radical": re.compile("[\u2e80-\u2fd5]"),
    "compatibility": re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]"),
    "replacement": re.compile("[\ufffd]"),
    "private": re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]"),
}
IGNORABLE = re.compile(f"[{_UNUSUAL['invisible'].pattern[1:-1]}{_BIDI}{_TAGS}]")
"""What Unicode calls default ignorable: invisible characters, refused or not."""
_NO_WIDTH = ("Mn", "Me", "Cf")
"""Categories of marks that stand on the letter before them, and of invisible characters."""
_TABLE = PROGRAM / "text" / "characters.tsv"


class Oddity(Struct, frozen=True):
    """A class of characters found in a text: the first of them, all of them, better ones.

    Each `simplified` or `shared` character is an oddity of its own, and `better` lists all
    characters that it may stand for.  Traditional texts use `shared` ones too (冲 in a name).
    """

    what: str
    index: int
    characters: str
    better: str = ""


class Forms(Struct, frozen=True):
    """The table of `characters.tsv`: the standard form of each character, by class."""

    simplified: Mapping[str, str]
    shared: Mapping[str, str]
    radical: Mapping[str, str]


@cache
def forms() -> Forms:
    """The table, read when it is first needed."""
    tables: dict[str, dict[str, str]] = {"simplified": {}, "shared": {}, "radical": {}}
    for line in _TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            what, character, standard = line.split("\t")
            tables[what][character] = standard
    return Forms(**tables)


def refused(text: str) -> Oddity | None:
    """The first character that no text may hold: control, direction, tag, noncharacter."""
    # nearly every text is printable but for common blanks, and the search for refused
    # characters takes thirty times as long as this test
    printable = text
    for blank in _BLANKS:
        printable = printable.replace(blank, "")
    if printable.isprintable():
        return None
    match = _ANY_REFUSED.search(text)
    if match is None:
        return None
    what = next(what for what, pattern in _REFUSED.items() if pattern.match(match[0]))
    return Oddity(what, match.start(), match[0])


def visible(text: str) -> str:
    """A text with every character that no text may hold made visible, so that none acts."""
    return _ANY_REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)


def without_invisible(text: str) -> str:
    """A text without its invisible characters."""
    return _UNUSUAL["invisible"].sub("", text)


def oddities(text: str) -> Iterator[Oddity]:
    """Each class of unusual characters in a text, once, at its first place."""
    if not _any_unusual().search(text):
        return
    table_forms = forms()
    for what, pattern in _UNUSUAL.items():
        characters = "".join(dict.fromkeys(pattern.findall(text)))
        if characters:
            better = "".join(table_forms.radical.get(c) or normalize("NFKC", c) for c in characters)
            first = text.index(characters[0])
            yield Oddity(what, first, characters, better if better != characters else "")
    for what, table in (("simplified", table_forms.simplified), ("shared", table_forms.shared)):
        for character in dict.fromkeys(c for c in text if c in table):
            better = "／".join(table[character])
            yield Oddity(what, text.index(character), character, better)


@cache
def _any_unusual() -> re.Pattern[str]:
    """Any unusual or simplified character: one class, so that a text is passed over once."""
    classes = "".join(pattern.pattern[1:-1] for pattern in _UNUSUAL.values())
    table = forms()
    return re.compile(f"[{classes}{''.join(table.simplified)}{''.join(table.shared)}]")


def misread(text: str) -> Iterator[tuple[int, str, str]]:
    """Runs of letters that are UTF-8 or Big5 decoded as Latin: place, run, original text."""
    if not _LATIN.search(text):  # nearly every text, in a quarter of the time
        return
    for match in _MISREAD.finditer(text):
        raw = b"".join(map(_latin_byte, match[0]))
        with suppress(UnicodeDecodeError):
            original = raw.decode("utf-8" if match["utf"] else "cp950")
            # one or two distinct characters of Big5 arise by chance: dots, signs of measure
            if match["utf"] or len(set(original)) > _CHANCE:
                yield match.start(), match[0], original


_LATIN = re.compile("[\u00a4-\u00ef]")
"""The letters with which every such run begins."""
_FOLLOWS = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
"""The letters as which a continuation byte of UTF-8 is decoded."""
_MISREAD = re.compile(
    f"(?P<utf>(?:[\u00e0-\u00ef][{_FOLLOWS}]{{2}})++)|(?:[\u00a4-\u00c6][@-~\u00a1-\u00fe])++"
)
"""Han characters in UTF-8, and those in Big5 that are in common use, as Latin letters."""
_CHANCE = 2


def _latin_byte(character: str) -> bytes:
    """The byte that Windows or, where it has none, Latin-1 reads as this letter."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def code_points(characters: str) -> str:
    """Characters by their code points: `U+200B、U+FEFF`."""
    return "、".join(f"U+{ord(character):04X}" for character in characters)


def latin_width(text: str) -> int:
    """The columns that a text takes in a monospaced font: two for each Han character."""
    return sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if category(character) in _NO_WIDTH:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1

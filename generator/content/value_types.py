"""The types of single values: dates, numbers, flags, addresses, countries, references.

Each reads one scalar strictly and reports what it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from generator.content.field_types import TYPED, Choices, Reading, Scalar, Schema, by_name, near
from generator.content.model import Beside, Ref, ScalarNode
from generator.text.characters import code_points, refused
from generator.text.dates import (
    ROC_OFFSET,
    DateFault,
    PartialDate,
    is_ambiguous,
    parse_date,
    parse_partial,
)
from generator.text.numerals import loose_number
from generator.text.urls import folded, server_name

if TYPE_CHECKING:
    from babel import Locale

_NOT_ISO = re.compile("AC|C[PQS]|DG|E[AUZ]|IC|QO|TA|UN|X[ABK]|ZZ")

_OFFICIAL = {"HK": ("香港", "Hong Kong"), "MO": ("澳門", "Macao"), "TW": ("臺灣", "Taiwan")}
"""The government's names of countries, if CLDR has others."""
_COMMON = {
    "韓國": "南韓",
    "大韓民國": "南韓",
    "中國大陸": "中國",
    "大陸": "中國",
    "教廷": "梵蒂岡",
    "台灣": "臺灣",
    "中華民國": "臺灣",
    "中國香港": "香港",
    "香港特別行政區": "香港",
    "中國香港特別行政區": "香港",
    "中國澳門": "澳門",
    "澳門特別行政區": "澳門",
    "中國澳門特別行政區": "澳門",
}
"""Maps names that editors type to those of `country_names`."""

LONGEST_NUMBER = 100
"""The most characters of a number: arithmetic with long ones takes quadratic time."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_MONTH, _DAY_OF = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_2, _DAY_2 = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_NINE = "[一二三四五六七八九]"
_HAN_YEAR = "[〇零○一二三四五六七八九十百]{1,7}"
_YEAR_WORDS = (
    rf"(?:(?:中華)?民國 ?(?:元|前? ?(?:[0-9]{{1,3}}|{_HAN_YEAR}))"
    rf"|西元 ?(?:[12][0-9]{{3}}|{_HAN_YEAR})|[12][0-9]{{3}}|[0-9]{{1,3}}|{_HAN_YEAR}) ?年"
)
_MONTH_WORDS = rf" ?(?:{_MONTH}|十[一二]?|[〇零○]?{_NINE}) ?月"
_DAY_WORDS = rf" ?(?:{_DAY_OF}|[一二]?十{_NINE}?|三十一?|廿{_NINE}?|卅一?|[〇零○]?{_NINE}) ?日"
_DATE = (
    rf"[12][0-9]{{3}}([-/.]){_MONTH_2}\1{_DAY_2}|[0-9]{{2,3}}([-/.]){_MONTH}\2{_DAY_OF}"
    rf"|(?:[12][0-9]{{3}}|[0-9]{{3}}){_MONTH_2}{_DAY_2}|{_YEAR_WORDS}{_MONTH_WORDS}{_DAY_WORDS}"
)
_PARTIAL_DATE = (
    rf"[12][0-9]{{3}}(?:[-/]{_MONTH_2})?|[0-9]{{2,3}}(?:[-/.]{_MONTH})?"
    rf"|{_YEAR_WORDS}(?:{_MONTH_WORDS})?"
)
_DATE_HELP = "日期請寫 105-01-04 或 2016-01-04。"
_FIRST_DIGITS, _LAST_DIGITS = 10101, 22001231
"""Bounds of dates in digits alone, 0010101 to 22001231, which YAML editors read as numbers."""
Moment = TypeVar("Moment", date, PartialDate)


@cache
def country_names() -> Mapping[str, str]:
    """ISO 3166 alpha-2 codes with their names in Traditional Chinese (source: CLDR)."""
    territories = sorted(_locale("zh_Hant").territories.items())
    return {
        code: _OFFICIAL.get(code, (name, ""))[0]
        for code, name in territories
        if re.fullmatch("[A-Z]{2}", code) and not _NOT_ISO.fullmatch(code)
    }


@cache
def _locale(name: str) -> Locale:
    from babel import Locale  # noqa: PLC0415 -- takes a while, and most runs read no country

    return Locale.parse(name)


@dataclass(frozen=True)
class Day(Scalar):
    """A date in either calendar."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> date | None:
        """The day, or None if the text is no date."""
        return _read_date(parse_date, node, reading)

    def schema(self, choices: Choices) -> Schema:
        """A text in one of the forms; a schema cannot check whether the month has the day."""
        del choices
        return {
            "type": ["string", "integer"],
            "pattern": f"^(?:{_DATE})$",
            "minimum": _FIRST_DIGITS,
            "maximum": _LAST_DIGITS,
            "errorMessage": _DATE_HELP,
        }


@dataclass(frozen=True)
class PartialDay(Scalar):
    """A year, a month or a day in either calendar."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> PartialDate | None:
        """The partial date, or None if the text is none."""
        return _read_date(parse_partial, node, reading)

    def schema(self, choices: Choices) -> Schema:
        """A text in one of the forms, or a number: YAML editors read a year alone as one."""
        del choices
        pattern = f"^(?:{_DATE}|{_PARTIAL_DATE})$"
        types = ["string", "number"]
        return {"type": types, "pattern": pattern, "errorMessage": _DATE_HELP}


def _read_date(parse: Callable[[str], Moment], node: ScalarNode, reading: Reading) -> Moment | None:
    try:
        moment = parse(node.text)
    except DateFault as fault:
        values = {"value": node.text, "near": fault.near}
        reading.report("date-invalid", node.origin, fault.wording, **values)
        return None
    if is_ambiguous(node.text):
        _warn_of_century(node, moment, reading)
    return moment


def _warn_of_century(node: ScalarNode, moment: date | PartialDate, reading: Reading) -> None:
    """Warns how the date is read, and how to write it unambiguously in either calendar."""
    whole = moment.isoformat() if isinstance(moment, date) else moment.iso
    year, month_and_day = int(whole[:4]), whole[4:]
    roc = year - ROC_OFFSET
    values = {
        "year": str(year),
        "roc": f"{roc:03d}{month_and_day}",
        "ce": f"{_CENTURY + roc}{month_and_day}",
    }
    values["other"] = str(_CENTURY + roc)
    reading.warn("date-ambiguous", node.origin, value=node.text, **values)


_CENTURY = 2000


@dataclass(frozen=True)
class Number(Scalar):
    """A decimal number in ASCII digits, exactly as precise as typed."""

    detail: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> Decimal | None:
        """The number, or None if the text is none."""
        if len(node.text) > LONGEST_NUMBER and _NUMBER.fullmatch(node.text):
            reading.report(
                "number-invalid", node.origin, "long", **too_long(node.text, LONGEST_NUMBER)
            )
        elif _NUMBER.fullmatch(node.text):
            return Decimal(node.text)
        else:
            _report_number(node, reading, self.detail)
        return None

    def schema(self, choices: Choices) -> Schema:
        """A number, or its digits in quotes."""
        del choices
        help_ = "請用半形數字，不加千分位、正號或單位。"
        pattern = f"^{_NUMBER.pattern}$"
        return {"type": ["number", "string"], "pattern": pattern, "errorMessage": help_}


@dataclass(frozen=True)
class Whole(Scalar):
    """A whole number of at least `minimum`."""

    minimum: int = 0

    def read_scalar(self, node: ScalarNode, reading: Reading) -> int | None:
        """The number, or None if the text is none or too small."""
        if re.fullmatch("0|[1-9][0-9]{0,8}", node.text) and int(node.text) >= self.minimum:
            return int(node.text)
        _report_number(node, reading, "whole", self.minimum)
        return None

    def schema(self, choices: Choices) -> Schema:
        """A whole number, or its digits in quotes."""
        del choices
        return {
            "type": ["integer", "string"],
            "pattern": "^(?:0|[1-9][0-9]{0,8})$",
            "minimum": self.minimum,
            "maximum": 999_999_999,
            "errorMessage": "請用半形數字，例如 12。",
        }


def _report_number(node: ScalarNode, reading: Reading, detail: str, minimum: int = 0) -> None:
    """Reports a text that is no number, and suggests the number that it plainly means.

    Only figures may have a qualifier; a count has no fraction.
    """
    number = loose_number(node.text)
    if (
        detail == "whole"
        and number
        and not (re.fullmatch("[0-9]{1,9}", number.number) and int(number.number) >= minimum)
    ):
        number = None
    if number is None or (number.qualifier and detail != "figure"):
        reading.report("number-invalid", node.origin, detail, value=node.text)
        return
    near, unit = number.number, number.unit
    if number.qualifier:
        near = f"{{value: {near}, qualifier: {number.qualifier}}}"
    wording = "near" if not unit else "unit" if detail == "figure" else "bare"
    reading.report("number-invalid", node.origin, wording, value=node.text, near=near, unit=unit)


@dataclass(frozen=True)
class FileName(Scalar):
    """The name of a file in the record's own folder; a later check tells whether it exists."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The name, or None if the site or some system does not allow it."""
        detail = name_fault(node.text)
        if detail is None:
            return node.text
        reading.report("file-name-invalid", node.origin, detail, value=node.text)
        return None

    def schema(self, choices: Choices) -> Schema:
        """A name; a schema cannot check what systems and the site refuse."""
        del choices
        return {"type": [*TYPED], "minLength": 1}


def is_taken(name: str, ours: Iterable[str]) -> bool:
    """Whether a file, or a folder on its path, has the name of a file that the program writes.

    Names that differ in case or Unicode form alone are the same, as they are on some disks.
    """
    return not {*folded(name).split("/")}.isdisjoint(map(folded, ours))


def name_fault(name: str) -> str | None:
    """Why a file cannot have a name, as a problem's detail; None if it can."""
    steps = name.split("/")
    if any(step in ("", "..") or step[0] == "." for step in steps):
        return ""
    if any(_UNPORTABLE.search(step) for step in steps):
        return "unportable"
    if is_taken(name, Beside):
        return "ours"
    return "markdown" if _MARKDOWN.search(name) else None


def is_device(name: str) -> bool:
    """Whether Windows takes the name of a file or folder, whatever its ending is, for a device.

    https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    """
    return bool(re.search(_DEVICE, name, re.IGNORECASE))


@dataclass(frozen=True)
class PictureName(FileName):
    """The name of a file in the record's own folder that its page shows as a picture."""


_DEVICE = r"^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)"
_UNPORTABLE = re.compile(rf"[\x00-\x1f\\:*?\"<>|#%]|[ .]$|^ |{_DEVICE}", re.I)
"""What Windows refuses in a name, and the delimiters of URLs."""
_MARKDOWN = re.compile(r"\.(?:md|markdown|mdown|mkdn|mkd)$", re.I)
"""Endings of files that MkDocs would turn into pages instead of publishing them unchanged."""


@dataclass(frozen=True)
class Flag(Scalar):
    """`true` or `false`."""

    blank: bool = False

    def read_scalar(self, node: ScalarNode, reading: Reading) -> bool | None:
        """The flag, or None for any other word."""
        if node.text in ("true", "false"):
            return node.text == "true"
        reading.report("flag-invalid", node.origin, value=node.text)
        return None

    def schema(self, choices: Choices) -> Schema:
        """The two words, quoted or not."""
        del choices
        return {"enum": [True, False, "true", "false"], "errorMessage": "請寫 true 或 false。"}


@dataclass(frozen=True)
class Address(Scalar):
    """An http or https address."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The address, or None if a browser could not follow it safely."""
        oddity, fault = refused(node.text), address_fault(node.text)
        if oddity:
            character = code_points(oddity.characters)
            reading.report("text-control", node.origin, oddity.what, character=character)
        elif fault == "long":
            values = too_long(node.text, LONGEST_ADDRESS)
            reading.report("url-invalid", node.origin, fault, **values)
        elif fault is not None:
            reading.report("url-invalid", node.origin, fault, value=node.text)
        else:
            return node.text
        return None

    def schema(self, choices: Choices) -> Schema:
        """A full address; a schema cannot check a host in other letters than ASCII."""
        del choices
        help_ = "請寫完整網址，以 https:// 或 http:// 開頭，不含空格、帳號與密碼。"
        host = r"(?:[A-Za-z0-9.-]|[^\s\x00-\x9f])+"
        pattern = rf"^https?://{host}(?::[1-9][0-9]{{0,4}})?(?:[/?#][^{_UNSAFE}]*)?$"
        return {"type": "string", "pattern": pattern, "errorMessage": help_}


def too_long(text: str, most: int) -> dict[str, str]:
    """The values of a message about a text that is too long: its beginning and its length."""
    return {"value": f"{text[:_BEGINNING]}…", "length": str(len(text)), "most": str(most)}


_BEGINNING = 24
LONGEST_ADDRESS = 4000
"""The most characters of an address: normalizing long ones may take quadratic time."""
_UNSAFE = r"\s\"<>\\^`{|}\x00-\x1f\x7f-\x9f"
"""The inside of a character class: characters that an address has only in encoded form."""
_WEB = re.compile(rf"https?://([^/?#{_UNSAFE}]+)(?:[/?#][^{_UNSAFE}]*)?", re.I)
_PORT, _LAST_PORT = re.compile("[1-9][0-9]{0,4}"), 65535
_MAIL = re.compile(rf"mailto:[A-Za-z0-9._+-]+@([^?#%{_UNSAFE}]+)(?:\?subject=([^&#{_UNSAFE}]*))?")


def address_fault(text: str) -> str | None:
    """Why a page may not link to the address `text`, as a problem's detail; None if it may.

    `user` is for a name or password before the host, which makes readers expect another host;
    `host` and `port` for an invalid one; `long`; "" if it is no http(s) address.
    """
    if len(text) > LONGEST_ADDRESS:
        return "long"
    match = _WEB.fullmatch(text)
    if not match:
        return ""
    host, colon, port = match[1].partition(":")
    if "@" in match[1]:
        return "user"
    if not server_name(host):
        return "host"
    if colon and not (_PORT.fullmatch(port) and int(port) <= _LAST_PORT):
        return "port"
    return None


def is_mail_link(text: str) -> bool:
    """Whether `text` is `mailto:` with one address, and after it at most a subject.

    Mail programs take other parameters for headers of the reader's message: copies, a body, and
    any header after an encoded line break.
    """
    match = _MAIL.fullmatch(text)
    if not match or not server_name(match[1]):
        return False
    subject = unquote(match[2] or "")
    return refused(subject) is None and re.search(r"[\t\r\n]", subject) is None


@dataclass(frozen=True)
class Country(Scalar):
    """An ISO 3166 alpha-2 code."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The code, or None if it names no country."""
        if node.text in country_names():
            return node.text
        name = _COMMON.get(node.text, node.text)
        guess = by_name(name, country_names()) or near(node.text.upper(), country_names())
        detail = "near" if guess else ""
        reading.report("country-unknown", node.origin, detail, value=node.text, near=guess)
        return None

    def schema(self, choices: Choices) -> Schema:
        """One of the codes."""
        del choices
        return {"enum": [*country_names()], "errorMessage": "請填 ISO 3166 兩碼，例如 JP、KR、US。"}


@dataclass(frozen=True)
class Reference(Scalar):
    """The id of a record of `kind`; the archive knows whether it exists."""

    kind: str

    def read_scalar(self, node: ScalarNode, reading: Reading) -> Ref | None:
        """The reference, or None for an empty text."""
        if node.text.strip():
            return Ref(self.kind, node.text)
        reading.report("text-short", node.origin, least="1", length="0")
        return None

    def schema(self, choices: Choices) -> Schema:
        """An id; a schema cannot check whether the record exists."""
        del choices
        return {"type": [*TYPED], "pattern": r"\S"}


@cache
def country_en(code: str) -> str:
    """A country's name in English (source: CLDR)."""
    return _OFFICIAL[code][1] if code in _OFFICIAL else str(_locale("en").territories[code])

"""Finds the numbers in running text and tells figures from constants.

Official prose writes `2萬2,018件`, `四成五`, `12.29%`, `兩次`; it also writes days, ordinals and
names with numerals in them.  `CONSTANTS` is the only list of patterns that are no figures; any
other number counts as a figure, so that none is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from generator.text.numerals import DIGITS, HAN_NUMBER, WIDE_DIGITS, parse_han, parse_mixed


class Class(StrEnum):
    """The class of a numeral; only `FIGURE` needs a citation."""

    DATE = "date"
    ORDINAL = "ordinal"
    ARTICLE = "article"
    NAME = "name"
    FIGURE = "figure"


_DIGIT = "[0-9０-９]"
_GROUPS = rf"{_DIGIT}[0-9０-９,，]*(?<![,，])"
_ASCII = rf"{_GROUPS}(?:[.．]{_DIGIT}+)?(?:[萬億兆](?:{_GROUPS})?)*"
_HAN = HAN_NUMBER.pattern
_HAN_SIGN = _HAN.removesuffix("+")
_WHOLE_HAN = f"(?<!{_HAN_SIGN}){_HAN}"
"""A run of Han numerals from its beginning, for patterns that depend on its end alone."""
_EITHER = rf"(?:{_ASCII}|{_HAN})"
_DIGITS = "".join(DIGITS)
_TENTHS = (
    rf"(?<![大完構現落])[{_DIGITS}]成(?:[{_DIGITS}半](?![{_DIGITS}]))?"
    "(?![為立員果效長熟交功形分人])"
)
COUNTED = (
    "大面向|大會|場次|人次|人日|車次|個|部|次|項|場|間|件|人|位|案|期|則|名|市政|國|屆|"
    "倍|年|月|日|天|週|小時|分之|點|種|批|組|隊|座|輛|棟|區|縣市|城市|機關|學校|公頃|"
    "公里|元|戶|處|家|所|台|臺|張|份|冊|站|團|度|梯次|百分點"
)
"""Things that a Han number counts: without one of these behind them, Han digits are in words."""
NUMERAL = (
    rf"{_TENTHS}|百分之(?:{_HAN}|{_ASCII})|{_ASCII}|{_HAN}(?=(?:{COUNTED}))"
    rf"|(?P<words>{_HAN}(?={_HAN_SIGN}))"
)
"""A numeral; `words` are Han digits that count nothing and are skipped, except the last."""
_NAMES = (
    "萬人|一級|二級|一樓|一新|一躍|一步|一連串|年輕一代|第一會議室|一處優雅|值得一提|"
    "一卡通|第二代|一年一度|每一|同一|任一|單一|唯一|一部分|進一步|一年四季|一致|之一|"
    "另一"
)
_DAY_OF_LIST = "[0-9]{1,2}(?=[日、及至])"
CONSTANTS: tuple[tuple[Class, str], ...] = (
    (Class.NAME, r"第[0-9]{6,}號"),
    (Class.NAME, r"[A-Za-z][0-9]+"),
    (Class.NAME, r"(?:19|20)[0-9]{2}(?= ?[^年0-9.,\s萬億%％-])"),
    (Class.NAME, r"(?<![0-9])[0-9]++(?=年代|樓)"),
    (Class.NAME, _NAMES),
    (
        Class.DATE,
        (
            rf"(?:民國(?:前)? ?)?(?:[0-9]{{2,4}}|{_WHOLE_HAN}(?=年[{_DIGITS}十]+月)) ?年"
            "(?:度|底|初|間)?"
            rf"(?: ?(?:[0-9]{{1,2}}|{_HAN}) ?月(?:份|底|初)?(?: ?(?:[0-9]{{1,2}}|{_HAN}) ?日)?)?"
        ),
    ),
    (Class.DATE, r"[0-9]{1,2}月(?:[0-9]{1,2}(?=[日、至及]))?"),
    (Class.DATE, _DAY_OF_LIST),
    (Class.DATE, rf"{_WHOLE_HAN}月{_HAN}日"),
    (
        Class.DATE,
        r"[（(][0-9]{3}[)）](?=年)|[0-9]{2,4}[./-][0-9]{1,2}[./-][0-9]{1,2}\.?",
    ),
    (Class.DATE, r"[0-9]{1,2}[:：][0-5][0-9](?:[:：][0-5][0-9])?(?![0-9])"),
    (
        Class.ARTICLE,
        rf"第 ?{_EITHER}(?:[之-]{_EITHER})? ?(?:條(?:之{_EITHER})?|項|款|目|點)",
    ),
    (Class.ORDINAL, rf"第{_EITHER}(?:、[0-9]+)*"),
    (
        Class.ORDINAL,
        rf"(?m)^[ ]*(?:- )?[（(]?(?:[0-9]+|{_HAN})(?:[)）、]|[.](?![0-9]))",
    ),
    (Class.ORDINAL, r"(?:照片|圖|表|附件) ?[0-9]+(?:(?:、|至|-)[0-9]+)*"),
)
"""Patterns that are no figures; the first match wins.  A new pattern is a line here, and a test.

No pattern may start again within a run of signs that failed as a whole: a long run would take
hours.  Patterns are compiled when the first text is read, as this takes long and most runs read
none.
"""
WITHIN = {_DAY_OF_LIST: "(?<![0-9日及至、])[0-9日及至、]*日"}
"""Patterns that are searched only within another: a list of days, as `4、5及6日`, ends in 日."""

_WIDE = WIDE_DIGITS | {0xFF0C: ",", 0xFF0E: "."}


class Mention(NamedTuple):
    """A numeral of a text: its place, its value (a share in percent), its class."""

    start: int
    end: int
    text: str
    value: Decimal
    what: Class


def mentions(text: str) -> Iterator[Mention]:
    """Every numeral of a text, in order."""
    classes = _classes(text)
    for match in re.finditer(NUMERAL, text):
        if match["words"]:
            continue
        what = classes.get(match.start(), Class.FIGURE)
        yield Mention(*match.span(), match[0], value_of(match[0]), what)


def value_of(numeral: str) -> Decimal:
    """The value of a numeral; a share (`四成五`, `百分之三十`) is in percent."""
    plain = numeral.translate(_WIDE)
    if plain.startswith("百分之"):
        return value_of(plain.removeprefix("百分之"))
    tens, tenths, ones = plain.partition("成")
    if tenths:
        half = Decimal(5) if ones == "半" else Decimal(parse_han(ones) or 0)
        return Decimal(parse_han(tens) or 0) * 10 + half
    if plain and all(sign in DIGITS for sign in plain):
        # not by way of `int`, which limits the number of digits
        return Decimal("".join(str(DIGITS[sign]) for sign in plain))
    return parse_mixed(plain) or Decimal(parse_han(plain) or 0)


def _classes(text: str) -> Mapping[int, Class]:
    """The class of each character that is part of a constant."""
    classes: dict[int, Class] = {}
    for what, pattern in CONSTANTS:
        for start, end in _stretches(text, WITHIN.get(pattern)):
            for match in re.compile(pattern).finditer(text, start, end):
                for place in range(match.start(), match.end()):
                    classes.setdefault(place, what)
    return classes


def _stretches(text: str, around: str | None) -> Iterator[tuple[int, int]]:
    """The stretches to search: the whole text, or the matches of the pattern `around`."""
    if around is None:
        yield 0, len(text)
    else:
        yield from (match.span() for match in re.finditer(around, text))

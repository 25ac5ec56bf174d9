"""Chinese and mixed numerals: `第十四條`, `2萬2,018件`, `三百`, `一百零五`.

Reads what official texts write; gives exact decimals, never floats.
"""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MAX_PREC, Context, Decimal
from typing import NamedTuple

from unicodedata2 import normalize

_DIGIT_FORMS = ("〇零○", "一壹", "二貳兩", "三參叁", "四肆", "五伍", "六陸", "七柒", "八捌", "九玖")
DIGITS = {character: value for value, forms in enumerate(_DIGIT_FORMS) for character in forms}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_LARGE = {"萬": 10**4, "億": 10**8, "兆": 10**12}
WIDE_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
"""Maps full-width digits to ASCII ones."""
_HAN = "".join((*DIGITS, *_SMALL, *_TENS, *_LARGE))

_MOST = 4000
"""The most digits of a whole number; Python's own limit is a little higher."""
_RECKONER = Context(prec=MAX_PREC, Emax=MAX_EMAX)
"""Arithmetic without a limit to digits and exponent: sums and products are exact."""

HAN_NUMBER = re.compile(f"[{_HAN}]+")
MIXED_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?(?:[萬億兆](?:[0-9][0-9,]*(?:\.[0-9]+)?)?)*")


_GROUPED = "(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:[.][0-9]+)?"
_ABOUT = {"大約": "約", "將近": "近", "超過": "逾", "多": "餘"}
_LOOSE = re.compile(
    rf"(?P<before>大?約|將?近|逾|超過)? ?(?P<sign>[-+\u2212△▲]?) ?"
    rf"(?:(?P<share>百分之)?(?P<han>[{_HAN}]+)(?P<after_han>以上|餘)?"
    rf"|(?P<number>{_GROUPED}(?:[萬億兆](?:{_GROUPED})?)*)"
    r" ?(?P<middle>餘|多)? ?(?P<unit>[%‰]|[^\W\d_]{0,8}?) ?(?P<after>以上|餘)?)"
)
_LONGEST = 40
"""The most characters of a text for which a number is suggested."""
_NO_UNIT = re.compile(rf"[{_HAN}半成]|^[OoQDIlZSB]|左右|上下|前後|[幾數許來]")
"""Text behind a number that is no unit: more of the number, or a letter typed for a digit."""


class LooseNumber(NamedTuple):
    """The number of a text that is no plain number, in ASCII digits, with qualifier and unit."""

    number: str
    qualifier: str
    unit: str


def loose_number(text: str) -> LooseNumber | None:
    """The number of `1,010`, `１０`, `10%`, `約10` and `10件`; None if the text has none.

    Han digits are a number only if they stand alone: 一些 is none.  Numbers half in digits
    (`1億2千萬`), vague ones (`10左右`) and letters for digits (`3O件`) are not guessed.
    """
    match = _LOOSE.fullmatch(normalize("NFKC", text[: _LONGEST + 1]).strip())
    if match is None or len(text) > _LONGEST:
        return None
    if _NO_UNIT.search(match["unit"] or "") or (match["han"] or "")[:1] in tuple(_LARGE):
        return None
    if match["han"]:
        value = Decimal(parse_han(match["han"]) or 0)
    else:
        value = parse_mixed(match["number"].replace(" ", "")) or Decimal(0)
        if re.search("[萬億兆]", match["number"]) and value == value.to_integral_value():
            value = value.to_integral_value()
    sign = "-" if value and match["sign"] in tuple("-\u2212△▲") else ""
    words = (match[name] for name in ("before", "middle", "after", "after_han"))
    qualifiers = [_ABOUT.get(word, word) for word in words if word]
    if len(qualifiers) > 1:
        return None
    unit = "%" if match["share"] else match["unit"] or ""
    return LooseNumber(f"{sign}{value:f}", "".join(qualifiers), unit)


def parse_han(text: str) -> int | None:
    """The whole number in Han digits and units; None if the text is none or is too long."""
    if len(text) > _MOST or not HAN_NUMBER.fullmatch(text):
        return None
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        elif character in _TENS:
            section += _TENS[character]
        else:
            total += (section + digit) * _LARGE[character]
            section = digit = 0
    return total + section + digit


def parse_mixed(text: str) -> Decimal | None:
    """The number of ASCII digits with separators and Han multiples: `32萬8,187` is 328187."""
    if not MIXED_NUMBER.fullmatch(text):
        return None
    total = Decimal(0)
    for number, multiple in re.findall(r"([0-9][0-9,]*(?:\.[0-9]+)?)([萬億兆]?)", text):
        value = Decimal(number.replace(",", ""))
        total = _RECKONER.add(total, _RECKONER.multiply(value, _LARGE.get(multiple, 1)))
    return total


def number_of(text: str) -> int | None:
    """The whole number written in ASCII, full-width or Han digits."""
    plain = text.translate(WIDE_DIGITS)
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) <= _MOST else None
    return parse_han(text)


def han(number: int) -> str:
    """A number from 1 to 9,999 as lists count it: 14 is 十四, 105 is 一百零五."""
    words, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if not digit:
            pending = bool(words)
            continue
        words += ("零" if pending else "") + "〇一二三四五六七八九"[digit] + name
        pending = False
    return words.removeprefix("一") if number in range(10, 20) else words

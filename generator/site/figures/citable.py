"""A figure that prose may cite, and the forms in which prose shows it.

A form never changes a value: a value that a form cannot express exactly is a `FormMisfit`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from generator.content.figure import BEFORE, Figure
from generator.content.model import Ref
from generator.text.dates import PartialDate, roc
from generator.text.numerals import han

_TEN_THOUSAND = 10_000
_HAN_MOST = 9_999
_PERCENT = "%"
_TENTHS = range(10, 100)
_TWO = 2
_AND_MORE = "以上"
"""The only qualifier that follows the unit: `60日以上`, but `40餘間`."""


class Citable(Struct, frozen=True, kw_only=True):
    """A figure of a record, or a day, with its permanent name and its place.

    `path` is its field, `anchor` its place on the record's page.  `title_en` and `unit_en` are ""
    without an English name.  `series` is equal for the same figure of another period, and `at` is
    its time in a series of times.
    """

    ref: Ref
    name: str
    title: str
    figure: Figure | None = None
    day: date | None = None
    unit: str = ""
    anchor: str = ""
    path: str = ""
    at: PartialDate | None = None
    series: tuple[str, ...] = ()
    title_en: str = ""
    unit_en: str = ""

    @property
    def full_name(self) -> str:
        """The permanent name with the record's: `statistics:venues.hall`."""
        return f"{self.ref}.{self.name}"

    @property
    def fragment(self) -> str:
        """What follows the record's address to lead to the figure's place; "" if it has none."""
        return f"#{self.anchor}" if self.anchor else ""

    @property
    def machine(self) -> str:
        """The value for programs: ASCII digits or an ISO date; "" if it is missing."""
        return self.day.isoformat() if self.day else self.figure.plain if self.figure else ""


class FormMisfit(ValueError):  # noqa: N818 -- the fault is in the reference
    """A form is `unknown` or `unfit` for the value, or the value is `missing`, by `detail`."""

    def __init__(self, detail: str, form: str) -> None:
        super().__init__(f"{detail}: {form}")
        self.detail, self.form = detail, form


class _Words(NamedTuple):
    """The parts of a value in words."""

    number: str
    unit: str
    qualifier: str = ""


def figure_words(citable: Citable, forms: tuple[str, ...]) -> str:
    """The figure in words: `約82位`, `2萬2,018件`, `四成五`; raises `FormMisfit`."""
    unknown = next((form for form in forms if form not in FORMS), "")
    if unknown:
        raise FormMisfit("unknown", unknown)
    if citable.day is not None:
        return _day(citable.day, forms)
    figure = citable.figure
    if figure is None or figure.value is None:
        raise FormMisfit("missing", "")
    words = _Words(f"{figure.value:,f}", citable.unit, figure.qualifier)
    for form in forms:
        make = _NUMBER_FORMS.get(form)
        result = make(words, figure.value) if make else None
        if result is None:
            raise FormMisfit("unfit", form)
        words = result
    number, unit, qualifier = words
    if qualifier in BEFORE:
        return f"{qualifier}{number}{unit}"
    return f"{number}{unit}{qualifier}" if qualifier == _AND_MORE else f"{number}{qualifier}{unit}"


_Form = Callable[[_Words, Decimal], "_Words | None"]
"""Puts a value into a form; None if the form cannot express it exactly."""


def _ten_thousands(words: _Words, value: Decimal) -> _Words | None:
    """`2萬2,018`: whole numbers from ten thousand on."""
    if value != value.to_integral_value() or abs(value) < _TEN_THOUSAND:
        return None
    many, remainder = divmod(int(value), _TEN_THOUSAND)
    return words._replace(number=f"{many:,}萬" + (f"{remainder:,}" if remainder else ""))


def _han(words: _Words, value: Decimal) -> _Words | None:
    """`八`, and `兩` before a unit."""
    if value != value.to_integral_value() or not 0 < value <= _HAN_MOST:
        return None
    return words._replace(number="兩" if value == _TWO and words.unit else han(int(value)))


def _tenths(words: _Words, value: Decimal) -> _Words | None:
    """`七成`, `四成五`: whole percents below a hundred that are at least ten."""
    whole = int(value)
    if words.unit != _PERCENT or value != whole or whole not in _TENTHS:
        return None
    tens, ones = divmod(whole, 10)
    return _Words(f"{han(tens)}成" + (han(ones) if ones else ""), "", words.qualifier)


def _points(words: _Words, _: Decimal) -> _Words | None:
    """`個百分點`: a difference of shares, which a statistic gives in `%` or in `百分點`."""
    if words.unit not in (_PERCENT, "百分點"):
        return None
    return words._replace(unit="個百分點")


_NUMBER_FORMS: Mapping[str, _Form] = {
    "千分位": lambda words, value: words._replace(number=f"{value:,f}"),
    "無分隔": lambda words, value: words._replace(number=f"{value:f}"),
    "萬": _ten_thousands,
    "國字": _han,
    "成": _tenths,
    "%": lambda words, _: words if words.unit == _PERCENT else None,
    "百分點": _points,
    "不含單位": lambda words, _: words._replace(unit=""),
}
_DAY_FORMS: Mapping[str, Callable[[date], str]] = {
    "民國日期": roc,
    "月日": lambda day: f"{day.month}月{day.day}日",
    "西元日期": lambda day: f"{day.year}年{day.month}月{day.day}日",
}
FORMS = (*_NUMBER_FORMS, *_DAY_FORMS)
"""The forms that may follow a bar; the handbook for editors explains each."""


def _day(day: date, forms: tuple[str, ...]) -> str:
    unfit = next((form for form in forms if form not in _DAY_FORMS), "")
    if unfit or len(forms) > 1:
        raise FormMisfit("unfit", unfit or forms[-1])
    return _DAY_FORMS[forms[0]](day) if forms else roc(day)

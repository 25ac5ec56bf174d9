"""Dates in both calendars: what is read, what is refused and why, how they are shown."""

from __future__ import annotations

from datetime import date

import pytest

from generator.text.dates import (
    DateFault,
    PartialDate,
    parse_date,
    parse_partial,
    roc,
    roc_year_name,
)

FORMS = (
    *("2016-01-04", "105-01-04", "105-1-4", "105/1/4", "105.01.04"),
    *("民國105年1月4日", "中華民國105年01月04日", "民國 105 年 1 月 4 日"),
)


@pytest.mark.parametrize("typed", FORMS)
def test_one_day_in_every_form(typed: str) -> None:
    """Each form that editors write gives the same day."""
    assert parse_date(typed) == date(2016, 1, 4)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "format"),
        ("今天", "format"),
        ("2016-1-4", "format"),
        ("105-01/04", "format"),
        ("１０５-01-04", "format"),
        ("105-01-04 ", "format"),
        ("20160104", "format"),
        ("5-01-04", "format"),
        ("105-13-04", "month"),
        ("105-00-04", "month"),
        ("105-02-30", "day"),
        ("104-02-29", "day"),
        ("105-01-00", "day"),
        ("1800-01-01", "year"),
        ("999-01-01", "year"),
    ],
)
def test_what_is_no_date_says_why(typed: str, reason: str) -> None:
    """The fault names format, month, day or year."""
    with pytest.raises(DateFault) as fault:
        parse_date(typed)
    assert fault.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "iso", "shown"),
    [
        ("105", "2016", "105年"),
        ("2016", "2016", "105年"),
        ("95-11", "2006-11", "95年11月"),
        ("2006-11", "2006-11", "95年11月"),
        ("105-01-04", "2016-01-04", "105年1月4日"),
    ],
)
def test_a_partial_date_is_never_more_exact_than_typed(typed: str, iso: str, shown: str) -> None:
    """Year, month or day stay what the source gave."""
    assert (parse_partial(typed).iso, parse_partial(typed).roc) == (iso, shown)


def test_partial_dates_are_ordered() -> None:
    """A year stands before its months, a month before its days."""
    assert PartialDate(2016) < PartialDate(2016, 1) < PartialDate(2016, 1, 4) < PartialDate(2017)


def test_days_before_the_republic_have_a_name() -> None:
    """1911 is the first year before the Republic."""
    assert roc_year_name(1911) == "民國前1年"
    assert roc_year_name(1895) == "民國前17年"
    assert roc(date(1912, 1, 1)) == "1年1月1日"

"""Dates in both calendars: what is read, what is refused and why, how they are shown."""

from __future__ import annotations

from datetime import date

import pytest

from generator.text.dates import (
    ROC_OFFSET,
    DateFault,
    PartialDate,
    is_ambiguous,
    parse_date,
    parse_named,
    parse_partial,
    roc,
    roc_typed,
    roc_year_name,
    year_folder,
)

FORMS = (
    *("2016-01-04", "105-01-04", "105-1-4", "105/1/4", "105.01.04"),
    *("民國105年1月4日", "中華民國105年01月04日", "民國 105 年 1 月 4 日"),
    *("2016/01/04", "2016.01.04", "20160104", "1050104", "105年1月4日", "105 年 1 月 4 日"),
    *("2016年1月4日", "西元2016年1月4日", "一○五年一月四日", "一百零五年一月四日"),
    *("民國一〇五年一月四日", "二○一六年一月四日"),
)


@pytest.mark.parametrize("typed", FORMS)
def test_one_day_in_every_form(typed: str) -> None:
    """Each form that editors write gives the same day."""
    assert parse_date(typed) == date(2016, 1, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("民國元年1月1日", date(1912, 1, 1)),
        ("中華民國元年一月一日", date(1912, 1, 1)),
        ("民國前1年10月10日", date(1911, 10, 10)),
        ("九十八年十二月三十一日", date(2009, 12, 31)),
        ("0981231", date(2009, 12, 31)),
        ("一百零四年二月廿八日", date(2015, 2, 28)),
    ],
)
def test_other_years_in_words(typed: str, day: date) -> None:
    """The first year of the Republic, the years before it, and Han numerals of other days."""
    assert parse_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("2016-1-4", "2016-01-04"),
        ("2016/1/4", "2016-01-04"),
        ("105.13.4", "105-04-13"),
        ("20161304", ""),
        ("105-01/04", "105-01-04"),
        ("１０５-01-04", "105-01-04"),
        ("１０５年１月４日", "105-01-04"),
        ("980104", "098-01-04"),
        ("105-01-04 ", "105-01-04"),
        ("105-01-04（星期一）", "105-01-04"),
        ("2016-01-04T09:00:00", "2016-01-04"),
        ("105-13-14", ""),
        ("2016-2-30", ""),
        ("今天", ""),
        ("1" * 50_000, ""),
    ],
)
def test_a_fault_writes_out_what_may_be_meant(typed: str, near: str) -> None:
    """A form that is not read is told with the one that is; what means no day has none."""
    with pytest.raises(DateFault) as fault:
        parse_date(typed)
    assert fault.value.near == near


@pytest.mark.parametrize("typed", ["16-01-04", "16/1/4", "16-01", "16", "16年1月4日", "5年1月4日"])
def test_a_year_of_two_digits_is_ambiguous(typed: str) -> None:
    """16 is a year of the Republic as it is read, and may mean 2016."""
    assert parse_partial(typed).year < 1943
    assert is_ambiguous(typed)


@pytest.mark.parametrize(
    "typed", ["016-01-04", "民國16年1月4日", "98-01-04", "34-10-25", "2016-01-04", "0160104", "98"]
)
def test_what_is_clear_is_not_ambiguous(typed: str) -> None:
    """Three digits, the era's name, or a year that is none of this century."""
    parse_partial(typed)
    assert not is_ambiguous(typed)


@pytest.mark.parametrize("name", ["1050104", "20160104", "105年1月4日", "一○五年", "105年"])
def test_a_name_of_digits_or_words_is_no_date(name: str) -> None:
    """Rows and columns may be called so; only fields of dates read these forms."""
    parse_partial(name)
    with pytest.raises(DateFault):
        parse_named(name)
    assert parse_named("105-01-04") == parse_partial("1050104")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "format"),
        ("今天", "format"),
        ("2016-1-4", "format"),
        ("105-01/04", "format"),
        ("１０５-01-04", "format"),
        ("105-01-04 ", "format"),
        ("160104", "format"),
        ("1051304", "month"),
        ("20160230", "day"),
        ("2016/02/30", "day"),
        ("105年13月4日", "month"),
        ("一○四年二月二十九日", "day"),
        ("民國2016年1月4日", "year"),
        ("西元105年1月4日", "year"),
        ("民國0年1月1日", "year"),
        ("元年1月1日", "format"),
        ("民國元年", "format"),
        ("2016-01/04", "format"),
        ("5-01-04", "format"),
        ("105-13-04", "month"),
        ("105-00-04", "month"),
        ("105-02-30", "day"),
        ("104-02-29", "day"),
        ("105-01-00", "day"),
        ("1800-01-01", "year"),
        ("999-01-01", "year"),
        ("00-01-04", "year"),
        ("000-01-04", "year"),
        ("0000104", "year"),
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
        ("民國元年", "1912", "1年"),
        ("民國前17年", "1895", "民國前17年"),
        ("一○五年", "2016", "105年"),
        ("105年1月", "2016-01", "105年1月"),
        ("2016/01", "2016-01", "105年1月"),
        ("1050104", "2016-01-04", "105年1月4日"),
    ],
)
def test_a_partial_date_is_never_more_exact_than_typed(typed: str, iso: str, shown: str) -> None:
    """Year, month or day stay what the source gave."""
    assert (parse_partial(typed).iso, parse_partial(typed).roc) == (iso, shown)


def test_partial_dates_are_ordered() -> None:
    """A year stands before its months, a month before its days."""
    assert PartialDate(2016) < PartialDate(2016, 1) < PartialDate(2016, 1, 4) < PartialDate(2017)


@pytest.mark.parametrize("typed", ["00", "000-01", "00-01-04"])
def test_no_calendar_has_a_year_0(typed: str) -> None:
    """2000 typed short is not taken for 1911."""
    with pytest.raises(DateFault):
        parse_partial(typed)


@pytest.mark.parametrize(
    "day", [date(1895, 5, 8), date(1911, 12, 31), date(1912, 1, 1), date(2016, 1, 4)]
)
def test_a_day_that_is_written_for_editors_is_read_back(day: date) -> None:
    """Before the Republic as the Common Era has it; its years have no folder."""
    assert parse_date(roc_typed(day)) == day
    if day.year > ROC_OFFSET:
        assert year_folder(day) == {1912: "01", 2016: "105"}[day.year]
    else:
        with pytest.raises(DateFault):
            year_folder(day)


def test_days_before_the_republic_have_a_name() -> None:
    """1911 is the first year before the Republic."""
    assert roc_year_name(1911) == "民國前1年"
    assert roc_year_name(1895) == "民國前17年"
    assert roc(date(1912, 1, 1)) == "1年1月1日"

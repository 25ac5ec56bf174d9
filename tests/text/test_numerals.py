"""Numbers as official texts write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.text.numerals import han, loose_number, number_of, parse_han, parse_mixed


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("十", 10),
        ("十四", 14),
        ("二十", 20),
        ("一百零五", 105),
        ("一〇五", 105),
        ("三百", 300),
        ("二千零一十六", 2016),
        ("十二萬三千", 123_000),
        ("一億零五萬", 100_050_000),
        ("參佰伍拾", 350),
        ("〇", 0),
        ("廿", 20),
        ("廿三", 23),
        ("卅一", 31),
        ("一百卌五", 145),
    ],
)
def test_han_numbers(typed: str, number: int) -> None:
    """Digits, units and their financial forms are read exactly."""
    assert parse_han(typed) == number


@pytest.mark.parametrize("number", [*range(1, 130), 200, 305, 1001, 1010, 1100, 9999])
def test_numbers_that_lists_count_with_are_read_back(number: int) -> None:
    """`han` and `parse_han` are inverse."""
    assert parse_han(han(number)) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2萬2,018", "22018"),
        ("32萬8,187", "328187"),
        ("500萬", "5000000"),
        ("12.29", "12.29"),
        ("1,234,567", "1234567"),
        ("1億2萬", "100020000"),
        ("123456789012345678901234567891", "123456789012345678901234567891"),
        ("1234567890123456789012345678萬9,999.5", "12345678901234567890123456789999.5"),
        ("0." + "12" * 49, "0." + "12" * 49),
        ("7" * 5000, "7" * 5000),
    ],
)
def test_mixed_numbers(typed: str, number: str) -> None:
    """Separators and Han multiples give an exact decimal."""
    assert parse_mixed(typed) == Decimal(number)


def test_a_suggested_number_has_every_digit() -> None:
    """A number of more digits than decimals have by default is suggested as it stands."""
    digits = "12345678901234567890123456789123"
    assert loose_number(f"{digits}件") == (digits, "", "件")


def test_what_is_no_number_gives_none() -> None:
    """Words and empty texts are no numbers."""
    assert parse_han("條") is None
    assert parse_mixed("萬") is None
    assert number_of("") is None
    assert number_of("１４") == 14


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,010", ("1010", "", "")),
        ("１０", ("10", "", "")),
        ("10%", ("10", "", "%")),
        ("10.50％", ("10.50", "", "%")),
        ("百分之十", ("10", "", "%")),
        ("約10", ("10", "約", "")),
        ("將近300人次", ("300", "近", "人次")),
        ("10餘件", ("10", "餘", "件")),
        ("10件以上", ("10", "以上", "件")),
        ("10件", ("10", "", "件")),
        ("2萬2,018", ("22018", "", "")),
        ("2.5萬", ("25000", "", "")),
        ("十二", ("12", "", "")),
        ("+3", ("3", "", "")),
        ("△3.50", ("-3.50", "", "")),
        ("010", ("10", "", "")),
    ],
)
def test_what_a_text_means_that_is_no_plain_number(
    typed: str, number: tuple[str, str, str]
) -> None:
    """Its digits, its qualifier and its unit, each apart."""
    assert loose_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        *("", "無", "—", "一些", "第一頁", "1,01", "1e3", "1_000", "10-20", "1.5.3", "1" * 99),
        *("1億2千萬", "1萬2千", "2千", "萬", "1O", "3O件", "l0", "10左右", "近3成", "10來人"),
    ],
)
def test_what_means_no_number(typed: str) -> None:
    """Nothing is proposed where the number is not plain."""
    assert loose_number(typed) is None

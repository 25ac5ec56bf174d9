"""Figures in words: every form, and that a form never changes a value."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from generator.content.figure import Figure
from generator.content.model import Ref
from generator.site.figures.citable import FORMS, Citable, FormMisfit, figure_words
from generator.site.figures.mentions import value_of


def figure(value: str, unit: str = "", qualifier: str = "") -> Citable:
    """A figure to be said."""
    held = Figure(value=Decimal(value), qualifier=qualifier, missing="", note="")
    return Citable(ref=Ref("statistics", "a"), name="b", title="乙", figure=held, unit=unit)


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "forms", "words"),
    [
        ("22018", "件", "", (), "22,018件"),
        ("22018", "件", "", ("無分隔",), "22018件"),
        ("22018", "件", "", ("萬",), "2萬2,018件"),
        ("5000000", "件", "約", ("萬",), "約500萬件"),
        ("22018", "件", "", ("萬", "不含單位"), "2萬2,018"),
        ("22018", "件", "", ("千分位",), "22,018件"),
        ("82", "位", "約", (), "約82位"),
        ("40", "間", "餘", (), "40餘間"),
        ("60", "日", "以上", (), "60日以上"),
        ("2", "次", "", ("國字",), "兩次"),
        ("2", "", "", ("國字",), "二"),
        ("8", "國", "", ("國字",), "八國"),
        ("70", "%", "", ("成",), "七成"),
        ("45", "%", "近", ("成",), "近四成五"),
        ("12.29", "%", "約", ("%",), "約12.29%"),
        ("1.50", "%", "", ("百分點",), "1.50個百分點"),
        ("0.3", "百分點", "", ("百分點",), "0.3個百分點"),
    ],
)
def test_a_figure_is_said_in_a_form(
    value: str, unit: str, qualifier: str, forms: tuple[str, ...], words: str
) -> None:
    """The number as printed, its qualifier on its side, its unit behind."""
    assert figure_words(figure(value, unit, qualifier), forms) == words


@pytest.mark.parametrize(
    ("value", "unit", "form", "detail"),
    [
        ("9999", "件", "萬", "unfit"),
        ("22018.5", "件", "萬", "unfit"),
        ("0", "件", "國字", "unfit"),
        ("1.5", "件", "國字", "unfit"),
        ("45", "件", "成", "unfit"),
        ("45.5", "%", "成", "unfit"),
        ("100", "%", "成", "unfit"),
        ("9", "%", "成", "unfit"),
        ("3", "件", "%", "unfit"),
        ("3", "件", "百分點", "unfit"),
        ("3", "件", "民國日期", "unfit"),
        ("3", "件", "億", "unknown"),
    ],
)
def test_what_a_form_cannot_say_is_a_misfit(value: str, unit: str, form: str, detail: str) -> None:
    """Nothing is rounded to fit a form."""
    with pytest.raises(FormMisfit) as caught:
        figure_words(figure(value, unit), (form,))
    assert (caught.value.detail, caught.value.form) == (detail, form)


def test_a_missing_figure_is_not_said() -> None:
    """Neither as zero nor as a sign."""
    missing = Citable(
        ref=Ref("statistics", "a"),
        name="b",
        title="乙",
        figure=Figure(value=None, qualifier="", missing="未統計", note=""),
    )
    with pytest.raises(FormMisfit) as caught:
        figure_words(missing, ())
    assert caught.value.detail == "missing"


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        ((), "105年5月6日"),
        (("民國日期",), "105年5月6日"),
        (("月日",), "5月6日"),
        (("西元日期",), "2016年5月6日"),
    ],
)
def test_a_day_is_said(forms: tuple[str, ...], words: str) -> None:
    """In the Republic's years unless the other calendar is asked for."""
    day = Citable(ref=Ref("petitions", "a"), name="as_of", title="資料日期", day=date(2016, 5, 6))
    assert figure_words(day, forms) == words


def test_no_form_changes_a_value() -> None:
    """Random figures read back from their words are what they were."""
    chance = random.Random(11)
    said_so = 0
    for _ in range(2000):
        digits = chance.randrange(1, 10**8)
        value = Decimal(digits).scaleb(-chance.choice((0, 0, 0, 1, 2)))
        unit = chance.choice(("件", "%", "百分點"))
        for form in FORMS:
            try:
                words = figure_words(figure(str(value), unit), (form, "不含單位"))
            except FormMisfit:
                continue
            assert value_of(words.replace("兩", "二")) == value, (value, form, words)
            said_so += 1
    assert said_so > 5000

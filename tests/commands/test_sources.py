"""Where a source's numerals went."""

from __future__ import annotations

import pytest
from sample_sites import ScratchSite, examine_folder

from generator.commands._source_check import Numeral, numerals_of
from generator.site.figures.mentions import Class

STATISTIC = """\
title: 檔案移交
source: 測試報告
as_of: 105-02-29
published_on: 105-05-06
columns: [{title: 數值}]
rows:
  - {title: 勞工局檔案, unit: 件, value: 22018}
  - {title: 水利局檔案, unit: 件, value: 500}
  - {title: 交流面向, value: 5}
"""
TEXT = """\
一、檔案
104年10月6日完成勞工局2萬2,018件檔案移交，水利局約500件，訪視就五大面向交流。
第14屆金檔獎有48個機關參加；市民走第2、3號出口，4樓，T5燈具。
高市府秘職第10530006500號函。
"""


@pytest.fixture
def found(scratch_site: ScratchSite) -> dict[str, Numeral]:
    """The numerals of the text by how they are written."""
    site = examine_folder(scratch_site({"statistics/archive.yaml": STATISTIC})).site
    assert site is not None
    return {numeral.text: numeral for numeral in numerals_of(TEXT, site)}


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("2萬2,018", "statistics:archive#rows.0.value"),
        ("500", "statistics:archive#rows.1.value"),
        ("五", "statistics:archive#rows.2.value"),
    ],
)
def test_a_figure_is_found_by_value_and_words(
    found: dict[str, Numeral], text: str, holder: str
) -> None:
    """Each figure leads to the field that holds it, however it is written."""
    assert (found[text].what, found[text].holder) == (Class.FIGURE, holder)


def test_a_figure_that_no_record_holds_is_forgotten(found: dict[str, Numeral]) -> None:
    """What was not carried over is said so."""
    assert found["48"].forgotten


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("104", Class.DATE),
        ("10", Class.DATE),
        ("6", Class.DATE),
        ("14", Class.ORDINAL),
        ("10530006500", Class.NAME),
    ],
)
def test_what_counts_nothing_is_no_figure(
    found: dict[str, Numeral], text: str, what: Class
) -> None:
    """Dates, ordinals and names are classed as such."""
    assert found[text].what is what


def test_a_numeral_knows_its_place(found: dict[str, Numeral]) -> None:
    """Line and column count from 1."""
    assert (found["2萬2,018"].line, found["2萬2,018"].column) == (2, 15)


def test_an_equal_number_without_common_words_holds_nothing(scratch_site: ScratchSite) -> None:
    """A bare coincidence of values is no proof."""
    site = examine_folder(scratch_site({"statistics/archive.yaml": STATISTIC})).site
    assert site is not None
    (numeral,) = numerals_of("烏魚500尾", site)
    assert numeral.forgotten

"""Names of laws and document numbers in texts: only where print shows their limits."""

from __future__ import annotations

import pytest

from generator.text.law_names import cited_laws, cited_number, document_numbers, quoted_laws


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("修正「測試市路燈管理辦法」第三條", ["測試市路燈管理辦法"]),
        ("預告「測試市路燈管理辦法部分條文修正草案」", ["測試市路燈管理辦法"]),
        ("「測試市路燈管理辦法第三條之一修正條文」", ["測試市路燈管理辦法"]),
        ("廢止「甲要點」及「乙注意事項」", ["甲要點", "乙注意事項"]),
        ("「測試市文化節」活動", []),
        ("「辦法」", []),
    ],
)
def test_laws_in_quotation_marks(text: str, names: list[str]) -> None:
    """The law alone, without what a title says of its parts."""
    assert list(quoted_laws(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("依測試市路燈管理辦法第三條辦理。", ["測試市路燈管理辦法"]),
        ("一、測試市路燈管理辦法第 12 條。", ["測試市路燈管理辦法"]),
        ("違反路燈法第五條", ["路燈法"]),
        ("依甲法第一條及乙條例第二條", ["甲法", "乙條例"]),
        ("費用徵收及分配辦法第三點", ["費用徵收及分配辦法", "分配辦法"]),
        ("路燈管理辦法修正", []),
    ],
)
def test_laws_of_which_an_article_is_cited(text: str, names: list[str]) -> None:
    """From the word that cites to the number; 及 is read both ways."""
    assert list(cited_laws(text)) == names


def test_document_numbers() -> None:
    """With ASCII digits, and without the agency's name before them."""
    text = "測試市政府測市秘字第10530006500號令，及市秘字第１０５００００１號函，第5號"
    assert list(document_numbers(text)) == ["市秘字第10530006500號", "市秘字第１０５００００１號"]
    assert cited_number("測市秘字第１０５００００１號") == "市秘字第10500001號"
    assert cited_number("第5號") == ""

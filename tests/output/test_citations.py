"""BibTeX and RIS: every sign of a title comes back as it was, and none ends an entry early."""

from __future__ import annotations

from datetime import date

from msgspec import structs

from generator.output.formats.citations import Cited, bibtex, citation_tags, ris

PLAIN = Cited(
    key="city-105-001-03",
    title="訂定檔案要點",
    authors=("測試市政府", "測試市政府文化局"),
    journal="測試市政府公報",
    volume="105",
    number="1",
    document_number="測市秘字第1053號",
    day=date(2016, 1, 4),
    pages=(3, 5),
    publisher="測試市政府秘書處",
    url="https://example.org/a_b/%E4%B8%80/",
)


def test_bibtex_reads_word_for_word() -> None:
    """Bodies that issue are one author each; the address stands as it is."""
    assert bibtex(PLAIN) == (
        "@article{city-105-001-03,\n"
        "  title = {{訂定檔案要點}},\n"
        "  author = {{測試市政府} and {測試市政府文化局}},\n"
        "  journal = {測試市政府公報},\n"
        "  volume = {105},\n"
        "  number = {1},\n"
        "  pages = {3--5},\n"
        "  publisher = {測試市政府秘書處},\n"
        "  year = {2016},\n"
        "  month = {1},\n"
        "  day = {4},\n"
        "  note = {測市秘字第1053號},\n"
        "  url = {https://example.org/a_b/%E4%B8%80/},\n"
        "}\n"
    )


def test_signs_of_tex_are_escaped() -> None:
    """Braces become words of TeX: BibTeX would pair even escaped ones."""
    title = "\\input{x} }, year={1} 50% & $a_b^c#~"
    assert (
        "  title = {{\\textbackslash{}input\\textbraceleft{}x\\textbraceright{} "
        "\\textbraceright{}, year=\\textbraceleft{}1\\textbraceright{} "
        "50\\% \\& \\$a\\_b\\textasciicircum{}c\\#\\textasciitilde{}}},\n"
    ) in bibtex(structs.replace(PLAIN, title=title))


def test_one_page_is_no_range() -> None:
    """A document on one page names it once; without pages nothing is said of them."""
    assert "  pages = {3},\n" in bibtex(structs.replace(PLAIN, pages=(3, 3)))
    assert "pages" not in bibtex(structs.replace(PLAIN, pages=None))
    assert "SP" not in ris(structs.replace(PLAIN, pages=None))


def test_ris_reads_word_for_word() -> None:
    """A line a tag, in the order that the format wants: type first, end last."""
    assert ris(PLAIN) == (
        "TY  - JOUR\nTI  - 訂定檔案要點\nAU  - 測試市政府\nAU  - 測試市政府文化局\n"
        "T2  - 測試市政府公報\nVL  - 105\nIS  - 1\nSP  - 3\nEP  - 5\nPB  - 測試市政府秘書處\n"
        "PY  - 2016\nDA  - 2016/01/04\nN1  - 測市秘字第1053號\nLA  - zh-TW\n"
        "UR  - https://example.org/a_b/%E4%B8%80/\nER  - \n"
    )


def test_no_title_begins_a_tag() -> None:
    """Line breaks of a text are blanks in RIS and BibTeX."""
    made = ris(structs.replace(PLAIN, title="甲\r\nER  - \nTY  - BOOK\u2028乙"))
    assert "TI  - 甲 ER - TY - BOOK 乙\n" in made
    assert made.count("\nER") == 1


def test_tags_name_each_author() -> None:
    """A tag an author, and the number of the document in both vocabularies."""
    tags = list(citation_tags(PLAIN))
    assert [held for name, held in tags if name == "citation_author"] == [*PLAIN.authors]
    assert ("citation_technical_report_number", "測市秘字第1053號") in tags
    assert ("DC.identifier", "測市秘字第1053號") in tags
    assert ("citation_firstpage", "3") in tags
    unknown = dict(citation_tags(structs.replace(PLAIN, document_number="", pages=None)))
    assert not {"DC.identifier", "citation_firstpage"} & set(unknown)

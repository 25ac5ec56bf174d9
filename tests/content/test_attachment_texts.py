"""Attachments are looked at for persons: numbers in their text, authors in their properties."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from papers import locked, odt, pdf, word
from sample_sites import MINIMAL, ScratchSite, build_site, examine_folder

from generator.content import attachment_texts as inside_module
from generator.content import pdf_text
from generator.content.attachment_parts import BROKEN, ENCRYPTED, LARGE, LARGEST, PARTLY, SCAN
from generator.content.attachment_texts import inside
from generator.content.messages import LANGUAGES, as_text
from generator.content.model import Inside, Problem, Severity

ENTRY = "gazette/105/105-001/01.yaml"
FOLDER = ENTRY.removesuffix(".yaml")
NUMBER, WRONG = "A123456789", "A123456788"
RUNS = "<w:p><w:r><w:t>A1234</w:t></w:r><w:r><w:t>56789</w:t></w:r></w:p>"
ENTITIES = '<!DOCTYPE a [<!ENTITY b "A123456789">]><a>&b;</a>'
"""A number in the place of a name: whoever expands it may be made to expand without end."""


def site(scratch_site: ScratchSite, files: dict[str, bytes], more: str = "") -> Path:
    """The minimal site whose entry has some attachments."""
    listed = "".join(f"  - {{path: {name}, title: 附件}}\n" for name in files)
    entry = f"{MINIMAL[ENTRY]}attachments:\n{listed}{more}"
    beside = {f"{FOLDER}/{name}": content for name, content in files.items()}
    return scratch_site({ENTRY: entry, **beside})


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, str, str]]:
    """Code, detail, file and value of each problem."""
    found = [(p.code, p.detail, p.values["file"], p.values["value"]) for p in problems]
    return sorted(found)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"受文者 {NUMBER}".encode()),
        ("a.txt", "受文者 a123-456-789".encode("utf-8-sig")),
        ("a.TXT", f"受文者 {NUMBER}".encode("utf-16")),
        ("a.csv", f"甲,{NUMBER}\n".encode("cp950")),
        ("a.docx", word(RUNS)),
        ("a.docx", word(RUNS.replace("w:t", "w:delText"))),
        ("a.docx", word("", more={"word/footer1.xml": f"<f xmlns:w='w'>{RUNS}</f>"})),
        ("a.docx", word("", more={"word/comments.xml": f"<f xmlns:w='w'>{RUNS}</f>"})),
        ("a.docx", word("<w:p><w:r><w:t>A123</w:t><w:tab/><w:t>456789</w:t></w:r></w:p>")),
        ("a.odt", odt("<text:p>A1234<text:span>56789</text:span></text:p>")),
        ("a.odt", odt("<text:h>A123<text:s/>456<text:s/>789</text:h>")),
        ("a.odt", odt("", more={"styles.xml": f"<a><p>{NUMBER}</p></a>"})),
        ("a.pdf", pdf(["a", f"b {NUMBER}"])),
        ("a.pdf", pdf(["a"], form=f"BT /F 9 Tf ({NUMBER}) Tj ET")),
        ("a.pdf", locked(pdf([NUMBER]), "", "owner")),
    ],
)
def test_a_number_is_found_in_the_text(name: str, content: bytes) -> None:
    """In every format, however the text was cut; also what was deleted, and beside the text."""
    found = inside(name, content)
    assert (found.numbers[1], found.unread) == (1, "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", word("<w:p><w:r><w:t>A12345</w:t></w:r></w:p>" * 2 + "<w:p>6789</w:p>")),
        ("a.docx", word("<w:p><w:t>A1234</w:t></w:p><w:p><w:t>56789</w:t></w:p>")),
        ("a.odt", odt("<text:p>A1234</text:p>\n<text:p>56789</text:p>")),
        ("a.txt", b"A1234\n56789"),
    ],
)
def test_paragraphs_are_apart(name: str, content: bytes) -> None:
    """What ends in one paragraph does not go on in the next."""
    assert inside(name, content) == Inside()


@pytest.mark.parametrize(
    ("name", "content", "authors"),
    [
        ("a.docx", word("", "<dc:creator>甲</dc:creator>"), ("甲",)),
        (
            "a.docx",
            word("", "<dc:creator>甲</dc:creator><cp:lastModifiedBy>乙</cp:lastModifiedBy>"),
            ("甲", "乙"),
        ),
        ("a.docx", word("", "<dc:creator> </dc:creator><dc:title>丙</dc:title>"), ()),
        ("a.odt", odt("", "<meta:initial-creator>甲</meta:initial-creator>"), ("甲",)),
        ("a.odt", odt("", "<dc:creator>甲</dc:creator><dc:date>105</dc:date>"), ("甲",)),
        ("a.pdf", pdf(["a"], "甲"), ("甲",)),
        ("a.pdf", pdf(["a"], "  "), ()),
    ],
)
def test_authors_are_found(name: str, content: bytes, authors: tuple[str, ...]) -> None:
    """Whoever made a file, and whoever changed it last; nothing else of its properties."""
    assert inside(name, content).authors == authors


def squeezed(method: int) -> bytes:
    """A DOCX whose text is packed in a way that no word processor uses."""
    held = BytesIO()
    with ZipFile(held, "w", method) as archive:
        archive.writestr("word/document.xml", "<a/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"PK\x03\x04 [Content_Types].xml", BROKEN),
        ("a.docx", word("<w:p>")[:-40], BROKEN),
        ("a.docx", word("<w:p>"), BROKEN),
        ("a.docx", word("", more={"word/document.xml": ENTITIES}), BROKEN),
        ("a.odt", odt("", more={"content.xml": ENTITIES}), BROKEN),
        ("a.odt", odt("", more={"meta.xml": ENTITIES}), BROKEN),
        ("a.docx", squeezed(ZIP_BZIP2), BROKEN),
        ("a.docx", word("<w:p/>" * 12_000_000), LARGE),
        ("a.odt", odt("", more={"styles.xml": " " * (LARGEST + 1)}), LARGE),
        ("a.odt", odt("", more={"META-INF/manifest.xml": "<m:encryption-data/>"}), ENCRYPTED),
        ("a.txt", b"\xff\xff\xff", BROKEN),
        ("a.txt", b" " * (LARGEST + 1), LARGE),
        ("a.pdf", b"%PDF-1.4 and nothing else", BROKEN),
        ("a.pdf", pdf(["a"])[:150], BROKEN),
        ("a.pdf", locked(pdf(["a"]), "password"), ENCRYPTED),
        ("a.pdf", pdf(["", ""]), SCAN),
        ("a.pdf", pdf([""], picture=True), SCAN),
        ("a.pdf", pdf(["a"] * 2, form=" " * 17_000_000), LARGE),
    ],
)
def test_what_is_not_looked_at_is_told(name: str, content: bytes, reason: str) -> None:
    """Damaged, locked, without text, or without end: no file is passed over in silence."""
    assert inside(name, content).unread == reason


def test_pages_that_are_pictures_are_named() -> None:
    """Of a file that is text and scans the pages without text are told; empty ones are not."""
    found = inside("a.pdf", pdf(["a", "", "b", ""], picture=True))
    assert (found.unread, found.pages) == (PARTLY, ("2、4"))
    assert inside("a.pdf", pdf(["a", ""])).unread == ""


def test_forms_within_forms_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page draws again and again counts each time: it is given up for its size."""
    monkeypatch.setattr(pdf_text, "_DRAWN", 400_000)
    form = "q Q " * 2500
    assert inside("a.pdf", pdf([f"a) Tj {'/X Do ' * 10} ("], form=form)).unread == ""
    assert inside("a.pdf", pdf([f"a) Tj {'/X Do ' * 80} ("], form=form)).unread == LARGE
    assert inside("a.pdf", pdf(["a"] * 40, form=form)).unread == LARGE


def test_findings_stand_at_the_attachment(scratch_site: ScratchSite) -> None:
    """A right number stops, a wrong one and an author warn, wherever the file is named."""
    files = {
        "a.csv": f"{NUMBER},{WRONG}\nB123456781,{NUMBER}".encode(),
        "b.docx": word("", "<dc:creator>承辦甲</dc:creator>"),
        "c.pdf": pdf([""]),
    }
    found = examine_folder(site(scratch_site, files, "summary: '[全文](a.csv)'\n")).problems
    both = [p for p in found if p.origin.field or p.origin.line]
    assert told(tuple(both)) == [
        ("attachment-author", "", "b.docx", "承辦甲"),
        *[("attachment-identity", "", "a.csv", NUMBER)] * 2,
        *[("attachment-identity", "mistyped", "a.csv", f"{WRONG}、B123456781")] * 2,
        ("attachment-unread", "scan", "c.pdf", ""),
    ]
    assert {p.severity for p in found if p.detail == "" and p.values["file"] == "a.csv"} == {
        Severity.ERROR
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(scratch_site: ScratchSite, language: str) -> None:
    """An editor reads which file was not looked at, and why."""
    files = {"a.pdf": locked(pdf(["a"]), "password"), "b.txt": b" " * (LARGEST + 1) + b"a"}
    found = examine_folder(site(scratch_site, files)).problems
    texts = [as_text(problem, "content", lambda *_: "", language) for problem in found]
    expected = {"zh-TW": ("設有密碼", "內容太多"), "en": ("has a password", "holds too much")}
    assert all(map(str.__contains__, texts, expected[language]))
    assert all(map(str.__contains__, texts, files))


def test_an_entry_that_must_give_numbers_may(scratch_site: ScratchSite) -> None:
    """With personal data numbers are no fault, nor is a scan; who wrote a file still is."""
    files = {
        "a.csv": f"{NUMBER},{WRONG}".encode(),
        "b.odt": odt("", "<dc:creator>承辦甲</dc:creator>"),
        "c.pdf": pdf([""]),
    }
    marked = "personal_data: true\nnonce: 00112233445566778899aabbccddeeff\n"
    found = examine_folder(site(scratch_site, files, marked)).problems
    assert told(found) == [("attachment-author", "", "b.odt", "承辦甲")]


def test_an_agency_may_be_the_author(scratch_site: ScratchSite) -> None:
    """The publisher, and whoever issued the entry, are no persons."""
    files = {
        "a.docx": word("", "<dc:creator>小市政府</dc:creator>"),
        "b.pdf": pdf(["a"], "小市政府"),
    }
    assert examine_folder(site(scratch_site, files)).problems == ()


@pytest.mark.parametrize("name", ["a.ods", "a.zip", "a.json"])
def test_of_other_formats_nothing_is_said(scratch_site: ScratchSite, name: str) -> None:
    """What is not text is published unread, as before."""
    content = {"a.json": b'"A123456789"'}.get(name, odt("<text:p>A123456789</text:p>"))
    content = content.replace(b"opendocument.text", b"opendocument.sheet")
    assert examine_folder(site(scratch_site, {name: content})).problems == ()


def test_an_unchanged_attachment_is_not_read_again(
    scratch_site: ScratchSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its bytes: a copy, another name and another text of its entry change nothing."""
    looked = list[str]()

    def noted(path: str, content: bytes) -> Inside:
        looked.append(path.rpartition("/")[2])
        return inside(path, content)

    monkeypatch.setattr(inside_module, "inside", noted)
    files = {"a.txt": b"a", "b.pdf": pdf(["a"])}
    build_site(site(scratch_site, files), tmp_path)
    assert looked == ["a.txt", "b.pdf"]
    content = site(scratch_site, {"a.txt": b"a", "c.pdf": pdf(["a"]), "d.pdf": pdf(["a"])})
    (content / FOLDER / "b.pdf").unlink()
    build_site(content, tmp_path)
    assert looked == ["a.txt", "b.pdf"]
    files = {"a.txt": b"b", "c.pdf": pdf(["a"]), "d.pdf": b"%PDF-"}
    build_site(site(scratch_site, files), tmp_path)
    assert looked == ["a.txt", "b.pdf", "a.txt", "d.pdf"]


@pytest.mark.parametrize(("name", "loaded"), [("a.txt", False), ("a.pdf", True)])
def test_what_reads_pdf_is_loaded_for_pdf_alone(
    scratch_site: ScratchSite, name: str, loaded: bool
) -> None:
    """A site without PDF does not wait for a library that it does not need."""
    content = site(scratch_site, {name: {"a.txt": b"a", "a.pdf": pdf(["a"])}[name]})
    program = (
        "import sys; from generator.commands._cli import main; "
        f"main(['check', '--content', {str(content)!r}, '--jobs', '1']); "
        "print('modules', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ("pypdf" in done.stdout.splitlines()[-1].split()) == loaded

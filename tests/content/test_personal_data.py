"""What leads to a person is told: numbers, telephones, mail, accounts, birth dates, nonces."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers import word
from sample_sites import MINIMAL, ScratchSite, examine_folder
from sealing import put, sealable, sealed

from generator.build.examine import examine
from generator.content.model import Problem, Severity
from generator.text.personal_data import details, identity_numbers

ENTRY = "gazette/105/105-001/01.yaml"
FOLDER = ENTRY.removesuffix(".yaml")
NONCE = "00112233445566778899aabbccddeeff"
MARKED = f"personal_data: true\nnonce: {NONCE}\n"
SERVICE = "    - {id: service, title: 公示送達, personal: true}\n"
NUMBERS = (
    "A123456789",
    "B287654326",  # of a woman
    "AA00000009",  # of a resident, as given until 2020
    "BD12345672",
    "A800000014",  # of a resident, as given since 2021
    "C987654321",
)
"""Numbers that nobody bears, with their check digits."""


def typed_anyhow(number: str) -> tuple[str, ...]:
    """The same number as people type it."""
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    groups = f"{number[:4]}-{number[4:7]}-{number[7:]}"
    blanks = f"{number[0]} {number[1:4]} {number[4:7]}\u3000{number[7:]}"
    return number, number.lower(), wide, wide.lower(), groups, blanks, f"{number[0]}-{number[1:]}"


def problems(scratch_site: ScratchSite, more: str = "", **values: str) -> tuple[Problem, ...]:
    """The problems of the minimal site with lines added to its entry, some fields replaced."""
    lines = MINIMAL[ENTRY].splitlines()
    kept = [line for line in lines if line.partition(":")[0] not in values]
    given = [f"{name}: {value}" for name, value in values.items()]
    return examine_folder(scratch_site({ENTRY: "\n".join((*kept, *given, more))})).problems


def codes(found: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Code and detail of each problem."""
    return [(problem.code, problem.detail) for problem in found]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_found_however_it_is_typed(number: str) -> None:
    """In small, capital and full-width letters, with blanks and hyphens: one mask for all."""
    for typed in typed_anyhow(number):
        (found,) = identity_numbers(f"受文者：{typed}。")
        assert (found.at, found.typed, found.plain) == (4, typed, number)
        assert found.checks
        assert found.masked == f"{number[:3]}*****{number[-2:]}"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mistyped_digit_is_told_apart(number: str) -> None:
    """Any other digit in a number's place makes one whose check digit is wrong."""
    for place in range(2, len(number)):
        digit = (int(number[place]) + 1) % 10
        typed = f"{number[:place]}{digit}{number[place + 1 :]}"
        assert [found.checks for found in identity_numbers(typed)] == [False]


def test_an_identity_number_stands_alone() -> None:
    """At a text's beginning, after other signs and lines; never within a longer word."""
    number = "A123456789"
    alone = (number, f"第{number}號", f"\n{number}")
    within = (f"B{number}", f"1{number}", f"Ｂ{number}", f"{number}0", f"{number}０", f"{number}a")
    assert all([*identity_numbers(text)] for text in alone)
    assert not any([*identity_numbers(text)] for text in within)


@pytest.mark.parametrize(
    "text",
    [
        "案號：A112030045",
        "標案 C111000123號",
        "小市秘字第A112030045號",
        "發票號碼 AB12345678",
        "發票 FC-01234562",  # it happens to check
        "型號A198765432",
        "檔號 A104-01-0203",
        "編號X-A104-000-123",
        "A104-000-123-01",
        "北緯N 121-41-38",
        "小段123456789地號",
        "ISBN 978-986-05-1234-5",
        "A12*****89",
    ],
)
def test_another_number_is_left_alone(text: str) -> None:
    """Numbers of cases, tenders, invoices, models, land and books are none of persons."""
    assert [*identity_numbers(text)] == []


@pytest.mark.parametrize(
    "text", ["身分證統一編號：A123456788", "居留證號碼 AA00000008", "統一證號 A123-456-788"]
)
def test_words_before_a_number_say_whose_it_is(text: str) -> None:
    """What is called an identity number is one, however it is typed."""
    assert [found.checks for found in identity_numbers(text)] == [False]


def test_a_right_number_stops_and_a_mistyped_one_warns(scratch_site: ScratchSite) -> None:
    """In texts and in names of files; an entry that must give numbers may."""
    body = "甲 a123456789、乙 A123456788"
    found = problems(scratch_site, title="名冊 Ａ１２３４５６７８９", body=body)
    assert sorted((p.code, p.detail, p.severity) for p in found) == [
        ("identity-number", "", Severity.ERROR),
        ("identity-number", "", Severity.ERROR),
        ("identity-number", "mistyped", Severity.WARNING),
    ]
    assert problems(scratch_site, MARKED, body=body) == ()


def test_a_file_is_not_called_after_a_number(scratch_site: ScratchSite) -> None:
    """The name of a file is part of its address."""
    name = "A123456789.txt"
    entry = f"{MINIMAL[ENTRY]}attachments: [{{path: {name}, title: 附件}}]\n"
    content = scratch_site({ENTRY: entry, f"{FOLDER}/{name}": "內容"})
    assert codes(examine_folder(content).problems) == [("identity-number", "")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["", "flag"]),
        ("expires_on: 120-01-01", ["flag"]),
        (MARKED, [""]),
        (f"personal_data: false\nnonce: {NONCE}\nexpires_on:", ["", "flag"]),
        (f"{MARKED}expires_on: 120-01-01", []),
    ],
)
def test_a_personal_category_demands_mark_and_day(
    scratch_site: ScratchSite, more: str, expected: list[str]
) -> None:
    """An entry of a category that `site.yaml` calls personal has both, or is refused."""
    lines = MINIMAL[ENTRY].replace("category: rule", "category: service")
    content = scratch_site({ENTRY: lines + more, "site.yaml": MINIMAL["site.yaml"] + SERVICE})
    found = examine_folder(content)
    assert codes(found.problems) == [("personal-unmarked", detail) for detail in expected]
    assert (found.site is None) == bool(expected)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("title", "公示送達第一號處分書", True),
        ("subject", "公示送達本府裁處書。", True),
        ("title", "公告辦理裁處書公示送達", True),
        ("title", "修正「公示送達作業要點」", False),
        ("subject", "訂定公示送達公告刊登注意事項。", False),
        ("body", "本件不適用公示送達之規定。", False),
    ],
)
def test_service_elsewhere_is_told(
    scratch_site: ScratchSite, field: str, text: str, told: bool
) -> None:
    """Service by publication in another category is told, a rule about it is not."""
    found = problems(scratch_site, **{field: text})
    assert [p for p in codes(found) if p[0] != "form-field"] == (
        [("personal-elsewhere", "none")] if told else []
    )
    marked = problems(scratch_site, f"{MARKED}expires_on: 120-01-01", **{field: text})
    assert [p for p in codes(marked) if p[0] != "form-field"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("電話0900-000-000", ("phone", "電話0900-000-000")),
        ("電話：（０７）０００００００", ("phone", "電話：（０７）０００００００")),
        ("手機 +886 900 000 000", ("phone", "手機 +886 900 000 000")),
        ("住所電話 2000000", ("phone", "電話 2000000")),
        ("信箱 name@example.org", ("email", "name@example.org")),
        ("ｎａｍｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", ("email", "ｎａｍｅ＠ｅｘａｍｐｌｅ．ｏｒｇ")),
        ("帳號：000-123-456789", ("account", "帳號：000-123-456789")),
        ("某某銀行甲分行 00012345678901", ("account", "銀行甲分行 00012345678901")),
        ("民國70年5月3日生", ("birth", "民國70年5月3日生")),
        ("出生年月日：1981/05/03", ("birth", "出生年月日：1981/05/03")),
        ("生於中華民國七十年五月三日", ("birth", "生於中華民國七十年五月三日")),
        ("洽本局承辦人領取，受送達人電話0900-000-000", ("phone", "電話0900-000-000")),
        ("處分機關：環境局\n電話：0900-000-000", ("phone", "電話：0900-000-000")),
        ("處分機關：環境局\n義務人某乙\n電話：07-0000000", ("phone", "電話：07-0000000")),
    ],
)
def test_what_leads_to_a_person_is_found(text: str, expected: tuple[str, str]) -> None:
    """Telephones, mail addresses, accounts and birth dates, in any width."""
    assert [(found.what, found.typed) for found in details(f"受送達人某甲，{text}。")] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "如有疑問，請洽本局裁罰科（電話：07-0000000分機12）。",
        "承辦單位聯絡電話：(07)000-0000",
        "電話：07-0000000 轉 12",
        "(二) 電話：07-0000000。\n(三) 傳真：07-0000001",
        "服務專線 0800-000-000、傳真 07-0000000",
        "電子郵件：service@kcg.gov.tw",
        "請匯入本府專戶，帳號：000012345678",
        "小市府秘字第0920010929號函",
        "Order No. 0940001468",
        "定存 276.92@40.00",
        "藥學系學生於中華民國104年7月31日前入學者",
        "（一）承辦單位：環境局\n（二）地址：某路1號\n（三）電話：07-0000000\n（四）信箱：a@example.org",
        "匯款帳戶：銀行國庫局（代號0000022），戶名：國立某館，帳號：0000-0000-0000-00",
        "自105年5月3日生效，105年6月1日生產之貨品適用",
        "事故發生日期：105年3月1日",
        "依105年1月1日生活津貼公告辦理",
    ],
)
def test_an_agency_may_say_how_it_is_reached(text: str) -> None:
    """Contact lines, payments to agencies, document numbers and other days are left alone."""
    assert [*details(text)] == []


def test_details_are_told_where_persons_are_named(scratch_site: ScratchSite) -> None:
    """Only of an entry with personal data; what stands in contact fields may be repeated."""
    body = "受送達人電話 0900-000-000。電話 07-0000000。"
    assert problems(scratch_site, body=body) == ()
    contact = (
        "comment_period: {starts_on: 105-01-05, ends_on: 105-05-05, phone: (07)000-0000, "
        "email: name@example.org}\nexplanation: 來信請寄 name@example.org。\n"
    )
    found = problems(scratch_site, MARKED + contact, body=body)
    assert [(p.code, p.detail, p.values["value"]) for p in found if p.code != "form-field"] == [
        ("personal-detail", "phone", "電話 0900-000-000")
    ]


@pytest.mark.parametrize(
    ("nonce", "expected"),
    [
        ("0" * 32, "nonce-weak"),
        ("ab" * 16, "nonce-weak"),
        ("0123456789abcdef" * 2, "nonce-weak"),
        ("0" * 31 + "1", "nonce-weak"),
        (NONCE[:31], "text-form"),
        (NONCE[:16], "text-form"),
        (NONCE * 2, "text-form"),
    ],
)
def test_a_guessable_nonce_is_refused(scratch_site: ScratchSite, nonce: str, expected: str) -> None:
    """One sign, a few, a part over and over, too short: none hides what was sealed."""
    found = problems(scratch_site, f"personal_data: true\nnonce: '{nonce}'\n")
    assert [p.code for p in found if p.stops] == [expected]


def test_a_nonce_belongs_to_one_entry(scratch_site: ScratchSite) -> None:
    """Each further entry with the nonce of another is refused, also without the mark."""

    def entry(n: int, more: str) -> str:
        return MINIMAL[ENTRY].replace("0001號", f"000{n}號") + more

    content = scratch_site(
        {
            ENTRY: entry(1, MARKED),
            ENTRY.replace("01.yaml", "02.yaml"): entry(2, f"nonce: {NONCE}\n"),
            ENTRY.replace("01.yaml", "03.yaml"): entry(3, MARKED),
            ENTRY.replace("01.yaml", "04.yaml"): entry(4, MARKED.replace("00", "01")),
        }
    )
    found = examine_folder(content).problems
    assert [(p.code, p.origin.path[-7:], p.values["other"][-7:]) for p in found] == [
        ("nonce-reused", "02.yaml", "01.yaml"),
        ("nonce-reused", "03.yaml", "01.yaml"),
    ]


def test_what_is_sealed_is_not_asked_to_change(tmp_path: Path) -> None:
    """A sealed entry may be marked as personal without a nonce; who wrote its files is out."""
    path = "gazette/105/105-001/02.yaml"
    files = {"gazette/105/105-001/02/a.docx": word("", "<dc:creator>承辦甲</dc:creator>")}
    chosen = sealable(tmp_path)
    entry = (chosen.content / path).read_text("utf-8")
    put(chosen.content, files | {path: f"{entry}attachments: [{{path: a.docx, title: 附件}}]\n"})
    assert "attachment-author" in {problem.code for problem in examine(chosen).problems}
    sealed(tmp_path)
    held = (chosen.content / path).read_text("utf-8")
    put(chosen.content, {path: f"{held}personal_data: true\n"})
    told = {problem.code for problem in examine(chosen).problems}
    assert told.isdisjoint({"attachment-author", "nonce-missing", "record-changed"})

"""What leads to a person is told: numbers, telephones, mail, accounts, birth dates, nonces."""

from __future__ import annotations

import pytest
from conftest import MINIMAL, ScratchSite, examine_folder

from generator.model import Problem, Severity
from generator.text.personal import details, identity_numbers

ENTRY = "gazette/105/105-001/01.yaml"
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
    content = scratch_site({ENTRY: entry, f"{ENTRY.removesuffix('.yaml')}/{name}": "內容"})
    assert codes(examine_folder(content).problems) == [("identity-number", "")]

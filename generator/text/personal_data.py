"""Finds personal data in a text: identity numbers, telephones, mail, accounts, birth dates.

It reads numbers as people type them: in small or full-width letters, with blanks and hyphens.
A similar number (of a case, an invoice, a model) is left alone if its form or the words before
it show what it is; a false alarm teaches editors to ignore the true ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""The letters of identity numbers in the order of their values, 10 to 35."""
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_ANY_LETTER, _ANY_DIGIT = "A-Za-zＡ-Ｚａ-ｚ", "0-9０-９"
_SIGNS = " \u00a0\u3000\u2010-\u2015\u2212－-"
_SIGN = f"[{_SIGNS}]?"
_IDENTITY = re.compile(
    f"[{_ANY_LETTER}](?<![{_ANY_LETTER}{_ANY_DIGIT}].){_SIGN}[1289１２８９A-Da-dＡ-Ｄａ-ｄ]"
    f"(?:{_SIGN}[{_ANY_DIGIT}]){{8}}(?![{_ANY_LETTER}{_ANY_DIGIT}])"
)
"""A letter; a sex, or what marks a resident, as a digit (since 2021 8 and 9) or a letter; eight
digits.  The letter comes first and the look-behind second, which makes the search fast."""
_LONGER = re.compile(f"[{_SIGNS}][{_ANY_DIGIT}]")
_PART = re.compile(f"[{_ANY_LETTER}{_ANY_DIGIT}][－-]$")
_OTHER = re.compile(
    r"(?:[案編文字型序批料貨機標單票卡器車地建]號|契約|發票|執照|證書|第|No\.?|model)"
    r"[^\n，。；;]{0,4}$",
    re.I,
)
"""Words before a number that show it to be no person's."""
_OF_PERSON = re.compile("身[分份]|居留|統一(?:編|證)|護照")
_BEFORE = 16
"""Characters before a number in which such words count."""
_PLAIN = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_PLAIN |= dict.fromkeys((*range(0x2010, 0x2016), 0x2212), 0x2D)
"""Maps full-width letters, digits and signs to half-width ones, one to one."""


class IdentityNumber(NamedTuple):
    """An identity or resident number: its place, as typed, in plain letters; its check result.

    One that fails the check has the right form, and may have a mistyped digit.
    """

    at: int
    typed: str
    plain: str
    checks: bool

    @property
    def masked(self) -> str:
        """The number as it may be published."""
        return f"{self.plain[:3]}*****{self.plain[-2:]}"


class Detail(NamedTuple):
    """Other personal data: `phone`, `email`, `account` or `birth`, its place, as typed."""

    what: str
    at: int
    typed: str


def identity_numbers(text: str) -> Iterator[IdentityNumber]:
    """Identity and resident numbers in a text, including those with a mistyped digit."""
    for match in _IDENTITY.finditer(text):
        plain = re.sub("[^0-9A-Z]", "", match[0].translate(_PLAIN).upper())
        number = IdentityNumber(match.start(), match[0], plain, _checks(plain))
        if _is_meant(number, text):
            yield number


def _checks(number: str) -> bool:
    first, second = _value(number[0]), number[1]
    # only the last digit of a second letter's value counts
    digits = (first // 10, first % 10, int(second) if second.isdigit() else _value(second) % 10)
    weighed = zip((*digits, *map(int, number[2:])), _WEIGHTS, strict=True)
    return sum(digit * weight for digit, weight in weighed) % 10 == 0


def _value(letter: str) -> int:
    return _LETTERS.index(letter) + 10


def _is_meant(number: IdentityNumber, text: str) -> bool:
    """Whether a number of the right form is probably a person's."""
    end, signs = number.at + len(number.typed), len(number.typed) - len(number.plain)
    before = text[max(0, number.at - _BEFORE) : number.at]
    if signs and (_LONGER.match(text, end) or _PART.search(before)):
        return False  # a part of a longer number
    if number.checks and number.plain[1].isdigit():
        return True
    if _OF_PERSON.search(before):
        return True
    # invoices have two letters and eight digits too; case numbers often have a letter and nine
    other = _OTHER.search(before) or text.startswith("號", end)
    return (number.checks or signs <= 1) and not other


_NUMBER = r"[0-9](?:[- ]?[0-9])"
_DAY = (
    r"(?:民國|西元)? ?(?:[0-9]{2,4}|[〇○零一二三四五六七八九十百]{2,5}) ?[年./-] ?"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?[月./-] ?"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3}) ?日?"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
    r"\.[A-Za-z]{2,63}"
)
_DETAILS = (
    (
        "birth",
        re.compile(
            rf"(?:出生|(?<![發產])生日|(?<![\u4e00-\u9fff])生於)[^0-9\n]{{0,8}}?(?:{_DAY}|[0-9]{{6,8}}(?![0-9]))"
            rf"|(?<![0-9]){_DAY} ?(?:出生|誕生|生(?![效產前活日]))"
        ),
    ),
    (
        "account",
        re.compile(
            rf"(?:帳號|帳戶|account(?: no\.?)?)[^0-9\n]{{0,12}}{_NUMBER}{{6,15}}(?![0-9])"
            rf"|(?:銀行|郵局|分行|農會|漁會|合作社)[^0-9\n]{{0,12}}{_NUMBER}{{9,15}}(?![0-9])",
            re.I,
        ),
    ),
    ("email", _MAIL),
    (
        "phone",
        re.compile(
            r"(?<![0-9第])(?<!No\. )(?:\+?886[- ]?|\(?0)9[0-9]{2}\)?[- ]?[0-9]{3}[- ]?[0-9]{3}"
            r"(?![0-9號])"
            r"|(?<![0-9第])\(?0[2-8][0-9]{0,2}\)?[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}(?![0-9號])"
            r"|(?:電話|手機)[^0-9\n]{0,6}[0-9](?:[-() ]{0,2}[0-9]){6,12}(?![0-9號])"
        ),
    ),
)
"""Patterns in half-width letters, in order: digits that one matches are skipped by the next."""
_CLAUSE = re.compile(r"[^\n。；;]+")
_AGENCY = re.compile(
    "承辦|單位|機關|政府|公所|國立|洽|專線|總機|傳真|專戶|[公市縣國]庫|劃撥|繳[款納]|本[府局處會所部署院校司中行]"
)
"""Words before a number that an agency gives its readers: whom to ask, where to pay."""
_EXTENSION = re.compile(r" ?[,，(]? ?(?:分機|轉 ?[0-9]|#)|[。;,、\s]{0,3}(?:\(.\)|[0-9]\.)? ?傳真")
"""Words after an office's telephone number that a person's does not have."""
_OF_PARTY = re.compile("受送達人|當事人|義務人|受處分人|[聲申]請人|原告|被告|住址|住居所|戶籍")
_NEAR, _FAR = 30, 80
"""Characters before a number in which the name of an agency makes it the agency's; `_FAR` covers
the lines of a list of address, telephone and mail, and does not apply to mobile telephones."""
_MOBILE = re.compile(r"(?:886|0)[- )]*9")
_PUBLIC = re.compile(r"@(?:[A-Za-z0-9-]+\.)*(?:gov|mil)\.tw$", re.I)


def details(text: str) -> Iterator[Detail]:
    """Personal data in a text except identity numbers and agencies' own numbers."""
    plain = text.translate(_PLAIN)
    for clause in _CLAUSE.finditer(plain):
        used = set[int]()
        for what, pattern in _DETAILS:
            for match in pattern.finditer(plain, *clause.span()):
                span = {*range(*match.span())}
                if used.isdisjoint(span) and not _of_agency(what, match, clause.start()):
                    yield Detail(what, match.start(), text[match.start() : match.end()])
                used |= span


def _of_agency(what: str, match: re.Match[str], start: int) -> bool:
    """Whether a number or an address is an agency's own, for its readers.

    `start` is the beginning of the clause.
    """
    if what == "birth":
        return False
    far = what in ("phone", "email") and not _MOBILE.search(match[0])
    first = max(0, match.start() - _FAR) if far else max(start, match.start() - _NEAR)
    agency = _AGENCY.search(_OF_PARTY.split(match.string[first : match.end()])[-1])
    after = _EXTENSION.match(match.string, match.end())
    return bool(agency or after or _PUBLIC.search(match[0]))

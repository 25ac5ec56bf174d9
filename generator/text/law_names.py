"""Finds names of laws and document numbers in official texts.

A name is found only where print shows its limits: in quotation marks, or between a word such as 依
and the number of an article.  Callers look the names up, so a wrong guess finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.text.legal_text import LAW_ENDS
from generator.text.numerals import WIDE_DIGITS

_QUOTED = re.compile("「([^「」\n]{3,60})」")
_RESTRICTION = re.compile(
    "(?:部分(?:條文|規定)|第[^「」]*[條點章](?:之[〇零一二三四五六七八九十0-9]+)?(?:條文|規定)?)?"
    "(?:修正|草案|條文|規定|總說明|對照表)*$"
)
"""What a title adds to the name of a law: 部分條文修正草案."""
_CITED_ARTICLE = re.compile("第[ \u3000]*[〇零一二三四五六七八九十百0-9０-９]+[ \u3000]*[條點]")
_CITED_ENDS = ("法", "條例", "細則", "規則", "辦法", "要點", "標準", "準則", "規程", "通則")
_NO_NAME = re.compile(
    ".*(?:[^\u4e00-\u9fff]|依據|依照|按照|依|違反|準用|適用|暨|係為|所稱"
    "|第[〇零一二三四五六七八九十百]+[條項款目點])[及與或]?",
    re.S,
)
"""What stands before a name; only the last of these words ends where the name begins."""
_JOINED = re.compile(".*[及與或]", re.S)
"""及 joins two laws, or stands in the name of one: both readings are names."""
_LONGEST = 40
_NUMBERED = re.compile("字第[0-9A-Za-z０-９]{5,15}號")


def quoted_laws(text: str) -> Iterator[str]:
    """The laws that a text names in quotation marks, without restrictions to some articles."""
    for match in _QUOTED.finditer(text):
        name = match[1]
        if not name.endswith(LAW_ENDS):
            name = _RESTRICTION.sub("", name)
        if name.endswith(LAW_ENDS):
            yield name


def cited_laws(text: str) -> Iterator[str]:
    """The laws of which a text cites an article without quotation marks."""
    for match in _CITED_ARTICLE.finditer(text):
        end = match.start()
        if text.endswith(_CITED_ENDS, 0, end):
            name = _NO_NAME.sub("", text[max(0, end - _LONGEST) : end])
            yield from dict.fromkeys((name, _JOINED.sub("", name)))


def document_numbers(text: str) -> Iterator[str]:
    """The document numbers of a text, each from the second character before 字 on.

    Texts write a number right behind the agency's name, so that its beginning cannot be told.
    """
    for match in _NUMBERED.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        if len(before) == 2 and all("\u4e00" <= sign <= "\u9fff" for sign in before):  # noqa: PLR2004
            yield before + match[0]


def number_key(number: str) -> str:
    """A document number with ASCII digits, as `document_numbers` finds it; "" if it cannot."""
    return next(document_numbers(number), "").translate(WIDE_DIGITS)

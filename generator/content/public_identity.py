"""What a government's site says of itself: contact, licence, links, logo, colours, marks.

All of it is optional on a demonstration; `official: true` wants the most of it, which
`site.official` checks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from generator.content.field_types import Choice, Choices, Many, Pattern, Reading, Schema, Text
from generator.content.model import MappingNode, Node, ScalarNode
from generator.content.record import Group, described, group
from generator.content.value_types import Address, Day, FileName
from generator.text.contrast import HEAD_TEXTS, TEXTS

MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Licence(Struct, frozen=True, kw_only=True):
    """A licence under which a site's content may be used, by its SPDX identifier."""

    id: str
    title: str
    title_en: str
    url: str


LICENCES: Mapping[str, Licence] = {
    licence.id: licence
    for licence in (
        Licence(
            id="OGDL-Taiwan-1.0",
            title="政府資料開放授權條款－第1版",
            title_en="Open Government Data License, version 1.0",
            url="https://data.gov.tw/license",
        ),
        Licence(
            id="CC-BY-4.0",
            title="創用CC 姓名標示 4.0 國際",
            title_en="Creative Commons Attribution 4.0 International",
            url="https://creativecommons.org/licenses/by/4.0/",
        ),
        Licence(
            id="CC0-1.0",
            title="CC0 1.0 通用",
            title_en="CC0 1.0 Universal",
            url="https://creativecommons.org/publicdomain/zero/1.0/",
        ),
    )
}
"""The licences that a site may choose."""
LICENCE = Choice({licence.id: licence.title for licence in LICENCES.values()})


@group
class Contact:
    """Where readers reach the office, and where they report a mistake."""

    unit: str = described(Text(maximum=120), "承辦單位")
    address: str = described(Text(maximum=200), "地址")
    telephone: str = described(Text(maximum=60), "電話")
    fax: str = described(Text(maximum=60), "傳真")
    mail: str = described(Pattern(MAIL, "email"), "電子信箱")
    hours: str = described(Text(maximum=120), "服務時間")
    report: str = described(
        Address(), "回報錯誤的表單", "表單的網址，程式在後面接上網頁的網址，例如以 ?page= 結尾"
    )
    note: str = described(Text(lines=True), "說明")

    @property
    def text(self) -> str:
        """All of it as one text."""
        parts = (self.unit, self.note, self.address, self.telephone, self.fax, self.mail)
        return "，".join(filter(None, (*parts, self.hours)))


@dataclass(frozen=True)
class ContactType(Group):
    """Contact data in fields, or as one text."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The contact data, or None after a report."""
        if isinstance(node, ScalarNode):
            name = ScalarNode(text="note", origin=node.origin)
            node = MappingNode(pairs=((name, node),), origin=node.origin)
        return super().read(node, reading)

    def schema(self, choices: Choices) -> Schema:
        """An object of the fields, or a text."""
        return {**super().schema(choices), "type": ["object", "string"]}


@group
class FootLink:
    """A link in the foot of each page."""

    title: str = described(Text(maximum=60), "名稱", required=True)
    title_en: str = described(Text(maximum=120), "英文名稱")
    url: str = described(Address(), "網址", required=True)


class Colour(Pattern):
    """A colour by its hexadecimal code; its value has small letters."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The colour, or None after a report."""
        typed = super().read_scalar(node, reading)
        return typed and typed.lower()


_COLOUR = Colour(re.compile("#[0-9A-Fa-f]{6}"), "colour")


@group
class Colours:
    """The site's own colours, each with one for dark screens; the others are the theme's."""

    accent: str = described(_COLOUR, "重點色", "例如 '#9c2a1f'，要加引號；不寫的顏色維持原樣")
    accent_dark: str = described(_COLOUR, "深色畫面的重點色")
    link: str = described(_COLOUR, "連結色")
    link_dark: str = described(_COLOUR, "深色畫面的連結色")
    head: str = described(
        _COLOUR, "頁首底色", "也是按鈕與月曆的底色，白字在上面要看得清楚，例如 '#17324d'"
    )

    @property
    def pairs(self) -> tuple[tuple[str, str, str], ...]:
        """By role, the colour on light screens and that on dark ones.

        Buttons and days of calendars have the colours of the head.
        """
        own = [
            (role, light or TEXTS[role][0], dark or TEXTS[role][1])
            for role, light, dark in self.texts
            if light or dark
        ]
        if self.head:
            white = HEAD_TEXTS[0]
            own += [(role, self.head, self.head) for role in ("head", "brand")]
            own.append(("on-brand", white, white))
        return tuple(own)

    @property
    def texts(self) -> tuple[tuple[str, str, str], ...]:
        """The same for the colours of text."""
        return ("accent", self.accent, self.accent_dark), ("link", self.link, self.link_dark)


@group
class AccessibilityMark:
    """The mark of the authority that has tested the site's accessibility."""

    picture: str = described(
        FileName(), "標章圖檔", "static 資料夾裡的檔案，88×31 像素，不得改動", required=True
    )
    title: str = described(
        Text(maximum=120), "替代文字", "例如「通過 AA 檢測等級無障礙網頁檢測」", required=True
    )
    url: str = described(Address(), "標章的連結", required=True)
    until: dt.date | None = described(Day(), "有效期限", required=True)


@group
class OpenData:
    """What data.gov.tw asks of each data set and no record says."""

    category: str = described(Text(maximum=60), "服務分類", "data.gov.tw 的分類，例如 公共資訊")
    frequency: str = described(Text(maximum=60), "更新頻率", "例如 不定期更新、每週")


LINKS = Many(Group(FootLink), key="url")
NO_OPEN_DATA = OpenData(category="", frequency="")
_NUMBER = re.compile(r"[+(]?[0-9](?:[-() ]{0,2}[0-9]){5,14}")


def telephone_link(text: str) -> str:
    """The link that dials a number as typed, without what follows it; "" for any other text."""
    number = _NUMBER.match(text)
    return "tel:" + re.sub("[^0-9+]", "", number[0]) if number else ""

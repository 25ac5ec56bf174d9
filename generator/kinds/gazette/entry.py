"""The entry: one document of a gazette issue, with every field that an editor may write.

Names, numbers and texts are kept as printed; derived values are computed in other modules.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from generator.content.field_types import Choice, Many, Pattern, Prose, SiteChoice, Text
from generator.content.model import Ref
from generator.content.outline import Outline, Outlined
from generator.content.record import Group, Record, described, group
from generator.content.value_types import Address, Day, FileName, Reference, Whole
from generator.kinds.gazette.issue import issue_rank

FORMS = {
    "order": "令",
    "announcement": "公告",
    "letter": "函",
    "notice": "書函",
    "decision": "決定書",
    "other": "其他",
}
SUBJECT_FORMS = ("announcement", "letter", "notice")
RELATIONS = {
    "amends": "修正",
    "repeals": "廢止",
    "corrects": "更正",
    "replaces": "取代",
    "enacts": "訂定",
    "extends": "延長",
    "withdraws": "撤回",
    "implements": "執行",
    "cites": "引用",
    "draft_of": "為草案",
}
RELATIONS_BACK = {
    "amends": "修正本則",
    "repeals": "廢止本則",
    "corrects": "更正本則",
    "replaces": "取代本則",
    "enacts": "訂定本則",
    "extends": "延長期間",
    "withdraws": "撤回本則",
    "implements": "執行本則",
    "cites": "引用本則",
    "draft_of": "草案預告",
}
BASES = {"promulgation": "自發布日", "publication": "自刊登公報日", "unknown": "未定"}
COUNTING = {"third_day": "發布日起算至第三日生效", "same_day": "發布當日生效"}
ENTRY_KIND = "gazette"


@group
class Effective:
    """When a document, or a part of it, takes effect."""

    date: dt.date | None = described(Day(), "生效日期")
    from_: str = described(Choice(BASES), "起算")
    counting: str = described(Choice(COUNTING), "起算方式")
    until: dt.date | None = described(Day(), "有效期間末日", "定有施行期間者，最後一日")
    scope: str = described(Text(), "適用範圍")
    note: str = described(Text(lines=True), "說明")


@group
class CommentPeriod:
    """The time in which the public may comment on a draft."""

    starts_on: dt.date = described(Day(), "開始日期", required=True)
    ends_on: dt.date = described(Day(), "截止日期", required=True)
    days: int | None = described(Whole(minimum=1), "天數")
    reason: str = described(Text(lines=True), "縮短期間的理由")
    office: str = described(Text(), "承辦單位")
    phone: str = described(Text(maximum=60), "電話")
    email: str = described(
        Pattern(re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "email"),
        "電子郵件",
    )
    url: str = described(Address(), "網址")


@group
class Relation:
    """What a document does to another one, by its id or, if it is not on this site, a citation."""

    type: str = described(Choice(RELATIONS), "關係", required=True)
    target: Ref | None = described(Reference(ENTRY_KIND), "對象")
    citation: str = described(Text(), "引用文字")
    digest: str = described(Pattern(re.compile("[0-9a-f]{64}"), "digest"), "對象的雜湊值")
    articles: tuple[str, ...] = described(Many(Text()), "條次")
    wrong: str = described(Text(lines=True), "誤")
    right: str = described(Text(lines=True), "正")
    until: dt.date | None = described(Day(), "延長至", "延長（extends）後的最後一日")
    note: str = described(Text(lines=True), "說明")


@group
class PrintedPages:
    """The pages of a document in the printed issue."""

    first: int = described(Whole(minimum=1), "起頁", required=True)
    last: int | None = described(Whole(minimum=1), "迄頁")


@group
class Attachment:
    """A file beside the entry, or one elsewhere; size, digest and media type are derived."""

    path: str = described(FileName(), "檔名")
    url: str = described(Address(), "網址")
    title: str = described(Text(), "名稱", required=True)
    availability: str = described(Text(), "取得方式")


@group
class GazetteEntry(Record):
    """One document as it was published."""

    title: str = described(Text(4, 600), "標題", required=True)
    category: str = described(SiteChoice("categories"), "類別", required=True)
    form: str = described(Choice(FORMS), "文別", required=True)
    issuers: tuple[Ref, ...] = described(
        Many(Reference("agencies"), unique=True), "發文機關", "主辦機關在前", required=True
    )
    document_numbers: tuple[str, ...] = described(
        Many(Text(maximum=120), unique=True), "發文字號", "依刊載文字；除「其他」外必填"
    )
    dispatch_date: dt.date | None = described(Day(), "發文日期", required=True)
    subject: str = described(Text(lines=True), "主旨")
    basis: Outline = described(Outlined(), "依據")
    items: Outline = described(Outlined(), "公告事項")
    explanation: Outline = described(Outlined(), "說明")
    method: Outline = described(Outlined(), "辦法")
    body: str = described(Text(lines=True), "內文", "依輸入呈現")
    markdown: str = described(Prose(), "內文（Markdown）")
    effective: tuple[Effective, ...] = described(Many(Group(Effective)), "生效")
    comment_period: CommentPeriod | None = described(Group(CommentPeriod), "徵求意見期間")
    relations: tuple[Relation, ...] = described(Many(Group(Relation)), "關聯")
    pages: PrintedPages | None = described(Group(PrintedPages), "頁次")
    attachments: tuple[Attachment, ...] = described(Many(Group(Attachment)), "附件")
    keywords: tuple[str, ...] = described(Many(Text(maximum=300), unique=True), "關鍵字")
    topics: tuple[str, ...] = described(Many(SiteChoice("topics"), unique=True), "主題")
    title_en: str = described(Text(maximum=3000), "英文標題")
    summary: str = described(Prose(), "摘要")
    summary_en: str = described(Prose(), "英文摘要")
    nonce: str = described(
        Pattern(re.compile("[0-9a-f]{32}"), "nonce"),
        "隨機值",
        "含個人資料時必填，32 個十六進位字元",
    )

    @property
    def form_name(self) -> str:
        """The form in words."""
        return FORMS[self.form]

    @property
    def issue(self) -> Ref:
        """The issue that the entry belongs to."""
        return _issue(self.id.rpartition("-")[0])

    @property
    def parts_of(self) -> tuple[Ref, ...]:
        """The issue, found from the folder."""
        return (self.issue,)

    @property
    def sequence(self) -> int:
        """The place within the issue, from 1."""
        return int(self.id.rpartition("-")[2])

    @property
    def address(self) -> str:
        """The entry's page."""
        return entry_address(self.id)


def entry_address(id_: str) -> str:
    """The address of an entry's page, by the entry's id."""
    issue, _, sequence = id_.rpartition("-")
    return f"gazette/{issue.partition('-')[0]}/{issue}/{sequence}/"


@cache
def _issue(issue_id: str) -> Ref:
    """The reference to an issue; cached because every entry is asked for it a dozen times."""
    return Ref("issues", issue_id)


def entry_order(entry: GazetteEntry) -> tuple[int, str, int, int, str]:
    """Entries by volume, series, number and sequence."""
    return *issue_rank(entry.issue.id), entry.sequence, entry.id

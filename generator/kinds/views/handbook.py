"""The handbook of every site: chapters for clerks and operators, all fields, all messages.

The chapters are Markdown templates in `templates/handbook/`; where they can they use the site's
own agencies, categories and entries.  The handbook is for whoever works on the site, not for its
readers: the foot of each page and messages lead to it, and it is `private`, so that neither the
sitemap nor search engines list it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from markupsafe import Markup
from msgspec import Struct

from generator.content.field_types import FieldType, Many
from generator.content.files import SITE_FILE
from generator.content.messages import Example, messages
from generator.content.messages import examples as all_examples
from generator.content.model import Breadcrumb, Entrance, Page, Ref
from generator.content.record import FieldSpec, Group, Record, specs
from generator.content.settings import DRAFT, Settings
from generator.kinds.agencies.kind import Agency
from generator.kinds.gazette.entry import ENTRY_KIND
from generator.site.json_schema import SITE
from generator.site.kind import Kind, Site, View
from generator.site.listing import Row, RowGroup
from generator.site.starter import hint

INDEX = "handbook/"
LABEL = "編輯手冊"
_HANDBOOK = Breadcrumb(title=LABEL, address=INDEX)


class Chapter(Struct, frozen=True, kw_only=True):
    """A chapter: its name in the address and of its file, title, description."""

    name: str
    title: str
    description: str

    @property
    def address(self) -> str:
        """The address of its page."""
        return f"{INDEX}{self.name}/" if self.name else INDEX

    @property
    def template(self) -> str:
        """Its text, a template of Markdown."""
        return f"handbook/{self.name}.md"


CLERKS = (
    Chapter(
        name="start",
        title="十分鐘刊登第一則",
        description="從取得檔案到看見網頁，第一次刊登公報的步驟",
    ),
    Chapter(
        name="kinds",
        title="各類資料怎麼寫",
        description="公報、國際交流、夥伴城市、統計、機關與說明頁的範例",
    ),
    Chapter(
        name="dates",
        title="日期、數字與沒有記載的欄位",
        description="日期與數字的寫法，來源沒有記載時怎麼辦",
    ),
    Chapter(
        name="publication",
        title="刊登日期、草稿與下架",
        description="哪一天公開、公開以前誰看得到、到期以後網址怎麼辦",
    ),
    Chapter(
        name="relations",
        title="關聯與更正",
        description="修正、廢止與更正怎麼寫，已刊登的內容如何修改",
    ),
    Chapter(
        name="personal",
        title="個人資料",
        description="公示送達等含個人資料的公報，證號的遮蔽，附件的檢查",
    ),
    Chapter(
        name="figures",
        title="統計的核算與目標",
        description="合計、占比、增減、平均與上下限怎麼宣告，目標怎麼寫，公布後的數值怎麼改",
    ),
    Chapter(
        name="reports",
        title="報告怎麼寫",
        description="報告的檔案、引用統計的數字、表與清單、沒有出處的數字",
    ),
    Chapter(
        name="meetings",
        title="會議與裁示事項",
        description="議程與紀錄哪一天公開，密件怎麼辦，裁示事項的期限、展延與辦結",
    ),
    Chapter(
        name="static",
        title="附件、圖片與其他檔案",
        description="收哪些檔案、放在哪裡、檔名與網址，以及網站設定檔",
    ),
    Chapter(
        name="messages",
        title="訊息看不懂時",
        description="檢查訊息的讀法，以及最常見的情形",
    ),
)
OPERATORS = (
    Chapter(
        name="own-site",
        title="建立自己的網站",
        description="安裝程式，以 gongbao init 建立一個機關的網站",
    ),
    Chapter(
        name="import",
        title="匯入舊資料",
        description="把其他系統的公報轉成內容資料夾，欄位對照與舊網址",
    ),
    Chapter(
        name="going-live",
        title="正式上線",
        description="上線前的檢查、每日建立網站、上線之後的工作",
    ),
    Chapter(
        name="hosting",
        title="主機與標頭",
        description="靜態主機、nginx 與物件儲存的設定，安全標頭、快取與轉址",
    ),
    Chapter(
        name="feeds",
        title="訂閱來源與推播",
        description="讀者怎麼訂閱，有哪些訂閱來源與存檔，怎麼即時推播",
    ),
    Chapter(
        name="releases",
        title="發布、退回與重建",
        description="讀者何時看到新版，如何退回，重建時哪些會重做",
    ),
    Chapter(
        name="newsletter",
        title="電子報",
        description="每期與每週的電子報，交給郵件論壇，或以 gongbao mail 寄給訂戶",
    ),
    Chapter(
        name="record",
        title="封存、簽署與查驗",
        description="封存紀錄、金鑰、遮蔽，以及任何人都能做的查驗",
    ),
    Chapter(
        name="security",
        title="安全承諾",
        description="對編輯者、主機與轉載者，程式保證什麼，不保證什麼",
    ),
    Chapter(
        name="costs",
        title="建立網站的時間與叢集",
        description="一萬則與十萬則公報的實測，如何自行量測，使用 Dask 叢集",
    ),
)
LISTS = (
    Chapter(
        name="fields",
        title="欄位說明",
        description="每一種內容檔案的欄位、寫法與是否必填",
    ),
    Chapter(
        name="codes",
        title="檢查訊息一覽",
        description="每一種檢查訊息的意思、錯誤寫法與正確寫法",
    ),
)


class OwnExample(Struct, frozen=True, kw_only=True):
    """The site's newest record of a kind, as an example: its file and its page."""

    label: str
    ref: Ref
    path: str
    title: str
    address: str


class FieldRow(Struct, frozen=True, kw_only=True):
    """A field in a table; those of a group follow it with a higher `depth`."""

    name: str
    title: str
    required: bool
    hint: str
    depth: int


class FieldTable(Struct, frozen=True, kw_only=True):
    """The fields of a kind of file."""

    anchor: str
    title: str
    files: str
    rows: tuple[FieldRow, ...]


class CodeRow(Struct, frozen=True, kw_only=True):
    """A problem code with its messages, and an example of the mistake."""

    code: str
    wordings: tuple[tuple[str, str], ...]
    example: Example


def _pages(site: Site) -> Iterator[Page]:
    """The index, the chapters, and two lists whose context rendering computes.

    These two depend on program and settings alone.
    """
    if not site.settings.handbook:
        return
    index = Chapter(name="", title=LABEL, description=f"{site.settings.title}的編輯與管理方法")
    groups = tuple(RowGroup(heading=heading, rows=_rows_of(own)) for heading, own in _PARTS)
    intro = "給編輯與管理本站的同仁。選單、搜尋與網站地圖都不列這幾頁。"
    yield _page(index, "listing.html", {"groups": groups, "intro": intro, "years": ()})
    examples = tuple(_examples(site))
    own = _own_words(site)
    newest = next((e.ref.id for e in examples if e.ref.kind == ENTRY_KIND), "105-001-01")
    for chapter in (*CLERKS, *OPERATORS):
        shown = examples if chapter.name in _WITH_EXAMPLES else ()
        # the others stay as they are when an entry is published
        words = {**own, "newest": Markup(newest)} if chapter.name in _WITH_NEWEST else own  # noqa: S704
        context = {"text": chapter.template, "own": words, "examples": shown}
        yield _page(chapter, "handbook-chapter.html", context)
    fields, codes = LISTS
    tables = {"tables": partial(_tables, site), "shared": partial(_rows, Record, site)}
    yield _page(fields, "handbook-fields.html", tables)
    yield _page(codes, "handbook-codes.html", {"rows": _codes})


_PARTS = (("編輯", CLERKS), ("查閱", LISTS), ("管理", OPERATORS))
_WITH_EXAMPLES = ("start", "kinds")
_WITH_NEWEST = ("relations", "record")


def _rows_of(chapters: Iterable[Chapter]) -> tuple[Row, ...]:
    return tuple(Row(title=c.title, address=c.address, note=c.description) for c in chapters)


def _page(chapter: Chapter, template: str, context: Mapping[str, object]) -> Page:
    return Page(
        address=chapter.address,
        template=template,
        title=chapter.title,
        description=chapter.description,
        updated=None,  # no sitemap lists it, and a new entry leaves it as it is
        breadcrumbs=(_HANDBOOK,) if chapter.name else (),
        private=True,
        context=context,
    )


def _own_words(site: Site) -> Mapping[str, str]:
    """What the site has itself for the examples in the chapters; a neutral word for what it lacks.

    A category is found by a word that its name commonly has: no id is the same on all sites.
    """
    agencies = [agency.id for agency in site.archive.of(Agency)]
    settings = site.settings
    words = {
        "agency": agencies[0] if agencies else "city",
        "other_agency": agencies[1] if len(agencies) > 1 else "secretariat",
        "issue": f"106-{1:0{settings.gazette.number_width}d}",
        "base_url": settings.base_url,
        "body": settings.bodies[0].id if settings.bodies else "council",
        "draft": next((c.id for c in settings.gazette.categories if c.nature == DRAFT), "draft"),
        "personal": next((c.id for c in settings.gazette.categories if c.personal), "service"),
    }
    words |= {name: _category(word, settings) for name, word in _CATEGORY_WORDS.items()}
    # their place is Markdown, whose renderer escapes them
    return {name: Markup(word) for name, word in words.items()}  # noqa: S704 -- see above


_CATEGORY_WORDS = {
    "rule": "規則",
    "notice": "公告",
    "staff": "人事",
    "errata": "更正",
}


def _category(word: str, settings: Settings) -> str:
    plain = [category for category in settings.gazette.categories if not category.personal]
    named = [category.id for category in plain if word in category.title]
    return next(iter((*named, *(category.id for category in plain))), "rule")


def _examples(site: Site) -> Iterator[OwnExample]:
    """The newest record of each kind that has pages of its own; none with personal data."""
    for kind in site.kinds:
        records = site.records(kind) if kind.page else ()
        newest = site.newest(record for record in records if not record.personal_data)
        if newest:
            yield OwnExample(
                label=kind.label,
                ref=newest[0].ref,
                path=f"content/{newest[0].origin.path}",
                title=site.title(newest[0]),
                address=site.address(newest[0]),
            )


def _tables(site: Site) -> tuple[FieldTable, ...]:
    settings = FieldTable(
        anchor=SITE, title="網站設定", files=SITE_FILE, rows=tuple(_rows(Settings, site))
    )
    kinds = (
        FieldTable(
            anchor=kind.name, title=kind.label, files=kind.glob, rows=tuple(_own(kind, site))
        )
        for kind in site.kinds
    )
    return (settings, *kinds)


def _own(kind: Kind, site: Site) -> Iterator[FieldRow]:
    """The fields of a kind, without those of all kinds unless this one requires them."""
    shared = {spec.name for spec in specs(Record)}
    needed = {spec.name for spec in specs(kind.record_type) if spec.required}
    for row in _rows(kind.record_type, site):
        if row.depth or row.name not in shared or row.name in needed:
            yield row


def _rows(cls: type, site: Site, depth: int = 0) -> list[FieldRow]:
    rows: list[FieldRow] = []
    for spec in specs(cls):
        rows.append(_row(spec, site, depth))
        inner = _group_of(spec.type)
        if inner and not (depth == 0 and spec.name == "revisions" and cls is not Record):
            rows += _rows(inner, site, depth + 1)
    return rows


def _row(spec: FieldSpec, site: Site, depth: int) -> FieldRow:
    return FieldRow(
        name=spec.name,
        title=spec.title,
        required=spec.required,
        hint=hint(spec, site.settings.choices),
        depth=depth,
    )


def _group_of(type_: FieldType) -> type | None:
    inner = type_.inner if isinstance(type_, Many) else type_
    return inner.cls if isinstance(inner, Group) else None


def _codes() -> Iterator[CodeRow]:
    wordings_by_code = messages("zh-TW")
    for example in all_examples():
        wordings = tuple(
            (_general(wording.sentence), _general(wording.remedy))
            for code, wording in wordings_by_code.items()
            if code.partition("/")[0] == example.code
        )
        yield CodeRow(code=example.code, wordings=wordings, example=example)


def _general(words: str) -> str:
    """A message with … in place of a problem's values."""
    return words.format_map(defaultdict(lambda: "…"))


VIEW = View(
    name="handbook",
    label=LABEL,
    label_en="Handbook for editors",
    pages=_pages,
    entrances=(
        Entrance(label=LABEL, address=INDEX),
        *(Entrance(label=c.title, address=c.address) for c in (*CLERKS, *LISTS, *OPERATORS)),
    ),
    has=lambda settings: settings.handbook,
    unlisted=True,
)

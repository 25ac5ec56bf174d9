"""The site's settings, from `content/site.yaml`: name, address, publisher, word lists.

Every other stage needs them, so that they are read first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from generator.content.field_types import Choice, Many, Pattern, Reading, Text
from generator.content.files import SITE_FILE, odd_problem
from generator.content.model import MappingNode, Node, Origin, Problem
from generator.content.public_identity import (
    LICENCE,
    LICENCES,
    LINKS,
    MAIL,
    AccessibilityMark,
    Colours,
    Contact,
    ContactType,
    FootLink,
    Licence,
    OpenData,
)
from generator.content.record import Group, described, group, leaves, read_group
from generator.content.safe_open import Replaced, odd_at, open_below
from generator.content.value_types import Address, Day, FileName, Flag, Whole
from generator.content.yaml_reader import SIZE_LIMIT, read_tree
from generator.text.contrast import GROUNDS, HEAD_TEXTS, LEGIBLE, contrast
from generator.text.public_key import NoteFault, read_verifier
from generator.text.sample_texts import UNFILLED
from generator.text.urls import CHINESE, ENGLISH

MEGABYTE = 1024 * 1024
FORMAT = 1
"""The version of the content format that this program reads; `site.yaml` names that of a site.

It grows when files of the present format would mean something else or be refused.
"""
ATTACHMENT_LIMIT = 100
"""The most megabytes of a file beside a record, unless the settings give another limit."""


@group
class Word:
    """A word that records choose by its id, and its names for readers."""

    id: str = described(Pattern(), "代碼", required=True)
    title: str = described(Text(), "名稱", required=True)
    title_en: str = described(Text(), "英文名稱")


NORM, DRAFT, MISC = "norm", "draft", "misc"


@group
class Category(Word):
    """A category of gazette entries; `personal` ones name persons, as in service by publication.

    Rules and metadata depend on the `nature` of a category, never on its id, which is the site's.
    """

    nature: str = described(
        Choice({NORM: "法規", DRAFT: "草案預告", MISC: "其他"}),
        "性質",
        "norm 是法規與行政規則；draft 須寫徵求意見期間，還不生效；misc 可以沒有發文字號；"
        "一般公文不寫",
    )
    personal: bool = described(
        Flag(), "含個人資料", "true 時，這一類的公報都須寫 personal_data: true 與下架日期"
    )


@group
class Publisher:
    """The publisher of the site; its id is part of every feed item's id and must never change."""

    id: str = described(Pattern(), "代碼", "訂閱項目識別碼的一部分，訂定後不得變更", required=True)
    name: str = described(Text(), "名稱", required=True)
    name_en: str = described(Text(), "英文名稱")
    oid: str = described(
        Pattern(re.compile(r"[0-2](?:\.[0-9]+)+"), "oid"), "機關 OID", "data.gov.tw 識別機關的代碼"
    )


_WEEKDAY_NAMES = {
    "monday": "星期一",
    "tuesday": "星期二",
    "wednesday": "星期三",
    "thursday": "星期四",
    "friday": "星期五",
    "saturday": "星期六",
    "sunday": "星期日",
}
WEEKDAYS = tuple(_WEEKDAY_NAMES)
"""In the order of `date.weekday()`, Monday first."""


@group
class GazetteSettings:
    """Name, numbering and categories of the gazette."""

    name: str = described(Text(), "公報名稱", required=True)
    name_en: str = described(Text(), "英文名稱")
    number_width: int = described(Whole(minimum=1), "期號位數", required=True)
    categories: tuple[Category, ...] = described(
        Many(Group(Category), key="id"), "類別", required=True
    )
    publication_days: tuple[str, ...] = described(
        Many(Choice(_WEEKDAY_NAMES), unique=True), "出刊日", "每週哪幾天出刊，用來找出遲刊與漏刊"
    )
    holidays: tuple[date, ...] = described(
        Many(Day(), unique=True), "放假日", "政府機關放假的日子，遇出刊日則順延"
    )

    def category(self, id_: str) -> Category:
        """The category with an id; a plain one if the settings lack it, which `check` tells."""
        unknown = Category(id=id_, title=id_, title_en="", nature="", personal=False)
        return next((word for word in self.categories if word.id == id_), unknown)


NO_GAZETTE = GazetteSettings(
    name="公報", name_en="", number_width=3, categories=(), publication_days=(), holidays=()
)
"""The settings of the gazette of a site that has none."""


@group
class Body(Word):
    """A body that meets, with its usual weekday and the way its meetings are numbered."""

    weekday: str = described(Choice(_WEEKDAY_NAMES), "例會日", "不在這一天開會時，檢查會要求寫原因")
    numbering: str = described(
        Choice({"continuous": "連續編號", "yearly": "每年重編"}),
        "次數的編法",
        "不寫則為連續編號，不因年度重新起算",
    )


RELEASE_USE = "release"
"""The use of a key that signs releases and no checkpoint."""


@group
class SealingKey:
    """A public key, as `gongbao key new` prints it, and the log sizes for which it is valid."""

    key: str = described(
        Pattern(re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*"), "key"),
        "公開金鑰",
        "由 gongbao key new 產生",
        required=True,
    )
    since: int | None = described(Whole(), "啟用", "自封存紀錄有這麼多則起有效")
    until: int | None = described(Whole(), "停用", "到封存紀錄有這麼多則為止有效")
    use: str = described(
        Choice({"checkpoint": "檢查點", RELEASE_USE: "發布版本"}),
        "用途",
        "不寫則簽署檢查點；release 只簽署發布版本",
    )


@group
class Sealing:
    """The settings of sealing: the log's name, the branch, the keys and how many must sign."""

    origin: str = described(
        Pattern(re.compile(r"[^\s+]+"), "origin"), "封存紀錄的名稱", "訂定後不得變更，預設為網址"
    )
    branch: str = described(Text(maximum=200), "封存用的分支", "例如 main，不寫則不限")
    threshold: int | None = described(Whole(minimum=1), "簽署人數", "須有幾把金鑰簽署，預設為 1")
    keys: tuple[SealingKey, ...] = described(Many(Group(SealingKey), key="key"), "公開金鑰")
    releases: str = described(
        Choice({"on": "簽署", "off": "不簽署"}),
        "簽署發布版本",
        "on 時，每一個發布版本都須簽署才會公開，另須有一把 use: release 的金鑰",
    )


_SIGN_OFF = Pattern(
    re.compile(
        rf"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-;=?-~]*)?"
        rf"|mailto:{MAIL.pattern}(?:\?subject=[!-%'-;=?-~]*)?"
    ),
    "sign-off",
)
"""An address that stands in a header of a mail between `<` and `>`, without any further one."""


@group
class Sender:
    """Who a newsletter comes from."""

    name: str = described(Text(maximum=60), "名稱", required=True)
    mail: str = described(Pattern(MAIL, "email"), "電子信箱", required=True)


@group
class Newsletter:
    """The newsletter: who sends it, under which name, and where readers subscribe and end it."""

    from_: Sender = described(Group(Sender), "寄件人", required=True)
    list_id: str = described(
        Pattern(re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "list-id"),
        "電子報的代碼",
        "郵件程式據以分類，形式如網域名稱，訂定後不得變更",
        required=True,
    )
    unsubscribe: str = described(
        _SIGN_OFF, "取消訂閱", "https 的網頁，或 mailto: 加電子信箱", required=True
    )
    subscribe: str = described(_SIGN_OFF, "訂閱", "https 的網頁，或 mailto: 加電子信箱")
    to: str = described(
        Pattern(MAIL, "email"), "郵件論壇的信箱", "寄到這個信箱，由郵件論壇轉寄給訂戶"
    )


@group
class Redirection:
    """An old address that leads on to a page of the site that is no record's."""

    from_: str = described(Address(), "舊網址", required=True)
    to: str = described(Text(), "新網址", "本站固定的網址，例如 /feeds/", required=True)


@group
class Settings:
    """All settings in `site.yaml`."""

    title: str = described(Text(), "網站名稱", required=True)
    title_en: str = described(Text(), "英文名稱")
    description: str = described(Text(lines=True), "網站說明", required=True)
    description_en: str = described(Text(lines=True), "英文說明")
    base_url: str = described(Address(), "網址", "以 / 結尾", required=True)
    publisher: Publisher = described(Group(Publisher), "發布機關", required=True)
    official: bool = described(Flag(), "正式網站", "false 時每頁標示為示範，並請搜尋引擎不收錄")
    repository: str = described(Address(), "內容編修網址")
    contact: Contact | None = described(ContactType(Contact), "聯絡方式", "正式網站必填")
    licence: str = described(LICENCE, "授權條款", "內容依什麼條款開放使用；正式網站必填")
    logo: str = described(
        FileName(), "機關標誌", "static 資料夾裡的圖檔，顯示在每頁上方，例如 logo.svg"
    )
    colours: Colours | None = described(Group(Colours), "顏色")
    links: tuple[FootLink, ...] = described(LINKS, "頁尾連結", "例如上級機關的網站")
    accessibility_mark: AccessibilityMark | None = described(
        Group(AccessibilityMark), "無障礙標章", "顯示在首頁下方"
    )
    open_data: OpenData | None = described(Group(OpenData), "開放資料")
    gazette: GazetteSettings = described(
        Group(GazetteSettings, blank=NO_GAZETTE), "公報", "有公報的網站才需要"
    )
    topics: tuple[Word, ...] = described(Many(Group(Word), key="id"), "主題")
    synonyms: tuple[tuple[str, ...], ...] = described(
        Many(Many(Text(), minimum=2, unique=True)),
        "同義詞",
        "搜尋時當作同一個詞，例如 [健保, 全民健康保險]",
    )
    bodies: tuple[Body, ...] = described(
        Many(Group(Body), key="id"), "會議", "召開會議的委員會、小組等，代碼供會議紀錄選用"
    )
    record: str = described(
        Choice({"on": "封存", "off": "不封存"}), "封存", "on 時，封存過的內容不能再改"
    )
    sealing: Sealing | None = described(Group(Sealing), "封存設定")
    newsletter: Newsletter | None = described(
        Group(Newsletter), "電子報", "寫了才有電子報的網頁與 gongbao mail"
    )
    attachment_limit: int | None = described(
        Whole(minimum=1), "附件大小上限", "單位為 MB，不寫則為 100"
    )
    hub: str = described(
        Address(),
        "訂閱推播",
        "WebSub 推播中心的網址；gongbao ping 在發布後通知它，讀者的閱讀器即時收到新內容",
    )
    redirects: tuple[Redirection, ...] = described(
        Many(Group(Redirection), key="from"), "轉址", "舊網站的網址，轉到本站固定的網頁"
    )
    handbook: bool = described(Flag(blank=True), "編輯手冊", "false 時網站不附編輯手冊")
    format: int | None = described(
        Whole(minimum=1), "內容格式版本", f"不寫則為 1；這一版程式讀到 {FORMAT}"
    )

    @property
    def largest_attachment(self) -> int:
        """The most bytes of a file beside a record."""
        return (self.attachment_limit or ATTACHMENT_LIMIT) * MEGABYTE

    @property
    def licensed(self) -> Licence | None:
        """The licence of the site's content; None if it grants none."""
        return LICENCES.get(self.licence)

    @property
    def contact_text(self) -> str:
        """Where readers reach the office, as one text; "" if the settings do not say."""
        return self.contact.text if self.contact else ""

    @property
    def english(self) -> bool:
        """Whether the site has pages in English: it has if it has a name in English."""
        return bool(self.title_en)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site, that of the records first."""
        return (CHINESE, ENGLISH) if self.english else (CHINESE,)

    def title_in(self, language: str) -> str:
        """The site's name in one of its languages."""
        return self.title_en if language == ENGLISH else self.title

    @property
    def sealed(self) -> bool:
        """Whether published records are sealed."""
        return self.record == "on"

    @property
    def signs_releases(self) -> bool:
        """Whether a release is shown only once it is signed."""
        return self.sealed and self.sealing is not None and self.sealing.releases == "on"

    @property
    def origin(self) -> str:
        """The name of the site's log."""
        name = self.sealing.origin if self.sealing else ""
        return name or self.base_url.partition("://")[2].strip("/")

    @property
    def has_gazette(self) -> bool:
        """Whether the site has settings of a gazette."""
        return self.gazette != NO_GAZETTE

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        """The word lists that records choose from, by group.

        Without a gazette there is no list of categories: one problem tells so, not one an entry.
        """
        categories = {word.id: word.title for word in self.gazette.categories}
        return {
            **({"categories": categories} if self.has_gazette else {}),
            "topics": {word.id: word.title for word in self.topics},
            "bodies": {body.id: body.title for body in self.bodies},
        }


class SettingsReading(Struct, frozen=True):
    """The settings, or None and the problems that make them unreadable.

    With `later` the content has the format of a later program, and no other finding about it means
    anything.
    """

    settings: Settings | None
    problems: tuple[Problem, ...]
    later: bool = False


def read_settings(content: Path, lookalike: str = "") -> SettingsReading:
    """The site's settings from `content/site.yaml`; `lookalike` is a file with a similar name."""
    try:
        with open_below(content, SITE_FILE) as file:
            raw = file.read(SIZE_LIMIT + 1)
    except (OSError, Replaced):
        odd = odd_at(f"{content}/{SITE_FILE}")
        values = {"value": SITE_FILE, "near": lookalike}
        detail = "near" if lookalike else ""
        missing = Problem(
            code="site-missing", origin=Origin(path=SITE_FILE), detail=detail, values=values
        )
        return SettingsReading(None, (odd_problem(SITE_FILE, odd) if odd else missing,))
    tree = read_tree(raw, SITE_FILE)
    if isinstance(tree, Problem):
        return SettingsReading(None, (tree,))
    later = _later_format(tree)
    if later:
        return SettingsReading(None, (later,), later=True)
    reading = Reading([], {})
    settings = read_group(Settings, tree, reading)
    if settings and settings.official:
        _report_unfilled(settings, reading)
    if settings and not settings.base_url.endswith("/"):
        reading.report("base-url-slash", reading.places["base_url"])
        settings = None
    if settings and settings.colours and [*_pale_colours(settings.colours, reading)]:
        settings = None
    if settings and (fault := _hub_fault(settings)) is not None:
        reading.report("hub-refused", reading.places["hub"], fault, value=settings.hub)
        settings = None
    if settings and settings.sealing and [*_sealing_faults(settings.sealing, settings, reading)]:
        settings = None
    return SettingsReading(settings, tuple(reading.problems))


def _later_format(tree: Node) -> Problem | None:
    """The problem of a content format that this program does not know.

    It is looked for before the fields, since a later format may have fields that are unknown here.
    """
    node = tree.get("format") if isinstance(tree, MappingNode) else None
    if node is None:
        return None
    number = Whole(minimum=1).read(node, Reading([], {}))
    if number is None or number <= FORMAT:
        return None
    values = {"value": str(number), "expected": str(FORMAT)}
    return Problem(code="format-later", origin=node.origin, values=values)


def _report_unfilled(settings: Settings, reading: Reading) -> None:
    """Reports each sample text that an official site's settings still have."""
    for leaf in leaves(settings):
        for match in UNFILLED.finditer(leaf.value) if isinstance(leaf.type, Text) else ():
            place = reading.places[leaf.path]
            reading.inside(leaf.path, place).report("page-unfilled", place, value=match[0])


def _pale_colours(colours: Colours, reading: Reading) -> Iterator[str]:
    """Reports colours that are hard to read, and yields each."""
    light, dark = GROUNDS
    pairs = [("head", colours.head, HEAD_TEXTS, "head")]
    for role, on_light, on_dark in colours.texts:
        pairs += [(role, on_light, light, ""), (f"{role}_dark", on_dark, dark, "dark")]
    for name, colour, others, detail in pairs:
        ratio = min(contrast(colour, other) for other in others) if colour else LEGIBLE
        if ratio < LEGIBLE:
            values = {"value": colour, "ratio": f"{ratio:.1f}"}
            reading.report("colour-pale", reading.places[f"colours.{name}"], detail, **values)
            yield colour


def _hub_fault(settings: Settings) -> str | None:
    """Why a hub cannot be one, as a problem's detail; None if nothing is wrong."""
    if not settings.hub:
        return None
    if f"{settings.hub}/".startswith(settings.base_url):
        return ""  # a site of files answers to no notice
    return "fragment" if "#" in settings.hub else None


def _sealing_faults(sealing: Sealing, settings: Settings, reading: Reading) -> Iterator[str]:
    """Reports the faults in the settings of sealing, and yields a word for each."""
    for place, key in enumerate(sealing.keys):
        try:
            read_verifier(key.key)
        except NoteFault:
            reading.report("sealing-key", reading.places[f"sealing.keys.{place}.key"])
            yield "key"
    signing = [key for key in sealing.keys if key.use != RELEASE_USE]
    if sealing.threshold and sealing.threshold > len(signing):
        values = {"value": str(sealing.threshold), "count": str(len(signing))}
        reading.report("sealing-threshold", reading.places["sealing.threshold"], **values)
        yield "threshold"
    yield from _release_faults(sealing, settings, reading)


def _release_faults(sealing: Sealing, settings: Settings, reading: Reading) -> Iterator[str]:
    """Reports what is wrong with the signing of releases, and yields a word for each.

    No key has both uses: one that lies in a CI must not be able to sign a checkpoint.
    """
    releases = [key for key in sealing.keys if key.use == RELEASE_USE]
    if sealing.releases == "on" and (not settings.sealed or not releases):
        detail = "key" if settings.sealed else "record"
        reading.report("sealing-release", reading.places["sealing.releases"], detail)
        yield detail
    checkpoints = {_public(key) for key in sealing.keys if key not in releases}
    for place, key in enumerate(sealing.keys):
        if key in releases and _public(key) in checkpoints:
            where = reading.places[f"sealing.keys.{place}.key"]
            reading.report("sealing-release", where, "both", value=key.key)
            yield "both"
        for field in ("since", "until"):
            if key in releases and f"sealing.keys.{place}.{field}" in reading.places:
                where = reading.places[f"sealing.keys.{place}.{field}"]
                reading.report("sealing-release", where, "sizes", value=field)
                yield "sizes"


def _public(key: SealingKey) -> str:
    """The public half of a key, whatever the name."""
    return key.key.rpartition("+")[2]

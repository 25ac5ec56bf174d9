"""The index of agencies: the register's order, those below beneath those above, what names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import html
from sample_sites import ScratchSite, examine_folder
from whole_program import Options

from generator.kinds.views.agencies import INDEX, VIEW, Line

NAMES = "names: [{name: 甲乙丙}]"


def indented(lines: Iterable[Line], depth: int = 0) -> Iterator[tuple[int, str]]:
    """The agencies of an index with their depth, from the top down."""
    for line in lines:
        yield depth, line.agency.id
        yield from indented(line.below, depth + 1)


def listed(scratch_site: ScratchSite, agencies: str) -> list[tuple[int, str]]:
    """The index of the minimal site with these agencies after its own."""
    own = "- id: city\n  names: [{name: 小市政府}]\n"
    site = examine_folder(scratch_site({"agencies.yaml": own + agencies})).site
    assert site is not None
    page = next(page for page in VIEW.pages(site) if page.address == INDEX)
    lines: tuple[Line, ...] = page.context["lines"]  # type: ignore[assignment]
    return list(indented(lines))


def test_the_register_decides_the_order(scratch_site: ScratchSite) -> None:
    """Neither names nor ids do; who stands below another stands beneath it, however deep."""
    agencies = (
        f"- {{id: z, {NAMES}, parent: city}}\n- {{id: other, {NAMES}}}\n"
        f"- {{id: a, {NAMES}, parent: city}}\n- {{id: m, {NAMES}, parent: z}}\n"
    )
    found = listed(scratch_site, agencies)
    assert found == [(0, "city"), (1, "z"), (2, "m"), (1, "a"), (0, "other")]


def test_an_agency_shows_what_names_it(full_site: Options) -> None:
    """Records by kind, the newest day, the way to its page and to its feed."""
    page = html.parse(full_site.site / INDEX / "index.html").getroot()
    rows = [" ".join(row.text_content().split()) for row in page.find_class("gb-agency")]
    assert rows == [
        "測試市政府Test City Government、市府 公報 1 筆 報告 1 筆 統計 3 筆 最新 105年5月21日 RSS",
        (
            "測試市政府秘書處Secretariat "
            "公報 3 筆 會議 6 筆 國際交流 1 筆 報告 1 筆 統計 2 筆 最新 105年5月6日 RSS "
            "機關代碼397000000A 職掌掌理文書、檔案、公報、國際事務與廳舍管理。 "
            "地址測試市中山路1號 電話02-2345-6789 傳真02-2345-6780 "
            "電子信箱secretariat@city.example 網址https://secretariat.city.example/"
        ),
        (
            "測試市政府文化局Cultural Affairs Bureau "
            "公報 2 筆 會議 6 筆 國際交流 1 筆 最新 105年5月3日 RSS"
        ),
    ]
    links = [link.get("href") for link in page.find_class("gb-agency")[0].iter("a")]
    assert links == ["city/", "../feeds/agency-city.xml"]

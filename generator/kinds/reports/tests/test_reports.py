"""Reports: one page of sections, figures that lead to their cells, two comparisons."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import feedparser
import pytest
from lxml import html
from sample_sites import SITES, ScratchSite, build_site, examine_folder, files_below, sample_site
from whole_program import Options

from generator.content.model import FeedForm, Ref
from generator.kinds.reports.comparisons import counts
from generator.kinds.reports.periods import changes
from generator.kinds.reports.report import Report
from generator.output.search.index import documents
from generator.release.disk import remove_tree

REPORT = "reports/2016-05-test"
FEEDS = ("agency-city", "news", "reports", "statistics")


def page(site: Path, address: str) -> html.HtmlElement:
    """A page of the built site."""
    return html.fromstring((site / address / "index.html").read_text(encoding="utf-8"))


def test_a_report_is_one_page(full_site: Options) -> None:
    """Its sections stand in the order of their numbers, below contents that lead to them."""
    found = page(full_site.site, REPORT)
    titles = [
        heading.text_content() for heading in found.xpath("//*[@class='gb-report-section']/h2")
    ]
    assert titles == ["前言", "一、車輛管理"]
    ids = {element.get("id") for element in found.iter() if element.get("id")}
    targets = [link.get("href") for link in found.xpath("//*[@class='gb-contents']//a")]
    assert targets == ["#s01", "#s02", "#s02-一借用", "#s02-二節電"]
    assert {target[1:] for target in targets} <= ids
    (own,) = [a for a in found.xpath("//*[@class='gb-prose']//a") if a.text_content() == "下一節"]
    assert own.get("href") == "#s02-二節電"


def test_every_figure_leads_to_its_cell(full_site: Options) -> None:
    """A number stands as `<data>` with its value; the link's place on the statistic exists."""
    held = page(full_site.site, REPORT).xpath(
        "//*[@class='gb-report-section']//*[@class='gb-cited']"
    )
    shown = [(one.tag, one.get("value") or one.get("datetime"), one.text_content()) for one in held]
    assert shown == [
        ("data", "42", "42車次"),
        ("data", "34", "三十四"),
        ("data", "8", "8車次"),
        ("data", "0.7", "0.7%"),
        ("time", "2016-05-06", "105年5月6日"),
        ("data", "82", "約82"),
    ]
    link = held[0].find("a")
    assert link.get("title") == "統計「車輛借用」：總計／全期。資料來源：測試報告"
    assert link.get("href").startswith("../../statistics/fleet/#")
    cell = page(full_site.site, "statistics/fleet").get_element_by_id("總計.全期")
    assert cell.text_content().strip() == "42"


def test_a_table_is_placed_with_its_number(full_site: Options) -> None:
    """The table is the statistic's own, and repeats none of that page's ids."""
    (placed,) = page(full_site.site, REPORT).find_class("gb-placed-table")
    assert placed.find(".//caption").text_content().startswith("表1　")
    cells = [cell.text_content().strip() for cell in placed.find_class("gb-cell")]
    assert cells == ["10", "24", "34", "8", "0", "8", "18", "24", "42"]
    (table,) = placed.find_class("gb-table")
    assert not [element for element in table.iter() if element.get("id")]


def test_a_chart_stands_beside_its_table(full_site: Options) -> None:
    """Once: not where the text places the chart itself, nor in a feed, which has no style sheet."""
    (beside,) = page(full_site.site, REPORT).find_class("gb-beside")
    assert [child.get("class") for child in beside] == ["gb-note", "gb-table", "gb-chart"]
    feed = feedparser.parse((full_site.site / "feeds/reports.xml").read_bytes())
    assert all("gb-beside" not in entry.content[0].value for entry in feed.entries)


def test_a_report_opens_with_figures_that_it_cites(full_site: Options) -> None:
    """One of each record, those of placed tables first; each leads to its cell as in the text."""
    found = page(full_site.site, REPORT)
    (head,) = found.find_class("gb-highlights")
    links = {link.get("href") for link in found.xpath("//*[@class='gb-report-section']//a")}
    shown = [(link.text_content(), link.get("href") in links) for link in head.iter("a")]
    assert shown == [("42車次車輛借用總計／全期", True), ("0.7%節電率104年", True)]


def test_captions_are_text(full_site: Options) -> None:
    """Photographs that are not there stand as numbered captions, marked as such."""
    (held,) = page(full_site.site, REPORT).find_class("gb-captions")
    assert held.tag == "details"
    assert held.find("summary").text_content() == "照片說明 2 則（本站沒有照片）"
    words = [" ".join(item.text_content().split()) for item in held.iter("li")]
    assert words == ["照片1測試車輛（見燈會國際午宴）未附照片", "照片2測試停車場"]


def test_the_colophon_counts(full_site: Options) -> None:
    """How many figures cite a record, how many do not, and the reasons given."""
    (held,) = page(full_site.site, REPORT).find_class("gb-colophon-figures")
    text = held.text_content()
    assert "引用資料的有 6 處，出自 3 筆統計或紀錄" in text
    assert "說明理由而不引用的有 1 處。" in text
    assert "「24小時」：值班時間，不是統計" in text


def test_reports_appear_everywhere(full_site: Options) -> None:
    """Navigation, feed, export, sitemap and home follow from the kind."""
    site = full_site.site
    assert "報告: reports/index.md" in (full_site.work / "nav.yml").read_text(encoding="utf-8")
    feed = feedparser.parse((site / "feeds/reports.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == [
        "測試市政府業務報告（下期）",
        "測試市政府業務報告",
    ]
    body = feed.entries[1].content[0].value
    assert 'href="https://example.org/gongbao/statistics/fleet/#' in body
    assert f'href="https://example.org/gongbao/{REPORT}/#s02-' in body
    rows = csv.DictReader(io.StringIO((site / "data/reports.csv").read_text("utf-8-sig")))
    assert [(row["代碼"], row["期間起日"]) for row in rows] == [
        ("2016-05-test", "2015-09-01"),
        ("2016-11-test", "2016-03-01"),
    ]
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>https://example.org/gongbao/{REPORT}/</loc>" in sitemap
    assert "測試市政府業務報告" in (site / "index.html").read_text(encoding="utf-8")


def test_search_finds_the_figures_as_shown() -> None:
    """A report is found by its sections' words, with numbers in the place of references."""
    site = sample_site("full")
    found = next(one for one in documents(site) if one.address == f"{REPORT}/")
    text = "\n".join(found.texts)
    assert "本期借用42車次，其中觀光局三十四車次" in text
    assert "{{" not in text
    assert "測試停車場" in text


def test_what_is_stated_stands_beside_what_is_recorded() -> None:
    """Items of a list, records of a kind in the period, entries of a field are counted anew."""
    site = sample_site("full")
    report = site.archive.get(Report, Ref("reports", "2016-05-test"))
    assert report is not None
    found = [(one.stated.words, one.counted, one.rest) for one in counts(report, site)]
    assert [(words, counted, str(rest)) for words, counted, rest in found] == [
        ("34車次", 2, "32"),
        ("0.7%", 1, "-0.3"),
        ("約82", 1, "None"),
    ]
    names = [one.things for one in counts(report, site)]
    assert names[1] == (("市長代表團來訪", "visits/105/mayor-visit/"),)
    assert names[2] == (("八王子市", "partners/hachioji/"),)


def test_two_reports_are_compared() -> None:
    """Differences are exact, percents rounded; approximate figures have no change."""
    site = sample_site("full")
    before, after = site.archive.of(Report)
    found = {one.title: (*one.shown, *one.words) for one in changes(before, after, site)}
    assert found == {
        "車輛借用：總計／全期": ("42車次", "45車次", "+3", "+7.14%"),
        "車輛借用：觀光局／全期": ("34車次", "39車次", "+5", "+14.71%"),
        "車輛借用：政風處／全期": ("8車次", "6車次", "-2", "-25.00%"),
        "節電率": ("0.7%（104年）", "1.2%（105年2月）", "+0.5個百分點", "+71.43%"),
        "燈會國際午宴：人數": ("約82", "", "", ""),
    }


def _listing(root: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files_below(root / "site").items()}


def _charted(text: str) -> str:
    """The chart of a page."""
    return text.partition('class="gb-chart"')[2].partition("</figure>")[0]


def test_a_chart_is_placed_with_its_number(full_site: Options) -> None:
    """It is the statistic's own, numbered through the report, with a link to its table."""
    (placed,) = page(full_site.site, "reports/2016-11-test").find_class("gb-placed-chart")
    assert placed.find_class("gb-chart")[0].get("id") == "chart-1"
    assert placed.find(".//figcaption").text_content().startswith("圖1")
    assert len(list(placed.iter("svg"))) == 1
    assert placed.find_class("gb-placed-source")[0].text_content() == "資料：車輛借用"


def test_the_tables_of_a_report_are_a_workbook(full_site: Options) -> None:
    """After a cover each table that the text cites is a sheet, with its numbers as numbers."""
    path = full_site.site / REPORT / "2016-05-test.ods"
    with zipfile.ZipFile(path) as held:
        text = held.read("content.xml").decode()
    assert re.findall(r'<table:table table:name="([^"]*)"', text) == ["封面", "車輛借用", "節電率"]
    assert 'office:value="42"' in text
    assert "104年9月1日至105年2月29日" in text


def test_a_changed_figure_changes_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    """One value of a statistic: the next build alters the pages that show it, and no other."""
    content, root = tmp_path / "content", tmp_path / "root"
    shutil.copytree(SITES / "full", content)
    build_site(content, root)
    before = _listing(root)
    path = content / "statistics/fleet-next.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("[0, 6, 6]", "[0, 7, 7]").replace("[12, 33, 45]", "[12, 34, 46]")
    path.write_text(changed, encoding="utf-8")
    build_site(content, root)
    after = _listing(root)
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    searching = {name for name in differing if name.startswith("search/")}
    assert differing - searching == {
        "statistics/index.html",
        "statistics/fleet-next/index.html",
        "statistics/fleet-next/fleet-next.csv",
        "statistics/fleet-next/fleet-next.json",
        "statistics/fleet-next/fleet-next.ods",
        "statistics/fleet-next/fleet-next.svg",
        "data/catalog.jsonld",
        "datapackage.json",
        "reports/2016-11-test/index.html",
        "reports/2016-11-test/2016-11-test.ods",
        "reports/2016-11-test/periods/index.html",
        *(f"feeds/{name}.{form}" for name in FEEDS for form in FeedForm),
        # the cover of the newest report
        "agencies/city/index.html",
        "index.html",
    }
    shown = after["reports/2016-11-test/index.html"].decode()
    assert ">46車次</a>" in shown
    assert _charted(before["reports/2016-11-test/index.html"].decode()) != _charted(shown)
    cold = tmp_path / "cold"
    build_site(content, cold)
    fresh = _listing(cold)
    carried = {name: held for name, held in after.items() if name not in fresh}
    assert fresh == {name: held for name, held in after.items() if name not in carried}
    assert {name.partition("/")[0] for name in carried} == {"search"}
    remove_tree(root)
    remove_tree(cold)


def test_what_no_source_states_is_no_fault(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """A report without presenter, day or period in its source is published all the same."""
    report = (
        "title: 業務報告\npublished_on: 105-05-06\nnot_stated: [presented_on, presenter, period]\n"
    )
    section = "---\ntitle: 概況\n---\n內文。\n"
    names = ("reports/2016-05", "reports/2016-11")
    files = {f"{name}/report.yaml": report for name in names}
    content = scratch_site({**files, **{f"{name}/01-overview.md": section for name in names}})
    site = build_site(content, tmp_path).release
    assert site is not None
    assert page(tmp_path / "site", "reports/2016-11/periods").findtext(".//h1") == "與前次報告比較"


def test_printed_pages_carry_the_title(full_site: Options) -> None:
    """A style sheet of its own puts the title at the head of each page, whatever signs it has."""
    sheet = (full_site.site / REPORT / "print.css").read_text(encoding="utf-8")
    assert '@top-left { content: "測試市政府業務報告"; ' in sheet
    found = page(full_site.site, REPORT).xpath("//main//link[@media='print']")
    assert [link.get("href") for link in found] == ["print.css"]


SUMMED, FIRST, SECOND = (
    f"{REPORT}/{name}" for name in ("report.yaml", "00-preface.md", "01-fleet.md")
)


def with_link(content: Path, record: str, target: str) -> None:
    """Lets a report or a section of the full sample lead to something, with a file if it is one."""
    path = content / record
    text = path.read_text("utf-8")
    if record == SUMMED:
        path.write_text(re.sub("(?m)^summary: .*", f"summary: 見[附檔]({target})。", text), "utf-8")
    else:
        path.write_text(f"{text}\n見[附檔]({target})。\n", "utf-8")
    if "://" not in target:
        path.with_suffix("").mkdir()
        (path.with_suffix("") / target).write_text("附表", "utf-8")


@pytest.mark.parametrize("other", [SUMMED, FIRST])
@pytest.mark.parametrize("name", ["附表A.txt", "附表a.txt"])
def test_files_of_a_report_share_no_name(name: str, other: str, tmp_path: Path) -> None:
    """They stand in one folder of the site, that of the report itself among them."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    with_link(tmp_path / "content", other, "附表A.txt")
    with_link(tmp_path / "content", SECOND, name)
    told = [p for p in examine_folder(tmp_path / "content").problems if p.stops]
    assert [(p.code, p.origin.path, p.values["value"]) for p in told] == [
        ("section-file", SECOND, name)
    ]
    assert told[0].values["other"] == other


def test_sections_may_lead_to_one_place(tmp_path: Path) -> None:
    """An address on the web is no file of either."""
    shutil.copytree(SITES / "full", tmp_path / "content")
    for section in (FIRST, SECOND):
        with_link(tmp_path / "content", section, "https://example.org/one/")
    assert [p for p in examine_folder(tmp_path / "content").problems if p.stops] == []


def test_the_figures_of_a_report_stand_on_its_page_in_english(full_site: Options) -> None:
    """Each once, with its number in English and a link to the cell; what is Chinese is marked.

    A cell may be named as its statistic is: two links of one name would lead to two places.
    """
    found = page(full_site.site, f"en/{REPORT}")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in found.xpath("//table//tbody/tr")
    ]
    assert len(rows) == 5
    assert rows[0] == ["總計／全期", "42車次", "Fleet loans"]
    assert rows[3][:2] == ["2015", "0.7%"]
    assert rows[4][1].startswith("about 82")
    assert found.xpath("//table//td//a") == []
    for link in found.xpath("//table//a"):
        target = (full_site.site / f"en/{REPORT}" / link.get("href").partition("#")[0]).resolve()
        assert (target / "index.html").is_file()

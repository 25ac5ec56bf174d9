"""Faults that the digests cannot show: verification must tell them by sense alone.

`GONGBAO_FAULTS` is the number of random faults, 60 if unset, and a third of it without digests.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from publishing import manifest_of
from sample_sites import files_below
from tampering import copy_of, edit, remake_manifest, restoring

from generator.build.bundles.page_checks import lead
from generator.build.examine import examine
from generator.build.expected_site import SiteAnew, declare, make_anew
from generator.build.options import Options
from generator.build.verify import compare, verify, verify_site
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.content.model import Problem
from generator.output.mkdocs import host_settings
from generator.release.publish import published
from generator.release.search_names import segment_name

ENTRY = "gazette/105/105-001/01/index.html"
FOLDER = "statistics/fleet"
FLEET = f"{FOLDER}/fleet"
PRIVATE = "gazette/105/105-002/02/index.html"
ATTACHMENT = "gazette/105/105-001/03/草案總說明.txt"
SCRIPT, STYLE = "assets/page.js", "assets/site.css"
PARTNER = "partners/hachioji/index.html"
FAULTS = int(os.environ.get("GONGBAO_FAULTS", "60"))
UNLISTED_FAULTS = FAULTS // 3

Finding = tuple[str, str]
Plant = Callable[[Path], None]


@pytest.fixture
def damaged(full_site: Options, tmp_path: Path) -> Options:
    """A copy of the full site that a test may damage."""
    return copy_of(full_site, tmp_path)


@pytest.fixture(scope="module")
def anew(full_site: Options) -> SiteAnew:
    """The full site, made anew once for all tests."""
    site = examine(full_site).site
    assert site is not None
    return make_anew(declare(site, full_site.loader), full_site)


def faults_of(site: Options, anew: SiteAnew) -> tuple[Problem, ...]:
    """Everything that verification finds, by the way that `verify_site` goes."""
    return compare(published(site.work, site.site), anew)


def findings(site: Options, anew: SiteAnew) -> set[Finding]:
    """Code and path of everything that verification finds."""
    return {(fault.code, fault.origin.path) for fault in faults_of(site, anew)}


def named_by(site: Options, anew: SiteAnew) -> set[str]:
    """The files that verification names."""
    return {path for _, path in findings(site, anew)}


def replaced(path: str, old: str, new: str) -> Plant:
    """Replaces a text wherever it stands in a file."""
    return lambda site: edit(site / path, lambda text: text.replace(old, new))


def matched(path: str, pattern: str, new: str) -> Plant:
    """Replaces the first match of a pattern in a file."""
    return lambda site: edit(site / path, lambda text: re.sub(pattern, new, text, count=1))


def in_body(path: str, old: str, new: str) -> Plant:
    """Replaces a text in a page's body alone."""

    def change(text: str) -> str:
        head, end, body = text.partition("</head>")
        return head + end + body.replace(old, new)

    return lambda site: edit(site / path, change)


def before_end(path: str, html: str) -> Plant:
    """Adds something to a page outside its block."""
    return lambda site: edit(site / path, lambda text: text.replace("</body>", f"{html}</body>"))


def added(path: str, content: bytes) -> Plant:
    """Adds a file."""

    def plant(site: Path) -> None:
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)

    return plant


def appended(path: str, text: str) -> Plant:
    """Adds something at the end of a file."""
    return lambda site: edit(site / path, lambda held: held + text)


def linked(path: str, target: str) -> Plant:
    """Puts a symbolic link in a file's place."""

    def plant(site: Path) -> None:
        (site / path).unlink()
        (site / path).symlink_to(target)

    return plant


def in_workbook(name: str, old: str, new: str) -> Plant:
    """Replaces a text of a workbook's bytes: its parts are not compressed."""

    def plant(site: Path) -> None:
        path = site / f"{name}.ods"
        before = path.read_bytes()
        assert old.encode() in before
        path.write_bytes(before.replace(old.encode(), new.encode()))

    return plant


def cut(path: str) -> Plant:
    """Cuts off a file's last byte."""

    def plant(site: Path) -> None:
        (site / path).write_bytes((site / path).read_bytes()[:-1])

    return plant


def page_added(site: Path) -> None:
    """A page that nobody declared, with good links."""
    added("pages/more/index.html", (site / "pages/about/index.html").read_bytes())(site)


@dataclass(frozen=True)
class Planted:
    """A fault, and the one finding that names it."""

    name: str
    plant: Plant
    code: str
    path: str


ITEM = r"(?s)<item>.*?</item>\s*"
URL = r"(?s)<url>.*?</url>\s*"
SEMANTIC = (
    Planted("page added", page_added, "verify-undeclared", "pages/more/index.html"),
    Planted("file added", added("data/more.csv", b"x"), "verify-undeclared", "data/more.csv"),
    Planted("hidden file", added("data/.env", b"x"), "verify-undeclared", "data/.env"),
    Planted("block altered", in_body(ENTRY, "特訂定", "另訂定"), "verify-content", ENTRY),
    Planted("operator lost", in_body(ENTRY, "x&lt;y", "xy"), "verify-content", ENTRY),
    Planted("title", matched(ENTRY, "<title>[^<]*", "<title>別的標題"), "verify-head", ENTRY),
    Planted("title cut", matched(ENTRY, "<title>.", "<title>"), "verify-head", ENTRY),
    Planted(
        "description",
        matched(ENTRY, '(<meta name="description" content=")[^"]', r"\1"),
        "verify-head",
        ENTRY,
    ),
    Planted(
        "canonical",
        matched(ENTRY, '(<link rel="canonical" href="[^"]*)105-001', r"\g<1>105-002"),
        "verify-head",
        ENTRY,
    ),
    Planted(
        "language",
        matched(ENTRY, '<html lang="zh-Hant-TW"', '<html lang="en"'),
        "verify-head",
        ENTRY,
    ),
    Planted("robots", matched(PRIVATE, '<meta name="robots"[^>]*>', ""), "verify-head", PRIVATE),
    Planted("cut off", matched(ENTRY, r"</html>\s*$", ""), "verify-cut-off", ENTRY),
    Planted("no link", before_end(ENTRY, '<a href="no/">x</a>'), "verify-link", ENTRY),
    Planted("no image", before_end(ENTRY, '<img src="no.png">'), "verify-link", ENTRY),
    Planted("no anchor", before_end(ENTRY, '<a href="#no">x</a>'), "verify-anchor", ENTRY),
    Planted("no anchor there", before_end(ENTRY, '<a href="../#no">x</a>'), "verify-anchor", ENTRY),
    Planted(
        "link from the root",
        before_end(ENTRY, '<a href="/visits/">x</a>'),
        "verify-link",
        ENTRY,
    ),
    Planted(
        "link above the root",
        before_end(ENTRY, '<a href="../../../../../visits/">x</a>'),
        "verify-link",
        ENTRY,
    ),
    Planted("feed item", matched("feeds/news.xml", ITEM, ""), "verify-altered", "feeds/news.xml"),
    Planted(
        "CSV cell", replaced("data/gazette.csv", "令", "函"), "verify-altered", "data/gazette.csv"
    ),
    Planted(
        "JSON cell", replaced("data/visits.json", "82", "28"), "verify-altered", "data/visits.json"
    ),
    Planted("workbook cell", in_workbook(FLEET, "42", "24"), "verify-altered", f"{FLEET}.ods"),
    Planted("workbook lost its end", cut(f"{FLEET}.ods"), "verify-altered", f"{FLEET}.ods"),
    Planted(
        "digest in the data package",
        matched("datapackage.json", '("hash": "sha256:)[0-9a-f]{2}', r"\1zz"),
        "verify-altered",
        "datapackage.json",
    ),
    Planted(
        "dataset left out of the catalogue",
        matched("data/catalog.jsonld", "dcat:Dataset", "dcat:Resource"),
        "verify-altered",
        "data/catalog.jsonld",
    ),
    Planted(
        "bar of a chart",
        matched(f"{FOLDER}/index.html", r'(<rect [^>]*width=")[0-9.]+%', r"\g<1>1%"),
        "verify-content",
        f"{FOLDER}/index.html",
    ),
    Planted(
        "number of a chart",
        matched(f"{FOLDER}/index.html", r"(<text [^>]*>)24 車次", r"\g<1>42 車次"),
        "verify-content",
        f"{FOLDER}/index.html",
    ),
    Planted(
        "sharing picture",
        matched(ENTRY, "cards/gazette.png", "cards/other.png"),
        "verify-head",
        ENTRY,
    ),
    Planted(
        "dataset described",
        matched(f"{FOLDER}/index.html", '"datePublished":"2016', '"datePublished":"2017'),
        "verify-content",
        f"{FOLDER}/index.html",
    ),
    Planted(
        "record",
        replaced("gazette/105/105-001/01/record.json", "5*3*2", "532"),
        "verify-altered",
        "gazette/105/105-001/01/record.json",
    ),
    Planted("attachment", added(ATTACHMENT, b"x"), "verify-altered", ATTACHMENT),
    Planted("sitemap entry", matched("sitemap.xml", URL, ""), "verify-sitemap", "sitemap.xml"),
    Planted(
        "sitemap day",
        matched("sitemap.xml", "<lastmod>[^<]*", "<lastmod>2001-01-01"),
        "verify-sitemap",
        "sitemap.xml",
    ),
    Planted(
        "sitemap language",
        matched("sitemap.xml", '<xhtml:link rel="alternate" hreflang="en"[^>]*>', ""),
        "verify-sitemap",
        "sitemap.xml",
    ),
    Planted(
        "sitemap shows a private page",
        matched(
            "sitemap.xml",
            "<url>",
            "<url><loc>https://example.org/gongbao/gazette/105/105-002/02/</loc></url><url>",
        ),
        "verify-sitemap",
        "sitemap.xml",
    ),
    Planted("sitemap longer", appended("sitemap.xml", "\n"), "verify-altered", "sitemap.xml"),
    Planted("page longer", appended(ENTRY, "\n"), "verify-altered", ENTRY),
    Planted(
        "policy opened",
        matched(ENTRY, "script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        "verify-altered",
        ENTRY,
    ),
    Planted("script", before_end(ENTRY, "<script>alert(1)</script>"), "verify-altered", ENTRY),
    Planted(
        "page that leads away",
        matched(ENTRY, "<head>", '<head><meta http-equiv="refresh" content="0;url=//x.example">'),
        "verify-altered",
        ENTRY,
    ),
    Planted("404 page", before_end("404.html", "<p>x</p>"), "verify-altered", "404.html"),
    Planted("script's end", appended(SCRIPT, "alert(1)"), "verify-altered", SCRIPT),
    Planted("style's end", appended(STYLE, "body{}"), "verify-altered", STYLE),
    Planted("alien asset", added("assets/more.js", b"x"), "verify-undeclared", "assets/more.js"),
    Planted("headers", replaced("_headers", "DENY", "ALLOW"), "verify-altered", "_headers"),
    Planted("redirects", appended("_redirects", "/ / 301\n"), "verify-altered", "_redirects"),
    Planted(
        "sitemap cut", matched("sitemap.xml", "</urlset>", ""), "verify-sitemap", "sitemap.xml"
    ),
)


@pytest.mark.parametrize("planted", SEMANTIC, ids=lambda planted: planted.name)
def test_a_fault_is_found_by_its_sense(damaged: Options, planted: Planted, anew: SiteAnew) -> None:
    """A fault is named with code and file, and nothing else is, even where the digests agree."""
    planted.plant(damaged.site)
    remake_manifest(damaged)
    assert findings(damaged, anew) == {(planted.code, planted.path)}


@pytest.mark.parametrize(
    ("page", "name", "pattern"),
    [
        (ENTRY, "title", "<title>[^<]*</title>"),
        (ENTRY, "description", '<meta name="description"[^>]*>'),
        (ENTRY, "canonical", '<link rel="canonical"[^>]*>'),
        (PRIVATE, "robots", '<meta name="robots"[^>]*>'),
        (ENTRY, "lang", ' lang="zh-Hant-TW"'),
    ],
)
def test_a_damaged_head_is_named_by_its_line(
    damaged: Options, anew: SiteAnew, page: str, name: str, pattern: str
) -> None:
    """A lost line of a page's head is named with what should stand there."""
    matched(page, pattern, "")(damaged.site)
    remake_manifest(damaged)
    (fault,) = faults_of(damaged, anew)
    assert (fault.code, fault.origin.path, fault.values["name"]) == ("verify-head", page, name)


def test_a_missing_page_is_named_with_the_links_to_it(damaged: Options, anew: SiteAnew) -> None:
    """A missing page is one finding; all others are links and feed items that lead there."""
    (damaged.site / PARTNER).unlink()
    remake_manifest(damaged)
    faults = faults_of(damaged, anew)
    missing = [fault.origin.path for fault in faults if fault.code == "verify-missing"]
    others = {(f.code, f.values["value"].endswith("hachioji/")) for f in faults if f.values}
    assert missing == [PARTNER]
    assert others == {("verify-link", True)}
    assert "partners/index.html" in {fault.origin.path for fault in faults}


@pytest.mark.parametrize(
    "path",
    [
        "404.html",
        "sitemap.xml",
        "search/index.json",
        "feeds/visits.xml",
        "data/gazette.csv",
        "statistics/fleet/fleet.json",
        "statistics/fleet/fleet.ods",
        "datapackage.json",
        "data/catalog.jsonld",
        "gazette/105/105-001/01/record.json",
        "visits/105/2016-02-19-lantern/hall.png",
    ],
)
def test_a_missing_file_is_named(damaged: Options, anew: SiteAnew, path: str) -> None:
    """A missing file of any sort is named, even where the digests agree."""
    (damaged.site / path).unlink()
    remake_manifest(damaged)
    assert ("verify-missing", path) in findings(damaged, anew)


def test_two_pages_in_each_others_place_are_both_named(damaged: Options, anew: SiteAnew) -> None:
    """Pages that stand at each other's address are found by their content."""
    other = "gazette/105/105-001/02/index.html"
    first, second = (damaged.site / ENTRY).read_bytes(), (damaged.site / other).read_bytes()
    (damaged.site / ENTRY).write_bytes(second)
    (damaged.site / other).write_bytes(first)
    remake_manifest(damaged)
    assert {("verify-content", ENTRY), ("verify-content", other)} <= findings(damaged, anew)


@pytest.mark.parametrize("path", [ENTRY, "feeds/news.xml", ATTACHMENT, "sitemap.xml", "404.html"])
@pytest.mark.parametrize("target", ["nowhere", "."])
def test_a_link_in_a_files_place_is_named(
    damaged: Options, anew: SiteAnew, path: str, target: str
) -> None:
    """A symbolic link to nothing or to a folder is a finding, not a fault of the program."""
    linked(path, target)(damaged.site)
    assert path in {name for _, name in findings(damaged, anew)}


def test_a_public_page_that_hides_itself_is_named(damaged: Options, anew: SiteAnew) -> None:
    """On an official site a page that asks not to be listed, though it is not private, is named."""
    replaced(ENTRY, "</head>", '<meta name="robots" content="noindex">\n</head>')(damaged.site)
    faults = faults_of(damaged, anew)
    assert ENTRY in {fault.origin.path for fault in faults if fault.code == "verify-head"}


def test_an_altered_list_of_digests_is_named(damaged: Options, anew: SiteAnew) -> None:
    """A list of digests that does not fit the release's name is a finding of its own."""
    manifest = manifest_of(damaged.site, damaged.work)
    edit(manifest, lambda text: text + text.splitlines()[0] + "2\n")
    assert ("verify-manifest", manifest.name) in findings(damaged, anew)


def test_a_list_that_is_no_text_is_named(damaged: Options, anew: SiteAnew) -> None:
    """Bytes in the place of a list are a finding, not a fault of the program."""
    shown = published(damaged.work, damaged.site)
    shown.manifest.write_bytes(b"\xff\xfe")
    shown.carried.write_bytes(b"\xff\xfe")
    assert ("verify-manifest", shown.manifest.name) in findings(damaged, anew)


def test_a_lost_list_of_digests_is_named_once(damaged: Options, anew: SiteAnew) -> None:
    """Without its list of digests a good site has one finding: the list."""
    manifest = manifest_of(damaged.site, damaged.work)
    manifest.unlink()
    assert findings(damaged, anew) == {("verify-manifest", manifest.name)}


@pytest.mark.parametrize(
    "path",
    [
        "assets/more.01234567.min.js",
        "more/index.html",
        "search/0123456789abcdef/p0.bin",
        "search/0123456789abcdef/index.html",
        "search/fold-0123456789abcdef.bin",
    ],
)
def test_what_is_said_to_be_carried_along_needs_a_name_that_proves_it(
    damaged: Options, anew: SiteAnew, path: str
) -> None:
    """A file that only a list in the work folder explains is named: the list may be forged."""
    added(path, b"alert(1)")(damaged.site)
    digest = hashlib.sha256(b"alert(1)").hexdigest()
    carried = published(damaged.work, damaged.site).carried
    carried.write_text(f"{digest}  {path}\n", encoding="utf-8")
    assert findings(damaged, anew) == {("verify-undeclared", path)}


def test_what_is_named_after_its_bytes_is_carried_along(damaged: Options, anew: SiteAnew) -> None:
    """The search index of an older release may stay, for readers who still have a page of it."""
    files = {f"{letter}{n:x}.bin": bytes([n]) for letter in "tup" for n in (0, 2, 17)}
    folder = f"search/{segment_name({name: files[name].__bytes__ for name in files})}"
    lines = []
    for name, content in files.items():
        added(f"{folder}/{name}", content)(damaged.site)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {folder}/{name}\n")
    published(damaged.work, damaged.site).carried.write_text("".join(lines), encoding="utf-8")
    assert findings(damaged, anew) == set()
    (damaged.site / folder / "t2.bin").write_bytes(b"x")
    assert ("verify-undeclared", f"{folder}/p0.bin") in findings(damaged, anew)


def test_a_pipe_in_a_files_place_is_named(damaged: Options, anew: SiteAnew) -> None:
    """What is no file is not waited for."""
    (damaged.site / SCRIPT).unlink()
    os.mkfifo(damaged.site / SCRIPT)
    assert ("verify-missing", SCRIPT) in findings(damaged, anew)


def test_a_host_that_fails_is_told(
    damaged: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where MkDocs refuses `mkdocs.yml` no site is called good or bad."""
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ntheme: {name: nothing}\n", "utf-8")
    monkeypatch.setattr(host_settings, "SETTINGS", tmp_path / "mkdocs.yml")
    assert main(_command(damaged)) == USAGE
    assert "MkDocs 無法採用這裡的設定" in (said := capsys.readouterr().err)
    assert "Unrecognised theme name: 'nothing'" in said
    assert main(_command(damaged, "--lang", "en")) == USAGE
    assert "MkDocs cannot use its settings" in capsys.readouterr().err


PAGES = ("index.html", "404.html", "gazette/index.html", "gazette/105/105-001/01/index.html")
TARGETS = (
    *("", "#a", "./", ".", "..", "../", "../..", "../../", "../../../../", "x", "x/", "x/y.json"),
    *("../x/", "../../x/#a", "../../../x.html", "./x", "../x/../y/", "x//y", "../02/?q=1#a"),
    *("%E5%85%AC/", "../%E5%85%AC.html", "feeds/news.xml", "../../../../feeds/news.xml", "?n=2"),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_where_a_browser_goes(page: str) -> None:
    """Links within the site are followed as a browser follows them."""
    site = "https://example.org/"
    for target in TARGETS:
        url = urlsplit(urljoin(site + page, target))
        if target.count("..") <= page.count("/"):  # a browser stays at the root, we tell of it
            way = unquote(url.path[1:]).replace("//", "/")
            file = f"{way}index.html" if way.endswith("/") or not way else way
            assert lead(page, target) == (file, url.fragment), target


def test_a_clean_site_has_no_findings(full_site: Options) -> None:
    """What the build made passes."""
    verified = verify_site(full_site)
    assert verified.faults == ()
    assert verified.pages > 40


def test_the_content_of_another_day_is_noticed(full_site: Options) -> None:
    """Verified for a day after the next issue, the site lacks that issue."""
    later = replace(full_site, as_of=full_site.as_of.replace(year=2018))
    found = {(fault.code, fault.origin.path) for fault in verify_site(later).faults}
    assert ("verify-missing", "gazette/106/106-extra-001/01/index.html") in found


@dataclass(frozen=True)
class RandomFault:
    """A fault planted somewhere by chance: the files it touches, and how."""

    name: str
    paths: tuple[str, ...]
    plant: Plant


def _flipped(path: str, chance: random.Random) -> Plant:
    place, mask = chance.random(), chance.randrange(1, 256)

    def plant(site: Path) -> None:
        held = bytearray((site / path).read_bytes())
        held[int(place * len(held))] ^= mask
        (site / path).write_bytes(bytes(held))

    return plant


def _truncated(path: str, chance: random.Random) -> Plant:
    place = chance.random()

    def plant(site: Path) -> None:
        held = (site / path).read_bytes()
        (site / path).write_bytes(held[: int(place * len(held))])

    return plant


def _nth(path: str, pattern: str, new: str, chance: random.Random) -> Plant:
    """Replaces one match of a pattern, chosen by chance."""
    place = chance.random()

    def change(text: str) -> str:
        matches = list(re.finditer(pattern, text))
        match = matches[int(place * len(matches))]
        return text[: match.start()] + match.expand(new) + text[match.end() :]

    return lambda site: edit(site / path, change)


def _swapped(path: str, other: str) -> Plant:
    def plant(site: Path) -> None:
        first, second = (site / path).read_bytes(), (site / other).read_bytes()
        (site / path).write_bytes(second)
        (site / other).write_bytes(first)

    return plant


HEADS = r'<title>|<html lang="|<meta name="[a-z]+"|<link rel="canonical"'
WAYS = ("flip", "remove", "truncate", "link", "item", "cell", "head", "add", "swap")


def _fault(way: str, files: list[str], site: Path, chance: random.Random) -> RandomFault:
    """One fault of a sort, in a file of the sort that can have it."""
    pages = [name for name in files if name.endswith("/index.html")]
    feeds = [n for n in files if n.startswith("feeds/") and "<item>" in _text(site, n)]
    tables = [n for n in files if n.endswith(".csv") and _text(site, n).count("\n") > 1]
    pool = {"link": pages, "head": pages, "item": feeds, "cell": tables}.get(way, files)
    path = chance.choice(pool)
    if way == "swap":
        other = chance.choice(
            [n for n in files if (site / n).read_bytes() != (site / path).read_bytes()]
        )
        return RandomFault(f"swap {path} {other}", (path, other), _swapped(path, other))
    if way == "add":
        path = f"{path.rpartition('/')[0]}/added-{chance.randrange(10**6)}.txt".lstrip("/")
    plants: dict[str, Plant] = {
        "flip": _flipped(path, chance),
        "remove": lambda site: (site / path).unlink(),
        "truncate": _truncated(path, chance),
        "link": _nth(path, r'(<a [^>]*?href=)"([^"]*)"', r'\1"\2no-such"', chance),
        "item": _nth(path, ITEM, "", chance),
        "cell": _nth(path, r"(?<=[\n,])[^,\n\r]+(?=[,\r])", "別的內容", chance),
        "head": _nth(path, HEADS, "<!---->", chance),
        "add": added(path, b"added"),
    }
    return RandomFault(f"{way} {path}", (path,), plants[way])


def _text(site: Path, name: str) -> str:
    return (site / name).read_bytes().decode(errors="replace")


def random_faults(site: Path, files: list[str], seed: int, count: int) -> Iterator[RandomFault]:
    """The same faults for the same seed: every sort in turn."""
    chance = random.Random(seed)
    for number in range(count):
        yield _fault(WAYS[number % len(WAYS)], files, site, chance)


def test_random_faults_are_named_each_time(damaged: Options, anew: SiteAnew) -> None:
    """Of many faults planted one at a time, anywhere in the site, every file is named."""
    site = damaged.site
    files = [name for name, path in files_below(site).items() if path.stat().st_size]
    unseen: list[str] = []
    for fault in random_faults(site, files, 20160601, FAULTS):
        with restoring(*(site / path for path in fault.paths)):
            fault.plant(site)
            named = named_by(damaged, anew)
        if not set(fault.paths) <= named:
            unseen.append(fault.name)
    assert unseen == []
    assert findings(damaged, anew) == set()


def test_random_faults_need_no_lists_of_digests(damaged: Options, anew: SiteAnew) -> None:
    """Any fault anywhere in the site is named without the lists of its release."""
    site = damaged.site
    files = [name for name in anew.digests if (site / name).stat().st_size]
    chance, unseen = random.Random(1050104), list[str]()
    for number in range(UNLISTED_FAULTS):
        fault = _fault(WAYS[number % len(WAYS)], files, site, chance)
        with restoring(*(site / path for path in fault.paths)):
            fault.plant(site)
            named = {problem.origin.path for problem in verify(site, anew)}
        if not set(fault.paths) <= named:
            unseen.append(fault.name)
    assert unseen == []


def _command(site: Options, *more: str) -> list[str]:
    folders = ("content", "work", "site")
    flags = [part for name in folders for part in (f"--{name}", str(getattr(site, name)))]
    return ["verify", *flags, "--as-of", site.as_of.isoformat(), *more]


def test_the_command_names_the_file(damaged: Options, capsys: pytest.CaptureFixture[str]) -> None:
    """`gongbao verify` ends with 0 on a good site, with 1 and the file's name on a damaged one."""
    assert main(_command(damaged)) == CLEAN
    assert "0 處不符" in capsys.readouterr().err
    line = (damaged.site / ENTRY).read_text("utf-8").partition("</html>")[0].count("\n") + 1
    edit(damaged.site / ENTRY, lambda text: text.replace("</html>", "<b>\x1b[2J\n</b></html>"))
    assert main(_command(damaged)) == CONTENT
    printed = capsys.readouterr()
    told = "「b>\N{REPLACEMENT CHARACTER}[2J⏎</b></html>」，應為「/html>」。[verify-altered]"
    place = f"{damaged.site}/{ENTRY}: 檔案與重新產生的不同：第 {line} 行第 2 字起為"
    assert place + told in printed.out
    assert "1 處不符" in printed.err


def test_a_site_is_compared_with_its_own_day(
    damaged: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    """On any later day an untouched site has no difference, unless another day is named."""
    command = _command(damaged)
    assert main(command[: command.index("--as-of")]) == CLEAN
    said = capsys.readouterr().err
    assert "2016-06-01" in said
    assert "0 處不符" in said
    assert main([*command[: command.index("--as-of")], "--as-of", "2017-06-01"]) == CONTENT
    capsys.readouterr()


def test_the_command_changes_nothing(damaged: Options, capsys: pytest.CaptureFixture[str]) -> None:
    """`gongbao verify` leaves site and work as they are, damaged or not."""
    (damaged.site / ENTRY).unlink()
    before = _snapshot(damaged)
    assert main(_command(damaged)) == CONTENT
    capsys.readouterr()
    assert _snapshot(damaged) == before


def _snapshot(site: Options) -> list[tuple[str, int, int]]:
    root = site.work.parent
    return sorted(
        (str(path), path.lstat().st_mtime_ns, path.lstat().st_size) for path in root.rglob("*")
    )


def test_problems_are_in_order_and_unique(damaged: Options, anew: SiteAnew) -> None:
    """Findings come sorted by file, none twice."""
    for path in (ENTRY, PARTNER, "feeds/news.xml", "data/gazette.csv"):
        (damaged.site / path).unlink()
    faults = faults_of(damaged, anew)
    keys = [fault.order for fault in faults]
    assert keys == sorted(set(keys))

"""The handbook is on every site, for whoever works on it; its examples and commands are tried."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from sample_sites import (
    MINIMAL,
    SITES,
    ScratchSite,
    build_site,
    examine_folder,
    options,
    sample_site,
)
from whole_program import CLEAN, Options, all_commands, declare, main

from generator import PROGRAM, THEME
from generator.content.messages import CODES_PAGE
from generator.content.model import Page
from generator.kinds.views.handbook import CLERKS, INDEX, LISTS, OPERATORS, VIEW
from generator.output.search.index import documents

CHAPTERS = PROGRAM / "kinds/views/templates/handbook"
ADDRESSES = {INDEX, *(chapter.address for chapter in (*CLERKS, *LISTS, *OPERATORS))}
NAMES = sorted(chapter.name for chapter in (*CLERKS, *OPERATORS))
BLOCK = re.compile(r"<pre>(.*?)</pre>", re.S)
WITH_EXAMPLES = [
    *("start", "kinds", "dates", "publication", "relations", "personal", "figures", "reports"),
    "meetings",
]
REMARKS = ("sequence-gap", "not-stated", "attachment-promised", "issue-gap")
"""What the program remarks of examples that show exactly this, or are parts of an issue."""
ISSUE = "gazette/106/106-001/issue.yaml"
ONE_CITYS = re.compile("高雄|高市|kaohsiung|kcg|四維|鳳山", re.I)
WAITING = ("serve",)
"""Commands that do not end by themselves."""


@cache
def _handbook(name: str) -> Mapping[str, tuple[Page, str]]:
    """The pages of a sample's handbook with their HTML, by address."""
    chosen = options(SITES / name, SITES)
    expected = declare(sample_site(name), chosen.loader)
    return {p.address: (p, block) for p, block in expected.pages if p.address.startswith(INDEX)}


def _blocks(chapter: str, name: str = "full") -> Iterator[str]:
    """The texts of a chapter's blocks, as a sample's site shows them."""
    _, html = _handbook(name)[f"{INDEX}{chapter}/"]
    return (unescape(block) for block in BLOCK.findall(html))


@pytest.mark.parametrize("name", ["unicode", "full"])
def test_every_site_has_it(name: str) -> None:
    """All chapters and lists; the index leads to each; no page is in the menu or listed."""
    pages = _handbook(name)
    assert set(pages) == ADDRESSES
    assert all(page.private for page, _ in pages.values())
    _, index = pages[INDEX]
    assert set(re.findall(r'href="([a-z-]+/)"', index)) == {
        address.removeprefix(INDEX) for address in ADDRESSES - {INDEX}
    }
    assert sorted(path.stem for path in CHAPTERS.glob("*.md")) == NAMES


def test_no_example_becomes_markup() -> None:
    """What a chapter shows of Markdown stays text: the handbook has no picture of its own."""
    assert [address for address, (_, html) in _handbook("full").items() if "<img" in html] == []
    _, html = _handbook("full")[f"{INDEX}static/"]
    assert "![替代文字](檔名)" in unescape(html)


def test_readers_are_not_led_to_it(full_site: Options) -> None:
    """Neither menu nor index of pages, sitemap or search names it; the foot of each page does."""
    site = full_site.site
    home = (site / "index.html").read_text("utf-8")
    body, _, foot = home.partition('<footer class="gb-foot"')
    assert "handbook/" not in body
    assert '<a href="handbook/">編輯手冊</a>' in foot
    entry = (site / "en/gazette/105/105-001/01/index.html").read_text("utf-8")
    assert '<a href="../../../../../handbook/">Handbook for editors (in Chinese)</a>' in entry
    assert "handbook/" not in (site / "sitemap.xml").read_text("utf-8")
    pages = (site / "pages/index.html").read_text("utf-8").partition('<footer class="gb-foot"')[0]
    assert "handbook/" not in pages
    found = {document.address for document in documents(sample_site("full"))}
    assert "gazette/105/105-001/01/" in found
    assert found.isdisjoint(ADDRESSES)


def test_a_site_may_leave_it_out(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """With `handbook: false` there is no page of it, and nothing leads there."""
    settings = (SITES / "minimal/site.yaml").read_text("utf-8")
    assert "handbook: false\n" in settings
    content = scratch_site({})
    build_site(content, tmp_path)
    assert not (tmp_path / "site/handbook").exists()
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 5
    assert [page for page in pages if "handbook/" in page.read_text("utf-8")] == []
    examined = examine_folder(content)
    assert examined.site is not None
    assert INDEX not in examined.site.addresses


@pytest.mark.parametrize("chapter", WITH_EXAMPLES)
def test_examples_are_accepted(chapter: str, tmp_path: Path) -> None:
    """Each example, put where its first line says, has no error in a site."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)
    (content / ISSUE).parent.mkdir(parents=True)
    (content / ISSUE).write_text("publication_date: 106-01-05\n", encoding="utf-8")
    for text in _examples(chapter):
        head, _, rest = text.partition("\n")
        path = content / head.removeprefix("# content/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rest if path.suffix == ".md" else text, encoding="utf-8")
    found = examine_folder(content).problems
    told = {(p.code, p.origin.path) for p in examine_folder(SITES / "full").problems}
    unexpected = {(p.code, p.origin.path) for p in found} - told
    assert {pair for pair in unexpected if pair[0] not in REMARKS} == set()


def _examples(chapter: str) -> Iterator[str]:
    return (text for text in _blocks(chapter) if text.startswith("# content/"))


def test_examples_are_there() -> None:
    """The handbook has examples of every kind that editors write."""
    examples = [text for name in NAMES for text in _examples(name)]
    folders = {text.split("\n")[0].split("/")[1] for text in examples}
    assert {
        "gazette",
        "visits",
        "partners",
        "statistics",
        "reports",
        "pages",
        "meetings",
    } <= folders
    assert len(examples) > 25
    assert [name for name in NAMES if any(_examples(name))] == sorted(WITH_EXAMPLES)


def test_examples_are_the_sites_own() -> None:
    """An example has the site's agencies and categories, and the kinds lead to its own records."""
    (first, *_) = _examples("kinds")
    assert "issuers: [city]\n" in first
    _, html = _handbook("full")[f"{INDEX}kinds/"]
    assert "<code>content/gazette/105/105-002/01.yaml</code>" in html
    assert "105-002/02.yaml" not in html  # the newest one names a person
    _, html = _handbook("full")[f"{INDEX}personal/"]
    assert "category: service\n" in unescape(html)


def test_its_commands_are_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command line of the clerks' chapters is understood; those that end are run."""
    monkeypatch.chdir(tmp_path)
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)
    lines = [line for chapter in CLERKS for line in _command_lines(chapter.name)]
    assert len(lines) > 5
    for line in lines:
        program, command, *arguments = shlex.split(line)
        assert program == "gongbao", line
        if command not in WAITING:
            given = ["--content", str(content), "--as-of", "2016-06-01"]
            if command in ("check", "figures"):
                given[1] = str(SITES / "full")
            assert main([command, *arguments, *given]) == CLEAN, line
    capsys.readouterr()


def _command_lines(chapter: str) -> Iterator[str]:
    blocks = (text for text in _blocks(chapter) if text.startswith("gongbao "))
    return (line for text in blocks for line in text.splitlines())


def test_every_command_that_is_named_exists() -> None:
    """In a block or within a sentence: whoever types it is understood."""
    texts = "\n".join(path.read_text("utf-8") for path in sorted(CHAPTERS.glob("*.md")))
    named = set(re.findall(r"\bgongbao ([a-z]+)", texts))
    assert len(named) > 12
    assert named - {command.name for command in all_commands()} == set()


def test_every_link_leads_somewhere() -> None:
    """A chapter links to fixed pages of the site alone, and each of them exists."""
    addresses = sample_site("unicode").addresses
    for path in sorted(CHAPTERS.glob("*.md")):
        for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
            typed = target.startswith(("gazette:", "檔名"))  # an example of what editors write
            known = target.removeprefix("/") in addresses and target.startswith("/")
            assert typed or known or target.startswith("https://"), (path.name, target)


def test_no_text_is_lost() -> None:
    """Nothing of a chapter is swallowed by the Markdown: each heading and each link is shown."""
    for chapter in (*CLERKS, *OPERATORS):
        text = (CHAPTERS / f"{chapter.name}.md").read_text("utf-8")
        _, html = _handbook("full")[chapter.address]
        headings = re.findall(r"^## (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M)
        assert re.findall(r'<h2 id="[^"]*">(.*?)</h2>', html)[: len(headings)] == headings
        assert "{{" not in html or chapter.name == "reports", chapter.name


def test_the_program_speaks_of_no_city() -> None:
    """Another city finds nothing of this repository's own in program, theme or handbook."""
    files = [path for folder in (PROGRAM, THEME) for path in folder.rglob("*")]
    kinds_of_text = (".md", ".html", ".js", ".css", ".tsv", ".yaml", ".py")
    texts = [p for p in files if p.suffix in kinds_of_text and "tests" not in p.parts]
    assert len(texts) > 300
    assert [path for path in texts if ONE_CITYS.search(path.read_text("utf-8"))] == []


def test_a_message_leads_to_it(
    scratch_site: ScratchSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """After messages stands where their codes are explained; after none, and without, nothing."""
    address = f"https://example.org/{CODES_PAGE}"
    assert CODES_PAGE in ADDRESSES
    settings = MINIMAL["site.yaml"].replace("handbook: false\n", "")
    for wrong, more, told in (
        (True, "", True),
        (False, "", False),
        (True, "handbook: false", False),
    ):
        issue = "publication_date: 105-13-06\n" if wrong else "publication_date: 105-01-06\n"
        files = {"site.yaml": f"{settings}{more}\n", "gazette/105/105-001/issue.yaml": issue}
        content = scratch_site(files)
        main(["check", "--content", str(content), "--as-of", "2016-06-01"])
        assert (address in capsys.readouterr().err) is told


def test_editors_may_link_to_it() -> None:
    """Its addresses are among the fixed ones of the site, by name."""
    names = sample_site("full").addresses
    assert names.keys() >= ADDRESSES
    assert names[INDEX] == VIEW.label

"""Links to other sites are asked for on demand alone, and what is dead is told and shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import running
from sample_sites import MINIMAL, ScratchSite, build_site, examine_folder

from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT
from generator.commands._http import LOOPBACK
from generator.commands._link_checker import Visitor, on_the_wire
from generator.site.outgoing_links import outbound

ENTRY = "gazette/105/105-001/01.yaml"
FIRST = MINIMAL[ENTRY]
AS_OF = ("--as-of", "2016-06-01")
ANSWERS = {"/": 200, "/gone": 404, "/nohead": 200, "/moved": 301, "/later": 302, "/loop": 302}
ANSWERS |= {"/barred": 403, "/broken": 500, "/file": 301, "/bracket": 302}
LEADS = {"/moved": "/nohead", "/later": "/", "/loop": "/loop", "/file": "file:///etc/hostname"}
LEADS |= {"/bracket": "http://[/"}


class _Elsewhere(BaseHTTPRequestHandler):
    """Somebody else's site; remembers what it was asked, and by whom."""

    asked: Counter[tuple[str, str]]
    agents: set[str]

    def answer(self) -> None:
        """What stands at an address."""
        self.asked[self.command, self.path] += 1
        self.agents.add(str(self.headers["User-Agent"]))
        status = ANSWERS.get(self.path, 404)
        barred = self.path == "/nohead" and self.command == "HEAD"
        self.send_response(405 if barred else status)
        if self.path in LEADS:
            self.send_header("Location", LEADS[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer  # noqa: N815 -- the base's names

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, type[_Elsewhere]]]:
    """The address of a site elsewhere, and what it was asked."""
    handler = type("Elsewhere", (_Elsewhere,), {"asked": Counter(), "agents": set()})
    with running(ThreadingHTTPServer((LOOPBACK, 0), handler)) as root:
        yield root, handler


def _linked(*urls: str) -> str:
    """An entry that leads to these addresses, each on a line of its own."""
    lines = "".join(f"  見[來源]({url})。\n\n" for url in urls)
    return FIRST.partition("body:")[0] + "markdown: |\n" + lines


def _silent() -> str:
    """An address at which nobody listens."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _Elsewhere)
    server.server_close()
    return f"http://{LOOPBACK}:{server.server_port}/"


def _folders(tmp_path: Path, content: Path) -> list[str]:
    """The options of a scratch site, whose links lead to this machine."""
    work, site = str(tmp_path / "build"), str(tmp_path / "site")
    return ["--content", str(content), "--work", work, "--site", site, *AS_OF, "--private"]


def test_every_answer_is_judged(elsewhere: tuple[str, type[_Elsewhere]]) -> None:
    """HEAD, then GET; moves are followed; what is shown to no program is not dead."""
    root, handler = elsewhere
    urls = [root + path for path in ANSWERS]
    silent = _silent()
    answers = Visitor(agent="a clerk", patience=5, private=True).ask_all([*urls, silent])
    dead = {url.removeprefix(root): a.status for url, a in answers.items() if a.dead}
    gone = {"/gone": 404, "/broken": 500, silent: 0}
    assert dead == {**gone, "/loop": 302, "/file": 301, "/bracket": 302}
    moved = {
        url.removeprefix(root): a.moved for url, a in answers.items() if a.moved and not a.dead
    }
    assert moved == {"/moved": f"{root}/nohead"}
    assert handler.agents == {"a clerk"}
    assert handler.asked["GET", "/"] == 0
    assert handler.asked["HEAD", "/nohead"] == handler.asked["GET", "/nohead"] == 2
    assert handler.asked["HEAD", "/loop"] == 6


def test_dead_links_are_named_with_file_and_line(
    elsewhere: tuple[str, type[_Elsewhere]],
    scratch_site: ScratchSite,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each with place, address, answer and remedy; nothing else is printed but the count."""
    root, handler = elsewhere
    silent = _silent()
    text = _linked(f"{root}/gone#part", f"{root}/moved", f"{root}/", silent)
    content = scratch_site({ENTRY: text})
    line = text[: text.index("/gone")].count("\n") + 1
    folders = _folders(tmp_path, content)
    assert main(["links", *folders, "--patience", "5"]) == CLEAN
    said = capsys.readouterr()
    place = f"{content.as_posix()}/{ENTRY}"
    first, second, third = (block for block in said.out.split("\n\n") if block.strip())
    assert first.startswith(
        f"{place}:{line}:9: （提醒）連結「{root}/gone」已失效：對方回答 404。[link-dead]"
    )
    assert "提示：改用新的網址，或移除連結；已封存的內容另刊更正。" in first
    assert (
        f"{place}:{line + 2}:9: （提醒）連結「{root}/moved」已永久移到「{root}/nohead」。" in second
    )
    assert f"{place}:{line + 6}:9: （提醒）連結「{silent}」連不上：對方沒有回應。" in third
    assert "查詢 4 個網址：2 個失效。" in said.err
    assert main(["links", *folders, "--strict"]) == CONTENT
    assert handler.agents == {"gongbao-links (+https://example.org/)"}


def test_a_build_shows_what_was_found_and_asks_nobody(
    elsewhere: tuple[str, type[_Elsewhere]], scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """Page and file tell the day and the dead; a mended link is dead no longer."""
    root, handler = elsewhere
    content = scratch_site({ENTRY: _linked(f"{root}/gone", f"{root}/")})
    build_site(content, tmp_path)
    status, page = tmp_path / "site/status.json", tmp_path / "site/coverage/index.html"
    assert "links" not in json.loads(status.read_text("utf-8"))
    assert handler.asked.total() == 0
    assert main(["links", *_folders(tmp_path, content)]) == CLEAN
    asked = handler.asked.total()
    build_site(content, tmp_path)
    dead = {"record": "gazette:105-001-01", "status": "404", "url": f"{root}/gone"}
    told = {"day": "2016-06-01", "checked": "2", "dead": [dead]}
    assert json.loads(status.read_text("utf-8"))["links"] == told
    assert "失效的對外連結（1）" in page.read_text("utf-8")
    (content / ENTRY).write_text(_linked(f"{root}/"), "utf-8")
    build_site(content, tmp_path)
    assert json.loads(status.read_text("utf-8"))["links"] == {**told, "dead": []}
    assert "失效的對外連結" not in page.read_text("utf-8")
    assert handler.asked.total() == asked


def test_a_report_that_was_not_made_with_the_key_is_passed_over(
    scratch_site: ScratchSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it stands on a page, and it is said; one of an older program is such too."""
    content = scratch_site({})
    dead: list[object] = [{"url": "https://example.org/x", "status": "404", "records": []}]
    told = {"site": "https://example.org/", "day": "2016-05-01", "checked": "1", "dead": dead}
    (tmp_path / "build").mkdir()
    build_site(content, tmp_path)
    for forged in (told, {**told, "digest": "0" * 64}, {**told, "digest": ""}):
        (tmp_path / "build/links.json").write_text(json.dumps(forged), "utf-8")
        assert main(["build", *_folders(tmp_path, content)[:-1], "--lang", "en"]) == CLEAN
        assert "links.json” was not made with the key in use" in capsys.readouterr().err
        assert "links" not in json.loads((tmp_path / "site/status.json").read_text("utf-8"))


def test_fields_and_texts_are_searched_for_links(scratch_site: ScratchSite) -> None:
    """Addresses of attachments and links of prose; old addresses of the site itself are not."""
    attached = "attachments: [{url: https://example.com/a.pdf, title: 附表}]\n"
    old = "legacy_urls: [https://old.example.org/1]\n"
    text = _linked("https://例.tw/路?q=甲#乙", "gazette:105-001-01", "mailto:a@example.com")
    site = examine_folder(scratch_site({ENTRY: f"{attached}{old}{text}"})).site
    assert site is not None
    found = [link.url for link in outbound(site.archive)]
    assert sorted(found) == ["https://example.com/a.pdf", "https://例.tw/路?q=甲"]


def test_addresses_are_sent_in_letters_that_servers_know() -> None:
    """Host names in IDNA, paths and queries in per cent; what is encoded already stays."""
    assert on_the_wire("https://例.tw/路/%E7%94%B2?q=甲 乙#丙") == (
        "https://xn--fsq.tw/%E8%B7%AF/%E7%94%B2?q=%E7%94%B2%20%E4%B9%99"
    )
    assert on_the_wire("http://[::1]:8000") == "http://[::1]:8000/"
    assert on_the_wire("http://clerk:secret@example.org/") == "http://example.org/"

"""`gongbao ping` against a hub on this machine's loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl

import pytest
from sample_sites import MINIMAL, ScratchSite

from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT, USAGE
from generator.content.settings import read_settings

Captured = pytest.CaptureFixture[str]
FEEDS = ("gazette.atom", "gazette.json", "gazette.xml", "news.xml")


class Hub(HTTPServer):
    """A hub that notes each notice; it answers with `status`, and from a number on with another."""

    def __init__(self, statuses: tuple[int, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Notice)
        self.statuses = statuses
        self.notices: list[tuple[str, list[tuple[str, str]]]] = []

    @property
    def address(self) -> str:
        """Where notices go."""
        return f"http://127.0.0.1:{self.server_port}/hub"


class _Notice(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.notices.append((self.headers["Content-Type"], parse_qsl(body)))
        place = min(len(self.server.notices), len(self.server.statuses)) - 1
        self.send_response(self.server.statuses[place])
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def hub(*statuses: int) -> Iterator[Hub]:
    """A running hub."""
    with Hub(statuses) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ping(content: Path, *more: str) -> int:
    """The exit code of the command for a content with a site beside it."""
    root = content.parent
    given = ("--content", str(content), "--work", str(root / "build"), "--site", str(root / "site"))
    return main(["ping", *given, "--patience", "5", *more])


def published(scratch_site: ScratchSite, settings: str, *, official: bool = True) -> Path:
    """A content with these settings, and a site with feeds, an archive and a list of feeds."""
    text = MINIMAL["site.yaml"]
    text = text.replace("official: false", "official: true") if official else text
    content = scratch_site({"site.yaml": text + settings})
    for name in (*FEEDS, "all.opml", "index.html", "archive/gazette/2015q4.xml"):
        path = content.parent / "site/feeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return content


def test_a_hub_is_told_of_every_form_of_every_feed(
    scratch_site: ScratchSite, capsys: Captured
) -> None:
    """Each current document is a topic of its own; archives and the list of feeds are none."""
    with hub(204) as server:
        content = published(scratch_site, f"hub: {server.address}\n")
        assert ping(content) == CLEAN
    urls = [f"https://example.org/feeds/{name}" for name in FEEDS]
    form = "application/x-www-form-urlencoded"
    assert server.notices == [(form, [("hub.mode", "publish"), ("hub.url", url)]) for url in urls]
    assert capsys.readouterr().err == f"已向 {server.address} 通知 4 個網址。\n"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_is_told_with_what_was_sent(
    status: int, scratch_site: ScratchSite, capsys: Captured
) -> None:
    """An error ends the run, and so does a redirect: it would be followed without the form."""
    with hub(202, status) as server:
        content = published(scratch_site, f"hub: {server.address}\n")
        assert ping(content, "--lang", "en") == USAGE
    assert len(server.notices) == 2
    assert capsys.readouterr().err == (
        f"The hub {server.address} did not take the notice about"
        f" https://example.org/feeds/gazette.json: HTTP {status}."
        " Told so far: 1 address; run it again later.\n"
    )


def test_a_hub_that_does_not_answer_is_told(scratch_site: ScratchSite, capsys: Captured) -> None:
    """The system's own reason stands in the message, and no traceback."""
    with hub(204) as server:
        pass
    content = published(scratch_site, f"hub: {server.address}\n")
    assert ping(content) == USAGE
    said = capsys.readouterr().err
    assert said.startswith(f"推播中心 {server.address} 沒有收下 https://example.org/feeds/gazette.")
    assert "已通知 0 個網址" in said


def test_what_must_not_or_cannot_be_told_is_refused(
    scratch_site: ScratchSite, capsys: Captured
) -> None:
    """A demonstration, a site without a hub, and a site without feeds tell nobody."""
    with hub(204) as server:
        line = f"hub: {server.address}\n"
        assert ping(published(scratch_site, line, official=False)) == USAGE
        assert "示範網站" in capsys.readouterr().err
        assert ping(published(scratch_site, "")) == USAGE
        assert "沒有 hub" in capsys.readouterr().err
        content = published(scratch_site, line)
        for name in FEEDS:
            (content.parent / "site/feeds" / name).unlink()
        assert ping(content) == USAGE
        assert "沒有訂閱來源" in capsys.readouterr().err
        assert ping(published(scratch_site, "hub: none\n")) == CONTENT
    assert server.notices == []


@pytest.mark.parametrize(
    ("hub_address", "detail"),
    [
        ("https://example.org", ""),
        ("https://example.org/", ""),
        ("https://example.org/feeds/hub", ""),
        ("https://hub.example.net/#a", "fragment"),
        ("https://hub.example.net/?x=1#", "fragment"),
    ],
)
def test_a_wrong_hub_is_refused(hub_address: str, detail: str, scratch_site: ScratchSite) -> None:
    """The site itself is no hub, and no part of an address behind a # is ever sent."""
    content = scratch_site({"site.yaml": f"{MINIMAL['site.yaml']}hub: {hub_address}\n"})
    reading = read_settings(content)
    assert reading.settings is None
    (problem,) = reading.problems
    assert (problem.code, problem.detail, problem.values["value"]) == (
        "hub-refused",
        detail,
        hub_address,
    )
    assert problem.origin.line == MINIMAL["site.yaml"].count("\n") + 1


@pytest.mark.parametrize("address", ["https://hub.example.net/", "http://example.org.tw/hub"])
def test_another_host_can_be_a_hub(address: str, scratch_site: ScratchSite) -> None:
    """Also one whose name begins as the site's does."""
    content = scratch_site({"site.yaml": f"{MINIMAL['site.yaml']}hub: {address}\n"})
    settings = read_settings(content).settings
    assert settings is not None
    assert settings.hub == address

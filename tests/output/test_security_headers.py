"""The handbook's settings for nginx, as they stand there, in a real nginx with a built site."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_addresses import BASE, OWN, OldAddress, old_addresses
from sample_sites import OLD_ADDRESSES

from generator import PROGRAM
from generator.output.security_headers import headers
from generator.site.redirect_checks import WHOLE
from generator.site.redirects import redirect_tables
from generator.text.urls import spot

CHAPTER = (PROGRAM / "kinds/views/templates/handbook/hosting.md").read_text(encoding="utf-8")
STARTER = PROGRAM / "commands/starters/docker"
PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/bin:/opt/homebrew/bin:/usr/local/bin"


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: Message
    text: str


Ask = Callable[..., Answer]


class _Local(HTTPConnection):
    """A connection to a socket in a folder: no port that something else may have."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        """Opens the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def _settings(site: Path, folder: Path) -> str:
    """The handbook's lines with this site, this folder and a socket in the place of the port."""
    found = re.search(r"```nginx\n(.*?)```", CHAPTER, re.S)
    command = re.search(r"^sed -n .* > gongbao-headers.conf$", CHAPTER, re.M)
    assert found
    assert command
    line = command[0].replace("site/_headers", f"{site}/_headers")
    subprocess.run(["sh", "-c", line], cwd=folder, check=True)
    own = found[1].replace("listen 443 ssl;", f"listen unix:{folder}/socket;")
    return _within(own.replace("/srv/gongbao/site", str(site)), folder)


_PARTS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_TYPES = "types { text/html html; text/javascript js; text/xml xml; }\n"


@pytest.fixture(scope="module")
def ask(moved_site: Path) -> Iterator[Ask]:
    """Asks a running nginx: a path as it is sent, and the host."""
    with serving(moved_site) as asked:
        yield asked


def _starter_settings(site: Path, folder: Path) -> str:
    """The file of a new site's Docker image, with the headers that the image makes."""
    lines = (STARTER / "Dockerfile").read_text("utf-8").splitlines()
    (command,) = (line.partition("&& ")[2] for line in lines if "&& sed " in line)
    command = command.replace("site/_headers", f"{site}/_headers")
    subprocess.run(["sh", "-c", command], cwd=folder, check=True)
    own = (STARTER / "nginx.conf").read_text("utf-8")
    for stated, here in (
        ("listen 80;", f"listen unix:{folder}/socket;"),
        ("/etc/nginx/gongbao-headers.conf", f"{folder}/gongbao-headers.conf"),
        ("/srv/gongbao/site", str(site)),
    ):
        assert stated in own
        own = own.replace(stated, here)
    return _within(own, folder)


def _within(own: str, folder: Path) -> str:
    """A whole configuration around the lines of a site."""
    kept = "".join(f"{name}_temp_path {folder}/{name};\n" for name in _PARTS)
    return (
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{kept}{_TYPES}{own}}}\n"
    )


@contextmanager
def serving(site: Path, settings_of: Callable[[Path, Path], str] = _settings) -> Iterator[Ask]:
    """A running nginx with a site."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)  # a socket's path is short
        (folder / "nginx.conf").write_text(settings_of(site, folder), "utf-8")
        program = shutil.which("nginx", path=PATH)
        assert program, "nginx is missing: .ci/machine installs it"
        command = [program, "-e", "stderr", "-p", held, "-c", f"{held}/nginx.conf"]
        subprocess.run([*command, "-t"], check=True)
        server = subprocess.Popen(command)
        try:
            yield _asking(folder / "socket", server)
        finally:
            server.terminate()
            server.wait()


def _asking(path: Path, server: subprocess.Popen[bytes]) -> Ask:
    def ask(target: str, host: str = "example.org", **sent: str) -> Answer:
        while server.poll() is None:
            with suppress(FileNotFoundError, ConnectionRefusedError), closing(_Local(path)) as way:
                way.request("GET", target, headers={"Host": host, **sent})
                answer = way.getresponse()
                text = answer.read().decode("utf-8", "replace")
                return Answer(answer.status, answer.headers, text)
            time.sleep(0.02)  # not up yet
        raise AssertionError("nginx has ended")

    return ask


def test_the_image_of_a_new_site_answers_alike(moved_site: Path) -> None:
    """Headers, old addresses, numbers and the lost page are those of the settings above."""
    with serving(moved_site, _starter_settings) as ask:
        home, lost = ask("/"), ask("/nowhere/")
        assert (home.status, lost.status) == (200, 404)
        assert "找不到這一頁" in lost.text
        for answer in (home, lost):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-cache"
        moved = ask("/old/1.html")
        assert (moved.status, moved.headers["Location"]) == (
            301,
            "http://example.org/gazette/105/105-001/01/",
        )
        number = ask("/d/1050000001/")
        assert (number.status, number.headers["Location"]) == (
            302,
            "http://example.org/d/?n=1050000001",
        )


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("feeds/news.xml", "text/xml"),
        ("feeds/news.atom", "application/xml"),
        ("feeds/news.json", "application/feed+json"),
        ("feeds/archive/news/2016q1.json", "application/feed+json"),
        ("feeds/all.opml", "text/x-opml"),
    ],
)
def test_feeds_have_types_of_their_own(ask: Ask, name: str, type_: str) -> None:
    """By nginx as by hosts that read `_headers`, with all that other answers have."""
    answer = ask(f"/{name}")
    assert (answer.status, answer.headers.get_content_type()) == (200, type_)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"
    ending = name.rpartition(".")[2]
    rule = f"/feeds/*.{ending}\n  Content-Type: {type_}; charset=utf-8\n"
    assert (rule in headers().content.decode()) == (ending != "xml")


@pytest.mark.parametrize(
    ("target", "status", "kept"),
    [
        ("/", 200, "no-cache"),
        ("/gazette/105/105-001/01/", 200, "no-cache"),
        ("/gazette/105/105-001/01/record.json", 200, "no-cache"),
        ("/search/", 200, "no-cache"),
        ("/assets/page.js", 200, "public, max-age=600, stale-while-revalidate=86400"),
        ("/d/", 200, "no-cache"),
        ("/nowhere/", 404, "no-cache"),
    ],
)
def test_answers_have_their_headers(ask: Ask, target: str, status: int, kept: str) -> None:
    """Each says how long it may be kept and how it is to be read, a lost page too."""
    answer = ask(target)
    assert (answer.status, answer.headers["Cache-Control"]) == (status, kept)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_search_segments_are_kept_for_a_year(ask: Ask) -> None:
    """Their names change with what they hold."""
    listed = re.search(r"[0-9a-f]{16}/", ask("/search/index.json").text)
    assert listed
    answer = ask(f"/search/{listed[0]}a.bin")
    assert (answer.status, answer.headers["Cache-Control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )


def test_what_did_not_change_is_not_sent_again(ask: Ask) -> None:
    """A reader who has a page is told that it is still the same."""
    kept = ask("/").headers["ETag"]
    assert ask("/", **{"If-None-Match": kept}).status == 304


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/old/1.html", "example.org"),
        ("/old//./1.html", "EXAMPLE.org:80"),
        ("/old/a%20b;$%22.aspx", "example.org"),
        ("/old/a%20b%3B%24%22.aspx", "example.org"),
        ("/%e8%88%8a/%e5%85%ac.aspx", "example.org"),
        ("/%A4%BD.asp", "example.org"),
        ("/Show.aspx?id=7&n=%E5%85%AC&x=%27$1", "example.org"),
        (OLD_ADDRESSES[-2].removeprefix("https://example.org"), "example.org"),
        ("/Show.aspx?id=7", "old.example"),
    ],
)
def test_old_addresses_lead_on(ask: Ask, target: str, host: str) -> None:
    """Each, however a browser sends it, and one of another host to this site's own."""
    answer = ask(target, host)
    assert answer.status == 301
    assert answer.headers["Location"].removeprefix("https:").removeprefix("http:") in (
        "//example.org/gazette/105/105-001/01/",
        "//EXAMPLE.org:80/gazette/105/105-001/01/",
    )


def test_a_query_that_is_no_old_one_leads_nowhere(ask: Ask) -> None:
    """Only what was listed leads on."""
    assert ask("/Show.aspx?id=8").status == 404


@contextmanager
def moved_away(urls: list[str]) -> Iterator[Ask]:
    """A running nginx of an empty site whose old addresses lead to `p/0/`, `p/1/` and so on."""
    with tempfile.TemporaryDirectory() as held:
        moved = [(url, f"p/{number}/") for number, url in enumerate(urls)]
        for artifact in (*redirect_tables(moved, BASE), headers()):
            Path(held, artifact.address).write_bytes(artifact.content)
        Path(held, "404.html").write_text("nothing here", "utf-8")
        with serving(Path(held)) as asked:
            yield asked


def leads(answer: Answer) -> str:
    """Where an answer leads; "" where there is nothing."""
    assert answer.status in (301, 404, 403, 400), answer
    return answer.headers["Location"].partition("://")[2] if answer.status == 301 else ""


@settings(max_examples=12)
@given(st.lists(old_addresses(), min_size=20, max_size=60, unique_by=lambda old: old.key))
def test_hostile_old_addresses_lead_on_and_nothing_else(held: list[OldAddress]) -> None:
    """Each to its one page; one sign more, one less, another host or query leads nowhere."""
    known = {old.key: number for number, old in enumerate(held)}
    with moved_away([old.url for old in held]) as asked:
        for number, old in enumerate(held):
            assert leads(asked(old.sent, old.host)) == f"example.org/city/p/{number}/"
            bare = old.url.partition("?")[0]
            longer = old._replace(path=f"{old.path}x", url=f"{bare}x", query="")
            for other in (longer, old._replace(host="other.example"), old._replace(query="q")):
                found = known.get(other.key)
                expected = "" if found is None else f"example.org/city/p/{found}/"
                assert leads(asked(other.sent, other.host)) == expected
        for target in ("/", "/x", "/index.html", "/%7E.*", "/a/b/c/", "/$host", "/~", "/?x", "/*"):
            if OldAddress("", OWN, target.replace("%7E", "~"), "").key not in known:
                assert leads(asked(target)) == ""


@pytest.mark.parametrize("host", ["~.*", "~*", "*", "default", "~^(.*)$", "a$host"])
def test_what_is_no_host_leads_nowhere(host: str) -> None:
    """Even unchecked it becomes no pattern that takes the whole site away."""
    with moved_away([f"https://{host}/", "https://example.org/old"]) as asked:
        for target in ("/", "/x", "/p/0/", f"/{host}/", "/a?b=c"):
            for name in ("example.org", "foreign.example"):
                assert leads(asked(target, name)) == ""
        assert leads(asked("/old")) == "example.org/city/p/1/"


def test_the_longest_old_addresses_fit() -> None:
    """Parameters of nginx have 4,096 bytes, its keys 2,048: the check keeps to both."""
    host = "a" * 63 + ".example"
    urls = [f"https://{host}/" + "%22/" * ((WHOLE - len(host)) // 2 - 1) + "%5C"]
    urls.append("https://example.org/" + "%E5%85%AC" * 80 + "/x" * 700)
    assert sum(map(len, spot(urls[0]))) == WHOLE - 1
    with moved_away(urls) as asked:
        for number, url in enumerate(urls):
            target = url[url.index("/", 8) :]
            assert leads(asked(target, url[8:].partition("/")[0])).endswith(f"/city/p/{number}/")


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        ("%E5%AD%97%E7%AC%AC105%E8%99%9F", "%E5%AD%97%E7%AC%AC105%E8%99%9F"),
        ("a%2Fb%26c%3Dd%20e", "a%2Fb%26c%3Dd%20e"),
    ],
)
def test_every_number_has_an_address(ask: Ask, number: str, sent: str) -> None:
    """It leads to the look-up, with the number as it was written."""
    for query in ("", "?from=mail"):
        answer = ask(f"/d/{number}/{query}")
        assert answer.status == 302
        assert answer.headers["Location"].endswith(f"//example.org/d/?n={sent}")


def test_no_address_leads_to_another_host(ask: Ask) -> None:
    """What looks like a host within a path stays within it."""
    for target in ("//elsewhere.example/d/1/", "/\\elsewhere.example/d/1/"):
        assert ask(target).status in (400, 404)

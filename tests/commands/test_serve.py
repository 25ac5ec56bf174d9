"""The preview's server answers this machine's browser, and nobody in another's name."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from browsing import running

from generator.commands import _http
from generator.commands._cli import main
from generator.commands._console import CLEAN, USAGE
from generator.commands._http import (
    LOOPBACK,
    PreviewServer,
    PreviewState,
    SiteHandler,
    live_server,
    server,
)

PAGE = b"<!doctype html><title>x</title><body>draft</body>"
LOST = b"<!doctype html><title>lost</title>"


class Draft:
    """A site in the making with a page at its root."""

    version = 1

    def content(self, address: str) -> bytes | None:
        """The page."""
        return PAGE if not address else None


@pytest.fixture(params=["live", "built"], scope="module")
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a preview, and of a built site."""
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_bytes(PAGE)
    (site / "404.html").write_bytes(LOST)
    live = request.param == "live"
    made = live_server(Draft(), lambda: PreviewState(1, ()), site) if live else server(site)
    with running(made) as root:
        yield int(root.rpartition(":")[2])


def asked(
    port: int, path: str = "/", method: str = "GET", host: str | None = None
) -> tuple[HTTPResponse, bytes]:
    """The answer to a request, and its content; "" sends no Host."""
    connection = HTTPConnection(LOOPBACK, port, timeout=30)
    connection.putrequest(method, path, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def raw(port: int, request: bytes) -> bytes:
    """What comes back for these very bytes, to the end of the connection."""
    with socket.create_connection((LOOPBACK, port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


FOREIGN = (
    *("evil.example", "evil.example:{port}", "127.0.0.1.nip.io:{port}", "localhost.:{port}"),
    *("127.0.0.1", "localhost", "localhost:1", "0.0.0.0:{port}", "127.0.0.2:{port}", "[::]:{port}"),
    *("user@localhost:{port}", "localhost:{port}/", "localhost:{port},evil.example", "2130706433"),
)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused(host: str, port: int) -> None:
    """A page elsewhere whose name is made to lead here (DNS rebinding) reads no draft."""
    for path in ("/", "/_preview/state", "/no/such/"):
        answer, content = asked(port, path, host=host.format(port=port))
        assert answer.status == 421
        assert answer.headers.get_content_type() == "text/plain"
        assert content.decode() == f"請改用 http://127.0.0.1:{port}/ (use this address instead)\n"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LocalHost:{port}"]
)
def test_the_names_of_this_machine_are_answered(host: str, port: int) -> None:
    """Every way to write the address that is told, and the one that browsers make of it."""
    answer, content = asked(port, host=host.format(port=port))
    assert answer.status == 200
    assert b"draft" in content


def test_the_port_of_http_goes_without_saying(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers leave it out; no other port may be left out."""
    assert asked(port, host="localhost")[0].status == 421
    monkeypatch.setattr(_http, "HTTP_PORT", port)
    assert asked(port, host="localhost")[0].status == 200
    assert asked(port, host="evil.example")[0].status == 421


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost:%d\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
        b"GET http://localhost:%d/ HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
    ],
)
def test_a_request_that_names_nobody_or_two_is_refused(head: bytes, port: int) -> None:
    """No name, two names, or a name in the address: none of them is answered with a page."""
    answer = raw(port, head.replace(b"%d", str(port).encode()))
    assert b"draft" not in answer
    assert answer.startswith((b"HTTP/1.0 421", b"HTTP/1.0 400")) or b"127.0.0.1" in answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/%00", 400),
        ("/a%00b/", 400),
        ("/%0d%0aX:%20y", 400),
        ("/%7f", 400),
        ("/?q=%00%0a#", 200),
        ("/%ff", 404),
        ("/%ed%a0%80/", 404),
        ("/%", 404),
        ("/%zz", 404),
        ("/" + "a" * 5000, 404),
        ("/../../../../etc/hostname", 404),
        ("/%2e%2e/%2e%2e/etc/hostname", 404),
        ("//evil.example/", 404),
        ("//[/", 404),
        ("/" + "a" * 70000, 414),
    ],
)
def test_every_address_has_an_answer(
    path: str, status: int, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read or is not there is answered so, and nothing is printed."""
    assert asked(port, path)[0].status == status
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"])
def test_nothing_can_be_asked_but_to_read(method: str, port: int) -> None:
    """No other method is known, so that no page elsewhere can change anything."""
    assert asked(port, method=method)[0].status == 501


@pytest.mark.parametrize("path", ["/", "/_preview/state", "/_preview/preview.js", "/no/such/"])
def test_a_head_is_the_answer_without_content(path: str, port: int) -> None:
    """HEAD tells status, media type and length of what GET sends."""
    (whole, content), (head, nothing) = asked(port, path), asked(port, path, "HEAD")
    assert nothing == b""
    assert head.status == whole.status
    assert head.headers.get_content_type() == whole.headers.get_content_type()
    assert head.headers["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    ("path", "method", "host"),
    [
        ("/", "GET", None),
        ("/", "HEAD", None),
        ("/_preview/state", "GET", None),
        ("/no/such/", "GET", None),
        ("/%00", "GET", None),
        ("/", "POST", None),
        ("/", "GET", "evil.example"),
        ("/" + "a" * 70000, "GET", None),
    ],
)
def test_no_answer_can_be_framed(path: str, method: str, host: str | None, port: int) -> None:
    """Pages, errors and refusals alike say that nobody may frame them."""
    headers = asked(port, path, method, host)[0].headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def _gone(connection: socket.socket) -> bool:
    """Whether the other side has ended a connection."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("drips", [False, True])
def test_a_connection_that_hangs_is_dropped(
    drips: bool, port: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One that sends nothing more, and one that sends a byte before each wait runs out."""
    monkeypatch.setattr(_http, "PATIENCE", 0.6)
    monkeypatch.setattr(SiteHandler, "timeout", 0.6)
    with socket.create_connection((LOOPBACK, port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        sent = 0
        while drips and sent < 100:
            try:
                connection.sendall(b"a")
            except ConnectionError:
                break
            sent += 1
            time.sleep(0.1)
        assert sent < 100
        assert _gone(connection)
    assert asked(port)[0].status == 200
    assert capfd.readouterr().err == ""


def test_so_many_connections_are_served_and_no_more(port: int) -> None:
    """Those that hang take a bounded number of places, which others have when they are gone."""
    with ExitStack() as opened:
        held = [
            opened.enter_context(socket.create_connection((LOOPBACK, port), timeout=30))
            for _ in range(_http.AT_ONCE)
        ]
        for connection in held:
            connection.sendall(b"GET / HTTP/1.1\r\n")
        last = opened.enter_context(socket.create_connection((LOOPBACK, port), timeout=30))
        assert _gone(last)
    for _ in range(100):  # places are freed as soon as their threads see that nobody is there
        try:
            answer, content = asked(port)
        except (ConnectionError, TimeoutError):
            time.sleep(0.1)
            continue
        assert (answer.status, b"draft" in content) == (200, True)
        return
    pytest.fail("no place was freed")


def test_the_server_is_of_this_machine_alone(tmp_path: Path) -> None:
    """It listens on loopback, whatever the machine's other addresses are."""
    with server(tmp_path) as made:
        assert isinstance(made, PreviewServer)
        assert made.server_address[0] == LOOPBACK


def test_feeds_have_their_types_and_tables_keep_theirs(tmp_path: Path) -> None:
    """Readers and browsers are told what a feed is, also where the folder above is named feeds."""
    site = tmp_path / "feeds" / "site"
    for name in ("index.html", "feeds/a.xml", "feeds/a.atom", "feeds/a.json", "feeds/all.opml"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(PAGE)
    (site / "a.json").write_bytes(b"{}")
    with running(server(site)) as root:
        port = int(root.rpartition(":")[2])
        paths = ("feeds/a.xml", "feeds/a.atom", "feeds/a.json", "feeds/all.opml", "a.json")
        types = [asked(port, f"/{path}")[0].headers.get_content_type() for path in paths]
    assert types == [
        "application/xml",
        "application/xml",
        "application/feed+json",
        "text/x-opml",
        "application/json",
    ]


@pytest.mark.parametrize(
    ("folder", "path", "feed"),
    [
        (r"C:\site", r"C:\site\feeds\news.json", True),
        (r"C:\site", r"C:\site\feeds\archive\news\2016q1.json", True),
        ("C:/site", r"C:/site\feeds\news.json", True),
        ("/feeds/site", "/feeds/site/feeds/news.json", True),
        (r"C:\feeds\site", r"C:\feeds\site\data\news.json", False),
        (r"C:\site", "feeds/news.json", True),
        (r"C:\site", r"C:\site\news.json", False),
    ],
)
def test_a_feed_is_known_on_windows_too(folder: str, path: str, *, feed: bool) -> None:
    """Whichever way the folders of its path are separated."""
    handler = SiteHandler.__new__(SiteHandler)
    handler.directory = folder
    expected = "application/feed+json" if feed else "application/json"
    assert handler.guess_type(path).partition(";")[0] == expected


@pytest.mark.parametrize(
    ("host", "answered", "refused"),
    [
        ("0.0.0.0", ("192.0.2.7", "[2001:db8::7]", "{machine}", LOOPBACK), "evil.example"),
        ("::", ("[2001:db8::7]", "192.0.2.7"), "192.0.2.7.nip.io"),
        ("127.0.0.2", ("127.0.0.2", "localhost"), "127.0.0.3"),
        ("localhost", ("localhost", "[::1]"), "192.0.2.7"),
    ],
)
def test_a_server_answers_to_the_names_of_its_interface(
    host: str, answered: tuple[str, ...], refused: str, tmp_path: Path
) -> None:
    """On all interfaces to any address, for somebody else's name alone can be made to lead here."""
    machine = socket.gethostname()
    with server(tmp_path, (host, 0)) as made:
        port = made.server_port
        for name in answered:
            assert made.answers_to([f"{name.format(machine=machine)}:{port}"]), name
        assert not made.answers_to([f"{refused}:{port}"])
        assert not made.answers_to([answered[0]])


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.2", False)])
def test_who_opens_a_preview_to_the_network_is_warned(
    host: str,
    warned: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The warning names the risk and the way for one reader; this machine alone needs none."""
    (tmp_path / "index.html").write_bytes(PAGE)
    monkeypatch.setattr(PreviewServer, "serve_forever", lambda _: None)
    typed = ["serve", "--built", str(tmp_path), "--port", "0", "--host", host, "--lang", "en"]
    assert main(typed) == CLEAN
    said = capsys.readouterr().err
    assert ("reads the preview, drafts too, without a password" in said) == warned
    assert ("ssh -L " in said) == warned
    assert said.rstrip().endswith("(Ctrl-C ends it)")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "..", "::1::"])
def test_an_address_of_another_machine_is_told(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is what is no address at all."""
    (tmp_path / "index.html").write_bytes(PAGE)
    typed = ["serve", "--built", str(tmp_path), "--port", "0", "--host", host, "--lang", "en"]
    assert main(typed) == USAGE
    assert f"Port 0 of {host} cannot be used (" in capsys.readouterr().err


def test_a_folder_that_is_named_is_served(tmp_path: Path) -> None:
    """`--built FOLDER` shows a site from anywhere, such as a preview that was unpacked."""
    site = tmp_path / "unpacked"
    site.mkdir()
    (site / "index.html").write_bytes(PAGE)
    command = [sys.executable, "-m", "generator", "serve", "--built", str(site), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stderr is not None
            address = serving.stderr.readline().split()[0]
            answer, content = asked(int(address.strip("/").rpartition(":")[2]))
        finally:
            serving.terminate()
    assert (answer.status, content) == (200, PAGE)


@pytest.mark.parametrize("name", ["nowhere", "above"])
def test_a_folder_without_a_home_page_is_no_site(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong name, or the folder above the unpacked one, is told and not served."""
    (tmp_path / "above/site").mkdir(parents=True)
    (tmp_path / "above/site/index.html").write_bytes(PAGE)
    folder = tmp_path / name
    assert main(["serve", "--built", str(folder)]) == USAGE
    assert f"「{folder}」中沒有 index.html" in capsys.readouterr().err

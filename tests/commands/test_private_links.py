"""Asking about links reaches the public network alone, whatever a link or a server says."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sample_sites import MINIMAL, ScratchSite, build_site

from generator.commands import _link_checker as asking
from generator.commands._cli import main
from generator.commands._console import CLEAN, CONTENT
from generator.commands._link_checker import Answer, Visitor
from generator.text.public_addresses import is_public

ENTRY = "gazette/105/105-001/01.yaml"
OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"
"""Two addresses of loopback; tests take the first for one of the public network."""
VISITOR = Visitor(agent="a clerk", patience=5)
Captured = pytest.CaptureFixture[str]


PUBLIC = """
    8.8.8.8 100.63.0.1 100.128.0.1 172.32.0.1 2606:4700::1111
    ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
"""
PRIVATE = """
    127.0.0.1 127.255.0.9 10.1.2.3 172.16.0.1 172.31.0.1 192.168.0.1 0.0.0.0 169.254.169.254
    100.64.0.1 100.127.255.254 192.0.0.1 198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1
    255.255.255.255 192.0.2.1 203.0.113.9
    :: ::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254 ff02::1 ff0e::1 2001:db8::1
    2001:0:7f00:1::1 100::1 4000::1 64:ff9b:1::7f00:1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::8.8.8.8
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a9fe:a9fe::1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_known(address: str) -> None:
    """Those of the public network, and public ones of IPv4 as IPv6 writes them."""
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses_are_known(address: str) -> None:
    """A machine's own, its networks', a cloud's services, and what IPv6 wraps around these."""
    assert not is_public(address)


class _Neighbour(BaseHTTPRequestHandler):
    """A server that tells where it leads to, and remembers who was named and what was asked."""

    asked: Counter[str]
    hosts: set[str]
    leads: dict[str, str]

    def answer(self) -> None:
        """200, or 301 where the address leads on."""
        self.asked[self.path] += 1
        self.hosts.add(str(self.headers["Host"]))
        to = self.leads.get(self.path)
        self.send_response(301 if to else 200)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer  # noqa: N815 -- the base's names

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


Neighbour = tuple[int, type[_Neighbour]]


@contextmanager
def neighbour(
    address: str, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Neighbour]:
    """A server at an address of this machine: its port, and what it remembers."""
    held: dict[str, Any] = {"asked": Counter(), "hosts": set(), "leads": {}}
    handler = type("Neighbour", (_Neighbour,), held)
    with ThreadingHTTPServer((address, port), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_port, handler
        server.shutdown()
        thread.join()


@pytest.fixture
def inside() -> Iterator[Neighbour]:
    """A server that a link must not reach."""
    with neighbour(INSIDE) as made:
        yield made


@pytest.fixture
def outside(inside: Neighbour, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neighbour]:
    """A server at the same port of an address that counts as public."""
    monkeypatch.setattr(asking, "is_public", lambda address: address == OUTSIDE)
    with neighbour(OUTSIDE, inside[0]) as made:
        yield made


def naming(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Has names ending in `.test` resolved to these, one answer after the other; those asked."""
    resolve: Callable[..., Any] = socket.getaddrinfo
    left, asked = list(answers), list[str]()

    def resolved(host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not str(host).endswith(".test"):
            return list(resolve(host, port, *args, **kwargs))
        asked.append(str(host))
        found = left.pop(0) if len(left) > 1 else left[0]
        stream = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(family[ip_address(one).version], *stream, (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return asked


SPELLINGS = """
    127.0.0.2 127.2 2130706434 0x7f000002 0x7f.0.0.2 0177.0.0.02 １２７．0.0.2
    [::ffff:127.0.0.2] [::ffff:7f00:2] [::127.0.0.2] [64:ff9b::7f00:2] [::1] [::]
    localhost 0.0.0.0 0 169.254.169.254 clerk:secret@127.0.0.2
"""


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", SPELLINGS.split())
def test_no_spelling_of_a_private_address_is_asked(
    host: str, scheme: str, inside: Neighbour
) -> None:
    """Decimal, hexadecimal, octal, shortened, in full width, within IPv6: nothing is sent."""
    port, handler = inside
    url = f"{scheme}://{host}:{port}/"
    assert VISITOR.ask(url) == Answer(0, withheld=url)
    assert not Answer(0, withheld=url).dead
    assert handler.asked.total() == 0


def test_it_is_asked_where_that_is_wanted(inside: Neighbour) -> None:
    """With `private` it is a site like any other."""
    port, handler = inside
    visitor = Visitor(agent="a clerk", patience=5, private=True)
    assert visitor.ask(f"http://{INSIDE}:{port}//a?b=甲") == Answer(200)
    assert handler.asked == {"/a?b=%E7%94%B2": 1}


def test_a_name_with_one_private_address_is_not_asked(
    inside: Neighbour, outside: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several addresses each must be public: which one is taken is chance."""
    port = inside[0]
    naming(monkeypatch, (OUTSIDE, INSIDE))
    url = f"http://both.test:{port}/"
    assert VISITOR.ask(url) == Answer(0, withheld=url)
    assert inside[1].asked.total() == outside[1].asked.total() == 0


def test_a_move_to_a_private_address_is_not_followed(inside: Neighbour, outside: Neighbour) -> None:
    """Every step is judged, and a move into a private network is no advice for editors."""
    port, handler = outside
    private = f"http://{INSIDE}:{port}/latest/meta-data/"
    handler.leads |= {"/": "/second", "/second": private}
    assert VISITOR.ask(f"http://{OUTSIDE}:{port}/") == Answer(0, withheld=private)
    assert handler.asked == {"/": 1, "/second": 1}
    assert inside[1].asked.total() == 0


def test_a_name_is_resolved_once(
    inside: Neighbour, outside: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was judged, and the server is named as typed."""
    port = outside[0]
    asked = naming(monkeypatch, (OUTSIDE,), (INSIDE,))
    assert VISITOR.ask(f"http://turns.test:{port}/") == Answer(200)
    assert asked == ["turns.test"]
    assert outside[1].hosts == {f"turns.test:{port}"}
    assert inside[1].asked.total() == 0


def test_a_second_address_is_tried(outside: Neighbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens at the first one, a few others follow."""
    monkeypatch.setattr(asking, "is_public", lambda _: True)
    port = outside[0]
    naming(monkeypatch, ("127.0.0.3", OUTSIDE))
    assert VISITOR.ask(f"http://several.test:{port}/") == Answer(200)
    naming(monkeypatch, (*(f"127.0.0.{n}" for n in range(3, 9)), OUTSIDE))
    assert VISITOR.ask(f"http://many.test:{port}/") == Answer(0)


def _certificate(folder: Path, name: str) -> Path:
    """A key, and a certificate of a name that it signs for itself, in one file."""
    key, day = Ed25519PrivateKey.generate(), dt.timedelta(days=1)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, None)
    )
    path = folder / "server.pem"
    held = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(held + made.public_bytes(Encoding.PEM))
    return path


def test_a_secure_server_is_asked_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name goes into the handshake and is compared with the certificate, as before."""
    pem = _certificate(tmp_path, "here.test")
    named: list[str] = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    tls.sni_callback = lambda _, name, __: named.append(name)
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(asking, "_trusted", lambda: trusting)
    monkeypatch.setattr(asking, "is_public", lambda address: address == OUTSIDE)
    naming(monkeypatch, (OUTSIDE,))
    with neighbour(OUTSIDE, tls=tls) as (port, handler):
        assert VISITOR.ask(f"https://here.test:{port}/") == Answer(200)
        assert VISITOR.ask(f"https://there.test:{port}/") == Answer(0)
        assert named[0] == "here.test"
        assert handler.hosts == {f"here.test:{port}"}


@pytest.mark.parametrize("piece", [b"X: a\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_server_that_never_comes_to_an_end_is_left(piece: bytes) -> None:
    """One that sends a line whenever patience would run out is as good as silent."""
    first = b"HTTP/1.1 200 OK\r\n" if piece.startswith(b"X") else b""
    end = b"\r\n" if first else b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with ExitStack() as opened:
        listening = opened.enter_context(socket.create_server((OUTSIDE, 0)))
        listening.settimeout(30)

        def drip() -> None:
            for _ in ("HEAD", "GET"):
                connection, _ = listening.accept()
                with connection:
                    try:
                        connection.sendall(first)
                        for _ in range(40):
                            connection.sendall(piece)
                            time.sleep(0.1)
                        connection.sendall(end)
                    except ConnectionError:
                        continue

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        visitor = Visitor(agent="a clerk", patience=1, private=True)
        assert visitor.ask(f"http://{OUTSIDE}:{listening.getsockname()[1]}/") == Answer(0)


def test_a_private_address_is_told_and_not_asked(
    inside: Neighbour,
    outside: Neighbour,
    scratch_site: ScratchSite,
    tmp_path: Path,
    capsys: Captured,
) -> None:
    """With a word of its own, in both languages; no site shows it as dead."""
    port, handler = outside
    private = f"http://{INSIDE}:{port}/"
    handler.leads["/on"] = private
    public = f"http://{OUTSIDE}:{port}/"
    text = f"  見[一]({private})、[二]({public}on)、[三]({public})。\n"
    entry = MINIMAL[ENTRY].partition("body:")[0] + "markdown: |\n" + text
    content = scratch_site({ENTRY: entry})
    given = ["--content", str(content), "--work", str(tmp_path / "build")]
    given += ["--site", str(tmp_path / "site"), "--as-of", "2016-06-01"]
    assert main(["links", *given]) == CLEAN
    said = capsys.readouterr()
    assert f"（提醒）連結「{private}」沒有查詢：它指向本機或內部網路。[link-unasked]" in said.out
    assert f"連結「{public}on」沒有查到底：對方把它轉到本機或內部網路的「{private}」。" in said.out
    assert "link-dead" not in said.out
    assert said.err.endswith(
        "查詢 1 個網址：0 個失效。建立網站後列在「收錄情形」。\n"
        "另有 2 個網址指向本機或內部網路，沒有查詢。\n"
    )
    assert main(["links", *given, "--strict", "--lang", "en"]) == CONTENT
    told = capsys.readouterr()
    assert f'"{private}" was not asked: it leads to this machine or a private network' in told.out
    assert "2 more to this machine or a private network: not asked." in told.err
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in told.err)
    assert inside[1].asked.total() == 0
    build_site(content, tmp_path)
    status = json.loads((tmp_path / "site/status.json").read_text("utf-8"))
    assert status["links"] == {"day": "2016-06-01", "checked": "1", "dead": []}
    assert main(["links", *given, "--private"]) == CLEAN
    assert inside[1].asked.total() > 0

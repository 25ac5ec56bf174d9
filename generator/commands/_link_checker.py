"""Asks other people's servers whether addresses still lead somewhere: all that goes to the network.

A visitor with manners: it says who it is, asks for heads and not for pages, and of one host
little at a time.  Nor does it go where only this machine and its neighbours may: a name is
resolved once, all its addresses are judged, and the connection is made to one of these, at each
move again.  Proxies of the environment are not used, for they would resolve it themselves.
"""

from __future__ import annotations

import socket
import ssl
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from msgspec import Struct

from generator.text.public_addresses import is_public

_LED_ON, _REFUSED = 300, 400
AT_ONCE, AT_A_HOST, HOPS, TRIED = 16, 2, 6, 4
"""Threads, those of them that ask one host, moves that are followed, addresses of a host tried."""
FOR_GOOD, MOVED = (301, 308), (301, 302, 303, 307, 308)
BARRED = (401, 402, 403, 407, 423, 429, 451)
"""Answers of servers that have something there and do not show it to a program."""
_PATH, _QUERY = "/%:@!$&'()*+,;=~", "/%:@!$&'()*+,;=~?"


class Answer(NamedTuple):
    """What a server said in the end, 0 for nothing; where the address has moved for good.

    `withheld` is an address that was not asked, since it is none of the public network: the one
    in question, or one that it leads on to.
    """

    status: int
    moved: str = ""
    withheld: str = ""

    @property
    def dead(self) -> bool:
        """Whether nobody finds anything there."""
        silent = not self.status and not self.withheld
        return silent or (self.status >= _LED_ON and self.status not in BARRED)


class NotPublic(Exception):  # noqa: N818 -- no error: a place that is not ours to visit
    """A host has an address of this machine or of a private network."""


class Visitor(Struct, frozen=True, kw_only=True):
    """Who asks: the name that servers are told, and how many seconds one may take.

    With `private` this machine and its networks are asked too.
    """

    agent: str
    patience: float = 15.0
    private: bool = False

    def ask_all(self, urls: Iterable[str]) -> Mapping[str, Answer]:
        """The answers by address; many hosts are asked at once, each of them little."""
        shares = tuple(_shares(urls))
        with ThreadPoolExecutor(AT_ONCE) as threads:
            told = threads.map(lambda share: [(url, self.ask(url)) for url in share], shares)
            return {url: answer for one in told for url, answer in one}

    def ask(self, url: str) -> Answer:
        """What is found at an address; moves are followed, those for good are told."""
        moved, for_good, status = "", True, 0
        for _ in range(HOPS):
            try:
                status, location = self._head_or_page(url)
            except NotPublic:
                return Answer(0, withheld=url)
            onward = _onward(url, location) if status in MOVED and location else ""
            if not onward:
                break
            url = onward
            for_good = for_good and status in FOR_GOOD
            moved = url if for_good else moved
        return Answer(status, moved)

    def _head_or_page(self, url: str) -> tuple[int, str]:
        """The answer to HEAD; that to GET where a server knows no HEAD, or says that it fails."""
        status, location = self._request(url, "HEAD")
        return (status, location) if 0 < status < _REFUSED else self._request(url, "GET")

    def _request(self, url: str, method: str) -> tuple[int, str]:
        """Status and `Location` of an answer, of which no more is read; 0 where there is none.

        Raises `NotPublic`.
        """
        try:
            parts = urlsplit(on_the_wire(url))
            secure, host = parts.scheme == "https", parts.hostname or ""
            port = parts.port or (HTTPS_PORT if secure else HTTP_PORT)
            kind = partial(HTTPSConnection, context=_trusted()) if secure else HTTPConnection
            with closing(kind(host, port, timeout=self.patience)) as connection:
                connection.sock = sock = self._reached(host, port)
                if secure:
                    connection.sock = sock = _trusted().wrap_socket(
                        sock, server_hostname=host, do_handshake_on_connect=False
                    )
                with _within(self.patience, sock):
                    target = parts.path + (f"?{parts.query}" if parts.query else "")
                    headers = {"User-Agent": self.agent, "Accept": "*/*", "Connection": "close"}
                    connection.request(method, target, headers=headers)  # shakes hands first
                    with connection.getresponse() as answer:
                        return answer.status, answer.headers.get("Location", "")
        except (OSError, HTTPException, ValueError):  # no such host, no answer, no HTTP
            return 0, ""

    def _reached(self, host: str, port: int) -> socket.socket:
        """A connection to one of a host's addresses; raises `NotPublic`.

        A name server may say something else when it is asked again: it is asked once.
        """
        if not host:
            raise ValueError(host)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(held[4][0]) for held in found]
        if not (self.private or all(map(is_public, addresses))):
            raise NotPublic(host)
        *others, last = addresses[:TRIED]
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, port), self.patience)
        return socket.create_connection((last, port), self.patience)


@contextmanager
def _within(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Ends a connection that is not done with in time, and raises `TimeoutError` then.

    A server may send byte by byte, or say for ever that it is about to answer; each read of a
    socket has a time of its own.
    """
    over = Event()

    def end() -> None:
        over.set()
        with suppress(OSError):  # it has gone by itself
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    late = Timer(seconds, end)
    late.start()
    try:
        yield
    finally:
        late.cancel()
        if over.is_set():  # what was read is cut off, and may look whole
            raise TimeoutError


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that the machine trusts: they take longer to load than an answer to come."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _onward(url: str, location: str) -> str:
    """Where an answer leads on to; "" where that is nothing that can be asked."""
    try:
        onward = on_the_wire(urljoin(url, location))
    except ValueError:
        return ""
    return onward if onward.startswith(("http://", "https://")) else ""


def on_the_wire(url: str) -> str:
    """An address in the letters that servers know: host names in IDNA, the rest in per cent."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    netloc = f"{f'[{host}]' if ':' in host else host}{f':{parts.port}' if parts.port else ''}"
    path, query = quote(parts.path, safe=_PATH), quote(parts.query, safe=_QUERY)
    return urlunsplit((parts.scheme, netloc, path or "/", query, ""))


def _shares(urls: Iterable[str]) -> Iterator[list[str]]:
    """The addresses by host, those of one host in a few lists: a list is asked in turn."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in sorted(set(urls)):
        hosts[urlsplit(url).netloc.lower()].append(url)
    for held in hosts.values():
        yield from filter(None, (held[start::AT_A_HOST] for start in range(AT_A_HOST)))

"""Asks other servers whether links still work, for `gongbao links`.

It is polite: it identifies itself, sends HEAD requests, and asks each host for little at a time.
It never reaches this machine or its private networks: a host name is resolved once, every address
is checked, and the connection is made to one of the checked addresses, again after each redirect.
Proxies of the environment are not used, because they would resolve the name themselves.
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
"""The most threads, threads per host, redirects followed, and addresses of a host tried."""
FOR_GOOD, MOVED = (301, 308), (301, 302, 303, 307, 308)
BARRED = (401, 402, 403, 407, 423, 429, 451)
"""Status codes of servers that have a page and do not show it to a program."""
_PATH, _QUERY = "/%:@!$&'()*+,;=~", "/%:@!$&'()*+,;=~?"


class Answer(NamedTuple):
    """A server's final status, 0 for no response, and the address after permanent redirects.

    `withheld` is an address that was not asked because it is not public: the link's own, or one
    that it redirects to.
    """

    status: int
    moved: str = ""
    withheld: str = ""

    @property
    def dead(self) -> bool:
        """Whether the link leads nowhere."""
        silent = not self.status and not self.withheld
        return silent or (self.status >= _LED_ON and self.status not in BARRED)


class NotPublic(Exception):  # noqa: N818 -- not an error
    """A host has an address of this machine or of a private network."""


class Visitor(Struct, frozen=True, kw_only=True):
    """Sends the requests: `agent` is the user agent, `patience` the seconds per request.

    With `private`, this machine and private networks are asked too.
    """

    agent: str
    patience: float = 15.0
    private: bool = False

    def ask_all(self, urls: Iterable[str]) -> Mapping[str, Answer]:
        """The answers by address; many hosts are asked at once, each with few connections."""
        shares = tuple(_shares(urls))
        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = threads.map(lambda share: [(url, self.ask(url)) for url in share], shares)
            return {url: answer for pairs in answers for url, answer in pairs}

    def ask(self, url: str) -> Answer:
        """The answer for an address; redirects are followed, and permanent ones recorded."""
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
        """The response to HEAD, or to GET if HEAD fails: some servers do not implement HEAD."""
        status, location = self._request(url, "HEAD")
        return (status, location) if 0 < status < _REFUSED else self._request(url, "GET")

    def _request(self, url: str, method: str) -> tuple[int, str]:
        """Status and `Location` of a response, whose body is not read; 0 for no response.

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

        The name is resolved only once, because a second answer might be another address.
        """
        if not host:
            raise ValueError(host)
        resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(info[4][0]) for info in resolved]
        if not (self.private or all(map(is_public, addresses))):
            raise NotPublic(host)
        *others, last = addresses[:TRIED]
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, port), self.patience)
        return socket.create_connection((last, port), self.patience)


@contextmanager
def _within(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Closes a connection after so many seconds and raises `TimeoutError`.

    A socket's timeout applies to each read, so a server could send one byte at a time for ever.
    """
    over = Event()

    def end() -> None:
        over.set()
        with suppress(OSError):  # the server may have closed it already
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    late = Timer(seconds, end)
    late.start()
    try:
        yield
    finally:
        late.cancel()
        if over.is_set():  # what was read is truncated, and may look complete
            raise TimeoutError


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's trusted certificates; cached, since loading takes longer than a request."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _onward(url: str, location: str) -> str:
    """The address that a response redirects to; "" if it is not an HTTP address."""
    try:
        onward = on_the_wire(urljoin(url, location))
    except ValueError:
        return ""
    return onward if onward.startswith(("http://", "https://")) else ""


def on_the_wire(url: str) -> str:
    """An address in ASCII, as servers need it: the host in IDNA, the rest percent-encoded."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    netloc = f"{f'[{host}]' if ':' in host else host}{f':{parts.port}' if parts.port else ''}"
    path, query = quote(parts.path, safe=_PATH), quote(parts.query, safe=_QUERY)
    return urlunsplit((parts.scheme, netloc, path or "/", query, ""))


def _shares(urls: Iterable[str]) -> Iterator[list[str]]:
    """The addresses in lists that are asked one by one: at most `AT_A_HOST` lists per host."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in sorted(set(urls)):
        hosts[urlsplit(url).netloc.lower()].append(url)
    for addresses in hosts.values():
        yield from filter(None, (addresses[start::AT_A_HOST] for start in range(AT_A_HOST)))

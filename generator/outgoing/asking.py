"""Asks other people's servers whether addresses still lead somewhere: all that goes to the network.

A visitor with manners: it says who it is, asks for heads and not for pages, and of one host
little at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from msgspec import Struct

_LED_ON, _REFUSED = 300, 400
AT_ONCE, AT_A_HOST, HOPS = 16, 2, 6
FOR_GOOD, MOVED = (301, 308), (301, 302, 303, 307, 308)
BARRED = (401, 402, 403, 407, 423, 429, 451)
"""Answers of servers that have something there and do not show it to a program."""
_PATH, _QUERY = "/%:@!$&'()*+,;=~", "/%:@!$&'()*+,;=~?"


class Answer(NamedTuple):
    """What a server said in the end, 0 for nothing; where the address has moved for good."""

    status: int
    moved: str = ""

    @property
    def dead(self) -> bool:
        """Whether nobody finds anything there."""
        return not self.status or (self.status >= _LED_ON and self.status not in BARRED)


class _Standing(HTTPRedirectHandler):
    """Follows nothing: where it would lead is for us to look at."""

    def redirect_request(self, *_: Any) -> None:
        """No further request."""


class Visitor(Struct, frozen=True, kw_only=True):
    """Who asks: the name that servers are told, and how many seconds one may think."""

    agent: str
    patience: float = 15.0

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
            status, location = self._head_or_page(url)
            if status not in MOVED or not location:
                break
            url = urljoin(url, location)
            if not url.startswith(("http://", "https://")):
                break
            for_good = for_good and status in FOR_GOOD
            moved = url if for_good else moved
        return Answer(status, moved)

    def _head_or_page(self, url: str) -> tuple[int, str]:
        """The answer to HEAD; that to GET where a server knows no HEAD, or says that it fails."""
        status, location = self._request(url, "HEAD")
        return (status, location) if 0 < status < _REFUSED else self._request(url, "GET")

    def _request(self, url: str, method: str) -> tuple[int, str]:
        try:
            headers = {"User-Agent": self.agent, "Accept": "*/*"}
            request = Request(on_the_wire(url), headers=headers, method=method)  # noqa: S310 -- http(s) alone gets here
            with build_opener(_Standing).open(request, timeout=self.patience) as answer:
                return answer.status, ""
        except HTTPError as refused:
            with refused:
                return refused.code, refused.headers.get("Location", "")
        except (OSError, HTTPException, ValueError):  # no such host, no answer, no HTTP
            return 0, ""


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

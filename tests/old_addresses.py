"""Old addresses of every lawful shape, and readers of the rule files as web servers read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

BASE = "https://example.org/city/"
OWN = "example.org"
HOSTS = (OWN, "old.example", "a-1.old.example", "xn--55qw8n.example", "192.0.2.1")
HOSTILE = "~*$:;{}()[]|^+\\\"'#%&=@!,<>` .-_公報é\U00020000"
"""Signs that mean something in one of the rule files, in a pattern or in an address."""
WORDS = (
    *("~", "~*", "$host", "${uri}", ":splat", "*", ".*", "(.*)", "default", "hostnames", "include"),
    *("volatile", "%24", "%0a", "a%", "a b", "#x", '";return 301 x', "\\", "\\\\"),
)
_RAW_PATH, _RAW_QUERY = "!$&'()*+,-./:;=@_~[]", "!$&'()*+,-./:;=@_~%?[]"


class OldAddress(NamedTuple):
    """An old address as it is typed, with what servers make of it."""

    url: str
    host: str
    path: str
    query: str

    @property
    def sent(self) -> str:
        """What a browser asks for."""
        path = self.url.partition("://")[2].partition("/")[2].partition("?")[0]
        return "/" + quote(path, safe=f"{_RAW_PATH}%") + (f"?{self.query}" if self.query else "")

    @property
    def key(self) -> bytes:
        """What nginx compares, which tells no case apart."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.host}{self.path}{query}".encode().lower()


_STEPS = (st.sampled_from(WORDS) | st.text(f"ab1{HOSTILE}", min_size=1, max_size=8)).filter(
    lambda step: step not in (".", "..", "d")  # below `d/` every number has an address
)


@st.composite
def old_addresses(draw: st.DrawFn) -> OldAddress:
    """A lawful one: hostile steps, each sign as it is or encoded, sometimes with a query."""
    host = draw(st.sampled_from(HOSTS))
    steps = draw(st.lists(_STEPS, min_size=int(host == OWN), max_size=4))
    closed = draw(st.booleans())
    path = "/" + "/".join(steps) + ("/" if steps and closed else "")
    raw = draw(st.sampled_from([_RAW_PATH, "/", f"{_RAW_PATH}公報é"]))
    typed = "".join(sign if sign in raw else quote(sign) for sign in path)
    query = quote(draw(st.just("") | st.text(f"a=&{HOSTILE}", max_size=8)), safe=_RAW_QUERY)
    url = f"https://{host}{typed}" + (f"?{query}" if query else "")
    return OldAddress(url, host, path, query.replace("'", "%27"))  # as browsers send it


class Rule(NamedTuple):
    """A line of `_redirects`: path, target, status, and whether it matches several addresses."""

    source: str
    target: str
    status: str
    pattern: bool


def redirect_rules(text: str) -> Iterator[Rule]:
    """`_redirects` as Cloudflare Pages and Netlify document it.

    A rule a line, `from to status` between blanks, a comment behind `#`.  `*` stands for all,
    `:name` for a step; here wherever they stand, though Netlify looks at whole steps alone.
    """
    for line in text.splitlines():
        tokens = re.sub(r"(^|\s)#.*", "", line).split()
        if not tokens:
            continue
        source, target, status = tokens
        assert source.startswith("/"), line
        assert source == quote(source, safe="/!$&'()*+,:;=@|[]~%^"), line  # no `?`, no `#`
        yield Rule(source, target, status, bool(re.search(r"\*|:[A-Za-z]", source)))


def map_rules(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of an nginx map, read as nginx reads parameters and a map's lines."""
    tokens: list[bytes] = []
    place = 0
    while place < len(text):
        blank = re.compile(rb"\s+|#[^\n]*\n").match(text, place)
        if blank:
            place = blank.end()
        elif text[place : place + 1] == b";":
            yield _map_rule(tokens)
            tokens, place = [], place + 1
        else:
            word = re.compile(rb'"((?:[^"\\]|\\.)*)"(?=[\s;])', re.S).match(text, place)
            assert word, text[place : place + 80]
            tokens.append(re.sub(rb"\\([\"'\\trn])", _unescaped, word[1]))
            place = word.end()
    assert not tokens


def _unescaped(match: re.Match[bytes]) -> bytes:
    return {b"t": b"\t", b"r": b"\r", b"n": b"\n"}.get(match[1], match[1])


def _map_rule(tokens: list[bytes]) -> tuple[bytes, bytes]:
    """A line that compares a whole text, and gives a text: no pattern, no word of the map's."""
    key, value = tokens
    assert key[:1] not in (b"~", b"\\"), key
    assert key not in (b"default", b"include"), key
    assert b"$" not in value, value
    return key, value

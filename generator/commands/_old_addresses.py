"""Where a web server leads an address that has no file, by the tables that the site publishes.

The preview reads what hosts read: `redirects.map`, which has all old addresses with their queries,
and the rules of `_redirects` with a placeholder.  It knows neither the hosts of old addresses nor
the path of the site's own address, below which a host would serve it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from generator.site.redirects import REDIRECTS, TABLE
from generator.text.urls import spot

_ROW = re.compile(rb'"((?:[^"\\]|\\.)*)" "([^"]*)";')
_RULE = re.compile(r"(\S*):(\w+)(\S*) (\S+) [0-9]{3}")
_OWN_ADDRESS = re.compile(rb'<link rel="canonical" href="([^"]*)">')


def new_address(request: str, read: Callable[[str], bytes | None]) -> str:
    """The path, from the site's root, to which it leads a requested path; "" if to none.

    `read` gives the bytes of a page or a file of the site by its address.
    """
    own = _OWN_ADDRESS.search(read("") or b"")
    root = urlsplit(own[1].decode()).path if own else "/"
    seen = spot(f"http://preview{request}")
    path = seen.path.decode(errors="replace")
    paths = (path, root + path.removeprefix("/"))
    query = f"?{seen.query}" if seen.query else ""
    new = _of_rules(paths, read(REDIRECTS) or b"") or _of_table(
        [f"{path}{query}".lower() for path in paths], read(TABLE) or b""
    )
    below = urlsplit(new)._replace(scheme="", netloc="").geturl().removeprefix(root)
    return f"/{below.lstrip('/')}" if new else ""


def _of_rules(paths: tuple[str, ...], rules: bytes) -> str:
    for before, name, after, new in _RULE.findall(rules.decode()):
        pattern = re.compile(rf"{re.escape(before)}([^/]+){re.escape(after)}?")
        for match in filter(None, map(pattern.fullmatch, paths)):
            return str(new).replace(f":{name}", quote(match[1]))
    return ""


def _of_table(keys: list[str], table: bytes) -> str:
    for key, new in _ROW.findall(table):
        old = re.sub(rb"\\(.)", rb"\1", key).decode()
        if old[old.find("/") :].lower() in keys:
            return str(new.decode())
    return ""

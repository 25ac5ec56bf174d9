"""Old addresses: a page that leads on, and the same told to web servers.

Of an old address below the site's own a page stands in its place, on any host.  All of them,
those with a query and those of other hosts too, are in a table for web servers that redirect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from urllib.parse import unquote, urlsplit

from generator.addresses import relative
from generator.host.policy import policy
from generator.kind import Site
from generator.model import Artifact, Document
from generator.record import Record

REDIRECTS = "_redirects"
"""The file of this name is read by Netlify, Cloudflare Pages and others."""
TABLE = "redirects.map"
"""For nginx: host, path and query of an old address, and the path below the site's root."""
_PAGES = ("/", ".html", ".htm")
_NUMBERS = "{root}d/:number/ {root}d/?n=:number 302"
_HEAD = "# for nginx: map $host$request_uri $gongbao_moved { include redirects.map; }\n"
Moved = tuple[str, str]
"""An old address as it was typed, and the address of the page within the site."""


def moved(records: Iterable[Record], site: Site) -> Iterator[Moved]:
    """The old addresses of records that have a page."""
    for record in records:
        for url in record.legacy_urls if site.kind(record).page else ():
            yield url, site.address(record)


def leading_pages(record: Record, site: Site) -> Iterator[Document]:
    """A page at each old address of a record that lies within the site."""
    base_url = site.settings.base_url
    for url, address in moved((record,), site):
        file = old_page(url, base_url)
        if file:
            make = partial(leading_page, file, address, site.title(record), base_url)
            yield Document(address=file, make=make)


def old_page(url: str, base_url: str) -> str:
    """The file of the site that stands at an old address; "" where none can."""
    parts = urlsplit(url)
    path = unquote(url.removeprefix(base_url)) if url.startswith(base_url) else ""
    if not path or parts.query or parts.fragment or not path.endswith(_PAGES):
        return ""
    inner = path.split("/")
    if any(step in ("", ".", "..") for step in inner[:-1]) or "\\" in path:
        return ""
    return f"{path}index.html" if path.endswith("/") else path


def leading_page(file: str, address: str, title: str, base_url: str) -> bytes:
    """A page at an old address that leads to the new one, without a script."""
    way = escape(relative(file[: file.rfind("/") + 1], address))
    lines = (
        "<!doctype html>",
        '<html lang="zh-TW">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
        f'<meta http-equiv="refresh" content="0; url={way}">',
        '<meta name="robots" content="noindex">',
        f'<link rel="canonical" href="{escape(base_url + address)}">',
        f"<title>{escape(title)}</title>",
        "</head>",
        "<body>",
        f'<main><h1>網址已變更</h1><p>新網址：<a href="{way}">{escape(title)}</a></p>',
        '<p lang="en">This page has moved.</p></main>',
        "</body>",
        "</html>",
        "",
    )
    return "\n".join(lines).encode()


def redirect_tables(moved: Iterable[Moved], base_url: str) -> Iterator[Artifact]:
    """What web servers are told of old addresses, and of document numbers as addresses."""
    held = sorted(moved)
    root = urlsplit(base_url).path or "/"
    lines = [_NUMBERS.format(root=root)]
    lines += [f"{_path(url)} {root}{address} 301" for url, address in held if _own(url, base_url)]
    yield Artifact(address=REDIRECTS, content="".join(f"{line}\n" for line in lines).encode())
    rows = (f'"{_server_name(url)}" "{root}{address}";\n' for url, address in held)
    yield Artifact(address=TABLE, content=(_HEAD + "".join(rows)).encode())


def _own(url: str, base_url: str) -> bool:
    """Whether an address is of the site's own host and can be told without its query."""
    parts, base = urlsplit(url), urlsplit(base_url)
    return parts.netloc == base.netloc and not parts.query


def _path(url: str) -> str:
    return urlsplit(url).path or "/"


def _server_name(url: str) -> str:
    """Host, path and query, as nginx has them in `$host$request_uri`."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{parts.path or '/'}{query}".replace('"', "%22").replace("$", "%24")

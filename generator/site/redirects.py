"""Old addresses: a page that leads on, and the same told to web servers.

Of an old address below the site's own a page stands in its place, on any host.  All of them,
those with a query and those of other hosts too, are in a table for web servers that redirect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from html import escape
from urllib.parse import quote, urlsplit

from generator.content.files import SITE_FILE
from generator.content.model import Artifact, Document, Origin, Problem, Severity
from generator.content.record import Record
from generator.site.kind import Site
from generator.text.content_policy import policy
from generator.text.urls import Spot, relative, spot

REDIRECTS = "_redirects"
"""The file of this name is read by Netlify, Cloudflare Pages and others."""
TABLE = "redirects.map"
"""For nginx: host, path and query of an old address, and the new one's path."""
FIXED_RULES = 2_000
"""What Cloudflare Pages reads of `_redirects`, beside 100 rules with a placeholder; ours is one."""
_PAGES = ("/", ".html", ".htm")
_NUMBERS = "{root}d/:number/ {root}d/?n=:number 302"
_HEAD = "# for nginx: map $host$uri$is_args$args $gongbao_moved { include redirects.map; }\n"
_PATH = "/!$&'()+,;=@|[]^"
"""What browsers send as it is in a path, but for `:` and `*`, which mean more in `_redirects`."""
Redirect = tuple[str, str]
"""An old address as it was typed, and the address of the page within the site."""


def redirects(records: Iterable[Record], site: Site) -> Iterator[Redirect]:
    """The old addresses of records that have a page."""
    for record in records:
        for url in record.legacy_urls if site.kind(record).page else ():
            yield url, site.address(record)


def leading_pages(record: Record, site: Site) -> Iterator[Document]:
    """A page at each old address of a record that lies within the site."""
    base_url, base = site.settings.base_url, spot(site.settings.base_url)
    files = {old_page(spot(url), base): address for url, address in redirects((record,), site)}
    for file, address in files.items():
        if file:
            make = partial(leading_page, file, address, site.title(record), base_url)
            yield Document(address=file, make=make)


def old_page(old: Spot, base: Spot) -> str:
    """The file of the site that stands at an old address; "" where none can."""
    below = old.below(base)
    with suppress(UnicodeDecodeError):
        path = "" if old.query or not below else below.decode()
        stray = "\\" in path or ".." in path.split("/")
        if path.endswith(_PAGES) and not stray:
            return f"{path}index.html" if path.endswith("/") else path
        # hosts lead from `/a` to `/a/`, where a page can stand
        if path and "." not in path.rpartition("/")[2] and not stray:
            return f"{path}/index.html"
    return ""


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


def redirect_tables(redirects: Iterable[Redirect], base_url: str) -> Iterator[Artifact]:
    """What web servers are told of old addresses, and of document numbers as addresses."""
    base = spot(base_url)
    root = quote(base.path)
    held = sorted((spot(url), root + quote(address)) for url, address in redirects)
    # Cloudflare counts whatever follows a rule with a placeholder among its 100 of that sort
    lines = [*_fixed_rules(held, base), _NUMBERS.format(root=root)]
    yield Artifact(address=REDIRECTS, content="".join(f"{line}\n" for line in lines).encode())
    parts = urlsplit(base_url)
    away = f"{parts.scheme}://{base.host}" + (f":{parts.port}" if parts.port else "")
    keys = {key.lower(): (key, old.host, new) for old, new in held if (key := _key(old))}
    rows = (
        b'"%s" "%s";\n' % (key, (new if host == base.host else away + new).encode())
        for key, host, new in keys.values()
    )
    yield Artifact(address=TABLE, content=_HEAD.encode() + b"".join(rows))


def _fixed_rules(held: Iterable[tuple[Spot, str]], base: Spot) -> Iterable[str]:
    """The rules of the old addresses that `_redirects` can hold: paths of the own host."""
    own = ((old, new) for old, new in held if old.host == base.host and not old.query)
    return dict.fromkeys(f"{quote(old.path, safe=_PATH)} {new} 301" for old, new in own)


def rule_problems(site: Site, most: int = FIXED_RULES) -> Iterator[Problem]:
    """A warning where `_redirects` has more rules than Cloudflare Pages reads."""
    held = ((spot(url), address) for url, address in redirects(site.archive, site))
    count = len(list(_fixed_rules(held, spot(site.settings.base_url))))
    if count > most:
        values = {"count": f"{count:,}", "limit": f"{most:,}"}
        place = Origin(path=SITE_FILE)
        yield Problem(
            code="old-address-many", origin=place, severity=Severity.WARNING, values=values
        )


def _key(old: Spot) -> bytes:
    """What `$host$uri$is_args$args` is of an old address, within quotes.

    nginx does not tell case apart here, and stops at a table that holds a key twice.  It takes a
    key for a pattern or a word of its own by its beginning, which is a host, or `/` where there
    can be none; signs within it mean nothing, but for those of the quotes.
    """
    query = f"?{old.query}" if old.query else ""
    key = old.host.encode() + old.path + query.encode()
    return key.replace(b"\\", b"\\\\").replace(b'"', b'\\"')

"""Redirects from old addresses: pages, and tables for web servers.

Old addresses inside this site get a redirect page, so that redirects work on any host.  All old
addresses, including those with a query and those of other hosts, are in a table for web servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
"""The rule file that Netlify, Cloudflare Pages and others read."""
TABLE = "redirects.map"
"""The table for nginx: host, path and query of an old address, and the path of the new one."""
FIXED_RULES = 2_000
"""The most rules of `_redirects` that Cloudflare Pages reads, beside 100 with a placeholder."""
_PAGES = ("/", ".html", ".htm")
_NUMBERS = "{root}d/:number/ {root}d/?n=:number 302"
_HEAD = "# for nginx: map $host$uri$is_args$args $gongbao_moved { include redirects.map; }\n"
_PATH = "/!$&'()+,;=@|[]^"
"""Characters that browsers do not encode in a path, except `:` and `*`, special in `_redirects`."""
Redirect = tuple[str, str]
"""An old address as typed, and the address of the page within the site."""


def redirects(records: Iterable[Record], site: Site) -> Iterator[Redirect]:
    """The redirects of records that have a page."""
    for record in records:
        for url in record.legacy_urls if site.kind(record).page else ():
            yield url, site.address(record)


def fixed_redirects(site: Site) -> Iterator[Redirect]:
    """The redirects of the settings, to pages that are no record's."""
    return ((redirect.from_, redirect.to.removeprefix("/")) for redirect in site.settings.redirects)


def fixed_pages(site: Site) -> Mapping[str, bytes]:
    """The redirect pages of the settings, by address."""
    base_url, base = site.settings.base_url, spot(site.settings.base_url)
    files = {old_page(spot(url), base): address for url, address in fixed_redirects(site)}
    return {
        file: leading_page(file, address, site.addresses[address], base_url)
        for file, address in files.items()
        if file
    }


def leading_pages(record: Record, site: Site) -> Iterator[Document]:
    """A redirect page at each old address of a record inside the site."""
    base_url, base = site.settings.base_url, spot(site.settings.base_url)
    files = {old_page(spot(url), base): address for url, address in redirects((record,), site)}
    for file, address in files.items():
        if file:
            make = partial(leading_page, file, address, site.title(record), base_url)
            yield Document(address=file, make=make)


def old_page(old: Spot, base: Spot) -> str:
    """The file of the redirect page at an old address; "" if no file can serve it."""
    below = old.below(base)
    with suppress(UnicodeDecodeError):
        path = "" if old.query or not below else below.decode()
        stray = "\\" in path or ".." in path.split("/")
        if path.endswith(_PAGES) and not stray:
            return f"{path}index.html" if path.endswith("/") else path
        # hosts redirect from `/a` to `/a/`, which can have an index page
        if path and "." not in path.rpartition("/")[2] and not stray:
            return f"{path}/index.html"
    return ""


def leading_page(file: str, address: str, title: str, base_url: str) -> bytes:
    """A page that redirects to the new address, without a script."""
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


def redirect_tables(
    redirects: Iterable[Redirect], base_url: str, *, numbers: bool = True
) -> Iterator[Artifact]:
    """The tables of old addresses, and of document numbers as addresses, for web servers.

    `numbers` is false for a site without a gazette, which looks up no document numbers.
    """
    base = spot(base_url)
    root = quote(base.path)
    pairs = sorted((spot(url), root + quote(address)) for url, address in redirects)
    # the rule with a placeholder is last: Cloudflare counts all that follow one among its 100
    lines = [*_fixed_rules(pairs, base), *([_NUMBERS.format(root=root)] if numbers else [])]
    yield Artifact(address=REDIRECTS, content="".join(f"{line}\n" for line in lines).encode())
    parts = urlsplit(base_url)
    away = f"{parts.scheme}://{base.host}" + (f":{parts.port}" if parts.port else "")
    keys = {key.lower(): (key, old.host, new) for old, new in pairs if (key := _key(old))}
    rows = (
        b'"%s" "%s";\n' % (key, (new if host == base.host else away + new).encode())
        for key, host, new in keys.values()
    )
    yield Artifact(address=TABLE, content=_HEAD.encode() + b"".join(rows))


def _fixed_rules(pairs: Iterable[tuple[Spot, str]], base: Spot) -> Iterable[str]:
    """The rules for `_redirects`, which can only have paths of the site's own host."""
    own = ((old, new) for old, new in pairs if old.host == base.host and not old.query)
    return dict.fromkeys(f"{quote(old.path, safe=_PATH)} {new} 301" for old, new in own)


def rule_problems(site: Site, most: int = FIXED_RULES) -> Iterator[Problem]:
    """A warning if `_redirects` has more rules than Cloudflare Pages reads."""
    own = (*redirects(site.archive, site), *fixed_redirects(site))
    pairs = ((spot(url), address) for url, address in own)
    count = len(list(_fixed_rules(pairs, spot(site.settings.base_url))))
    if count > most:
        values = {"count": f"{count:,}", "limit": f"{most:,}"}
        place = Origin(path=SITE_FILE)
        yield Problem(
            code="old-address-many", origin=place, severity=Severity.WARNING, values=values
        )


def _key(old: Spot) -> bytes:
    """The value of nginx's `$host$uri$is_args$args` for an old address, escaped for quotes.

    nginx ignores case here, and rejects a table with a repeated key.  It recognises patterns and
    keywords by the beginning of a key, which here is a host or `/`; within a key only quotes and
    backslashes are special.
    """
    query = f"?{old.query}" if old.query else ""
    key = old.host.encode() + old.path + query.encode()
    return key.replace(b"\\", b"\\\\").replace(b'"', b'\\"')

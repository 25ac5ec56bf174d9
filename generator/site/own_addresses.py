"""The addresses that the program itself fills, whatever the content holds.

Each group of files of `build.site_bundles` has a row; `redirect_checks` keeps old addresses away
from all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class OwnAddresses(NamedTuple):
    """Where a group's files stand.

    `closed` are first steps below which nothing else ever stands, as the files there change from
    release to release; `pattern` matches the files in folders that others may use too.
    The site's own files stand wherever nothing else does.
    """

    closed: tuple[str, ...] = ()
    pattern: str = ""


OWN_ADDRESSES: Mapping[str, OwnAddresses] = {
    "feeds": OwnAddresses(pattern=r"feeds/(?:[^/]*\.(?:xml|atom|json|opml)|archive(?:/.*)?)"),
    "calendars": OwnAddresses(closed=("calendars",)),
    "tables": OwnAddresses(pattern=r"data/.*\.(?:csv|json|ods)"),
    "catalogues": OwnAddresses(
        closed=("datapackage.json",), pattern=r"data/.*\.jsonld|data/data-gov-tw\.json"
    ),
    "search": OwnAddresses(
        pattern=r"search/(?:[^/]*\.(?:json|txt|xml)|(?:[0-9a-f]{16}|fold-[^/]*)(?:/.*)?)"
    ),
    "log": OwnAddresses(closed=("log",), pattern=r"verify/index\.html"),
    "theme": OwnAddresses(closed=("404.html", "assets")),
    "description": OwnAddresses(closed=("site.json",)),
    "robots": OwnAddresses(pattern=r"robots\.txt"),
    "static": OwnAddresses(pattern=r"(?!)"),
    "headers": OwnAddresses(closed=("_headers",)),
    "redirects": OwnAddresses(closed=("_redirects", "redirects.map")),
    "views": OwnAddresses(closed=("d", "status.json")),
    "sitemap": OwnAddresses(closed=("sitemap.xml",), pattern=r"sitemap-[0-9a-f]{12}\.xml"),
    "manifest": OwnAddresses(closed=("manifest.sha256",), pattern=r"log/files/.*"),
}
"""By group of `build.site_bundles`."""
FOLDERS = ("data", "feeds", "search", "verify")
"""The folders of these patterns: each is an address of its own, and that of its index page."""


def is_own(address: str, group: str) -> bool:
    """Whether a group's files may stand at an address."""
    own = OWN_ADDRESSES[group]
    return address.partition("/")[0] in own.closed or bool(re.fullmatch(own.pattern, address))

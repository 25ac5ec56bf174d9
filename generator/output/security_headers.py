"""The file `_headers`: security and caching headers for web servers that read it.

Every page carries its content policy in a `meta` element too, for servers that do not.
"""

from __future__ import annotations

from functools import cache

from generator import THEME
from generator.content.attachments import DOCUMENTS
from generator.content.model import Artifact
from generator.output.formats.feed_parts import FEED_TYPES
from generator.text.content_policy import policy

HEADERS_FILE = "_headers"
"""Netlify, Cloudflare Pages and others read this file; the handbook converts it for nginx."""
LOST = "404.html"
"""The only page with inline script and style: it is served at any depth, so links fail there."""
_LASTING = "public, max-age=31536000, immutable"
_BRIEF = "public, max-age=600, stale-while-revalidate=86400"
_FRESH = "no-cache"
_SAVED = tuple(
    (f"/:folder/*.{ending}", {"Content-Disposition": "attachment"})
    for document in DOCUMENTS
    for ending in (document, document.upper())
)
"""Attachments are downloaded and not opened within the site's origin; paths are case-sensitive."""
_FEEDS = tuple(
    (f"/feeds/*.{ending}", {"Content-Type": f"{type_}; charset=utf-8"})
    for ending, type_ in FEED_TYPES.items()
)
_RULES = (
    ("/search/:segment/*", {"Cache-Control": _LASTING}),
    ("/assets/*", {"Cache-Control": _BRIEF}),
    *_SAVED,
    *_FEEDS,
)
"""Additional headers of some addresses.  A segment's name changes with its content."""


@cache
def lost_policy() -> str:
    """The content policy of the theme's 404 page, with digests from its template."""
    return policy(_lost())


def _lost() -> str:
    return (THEME / LOST).read_text(encoding="utf-8")


def headers(*pages: str) -> Artifact:
    """The file `_headers`: headers of every response, and how long responses may be cached.

    The policy equals that of every page's `meta`, plus `frame-ancestors`, which only a header can
    set.  `pages` are the program's other pages with an inline script; no record is in them.
    """
    own = policy("".join((_lost(), *pages)))
    everywhere = {
        "Content-Security-Policy": f"{own}; frame-ancestors 'none'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    rules = []
    for path, fields in (("/*", everywhere), *_RULES):
        lines = (f"  {name}: {value}\n" for name, value in fields.items())
        rules.append(f"{path}\n{''.join(lines)}")
    return Artifact(address=HEADERS_FILE, content="\n".join(rules).encode())

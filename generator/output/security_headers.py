"""The headers that a web server adds: what a browser must forbid, how long it may keep a file."""

from __future__ import annotations

from functools import cache

from generator import PROJECT
from generator.content.attachments import DOCUMENTS
from generator.content.model import Artifact
from generator.text.content_policy import policy

HEADERS_FILE = "_headers"
"""The file of this name is read by Netlify, Cloudflare Pages and others; we name it for nginx."""
LOST = "404.html"
"""The one page with script and style of its own: it is served at any depth."""
_LASTING = "public, max-age=31536000, immutable"
_BRIEF = "public, max-age=600, stale-while-revalidate=86400"
_FRESH = "no-cache"
_SAVED = tuple(
    (f"/:folder/*.{ending}", {"Content-Disposition": "attachment"})
    for document in DOCUMENTS
    for ending in (document, document.upper())
)
"""What others made is saved and not opened within the site; paths are told apart by case."""
_RULES = (
    ("/search/:segment/*", {"Cache-Control": _LASTING}),
    ("/assets/*", {"Cache-Control": _BRIEF}),
    *_SAVED,
)
"""Headers of some addresses beside those of all: a segment's name changes with its content."""


@cache
def lost_policy() -> str:
    """The policy of the theme's 404 page, from its template."""
    return policy(_lost())


def _lost() -> str:
    return (PROJECT / "theme" / LOST).read_text(encoding="utf-8")


def headers(*pages: str) -> Artifact:
    """`_headers`: what a web server adds to every answer, and how long what may be kept.

    Every page's own `meta` says the same but for `frame-ancestors`, which only a header can.
    `pages` are further ones of the program's own that hold a script: no record is in them.
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
    rules = (("/*", everywhere), *_RULES)
    text = "\n".join(_rule(path, held) for path, held in rules)
    return Artifact(address=HEADERS_FILE, content=text.encode())


def _rule(path: str, held: dict[str, str]) -> str:
    return f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in held.items())

"""What a browser is told to forbid: scripts that are not the theme's, other hosts, frames.

A script within a page runs by its hash, taken from the theme's own template, which holds no
content: what an editor or an attacker writes into a page cannot approve itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from generator.formats.attachments import DOCUMENTS
from generator.model import Artifact
from generator.reuse.program import PROJECT

HEADERS_FILE = "_headers"
"""The file of this name is read by Netlify, Cloudflare Pages and others; we name it for nginx."""
LOST = "404.html"
"""The one page with script and style of its own: it is served at any depth."""
_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.S)
_DATA = re.compile(r"""\stype=["']?application/(?:ld\+)?json""")
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'{scripts}",
    "style-src 'self'{styles}",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
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


def policy(html: str = "") -> str:
    """The policy of a page with these scripts and styles of the theme's own within it."""
    found = _INLINE.findall(html)
    scripts = [text for name, rest, text in found if name == "script" and _runs(rest)]
    styles = [text for name, _, text in found if name == "style"]
    return "; ".join(_DIRECTIVES).format(scripts=_hashes(scripts), styles=_hashes(styles))


def _runs(attributes: str) -> bool:
    return "src=" not in attributes and not _DATA.search(attributes)


def _hashes(texts: list[str]) -> str:
    return "".join(
        f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts
    )


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

"""The Content-Security-Policy of a page: its own scripts and styles by hash, no other host.

The hashes come from the theme's own templates, which hold no content: what an editor or an
attacker writes into a page cannot approve itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.S)
# a script element of this type holds data and never runs, so that it needs no hash
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


def policy(html: str = "") -> str:
    """The policy of a page with these scripts and styles of the theme's own within it."""
    elements = _INLINE.findall(html)
    scripts = [
        text
        for name, attributes, text in elements
        if name == "script" and "src=" not in attributes and not _DATA.search(attributes)
    ]
    styles = [text for name, _, text in elements if name == "style"]
    return "; ".join(_DIRECTIVES).format(scripts=_hashes(scripts), styles=_hashes(styles))


def _hashes(texts: list[str]) -> str:
    return "".join(
        f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts
    )

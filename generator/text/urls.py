"""Addresses within the site: relative, so that it works under any path.

And addresses of the web however they are spelled, as servers see them.

The language of a page follows from its address: what visitors read in English stands below
`en/`, at the address of the Chinese page.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from unicodedata2 import normalize

CHINESE, ENGLISH = "zh-Hant-TW", "en"
"""The languages of the site, as BCP 47 has them: that of all records, that of visitors."""
ENGLISH_HOME = f"{ENGLISH}/"

_quoted = lru_cache(maxsize=1 << 16)(quote)
"""Steps of addresses are few, and stand in nearly every address of the site."""


def relative(here: str, target: str) -> str:
    """How a page at `here` (ends in `/`, the root is "") links to `target`.

    `relative("gazette/105/", "visits/")` is `../../visits/`; names are percent-encoded,
    a fragment is kept.
    """
    path, hash_, fragment = target.partition("#")
    steps = here.split("/")[:-1]
    goal = path.split("/")
    most = min(len(steps), len(goal) - 1)
    shared = 0
    while shared < most and steps[shared] == goal[shared]:
        shared += 1
    way = "../" * (len(steps) - shared) + "/".join(map(_quoted, goal[shared:]))
    return (way or "./") + hash_ + _quoted(fragment)


def absolute(base_url: str, target: str) -> str:
    """The same as a full address below `base_url` (ends in `/`)."""
    path, hash_, fragment = target.partition("#")
    return base_url + _quoted(path) + hash_ + _quoted(fragment)


def language_of(address: str | None) -> str:
    """The language of the page at an address; what stands in no page (None) is Chinese."""
    return ENGLISH if address and address.startswith(ENGLISH_HOME) else CHINESE


def counterpart(address: str) -> str:
    """Where a page stands in the other language, if it does: `en/visits/` for `visits/`."""
    if address.startswith(ENGLISH_HOME):
        return address.removeprefix(ENGLISH_HOME)
    return ENGLISH_HOME + address


def address_in(language: str, address: str) -> str:
    """Where the page at a Chinese address stands in a language."""
    return ENGLISH_HOME + address if language == ENGLISH else address


def alternates(base_url: str, address: str) -> tuple[tuple[str, str], ...]:
    """Both full addresses of a page by language; who reads neither is best served in English."""
    english = language_of(address) == ENGLISH
    pair = (counterpart(address), address) if english else (address, counterpart(address))
    chinese, visited = (absolute(base_url, one) for one in pair)
    return (CHINESE, chinese), (ENGLISH, visited), ("x-default", visited)


_QUERY = "!$%&()*+,/:;=?@[\\]^`{|}~"
"""What browsers send as it is in a query."""


class Spot(NamedTuple):
    """Where an address of the web leads, as servers see it, however it was spelled.

    `host` is a `server_name`, without port; `path` is decoded, begins with `/` and has no `//`
    and `./`; `query` is as browsers send it.  What stands behind `#` is never sent.
    """

    host: str
    path: bytes
    query: str

    def below(self, base: Spot) -> bytes | None:
        """The path below that of `base` (which ends in `/`); None of what lies elsewhere."""
        if self.host != base.host or not (self.path + b"/").startswith(base.path):
            return None
        return self.path[len(base.path) :]


def spot(url: str) -> Spot:
    """Where a full address leads."""
    parts = urlsplit(url)
    steps = unquote_to_bytes(parts.path).split(b"/")
    kept = [step for step in steps if step not in (b"", b".")]
    end = [b""] if kept and steps[-1] in (b"", b".") else []
    path = b"/".join([b"", *kept, *end]) or b"/"
    host = server_name(parts.hostname or "")
    return Spot(host=host, path=path, query=quote(parts.query, safe=_QUERY))


_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST, _HOST_LENGTH = re.compile(rf"{_LABEL}(?:\.{_LABEL})*"), 253


@lru_cache(maxsize=1 << 10)
def server_name(host: str) -> str:
    """A host's name as servers know it, in lower case and A-labels; "" where it can be none.

    Rule files rest on this: a name holds letters, digits, `-` and `.`, and begins with a letter
    or a digit.  A name in other letters counts where its A-labels read back as it was typed; one
    that programs convert differently (`ß`, full-width letters, `。`) does not.
    """
    typed = host.lower().removesuffix(".")
    if len(typed) > _HOST_LENGTH:  # the codec takes quadratic time
        return ""
    with suppress(UnicodeError):
        name = typed.encode("idna").decode()
        same = typed.isascii() or name.encode().decode("idna") == typed
        if same and len(name) <= _HOST_LENGTH and _HOST.fullmatch(name):
            return name
    return ""


def folded(path: bytes | str) -> str:
    """A path as no two things of a site may share it: its steps, joined by `/`.

    Disks and servers differ in whether letters' case, the form of accents and the backslash tell
    names apart.
    """
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
    text = normalize("NFC", text.replace("\\", "/").casefold())
    return "/".join(step for step in text.split("/") if step not in ("", "."))

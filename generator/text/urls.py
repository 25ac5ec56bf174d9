"""Addresses of the site and of the web, and the rules that compare them.

Links within the site are relative, so that it works under any path.  Addresses of the web are
compared as servers see them, however they are spelled.  The language of a page follows from its
address: the English version of a Chinese page stands at the same address below `en/`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from unicodedata2 import normalize

CHINESE, ENGLISH = "zh-Hant-TW", "en"
"""The languages of the site as BCP 47 tags: that of all records, that of foreign visitors."""
ENGLISH_HOME = f"{ENGLISH}/"

_quoted = lru_cache(maxsize=1 << 16)(quote)
"""Cached, as an archive has few distinct path segments and uses them in nearly every address."""


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
    """The full address of `target` below `base_url` (ends in `/`)."""
    path, hash_, fragment = target.partition("#")
    return base_url + _quoted(path) + hash_ + _quoted(fragment)


def language_of(address: str | None) -> str:
    """The language of the page at an address; None, for text outside pages, gives Chinese."""
    return ENGLISH if address and address.startswith(ENGLISH_HOME) else CHINESE


def counterpart(address: str) -> str:
    """The address of a page in the other language: `en/visits/` for `visits/`.

    The page need not exist.
    """
    if address.startswith(ENGLISH_HOME):
        return address.removeprefix(ENGLISH_HOME)
    return ENGLISH_HOME + address


def address_in(language: str, address: str) -> str:
    """The address, in a language, of the page at a Chinese address."""
    return ENGLISH_HOME + address if language == ENGLISH else address


def alternates(base_url: str, address: str) -> tuple[tuple[str, str], ...]:
    """Both full addresses of a page by language; English is the default for other languages."""
    english = language_of(address) == ENGLISH
    pair = (counterpart(address), address) if english else (address, counterpart(address))
    chinese, visited = (absolute(base_url, page) for page in pair)
    return (CHINESE, chinese), (ENGLISH, visited), ("x-default", visited)


_QUERY = "!$%&()*+,/:;=?@[\\]^`{|}~"
"""Characters that browsers do not encode in a query."""


class Spot(NamedTuple):
    """An address of the web as servers see it, the same for all its spellings.

    `host` is a `server_name`, without port; `path` is decoded, begins with `/` and has no `//`
    and `./`; `query` is as browsers send it.  The fragment is left out, as browsers never send it.
    """

    host: str
    path: bytes
    query: str

    def below(self, base: Spot) -> bytes | None:
        """The path below that of `base` (which ends in `/`); None if it lies elsewhere."""
        if self.host != base.host or not (self.path + b"/").startswith(base.path):
            return None
        return self.path[len(base.path) :]


def spot(url: str) -> Spot:
    """The `Spot` of a full address."""
    parts = urlsplit(url)
    steps = unquote_to_bytes(parts.path).split(b"/")
    names = [step for step in steps if step not in (b"", b".")]
    end = [b""] if names and steps[-1] in (b"", b".") else []
    path = b"/".join([b"", *names, *end]) or b"/"
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
    """A key of a path that no two files of a site may share: its segments, joined by `/`.

    Some disks and servers ignore the case of letters, the form of accents, or read a backslash as
    a separator; the key ignores all three.
    """
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path
    text = normalize("NFC", text.replace("\\", "/").casefold())
    return "/".join(step for step in text.split("/") if step not in ("", "."))

"""Plans the published ledger: log, checkpoints, keys, and the tools that check them.

Each checkpoint is a part of its own, because its files never change once they are published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from msgspec import Struct

from generator import PROGRAM
from generator.content.model import Artifact
from generator.ledger.checkpoint import Checkpoint
from generator.ledger.log import Ledger
from generator.ledger.log_files import LEAVES, LOG
from generator.ledger.seals import keys_text, seals_of, trust_of
from generator.ledger.signed_note import pem_of
from generator.site.kind import Site
from generator.text.content_policy import policy

CHECK_PAGE = "verify/"
"""The address of the page on which a reader checks an entry."""
CHECKPOINT = f"{LOG}/checkpoint"
KEYS = f"{LOG}/keys.txt"
_SITE = "/*SITE*/"
"""The placeholder in the page for the site's facts, as JSON."""


class LogPart(Struct, frozen=True, kw_only=True):
    """Files that change together; `words` is everything that they depend on."""

    name: str
    words: tuple[str, ...]
    make: Callable[[], Iterable[Artifact]]


def log_parts(site: Site) -> Iterator[LogPart]:
    """Every part of the published ledger; none if the site seals nothing."""
    if not site.settings.sealed:
        return
    published, settings = seals_of(site).published, site.settings
    newest = published.newest
    about = (settings.origin, settings.title, keys_text(trust_of(settings)))
    yield LogPart(
        name="log:head",
        words=(*about, str(newest.note) if newest else ""),
        make=partial(_head, site, published),
    )
    for old, new in published.steps():
        yield LogPart(
            name=f"log:{new.size}",
            words=(str(old.size if old else 0), str(new.note)),
            make=partial(_step, published, old, new),
        )


def _step(ledger: Ledger, old: Checkpoint | None, new: Checkpoint) -> Iterator[Artifact]:
    for path, content in ledger.step(old, new).items():
        yield Artifact(address=f"{LOG}/{path}", content=content)


def _head(site: Site, ledger: Ledger) -> Iterator[Artifact]:
    if ledger.newest:
        yield Artifact(address=f"{LOG}/{LEAVES}", content=ledger.lines())
        yield Artifact(address=CHECKPOINT, content=ledger.newest.content)
    yield Artifact(address=KEYS, content=keys_text(trust_of(site.settings)).encode())
    for key in trust_of(site.settings).keys:
        name = f"{LOG}/keys/{key.verifier.id.hex()}.pem"
        yield Artifact(address=name, content=pem_of(key.verifier))
    script = (PROGRAM / "ledger" / "templates" / "verify.py.txt").read_bytes()
    yield Artifact(address=f"{LOG}/verify.py", content=script)
    yield Artifact(address=f"{CHECK_PAGE}index.html", content=check_page(site).encode())


def check_pages(site: Site) -> tuple[str, ...]:
    """The checking page's HTML if the site seals; the server's headers must allow its script."""
    return (_check_frame("bounds"),) if site.settings.sealed else ()


def check_page(site: Site) -> str:
    """The page that checks an entry: one file that works offline once it is saved."""
    settings = site.settings
    facts = {
        "origin": settings.origin,
        "title": settings.title,
        "keys": keys_text(trust_of(settings)),
    }
    data = json.dumps(facts, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    bounds = "bounds-signed" if settings.signs_releases else "bounds"
    return _check_frame(bounds).replace(_SITE, data)


@cache
def _check_frame(bounds: str) -> str:
    """The page without the site's facts; its content policy allows only the program's script.

    `bounds` names the template that says what is checked.
    """
    page, script, style, said = (
        (PROGRAM / "ledger" / "templates" / f"verify{ending}").read_text("utf-8")
        for ending in (".html", ".js", ".css", f"-{bounds}.html")
    )
    whole = page.replace("/*STYLE*/", style).replace("/*SCRIPT*/", script)
    whole = whole.replace("/*BOUNDS*/", said.rstrip("\n"))
    return whole.replace("/*POLICY*/", policy(whole))

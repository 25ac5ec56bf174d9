"""The ledger as readers see it: log, checkpoints, keys, and what anybody checks them with.

Each checkpoint is a part of its own, never made again once it is out.
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
"""Where a reader checks an entry."""
CHECKPOINT = f"{LOG}/checkpoint"
KEYS = f"{LOG}/keys.txt"
_SITE = "/*SITE*/"
"""What the page's script is told of the site stands here, as data."""


class LogPart(Struct, frozen=True, kw_only=True):
    """Some files that change together; `words` are all that they depend on."""

    name: str
    words: tuple[str, ...]
    make: Callable[[], Iterable[Artifact]]


def log_parts(site: Site) -> Iterator[LogPart]:
    """Everything that the site publishes of its ledger; nothing where it seals nothing."""
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
    """The page that checks, where the site seals: a web server must let its script run."""
    return (_check_frame(),) if site.settings.sealed else ()


def check_page(site: Site) -> str:
    """The page that checks an entry: one file, which needs no network once it is saved."""
    settings = site.settings
    told = {
        "origin": settings.origin,
        "title": settings.title,
        "keys": keys_text(trust_of(settings)),
    }
    held = json.dumps(told, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return _check_frame().replace(_SITE, held)


@cache
def _check_frame() -> str:
    """The page without a word of the site: its policy names the program's own script alone."""
    page, script, style = (
        (PROGRAM / "ledger" / "templates" / f"verify.{ending}").read_text("utf-8")
        for ending in ("html", "js", "css")
    )
    whole = page.replace("/*STYLE*/", style).replace("/*SCRIPT*/", script)
    return whole.replace("/*POLICY*/", policy(whole))

"""The pages that stand for no single record: home, lists, agencies, the handbook.

They depend on the plan of the site and not on the bundles of its records, and so are made beside
these, by a process of its own that hands over what it knows.
"""

from __future__ import annotations

from msgspec import structs

from generator.build.bundles.bundle import Press, Told, make_page
from generator.build.bundles.reuse import Kept
from generator.build.cache.plan_keys import NoKey, plan_key
from generator.build.cache.serialize import Form
from generator.build.cache.store import peeked
from generator.build.folders import Making
from generator.build.progress import Progress
from generator.build.workers.executor import Answer, Shared
from generator.build.workers.memory import let_go, stays
from generator.content.model import Page

_Elsewhere = tuple[list[tuple[str, str, bytes, bytes]], dict[str, Kept], dict[str, Told]]
_ELSEWHERE: Form[_Elsewhere] = Form(_Elsewhere)
"""Rows for the cache, what is kept, what is fresh."""


def begin_pages(making: Making) -> Answer | None:
    """Has another process make the pages, unless many work as it is; see `make_pages`."""
    workers = making.workers
    if workers.jobs == 1 or not (workers.inherits and making.little_new):
        return None
    making.printing.looked.ready()
    stays()
    return workers.submit(_elsewhere, Shared(making), b"")


def _elsewhere(making: Making, _: bytes) -> bytes:
    """The pages as another process makes them."""
    store = making.printing.store
    cache = peeked(store.work, store.secret).noting()
    printing = structs.replace(making.printing, cache=cache, kept={}, fresh={})
    make_here(structs.replace(making, printing=printing, progress=Progress()))
    return _ELSEWHERE.packed((cache.noted, printing.kept, printing.fresh))


def make_pages(making: Making, begun: Answer | None) -> None:
    """Takes the pages that were begun elsewhere, or makes them."""
    making.progress.stage("lists")
    if begun is None:
        make_here(making)
        return
    rows, kept, fresh = _ELSEWHERE.unpacked(begun.result())
    for row in rows:
        making.printing.cache.put(*row)
    making.printing.kept.update(kept)
    making.printing.fresh.update(fresh)
    making.progress.expect(len(kept))
    making.progress.step(len(kept))


def make_here(making: Making) -> None:
    """Plans the pages, and makes those that do not stand as they were kept."""
    pages = making.pages()
    making.progress.expect(len(pages))
    for page in pages:
        name, key = f"page:{page.address}", _key(page, making.press)
        if key is None or not making.printing.reuse(name, key):
            making.printing.keep(name, key or b"", make_page(page, making.press))
            let_go()
        making.progress.step()


def _key(page: Page, press: Press) -> bytes | None:
    """Of all that a page's plan says; None for a plan that cannot be told from another."""
    try:
        return plan_key(page, press.renderer.feed_links(page))
    except NoKey:
        return None

"""What the site says of its seals: the way to the page that checks, stubs of what was removed."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Entrance, Page, Ref
from generator.ledger.log_files import LOG, REDACTIONS
from generator.ledger.published_log import CHECK_PAGE
from generator.ledger.seals import seals_of
from generator.site.kind import Site, View


def _pages(site: Site) -> Iterator[Page]:
    """In the place of each record that was removed by law, what may still be said of it."""
    ledger = seals_of(site).published
    for name, number in ledger.redacted.items():
        told = ledger.redactions[number]
        there = site.archive.find(Ref(*name.split(":", 1)))
        if not told.left and there is None and told.address:
            yield Page(
                address=told.address,
                template="redacted.html",
                title=f"已依法移除：{told.name.partition(':')[2]}",
                updated=told.day,
                private=True,
                context={"told": told, "redaction": f"{LOG}/{REDACTIONS}/{number}.json"},
            )


VIEW = View(
    name="record",
    label="查驗",
    label_en="Verification",
    pages=_pages,
    entrances=(Entrance(label="查驗公報紀錄", address=CHECK_PAGE),),
    has=lambda settings: settings.sealed,
)

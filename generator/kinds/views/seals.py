"""Pages about seals: the entrance to the verification page, stubs of removed records."""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Entrance, Page, Ref
from generator.ledger.log_files import LOG, REDACTIONS
from generator.ledger.published_log import CHECK_PAGE
from generator.ledger.seals import seals_of
from generator.site.kind import Site, View


def _pages(site: Site) -> Iterator[Page]:
    """A stub at the address of each record that was removed by law."""
    ledger = seals_of(site).published
    for name, number in ledger.redacted.items():
        redaction = ledger.redactions[number]
        record = site.archive.find(Ref(*name.split(":", 1)))
        if not redaction.left and record is None and redaction.address:
            yield Page(
                address=redaction.address,
                template="redacted.html",
                title=f"已依法移除：{redaction.name.partition(':')[2]}",
                updated=redaction.day,
                private=True,
                context={"removed": redaction, "redaction": f"{LOG}/{REDACTIONS}/{number}.json"},
            )


VIEW = View(
    name="record",
    label="查驗",
    label_en="Verification",
    pages=_pages,
    entrances=(Entrance(label="查驗公報紀錄", address=CHECK_PAGE),),
    has=lambda settings: settings.sealed,
)

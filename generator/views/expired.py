"""In the place of each record that is shown no longer: its address stays, with a notice."""

from __future__ import annotations

from collections.abc import Iterator

from generator.kind import Site, View
from generator.model import Page


def _pages(site: Site) -> Iterator[Page]:
    for held in site.expired:
        yield Page(
            address=held.address,
            template="expired.html",
            title=f"已下架：{held.label} {held.ref.id}",
            description=f"{held.label} {held.ref.id} 已不再提供",
            updated=held.last,
            private=True,
            context={"expired": held},
        )


VIEW = View(name="expired", label="已下架", label_en="Withdrawn records", pages=_pages)

"""What a reader of an entry may want next, and whom to tell of a mistake in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from generator.content.model import Ref
from generator.content.settings import Settings
from generator.kinds.gazette.entry import GazetteEntry
from generator.site.kind import Site

MOST = 5
"""Related entries of a page."""
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def related(
    entry: GazetteEntry, beside: Sequence[GazetteEntry], site: Site
) -> tuple[GazetteEntry, ...]:
    """Entries that speak of the same others, then those of its category in its issue.

    What the page shows as a relation already is left out; `beside` is the entry's whole issue.
    """
    shown = {entry.ref, *(r.target for r in entry.relations)}
    shown |= {other.ref for other in site.archive.referring_to(entry, GazetteEntry)}
    same = (other for other in beside if other.category == entry.category)
    found = dict.fromkeys((*_same_targets(entry, site), *(other.ref for other in same)))
    wanted = (site.archive.get(GazetteEntry, ref) for ref in found if ref not in shown)
    return tuple(islice(filter(None, wanted), MOST))


def _same_targets(entry: GazetteEntry, site: Site) -> Iterator[Ref]:
    for relation in entry.relations:
        target = relation.target and site.linked(relation.target)
        if target:
            yield from (o.ref for o in site.archive.referring_to(target, GazetteEntry))


def report_address(entry: GazetteEntry, settings: Settings) -> str:
    """Where a mistake is told: the file's own place, else a letter that names it, else "".

    The letter goes to the first address of e-mail that the site's contact names.
    """
    path = entry.origin.path
    if settings.repository:
        return settings.repository + quote(path)
    mail = _MAIL.search(settings.contact)
    subject = quote(f"回報錯誤：{path}", safe="")
    return f"mailto:{quote(mail[0], safe='@')}?subject={subject}" if mail else ""

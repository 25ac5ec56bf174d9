"""Whether every link and anchor inside the sites leads somewhere: by the program's own rule."""

from __future__ import annotations

from collections.abc import Iterable

from rows import Row
from subjects import LOST, Subject

from generator.build.bundles.page_checks import lead, targets
from generator.build.verify import Anchors, link_faults
from generator.release.manifest import tree


def audit_links(sites: Iterable[Subject]) -> Row:
    """Every link of every page; the page of lost addresses finds its links by a script."""
    count, pages, dead = 0, 0, list[str]()
    for site in sites:
        files, anchors = set(tree(site.folder).files), Anchors(site.folder)
        for page in (name for name in site.pages if name != LOST):
            named = sorted(targets((site.folder / page).read_text(encoding="utf-8")))
            for target in named:
                faults = link_faults(lead(page, target), [(page, target)], files, anchors)
                dead += [f"{site.name}: {page}: {fault.values['value']}" for fault in faults]
            count, pages = count + len(named), pages + 1
    return Row(
        auditor="links and anchors",
        subject=f"{count:,} on {pages} pages",
        found=f"{len(dead)} lead nowhere",
        wanted="0",
        passed=not dead and count > 0,
        findings=tuple(dead),
    )

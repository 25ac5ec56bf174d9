"""The files of new issues and entries: their paths, numbers and first fields.

Numbers of unreadable files count as used, so that a new file never replaces one of them.
"""

from __future__ import annotations

from generator.content.model import Ref
from generator.kinds.gazette.entry import ENTRY_KIND, GazetteEntry
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue, issue_rank, spelled_like
from generator.ledger.leaf_digests import leaf_of
from generator.site.kind import Site, Start, StartRefused
from generator.text.dates import roc_typed, roc_year


def start_issue(site: Site, name: str) -> Start:
    """The named issue, else the next regular one of the year; raises `StartRefused`."""
    year = roc_year(site.as_of)
    issue_id = _spelled(name, site) or f"{year}-{_issue_number(site, year, '')}"
    parts = ISSUE_ID.fullmatch(issue_id)
    if not parts or len(parts["number"]) < site.settings.gazette.number_width:
        raise StartRefused("issue")
    volume = issue_id.partition("-")[0]
    path = f"gazette/{volume}/{issue_id}/issue.yaml"
    return Start(path=path, values={"publication_date": roc_typed(site.as_of)})


def _spelled(issue_id: str, site: Site) -> str:
    """A typed issue id with its year spelled as in the site's other issues."""
    others = (issue.id for issue in site.archive.of(GazetteIssue))
    return spelled_like(issue_id, others) if ISSUE_ID.fullmatch(issue_id) else issue_id


def _issue_number(site: Site, year: int, edition: str) -> str:
    """The next number among a year's regular issues, or among those of an edition."""
    ranks = [issue_rank(issue.id) for issue in site.archive.of(GazetteIssue)]
    ranks += [issue_rank(i) for i in _broken(site, "issues") if ISSUE_ID.fullmatch(i)]
    numbers = [number for volume, series, number in ranks if (volume, series) == (year, edition)]
    width = site.settings.gazette.number_width
    return f"{max(numbers, default=0) + 1:0{width}d}"


def free_issue(site: Site, path: str) -> str:
    """The path of an issue's file under the next free number of its year and edition."""
    folder, _, name = path.rpartition("/")
    above, _, issue_id = folder.rpartition("/")
    year, edition, _ = issue_rank(issue_id)
    return f"{above}/{issue_id.rpartition('-')[0]}-{_issue_number(site, year, edition)}/{name}"


def start_entry(site: Site, name: str) -> Start:
    """The next number in the named issue, else in the latest; raises `StartRefused`.

    Readers have seen the contents of an issue whose day is past: only who names it adds to it.
    """
    issues = site.archive.of(GazetteIssue)
    issue_id = _spelled(name, site) or (issues[-1].id if issues else "")
    if not ISSUE_ID.fullmatch(issue_id) or site.missing(Ref("issues", issue_id)):
        raise StartRefused("entry")
    issue = site.archive.get(GazetteIssue, Ref("issues", issue_id))
    day = issue.publication_date if issue else None
    if day and day < site.as_of and not name:
        raise StartRefused("published", (issue_id,), day)
    path = f"gazette/{issue_id.partition('-')[0]}/{issue_id}/{_sequence(site, issue_id)}.yaml"
    return Start(path=path, values={"dispatch_date": roc_typed(min(day or site.as_of, site.as_of))})


def _sequence(site: Site, issue_id: str) -> str:
    """The next number among an issue's entries, unreadable files included."""
    entries = (entry for entry in site.archive.of(GazetteEntry) if entry.issue.id == issue_id)
    numbers = [entry.sequence for entry in entries]
    unreadable = (id_.rpartition("-") for id_ in _broken(site, ENTRY_KIND))
    numbers += [int(number) for issue, _, number in unreadable if issue == issue_id]
    return f"{max(numbers, default=0) + 1:02d}"


def free_entry(site: Site, path: str) -> str:
    """The path of an entry's file under the next free number of its issue."""
    folder = path.rpartition("/")[0]
    return f"{folder}/{_sequence(site, folder.rpartition('/')[2])}.yaml"


def correction(site: Site, name: str) -> dict[str, str]:
    """The first fields of a correction, with the digest of its target; raises `StartRefused`."""
    target = site.archive.get(GazetteEntry, Ref(ENTRY_KIND, name))
    if target is None:
        raise StartRefused("correction")
    digest = site.sealed_leaf(target).hex() or leaf_of(target, site)
    lines = ("- type: corrects", f"  target: {name}", f"  digest: {digest}", "  wrong:", "  right:")
    return {"relations": "".join(f"\n  {line}" for line in lines)}


def _broken(site: Site, kind: str) -> list[str]:
    return [ref.id for ref in site.broken if ref.kind == kind]

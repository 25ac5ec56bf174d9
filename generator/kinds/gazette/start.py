"""Where the next issue and the next entry go."""

from __future__ import annotations

from generator.content.model import Ref
from generator.kinds.gazette.entry import ENTRY_KIND, GazetteEntry
from generator.kinds.gazette.issue import ISSUE_ID, GazetteIssue, issue_rank, spelled_like
from generator.ledger.leaf_digests import leaf_of
from generator.site.kind import Site, Start, StartRefused
from generator.text.dates import roc_typed, roc_year


def start_issue(site: Site, name: str) -> Start:
    """The named issue, or the next regular number of the year; raises `StartRefused`."""
    issue_id = _spelled(name, site) or _next_issue(site)
    parts = ISSUE_ID.fullmatch(issue_id)
    if not parts or len(parts["number"]) < site.settings.gazette.number_width:
        raise StartRefused("issue")
    volume = issue_id.partition("-")[0]
    path = f"gazette/{volume}/{issue_id}/issue.yaml"
    return Start(path=path, known={"publication_date": roc_typed(site.as_of)})


def _spelled(issue_id: str, site: Site) -> str:
    """A typed issue id with its year as the site's other issues spell theirs."""
    held = (issue.id for issue in site.archive.of(GazetteIssue))
    return spelled_like(issue_id, held) if ISSUE_ID.fullmatch(issue_id) else issue_id


def _next_issue(site: Site) -> str:
    year = roc_year(site.as_of)
    return f"{year}-{_issue_number(site, year, '')}"


def _issue_number(site: Site, year: int, edition: str) -> str:
    """The next number of a year's issues, regular or of an edition."""
    held = [issue_rank(issue.id) for issue in site.archive.of(GazetteIssue)]
    held += [issue_rank(i) for i in _broken(site, "issues") if ISSUE_ID.fullmatch(i)]
    numbers = [number for volume, series, number in held if (volume, series) == (year, edition)]
    width = site.settings.gazette.number_width
    return f"{max(numbers, default=0) + 1:0{width}d}"


def free_issue(site: Site, path: str) -> str:
    """The file of an issue under the next free number of its year and edition."""
    folder, _, name = path.rpartition("/")
    above, _, issue_id = folder.rpartition("/")
    year, edition, _ = issue_rank(issue_id)
    return f"{above}/{issue_id.rpartition('-')[0]}-{_issue_number(site, year, edition)}/{name}"


def start_entry(site: Site, name: str) -> Start:
    """The next place in the named issue, or in the latest; raises `StartRefused`."""
    issues = site.archive.of(GazetteIssue)
    issue_id = _spelled(name, site) or (issues[-1].id if issues else "")
    if not ISSUE_ID.fullmatch(issue_id) or site.missing(Ref("issues", issue_id)):
        raise StartRefused("entry")
    path = f"gazette/{issue_id.partition('-')[0]}/{issue_id}/{_sequence(site, issue_id)}.yaml"
    issue = site.archive.get(GazetteIssue, Ref("issues", issue_id))
    day = issue.publication_date if issue else None
    return Start(path=path, known={"dispatch_date": roc_typed(min(day or site.as_of, site.as_of))})


def _sequence(site: Site, issue_id: str) -> str:
    """The next number of an issue's entries, those that cannot be read among them."""
    held = [entry.sequence for entry in site.archive.of(GazetteEntry) if entry.issue.id == issue_id]
    begun = (id_.rpartition("-") for id_ in _broken(site, ENTRY_KIND))
    held += [int(number) for issue, _, number in begun if issue == issue_id]
    return f"{max(held, default=0) + 1:02d}"


def free_entry(site: Site, path: str) -> str:
    """The file of an entry under the next free number of its issue."""
    folder = path.rpartition("/")[0]
    return f"{folder}/{_sequence(site, folder.rpartition('/')[2])}.yaml"


def correction(site: Site, name: str) -> dict[str, str]:
    """The fields of an entry that corrects another, with its digest; raises `StartRefused`."""
    target = site.archive.get(GazetteEntry, Ref(ENTRY_KIND, name))
    if target is None:
        raise StartRefused("correction")
    digest = site.sealed_leaf(target).hex() or leaf_of(target, site)
    lines = ("- type: corrects", f"  target: {name}", f"  digest: {digest}", "  wrong:", "  right:")
    return {"relations": "".join(f"\n  {line}" for line in lines)}


def _broken(site: Site, kind: str) -> list[str]:
    return [ref.id for ref in site.broken if ref.kind == kind]

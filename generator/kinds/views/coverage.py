"""What the gazette holds and what it lacks, for readers and, as `status.json`, for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from generator.content.messages import worded
from generator.content.model import Artifact, Entrance, Page, Problem
from generator.content.record import Record
from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.issue import GazetteIssue
from generator.ledger.seals import seals_of
from generator.site.kind import Site, View
from generator.site.outgoing_links import outbound
from generator.text.canonical_json import Canonical, canonical_json

INDEX, STATUS = "coverage/", "status.json"
LISTED = 200
"""Remarks of one sort that the page lists; `status.json` has all."""
_REMARKS = {
    "issue-gap": "期號中斷",
    "sequence-gap": "序號中斷",
    "issue-late": "遲於出刊日",
    "issue-missed": "出刊日沒有出刊",
    "attachment-promised": "內文提到附件而未附",
    "not-stated": "來源未載明",
}
"""Findings of the check that tell what is missing, in the order shown."""


class Remark(Struct, frozen=True, kw_only=True):
    """Something that is missing: which record says so, and what."""

    record: Record
    code: str
    sentence: str


def _remarks(site: Site) -> Iterator[Remark]:
    """What the check remarked on records that the site shows."""
    records = [*site.archive.of(GazetteIssue), *site.archive.of(GazetteEntry)]
    found = [problem for problem in site.findings if problem.code in _REMARKS]
    paths = {problem.origin.path for problem in found}
    shown = {r.origin.path: r for r in records if r.origin.path in paths}
    for code in _REMARKS:
        yield from (_remark(shown[p.origin.path], p) for p in found if _of(p, code, shown))


def _of(problem: Problem, code: str, shown: dict[str, Record]) -> bool:
    return problem.code == code and problem.origin.path in shown


def _remark(record: Record, problem: Problem) -> Remark:
    """A field that the source does not give is told by its title alone."""
    missing = problem.code == "not-stated"
    said = problem.values["label"] if missing else worded(problem, "zh-TW").sentence
    return Remark(record=record, code=problem.code, sentence=said)


class DeadLink(Struct, frozen=True, kw_only=True):
    """A link of a record that led nowhere when it was last asked for; `status` as HTTP has it."""

    record: Record
    url: str
    status: int


def _dead_links(site: Site) -> Iterator[DeadLink]:
    """Those that the records shown still hold: what was mended since is dead no longer."""
    for dead in site.outgoing.dead if site.outgoing else ():
        named = filter(None, map(site.archive.find, dead.records))
        held = dict.fromkeys(link.record.ref for link in outbound(named) if link.url == dead.url)
        for record in filter(None, map(site.archive.find, held)):
            yield DeadLink(record=record, url=dead.url, status=dead.status)


def _counts(site: Site) -> tuple[int, int]:
    """How many of the records that seals can cover are sealed, and how many are not."""
    numbers = seals_of(site).published.numbers
    held = [r for kind in site.kinds if kind.sealed for r in site.records(kind)]
    sealed = sum(str(record.ref) in numbers for record in held)
    return sealed, len(held) - sealed


def _pages(site: Site) -> Iterator[Page]:
    issues = site.archive.of(GazetteIssue)
    remarks = tuple(_remarks(site))
    groups = [(title, [r for r in remarks if r.code == code]) for code, title in _REMARKS.items()]
    sealed, open_ = _counts(site)
    yield Page(
        address=INDEX,
        template="coverage.html",
        title="收錄情形",
        description=f"{site.settings.gazette.name}收錄的期數與則數、缺漏與封存情形",
        updated=site.latest_day(site.archive),
        context={
            "as_of": site.as_of,
            "issues": len(issues),
            "entries": len(site.archive.of(GazetteEntry)),
            "first": issues[0] if issues else None,
            "last": issues[-1] if issues else None,
            "groups": tuple((title, len(held), tuple(held[:LISTED])) for title, held in groups),
            "sealed": sealed,
            "unsealed": open_,
            "checkpoint": seals_of(site).published.newest,
            "asked": site.outgoing.day if site.outgoing else None,
            "checked": site.outgoing.checked if site.outgoing else 0,
            "listed": LISTED,
            "dead": tuple(_dead_links(site)),
        },
    )


def _artifacts(site: Site) -> Iterator[Artifact]:
    yield Artifact(address=STATUS, content=canonical_json(_status(site)))


def _status(site: Site) -> dict[str, Canonical]:
    issues, newest = site.archive.of(GazetteIssue), seals_of(site).published.newest
    sealed, open_ = _counts(site)
    remarks: list[Canonical] = [
        {"code": r.code, "record": str(r.record.ref), "says": r.sentence} for r in _remarks(site)
    ]
    held: dict[str, Canonical] = {
        "schema": "gongbao-status-1",
        "as_of": site.as_of.isoformat(),
        "issues": str(len(issues)),
        "entries": str(len(site.archive.of(GazetteEntry))),
        "remarks": remarks,
    }
    if issues:
        held |= {"first_issue": issues[0].id, "last_issue": issues[-1].id}
    if site.settings.sealed:
        held |= {"sealed": str(sealed), "unsealed": str(open_)}
    if site.outgoing:
        held["links"] = {
            "day": site.outgoing.day.isoformat(),
            "checked": str(site.outgoing.checked),
            "dead": _told(_dead_links(site)),
        }
    if newest:
        day = newest.day.isoformat() if newest.day else ""
        held["checkpoint"] = {"origin": newest.origin, "size": str(newest.size), "day": day}
    return held


def _told(dead: Iterable[DeadLink]) -> list[Canonical]:
    return [{"record": str(d.record.ref), "url": d.url, "status": str(d.status)} for d in dead]


VIEW = View(
    name="coverage",
    label="收錄情形",
    label_en="Coverage",
    pages=_pages,
    artifacts=_artifacts,
    entrances=(Entrance(label="收錄情形", address=INDEX),),
)

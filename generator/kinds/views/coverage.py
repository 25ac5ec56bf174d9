"""What the gazette contains and lacks: a page for readers, and `status.json` for programs."""

from __future__ import annotations

from collections.abc import Iterator

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
MOST_LISTED = 200
"""The most remarks with one code that the page lists; `status.json` has all."""
_REMARKS = {
    "issue-gap": "期號中斷",
    "sequence-gap": "序號中斷",
    "issue-late": "遲於出刊日",
    "issue-missed": "出刊日沒有出刊",
    "attachment-promised": "內文提到附件而未附",
    "not-stated": "來源未載明",
}
"""The codes of problems about missing content, in the order of the page."""


class Remark(Struct, frozen=True, kw_only=True):
    """A problem about missing content, with its record."""

    record: Record
    code: str
    sentence: str


def _remarks(site: Site) -> Iterator[Remark]:
    """The remarks on records of the site, by code; other files may have some too."""
    problems = [problem for problem in site.findings if problem.code in _REMARKS]
    paths = {problem.origin.path for problem in problems}
    gazette = (*site.archive.of(GazetteIssue), *site.archive.of(GazetteEntry))
    records = {r.origin.path: r for r in gazette if r.origin.path in paths}
    for code in _REMARKS:
        for problem in problems:
            record = records.get(problem.origin.path)
            if record and problem.code == code:
                yield _remark(record, problem)


def _remark(record: Record, problem: Problem) -> Remark:
    """A remark; for a field that the source does not state, the field's title is enough."""
    missing = problem.code == "not-stated"
    sentence = problem.values["label"] if missing else worded(problem, "zh-TW").sentence
    return Remark(record=record, code=problem.code, sentence=sentence)


class DeadLink(Struct, frozen=True, kw_only=True):
    """A broken link of a record, with the HTTP status of the last test (0: no answer)."""

    record: Record
    url: str
    status: int


def _dead_links(site: Site) -> Iterator[DeadLink]:
    """The broken links of the last test that the records still have."""
    for link in site.outgoing.dead if site.outgoing else ():
        records = filter(None, map(site.archive.find, link.records))
        refs = dict.fromkeys(own.record.ref for own in outbound(records) if own.url == link.url)
        for record in filter(None, map(site.archive.find, refs)):
            yield DeadLink(record=record, url=link.url, status=link.status)


def _counts(site: Site) -> tuple[int, int]:
    """The numbers of sealed and of unsealed records, among those that a seal can cover."""
    numbers = seals_of(site).published.numbers
    records = [r for kind in site.kinds if kind.sealed for r in site.records(kind)]
    sealed = sum(str(record.ref) in numbers for record in records)
    return sealed, len(records) - sealed


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
            "groups": tuple((title, len(own), tuple(own[:MOST_LISTED])) for title, own in groups),
            "sealed": sealed,
            "unsealed": open_,
            "checkpoint": seals_of(site).published.newest,
            "tested": site.outgoing.day if site.outgoing else None,
            "checked": site.outgoing.checked if site.outgoing else 0,
            "listed": MOST_LISTED,
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
    status: dict[str, Canonical] = {
        "schema": "gongbao-status-1",
        "as_of": site.as_of.isoformat(),
        "issues": str(len(issues)),
        "entries": str(len(site.archive.of(GazetteEntry))),
        "remarks": remarks,
    }
    if issues:
        status |= {"first_issue": issues[0].id, "last_issue": issues[-1].id}
    if site.settings.sealed:
        status |= {"sealed": str(sealed), "unsealed": str(open_)}
    if site.outgoing:
        dead: list[Canonical] = [
            {"record": str(link.record.ref), "url": link.url, "status": str(link.status)}
            for link in _dead_links(site)
        ]
        status["links"] = {
            "day": site.outgoing.day.isoformat(),
            "checked": str(site.outgoing.checked),
            "dead": dead,
        }
    if newest:
        day = newest.day.isoformat() if newest.day else ""
        status["checkpoint"] = {"origin": newest.origin, "size": str(newest.size), "day": day}
    return status


VIEW = View(
    name="coverage",
    label="收錄情形",
    label_en="Coverage",
    pages=_pages,
    artifacts=_artifacts,
    entrances=(Entrance(label="收錄情形", address=INDEX),),
)

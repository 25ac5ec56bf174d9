"""Lighthouse with its settings for a phone: performance, accessibility, best practices, SEO."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from browsing import CHROMIUM
from rows import Row, ToolMissing
from subjects import Subject

PAGES = {
    "home": "home.html",
    "an issue": "gazette-issue.html",
    "an entry": "gazette-entry.html",
    "a statistic": "statistic.html",
    "a report": "report.html",
}
"""What is measured, by template."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 98
HIDDEN = "is-crawlable"
"""The one check that a demonstration must fail: it asks search engines to leave it out."""
Report = dict[str, Any]


def audit_phones(sites: Sequence[Subject], environment: Path, runs: int) -> Iterator[Row]:
    """A row a page: of several runs the one in the middle by performance."""
    program = environment / "node_modules" / ".bin" / "lighthouse"
    if not program.exists() or not CHROMIUM.exists():
        raise ToolMissing("Lighthouse needs its npm package and Chromium: run make audit")
    for name, template in PAGES.items():
        site = _having(sites, template)
        reports = [_report(program, site.root + site.types[template]) for _ in range(runs)]
        yield row_of(name, middle(reports), official=site.official)


def _having(sites: Iterable[Subject], template: str) -> Subject:
    found = next((site for site in sites if template in site.types), None)
    if found is None:
        raise LookupError(f"no page is made of {template}")
    return found


def _report(program: Path, url: str) -> Report:
    flags = ("--output=json", "--quiet", "--chrome-flags=--headless=new --no-sandbox")
    command = [str(program), url, *flags, f"--only-categories={','.join(CATEGORIES)}"]
    variables = {"CHROME_PATH": str(CHROMIUM), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    if done.returncode or not done.stdout:
        raise ToolMissing(f"Lighthouse stopped: {done.stderr[-400:]}")
    report: Report = json.loads(done.stdout)
    return report


def middle(reports: Sequence[Report]) -> Report:
    """The report whose performance is in the middle."""
    ranked = sorted(reports, key=lambda report: scores(report)["performance"])
    return ranked[len(ranked) // 2]


def scores(report: Report) -> Mapping[str, int]:
    """Points by category; one without a score counts 0."""
    held = report["categories"]
    return {name: round(100 * (held[name]["score"] or 0)) for name in CATEGORIES}


def row_of(name: str, report: Report, *, official: bool) -> Row:
    """The row of a page; what costs points is told, and may be what a demonstration wants."""
    points = scores(report)
    lost = {category: dict(_lost(report, category)) for category in CATEGORIES}
    excused = set() if official else {HIDDEN}
    short = [c for c in CATEGORIES if points[c] < LEAST and not (lost[c] and {*lost[c]} <= excused)]
    reasons = [f"{c}: {title}" for c in CATEGORIES for title in lost[c].values()]
    reasons += [warning.partition(". ")[0] for warning in report["runWarnings"]]
    return Row(
        auditor=f"Lighthouse {report['lighthouseVersion']}",
        subject=f"{name}: {', '.join(CATEGORIES)}",
        found=", ".join(str(points[category]) for category in CATEGORIES),
        wanted=f"{LEAST} each, or a reason",
        passed=not short,
        why="; ".join(reasons),
        findings=tuple(f"{name}: {c}: {points[c]}" for c in short),
    )


def _lost(report: Report, category: str) -> Iterator[tuple[str, str]]:
    """The checks that cost points: their names, and what they say."""
    for held in report["categories"][category]["auditRefs"]:
        check = report["audits"][held["id"]]
        if held["weight"] and check["score"] is not None and check["score"] < 1:
            measured = check.get("displayValue", "")
            excuse = " (a demonstration is not for search engines)" * (held["id"] == HIDDEN)
            yield held["id"], f"{check['title']} {measured}".strip() + excuse

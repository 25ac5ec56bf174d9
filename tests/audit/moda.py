"""Taiwan's rules for accessible sites, versions 110.07 and 115.11, as a11y-moda judges them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from browsing import CHROMIUM
from rows import Row, ToolMissing
from subjects import Subject

SCAN = Path(__file__).with_name("moda_scan.py")
VERSIONS = ("110.07", "115.11")
Told = dict[str, Any]


def audit_rules(sites: Iterable[Subject], environment: Path) -> list[Row]:
    """A row a version; a page that could not be looked at is a finding of both."""
    python = environment / "bin" / "python"
    if not python.exists() or not CHROMIUM.exists():
        raise ToolMissing("a11y-moda needs its environment and Chromium: run make audit")
    urls = [url for site in sites for url in site.urls]
    shares = [share for n in range(_cores()) if (share := urls[n :: _cores()])]
    with ThreadPoolExecutor() as threads:
        told = list(threads.map(lambda share: _told(python, share), shares))
    return [row_of(told, len(urls), rules) for rules in VERSIONS]


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _told(python: Path, urls: Sequence[str]) -> Told:
    command = [str(python), str(SCAN), str(CHROMIUM), *urls]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolMissing(f"a11y-moda stopped: {done.stderr[-400:]}")
    told: Told = json.loads(done.stdout)
    return told


def row_of(told: Sequence[Told], pages: int, rules: str) -> Row:
    """The row of one version of the rules: what fails is a finding, advice is counted."""
    own = [issue for one in told for issue in one["issues"] if rules in issue["versions"]]
    failed = [f"{i['url']}: {i['rule']}: {i['message']} {i['snippet']}" for i in own if i["fails"]]
    return Row(
        auditor=f"a11y-moda {told[0]['version']}",
        subject=f"rules {rules}, {pages} page types",
        found=f"{len(failed)} findings, {len(own) - len(failed)} remarks",
        wanted="0 findings",
        passed=not failed,
        findings=tuple(failed),
    )

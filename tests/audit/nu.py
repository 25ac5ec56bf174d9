"""The Nu validator: every page as HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rows import Row, ToolMissing
from subjects import Subject

AT_ONCE = 500
"""Pages that one run is given: a command line has an end."""
Told = dict[str, Any]


def audit_html(sites: Iterable[Subject], environment: Path) -> Row:
    """All pages of all sites; warnings are counted, errors are findings."""
    jar = environment / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file() or not shutil.which("java"):
        raise ToolMissing("the Nu validator needs Java and its npm package: run make audit")
    pages = [str(site.folder / page) for site in sites for page in site.pages]
    shares = (pages[start : start + AT_ONCE] for start in range(0, len(pages), AT_ONCE))
    return row_of([_told(jar, share) for share in shares], len(pages))


def _told(jar: Path, pages: Sequence[str]) -> Told:
    command = ["java", "-jar", str(jar), "--stdout", "--format", "json", "--exit-zero-always"]
    done = subprocess.run([*command, *pages], capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise ToolMissing(f"the Nu validator stopped: {done.stderr[-400:]}")
    told: Told = json.loads(done.stdout)
    return told


def row_of(told: Sequence[Told], pages: int) -> Row:
    """The row of what the validator said in its runs, in its JSON form."""
    messages = [message for one in told for message in one["messages"]]
    version = told[0]["version"].partition(" ")[0]
    errors = [m for m in messages if m["type"] != "info"]
    warnings = sum(m.get("subType") == "warning" for m in messages)
    found = dict.fromkeys(_finding(message) for message in errors)
    return Row(
        auditor=f"Nu validator {version}",
        subject=f"{pages} pages",
        found=f"{len(errors)} errors, {warnings} warnings",
        wanted="0 errors",
        passed=not errors,
        findings=tuple(found),
    )


def _finding(message: dict[str, Any]) -> str:
    place = f"{message.get('url', '?')}:{message.get('lastLine', '?')}"
    return f"{place}: {message['message']} {message.get('extract', '').strip()[:120]}"

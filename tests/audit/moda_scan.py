"""Runs a11y-moda over addresses on this machine; started by the auditors' own Python.

    python moda_scan.py CHROMIUM URL...

Prints JSON: the version, and every issue with the versions of the rules that know it.  Its own
command line cannot be told where Chromium stands.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from typing import Any

from a11y_moda import scanner
from a11y_moda._spec_tables import codes_only_in_115
from a11y_moda.models import Level
from playwright.sync_api import Browser, sync_playwright

LEGACY, CURRENT, OWN = "110.07", "115.11", "local"
NOT_RUN = "LLM_NOT_CONFIGURED"
"""Rules that only a language model can judge: none is asked."""


def scanned(url: str, browser: Browser) -> list[dict[str, Any]]:
    """The issues of a page."""
    report = scanner.scan_page(url, level=Level.AA, render=True, browser=browser)
    if report.fetch_error:
        return [_issue(url, "not read", report.fetch_error, "", [LEGACY, CURRENT])]
    issues = [issue for issue in report.issues if issue.rule_id != NOT_RUN]
    return [
        _issue(url, i.rule_id, i.message, i.snippet, _versions(i), fails=i.status == "fail")
        for i in issues
    ]


def _issue(
    url: str, rule: str, message: str, snippet: str, versions: list[str], *, fails: bool = True
) -> dict[str, Any]:
    said = {
        "url": url,
        "rule": rule,
        "message": message,
        "snippet": " ".join(snippet.split())[:160],
    }
    return {**said, "versions": versions, "fails": fails}


def _versions(issue: Any) -> list[str]:
    """As the program's own reports have it: its own rules count for both versions."""
    if issue.spec == OWN:
        return [LEGACY, CURRENT]
    if issue.spec == LEGACY:
        return [LEGACY]
    return [CURRENT] if issue.rule_id in codes_only_in_115() else [LEGACY, CURRENT]


def main(chromium: str, urls: list[str]) -> None:
    """Scans the addresses one after the other."""
    os.environ["A11Y_ALLOW_PRIVATE_HOSTS"] = "1"  # the sites stand on this machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        issues = [issue for url in urls for issue in scanned(url, browser)]
        browser.close()
    print(json.dumps({"version": version("a11y-moda"), "issues": issues}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

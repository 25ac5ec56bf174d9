"""Who finds out that a copied site was changed: one row a change, as a Markdown table.

    python tests/audit/tamperings.py [CONTENT] [--only ZONE] [--audit-only] [--releases]

Builds, seals and signs the content (the full sample with all that an entry can show, unless one
is named), makes each change of `tampered.py` on a fresh copy, and asks three judges with the keys
and the checkpoint that a reader kept: `gongbao audit`, `log/verify.py`, and the page `verify/` of
the copy in Chromium.  The exit code is 1 where the audit lets a change pass that it must find.

With `--releases` the site signs its releases, the changes of `tampered_lists.py` come last, and
all three must notice whatever touches what they read: the page alone may pass over some of these.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests"))

from browsing import CHROMIUM, QUIET, serving  # noqa: E402 -- as the tests find each other
from forging import flat  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from rich import FILES  # noqa: E402
from sample_sites import build_site  # noqa: E402
from sealing import (  # noqa: E402
    KEY,
    NAME,
    build_signed,
    put,
    put_settings,
    release_settings,
    seal,
    sealable,
)
from tampered import SIGNED, TAMPERINGS, Tampering, entries  # noqa: E402
from tampered_lists import LIST_TAMPERINGS, ListTampering  # noqa: E402

from generator.build.audit import audit  # noqa: E402
from generator.build.ledger_runs import sign_ledger  # noqa: E402
from generator.release.disk import remove_tree  # noqa: E402

UNASKED = "—"
"""In the place of what a judge says who was not asked."""


@dataclass(frozen=True)
class Judges:
    """The true site, what a reader kept of it, and a browser, if one is asked."""

    true: Path
    keys: Path
    kept: Path
    browser: Browser | None

    def audit(self, site: Path) -> str:
        """What `gongbao audit` finds: codes of offences, else those of remarks, else nothing."""
        usual = {repr(p) for p in audit(self.true, self.keys, self.kept).problems()}
        found = audit(site, self.keys, self.kept).problems()
        problems = [problem for problem in found if repr(problem) not in usual]
        stops = sorted({f"{p.code}/{p.detail}".rstrip("/") for p in problems if p.stops})
        remarks = sorted({f"({p.code})" for p in problems if not p.stops})
        return ", ".join(stops or remarks)

    def script(self, site: Path) -> str:
        """What the script of the true site says: the first line of a fault, else nothing."""
        words = [sys.executable, "-I", str(self.true / "log/verify.py"), str(site), str(self.keys)]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
        faults = [line for line in done.stdout.splitlines() if line.startswith("✗")]
        return _short(faults[0] if faults else done.stderr.strip()) if done.returncode else ""

    def page(self, site: Path, entry: str) -> str:
        """The verdict of the page of the copy on an entry, where it is not a good one."""
        if self.browser is None:
            return UNASKED
        page = self.browser.new_page()
        with serving(site, "/") as address:
            page.goto(f"{address}verify/?entry={entry}")
            result = page.locator("#result:not([data-verdict=''])[data-verdict]")
            result.wait_for(state="attached", timeout=20_000)
            verdict = result.get_attribute("data-verdict") or ""
        page.close()
        return "" if verdict == "good" else verdict


def _short(text: str, most: int = 60) -> str:
    flat_text = " ".join(text.split()).replace("|", "\\|")
    return flat_text if len(flat_text) <= most else f"{flat_text[:most]}…"


def true_site(content: Path | None, root: Path, *, releases: bool) -> tuple[Path, Path, Path]:
    """A sealed and signed site as plain files, its keys and its newest checkpoint.

    One that signs its releases carries files of an earlier one along.
    """
    if content is not None:
        shutil.copytree(content, root / "content")
    chosen = sealable(root)
    if content is None:
        put(chosen.content, FILES)
    if releases:
        put_settings(chosen.content, release_settings())
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    if releases:
        build_signed(chosen)
    else:
        build_site(chosen.content, root)
    flat(chosen.site, root / "true")
    for name, kept in (("log/keys.txt", "keys.txt"), ("log/checkpoint", "kept.txt")):
        shutil.copy(root / "true" / name, root / kept)
    return root / "true", root / "keys.txt", root / "kept.txt"


@contextmanager
def judges(content: Path | None, *, browser: bool, releases: bool) -> Iterator[Judges]:
    """The judges, with a true site that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        held = true_site(content, Path(folder), releases=releases)
        running = (
            playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            if browser
            else None
        )
        yield Judges(*held, running)
        if running:
            running.close()
        remove_tree(Path(folder) / "build")


def row(name: str, tampering: Tampering, asked: Judges, *, releases: bool) -> tuple[str, bool]:
    """A row of the table, and whether who must notice the change did not."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(asked.true, site)
        entry = tampering.apply(site)
        found, script, page = asked.audit(site), asked.script(site), asked.page(site, entry)
    cannot = "" if releases or tampering.zone in SIGNED else "audit, in its first lines"
    said = " | ".join(cell or "nothing" for cell in (found, script, page))
    missed = tampering.zone in SIGNED and not found
    if releases:
        missed = not (found and script and page in ("bad", UNASKED))
    return f"| {name} | {said} | {cannot} |", missed


def list_row(name: str, tampering: ListTampering, asked: Judges) -> tuple[str, bool]:
    """The same for a change of the lists: the page notices what it loads."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(asked.true, site)
        entry = f"{entries(site)[0].relative_to(site).as_posix()}/"
        tampering.change(site)
        found, script, page = asked.audit(site), asked.script(site), asked.page(site, entry)
    said = " | ".join(cell or "nothing" for cell in (found, script, page))
    seen = page in ("bad", UNASKED) or not tampering.loaded
    cannot = "" if tampering.loaded else "the page, which does not load it"
    return f"| list: {name} | {said} | {cannot} |", not (found and script and seen)


def main() -> int:
    """Prints the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("content", nargs="?", type=Path)
    parser.add_argument("--only", help="the changes of one zone")
    parser.add_argument("--audit-only", action="store_true", help="without the browser")
    parser.add_argument("--releases", action="store_true", help="of a site with signed releases")
    chosen = parser.parse_args()
    made, missed, releases = 0, 0, chosen.releases
    with judges(chosen.content, browser=not chosen.audit_only, releases=releases) as asked:
        print("| change | audit | verify.py | page | who says that it cannot tell |")
        print("| --- | --- | --- | --- | --- |", flush=True)
        rows = [
            partial(row, name, tampering, asked, releases=releases)
            for name, tampering in TAMPERINGS.items()
            if chosen.only in (None, tampering.zone)
        ]
        if releases and chosen.only in (None, "list"):
            rows += [partial(list_row, *item, asked) for item in LIST_TAMPERINGS.items()]
        for make in rows:
            text, lost = make()
            made += 1
            missed += lost
            print(f"{text}{' MISSED' if lost else ''}", flush=True)
    print(f"\nOf {made} changes, {missed} that must be noticed were not.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Who finds out that a copied site was changed: one row a change, as a Markdown table.

    python tests/audit/tamperings.py [CONTENT] [--only ZONE] [--audit-only]

Builds, seals and signs the content (the full sample with all that an entry can show, unless one
is named), makes each change of `tampered.py` on a fresh copy, and asks three judges with the keys
and the checkpoint that a reader kept: `gongbao audit`, `log/verify.py`, and the page `verify/` of
the copy in Chromium.  The exit code is 1 where the audit lets a change pass that it must find.
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
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests"))

from browsing import CHROMIUM, QUIET, serving  # noqa: E402 -- as the tests find each other
from forging import flat  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from rich import FILES  # noqa: E402
from sample_sites import build_site  # noqa: E402
from sealing import KEY, NAME, put, seal, sealable  # noqa: E402
from tampered import SIGNED, TAMPERINGS, Tampering  # noqa: E402

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


def true_site(content: Path | None, root: Path) -> tuple[Path, Path, Path]:
    """A sealed and signed site as plain files, its keys and its newest checkpoint."""
    if content is not None:
        shutil.copytree(content, root / "content")
    chosen = sealable(root)
    if content is None:
        put(chosen.content, FILES)
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    build_site(chosen.content, root)
    flat(chosen.site, root / "true")
    for name, kept in (("log/keys.txt", "keys.txt"), ("log/checkpoint", "kept.txt")):
        shutil.copy(root / "true" / name, root / kept)
    return root / "true", root / "keys.txt", root / "kept.txt"


@contextmanager
def judges(content: Path | None, *, browser: bool) -> Iterator[Judges]:
    """The judges, with a true site that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        held = true_site(content, Path(folder))
        running = (
            playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            if browser
            else None
        )
        yield Judges(*held, running)
        if running:
            running.close()
        remove_tree(Path(folder) / "build")


def row(name: str, tampering: Tampering, asked: Judges) -> tuple[str, bool]:
    """A row of the table, and whether the audit found what it must."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(asked.true, site)
        entry = tampering.apply(site)
        found, script, page = asked.audit(site), asked.script(site), asked.page(site, entry)
    cannot = "" if tampering.zone in SIGNED else "audit, in its first lines"
    said = " | ".join(cell or "nothing" for cell in (found, script, page))
    return f"| {name} | {said} | {cannot} |", tampering.zone in SIGNED and not found


def main() -> int:
    """Prints the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("content", nargs="?", type=Path)
    parser.add_argument("--only", help="the changes of one zone")
    parser.add_argument("--audit-only", action="store_true", help="without the browser")
    chosen = parser.parse_args()
    missed = 0
    with judges(chosen.content, browser=not chosen.audit_only) as asked:
        print("| change | audit | verify.py | page | who says that it cannot tell |")
        print("| --- | --- | --- | --- | --- |", flush=True)
        for name, tampering in TAMPERINGS.items():
            if chosen.only in (None, tampering.zone):
                text, lost = row(name, tampering, asked)
                missed += lost
                print(text, flush=True)
    print(f"\n{missed} changes of what is signed, or of its page, were not found.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

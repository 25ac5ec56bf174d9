"""What others' programs find in the site: one table, and every finding below it.

    make audit
    make audit AUDIT="--only links --only nu --content content"

Builds the sites of the given content folders and serves them on this machine; the reports and
sites stay in `.audit/`.  The exit code is 1 where something is found, 2 where a program is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests"))

from lighthouse import audit_phones  # noqa: E402 -- as the tests find each other
from links import audit_links  # noqa: E402
from moda import audit_rules  # noqa: E402
from nu import audit_html  # noqa: E402
from rows import Row, ToolMissing, table  # noqa: E402
from subjects import Subject, subjects  # noqa: E402

AUDITORS = Path(sys.prefix) / "audit"
"""An environment of its own: auditors are no part of the project."""
CONTENTS = (PROJECT / "content", PROJECT / "tests" / "sites" / "full")
AS_OF = date(2016, 6, 1)
"""The day on which the sample has an entry in every state."""
Audit = Callable[[Sequence[Subject]], Iterable[Row]]


def main() -> int:
    """Builds, audits, prints; the exit code."""
    chosen = _arguments()
    audits: dict[str, Audit] = {
        "links": lambda sites: [audit_links(sites)],
        "nu": lambda sites: [audit_html(sites, AUDITORS)],
        "moda": lambda sites: audit_rules(sites, AUDITORS),
        "lighthouse": lambda sites: audit_phones(sites, AUDITORS, chosen.runs),
    }
    wanted = [audit for name, audit in audits.items() if name in (chosen.only or audits)]
    try:
        with subjects(chosen.content or CONTENTS, PROJECT / ".audit", chosen.as_of) as sites:
            rows = list(_rows(wanted, sites))
    except (ToolMissing, LookupError) as lack:
        print(f"No audit: {lack}", file=sys.stderr)
        return 2
    findings = [finding for row in rows for finding in row.findings]
    print("\n".join((table(rows), "", *findings)))
    return 0 if all(row.passed for row in rows) else 1


def _rows(wanted: Iterable[Audit], sites: Sequence[Subject]) -> Iterator[Row]:
    for audit in wanted:
        for row in audit(sites):
            print(f"{row.auditor}: {row.subject}: {row.found}", file=sys.stderr, flush=True)
            yield row


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--only", action="append", choices=("links", "nu", "moda", "lighthouse"))
    add("--content", action="append", type=Path, help="default: content and the full sample")
    add("--as-of", type=date.fromisoformat, default=AS_OF)
    add("--runs", type=int, default=3, help="of Lighthouse, for each page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""Measures what ten years of meetings cost beside a gazette, in pairs with and without.

    python tests/benchmarks/meeting_costs.py --entries 10000 --meetings 500 --directives 10 --runs 3

In each run the site without meetings is built cold and after a new issue, then the site with them
cold and after one meeting more.  It prints seconds, processor seconds and the two ratios.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from costs import Cost, median
from documents import rows_of
from meeting_documents import BODY, meetings_of
from ours import ADDED, CONTENT, Workshop, write_content

SEED = 29
LIMIT = 3600.0
AGENCIES = 30
"""All of them attend each meeting; a directive has one of them as its owner."""
STEPS = ("cold", "one added")


def main() -> None:
    """Writes both contents, builds them in turn, prints the medians."""
    chosen = _arguments()
    with TemporaryDirectory(dir=chosen.folder) as folder:
        root = Path(folder)
        write_content(rows_of(chosen.entries), root / "without")
        shutil.copytree(root / "without", root / "with")
        _write_meetings(root / "with", chosen.meetings, chosen.directives)
        costs: dict[tuple[str, str], list[Cost]] = {}
        for run in range(chosen.runs):
            for name in ("without", "with"):
                for step, cost in _builds(root, name, run):
                    costs.setdefault((name, step), []).append(cost)
                    print(f"{run + 1} {name} {step}: {cost.seconds:.1f} s", flush=True)
        _tell({key: median(own) for key, own in costs.items()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--meetings", type=int, default=500)
    parser.add_argument("--directives", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    return parser.parse_args()


def _write_meetings(folder: Path, count: int, directives: int) -> None:
    """The meetings with their agencies and their body; the last meeting is the one to be added."""
    content, added = folder / CONTENT, folder / ADDED
    shutil.rmtree(added)
    names = [f"bureau-{number}" for number in range(AGENCIES)]
    agencies = yaml.safe_load((content / "agencies.yaml").read_text("utf-8"))
    agencies += [{"id": name, "names": [{"name": f"市政府{name}"}]} for name in names]
    text = yaml.safe_dump(agencies, allow_unicode=True, sort_keys=False)
    (content / "agencies.yaml").write_text(text, "utf-8")
    with (content / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write(BODY)
    meetings = [*meetings_of(count, directives, names, random.Random(SEED))]
    for path, text in meetings:
        file = (added if path == meetings[-1][0] else content) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _builds(root: Path, name: str, run: int) -> Iterator[tuple[str, Cost]]:
    """A cold build, and one after the issue or the meeting was added."""
    workshop = Workshop(root=root / f"{name}-{run}", inputs=root / name)
    workshop.set_up()
    for step in STEPS:
        if step != "cold":
            workshop.add_issue()
        cost = workshop.build(LIMIT)
        if cost.fault:
            raise SystemExit(cost.fault)
        yield step, cost
    shutil.rmtree(workshop.root)


def _tell(costs: dict[tuple[str, str], Cost]) -> None:
    for step in STEPS:
        without, with_ = costs["without", step], costs["with", step]
        print(
            f"{step}: {without.seconds:.1f} s and {with_.seconds:.1f} s, "
            f"ratio {with_.seconds / without.seconds:.2f}; "
            f"processor {without.processor:.1f} s and {with_.processor:.1f} s, "
            f"ratio {with_.processor / without.processor:.2f}"
        )


if __name__ == "__main__":
    main()

"""Measures what publishing costs, and what it costs other programs in the same run.

    make bench BENCH="--entries 1000 --runs 3"
    make bench BENCH="--corpus rows.jsonl.gz --large --json figures.json"

Rows are those of `gongbao import`; more entries than rows are made of halves of two rows.
Without a corpus texts of invented words stand in.  Figures are printed, nothing is asserted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from costs import Cost, median
from documents import ENTRIES_A_DAY, Row, rows_of
from ours import PROJECT, Workshop, our_costs, write_content
from peers import (
    HUGO_ALL,
    HUGO_PAGEFIND,
    HUGO_PAGES,
    HUGO_PARTS,
    MATERIAL,
    Peers,
    versions,
    write_peers,
)

SIZES, LARGE = (1_000, 10_000), 100_000
FOLDER = PROJECT / ".bench"
RATIOS = (
    ("cold", HUGO_PAGES),
    ("cold", HUGO_PARTS),
    ("cold", HUGO_ALL),
    ("cold", HUGO_PAGEFIND),
    ("cold", MATERIAL),
    ("18 entries added", HUGO_PAGES),
    ("18 entries added", HUGO_PARTS),
    ("18 entries added", HUGO_ALL),
    ("no change", HUGO_PAGES),
)
"""Our builds against another's full build."""
RUNS, LEFT = "runs", "left"
HEADS = ("s", "CPU s", "peak MiB", "files", "MB written")


def main() -> None:
    """Makes the documents where they are not there yet, builds, prints tables."""
    chosen = _arguments()
    sizes = sorted({*(chosen.entries or SIZES), *([LARGE] if chosen.large else [])})
    print(f"{machine()}\n{versions()}\n{date.today().isoformat()}, runs: {chosen.runs}", flush=True)  # noqa: DTZ011
    figures: dict[str, Mapping[str, Cost]] = {}
    for entries in sizes:
        figures[str(entries)] = costs = _measure(entries, chosen)
        print(f"\n{table(entries, costs)}\n\n{ratios(costs)}", flush=True)
    if chosen.json:
        raw = {size: {k: asdict(v) for k, v in costs.items()} for size, costs in figures.items()}
        chosen.json.write_text(json.dumps(raw, indent=1, ensure_ascii=False), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, action="append", help="default: 1000 and 10000")
    parser.add_argument("--large", action="store_true", help="100000 entries as well")
    parser.add_argument("--corpus", type=Path, help="JSON Lines, plain or .gz")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for documents and builds")
    parser.add_argument("--runs", type=int, default=1, help="medians of so many")
    parser.add_argument("--only", choices=("ours", "peers"))
    parser.add_argument("--limit", type=float, default=1800, help="seconds that a build may take")
    parser.add_argument("--json", type=Path, help="a file for the raw figures")
    return parser.parse_args()


def machine() -> str:
    """Processor, cores, memory, Python."""
    about = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2] for line in about if line.startswith("model name")), "?")
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    memory = f"{pages * size / 2**30:.0f} GiB"
    return f"{model.strip()}, {cores} cores, {memory}, Python {platform.python_version()}"


def _measure(entries: int, chosen: argparse.Namespace) -> Mapping[str, Cost]:
    corpus = chosen.corpus
    root = (chosen.folder / f"{entries}-{_digest(corpus)}").resolve()
    # documents are kept for the next time
    _kept(root / "ours", lambda folder: write_content(rows_with_issue(entries, corpus), folder))
    _kept(
        root / "peers",
        lambda folder: write_peers(rows_with_issue(entries, corpus)[:entries], folder),
    )
    old = _set_aside(root)
    held: dict[str, list[Cost]] = {}
    for number in range(chosen.runs):
        for name, cost in _run(root, root / RUNS / str(number), chosen):
            said = f"{entries}: {name}: {cost.seconds:.2f} s {cost.fault}"
            print(said, file=sys.stderr, flush=True)
            held.setdefault(name, []).append(cost)
    for folder in (*old, root / RUNS):
        subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
        subprocess.run(["rm", "-rf", folder], check=True)
    return {name: median(costs) for name, costs in held.items()}


def rows_with_issue(entries: int, corpus: Path | None) -> tuple[Row, ...]:
    """The entries and the issue that is added to them, which has a day of its own."""
    first_of_next = -(-entries // ENTRIES_A_DAY) * ENTRIES_A_DAY
    rows = rows_of(first_of_next + ENTRIES_A_DAY, corpus)
    return rows[:entries] + rows[first_of_next:]


def _digest(corpus: Path | None) -> str:
    makers = [Path(__file__).with_name(name) for name in ("documents.py", "ours.py", "peers.py")]
    makers += sorted((Path(__file__).parent / "hugo").rglob("*.*"))
    digest = hashlib.sha256()
    for file in (*makers, *([corpus] if corpus else [])):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _kept(folder: Path, make: Callable[[Path], None]) -> None:
    """Has the folder made unless it is there; it appears when it is whole."""
    if not folder.exists():
        fresh = folder.with_name(f"{LEFT}-{os.getpid()}-{folder.name}")
        fresh.mkdir(parents=True)
        make(fresh)
        fresh.rename(folder)


def _set_aside(root: Path) -> list[Path]:
    """What an earlier run left, renamed: creating files right after a mass deletion is slow."""
    runs = root / RUNS
    old = sorted(root.glob(f"{LEFT}-*"))
    if runs.exists():
        old.append(runs.rename(root / f"{LEFT}-{os.getpid()}"))
    runs.mkdir()
    return old


def _run(root: Path, folder: Path, chosen: argparse.Namespace) -> Iterator[tuple[str, Cost]]:
    if chosen.only != "peers":
        workshop = Workshop(root=folder / "ours", inputs=root / "ours")
        workshop.root.mkdir(parents=True)
        yield from our_costs(workshop, chosen.limit)
    if chosen.only != "ours":
        peers = Peers(inputs=root / "peers", root=folder / "peers", limit=chosen.limit)
        peers.root.mkdir(parents=True)
        yield from peers.costs()


def table(entries: int, costs: Mapping[str, Cost]) -> str:
    """A Markdown table of what each build cost."""
    heads = (f"{entries:,} entries", *HEADS)
    lines = [_line(heads), _line(["---", *["---:"] * len(HEADS)])]
    return "\n".join([*lines, *(_line(_cells(name, cost)) for name, cost in costs.items())])


def _cells(name: str, cost: Cost) -> Sequence[str]:
    if cost.fault:
        return (f"{name}: {cost.fault}".replace("|", " "), *[""] * len(HEADS))
    figures = (f"{cost.seconds:.2f}", f"{cost.processor:.2f}", f"{cost.memory / 2**20:.0f}")
    return (name, *figures, f"{cost.files:,}", f"{cost.size / 1e6:.1f}")


def ratios(costs: Mapping[str, Cost]) -> str:
    """A Markdown table of our wall seconds over another's."""
    lines = [_line(("ratio of seconds", "")), _line(("---", "---:"))]
    for ours, theirs in RATIOS:
        one, other = costs.get(f"gongbao: {ours}"), costs.get(theirs)
        if one and other and not one.fault and not other.fault:
            lines.append(_line((f"{ours} / {theirs}", f"{one.seconds / other.seconds:.2f}")))
    return "\n".join(lines) if len(lines) > 2 else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()

"""Publishes a real gazette day by day, and has a feed reader look once a month.

    .venv/bin/python tests/benchmarks/feed_reader.py --corpus rows.jsonl.gz

Rows are those of `gongbao import`.  In each form a reader that follows archives must get every
entry once, and an archive may not change while days pass; then entries are removed, one by one,
and no document may have anything of their text.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from feed_reading import Press, Reader, feeds_of  # noqa: E402 -- as the tests find each other
from sample_sites import examine_folder  # noqa: E402

from generator.commands._cli import main as gongbao  # noqa: E402
from generator.commands._console import CLEAN  # noqa: E402
from generator.content.model import FeedForm, sources_of  # noqa: E402
from generator.content.record import Record  # noqa: E402
from generator.output.renderer import Renderer  # noqa: E402
from generator.output.templates_loader import package_templates  # noqa: E402
from generator.site.kind import Site  # noqa: E402

FEED = "gazette"
MONTH = timedelta(days=30)
REMOVED = 20
PIECE = slice(40, 70)
"""The characters of a text that are looked for after it was removed."""


def imported(corpus: Path, root: Path) -> Site:
    """The corpus as a site, on a day after its last entry."""
    rows = root / "rows.jsonl"
    read = gzip.open if corpus.suffix == ".gz" else open
    with read(corpus, "rb") as file:
        rows.write_bytes(file.read())
    log = io.StringIO()
    with redirect_stdout(log), redirect_stderr(log):
        code = gongbao(("import", str(rows), "--into", str(root / "content")))
    if code != CLEAN:
        raise SystemExit(f"{log.getvalue()}\ngongbao import failed")
    site = examine_folder(root / "content", date(2100, 1, 1)).site
    if site is None:
        raise SystemExit("the content has errors")
    return site


def follow(site: Site, press: Press, days: Sequence[date]) -> Iterator[str]:
    """What is wrong with what a reader of each form gets on the days of issues."""
    readers = [Reader(FEED, form, site.settings.base_url) for form in FeedForm]
    entries = [record for record in site.archive if record.kind == FEED]
    archives: Mapping[str, tuple[Record, ...]] = {}
    next_look = days[0]
    for day in (*days, days[-1] + MONTH, days[-1] + 4 * MONTH):
        today = replace(site, as_of=day)
        (feed,) = feeds_of(today, [FEED])
        now = {archive.quarter: sources_of(archive.items) for archive in feed.archives}
        yield from (f"{day}: {q} changed" for q, own in archives.items() if now[q] != own)
        archives = now
        if day < next_look:
            continue
        next_look = day + MONTH
        files = press.files(today, [FEED])
        published = sum(site.published(entry) <= day for entry in entries)
        for reader in readers:
            new = reader.poll(files)
            print(f"{day} {reader.form.name}: {len(new)} new, {len(reader.read)} of {published}")
            if len(reader.read) != published:
                yield f"{day} {reader.form.name}: {len(reader.read)} read, {published} published"
    for reader in readers:
        if len(reader.read) != len(set(reader.read)):
            yield f"{reader.form.name}: an entry came twice"


def remove(site: Site, press: Press, day: date) -> Iterator[str]:
    """What documents still have of entries that are removed."""
    texts = {record: str(getattr(record, "body", ""))[PIECE] for record in site.archive}
    long = [record for record, text in texts.items() if "\n" not in text and len(text) == 30]
    chance = random.Random(1)
    for record in chance.sample(long, REMOVED):
        rest = replace(site, as_of=day, archive=site.archive.without([record.ref]))
        for address, content in press.files(rest, ["news", FEED]).items():
            words = content.decode()
            if f"/{record.id}<" in words or f'/{record.id}"' in words:
                yield f"{record.ref} is named in {address}"
            if texts[record] in words and not _shared(texts, record):
                yield f"text of {record.ref} stands in {address}"


def _shared(texts: Mapping[Record, str], record: Record) -> bool:
    """Whether another entry has the same piece of text."""
    return any(
        other != record and texts[record] in str(getattr(other, "body", "")) for other in texts
    )


def main() -> None:
    """Prints what each reader got, and ends with an error if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    corpus: Path = parser.parse_args().corpus
    with tempfile.TemporaryDirectory() as root:
        site = imported(corpus, Path(root))
        days = sorted({site.published(record) for record in site.archive if record.kind == FEED})
        count = sum(record.kind == FEED for record in site.archive)
        print(f"{count} entries on {len(days)} days, {days[0]} to {days[-1]}")
        begin = time.process_time()
        press = Press(Renderer(site, (), package_templates()).full_text)
        wrong = [*follow(site, press, days), *remove(site, press, days[-1])]
        print(f"{time.process_time() - begin:.1f} s of processor time")
    for line in wrong:
        print(line)
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

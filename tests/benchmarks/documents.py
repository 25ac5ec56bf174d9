"""The documents that benchmarks work on: rows as `gongbao import` reads them.

Real rows come from a corpus, invented ones from a fixed seed; the same call gives the same rows.
Every day but the weekend has an issue of 18 entries, from the first Monday of 1994 on, so that
a hundred thousand entries end in 2015.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

SEED = 20160601
ENTRIES_A_DAY = 18
FIRST_DAY = date(1994, 1, 3)
WORKING_DAYS = 5
MEDIAN, NINETIETH = 600, 4000
"""Characters of a text: what half of the real entries stay below, and nine tenths."""
SHORTEST, LONGEST = 60, 20_000
NINETIETH_DEVIATE = 1.2816
"""The standard normal distribution's ninetieth percentile."""
SPREAD = math.log(NINETIETH / MEDIAN) / NINETIETH_DEVIATE

MANDELBROT = 2.7
"""What is added to a word's rank: https://en.wikipedia.org/wiki/Zipf%E2%80%93Mandelbrot_law"""
CATEGORIES = ("公告", "行政規則", "法規", "處分", "轉載", "其他", "專載")
LEADS, TRAILS = range(0xA4, 0xC6), (*range(0x40, 0x7F), *range(0xA1, 0xFF))
"""Bytes of the frequent characters in Big5: traditional ones, of which none is remarked on."""


def rows_of(count: int, corpus: Path | None = None) -> tuple[Row, ...]:
    """`count` rows, dated; more than a corpus holds are made of halves of two of its rows."""
    chance = random.Random(SEED)
    rows = _mixed(_read(corpus), count, chance) if corpus else Inventor(chance).rows(count)
    return tuple(_dated(row, number) for number, row in enumerate(rows))


def issue_day(number: int) -> date:
    """The publication date of the issue `number`, counted from 0."""
    weeks, days = divmod(number, WORKING_DAYS)
    return FIRST_DAY + timedelta(weeks=weeks, days=days)


def _dated(row: Row, number: int) -> Row:
    day = issue_day(number // ENTRIES_A_DAY)
    signed = day - timedelta(days=number % 10)
    return {**row, "date": day.isoformat(), "date_created": signed.isoformat()}


def _read(corpus: Path) -> list[Row]:
    content = corpus.read_bytes()
    text = (gzip.decompress(content) if corpus.suffix == ".gz" else content).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _mixed(rows: Sequence[Row], count: int, chance: random.Random) -> Iterator[Row]:
    yield from rows[:count]
    for _ in range(count - len(rows)):
        first, second = chance.sample(rows, 2)
        one, other = first["body"], second["body"]
        body = one[: len(one) // 2] + other[len(other) // 2 :]
        yield {**first, "title": second["title"], "body": body}


class Words:
    """Words as unequally frequent as in a language: by rank, after Zipf and Mandelbrot."""

    def __init__(self, words: Sequence[str], chance: random.Random) -> None:
        self._words, self._chance = words, chance
        weights = (1 / (rank + MANDELBROT) for rank, _ in enumerate(words, start=1))
        self._weights = list(itertools.accumulate(weights))

    def draw(self, count: int = 1) -> list[str]:
        """That many words, some of them the same."""
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)


class Inventor:
    """Makes rows whose texts are cut from one long text of invented words."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        codes = [bytes((lead, trail)) for lead in LEADS for trail in TRAILS]
        signs = Words([code.decode("big5") for code in chance.sample(codes, 3000)], chance)
        lengths = chance.choices((2, 3, 4), (6, 2, 3), k=12_000)
        words = ["".join(signs.draw(length)) for length in lengths]
        self._words = Words(words, chance)
        self._agencies = Words([f"{word}部" for word in dict.fromkeys(words[:125])], chance)
        self._categories = Words(CATEGORIES, chance)
        self._text = "".join(self._clauses(120_000))

    def rows(self, count: int) -> Iterator[Row]:
        """Rows by turns; the length of a text follows a log-normal distribution."""
        return (self._row(number) for number in range(count))

    def _row(self, number: int) -> Row:
        return {
            "title": f"修正「{''.join(self._words.draw(11))}辦法」部分條文",
            "title_en": None,
            "agency": self._agencies.draw()[0],
            "category": self._categories.draw()[0],
            "doc_no": f"測字第{number:08d}號",
            "keywords": self._words.draw(8),
            "body": self._body(),
        }

    def _body(self) -> str:
        drawn = self._chance.lognormvariate(math.log(MEDIAN), SPREAD)
        length = min(max(round(drawn), SHORTEST), LONGEST)
        start = self._chance.randrange(len(self._text) - length)
        # a line's end is no place to begin or to end: length would then not be what was drawn
        return f"主{self._text[start : start + length - 2]}。"

    def _clauses(self, count: int) -> Iterator[str]:
        for _ in range(count):
            yield "".join(self._words.draw(4))
            yield self._chance.choices(("，", "、", "。", "。\n"), (6, 2, 2, 1))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The rows of one day, with the year and the number within it that `import` gives."""

    year: int
    number: int
    day: date
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Its folder, such as `83/83-001`."""
        return f"{self.year}/{self.year}-{self.number:03d}"


def issues_of(rows: Sequence[Row]) -> Iterator[Issue]:
    """The issues of dated rows, in order."""
    numbers: dict[int, int] = {}
    for day, held in itertools.groupby(rows, lambda row: date.fromisoformat(row["date"])):
        year = day.year - 1911
        numbers[year] = numbers.get(year, 0) + 1
        yield Issue(year=year, number=numbers[year], day=day, rows=tuple(held))

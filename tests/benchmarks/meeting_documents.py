"""Invented meetings with directives, one field a line, for the benchmark and the mutations."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

FIRST = date(2016, 1, 5)
WEEK = timedelta(days=7)
BODY = "bodies: [{id: council, title: 市政會議, weekday: tuesday}]\n"
_WORDS = [
    "道路",
    "公園",
    "排水",
    "燈具",
    "檔案",
    "場地",
    "車輛",
    "閱覽",
    "展覽",
    "用水",
    "校舍",
    "市場",
    "港區",
    "綠帶",
    "宿舍",
    "電梯",
]
_ACTS = ["檢討", "更新", "巡檢", "盤點", "修繕", "規劃", "開放", "彙整", "公告", "調查"]


def meetings_of(
    count: int, directives: int, agencies: Sequence[str], chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Paths and texts of weekly meetings, each with as many directives."""
    for number in range(1, count + 1):
        day = FIRST + (number - 1) * WEEK
        path = f"meetings/{day.year - 1911}/council-{number:04d}.yaml"
        yield path, meeting_text(number, day, directives, agencies, chance)


def meeting_text(
    number: int, day: date, directives: int, agencies: Sequence[str], chance: random.Random
) -> str:
    """A meeting of the council, with a field on each line."""
    lines = [
        f"title: 第{number}次市政會議",
        "body: council",
        f"number: {number}",
        f"date: {day}",
        'starts: "09:00"',
        "venue: 四樓會議室",
        "chair: 市長",
        "recorder: 秘書處",
        "present:",
        *(f"  - {agency}" for agency in agencies),
        "agenda:",
        f"  published_on: {day}",
        "minutes:",
        f"  published_on: {day + WEEK}",
        "items:",
    ]
    for part in ("report", "discussion"):
        lines += [
            f"  - part: {part}",
            f"    title: {_about(chance)}",
            "    agencies:",
            f"      - {chance.choice(agencies)}",
            "    decision: 照案通過。",
        ]
    lines.append("directives:")
    for place in range(1, directives + 1):
        lines += _directive(place, day, agencies, chance)
    return "\n".join(lines) + "\n"


def _directive(
    place: int, day: date, agencies: Sequence[str], chance: random.Random
) -> Iterator[str]:
    """Six of ten are done, one is dropped, one extended; the others are open."""
    due, end = day + timedelta(days=chance.randrange(14, 120)), chance.randrange(10)
    yield f'  - id: "{place:02d}"'
    yield f"    text: {_about(chance)}，並{_about(chance)}。"
    yield f"    owner: {chance.choice(agencies)}"
    yield f"    due: {due}"
    if end == 0:
        yield "    extensions:"
        yield f"      - date: {due - timedelta(days=3)}"
        yield f"        to: {due + timedelta(days=60)}"
        yield "        reason: 待預算核定。"
    if end > 2:
        yield f"    state: {'dropped' if end == 3 else 'done'}"
        yield "    reports:"
        yield f"      - date: {due + timedelta(days=chance.randrange(-10, 20))}"
        yield "        text: 已辦理完成。"


def _about(chance: random.Random) -> str:
    return f"{chance.choice(_ACTS)}{chance.choice(_WORDS)}與{chance.choice(_WORDS)}"

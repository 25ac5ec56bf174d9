"""Breaks invented meetings in 200 ways, and counts those that `check` does not tell at their line.

    python tests/audit/mutate_meetings.py --count 200

A fixed seed chooses meeting, way and place.  Most ways change one line and name the code that must
be told there; the last one deletes any character, which must bring no traceback and no error
outside the file.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "benchmarks")]

from meeting_documents import BODY, FIRST, WEEK, meeting_text  # noqa: E402
from sample_sites import MINIMAL, examine_folder  # noqa: E402 -- as the tests find each other

SEED, LENGTH, AGENCIES = 29, 6, ("city", "culture", "water")
Mutated = tuple[str, int, str]
"""The text, the line that must be told (0: any line of the file), the code ("" for any)."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _replaced(pattern: str, new: str, code: str) -> Callable[[str, random.Random], Mutated]:
    """A way that puts `new` in place of what matches on one of the lines."""

    def mutate(text: str, chance: random.Random) -> Mutated:
        lines = text.split("\n")
        places = [place for place, line in enumerate(lines) if re.search(pattern, line)]
        place = chance.choice(places)
        lines[place] = re.sub(pattern, new, lines[place])
        return "\n".join(lines), place + 1, code

    return mutate


def _repeated_id(text: str, chance: random.Random) -> Mutated:
    """Two directives with one id: the second is told."""
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if line.startswith("  - id: ")]
    first, second = sorted(chance.sample(places, 2))
    lines[second] = lines[first]
    return "\n".join(lines), second + 1, "list-repeated"


def _deleted(text: str, chance: random.Random) -> Mutated:
    place = chance.randrange(len(text))
    return text[:place] + text[place + 1 :], 0, ""


WAYS: dict[str, Callable[[str, random.Random], Mutated]] = {
    "a day that is none": _replaced(r"\d{4}-\d{2}-\d{2}$", "2016-02-31", "date-invalid"),
    "an agency that is none": _replaced(r"owner: .*", "owner: nobody", "reference-dangling"),
    "an agency that is none, present": _replaced(
        r"^  - [a-z]+$", "  - nobody", "reference-dangling"
    ),
    "a field that is none": _replaced(r"    owner: ", "    ownr: ", "field-unknown"),
    "no owner": _replaced(r"    owner: .*", "    owner:", "field-required"),
    "a state that is none": _replaced(r"state: .*", "state: finished", "choice-unknown"),
    "a part that is none": _replaced(r"part: .*", "part: other", "choice-unknown"),
    "a body that is none": _replaced(r"^body: .*", "body: senate", "choice-unknown"),
    "a number in words": _replaced(r"^number: .*", "number: 第一次", "number-invalid"),
    "due before the meeting": _replaced(r"    due: .*", "    due: 2015-12-31", "directive-due"),
    "a state against the extensions": _replaced(r"state: .*", "state: extended", "directive-state"),
    "minutes before the meeting": _replaced(
        r"^  published_on: .*", "  published_on: 2015-12-31", "papers-early"
    ),
    "an hour that is none": _replaced(r"^starts: .*", 'starts: "9:00"', "text-form"),
    "a report before the meeting": _replaced(
        r"^      - date: .*", "      - date: 2015-12-31", "directive-order"
    ),
    "an extension to an earlier day": _replaced(
        r"^        to: .*", "        to: 2016-01-06", "extension-shorter"
    ),
    "a control character": _replaced(r"^venue: .*", 'venue: "會\\\\x07議室"', "text-control"),
    "an id twice": _repeated_id,
    "a character less": _deleted,
}


def main() -> None:
    """Prints how many mutations were told at their line, by way; fails if one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    count, chance = parser.parse_args().count, random.Random(SEED)
    told, missed = Counter[str](), list[str]()
    with TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        for name, text in {**MINIMAL, "site.yaml": MINIMAL["site.yaml"] + BODY}.items():
            (content / name).parent.mkdir(parents=True, exist_ok=True)
            (content / name).write_text(text, "utf-8")
        with (content / "agencies.yaml").open("a", encoding="utf-8") as agencies:
            for name in AGENCIES[1:]:
                agencies.write(f"- {{id: {name}, names: [{{name: 測試{name}局}}]}}\n")
        for number in range(count):
            way = [*WAYS][number % len(WAYS)]
            if _told(way, content, chance):
                told[way] += 1
            else:
                missed.append(f"{number}: {way}")
    for way in WAYS:
        print(f"{told[way]:4} {way}")
    print(f"{sum(told.values())} of {count} told at their line")
    if missed:
        raise SystemExit("\n".join(missed))


def _told(way: str, content: Path, chance: random.Random) -> bool:
    """Whether one mutation of a new meeting is told where it is."""
    number = chance.randrange(1, 500)
    day, text = FIRST + (number % 20) * WEEK, ""
    while not text or (way.startswith(("an extension", "a state against")) and "to:" not in text):
        text = meeting_text(number, day, LENGTH, AGENCIES, chance)
    mutated, line, code = WAYS[way](text, chance)
    file = content / "meetings/105/council.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(mutated, "utf-8")
    problems = [problem for problem in examine_folder(content).problems if problem.stops]
    lines = mutated.count("\n") + 1
    inside = all(
        problem.origin.path == "meetings/105/council.yaml" and 0 < problem.origin.line <= lines
        for problem in problems
    )
    at_line = any((p.origin.line, p.code) == (line, code) for p in problems)
    return inside and (at_line or not line)


if __name__ == "__main__":
    main()

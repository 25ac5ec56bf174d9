"""Makes `generator/text/characters.tsv` of Unicode's own data.

Debian's package unicode-data has it:

apt-get download unicode-data && dpkg -x unicode-data_*.deb data
python .ci/characters.py data/usr/share/unicode > generator/text/characters.tsv
"""

from __future__ import annotations

import bz2
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HEAD = """\
# Han characters that a Traditional text hardly means, with those that it does: class, character,
# equivalents.  `simplified` is written in Simplified Chinese alone, `shared` in Traditional too
# (as in a name), `radical` stands for a part of a character.
# Made by .ci/characters.py from Unihan_Variants, Unihan_NumericValues and
# EquivalentUnifiedIdeograph of Unicode 15.0.0 (Unicode License v3).
"""
VARIANTS, NUMBERS = "Unihan_Variants.txt.bz2", "Unihan_NumericValues.txt.bz2"


def unihan(path: Path) -> Iterator[tuple[str, str, str]]:
    """Character, property and value of each line; source marks of variants are left out."""
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                point, name, value = line.rstrip("\n").split("\t")
                yield of(point), name, re.sub(r"<\S+", "", value)


def of(point: str) -> str:
    """The character of `U+4E00` or `4E00`."""
    return chr(int(point.removeprefix("U+"), 16))


def in_big5(character: str) -> bool:
    """Whether Big5 holds it: what it holds is written in Taiwan, and no mistake."""
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def forms(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Simplified forms with all Traditional ones."""
    held: dict[str, dict[str, str]] = defaultdict(dict)
    for character, name, value in unihan(folder / VARIANTS):
        held[character][name] = value
    # 叁 is Simplified in the data, and a numeral of every official document
    numerals = {c for c, name, _ in unihan(folder / NUMBERS) if name == "kAccountingNumeric"}
    for character, known in sorted(held.items()):
        meant = "".join(map(of, known.get("kTraditionalVariant", "").split()))
        others = meant.replace(character, "")
        # a Z-variant is the same character drawn otherwise: 税 is 稅 in many fonts
        drawn = others and others in "".join(map(of, known.get("kZVariant", "").split()))
        rare = character > "\uffff"  # nobody types these, and a class of them is slow to search
        if others and not (drawn or rare or character in numerals or in_big5(character)):
            yield "shared" if character in meant else "simplified", character, others


RADICALS = range(0x2E80, 0x2FD6)
"""The blocks of radicals: CJK Radicals Supplement and Kangxi Radicals."""


def radicals(path: Path) -> Iterator[tuple[str, str, str]]:
    """Radicals with the character that each looks like."""
    for line in path.read_text("utf-8").splitlines():
        if match := re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))? *; *([0-9A-F]+)", line):
            first, last, meant = match.groups()
            for point in range(int(first, 16), int(last or first, 16) + 1):
                if point in RADICALS:
                    yield "radical", chr(point), of(meant)


def main() -> None:
    """Prints the table."""
    folder = Path(sys.argv[1])
    rows = [*forms(folder), *radicals(folder / "EquivalentUnifiedIdeograph.txt")]
    sys.stdout.write(HEAD + "".join("\t".join(row) + "\n" for row in rows))


main()

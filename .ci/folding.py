"""Makes `generator/text/folding.tsv`, of Unicode's own data and of the dictionaries of OpenCC.

apt-get download unicode-data && dpkg -x unicode-data_*.deb data
pip install opencc==1.4.2 unicodedata2==18.0.0
python .ci/folding.py data/usr/share/unicode > generator/text/folding.tsv
"""

from __future__ import annotations

import bz2
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from opencc import OpenCC
from unicodedata2 import normalize

HEAD = """\
# What search takes for one, beside what NFKC does: sort, characters, what they fold to.
# `case` are letters in the order of those that they fold to, or one that folds to several; each
# `han` row is a class of Han characters that stand for each other, after the one that stands for
# all: simplified and traditional forms (one to many: 后 後), those of Hong Kong and Japan, others.
# Made by .ci/folding.py from CaseFolding, Unihan_Variants and Unihan_NumericValues of Unicode
# 15.0.0 (Unicode License v3) and the dictionaries of OpenCC 1.4.2 (Apache License 2.0).
"""
LOOK_ALIKE = ("〇零○◯", "市巿")
"""Signs that are typed for one another; what the first is all are."""
HAN = range(0x3400, 0xA000)
CONVERSIONS = ("s2t", "t2tw", "t2hk", "jp2t")
SOURCES = 2
"""Dictionaries that must give a semantic variant: what one alone gives is often another word."""
Edge = tuple[str, str]


def unihan(path: Path) -> Iterator[tuple[str, str, str]]:
    """Character, property and value of each line."""
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                point, name, value = line.rstrip("\n").split("\t")
                yield of(point), name, value


def of(point: str) -> str:
    """The character of `U+4E00` or `4E00`."""
    return chr(int(point.removeprefix("U+"), 16))


def big5(character: str) -> bytes:
    """Its code in Big5, nothing where that does not hold it: it is not written in Taiwan."""
    return character.encode("cp950", "ignore")


def variants(folder: Path) -> Iterator[Edge]:
    """Characters with those that Unihan calls their forms or variants."""
    lines = unihan(folder / "Unihan_NumericValues.txt.bz2")
    # 一 and 壹 are variants, 二 and 貳 are not: of numerals either all would be or none
    numerals = {c for c, name, _ in lines if name in ("kAccountingNumeric", "kPrimaryNumeric")}
    for character, name, value in unihan(folder / "Unihan_Variants.txt.bz2"):
        for typed in value.split():
            point, _, told = typed.partition("<")
            sure = len(told.split(",")) >= SOURCES and not numerals & {character, of(point)}
            forms = ("kSimplifiedVariant", "kTraditionalVariant", "kZVariant")
            if name in forms or (name == "kSemanticVariant" and sure):
                yield character, of(point)


def converted(name: str) -> dict[str, str]:
    """Characters with what a conversion of OpenCC puts in their place, each read by itself."""
    typed = [chr(point) for point in HAN]
    meant = OpenCC(name).convert("\n".join(typed)).split("\n")
    pairs = {one: other for one, other in zip(typed, meant, strict=True) if len(other) == 1}
    # 予 and 豫, 欠 and 缺 are one in Japan alone
    return {a: b for a, b in pairs.items() if not (name == "jp2t" and big5(a))}


def classes(edges: Iterable[Edge]) -> Iterator[list[str]]:
    """Characters that lead to each other, the one that stands for all first."""
    held: dict[str, list[str]] = {}
    for pair in edges:
        # what NFKC changes is met in another form; beyond the first plane there are thousands of
        # forms of characters that Taiwan does not write
        rare = max(pair) > "\uffff" and not any(map(big5, pair))
        if rare or any(normalize("NFKC", one) != one for one in pair):
            continue
        left, right = (held.setdefault(one, [one]) for one in pair)
        if left is not right:
            left += right
            held.update(dict.fromkeys(right, left))
    written = converted("t2tw")

    def order(one: str) -> tuple[bool, bool, bool, bytes, str]:
        """Those first that stand for others in LOOK_ALIKE, then those written in Taiwan."""
        alike = any(one == row[0] for row in LOOK_ALIKE)
        return not alike, not big5(one), written.get(one, one) != one, big5(one), one

    for found in {id(found): found for found in held.values()}.values():
        if len(found) > 1:
            yield sorted(found, key=order)


def case(path: Path) -> Iterator[Edge]:
    """Letters with what Unicode's full case folding makes of them, a row a block."""
    rows: dict[str, list[Edge]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        if match := re.match(r"([0-9A-F]+); [CF]; ([0-9A-F ]+);", line):
            letter, meant = of(match[1]), "".join(map(of, match[2].split()))
            if normalize("NFKD", letter) == letter:
                row = f"{ord(letter) >> 8}" if len(meant) == 1 else letter
                rows[row].append((letter, meant))
    for held in rows.values():
        letters, meant = map("".join, zip(*held, strict=True))
        yield letters, meant


def main() -> None:
    """Prints the table."""
    folder = Path(sys.argv[1])
    alike = [(row[0], one) for row in LOOK_ALIKE for one in row[1:]]
    sys.stdout.write(HEAD)
    for letters, meant in case(folder / "CaseFolding.txt"):
        sys.stdout.write(f"case\t{letters}\t{meant}\n")
    turned = [pair for name in CONVERSIONS for pair in converted(name).items()]
    for first, *others in sorted(classes([*alike, *variants(folder), *turned])):
        sys.stdout.write(f"han\t{''.join(others)}\t{first}\n")


main()

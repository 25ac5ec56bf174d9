"""The index as files: where its segments lie, what a publication changes, what its lists say."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from generator.output.search.alphabet import encoded, ranked
from generator.output.search.documents import (
    PART,
    SearchCell,
    SearchDocument,
    plan_segments,
    segments,
    words_of,
)
from generator.output.search.index import index_artifacts, table_artifact
from generator.output.search.postings import RANGES, lists
from generator.output.search.segments import segment_files
from generator.output.search.shards import bits_of, runs, shards
from generator.output.search.streams import fold_fields, streams
from generator.text.normalize import fold, number_key


@given(st.integers(0, 200_000))
def test_segments_follow_from_the_count_alone(count: int) -> None:
    """They cover every document once, the largest first, sixteen at the most."""
    cut = list(segments(count))
    assert [first for first, _ in cut] == [sum(n for _, n in cut[:i]) for i in range(len(cut))]
    assert sum(size for _, size in cut) == count
    assert len(cut) <= 5


@given(st.integers(0, 20_000))
def test_a_further_document_leaves_the_older_segments(count: int) -> None:
    """All but the last segments stay what they were when one document is added."""
    before, after = list(segments(count)), list(segments(count + 1))
    kept = [one for one in before if one in after]
    changed = sum(size for first, size in after if (first, size) not in kept)
    full = (count + 1) % 256 == 0
    assert changed <= count + 1 if full else changed <= 256


def documents(count: int) -> list[SearchDocument]:
    """Documents of invented texts, in order of publication."""
    chance = random.Random(5)
    signs = "市政府檔案管理考核要點公告訂定修正廢止條文依據說明事項"
    return [
        SearchDocument(
            address=f"d/{number}/",
            title="".join(chance.choices(signs, k=12)),
            day=date(2016, 1, 1) + timedelta(days=number // 18),
            kind="公報",
            category="公告",
            agencies=("市政府",),
            numbers=(f"市字第{number}號",),
            texts=("".join(chance.choices(signs, k=200)),),
        )
        for number in range(count)
    ]


def test_a_new_issue_changes_little() -> None:
    """Of 2,100 documents' bytes, an issue of 18 more changes the last segment and the table."""
    before = {a.address: a.content for a in index_artifacts(documents(2100))}
    after = {a.address: a.content for a in index_artifacts(documents(2118))}
    changed = sum(len(content) for name, content in after.items() if name not in before)
    assert changed < sum(map(len, after.values())) * 0.06
    assert {a: c for a, c in before.items() if a in after and after[a] != c}.keys() == {
        "search/index.json"
    }


def test_folders_are_named_after_their_content() -> None:
    """The same documents give the same files; another text another folder."""
    first = [(a.address, a.content) for a in index_artifacts(documents(30))]
    assert first == [(a.address, a.content) for a in index_artifacts(documents(30))]
    other = {a.address for a in index_artifacts(documents(31))}
    (folds,) = (name for name, _ in first if name.startswith("search/fold-"))
    assert {name for name, _ in first} & other == {folds, "search/index.json"}


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("臺北市", "台北市"),
        ("１０５年○月", "105年〇月"),
        ("ABC　def", "abc def"),
        ("檔案，\n管理", "檔案 管理"),
        ("「檔案」", " 檔案 "),
        ("国民", "國民"),
        ("㈱", " 株 "),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    """What readers take for one is one; what is no letter or digit is one space."""
    assert fold(typed) == folded
    assert fold(folded) == folded


@given(st.text(max_size=40), st.text(max_size=40))
def test_folding_goes_piece_by_piece(left: str, right: str) -> None:
    """A text folds to its parts' folds, but for spaces that meet and marks that combine."""
    if left.isascii() or right.isascii():
        joined = fold(left + right)
        assert joined.replace(" ", "") == (fold(left) + fold(right)).replace(" ", "")


NUMBERS = (
    "高市府秘職第10530006500號",
    "高市府秘職字第10530006500號",
    "高市府秘職字第１０５３０００６５００號",
    "高市府 秘職 10530006500",
)


@pytest.mark.parametrize("typed", NUMBERS)
def test_numbers_have_one_key(typed: str) -> None:
    """Width, blanks, 字, 第 and 號 do not tell two spellings apart."""
    assert number_key(typed) == "高市府秘職10530006500"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1))
def test_many_texts_fold_as_each_alone(texts: list[str]) -> None:
    """The code points of all fields are those of `fold`, closed by line ends."""
    points, closes = fold_fields(texts)
    spelled = "".join(map(chr, points.tolist()))
    assert spelled == "".join(f"{fold(text)}\n" for text in texts)
    assert [spelled[place] for place in closes.tolist()] == ["\n"] * len(texts)


def test_wide_and_marked_characters_fold_in_their_place() -> None:
    """One that becomes several, one that joins the one before, beside others that do neither."""
    texts = ["甲㈱乙", "e\u0301㈠½", "", "ﬁ零", "か\u3099\u3099"]
    points, _ = fold_fields(texts)
    assert "".join(map(chr, points.tolist())).split("\n")[:-1] == [fold(text) for text in texts]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=5))
def test_texts_are_spelled_by_an_alphabet(text: str, sample: str) -> None:
    """What an alphabet holds takes a byte, what it does not takes four; both are read back."""
    held = ranked(sample) if sample else ""
    (packed,) = encoded([text], held)
    spelled, at = "", 0
    while at < len(packed):
        known = packed[at] < 255
        spelled += held[packed[at]] if known else chr(int.from_bytes(packed[at + 1 : at + 4]))
        at += 1 if known else 4
    assert spelled == text


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            return number, at


def _listed(data: bytes) -> Iterator[tuple[int, int]]:
    document = at = 0
    while at < len(data):
        first, many = data[at], data[at] > 0x7F
        gap, at = first & 0x7F if many else first >> 3, at + 1
        if gap == (127 if many else 15):
            more, at = _varint(data, at)
            gap += more
        document += gap
        yield document, data[at] if many else 1 << (first & 7)
        at += many


def _groups(shard: bytes) -> Iterator[tuple[int, int, dict[int, int]]]:
    """Rest of the hash, kind, and documents with their places, as a reader takes them."""
    at = rest = 0
    while at < len(shard):
        gap, at = _varint(shard, at)
        flags, at = _varint(shard, at)
        rest += gap
        for kind, length in ((0, flags >> 2), (1, flags & 2), (2, flags & 1)):
            if kind and length:
                length, at = _varint(shard, at)  # noqa: PLW2901 -- a flag stands for a length
            if length or not kind:
                yield rest, kind, dict(_listed(shard[at : at + length]))
            at += length


def _hash(pair: tuple[str, str]) -> int:
    units = [(ord(one) ^ (ord(one) >> 16) * 0x9E37) & 0xFFFF for one in pair]
    mixed = (units[0] << 16 | units[1]) * 0x9E3779B1 & 0xFFFFFFFF
    return mixed ^ mixed >> 15


def _expected(found: list[SearchDocument]) -> dict[tuple[int, int], dict[int, int]]:
    held: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for number, document in enumerate(found):
        texts = (
            "\n".join(map(fold, document.fields)),
            fold(document.title),
            "\n".join(map(number_key, document.names)),
        )
        for kind, text in enumerate(texts):
            for place, pair in enumerate(pairwise(text)):
                if "\n" not in pair:
                    held[_hash(pair), kind][number] |= 1 << place % 8
    return held


@pytest.mark.parametrize(("part", "bits"), [(600, 0), (7, 0), (90, 5), (256, 9), (50, 14)])
def test_shards_hold_every_pair_however_documents_are_parted(part: int, bits: int) -> None:
    """Postings of texts, titles and numbers, joined from parts, are those of the documents."""
    found = documents(299)
    found.append(structs.replace(found[0], title="", numbers=(), texts=("𠀀檔𠀀檔", "")))
    parts = []
    for first in range(0, len(found), part):
        held = found[first : first + part]
        made = streams([one.fields for one in held], [one.names for one in held])
        parts.append(lists((made.texts, made.titles, made.numbers), first))
    packed = [
        shard
        for run in runs(bits)
        for shard in shards([held[at] for held in parts for at in run], bits, run)
    ]
    assert len(packed) == 1 << bits
    read = {
        (number << 32 - bits | rest, kind): documents_
        for number, shard in enumerate(packed)
        for rest, kind, documents_ in _groups(shard)
        if documents_
    }
    assert read == _expected(found)


@given(st.integers(0, 10**9))
def test_runs_cut_ranges_and_shards_evenly(total: int) -> None:
    """Every range is in one run, and a run holds whole shards."""
    cut = runs(bits_of(total))
    assert [at for run in cut for at in run] == list(range(RANGES))
    assert all((run.start << bits_of(total)) % RANGES == 0 for run in cut)


def test_other_processes_give_the_same_bytes() -> None:
    """A segment of two parts is the same, whoever makes them."""
    found = documents(PART + 40)
    alone = segment_files(found, words_of(found))
    with ProcessPoolExecutor(2) as executor:
        assert segment_files(found, words_of(found), executor.map) == alone


def test_new_words_leave_the_numbers_of_older_ones() -> None:
    """A new agency, whatever its name, changes no segment that was full before."""
    older = documents(600)
    newer = [*older, structs.replace(older[0], address="d/new/", agencies=("一一局", "市政府"))]
    before, after = ([one.facts for one in found] for found in (older, newer))
    planned = plan_segments(after, words_of(after))
    assert planned[0] == plan_segments(before, words_of(before))[0]
    assert planned[1] != plan_segments(before, words_of(before))[1]


@pytest.mark.parametrize(
    "changed", [{"title": "改"}, {"day": None}, {"category": "另"}, {"texts": ()}]
)
def test_a_segment_s_key_follows_its_documents(changed: dict[str, object]) -> None:
    """Whatever a document shows is in its segment's key, and in no other's."""
    found = documents(300)
    facts = [one.facts for one in found]
    found[299] = structs.replace(found[299], **changed)
    other = [one.facts for one in found]
    (first, last), (kept, made) = (plan_segments(f, words_of(f)) for f in (facts, other))
    assert first == kept
    assert last.key != made.key


def test_a_part_s_key_follows_its_documents_and_their_places() -> None:
    """An edited document changes the key of its part alone; one more at the front those of all."""
    facts = [one.facts for one in documents(2 * PART + 10)]
    edited, moved = list(facts), [facts[-1], *facts[:-1]]
    edited[PART] = edited[PART]._replace(key=b"other")
    words = words_of(facts)
    before, after, later = (
        [key for segment in plan_segments(one, words) for key in segment.parts]
        for one in (facts, edited, moved)
    )
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    assert set(before).isdisjoint(later)
    same = [facts[0]] * PART
    (twice,) = plan_segments((*same, *same), words)
    assert len(set(twice.parts)) == len(twice.parts)


def test_known_segments_are_listed_without_their_texts() -> None:
    """The table of an index follows from facts and from where known segments stand."""
    found = documents(300)
    facts = [one.facts for one in found]
    words = words_of(facts)
    made = [
        (one.first, one.documents, segment_files(found[one.first :][: one.documents], words)[0])
        for one in plan_segments(facts, words)
    ]
    whole = {artifact.address: artifact.content for artifact in index_artifacts(found)}
    (folds,) = (address for address in whole if address.startswith("search/fold-"))
    table = table_artifact(made, words, folds)
    assert (table.address, table.content) == ("search/index.json", whole["search/index.json"])


def test_planning_imports_no_numpy() -> None:
    """A command that makes no index does not wait for what only making one needs."""
    asked = "import sys, generator.output.search.index; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], check=True)


def test_what_few_documents_have_costs_the_others_nothing() -> None:
    """Without figures, days and English a document is as long as it was; its names are numbers."""
    (plain,) = documents(1)
    assert len(plain.shown) == 8
    assert plain.names == plain.numbers
    cell = SearchCell("總計.數值", "總計", "10,153 人")
    rich = structs.replace(plain, english="Staff", days=(date(2016, 1, 4),), cells=(cell,))
    assert rich.shown[8:] == ["Staff", ["2016-01-04"], (cell,)]
    assert rich.names == (*plain.numbers, "2016-01-04", "總計", "10,153 人")
    assert rich.fields == (*plain.fields, "Staff", "總計 10,153人")

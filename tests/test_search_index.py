"""The index as files: where its segments lie, what a publication changes, what its lists say."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.folding import fold, number_key
from generator.postings import BOUNDARY, Stream, pack
from generator.search import SearchDocument, index_artifacts, segments


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
    assert {name for name, _ in first if name.endswith(".bin")}.isdisjoint(other)


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


def test_shards_are_small_and_hold_every_pair() -> None:
    """Postings of many documents are cut into a power of two of shards of some kilobytes."""
    streams = [document.stream for document in documents(600)]
    shards = pack(streams)
    assert len(shards) & (len(shards) - 1) == 0
    assert max(map(len, shards)) < 64_000
    assert pack([]) == [b""]
    assert pack([Stream(text=f"a{BOUNDARY}b", title=1, number="")]) == [b""]

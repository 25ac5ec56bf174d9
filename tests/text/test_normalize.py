"""Folding: what search takes for one, by a table that no Python and no browser can change."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import unicodedata
import zlib
from pathlib import Path

import pytest
import unicodedata2
from hypothesis import given
from hypothesis import strategies as st
from sample_sites import sample_site

from generator.kinds.gazette.entry import GazetteEntry
from generator.kinds.gazette.rules import folded_number
from generator.output.search.index import folds_artifact
from generator.text.fold_table import folds, joins
from generator.text.normalize import FOLDS, fold, number_key
from generator.text.urls import folded

PROJECT = Path(__file__).resolve().parents[2]
EVERY = [chr(point) for point in range(sys.maxunicode + 1)]
SIMPLIFIED = (
    *("体育 體育", "万人 萬人", "虫害 蟲害", "价格 價格", "后续 後續", "后續 後續", "关系 關係"),
    *("干部 幹部", "干旱 乾旱", "头发 頭髮", "历史 歷史", "日历 日曆", "并且 並且", "范围 範圍"),
    *(
        "台风 颱風",
        "面粉 麵粉",
        "复查 複查",
        "复查 復查",
        "里长 里長",
        "这里 這裡",
        "𫟼元素 鐽元素",
    ),
)
"""Words in both scripts, one character of which stands for several."""
VARIANTS = (
    *("羣眾 群眾", "説明 說明", "山峯 山峰", "裏面 裡面", "汙水 污水", "祕書 秘書"),
    *("牀位 床位", "衞生 衛生", "綫路 線路", "撫卹 撫恤", "古蹟 古跡", "国沢 國澤", "发髪 發髮"),
)
WIDTHS = (
    *("パーク ﾊﾟｰｸ", "が か\u3099", "ｶﾞｽ ガス", "서울 \u1109\u1165\u110b\u116e\u11af", "각 가\u11a8"),
    *("é e\u0301", "ệ e\u0302\u0323", "ﬁle file", "㎡ m2", "㈱ (株)", "Straße STRASSE", "Σας ΣΑΣ"),
)
UNSEEN = (
    *(
        "檔\u200b案 檔案",
        "行\u00ad政 行政",
        "葛\U000e0100城 葛城",
        "市\ufe0f府 市府",
        "公\u2060報 公報",
    ),
    *("公\ufeff報 公報", "가\u3164나 가나", "a\u034fb ab", "府\u202e令 府令"),
)
RADICALS = ("⺠國 民國", "⽂件 文件", "⻑官 長官", "⾏政 行政", "⻄部 西部")
LOOK_ALIKE = ("○九 〇九", "零九 〇九", "◯九 〇九", "臺北巿 台北市")


@pytest.mark.parametrize(
    "pair", [*SIMPLIFIED, *VARIANTS, *WIDTHS, *UNSEEN, *RADICALS, *LOOK_ALIKE], ids=ascii
)
def test_what_readers_take_for_one_is_one(pair: str) -> None:
    """Scripts, variants, widths, accents, radicals are one; what is not seen is not there."""
    left, right = pair.split(" ")
    assert fold(left).strip() == fold(right).strip()
    assert fold(fold(left)) == fold(left)


@pytest.mark.parametrize(
    "pair",
    ["C++ C", "C# C", "C# C++", "5% 5", "R&D RD", "25°C 25C", "±5 5", "≧5 ≦5", "$5 5", "→甲 甲"],
)
def test_signs_tell_words_apart(pair: str) -> None:
    """What says something is no blank; it is found as it was typed."""
    left, right = pair.split(" ")
    assert fold(left).strip() != fold(right).strip()
    assert len(fold(left).strip()) == len(left)


@pytest.mark.parametrize(
    "text", ["甲，乙", "甲。乙", "甲／乙", "甲～乙", "甲｜乙", "甲─乙", "甲<乙", "甲−乙"]
)
def test_what_stands_between_words_is_a_space(text: str) -> None:
    """Punctuation, dashes, bars and slashes are one, in whatever form."""
    assert fold(text) == "甲 乙"


@pytest.mark.parametrize("letter", ["𛀀", "𰀀", "𱍐", "𮯰", "\U000323b0", "\ue000", "鿿"])
def test_a_letter_that_python_does_not_know_is_a_letter(letter: str) -> None:
    """Extensions G to J, private use: what stands in a text is found, whoever is too old for it."""
    assert fold(f"甲{letter}乙") == f"甲{letter}乙"


def test_the_table_holds_all_that_changes() -> None:
    """Of the blocks that are not looked through none holds a character that would change."""
    changed = folds()
    held = {one for one in EVERY if unicodedata2.category(one) not in ("Lo", "Cn", "Co")}
    held |= {one for one in EVERY if unicodedata2.normalize("NFKC", one) != one}
    assert {one: FOLDS[ord(one)] for one in sorted(held) if FOLDS[ord(one)] != one}.items() <= (
        changed.items()
    )
    assert all(fold(meant) == meant for meant in changed.values() if "  " not in meant)


def test_the_table_is_small() -> None:
    """It travels with the first query."""
    artifact = folds_artifact()
    assert re.fullmatch(r"search/fold-[0-9a-f]{16}\.bin", artifact.address)
    assert len(artifact.content) < 40_000
    assert zlib.decompress(artifact.content, -15).startswith(b'{"one":[[')


JOINING = sorted(
    {*joins().joining, *joins().parts, *"aeoU가각が", *map(chr, range(0x1100, 0x1113))}
)


@given(st.lists(st.sampled_from(JOINING), max_size=8).map("".join))
def test_marks_join_as_unicode_has_it(text: str) -> None:
    """By the table, the same comes out as by NFC of what the characters become."""
    meant = unicodedata2.normalize("NFC", text.translate(FOLDS))
    assert fold(text) == re.sub(" +", " ", meant)
    assert fold(unicodedata2.normalize("NFD", text)) == fold(text)


def test_many_marks_take_no_time() -> None:
    """Marks are ranked, not moved past each other one by one."""
    marks = random.Random(5).choices("\u0301\u0323\u0334", k=200_000)
    assert len(fold("a" + "".join(marks))) > 190_000


INDEX = """
import hashlib, sys, types
import unicodedata as known
NEWER = {"鿿", "𪛞", "\\U00010570", "\\U00031350", "\\U0002ebf0", "\\U000323b0"}
if sys.argv[1] == "old":
    old = types.ModuleType("unicodedata")
    vars(old).update(vars(known))
    old.category = lambda one: "Cn" if one in NEWER else known.category(one)
    old.normalize = lambda form, text: text if NEWER & {*text} else known.normalize(form, text)
    sys.modules["unicodedata"] = old
sys.path.insert(0, sys.argv[2])
from test_search_index import documents
from msgspec import structs
from generator.output.search.index import index_artifacts
more = "甲" + "乙".join(sorted(NEWER))
found = [structs.replace(one, texts=(*one.texts, more)) for one in documents(40)]
for artifact in index_artifacts(found):
    print(artifact.address, hashlib.sha256(artifact.content).hexdigest())
"""


def test_an_index_does_not_depend_on_what_python_knows() -> None:
    """Its bytes are the same where the standard library knows no character past Unicode 13."""
    tests = str(Path(__file__).parents[1] / "output")
    told = [
        subprocess.run(
            [sys.executable, "-c", INDEX, which, tests],
            check=True,
            capture_output=True,
            cwd=PROJECT,
        ).stdout
        for which in ("new", "old")
    ]
    assert told[0].count(b"\n") > 5
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["full", "minimal", "unicode"])
def test_look_ups_and_addresses_are_what_they_were(name: str) -> None:
    """Numbers and addresses of all records compare as the standard library compared them."""
    site = sample_site(name)
    numbers = {n for entry in site.archive.of(GazetteEntry) for n in entry.document_numbers}
    assert numbers
    for number in numbers:
        plain = unicodedata.normalize("NFKC", number).casefold().replace("臺", "台")
        assert folded_number(number) == re.sub(r"[\s字第號()]", "", plain)
    keys = {number: _old_key(number) for number in numbers}
    assert len({*keys.values()}) == len({number_key(number) for number in numbers})
    assert all(number_key(number) == number_key(key) for number, key in keys.items())
    for record in site.archive:
        address = site.kind(record).address(record)
        assert folded(address) == "/".join(
            filter(None, unicodedata.normalize("NFC", address.casefold()).split("/"))
        )


def _old_key(number: str) -> str:
    plain = unicodedata.normalize("NFKC", number).lower().replace("臺", "台")
    kept = (one for one in plain if unicodedata.category(one)[0] in "LNM")
    return re.sub("[字第號]", "", "".join(kept))

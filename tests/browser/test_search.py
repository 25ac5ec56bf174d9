"""Search as a reader uses it: typing, narrowing, turning pages, going back, by keys alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from browsing import Visit, serving
from playwright.sync_api import Browser, Page, expect
from sample_sites import AS_OF, MINIMAL, build_site, files_below, options

from generator.build.examine import examine
from generator.build.options import Options
from generator.output.search.documents import SearchDocument
from generator.output.search.index import documents
from generator.site.plan import shown
from generator.text.fold_table import folds, joins
from generator.text.normalize import fold

SEARCH = "async ([root, query, options]) => {{ {open} return {call}; }}"
OPEN = "window.ix ??= await (await import(`${root}assets/search.js`)).open(root);"
TITLES = 26


def ask(page: Page, root: str, query: str, **wanted: Any) -> dict[str, Any]:
    """What the module's `search` gives."""
    script = SEARCH.format(open=OPEN, call="await window.ix.search(query, options)")
    found: dict[str, Any] = page.evaluate(script, [root, query, wanted])
    return found


def candidates(page: Page, root: str, query: str, **wanted: Any) -> set[str]:
    """The addresses that the module's `candidates` gives."""
    script = SEARCH.format(open=OPEN, call="await window.ix.candidates(query, options)")
    return set(page.evaluate(script, [root, query, wanted]))


def indexed(site: Options) -> tuple[SearchDocument, ...]:
    """The documents of a built site's index."""
    examined = examine(site).site
    assert examined is not None
    return documents(shown(examined, draft=False))


def fields(document: SearchDocument) -> list[str]:
    """Everything of a document that can be found."""
    return [*document.fields]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """A site of 300 entries: two segments, several pages of results."""
    root = tmp_path_factory.mktemp("many")
    files = dict(MINIMAL)
    entry = MINIMAL["gazette/105/105-001/01.yaml"]
    for number in range(2, 32):
        folder = f"gazette/105/105-{number:03d}"
        files[f"{folder}/issue.yaml"] = f"publication_date: 105-02-{(number - 2) % 28 + 1:02d}\n"
        for sequence in range(1, 11):
            text = entry.replace("1050000001", f"105{number:04d}{sequence:03d}")
            text = text.replace(
                "訂定檔案要點", f"修正第{number}號{'甲乙丙丁戊己庚辛壬癸'[sequence - 1]}要點"
            )
            files[f"{folder}/{sequence:02d}.yaml"] = text
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_site(root / "content", root)
    return options(root / "content", root, AS_OF)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser profile; a complaint of the console is a failure."""
    context = browser.new_context(locale="zh-TW")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_both_sides_fold_alike(page: Page, full_site: Options) -> None:
    """Every field of the samples, and hostile ones, fold in the browser as in the program."""
    texts = [field for document in indexed(full_site) for field in fields(document)]
    texts += [
        "臺北巿○零〇３Ａａ",
        "e\u0301É",
        "ΑΣ Σ",
        "㈱½ﬁ",
        "国民说话",
        "が\u3099カ\u3099",
        "👩‍👧",
        "İ",
    ]
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        ask(page, root, "檔案")
        folded = page.evaluate("texts => texts.map(text => window.ix.fold(text))", texts)
    assert folded == [fold(text) for text in texts]


def test_both_sides_fold_every_character_alike(page: Page, full_site: Options) -> None:
    """Of all code points, halves of pairs too, those change that the program's table changes."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        ask(page, root, "檔案")
        changed = page.evaluate(EVERY)
    assert len(changed) > 15_000
    assert dict(changed) == {ord(one): fold(one) for one in folds()}


EVERY = """() => {
  const changed = [];
  for (let point = 0; point < 0x110000; point += 1) {
    const folded = window.ix.fold(String.fromCodePoint(point));
    if (folded !== String.fromCodePoint(point)) changed.push([point, folded]);
  }
  return changed;
}"""


def test_both_sides_join_marks_alike(page: Page, full_site: Options) -> None:
    """Letters and marks in any order, syllables and their letters, come out alike."""
    chance = random.Random(5)
    signs = sorted(
        {*joins().joining, *joins().parts, *"aeoU가각ㄱ檔，\u200b㎡", "\u1100", "\uff76"}
    )
    texts = ["".join(chance.choices(signs, k=chance.randint(1, 7))) for _ in range(4000)]
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        ask(page, root, "檔案")
        folded = page.evaluate("texts => texts.map(text => window.ix.fold(text))", texts)
    assert folded == [fold(text) for text in texts]


ALIKE = (
    *("体育 體育", "万人 萬人", "虫害 蟲害", "价格 價格", "后续 後續", "关系 關係", "干部 幹部"),
    *("头发 頭髮", "羣眾 群眾", "説明 說明", "山峯 山峰", "裏面 裡面", "汙水 污水", "祕書 秘書"),
    *(
        "牀位 床位",
        "綫路 線路",
        "⺠國 民國",
        "パーク ﾊﾟｰｸ",
        "각서 \u1100\u1161\u11a8서",
        "葛\U000e0100城 葛城",
    ),
    *("100㎡ 100m2", "ﾊﾟｲ ハ\u309aイ"),
)
"""Forms of a word; a query in either finds the text in either."""
SIGNS = ("C++", "C#", "3.5%", "A/B", "R&D", "±5°C", "≧5", "甲＋乙", "\U000323b0甲", "\ue000乙")
"""Words that stand in a text as they are typed."""


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """A site with an entry for each form of each word, and for each sign."""
    root = tmp_path_factory.mktemp("forms")
    words = [word for pair in ALIKE for word in pair.split(" ")]
    return build_bodies(root, [*words, *SIGNS, "C", "C－", "3.5", "皇后", "皇後"])


def build_bodies(root: Path, bodies: Sequence[str]) -> Options:
    """A site of one entry a body, which is named after its place."""
    files = dict(MINIMAL)
    for at, body in enumerate(bodies, start=2):
        text = MINIMAL["gazette/105/105-001/01.yaml"].replace("1050000001", f"10500{at:05d}")
        text = text.replace("訂定檔案要點", f"訂定第{at}號要點").replace(
            "訂定本要點。", f"訂定〔{body}〕要點。"
        )
        files[f"gazette/105/105-001/{at:02d}.yaml"] = text
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_site(root / "content", root)
    return options(root / "content", root, AS_OF)


def found_marks(page: Page, root: str, query: str) -> list[str]:
    """What is marked in the hits of a query, in their order."""
    hits = ask(page, root, query, limit=50)["hits"]
    return ["".join(run["text"] for run in hit["excerpt"] if run["found"]) for hit in hits]


def test_a_word_in_either_form_finds_both(page: Page, forms: Options) -> None:
    """Of both scripts and all variants; marked is what stands in the text, of whatever length."""
    with serving(forms.site, "/") as root:
        page.goto(f"{root}search/")
        for pair in ALIKE:
            for typed in pair.split(" "):
                marks = found_marks(page, root, typed)
                assert sorted(marks) == sorted(pair.split(" ")), typed
                assert marks[0] == typed


def test_signs_are_found_as_they_are_typed(page: Page, forms: Options) -> None:
    """C++ finds C++, and neither C# nor C."""
    with serving(forms.site, "/") as root:
        page.goto(f"{root}search/")
        for sign in SIGNS:
            assert found_marks(page, root, sign) == [sign]


def test_the_form_that_was_typed_comes_first(page: Page, forms: Options) -> None:
    """皇后 and 皇後 are found by either, each first by its own."""
    with serving(forms.site, "/") as root:
        page.goto(f"{root}search/")
        assert found_marks(page, root, "皇后") == ["皇后", "皇後"]
        assert found_marks(page, root, "皇後") == ["皇後", "皇后"]


def test_every_run_of_the_texts_is_found(page: Page, full_site: Options) -> None:
    """Random runs of two to eight characters, cut anywhere, all lead to their document."""
    chance = random.Random(20160601)
    held = [(document, field) for document in indexed(full_site) for field in fields(document)]
    held = [(document, field) for document, field in held if len(field) > 1]
    tried = 0
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        while tried < 150:
            document, field = chance.choice(held)
            length = min(chance.randint(2, 8), len(field))
            start = chance.randrange(len(field) - length + 1)
            run = field[start : start + length]
            if len(fold(run).strip()) < 1 or len(fold(run)) < 2:
                continue
            tried += 1
            assert document.address in candidates(page, root, run, literal=True), run


def test_results_are_the_documents_that_hold_the_words(page: Page, many: Options) -> None:
    """Every hit holds every word, none that does is missing, in either order."""
    found = indexed(many)
    with serving(many.site, "/") as root:
        page.goto(f"{root}search/")
        for query in (
            "要點",
            "管理檔案",
            "修正第9號",
            "甲要點 修正",
            "訂定本要點。",
            "第一條 檔案",
        ):
            terms = [fold(term).strip() for term in query.split()]
            wanted = {
                document.address
                for document in found
                if all(any(term in fold(f) for f in fields(document)) for term in terms)
            }
            assert candidates(page, root, query) >= wanted, query
            hits, offset = set[str](), 0
            while answer := ask(page, root, query, offset=offset, limit=50, sort="newest"):
                hits |= {hit["url"].removeprefix(root) for hit in answer["hits"]}
                offset += 50
                if not answer["hits"]:
                    break
            assert hits == wanted, query


SPELLINGS = (
    *("小市秘字第1050007003號", "小市秘第１０５０００７００３號", "小市秘字第 1050007003 號"),
    *("小市秘 1050007003", "1050007003", "50007003號", "（小市秘）字第1050007003"),
)


def test_a_title_comes_first_and_a_number_before_it(page: Page, many: Options) -> None:
    """A document's own title or number, in any spelling, puts it at the top."""
    with serving(many.site, "/") as root:
        page.goto(f"{root}search/")
        for document in indexed(many)[::17]:
            top = ask(page, root, document.title)["hits"][0]
            assert top["title"] == document.title
        for typed in (
            "小市秘字第1050007003號",
            "小市秘第１０５０００７００３號",
            "小市秘字第 1050007003 號",
            "1050007003",
        ):
            (top, *_) = ask(page, root, typed)["hits"]
            assert top["numbers"] == ["小市秘字第1050007003號"], typed
            assert top["number"]


def test_excluded_words_lose_no_true_hit(page: Page, many: Options) -> None:
    """-甲要點 leaves every document without that run, and none with it."""
    with serving(many.site, "/") as root:
        page.goto(f"{root}search/")
        answer = ask(page, root, "修正第9號 -甲要點", limit=20)
        titles = sorted(hit["title"] for hit in answer["hits"])
        assert titles == sorted(f"修正第9號{c}要點" for c in "乙丙丁戊己庚辛壬癸")
        assert (answer["total"], answer["exact"]) == (9, True)


def test_typing_filters_pages_and_back(visit: Visit, browser: Browser, many: Options) -> None:
    """The list follows the keys; filters, days and pages stand in the address and come back."""
    del visit
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    with serving(many.site, "/sub/") as root:
        page.goto(f"{root}search/")
        page.locator("#gb-query").press_sequentially("修正")
        expect(page.locator("#gb-status")).to_contain_text("找到 300 筆，第 1 到 10 筆。")
        assert page.url.endswith("?q=%E4%BF%AE%E6%AD%A3")
        page.get_by_role("link", name="後一頁").click()
        expect(page.locator("#gb-status")).to_contain_text("第 11 到 20 筆")
        second = page.locator(".gb-hit-title").first.inner_text()
        page.locator("input[name=from]").fill("105-02-28")
        page.locator("input[name=from]").press("Tab")
        expect(page.locator("#gb-status")).to_contain_text("找到 10 筆")
        page.go_back()
        expect(page.locator("#gb-status")).to_contain_text("第 11 到 20 筆")
        page.reload()
        expect(page.locator("#gb-status")).to_contain_text("第 11 到 20 筆")
        assert page.locator(".gb-hit-title").first.inner_text() == second
        days = page.locator("input[name=from]")
        days.fill("105-13-01")
        days.press("Tab")
        status = "日期無法辨識：「105-13-01」，未依此篩選。找到 300 筆"
        expect(page.locator("#gb-status")).to_contain_text(status)
        expect(days).to_have_attribute("aria-invalid", "true")
        days.fill("115-01-01")
        days.press("Tab")
        expect(page.locator("#gb-status")).to_have_text("找不到符合的內容。")
        expect(days).not_to_have_attribute("aria-invalid", "true")
        page.get_by_role("link", name="不限日期（300 筆）").click()
        expect(page.locator("#gb-status")).to_contain_text("找到 300 筆")
        assert "from=" not in page.url
        page.locator("#gb-query").fill("105年2月3日")
        page.get_by_role("link", name="105年2月3日的內容（11 筆）").click()
        expect(page.locator("#gb-status")).to_contain_text("找到 11 筆")
        page.locator("select[name=sort]").select_option("newest")
        expect(page).to_have_url(re.compile("sort=newest"))
        page.goto(f"{root}search/?q=%E6%AA%94%E6%A1%88&kind=%E5%85%AC%E5%A0%B1")
        expect(page.locator("#gb-status")).to_contain_text("筆")
        assert page.get_by_role("checkbox", name="公報", exact=False).first.is_checked()
    context.close()


def test_a_facet_narrows_to_its_count(visit: Visit) -> None:
    """A checked word leaves as many results as its number says; unchecked all are back.

    Keys do as well: the box keeps the focus, and what a press replaces leaves it to the results.
    """
    page = visit.open("search/?q=%E6%B8%AC%E8%A9%A6")
    status = page.locator("#gb-status")
    expect(status).to_contain_text("找到")
    before = status.inner_text()
    line = page.locator(".gb-facet-word", has_text="公報").first
    count = line.locator(".gb-count").inner_text()
    line.locator("input").press("Space")
    expect(status).to_contain_text(f"找到 {count} 筆")
    assert "kind=" in page.url
    box = page.locator(".gb-facet-word", has_text="公報").first.locator("input")
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    page.keyboard.press("Space")
    expect(status).to_have_text(before)
    page.keyboard.press("Space")
    page.get_by_role("button", name="不再限於公報").press("Enter")
    expect(status).to_have_text(before)
    expect(status).to_be_focused()


def test_keys_alone(browser: Browser, many: Options) -> None:
    """/ begins, arrows walk the results, Enter opens, Esc leads back to the box."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    with serving(many.site, "/") as root:
        page.goto(root)
        page.goto(f"{root}search/?q=%E4%BF%AE%E6%AD%A3")
        expect(page.locator("#gb-status")).to_contain_text("找到")
        page.keyboard.press("/")
        expect(page.locator("#gb-query")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".gb-hit-title").nth(1)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#gb-query")).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/gazette/105/"))
    context.close()


def test_no_result_helps_and_no_script_leads_on(browser: Browser, full_site: Options) -> None:
    """Words that stand nowhere together find documents with one of them, and are offered alone.

    Without scripts lists are offered.
    """
    context = browser.new_context()
    page = context.new_page()
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/?q=%E6%AA%94%E6%A1%88%E7%AE%A1%E7%90%86%20%E7%87%88%E6%9C%83")
        expect(page.locator("#gb-status")).to_contain_text(
            "沒有「檔案管理 燈會」的結果，以下含其中的詞。"
        )
        page.get_by_role("link", name=re.compile("「燈會」")).click()
        expect(page.locator("#gb-status")).to_contain_text("找到")
        context.close()
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{root}visits/")
        page.locator("#gb-box").fill("檔案")
        page.locator("#gb-box").press("Enter")
        page.wait_for_url(re.compile("search/.q="))
        assert page.get_by_text("搜尋需要 JavaScript").is_visible()
        assert page.get_by_role("main").get_by_role("link", name="公報").first.is_visible()
        context.close()


UNMARKED = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    const { lang } = parentElement.closest("[lang]");
    if (/\\p{Script=Han}/u.test(data) && lang === "en") found.push(data);
  }
  return found;
}"""
"""Chinese words on a page that do not stand in an element that says so."""


@pytest.mark.parametrize("query", ["檔案", "檔案管理 燈會", "105-01-04", "無此字"])
def test_visitors_search_in_english(page: Page, full_site: Options, query: str) -> None:
    """All that is said around results is English; what comes out of texts is marked as Chinese."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}en/search/?q={quote(query)}")
        expect(page.locator("#gb-status")).to_have_text(re.compile(r"Found: \d+|Nothing was found"))
        page.wait_for_load_state("networkidle")
        unmarked = [text for text in page.evaluate(UNMARKED) if not text.startswith("“")]
        assert unmarked == []  # what the visitor typed is not the site's


def test_filters_are_in_english_for_visitors(page: Page, full_site: Options) -> None:
    """Sections, categories and agencies by their English names; a filter is the same address."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}en/search/?q={quote('檔案')}&kind={quote('公報')}")
        expect(page.locator("#gb-chips")).to_have_text("Section: Gazette ×")
        meta = page.locator(".gb-hit-meta").first
        expect(meta).to_contain_text("Secretariat")
        expect(meta.locator("span", has_text="Secretariat")).to_have_attribute("lang", "en")
        page.goto(f"{root}search/?q={quote('檔案')}&kind={quote('公報')}")
        expect(page.locator("#gb-chips")).to_have_text("類型：公報 ×")


def test_the_search_of_visitors_leads_on_in_english(page: Page, full_site: Options) -> None:
    """The box of every page in English searches there; a result is dated as visitors date it."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}en/visits/")
        page.locator("#gb-box").fill("檔案管理")
        page.locator("#gb-box").press("Enter")
        page.wait_for_url(f"{root}en/search/?q={quote('檔案管理')}")
        expect(page.locator(".gb-hit-meta").first).to_contain_text(re.compile(r"\d [A-Z][a-z]+ 20"))


HOSTILE = (
    *("(", "[a-z]+.*", "\\", '"', "'\"><img src=x onerror=alert(1)>", "<script>alert(1)</script>"),
    *(
        "%",
        "%E6",
        "&q=x",
        "😀😀",
        "\ud800",
        "檔" * 10_000,
        "-",
        "--",
        "- 檔案",
        "a",
        "檔",
        "\u202e檔案",
    ),
    *("__proto__", "constructor", "0", "\u3000", "，。", "檔案\u0000"),
)


def test_hostile_queries_neither_break_nor_inject(page: Page, full_site: Options) -> None:
    """Whatever is typed, the page answers, and no tag or script comes of it."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        for query in HOSTILE:
            page.evaluate(
                """query => {
                    const box = document.querySelector("#gb-query");
                    document.querySelector("#gb-status").textContent = "";
                    box.value = query;
                    box.form.requestSubmit();
                }""",
                query,
            )
            if query.strip("\u3000 "):
                expect(page.locator("#gb-status")).not_to_be_empty()
            assert "無法使用" not in page.locator("#gb-status").inner_text(), query
            assert page.locator("main img, main script[src='x']").count() == 0
    assert dialogs == []


def test_nothing_of_the_hosts_search_is_left(full_site: Options) -> None:
    """No index of the host is in the site, and no script of it is asked for."""
    names = {path.name for path in files_below(full_site.site).values()}
    assert "search_index.json" not in names
    assert 'type="application/opensearchdescription+xml"' in (
        full_site.site / "index.html"
    ).read_text(encoding="utf-8")


NUMBERS = (
    *("高市府秘職第10530006500號", "高市府四維文博字第1000140520號", "府法綜字第1123032734號"),
    *("(110)府法綜字第1103020456號", "府法三字第09202833000號", "府法三字第8903051500號"),
    *("內政部台內消字第 1120827499 號", "總統(90)華總一義字第 9000222690 號"),
    *("台九十內字第 074237 號", "法務部法矯字第 0980900758 號", "九十四府行文字第09401754130號"),
    *("正版三字第19392號", "數位韌性字第1155000517號＋交航字第11500099111號"),
    "府法綜字第10434352800號",
)
"""Spellings of document numbers that gazettes print."""


def variants(number: str) -> Iterator[str]:
    """A number as people type it: wide digits, further blanks, without 字, 第 or 號, in part."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    yield from (number, number.translate(wide), number.replace("第", " 第 "))
    yield from (number.replace(word, "") for word in "字第號")
    yield re.sub("[字第號 ]", "", number)
    yield max(re.findall("[0-9]+", number), key=len)


def test_numbers_in_any_spelling_come_first(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each of fourteen printed forms, and each way of typing it, puts its entry at the top."""
    root = tmp_path_factory.mktemp("numbers")
    files = dict(MINIMAL)
    for at, number in enumerate(NUMBERS, start=2):
        text = MINIMAL["gazette/105/105-001/01.yaml"].replace("小市秘字第1050000001號", number)
        files[f"gazette/105/105-001/{at:02d}.yaml"] = text.replace("要點", f"要點之{at}")
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_site(root / "content", root)
    with serving(root / "site", "/") as address:
        page.goto(f"{address}search/")
        for number in NUMBERS:
            for typed in variants(number):
                top = ask(page, address, typed)["hits"][0]
                assert top["numbers"] == [number], typed
                assert top["number"], typed


OTHER_FORMS = (
    ("10153", "10,153"),
    ("10,153", "10153"),
    ("１０，１５３", "10153"),
    ("1萬153", "10,153"),
    ("10153", "1萬153"),
    ("32萬8,187件", "328187件"),
    ("328187", "32萬8,187"),
    ("500萬", "5,000,000"),
    ("3000萬元", "三千萬元"),
    ("20億元", "二十億元"),
    ("1.5億", "150,000,000"),
    ("1.1億", "110,000,000"),
    ("0.07億", "700萬"),
    ("9,999元", "9999元"),
    ("10000元", "一萬元"),
    ("99,999,999元", "9999萬9999元"),
    ("100,000,000元", "一億元"),
    ("100,050,000元", "一億〇五萬元"),
    ("999,900,000,000元", "九千九百九十九億元"),
    ("四十九期", "49期"),
    ("第3條", "第三條"),
    ("第三條", "第3條"),
    ("第二百三十五條之一", "第235條之1"),
    ("第80-1條", "第八十條之一"),
    ("第110條", "第一百一十條"),
    ("105年1月4日", "2016年1月4日"),
    ("2016-01-18", "105年1月18日"),
    ("104/11/7", "104年11月7日"),
)
"""A number or a day as it is typed, and a form in which a text may have it."""
OWN_FORMS = (
    "三民區",
    "統一發票",
    "萬丹",
    "一般",
    "10400013341",
    "第10530006500號",
    "12.29%",
    "1,000,000,000,000元",
    "10000億元",
    "10,000,000,000,000,000元",
    "第0條",
    "0000元",
)
"""Words of one form: numerals that are no numbers, codes, fractions, zero, 10¹² and more."""
FORMS = """async ([root, words]) => {
  const { formsOf } = await import(`${root}assets/search-forms.js`);
  return words.map((word) => [...new Set(formsOf(word))]);
}"""


def test_numbers_and_days_have_other_forms(page: Page, full_site: Options) -> None:
    """A number is looked for as others write it, a code or a name with a numeral is not."""
    typed = [word for word, _ in OTHER_FORMS]
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        forms = page.evaluate(FORMS, [root, [*typed, *OWN_FORMS]])
    for (word, other), of_word in zip(OTHER_FORMS, forms[: len(typed)], strict=True):
        assert other in of_word, word
    assert forms[len(typed) :] == [[word] for word in OWN_FORMS]


FIGURES = (
    ("45", "總計／全期", "45 車次", "statistics/fleet-next/#總計.全期"),
    ("四十五車次", "總計／全期", "45 車次", "statistics/fleet-next/#總計.全期"),
    ("觀光局 27", "觀光局／下半", "27 車次", "statistics/fleet-next/#觀光局.下半"),
    ("81.0%", "觀光局占比", "81.0%", "statistics/fleet-use/#觀光局占比.數值"),
    ("每輛借用", "每輛借用", "14 車次", "statistics/fleet-use/#每輛借用.數值"),
)
"""A query, and the label, the value and the address of the cell that answers it."""


def hits_of(page: Page, address: str) -> list[tuple[str, str]]:
    """The titles and links of the hits of a search page."""
    page.goto(address)
    expect(page.locator("#gb-status")).not_to_be_empty()
    links = page.locator("#gb-hits > li > h2 > a")
    return [(link.inner_text(), unquote(link.get_attribute("href") or "")) for link in links.all()]


def test_a_figure_is_found_by_its_number_and_its_label(page: Page, full_site: Options) -> None:
    """The first hit says which figure it is, and leads to its cell."""
    with serving(full_site.site, "/") as root:
        for query, label, value, address in FIGURES:
            title, link = hits_of(page, f"{root}search/?q={quote(query)}")[0]
            assert title.endswith(f" › {label}　{value}"), query
            assert link == root + address
        page.goto(root + quote(address, safe="/#"))
        assert page.locator(":target").inner_text().startswith("14")


def test_agencies_are_hits(page: Page, full_site: Options) -> None:
    """An agency is found first by its name, the end of it, an alias and an earlier name."""
    with serving(full_site.site, "/") as root:
        for query, agency in (
            ("測試市政府文化局", "culture"),
            ("文化局", "culture"),
            ("市府", "city"),
            ("秘書室", "secretariat"),
            ("Cultural Affairs Bureau", "culture"),
        ):
            assert hits_of(page, f"{root}search/?q={quote(query)}")[0][1] == (
                f"{root}agencies/{agency}/"
            )
        hits = hits_of(page, f"{root}search/?q={quote('文化局')}&kind={quote('國際交流')}")
        assert all("/agencies/" not in link for _, link in hits)


def test_synonyms_of_the_site_find_each_other(page: Page, full_site: Options) -> None:
    """A word of the site's list finds what has the other one."""
    with serving(full_site.site, "/") as root:
        for query, other in (("借車", "車輛借用"), ("燈節", "燈會")):
            links = [
                {link for _, link in hits_of(page, f"{root}search/?q={quote(word)}")}
                for word in (query, other)
            ]
            assert links[0] == links[1] != set()


@pytest.mark.parametrize("query", ["車輛倆用", "車倆借用", "車輛的借用", "車借用"])
def test_a_mistyped_word_finds_the_nearest(page: Page, full_site: Options, query: str) -> None:
    """One character that is wrong, too many or missing: the reader is told, and finds it."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/?q={quote(query)}")
        expect(page.locator("#gb-status")).to_contain_text(f"沒有「{query}」的結果")
        expect(page.locator(".gb-hit-title").first).to_contain_text("車輛借用")


def test_a_mistyped_word_is_put_right(page: Page, full_site: Options) -> None:
    """The advice is a word of a title, with the number of what has it."""
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/?q={quote('車倆借用')}")
        page.get_by_role("link", name=re.compile("「車輛借用」")).click()
        expect(page.locator("#gb-status")).to_have_text(re.compile("^找到"))


def test_one_character_searches_titles_and_names(page: Page, full_site: Options) -> None:
    """A single character finds titles, agencies and keywords that have it; readers are told."""
    with serving(full_site.site, "/") as root:
        hits = hits_of(page, f"{root}search/?q={quote('燈')}")
        assert any("燈會" in title for title, _ in hits)
        note = "一個字只找標題、機關與關鍵字；要找內文，請輸入兩個字以上。"
        expect(page.locator("#gb-status")).to_contain_text(note)
        hits = hits_of(page, f"{root}search/?q={quote('局')}")
        assert f"{root}agencies/culture/" in [link for _, link in hits]


def test_one_character_is_looked_for_in_the_newest(page: Page, many: Options) -> None:
    """On a large site a single character is looked for in 240 documents, and the reader is told."""
    with serving(many.site, "/") as root:
        page.goto(f"{root}search/?q={quote('甲')}")
        expect(page.locator("#gb-status")).to_contain_text(
            "找到 21 筆，第 1 到 10 筆。一個字只找最新 240 筆的標題、機關與關鍵字。"
        )


def test_no_excerpt_halves_a_character(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Before and behind a find, at the head of a text without one, at the end of a long query."""
    pairs = "𠮷" * 200
    bodies = (f"{pairs}燈{pairs}", f"{pairs}燈會{pairs}", f"{pairs}、燈會、{pairs}")
    site = build_bodies(tmp_path_factory.mktemp("pairs"), bodies)
    with serving(site.site, "/") as root:
        page.goto(f"{root}search/")
        for query in ("燈會", "𠮷燈𠮷", "", f"燈會 {'檔' * 996}𠮷"):
            found = ask(page, root, query, limit=50)
            hits = found["hits"]
            assert hits or len(query) > TITLES
            excerpts = ["".join(run["text"] for run in hit["excerpt"]) for hit in hits]
            for text in (*excerpts, *found["terms"]):
                assert not SURROGATE.search(text), query


SURROGATE = re.compile("[\ud800-\udfff\ufffd]")


def test_a_number_in_another_form_is_found_as_a_whole(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """500萬元 finds 五百萬元, not 二千五百萬元; 1500萬元 has the word as it was typed."""
    bodies = ("五百萬元", "二千五百萬元", "5,000,000元", "15,000,000元", "1500萬元")
    site = build_bodies(tmp_path_factory.mktemp("wholes"), bodies)
    with serving(site.site, "/") as root:
        page.goto(f"{root}search/")
        marks = found_marks(page, root, "500萬元")
    assert sorted(marks) == ["5,000,000元", "500萬元", "五百萬元"]


COUNTED = """async ([root, queries]) => {
  window.ix ??= await (await import(`${root}assets/search.js`)).open(root);
  const wrong = [];
  let counted = 0, silent = 0;
  for (const query of queries) {
    const { facets, total } = await window.ix.search(query, { near: true });
    for (const [name, words] of Object.entries(facets)) {
      for (const { word, count } of words) {
        if (count === null) { silent += 1; continue; }
        counted += 1;
        const ticked = await window.ix.search(query, { near: true, filters: { [name]: [word] } });
        if (ticked.total !== count) wrong.push([query, name, word, count, ticked.total, total]);
      }
    }
  }
  return { wrong, counted, silent };
}"""


def test_every_number_of_a_filter_is_what_a_tick_shows(page: Page, full_site: Options) -> None:
    """Over fifty queries, cut anywhere from the texts, and mistyped ones."""
    chance = random.Random(28)
    texts = [text for one in indexed(full_site) for text in one.fields if len(text) > 6]
    cuts = [(chance.choice(texts), chance.randint(2, 6)) for _ in range(50)]
    queries = [text[at : at + size] for text, size in cuts for at in (len(text) // 3,)]
    queries += [f"{query[:2]}龘{query[2:]}" for query in queries[:10]]
    with serving(full_site.site, "/") as root:
        page.goto(f"{root}search/")
        answer = page.evaluate(COUNTED, [root, queries])
    assert answer["wrong"] == []
    assert answer["counted"] > 150


def test_numbers_of_filters_that_are_not_certain_are_not_shown(page: Page, many: Options) -> None:
    """Of 300 candidates whose texts nobody looked at, the filters say the words alone."""
    with serving(many.site, "/") as root:
        page.goto(f"{root}search/")
        facets = ask(page, root, "訂定本要點")["facets"]
    assert facets["kind"] == [{"word": "公報", "count": None}]


def test_chosen_filters_are_chips(visit: Visit) -> None:
    """Each chosen word stands above the hits; a press takes it away."""
    page = visit.open(f"search/?q={quote('測試')}&kind={quote('公報')}&year={quote('105年')}")
    expect(page.locator(".gb-chip")).to_have_text(["類型：公報 ×", "年度：105年 ×"])
    page.get_by_role("button", name="不再限於公報").click()
    expect(page.locator(".gb-chip")).to_have_text(["年度：105年 ×"])
    assert "kind=" not in page.url


def test_hits_have_the_full_width_without_filters(visit: Visit) -> None:
    """Where there is nothing to choose from, the list is as wide as the form."""
    page = visit.open(f"search/?q={quote('每輛借用')}")
    expect(page.locator(".gb-hit")).to_have_count(1)
    assert page.locator(".gb-facet").count() == 0
    width = "name => document.querySelector(name).getBoundingClientRect().width"
    assert page.evaluate(width, ".gb-hit") == page.evaluate(width, ".gb-found")


def test_visitors_are_led_to_pages_in_english(page: Page, full_site: Options) -> None:
    """A record with an English title is found by it, and the hit is its page in English."""
    with serving(full_site.site, "/") as root:
        title, link = hits_of(page, f"{root}en/search/?q=Fleet+loans")[0]
        assert (title, link) == ("Fleet loans", f"{root}en/statistics/fleet/")
        title, link = hits_of(page, f"{root}search/?q=Fleet+loans")[0]
        assert (title, link) == ("車輛借用", f"{root}statistics/fleet/")

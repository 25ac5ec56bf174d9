"""The page that checks records: its tree is the program's, its words lead a reader through."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import serving
from playwright.sync_api import Browser, FilePayload, Page, Request, ViewportSize, expect
from sample_sites import build_site
from sealing import sealed

from generator.ledger.merkle import Tree, leaf_hash
from generator.release.disk import remove_tree
from generator.text.content_policy import policy

RULES = {"resultTypes": ["violations"]}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VECTORS = os.environ.get("GONGBAO_MERKLE", "")
JUDGE = """
async ([inclusion, consistency]) => {
  const bytes = (text) => Uint8Array.from(atob(text ?? ""), (one) => one.charCodeAt(0));
  const all = (proof) => (proof ?? []).map(bytes);
  const { included, consistent } = gongbao;
  const found = [];
  for (const v of inclusion) {
    const [leaf, root] = [bytes(v.leafHash), bytes(v.root)];
    found.push(await included(v.leafIdx, v.treeSize, leaf, all(v.proof), root));
  }
  for (const v of consistency) {
    const [before, after] = [bytes(v.root1), bytes(v.root2)];
    found.push(await consistent(v.size1, v.size2, before, after, all(v.proof)));
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A sealed and signed site."""
    root = tmp_path_factory.mktemp("sealed")
    chosen = sealed(root)
    build_site(chosen.content, root)
    yield chosen.site
    remove_tree(root)


@pytest.fixture
def page(built: Path, browser: Browser) -> Iterator[Page]:
    """The page on the site, which must ask nothing of another host and complain of nothing."""
    with serving(built, "/sub/") as address:
        context = browser.new_context(locale="zh-TW")
        shown, complaints = context.new_page(), []
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on(
            "request",
            lambda r: (
                complaints.append(r.url)
                if address not in r.url and not r.url.startswith("data:")
                else None
            ),
        )
        shown.goto(f"{address}verify/")
        yield shown
        context.close()
    # a record without redaction has no such files, which the browser tells
    assert [one for one in complaints if "404" not in one] == []


def told(page: Page) -> str:
    """The verdict that the page comes to."""
    page.locator("#result:not([data-verdict=''])[data-verdict]").wait_for(state="attached")
    return page.locator("#result").get_attribute("data-verdict") or ""


def heading(page: Page) -> str:
    """The verdict in Chinese, without the same in English."""
    return page.locator("#verdict").inner_text().partition("\n")[0].strip()


def payload(name: str, content: bytes) -> FilePayload:
    """A file of a reader's, made up."""
    return {"name": name, "mimeType": "", "buffer": content}


def drop(page: Page, *paths: Path) -> None:
    """Drops files or folders on the page as a reader does from a window of files."""
    page.evaluate("document.getElementById('result').dataset.verdict = ''")
    session = page.context.new_cdp_session(page)
    held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        about = {"type": kind, "x": 100, "y": 100, "data": held}
        session.send("Input.dispatchDragEvent", about)
    session.detach()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def made() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Proofs of trees of up to 17 leaves, each true once and false four times."""
    for size in range(1, 18):
        tree = Tree(leaf_hash(bytes([n])) for n in range(size))
        root = _text(tree.root(size))
        for index in range(size):
            proof = [_text(step) for step in tree.inclusion(index, size)]
            leaf = _text(leaf_hash(bytes([index])))
            one = {
                "leafIdx": index,
                "treeSize": size,
                "leafHash": leaf,
                "root": root,
                "proof": proof,
            }
            yield "inclusion", one, True
            yield "inclusion", {**one, "leafIdx": index + 1}, False
            yield "inclusion", {**one, "proof": [*proof, root]}, False
            yield "inclusion", {**one, "root": _text(bytes(32))}, False
            yield "inclusion", {**one, "leafHash": ""}, False
        for old in range(1, size + 1):
            steps = [_text(step) for step in tree.consistency(old, size)]
            one = {
                "size1": old,
                "size2": size,
                "root1": _text(tree.root(old)),
                "root2": root,
                "proof": steps,
            }
            yield "consistency", one, True
            yield "consistency", {**one, "proof": [*steps, root]}, False
            yield "consistency", {**one, "root1": _text(bytes(32))}, False
            yield "consistency", {**one, "size1": 0}, False


def published() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The vectors of the file that was named, if one was."""
    held = json.loads(Path(VECTORS).read_text("utf-8")) if VECTORS else {}
    for kind, vectors in held.items():
        for one in vectors:
            numbers = {name: str(value) for name, value in one.items() if isinstance(value, int)}
            yield kind, {**one, **numbers}, not one["wantErr"]


def test_its_policy_approves_the_programs_script_alone(built: Path, browser: Browser) -> None:
    """A script that came into the page does not run, nor a frame; what the site says is data."""
    html = (built / "verify/index.html").read_text("utf-8")
    stated = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert stated == [policy(html)]
    assert [one.count("sha256-") for one in stated[0].split("; ")] == [0, 1, 1, 0, 0, 0, 0]
    assert "unsafe" not in stated[0]
    assert html.index("Content-Security-Policy") < html.index("<style")
    told_of = html.partition('id="told">')[2].partition("</script>")[0]
    assert policy(html.replace(told_of, "{}")) == stated[0]
    headers = (built / "_headers").read_text("utf-8")
    assert all(f"'{digest}'" in headers for digest in re.findall("sha256-[^']+", stated[0]))
    held = browser.new_page()
    page = html.replace(
        "</main>", "<script>window.ran = 1</script><img src=x onerror=ran=1></main>"
    )
    held.route("**/*", lambda route: route.fulfill(body=page, content_type="text/html"))
    held.goto("http://127.0.0.1/verify/", wait_until="networkidle")
    assert held.evaluate("[window.ran ?? null, typeof gongbao.check]") == [None, "function"]
    held.close()


def test_a_saved_copy_needs_no_network(built: Path, browser: Browser, tmp_path: Path) -> None:
    """From a reader's own disk the page checks files, under the same policy."""
    shutil.copy(built / "verify/index.html", tmp_path / "saved.html")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "saved.html").as_uri())
    entry = built / "gazette/105/105-001/03"
    page.set_input_files("#files", sorted(entry.iterdir()))
    assert told(page) == "good"
    assert heading(page) == "相符：這份紀錄與其附件與封存時相同"
    context.close()


def test_its_tree_is_the_programs(page: Page) -> None:
    """The browser accepts and refuses the same proofs as the program, and as was published."""
    cases = sorted([*made(), *published()], key=lambda one: one[0] != "inclusion")
    kinds = [
        [one for kind, one, _ in cases if kind == wanted] for wanted in ("inclusion", "consistency")
    ]
    assert page.evaluate(JUDGE, kinds) == [wanted for _, _, wanted in cases]


def test_an_entrys_address_is_enough(page: Page) -> None:
    """A reader pastes an address, in any form, and is told; a foreign or wrong one is refused."""
    for address, verdict in (
        ("gazette/105/105-001/03/", "good"),
        ("gazette/105/105-001/02/index.html", "good"),
        (page.url.replace("verify/", "gazette/105/105-001/01/#art-1"), "good"),
        ("gazette/105/105-001/77/", "bad"),
        ("https://example.net/gazette/105/105-001/01/", "bad"),
        ("/elsewhere/", "bad"),
    ):
        page.fill("#address", address)
        page.click("button")
        assert told(page) == verdict, address
        page.evaluate("document.getElementById('result').dataset.verdict = ''")


def test_the_panel_of_an_entry_leads_there(page: Page) -> None:
    """One step from an entry's page, by keys alone, to its verdict."""
    page.goto(page.url.replace("verify/", "gazette/105/105-001/03/"))
    page.locator(".gb-seal summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="逐字查驗這一則").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/verify/\?entry="))
    assert told(page) == "good"
    assert "號碼 2，封存日期 2016-06-01" in page.locator("#checks").inner_text()


def test_keys_of_ones_own_take_the_place_of_the_sites(page: Page) -> None:
    """A signature counts only by a key that the reader has put there; nonsense is named."""
    page.locator("summary").click()
    for keys, word in (("threshold 1", "採信的金鑰中只有 0 把簽署"), ("PGP", "看不懂的金鑰：PGP")):
        page.fill("#keys", keys)
        page.fill("#address", "gazette/105/105-001/03/")
        page.click("button")
        assert told(page) == "bad"
        assert word in page.locator("#checks").inner_text()
        page.evaluate("document.getElementById('result').dataset.verdict = ''")


def test_files_may_be_dropped(page: Page, built: Path, tmp_path: Path) -> None:
    """What is dropped on the page is checked, a folder by what is in it.

    A record alone proves nothing.
    """
    entry = built / "gazette/105/105-001/02"
    record = entry / "record.json"
    shutil.copy(record, tmp_path)
    page.set_input_files("#files", tmp_path / "record.json")
    assert told(page) == "bad"
    assert "沒有證明檔" in page.locator("#checks").inner_text()
    drop(page, tmp_path / "record.json")
    assert told(page) == "bad"
    drop(page, tmp_path / "record.json", entry / "proof.txt")
    assert (told(page), heading(page)) == ("good", "相符：這份紀錄與封存時相同")
    shutil.copytree(built / "gazette/105/105-001/03", tmp_path / "03")
    drop(page, tmp_path / "03")
    assert (told(page), heading(page)) == ("good", "相符：這份紀錄與其附件與封存時相同")
    (tmp_path / "03/more").mkdir()
    shutil.move(tmp_path / "03/record.json", tmp_path / "03/more")
    drop(page, tmp_path / "03")
    assert (told(page), heading(page)) == ("none", "無法判斷")
    assert "檔案 more/record.json" in page.locator("#unread").inner_text()
    script = """(text) => {
      const held = new DataTransfer();
      held.items.add(new File([text], "record.json"));
      document.getElementById('result').dataset.verdict = '';
      const about = { dataTransfer: held, bubbles: true, cancelable: true };
      document.dispatchEvent(new DragEvent("drop", about));
    }"""
    page.evaluate(script, record.read_text("utf-8"))
    assert told(page) == "bad"


def test_files_are_taken_by_name_and_never_by_content(page: Page, built: Path) -> None:
    """A forged record with the true one as its attachment is bad, whatever the order of files."""
    entry = built / "gazette/105/105-001/03"
    true = (entry / "record.json").read_bytes()
    digest = hashlib.sha256(true).hexdigest()
    listed = f'"attachments":[{{"path":"true.json","sha256":"{digest}","title":"x"}},'
    forged = true.decode().replace("廣場", "廣埸").replace('"attachments":[', listed)
    beside = [
        payload(name, (entry / name).read_bytes()) for name in ("proof.txt", "草案總說明.txt")
    ]
    files = [payload("record.json", forged.encode()), payload("true.json", true), *beside]
    for order in (files, files[::-1]):
        page.set_input_files("#files", order)
        assert (told(page), heading(page)) == ("bad", "不符：下列打叉的各項不能採信")
        assert "證明與這份紀錄不符" in page.locator("#checks").inner_text()
    renamed = [payload("record (1).json", forged.encode()), payload("紀錄.json", true), *beside]
    page.set_input_files("#files", renamed)
    assert (told(page), heading(page)) == ("none", "無法判斷")
    assert "沒有名為 record.json 的檔案" in page.locator("#checks").inner_text()
    twice = [payload("record.json", forged.encode()), payload("record.json", true)]
    page.set_input_files("#files", twice)
    assert (told(page), heading(page)) == ("bad", "無法完成查驗")
    assert "有兩個檔案都叫「record.json」" in page.locator("#checks").inner_text()


def test_a_good_verdict_covers_nothing_that_was_not_read(page: Page, built: Path) -> None:
    """What was given or is named, and was not looked at, is told in a verdict that is not good."""
    entry = built / "gazette/105/105-001/03"
    record, proof = entry / "record.json", entry / "proof.txt"
    page.set_input_files("#files", [record, proof])
    assert (told(page), heading(page)) == ("none", "紀錄與封存時相同，但有未查驗的部分")
    assert "未查驗：附件 草案總說明.txt" in page.locator("#unread").inner_text()
    assert "沒有查驗網頁" in page.locator("#scope").inner_text()
    whole = sorted(entry.iterdir())
    page.set_input_files("#files", [*whole, built / "log/keys.txt"])
    assert told(page) == "none"
    assert "未查驗：檔案 keys.txt" in page.locator("#unread").inner_text()
    page.set_input_files("#files", [*whole, built / "log/leaves.txt"])
    assert told(page) == "good"
    page.set_input_files("#files", entry / "index.html")
    assert (told(page), heading(page)) == ("none", "無法判斷")
    assert "檔案 index.html" in page.locator("#unread").inner_text()


def test_a_page_is_known_by_its_name(page: Page, built: Path) -> None:
    """Blanks before it do not hide a page from comparison; one that cannot be read is bad."""
    entry = built / "gazette/105/105-001/03"
    others = [path for path in sorted(entry.iterdir()) if path.name != "index.html"]
    held = [payload(path.name, path.read_bytes()) for path in others]
    true = b" " * 400 + (entry / "index.html").read_bytes()
    for content, verdict, word in (
        (true, "good", "頁上另有或隱藏的文字、連結與排列，沒有查驗"),
        (true.replace("廣場".encode(), "廣埸".encode()), "bad", "網頁沒有「"),
        (true.decode().encode("utf-16"), "bad", "不是 UTF-8 文字"),
        (b"", "bad", "網頁沒有「"),
    ):
        given = [*held, payload("index.html", content)]
        page.set_input_files("#files", given)
        assert told(page) == verdict
        assert word in page.locator("#checks").inner_text()


def test_what_nobody_has_signed_is_said_first(page: Page) -> None:
    """Before anything is asked, in both languages; a good verdict repeats what it covers."""
    first = page.locator("main > *:nth-child(3)")
    assert "網站其餘的一切沒有人簽署，本頁不能擔保" in first.inner_text()
    assert "Nobody has signed the rest of the site" in first.locator("[lang=en]").inner_text()
    page.fill("#address", "gazette/105/105-001/03/")
    page.click("button")
    assert told(page) == "good"
    scope = page.locator("#scope")
    assert "只及於簽署過的紀錄與附件。網頁只查過有沒有紀錄的文字" in scope.inner_text()
    assert "It covers only what is signed" in scope.locator("[lang=en]").inner_text()


def test_nothing_is_taken_from_what_the_browser_kept(page: Page) -> None:
    """Each file is asked of the site anew."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 -- a method of Python's own cannot be a listener
    page.fill("#address", "gazette/105/105-001/03/")
    page.click("button")
    assert told(page) == "good"
    fetches = [request for request in asked if request.resource_type == "fetch"]
    assert len(fetches) == 8
    assert {one.all_headers().get("cache-control") for one in fetches} == {"no-cache"}


def test_a_key_with_the_id_of_another_is_refused(page: Page) -> None:
    """As the program does, the page takes a key by its own digest."""
    page.locator("summary").click()
    true = page.locator("#keys").input_value()
    page.fill("#keys", re.sub(r"\+[0-9a-f]{8}\+", "+00000000+", true))
    page.fill("#address", "gazette/105/105-001/03/")
    page.click("button")
    assert told(page) == "bad"
    assert "金鑰代號不符" in page.locator("#checks").inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_verdict_is_readable(
    browser: Browser, built: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No rule of WCAG is broken by a verdict; it is in sight, and nothing is wider than a phone."""
    entry = built / "gazette/105/105-001/03"
    whole = sorted(entry.iterdir())
    with serving(built, "/") as address:
        view: ViewportSize = {"width": width, "height": 800}
        page = browser.new_page(viewport=view, color_scheme=scheme)
        page.goto(f"{address}verify/")
        for files, verdict in (
            (whole, "good"),
            ([*whole[:1], *whole[2:]], "bad"),
            ([*whole, built / "log/keys.txt"], "none"),
        ):
            page.evaluate("scrollTo(0, 0)")
            page.set_input_files("#files", files)
            assert told(page) == verdict
            expect(page.locator("#verdict")).to_be_in_viewport()
            found = Axe().run(page, options=RULES).response["violations"]
            assert [one["id"] for one in found] == []
            assert page.evaluate(WIDER) == 0
        page.close()

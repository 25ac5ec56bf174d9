"""The page that checks records: its tree is the program's, its words lead a reader through."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import serving
from conftest import build_site
from playwright.sync_api import Browser, Page
from sealing import sealed

from generator.host.policy import policy
from generator.ledger.merkle import Tree, leaf_hash
from generator.publishing.disk import remove_tree

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
    page.set_input_files("#files", [entry / "record.json", entry / "proof.txt"])
    assert told(page) == "good"
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
    """What is dropped on the page is checked; a record alone proves nothing."""
    record = built / "gazette/105/105-001/02/record.json"
    shutil.copy(record, tmp_path)
    page.set_input_files("#files", tmp_path / "record.json")
    assert told(page) == "bad"
    assert "沒有證明檔" in page.locator("#checks").inner_text()
    script = """(text) => {
      const held = new DataTransfer();
      held.items.add(new File([text], "record.json"));
      document.getElementById('result').dataset.verdict = '';
      const about = { dataTransfer: held, bubbles: true, cancelable: true };
      document.dispatchEvent(new DragEvent("drop", about));
    }"""
    page.evaluate(script, record.read_text("utf-8"))
    assert told(page) == "bad"

"""`mkdocs serve` shows an edit in the browser, and keeps the last good page when one is broken."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from browsing import Visit
from plain_mkdocs import environment, put_settings
from playwright.sync_api import Browser, expect
from sample_sites import ScratchSite

from generator.commands._http import LOOPBACK

ENTRY = "gazette/105/105-001/01.yaml"
PATIENCE = 60
"""Seconds for what takes two on a machine that does nothing else."""


@dataclass
class Serving:
    """A running `mkdocs serve`: its address, and what it says line by line."""

    address: str
    lines: queue.Queue[str]
    heard: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> str:
        """All that was said up to and with a line that has these words."""
        before = len(self.heard)
        while words not in "".join(self.heard[before:]):
            self.heard.append(self.lines.get(timeout=PATIENCE))
        return "".join(self.heard[before:])


@pytest.fixture
def served(scratch_site: ScratchSite, tmp_path: Path) -> Iterator[Serving]:
    """The minimal site before its issue's day, as MkDocs serves it."""
    scratch_site({})
    put_settings(tmp_path)
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        address = f"{LOOPBACK}:{free.getsockname()[1]}"
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "mkdocs", "serve", "--dev-addr", address],
        cwd=tmp_path,
        env=environment(date(2016, 1, 4)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    output = running.stdout
    assert output
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in output:
            lines.put(line)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        serving = Serving(f"http://{address}/", lines)
        serving.wait_for("Serving on")
        yield serving
    finally:
        running.terminate()
        running.wait()
        reader.join()
        output.close()


def test_an_edit_is_shown_and_a_broken_one_is_not(
    served: Serving, browser: Browser, tmp_path: Path
) -> None:
    """The page reloads by itself; with an error it stays, and the terminal has our message.

    What waits for its day is shown, as `gongbao serve` shows it.
    """
    entry = tmp_path / "content" / ENTRY
    text = entry.read_text("utf-8")
    context = browser.new_context(locale="zh-TW")
    context.set_default_timeout(PATIENCE * 1000)
    visit = Visit(context.new_page(), served.address)
    visit.page.on("console", lambda said: visit.complaints.append(said.text))
    page = visit.open("gazette/105/105-001/01/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("訂定檔案要點")
    entry.write_text(text.replace("訂定檔案要點", "修正檔案要點"), "utf-8")
    expect(heading).to_have_text("修正檔案要點", timeout=PATIENCE * 1000)
    entry.write_text(text.replace("title:", "titel:"), "utf-8")
    said = served.wait_for("畫面仍是最後一次正確的內容。")
    assert f"content/{ENTRY}:1:1: " in said
    assert "[field-unknown]" in said
    assert "Traceback" not in said
    other = context.new_page()
    other.goto(page.url)  # MkDocs answers once its build has ended
    expect(other.get_by_role("heading", level=1)).to_have_text("修正檔案要點")
    expect(heading).to_have_text("修正檔案要點")
    entry.write_text(text.replace("訂定檔案要點", "廢止檔案要點"), "utf-8")
    expect(heading).to_have_text("廢止檔案要點", timeout=PATIENCE * 1000)
    assert [words for words in visit.complaints if "live reload" not in words] == []
    context.close()

"""Files beside records have a limit, and whatever their size little of them is in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder, options
from sealing import SETTINGS, put_settings, sealed, stopping_problems

from generator.build.bundles.bundle import Bundle, NewBundle
from generator.build.bundles.store import BundleStore
from generator.build.options import Built
from generator.content.files import PICTURE_LIMIT, Files, offered
from generator.content.messages import worded
from generator.content.model import Copy
from generator.content.photo_metadata import PNG
from generator.pipeline import build
from generator.release.manifest import digest_of

ENTRY = "gazette/105/105-001/01.yaml"
FOLDER = "gazette/105/105-001/01"
ATTACHED = f"{FOLDER}/附表.zip"
MEGABYTE = 1024 * 1024
ZIP, NAMED = b"PK\x03\x04", "attachments: [{path: 附表.zip, title: 附表}]\n"


def with_file(size: int, scratch_site: ScratchSite, more: str = "") -> Path:
    """The minimal site, whose entry has an attachment of so many bytes."""
    texts = {ENTRY: MINIMAL[ENTRY] + NAMED, "site.yaml": MINIMAL["site.yaml"] + more}
    content = scratch_site({**texts, ATTACHED: ZIP})
    with (content / ATTACHED).open("r+b") as file:
        file.truncate(size)
    return content


def test_a_file_beyond_the_limit_is_named(scratch_site: ScratchSite) -> None:
    """File, size, limit and the way out; a file of just that size is accepted."""
    content = with_file(2 * MEGABYTE + 1, scratch_site, "attachment_limit: 2\n")
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.detail) == ("file-large", "attachment")
    assert problem.origin.path == ATTACHED
    said = worded(problem, "zh-TW")
    assert said.sentence == "附檔有 2.1 MB，超過上限 2 MB。"
    assert "site.yaml 的 attachment_limit" in said.remedy
    assert worded(problem, "en").sentence == "The attachment has 2.1 MB; the limit is 2 MB."
    with_file(2 * MEGABYTE, scratch_site, "attachment_limit: 2\n")
    assert examine_folder(content).problems == ()


def test_the_limit_is_a_hundred_megabytes_unless_the_site_says_otherwise(
    scratch_site: ScratchSite,
) -> None:
    """The default, and a higher limit that a site sets."""
    content = with_file(100 * MEGABYTE + 1, scratch_site)
    (problem,) = examine_folder(content).problems
    assert worded(problem, "zh-TW").sentence == "附檔有 100.1 MB，超過上限 100 MB。"
    with_file(100 * MEGABYTE, scratch_site)
    assert examine_folder(content).problems == ()
    with_file(100 * MEGABYTE + 1, scratch_site, "attachment_limit: 101\n")
    assert examine_folder(content).problems == ()


@pytest.mark.parametrize(
    ("limit", "detail"),
    [("0", "whole"), ("-1", "whole"), ("1.5", "whole"), ("100 MB", "bare"), ("many", "whole")],
)
def test_a_limit_is_a_whole_number(limit: str, detail: str, scratch_site: ScratchSite) -> None:
    """Anything else is refused at its line."""
    content = scratch_site({"site.yaml": f"{MINIMAL['site.yaml']}attachment_limit: {limit}\n"})
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.detail) == ("number-invalid", detail)
    assert problem.origin.field == "attachment_limit"


def test_a_picture_that_nothing_could_open_is_named(scratch_site: ScratchSite) -> None:
    """A picture has to be whole in memory: it has a limit of its own, which no site raises."""
    content = scratch_site(
        {
            ENTRY: f"{MINIMAL[ENTRY]}attachments: [{{path: 圖.png, title: 圖}}]\n",
            "site.yaml": f"{MINIMAL['site.yaml']}attachment_limit: 500\n",
            f"{FOLDER}/圖.png": PNG,
        }
    )
    with (content / FOLDER / "圖.png").open("r+b") as file:
        file.truncate(PICTURE_LIMIT + 1)
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.origin.path) == ("file-large", f"{FOLDER}/圖.png")
    assert worded(problem, "zh-TW").sentence == "圖片有 100.1 MB，超過圖片的上限 100 MB。"


def test_a_limit_that_is_changed_counts_at_once(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """What an earlier build remembers of a file is no reason to accept or to refuse it."""
    content = with_file(2 * MEGABYTE, scratch_site)

    def built(limit: int) -> Built:
        text = f"{MINIMAL['site.yaml']}attachment_limit: {limit}\n"
        (content / "site.yaml").write_text(text, "utf-8")
        return build(options(content, tmp_path), lambda stage: None)

    assert built(2).release is not None
    refused = built(1)
    assert refused.release is None
    assert [problem.code for problem in refused.examined.problems] == ["file-large"]
    assert built(2).release is not None


def test_a_sealed_entry_whose_file_is_too_large_is_not_called_changed(tmp_path: Path) -> None:
    """Who lowers the limit is told of the file, and of nothing that did not happen."""
    entry = "gazette/105/105-001/02.yaml"
    text = (Path(__file__).parents[1] / "sites/full" / entry).read_text("utf-8") + NAMED
    zipped = f"{entry.removesuffix('.yaml')}/附表.zip"
    chosen = sealed(tmp_path, {entry: text, zipped: ZIP + bytes(MEGABYTE)})
    assert stopping_problems(chosen) == []
    put_settings(chosen.content, f"{SETTINGS}attachment_limit: 1\n")
    assert [(p.code, p.origin.path) for p in stopping_problems(chosen)] == [("file-large", zipped)]


LARGE = 48 * MEGABYTE


def _looked_at(content: Path, _: Path) -> None:
    assert Files(content).attachment("large.zip").size == LARGE


def _offered(content: Path, _: Path) -> None:
    assert sum(map(len, offered(content, "large.zip"))) == LARGE


def _sealed_and_read(content: Path, work: Path) -> None:
    digest = digest_of(content / "large.zip")
    copy = Copy(address="a/large.zip", source="large.zip", digest=digest)
    bundle = Bundle(files={copy.address: digest}, copies=(copy,))
    store = BundleStore(work, content, bytes(32))
    made = store.write(NewBundle(bundle=bundle, site={}, items={}))
    assert store.is_intact(made.folder)


@pytest.mark.parametrize("step", [_looked_at, _offered, _sealed_and_read])
def test_little_of_a_large_file_is_in_memory(
    step: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    """Looking, copying and comparing take pieces of a file, not the whole of it."""
    (tmp_path / "content").mkdir()
    (tmp_path / "build").mkdir()
    with (tmp_path / "content/large.zip").open("wb") as file:
        file.write(ZIP)
        file.truncate(LARGE)
    tracemalloc.start()
    try:
        step(tmp_path / "content", tmp_path / "build")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LARGE // 8


def test_a_long_word_file_is_searched_in_pieces(tmp_path: Path) -> None:
    """A DOCX tells what it is only somewhere inside, and is not read whole for it."""
    with (tmp_path / "large.docx").open("wb") as file:
        file.write(ZIP)
        file.truncate(LARGE)
    tracemalloc.start()
    try:
        offer = Files(tmp_path).attachment("large.docx")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert offer.fault == "content"
    assert peak < LARGE // 8

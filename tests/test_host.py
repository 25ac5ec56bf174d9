"""What the host loses in silence is found out, and its clock does not matter."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs
from plain_mkdocs import PLAIN, mkdocs, mkdocs_of_markdown, put_settings, site_files
from sample_sites import SITES, build_site, files_below

from generator.build.examine import examine
from generator.build.expected_site import Expected, declare, make_anew
from generator.build.markdown_export import DOCS
from generator.build.options import Options
from generator.build.verify import verify
from generator.content.model import Problem
from generator.output.mkdocs.nav import NAV_FILE


def test_the_hosts_own_clock_does_not_matter(full_site: Options, tmp_path: Path) -> None:
    """MkDocs itself run more than a year later makes the release's files, byte for byte.

    Its clock is false, that of the build was not.
    """
    faketime = shutil.which("faketime")
    assert faketime, "the program faketime is missing; .ci/machine installs it"
    later = (faketime, "-f", "+398d")
    year = subprocess.run(
        [*later, sys.executable, "-c", "import time; print(time.time())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(year.stdout) - time.time() > 397 * 86400
    shutil.copytree(full_site.content, tmp_path / "content")
    put_settings(tmp_path)
    done = mkdocs(tmp_path, prefix=later)
    assert done.returncode == 0, done.stdout
    assert site_files(tmp_path / PLAIN) == site_files(full_site.site)


@pytest.fixture
def expected(full_site: Options) -> Expected:
    """What the full site must hold."""
    site = examine(full_site).site
    assert site is not None
    return declare(site, full_site.loader)


def copied_docs(site: Options, root: Path) -> Path:
    """The written Markdown, to be damaged."""
    docs = root / "docs"
    for name, path in files_below(site.work / DOCS).items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_bytes(path.read_bytes())
    return docs


def by_path(faults: list[Problem]) -> dict[str, set[str]]:
    """The codes found, by file."""
    paths = {fault.origin.path for fault in faults}
    return {path: {f.code for f in faults if f.origin.path == path} for path in paths}


def faults_of(target: Path, expected: Expected, site: Options) -> list[Problem]:
    """What is wrong with a site that the host made; beside our own assets it leaves its theme's."""
    faults = verify(target, make_anew(expected, site))
    foreign = ("verify-undeclared", "assets")
    return [p for p in faults if (p.code, p.origin.path.partition("/")[0]) != foreign]


def run_plain(site: Options, docs: Path, target: Path) -> None:
    """Has MkDocs make a site of a folder of Markdown, with the navigation of another."""
    done = mkdocs_of_markdown(docs, site.work / NAV_FILE, target)
    assert done.returncode == 0, done.stdout
    (target / "sitemap.xml.gz").unlink()


def test_what_the_host_loses_in_silence_is_found(
    full_site: Options, expected: Expected, tmp_path: Path
) -> None:
    """The host succeeds on damaged Markdown; verification names every page that came out wrong.

    A damaged header is dropped, a bare text is read as Markdown, a file of Markdown too many
    becomes a page, a page without its file does not come out.
    """
    docs = copied_docs(full_site, tmp_path)
    damage: Mapping[str, tuple[str, str]] = {
        "pages/about/index.md": ("title: ", "title: : "),
        "visits/105/index.md": ("---\n", "--\n"),
        "statistics/fleet/index.md": ("\n---\n<div", "\n---\n*a* 3. <b>x</b>\n\n    <div"),
        "gazette/105/index.md": ("updated: ", "updated: 1999-01-01 #"),
    }
    for name, (old, new) in damage.items():
        text = (docs / name).read_text(encoding="utf-8")
        assert old in text
        (docs / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (docs / "pages/more.md").write_text("# 更多\n", encoding="utf-8")
    (docs / "partners/hachioji/index.md").unlink()
    run_plain(full_site, docs, tmp_path / "out")
    codes = by_path(faults_of(tmp_path / "out", expected, full_site))
    assert codes["pages/about/index.html"] >= {"verify-head"}
    assert codes["visits/105/index.html"] >= {"verify-head"}
    assert codes["statistics/fleet/index.html"] == {"verify-content"}
    assert codes["sitemap.xml"] == {"verify-sitemap"}
    assert codes["pages/more/index.html"] == {"verify-undeclared"}
    assert codes["partners/hachioji/index.html"] == {"verify-missing"}


def test_a_block_that_the_host_would_alter_is_found(
    full_site: Options, expected: Expected, tmp_path: Path
) -> None:
    """A block with a tab, which Markdown expands, is named: no page differs unseen."""
    docs = copied_docs(full_site, tmp_path)
    page = "gazette/105/105-001/01/index"
    text = (docs / f"{page}.md").read_text(encoding="utf-8")
    header, block = text.split("\n---\n", 1)
    tabbed = block.replace("特訂定", "特\t訂定", 1).rstrip("\n")
    (docs / f"{page}.md").write_text(f"{header}\n---\n{tabbed}\n", encoding="utf-8")
    run_plain(full_site, docs, tmp_path / "out")
    wanted = structs.replace(
        expected,
        pages=tuple(
            (planned, tabbed if planned.path == f"{page}.md" else block)
            for planned, block in expected.pages
        ),
    )
    codes = by_path(faults_of(tmp_path / "out", wanted, full_site))
    assert codes == {f"{page}.html": {"verify-content"}}


def test_the_release_holds_nothing_of_the_hour(full_site: Options) -> None:
    """No file of the release is stamped with the moment of its building."""
    names = {path.name for path in files_below(full_site.site).values()}
    assert "sitemap.xml.gz" not in names
    assert "<lastmod>2016-06-01" not in (full_site.site / "sitemap.xml").read_text("utf-8")


def test_hostile_texts_pass_the_host_unchanged(tmp_path: Path) -> None:
    """Signs that Markdown, HTML or a template would eat stand in the finished page."""
    built = build_site(SITES / "unicode", tmp_path)
    assert built.faults == ()

"""`mkdocs build` makes of a content folder what `gongbao build` publishes, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from plain_mkdocs import PLAIN, mkdocs, put_settings, site_files
from sample_sites import SITES, ScratchSite, build_site, options
from sealing import RELEASE_KEY, sealed, signed_releases

from generator.build.verify import verify_site
from generator.output.mkdocs.host_settings import settings_key
from generator.pipeline import build
from generator.release.root_list import INDEX, OUTSIDE, PARTS

ENTRY = "gazette/105/105-001/01.yaml"


def _copied(root: Path) -> None:
    shutil.copytree(SITES / "full", root / "content")


@pytest.mark.parametrize("make", [_copied, sealed], ids=["unsealed", "sealed"])
def test_mkdocs_makes_the_published_files(make: Callable[[Path], object], tmp_path: Path) -> None:
    """The same files with the same bytes, none more and none fewer, whatever is built first."""
    make(tmp_path)
    put_settings(tmp_path)
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout
    made = site_files(tmp_path / PLAIN)
    build_site(tmp_path / "content", tmp_path)  # the same work folder, which MkDocs came to first
    published = site_files(tmp_path / "site")
    assert sorted(made) == sorted(published)
    assert [name for name in made if made[name] != published[name]] == []
    assert ("manifest.sha256" in made) == (make is sealed)


def test_the_list_of_a_signed_release_is_the_same_by_both_doors(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """MkDocs makes all parts of the list, with the same bytes; what it lacks is the signature."""
    scratch_site({})
    chosen = signed_releases(tmp_path)
    put_settings(tmp_path)
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout
    made = site_files(tmp_path / PLAIN)
    assert build(replace(chosen, release_key=RELEASE_KEY), lambda _: None).release
    published = site_files(tmp_path / "site")
    assert published.keys() - made.keys() == {*OUTSIDE}
    assert [name for name in made if made[name] != published.get(name)] == []
    assert made.keys() >= {*PARTS, INDEX}


def test_an_error_leaves_what_mkdocs_made_before(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """The message is ours, the exit code 1, and the files of the last build stay."""
    content = scratch_site({})
    put_settings(tmp_path)
    assert mkdocs(tmp_path).returncode == 0
    before = site_files(tmp_path / PLAIN)
    text = (content / ENTRY).read_text("utf-8")
    (content / ENTRY).write_text(text.replace("title:", "titel:"), "utf-8")
    done = mkdocs(tmp_path)
    assert done.returncode == 1
    assert f"content/{ENTRY}:1:1: " in done.stdout
    assert "[field-unknown]" in done.stdout
    assert "內容有 2 個錯誤，未產生網站；請依上列說明修正。" in done.stdout
    assert "Traceback" not in done.stdout
    assert site_files(tmp_path / PLAIN) == before


def test_a_site_of_its_own_theme_is_the_same_by_both_doors(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """A `custom_dir` stands before our theme, by either command; its edit makes a new site.

    `verify` makes the pages of the same theme.
    """
    content = scratch_site({})
    own = tmp_path / "own"
    (own / "assets/styles").mkdir(parents=True)
    (own / "partials").mkdir()
    (own / "assets/styles/tokens.css").write_text(":root { --city: 1; }", "utf-8")
    (own / "assets/seal.svg").write_text("<svg/>", "utf-8")
    (own / "partials/footer.html").write_text("<footer>自訂</footer>", "utf-8")
    theme = {"name": "material", "custom_dir": "own", "favicon": "assets/seal.svg"}
    put_settings(tmp_path, theme=theme, extra={"city": "甲"})
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout
    made = site_files(tmp_path / PLAIN)
    build_site(content, tmp_path)
    assert site_files(tmp_path / "site") == made
    assert made["assets/seal.svg"] == b"<svg/>"
    assert b":root{--city:1}" in made["assets/site.css"]
    assert "<footer>自訂</footer>".encode() in made["index.html"]
    assert b"assets/seal.svg" in made["index.html"]
    assert verify_site(options(content, tmp_path)).faults == ()
    (own / "partials/footer.html").write_text("<footer>又改</footer>", "utf-8")
    build_site(content, tmp_path)
    assert "<footer>又改</footer>".encode() in site_files(tmp_path / "site")["index.html"]


def test_short_settings_are_enough(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """Whoever writes `mkdocs.yml` by hand needs four lines: the rest is the plugin's."""
    content = scratch_site({})
    lines = "site_name: x\ndocs_dir: content\nsite_dir: build/plain\ntheme: material\n"
    (tmp_path / "mkdocs.yml").write_text(f"{lines}plugins: [gongbao]\n", "utf-8")
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout
    build_site(content, tmp_path / "other")
    assert site_files(tmp_path / PLAIN) == site_files(tmp_path / "other/site")


def test_what_a_site_sets_for_itself_is_part_of_its_key(tmp_path: Path) -> None:
    """The packaged settings count as none; an inherited file and a theme's file count."""
    keys = [settings_key(tmp_path / "content")]
    put_settings(tmp_path)
    assert settings_key(tmp_path / "content") == keys[0] == b""
    (tmp_path / "above.yml").write_text("extra: {a: 1}\n", "utf-8")
    put_settings(tmp_path, INHERIT="above.yml", theme={"name": "material", "custom_dir": "own"})
    keys.append(settings_key(tmp_path / "content"))
    (tmp_path / "above.yml").write_text("extra: {a: 2}\n", "utf-8")
    keys.append(settings_key(tmp_path / "content"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own/a.css").write_text("a", "utf-8")
    keys.append(settings_key(tmp_path / "content"))
    (tmp_path / "own/a.css").write_text("b", "utf-8")
    keys.append(settings_key(tmp_path / "content"))
    assert len(set(keys)) == 5


@pytest.mark.parametrize("target", ["site", "build", "build/releases", "copy"])
def test_a_folder_of_publication_is_refused(
    target: str, scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """MkDocs empties its target: not a published site, told by its mark, nor the work folder."""
    content = scratch_site({})
    put_settings(tmp_path)
    build_site(content, tmp_path)
    copies = replace(options(content, tmp_path), site=tmp_path / "copy", way="in-place")
    assert build(copies, lambda stage: None).release
    before = site_files(tmp_path)
    done = mkdocs(tmp_path, "--site-dir", target)
    assert done.returncode == 1
    assert f"「{target}」是 gongbao 發布網站所用的資料夾" in done.stdout
    assert site_files(tmp_path) == before


@pytest.mark.parametrize(
    ("settings", "day", "words"),
    [
        ({"docs_dir": "empty"}, "2016-06-01", "「empty」沒有 site.yaml，不是網站的內容；"),
        ({}, "soon", "GONGBAO_AS_OF 不是日期：soon（"),
        ({"theme": "mkdocs"}, "2016-06-01", "請依下列說明修正 mkdocs.yml：theme.name: mkdocs → "),
        (
            {"docs_dir": "empty", "plugins": [{"gongbao": {"lang": "en"}}]},
            "2016-06-01",
            "“empty” has no site.yaml, so it is no site's content:",
        ),
    ],
    ids=["no content", "no day", "other theme", "English"],
)
def test_what_cannot_be_built_is_said_in_a_sentence(
    settings: dict[str, object], day: str, words: str, scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """Whatever is missing, MkDocs ends with code 1 and our words, and no target is there."""
    scratch_site({})
    (tmp_path / "empty").mkdir()
    put_settings(tmp_path, **settings)
    done = mkdocs(tmp_path, more={"GONGBAO_AS_OF": day})
    assert done.returncode == 1
    assert words in done.stdout
    assert "Traceback" not in done.stdout
    assert not (tmp_path / PLAIN).exists()


def test_other_plugins_are_named(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """Beside others the two commands differ: a line says so, and `--strict` does not count it."""
    scratch_site({})
    put_settings(tmp_path, plugins=["gongbao", "search"], hooks=["a_hook.py"])
    (tmp_path / "a_hook.py").write_text("", "utf-8")
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "mkdocs.yml 另有外掛：material/search、a_hook.py；gongbao build 不執行" in done.stdout

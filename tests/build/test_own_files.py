"""The site's own files stand on it, in its list and in what `verify` compares, dot names too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from publishing import manifest_of
from sample_sites import ScratchSite, build_site, options

from generator.build.options import Options
from generator.build.verify import verify_site
from generator.pipeline import build
from generator.release.manifest import listed

SECURITY = ".well-known/security.txt"
NAMES = {SECURITY, ".nojekyll", "CNAME", "favicon.svg", "logo.svg", "robots.txt"}


def published_copy(content: Path, root: Path) -> Options:
    """The site of a content folder as a folder of copies."""
    chosen = replace(options(content, root), way="in-place")
    assert build(chosen, lambda stage: None).release is not None
    return chosen


def test_they_stand_on_the_site_and_in_its_list(full_site: Options) -> None:
    """Each as it lies in the content, at the root, and in the list of the release."""
    site = full_site.site
    names = listed(manifest_of(site).read_text("utf-8"))
    assert names.keys() >= NAMES
    for name in NAMES:
        assert (site / name).read_bytes() == (full_site.content / "static" / name).read_bytes()
    assert verify_site(full_site).faults == ()


def test_a_site_without_one_tells_robots_where_its_sitemap_is(moved_site: Path) -> None:
    """Everything may be fetched, on a demonstration too: else no page could say `noindex`."""
    assert (moved_site / "robots.txt").read_text("utf-8") == (
        "User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\n"
    )


def test_a_copy_is_compared_with_its_dot_names(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """A server's own dot names are none of the site's; one of ours is found altered or removed."""
    content = scratch_site({"static/.well-known/security.txt": "Contact: mailto:a@city.example\n"})
    chosen = published_copy(content, tmp_path)
    ours, theirs = chosen.site / SECURITY, chosen.site / ".well-known/acme-challenge/a"
    theirs.parent.mkdir()
    theirs.write_text("a", "utf-8")
    assert verify_site(chosen).faults == ()
    ours.chmod(0o644)
    ours.write_text("Contact: mailto:a@evil.example\n", "utf-8")
    assert [(p.code, p.origin.path) for p in verify_site(chosen).faults] == [
        ("verify-altered", SECURITY)
    ]
    ours.unlink()
    assert [(p.code, p.origin.path) for p in verify_site(chosen).faults] == [
        ("verify-missing", SECURITY)
    ]
    published_copy(content, tmp_path)
    assert ours.exists()
    (content / "static/.well-known/security.txt").unlink()
    published_copy(content, tmp_path)
    assert not ours.exists()
    assert theirs.exists()


def test_a_file_that_changes_is_published_anew(scratch_site: ScratchSite, tmp_path: Path) -> None:
    """A new text, a file more, a file less: each build shows what lies in the folder."""
    content = scratch_site({"static/CNAME": "a.example"})
    build_site(content, tmp_path)
    (content / "static/CNAME").write_text("b.example", "utf-8")
    (content / "static/robots.txt").write_text("User-agent: *\n", "utf-8")
    build_site(content, tmp_path)
    assert (tmp_path / "site/CNAME").read_text("utf-8") == "b.example"
    assert (tmp_path / "site/robots.txt").read_text("utf-8") == "User-agent: *\n"
    shutil.rmtree(content / "static")
    build_site(content, tmp_path)
    assert not (tmp_path / "site/CNAME").exists()
    assert "Sitemap" in (tmp_path / "site/robots.txt").read_text("utf-8")

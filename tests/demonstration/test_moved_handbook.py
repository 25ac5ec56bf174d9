"""The handbook stood among the pages of this site: its old addresses lead on, on any host."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from sample_sites import examine_folder, options

from generator.build.expected_site import declare

PROJECT = Path(__file__).resolve().parents[2]
CHAPTERS = ("start", "kinds", "dates", "relations", "messages", "figures", "reports")


def test_every_old_address_leads_to_its_chapter() -> None:
    """A page leads on where there is no server of ours, and a line of each table where there is."""
    content = PROJECT / "content"
    site = examine_folder(content).site
    assert site is not None
    expected = declare(site, options(content, PROJECT).loader)
    files = {
        artifact.address: artifact.content.decode(errors="replace")
        for artifact in expected.artifacts
    }
    pages = {page.address for page, _ in expected.pages}
    assert "pages/about/" in files["sitemap.xml"]
    assert "handbook" not in files["sitemap.xml"]
    for name in CHAPTERS:
        old, new = f"pages/handbook-{name}/", f"handbook/{name}/"
        assert new in pages
        assert old not in pages
        (way,) = re.findall(
            r'http-equiv="refresh" content="0; url=(.*?)"', files[f"{old}index.html"]
        )
        assert f"{posixpath.normpath(old + way)}/" == new
        assert f"/gongbao/{old} /gongbao/{new} 301\n" in files["_redirects"]
        assert f'"example.org/gongbao/{old}" "/gongbao/{new}";\n' in files["redirects.map"]

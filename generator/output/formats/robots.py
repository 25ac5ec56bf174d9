"""The file robots.txt: everything may be fetched, and where the sitemap is.

A demonstration keeps search engines away by `noindex` in its pages: a page that must not be fetched
could not say so, and would be listed by its address alone.
"""

from __future__ import annotations

from generator.content.model import Artifact
from generator.content.static_files import ROBOTS
from generator.output.formats.sitemap import SITEMAP


def robots(base_url: str) -> Artifact:
    """The file for a site at an address."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {base_url}{SITEMAP}\n"
    return Artifact(address=ROBOTS, content=text.encode())

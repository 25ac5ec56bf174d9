"""`nav.yml`: what the host must know of the site, for `mkdocs.yml` to inherit.

The navigation holds sections alone, so that no page's cost grows with the archive.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import yaml

from generator.host.policy import lost_policy, policy
from generator.kind import Site
from generator.model import Artifact, Entrance
from generator.text.dates import roc

NAV_FILE = "nav.yml"


def navigation(entrances: Iterable[Entrance], site: Site) -> Artifact:
    """The host's inherited settings: name, address, navigation, what the theme shows.

    The theme prints them as they come, so they are escaped here.
    """
    settings = site.settings
    inherited = {
        "site_name": escape(settings.title),
        "site_url": settings.base_url,
        "site_author": escape(settings.publisher.name),
        "site_description": escape(settings.description),
        "nav": [{entrance.label: f"{entrance.address}index.md"} for entrance in entrances],
        "extra": {
            "official": settings.official,
            "as_of": site.as_of.isoformat(),
            "as_of_words": roc(site.as_of),
            "repository": settings.repository,
            "publisher": escape(settings.publisher.name),
            "policy": policy(),
            "lost_policy": lost_policy(),
        },
    }
    text = yaml.safe_dump(inherited, allow_unicode=True, sort_keys=False, width=10_000)
    return Artifact(address=NAV_FILE, content=text.encode())

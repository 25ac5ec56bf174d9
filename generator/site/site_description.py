"""The file `site.json`: what the site says of itself on every page, as its settings have it.

Programs find the publisher, the contact and the licence here; an audit of a copy reads from it what
stands in the frame of each page.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from generator.content.model import Artifact
from generator.content.record import specs
from generator.content.static_files import icon_of
from generator.site.kind import Site

SITE_JSON = "site.json"
FRAME = ("repository", "contact", "licence", "logo", "links", "handbook")
"""The settings that stand in the frame of every page and in no record."""
_FIELDS = (
    *("title", "title_en", "description", "description_en", "base_url", "publisher", "official"),
    *FRAME,
)


def site_description(site: Site) -> Artifact:
    """The file for a site."""
    fields = _typed(site.settings)
    values = {name: fields[name] for name in _FIELDS if name in fields}
    values |= {"icon": icon} if (icon := icon_of(site.files)) else {}
    text = json.dumps(values, ensure_ascii=False, indent=1)
    return Artifact(address=SITE_JSON, content=f"{text}\n".encode())


def _typed(value: Any) -> Any:
    """A value of the settings as an editor may type it, in JSON's types."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return [_typed(inner) for inner in value]
    pairs = ((spec, getattr(value, spec.attribute)) for spec in specs(type(value)))
    return {spec.name: _typed(inner) for spec, inner in pairs if inner not in (None, "", ())}

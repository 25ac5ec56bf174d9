"""The newsletter's pages and mails, for a site that has one; its contents are the gazette's."""

from __future__ import annotations

from generator.content.model import Entrance
from generator.kinds.gazette.newsletter import INDEX, NAME, letter, newsletter_pages
from generator.site.kind import View

VIEW = View(
    name="newsletter",
    label=NAME,
    label_en="Newsletter",
    pages=newsletter_pages,
    letter=letter,
    entrances=(Entrance(label=NAME, address=INDEX),),
    has=lambda settings: settings.newsletter is not None,
)

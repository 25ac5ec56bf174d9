"""Where readers report a mistake on a page, with the page's name filled in.

It is the office's own form if it has one, else the file in the repository, else an e-mail.  An
official site has a form or an address for mail, so that the link never leads nowhere.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from generator.content.files import SITE_FILE
from generator.content.settings import Settings
from generator.text.translations import words_of
from generator.text.urls import absolute, language_of

_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
TITLE = 60
"""The most characters of a title in a subject; encoded, each may take nine."""


def report_link(settings: Settings, title: str, address: str, source: str = "") -> str:
    """The link for a page with this title and address, "" if the site has no way to report.

    `source` is the page's content file; a page made of many files has none.
    """
    contact, page = settings.contact, absolute(settings.base_url, address)
    mail = mail_of(settings)
    if contact and contact.report:
        return contact.report + quote(page, safe="")
    if settings.repository and (source or not mail):
        return settings.repository + quote(source or SITE_FILE)
    if not mail:
        return ""
    short = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
    form: str = words_of(language_of(address))["frame"]["report_subject"]
    subject = quote(form.format(title=short, url=page), safe="")
    return f"mailto:{quote(mail, safe='@')}?subject={subject}"


def mail_of(settings: Settings) -> str:
    """The site's address for mail: that of its contact, else the first in the contact's text."""
    contact = settings.contact
    if contact is None:
        return ""
    written = _MAIL.search(contact.note)
    return contact.mail or (written[0] if written else "")

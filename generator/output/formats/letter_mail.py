"""Renders a letter as a mail: text and HTML of the same entries; same letter, same bytes.

Clients differ in what they show, so the HTML is one column of plain tables with inlined styles, and
loads nothing.  Some cut mails off near 100 kB: a longer letter has fewer lines an entry, then fewer
entries, and says how many are missing.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from urllib.parse import urlsplit

from jinja2 import BaseLoader
from msgspec import Struct, structs

from generator.content.model import Letter, LetterPart
from generator.content.settings import Newsletter, Settings
from generator.output.templates_loader import new_environment
from generator.text.dates import TAIPEI, roc
from generator.text.urls import absolute, server_name

LIMIT = 100_000
"""The most bytes of a mail."""
_HEADERS = 400
"""Space in it for the receiver's address and what servers on the way add first."""
_SENT_AT = time(8, tzinfo=TAIPEI)
_UNNAMED = "undisclosed-recipients:;"
"""The receiver of a mail that a list server takes (RFC 5322, section 3.4)."""


class ClosingLine(Struct, frozen=True, kw_only=True):
    """A line at the end of a letter: its text, and a link that follows it."""

    text: str
    href: str = ""

    @property
    def shown(self) -> str:
        """The link as readers see it: of one to mail the address alone."""
        if not self.href.startswith("mailto:"):
            return self.href
        return self.href.removeprefix("mailto:").partition("?")[0]


def letter_mail(letter: Letter, settings: Settings, loader: BaseLoader) -> bytes:
    """A letter's mail without the header `To`, which `addressed` adds.

    Raises `ModuleNotFoundError` without css-inline, which is an extra of the program.
    """
    most = LIMIT - _HEADERS
    for lines in (_all_lines(letter), 1, 0):
        mail = _mail(_shortened(letter, lines), 0, settings, loader)
        if len(mail) <= most:
            return mail
    titles, count = _shortened(letter, 0), sum(len(part.entries) for part in letter.parts)

    def length(entries: int) -> int:
        return len(_mail(_first(titles, entries), count - entries, settings, loader))

    shown = bisect_right(range(count), most, key=length) - 1
    return _mail(_first(titles, shown), count - shown, settings, loader)


def addressed(mail: bytes, receiver: str) -> bytes:
    """A mail to one receiver; to nobody by name if it is ""."""
    return b"To: " + (receiver or _UNNAMED).encode("ascii") + b"\r\n" + mail


def _all_lines(letter: Letter) -> int:
    return max((len(e.lines) for part in letter.parts for e in part.entries), default=0)


def _shortened(letter: Letter, lines: int) -> Letter:
    """A letter with at most so many lines an entry."""
    parts = tuple(
        LetterPart(
            heading=part.heading,
            entries=tuple(structs.replace(e, lines=e.lines[:lines]) for e in part.entries),
        )
        for part in letter.parts
    )
    return structs.replace(letter, parts=parts)


def _first(letter: Letter, count: int) -> Letter:
    """A letter with its first entries alone."""
    parts = list[LetterPart]()
    for part in letter.parts:
        entries = part.entries[:count]
        count -= len(entries)
        if entries:
            parts.append(structs.replace(part, entries=entries))
    return structs.replace(letter, parts=tuple(parts))


def _mail(letter: Letter, missing: int, settings: Settings, loader: BaseLoader) -> bytes:
    newsletter = settings.newsletter
    if newsletter is None:
        raise LookupError("a mail of a site without a newsletter")
    closing = tuple(_closing(letter, missing, settings, newsletter))
    text, html = _text(letter, closing, settings), _html(letter, closing, settings, loader)
    message = EmailMessage(policy=SMTP)
    sender = newsletter.from_
    message["From"] = Address(sender.name, addr_spec=sender.mail)
    message["Subject"] = letter.title
    message["Date"] = datetime.combine(letter.day, _SENT_AT)
    message["Message-ID"] = _message_id(letter, settings)
    message["List-Id"] = f"<{newsletter.list_id}>"
    # without `List-Unsubscribe-Post`: it promises that one request ends the subscription, and must
    # name the receiver (RFC 8058); a list server that knows both adds it itself
    message["List-Unsubscribe"] = f"<{newsletter.unsubscribe}>"
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    # the library would draw one by lot; base64 has no `_`
    message.set_boundary(f"=_{hashlib.sha256(html.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _message_id(letter: Letter, settings: Settings) -> str:
    host = server_name(urlsplit(settings.base_url).hostname or "")
    return f"<{letter.id}.{settings.publisher.id}@{host}>"


def _closing(
    letter: Letter, missing: int, settings: Settings, newsletter: Newsletter
) -> list[ClosingLine]:
    page = absolute(settings.base_url, letter.address)
    lines = [ClosingLine(text=f"另有 {missing} 則，請見網頁。")] if missing else []
    lines.append(ClosingLine(text="網頁版：", href=page))
    lines.append(ClosingLine(text="取消訂閱：", href=newsletter.unsubscribe))
    contact = settings.contact
    office = (contact.unit, contact.telephone, contact.mail) if contact else ()
    lines.append(ClosingLine(text="　".join(filter(None, (settings.publisher.name, *office)))))
    return lines


def _text(letter: Letter, closing: tuple[ClosingLine, ...], settings: Settings) -> str:
    lines = [letter.title, f"{settings.publisher.name}　{roc(letter.day)}", ""]
    for part in letter.parts:
        lines += [f"■ {part.heading}", ""]
        for entry in part.entries:
            lines.append(entry.title + "".join(f"〔{mark}〕" for mark in entry.marks))
            lines += [*entry.lines, absolute(settings.base_url, entry.address), ""]
    lines += [line.text + line.shown for line in closing]
    return "\n".join(lines) + "\n"


def _html(
    letter: Letter, closing: tuple[ClosingLine, ...], settings: Settings, loader: BaseLoader
) -> str:
    from css_inline import CSSInliner  # noqa: PLC0415 -- an extra, which other commands do without

    html = (
        new_environment(loader)
        .get_template("letter.html")
        .render(
            letter=letter,
            closing=closing,
            publisher=settings.publisher.name,
            day=roc(letter.day),
            link=partial(absolute, settings.base_url),
        )
    )
    return CSSInliner(load_remote_stylesheets=False).inline(html)

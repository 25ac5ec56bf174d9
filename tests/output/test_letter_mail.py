"""A letter's mail: both parts hold the same entries, and every client and server can take it."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

import pytest
from msgspec import structs
from sample_sites import sample_site

from generator.content.model import Letter, LetterEntry, LetterPart
from generator.content.settings import Settings
from generator.output.formats.letter_mail import LIMIT, addressed, letter_mail
from generator.output.templates_loader import package_templates

ODD = "修正 <甲> & \"乙\" 之 'R&D' 𠮷 .要點"
LETTER = Letter(
    id="105-001",
    title="測試市政府公報105年第1期：這是很長的標題，長到在郵件的標頭裡必須折成好幾行，每一行都要能讀",
    address="newsletter/105-001/",
    day=date(2016, 1, 20),
    parts=(
        LetterPart(
            heading="法規",
            entries=(
                LetterEntry(
                    title=ODD,
                    address="gazette/105/105-001/01/",
                    marks=("更正",),
                    lines=("一", "二"),
                ),
                LetterEntry(title="第二則", address="gazette/105/105-001/02/", lines=("一", "三")),
            ),
        ),
    ),
    records=(),
)
LOADER = package_templates()


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The settings of the full sample."""
    return sample_site("full").settings


def _parsed(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def _parts(message: EmailMessage) -> tuple[str, str]:
    """The text, and the text of the HTML without its tags."""
    plain, html = (message.get_body((sort,)) for sort in ("plain", "html"))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_headers_say_who_what_and_when(settings: Settings) -> None:
    """They come from the letter and the settings alone: the same letter is the same bytes."""
    mail = addressed(letter_mail(LETTER, settings, LOADER), "ann@one.example")
    assert mail == addressed(letter_mail(LETTER, settings, LOADER), "ann@one.example")
    message = _parsed(mail)
    assert {name: str(message[name]) for name in message if name != "Content-Type"} == {
        "To": "ann@one.example",
        "From": "測試市政府公報電子報 <gazette@city.example>",
        "Subject": LETTER.title,
        "Date": "Wed, 20 Jan 2016 08:00:00 +0800",
        "Message-ID": "<105-001.test-city@example.org>",
        "List-Id": "<gazette.city.example>",
        "List-Unsubscribe": "<mailto:gazette@city.example?subject=unsubscribe>",
        "MIME-Version": "1.0",
    }
    assert not message.defects
    assert _parsed(addressed(mail, ""))["To"] == "undisclosed-recipients:;"


def test_servers_on_the_way_change_nothing(settings: Settings) -> None:
    """All of it is ASCII in short lines that end as SMTP wants; both parts are in base64."""
    mail = letter_mail(LETTER, settings, LOADER)
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 78
    assert b"\n" not in mail.replace(b"\r\n", b"")
    encodings = [part["Content-Transfer-Encoding"] for part in _parsed(mail).iter_parts()]
    assert encodings == ["base64", "base64"]


def test_both_parts_hold_the_same(settings: Settings) -> None:
    """Titles, marks, lines and links stand in the text and in the HTML, as they were typed."""
    text, html = _parts(_parsed(letter_mail(LETTER, settings, LOADER)))
    words = unescape(re.sub(r"<head>.*</head>|<[^>]*>", "", html, flags=re.S))
    for part in (text, words):
        place = 0
        for expected in ("法規", ODD, "〔更正〕", "一", "二", "第二則", "一", "三"):
            place = part.index(expected, place)
    links = [line for line in text.split() if line.startswith("https://")]
    base = settings.base_url
    assert links == [f"{base}gazette/105/105-001/0{n}/" for n in (1, 2)]
    hrefs = re.findall(r'href="([^"]*)"', html)
    page, end = f"{base}newsletter/105-001/", "mailto:gazette@city.example?subject=unsubscribe"
    assert hrefs == [*links, page, end]


def test_the_html_loads_nothing_and_carries_its_styles(settings: Settings) -> None:
    """No picture, script or sheet; each element has its styles, and dark screens have theirs."""
    html = _parts(_parsed(letter_mail(LETTER, settings, LOADER)))[1]
    assert re.findall(r"<(?:img|script|link|iframe|object)|url\(|\ssrc=", html) == []
    assert html.count("<style") == 1
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<a href="https://example.org/gongbao/gazette/105/105-001/01/" style="color:' in html


@pytest.mark.parametrize(
    ("count", "lines", "complete"), [(60, 2, True), (150, 1, True), (250, 0, True), (900, 0, False)]
)
def test_a_long_letter_fits(settings: Settings, count: int, lines: int, *, complete: bool) -> None:
    """It has fewer lines an entry, then fewer entries and their number, and its page is linked."""
    entries = tuple(
        LetterEntry(
            title=f"第{n}號要點", address=f"gazette/105/105-001/{n}/", lines=(f"甲{n}。", "乙" * 60)
        )
        for n in range(count)
    )
    parts = tuple(
        LetterPart(heading=f"第{at}類", entries=entries[at : at + 50]) for at in range(0, count, 50)
    )
    mail = letter_mail(structs.replace(LETTER, parts=parts), settings, LOADER)
    assert LIMIT * 0.4 < len(mail) < LIMIT
    text, html = _parts(_parsed(mail))
    assert [("甲1。" in part, "乙" * 60 in part) for part in (text, html)] == [
        (lines > 0, lines > 1)
    ] * 2
    shown = text.count("號要點")
    assert shown == html.count("號要點")
    assert (shown == count) is complete
    assert (f"另有 {count - shown} 則" in text) is not complete
    assert "newsletter/105-001/" in text

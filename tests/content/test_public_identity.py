"""What a site says of itself is read as it was typed: telephones, contacts, colours."""

from __future__ import annotations

import re

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator import THEME
from generator.content.public_identity import telephone_link
from generator.text.contrast import GROUNDS, TEXTS, contrast


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("02-2345-6789", "tel:0223456789"),
        ("(02) 2345-6789 轉 123", "tel:0223456789"),
        ("+886-2-2345-6789#12", "tel:+886223456789"),
        ("0800-000-000", "tel:0800000000"),
        ("1999", ""),
        ("請洽總機", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_without_what_follows(typed: str, link: str) -> None:
    """Extensions are for people; what is no number of a line is no link."""
    assert telephone_link(typed) == link


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("contact: 秘書處，電話 02-0000-0000\n", "秘書處，電話 02-0000-0000"),
        ("contact: {unit: 秘書處, mail: a@e.org}\n", "秘書處，a@e.org"),
        ("", ""),
    ],
)
def test_a_contact_is_one_text_or_fields(typed: str, text: str, scratch_site: ScratchSite) -> None:
    """Sites that have it as one text stay as they are."""
    site = examine_folder(scratch_site({"site.yaml": MINIMAL["site.yaml"] + typed})).site
    assert site is not None
    assert site.settings.contact_text == text


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21, a colour on itself 1, and order does not matter."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#777777") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == round(contrast("#ffffff", "#767676"), 2)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_grounds_are_those_of_the_theme() -> None:
    """A colour is compared with what stands behind text in light and dark."""
    tokens = (THEME / "assets/styles/tokens.css").read_text("utf-8")
    for place, role in enumerate(("paper", "wash")):
        light, dark = re.findall(rf"--gb-{role}: light-dark\((#\w+), (#\w+)\)", tokens)[0]
        assert (light, dark) == tuple(grounds[place] for grounds in GROUNDS)
    for role, colours in TEXTS.items():
        assert re.findall(rf"--gb-{role}: light-dark\((#\w+), (#\w+)\)", tokens)[0] == colours


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        (
            "{head: '#1D4D2B'}",
            (
                ("head", "#1d4d2b", "#1d4d2b"),
                ("brand", "#1d4d2b", "#1d4d2b"),
                ("on-brand", "#ffffff", "#ffffff"),
            ),
        ),
        ("{accent_dark: '#FFCC00'}", (("accent", "#952519", "#ffcc00"),)),
        ("{accent: '#8a4b00'}", (("accent", "#8a4b00", "#f2a193"),)),
        ("{link: '#1a5a2e'}", (("link", "#1a5a2e", "#90bff0"),)),
        ("{}", ()),
    ],
)
def test_each_colour_may_stand_alone(
    typed: str, pairs: tuple[tuple[str, str, str], ...], scratch_site: ScratchSite
) -> None:
    """What is not given is the theme's; capitals mean the same; buttons follow the head."""
    settings = MINIMAL["site.yaml"] + f"colours: {typed}\n"
    site = examine_folder(scratch_site({"site.yaml": settings})).site
    assert site is not None
    assert site.settings.colours is not None
    assert site.settings.colours.pairs == pairs


@pytest.mark.parametrize("typed", ["head: '#3AA6A0'", "accent: '#FFCC00'", "link_dark: '#303030'"])
def test_a_colour_alone_must_be_legible(typed: str, scratch_site: ScratchSite) -> None:
    """Each is compared with its own ground."""
    settings = MINIMAL["site.yaml"] + f"colours: {{{typed}}}\n"
    problems = examine_folder(scratch_site({"site.yaml": settings})).problems
    assert [problem.code for problem in problems] == ["colour-pale"]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("colours:\n  accent: #8a4b00\n  accent_dark: '#ffcc80'\n", ["text-comment"]),
        ("colours:\n  head: #17324d\n", ["text-comment"]),
        ("colours:\n  head: '#17324d'\n  link: #1a4fa0 \n", ["text-comment"]),
        ("colours:\n  head: '#17324d'\n  link: # not yet\n", []),
    ],
)
def test_a_colour_without_quotes_is_told(
    typed: str, codes: list[str], scratch_site: ScratchSite
) -> None:
    """To YAML it is a comment; a comment that is no colour stays one."""
    examined = examine_folder(scratch_site({"site.yaml": MINIMAL["site.yaml"] + typed}))
    told = [problem for problem in examined.problems if problem.code == "text-comment"]
    assert [problem.code for problem in told] == codes
    assert all(problem.values["quoted"].startswith("'#") for problem in told)

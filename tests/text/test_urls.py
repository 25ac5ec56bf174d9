"""Addresses between pages: right at any depth, under any path."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_sites import MINIMAL, ScratchSite, examine_folder

from generator.content.value_types import address_fault, is_mail_link
from generator.text.urls import absolute, folded, relative, server_name, spot

STEP = st.text("ab臺 %?+", min_size=1, max_size=3)
FOLDER = st.lists(STEP, max_size=4).map(lambda steps: "".join(f"{step}/" for step in steps))
FILE = st.tuples(FOLDER, st.sampled_from(["", "a.csv", "附件 1%.pdf"])).map("".join)


@given(FOLDER, FILE, st.sampled_from(["/", "/repo/"]))
def test_a_browser_arrives_where_the_link_means(here: str, target: str, base: str) -> None:
    """A relative link, followed from its page, gives the target below any path."""
    page = absolute(f"https://example.org{base}", here)
    followed = urljoin(page, relative(here, target))
    assert unquote(followed) == f"https://example.org{base}{target}"


def test_fragments_are_kept() -> None:
    """An anchor stays at the end; one on the same page stays on it."""
    assert relative("gazette/105/", "gazette/105/105-001/#art-1") == "105-001/#art-1"
    assert relative("gazette/", "gazette/#top") == "./#top"


@pytest.mark.parametrize("sign", [" ", "\t", "\n", '"', "\\", "\x01", "\x7f", "\x85", "<", "`"])
def test_an_address_holds_no_sign_that_must_be_encoded(sign: str) -> None:
    """Blanks, quotes and control characters stand in no address as they are."""
    assert address_fault("https://example.org/a%20b") is None
    assert address_fault(f"https://example.org/a{sign}b") == ""


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("192.0.2.1", "192.0.2.1"),
        ("a--1.tw", "a--1.tw"),
        ("公報.TW", "xn--55qw8n.tw"),
        ("CAFÉ.example", "xn--caf-dma.example"),
        ("xn--55qw8n.tw", "xn--55qw8n.tw"),
        (f"{'a' * 63}.tw", f"{'a' * 63}.tw"),
        *((host, "") for host in ("", ".", "a..b", "-a.tw", "a-.tw", "a_b.tw", "~.*", "*.tw")),
        *((host, "") for host in ("$host", "a%62.tw", "a b", "a\n", "a;b", "a{b", 'a"b', "a\\b")),
        *((host, "") for host in ("faß.de", "ｅxample.org", "公報。tw", "a\u200db.tw", "[::1]")),
        *((host, "") for host in (f"{'a' * 64}.tw", "a." * 126 + "tw", "公" * 60, "公" * 10**6)),
    ],
)
def test_a_host_has_one_name(host: str, name: str) -> None:
    """Letters, digits, `-` and `.`, other letters by their A-labels; whatever else is no host."""
    assert server_name(host) == name


@given(st.text(max_size=20) | st.text("a公é-._~*$\\;{}\"'# \n%", max_size=12))
def test_what_servers_are_told_begins_no_pattern(host: str) -> None:
    """A name holds nothing that a rule file reads, begins with no sign, and is its own name."""
    name = server_name(host)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert not name.startswith(("-", "."))
    assert server_name(name) == name


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://example.org", None),
        ("HTTPS://example.org:65535?a@b", None),
        ("https://公報.example/公報#a@b", None),
        ("ftp://example.org/", ""),
        ("https:///a", ""),
        ("https:example.org", ""),
        ("//example.org/", ""),
        ("https://a@b/", "user"),
        ("https://a:b@example.org/", "user"),
        ("https://example.org:80@foreign.example/", "user"),
        ("https://@example.org/", "user"),
        ("https://a%40b/", "host"),
        ("https://example.org＠foreign.example/", "host"),
        ("https://~.*/", "host"),
        ("https://[::1]/", "host"),
        ("https://example.org:/", "port"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://example.org:08/", "port"),
        ("https://example.org:８０/", "port"),
        ("https://example.org:80:80/", "port"),
    ],
)
def test_an_address_is_taken_or_its_fault_is_named(url: str, fault: str | None) -> None:
    """Form, name before the host, host and port are told apart."""
    assert address_fault(url) == fault


@pytest.mark.parametrize("field", ["base_url", "repository"])
def test_settings_name_no_user(field: str, scratch_site: ScratchSite) -> None:
    """What is refused in records is refused in the site's own addresses."""
    typed = f"{field}: https://example.org@foreign.example/\n"
    lines = [line for line in MINIMAL["site.yaml"].splitlines() if not line.startswith(field)]
    content = scratch_site({"site.yaml": "\n".join([*lines, typed])})
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.detail, problem.origin.field) == ("url-invalid", "user", field)


@pytest.mark.parametrize(
    ("sign", "detail"), [("\u202e", "bidi"), ("\U000e0041", "tag"), ("\ufdd0", "")]
)
def test_no_address_holds_what_no_text_may(
    sign: str, detail: str, scratch_site: ScratchSite
) -> None:
    """A sign that turns the reading order makes an address look like another one."""
    entry = "gazette/105/105-001/01.yaml"
    typed = f"legacy_urls: ['https://example.org/old/{sign}lmth.1']\n"
    (problem,) = examine_folder(scratch_site({entry: MINIMAL[entry] + typed})).problems
    assert (problem.code, problem.detail) == ("text-control", detail)


@pytest.mark.parametrize(
    "target",
    [
        "mailto:service@example.org",
        "mailto:a.b+c@公報.example?subject=%E5%9B%9E回報%20%26",
        "mailto:a@example.org?subject=",
    ],
)
def test_a_letter_has_one_receiver_and_at_most_a_subject(target: str) -> None:
    """A link to write opens a letter that the reader writes."""
    assert is_mail_link(target)


@pytest.mark.parametrize("more", ["", "?subject=x"])
@pytest.mark.parametrize(
    "written",
    [
        *("%0aBcc:b@c.tw", "%0D%0Ax", "%0d", "%09", "%00", "%E2%80%AE", "\u202e", "\n", " y", "#x"),
        *("&cc=b@c.tw", "&bcc=b@c.tw", "&body=x", "&subject=x"),
    ],
)
def test_no_link_writes_into_the_head_of_a_letter(more: str, written: str) -> None:
    """No copies, no body and no line of an editor's, in whatever encoding."""
    assert not is_mail_link(f"mailto:a@example.org{more}{written}")


@pytest.mark.parametrize(
    "target",
    [
        *(
            "mailto:",
            "mailto:a@b.tw,c@d.tw",
            "mailto:a%0a@b.tw",
            "mailto:?to=a@b.tw",
            "MAILTO:a@b.tw",
        ),
        *("mailto:a@b.tw?cc=c@d.tw", "mailto:a@b.tw?body=x", "mailto:a@b.tw?Subject=x"),
        *("mailto:a@b_c.tw", "mailto:a@b@c.tw", "mailto://b.tw"),
    ],
)
def test_a_letter_to_nobody_or_several_is_no_link(target: str) -> None:
    """One address, typed in full."""
    assert not is_mail_link(target)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.org", b"/"),
        ("https://example.org/a/./b//c/?q#f", b"/a/b/c/"),
        ("https://example.org/%E5%85%AC%2Fb/.", "/公/b/".encode()),
        ("https://example.org/%A4%BD", b"/\xa4\xbd"),
        ("https://example.org/a/../b", b"/a/../b"),
    ],
)
def test_a_path_is_as_servers_see_it(url: str, path: bytes) -> None:
    """Decoded, without empty steps; one that leads upwards is left for the check to refuse."""
    assert spot(url).path == path


@given(st.text("aAéÉ公/.\\", max_size=8))
def test_folding_again_changes_nothing(path: str) -> None:
    """A folded path is one form of all its spellings."""
    once = folded(path)
    assert folded(once) == folded(once.encode()) == folded(f"/{once}//") == once
    assert folded(path.upper()) == once

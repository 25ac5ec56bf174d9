"""Addresses between pages: right at any depth, under any path."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.addresses import absolute, folded, relative, spot
from generator.reading.values import is_web_address

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
    assert is_web_address("https://example.org/a%20b")
    assert not is_web_address(f"https://example.org/a{sign}b")


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

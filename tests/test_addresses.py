"""Addresses between pages: right at any depth, under any path."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

from hypothesis import given
from hypothesis import strategies as st

from generator.addresses import absolute, relative

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

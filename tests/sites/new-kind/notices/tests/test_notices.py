"""Notices: the check of their days."""

from __future__ import annotations

import pytest
from sample_sites import ScratchSite, examine_folder

NOTICE = "title: 檔案室停水\npublished_on: 105-03-01\nuntil: {until}\ntext: 照常開放。\n"


@pytest.mark.parametrize(("until", "codes"), [("105-02-29", ["notice-until"]), ("105-03-01", [])])
def test_the_last_day_is_not_before_the_first(
    until: str, codes: list[str], scratch_site: ScratchSite
) -> None:
    """A notice may end on the day on which it is published, and not before."""
    content = scratch_site({"notices/water.yaml": NOTICE.format(until=until)})
    assert [problem.code for problem in examine_folder(content).problems] == codes

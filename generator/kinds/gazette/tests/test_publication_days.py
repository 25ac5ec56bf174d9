"""Issues against their days: late, missed, and neither where a holiday moved the day on."""

from __future__ import annotations

from datetime import date

import pytest
from sample_sites import MINIMAL, ScratchSite, examine_folder

SITE = MINIMAL["site.yaml"].replace(
    "  number_width: 3\n", "  number_width: 3\n  publication_days: [tuesday]\n"
)
TUESDAYS = ("105-01-05", "105-01-12", "105-01-19")


@pytest.mark.parametrize(
    ("days", "holidays", "as_of", "codes"),
    [
        (TUESDAYS, "", date(2016, 1, 20), []),
        (TUESDAYS, "", date(2016, 1, 26), []),  # today's may still come
        (TUESDAYS, "", date(2016, 1, 27), ["issue-missed/since"]),
        (("105-01-05", "105-01-14", "105-01-19"), "", date(2016, 1, 20), ["issue-late"]),
        (("105-01-05", "105-01-19"), "", date(2016, 1, 20), ["issue-missed"]),
        (("105-01-05", "105-01-13", "105-01-19"), "105-01-12", date(2016, 1, 20), []),
        (("105-01-05", "105-01-13", "105-01-19"), "105-01-13", date(2016, 1, 20), ["issue-late"]),
        (("105-01-05", "105-01-11", "105-01-19"), "", date(2016, 1, 20), []),  # a day early
        (("105-01-05",), "", date(2016, 2, 5), ["issue-missed/since"]),
    ],
)
def test_days_of_publication_are_kept(
    scratch_site: ScratchSite, days: tuple[str, ...], holidays: str, as_of: date, codes: list[str]
) -> None:
    """An issue a day late is late, none is missed, and a holiday moves its day to the next."""
    moved = f"holidays: [{holidays}]\n  publication_days:" if holidays else "publication_days:"
    site = SITE.replace("publication_days:", moved)
    issues = {
        f"gazette/105/105-{n:03d}/issue.yaml": f"publication_date: {day}\n"
        for n, day in enumerate(days, 1)
    }
    found = examine_folder(scratch_site({"site.yaml": site, **issues}), as_of).problems
    assert all(not problem.stops for problem in found)
    named = [f"{p.code}/{p.detail}".rstrip("/") for p in found]
    assert [name for name in named if name.startswith(("issue-late", "issue-missed"))] == codes


def test_a_holiday_before_a_weekend_moves_the_day_past_it(scratch_site: ScratchSite) -> None:
    """A Friday that is a holiday is made up for on Monday."""
    site = SITE.replace("[tuesday]", "[friday]\n  holidays: [105-01-15]")
    issues = {
        f"gazette/105/105-{n:03d}/issue.yaml": f"publication_date: {day}\n"
        for n, day in enumerate(("105-01-08", "105-01-18", "105-01-22"), 1)
    }
    found = examine_folder(scratch_site({"site.yaml": site, **issues}), date(2016, 1, 23)).problems
    assert [p.code for p in found if p.code.startswith("issue-l")] == []

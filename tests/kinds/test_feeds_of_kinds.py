"""Which feeds the kinds and views of a site offer, and in which group each stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_sites import MINIMAL, SITES, ScratchSite, examine_folder, options

from generator.build.examine import examine
from generator.content.model import Feed, FeedGroup, sources_of
from generator.site.feed_items import feed_item
from generator.site.kind import Site
from generator.site.plan import plan_lists, shown


def planned(site: Site) -> dict[str, Feed]:
    """The feeds of a site, by name."""
    site = shown(site, draft=False)
    return {feed.name: feed for feed in plan_lists(site, site.views).feeds}


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Feed]:
    """The feeds of the full sample, by name."""
    site = examine(options(SITES / "full", tmp_path_factory.mktemp("feeds"))).site
    assert site is not None
    return planned(site)


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("corrections", ["gazette:105-002-01"]),
        ("changes-of-force", ["gazette:105-001-01"]),
        ("comment-periods", ["gazette:105-001-03"]),
        ("partner-hachioji", ["visits:2016-02-19-lantern"]),
        ("topic-archives", ["gazette:105-001-01"]),
        ("topic-culture", ["statistics:fleet"]),
        ("gazette-errata", ["gazette:105-002-01"]),
    ],
)
def test_a_feed_has_the_records_that_it_is_about(
    name: str, records: list[str], feeds: dict[str, Feed]
) -> None:
    """Topics join kinds; of the gazette's relations, those that correct stand by themselves."""
    assert [str(record.ref) for record in sources_of(feeds[name].items)] == records


def test_each_feed_stands_in_its_group(feeds: dict[str, Feed]) -> None:
    """All kinds and news; categories and topics; agencies, bodies and cities."""
    groups = {group: [n for n, feed in feeds.items() if feed.group == group] for group in FeedGroup}
    assert set(groups[FeedGroup.KIND]) == {
        *("news", "gazette", "meetings", "visits", "reports", "statistics"),
    }
    assert {name.partition("-")[0] for name in groups[FeedGroup.BODY]} == {
        *("agency", "meetings", "partner"),
    }
    assert {name.partition("-")[0] for name in groups[FeedGroup.SUBJECT]} == {
        *("gazette", "topic", "corrections", "changes", "comment"),
    }


AMENDING = "gazette/105/105-001/02.yaml"


@pytest.mark.parametrize(
    ("type_", "feeds"),
    [
        ("amends", {"changes-of-force"}),
        ("repeals", {"changes-of-force"}),
        ("withdraws", {"changes-of-force"}),
        ("cites", set()),
    ],
)
def test_a_relation_decides_in_which_feed_an_entry_stands(
    type_: str, feeds: set[str], scratch_site: ScratchSite
) -> None:
    """A feed begins with its first item: without one there is none."""
    entry = MINIMAL["gazette/105/105-001/01.yaml"].replace("1050000001", "1050000002")
    relation = f"relations:\n- {{type: {type_}, target: 105-001-01}}\n"
    examined = examine_folder(scratch_site({AMENDING: entry + relation}))
    assert examined.site is not None, examined.problems
    own = {"corrections", "changes-of-force", "comment-periods"}
    assert own & planned(examined.site).keys() == feeds


def test_an_item_says_when_comments_close(feeds: dict[str, Feed]) -> None:
    """As published, in summary and text: an extension is an entry of its own."""
    (item,) = feeds["comment-periods"].items
    assert item.summary.startswith("徵求意見至105年3月20日。")
    assert str(item.context()["closing"]) == "2016-03-20"


def test_an_item_has_the_days_of_its_record(scratch_site: ScratchSite) -> None:
    """A revision after publication is a change of the item; it does not publish it anew."""
    entry = MINIMAL["gazette/105/105-001/01.yaml"]
    entry += "revisions:\n- {date: 105-03-01, note: 補正}\n"
    site = examine_folder(scratch_site({"gazette/105/105-001/01.yaml": entry})).site
    assert site is not None
    (record,) = (record for record in site.archive if record.kind == "gazette")
    item = feed_item(record, replace(site))
    assert (str(item.published), str(item.updated)) == ("2016-01-05", "2016-03-01")

"""Feeds as a reader's program gets them: newest first, cut at a hundred, identities that last."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import feedparser
from conftest import MINIMAL, ScratchSite, options

from generator.formats.feeds import feed_entry, feed_head, midnight, rss
from generator.job import Options
from generator.plan import plan_lists, shown
from generator.publishing.declare import declare
from generator.render import Renderer
from generator.run import examine

ENTRY = "gazette/105/105-001/01.yaml"


def feeds(content: Path) -> Mapping[str, bytes]:
    """The bytes of every feed of a content, by name."""
    chosen = options(content, content.parent)
    examined = examine(chosen)
    assert examined.site is not None, examined.problems
    made = declare(examined.site, chosen.loader).artifacts
    found = (artifact for artifact in made if artifact.address.startswith("feeds/"))
    return {artifact.address[6:-4]: artifact.content for artifact in found}


def test_a_corrected_title_keeps_its_identity(scratch_site: ScratchSite) -> None:
    """After a title was corrected the item is the same to a feed reader."""
    before = feedparser.parse(feeds(scratch_site({}))["news"]).entries[0]
    changed = MINIMAL[ENTRY].replace("訂定檔案要點", "訂定檔案管理要點")
    after = feedparser.parse(feeds(scratch_site({ENTRY: changed}))["news"]).entries[0]
    assert (before.id, after.id) == ("small-city/gazette/105-001-01",) * 2
    assert (before.title, after.title) == ("訂定檔案要點", "訂定檔案管理要點")


def test_a_feed_holds_the_newest_hundred(scratch_site: ScratchSite) -> None:
    """Of 130 entries in 13 issues the last ten issues are in the feed, newest first."""
    files = {}
    for number in range(2, 15):
        folder = f"gazette/105/105-{number:03d}"
        files[f"{folder}/issue.yaml"] = f"publication_date: 105-02-{number:02d}\n"
        for sequence in range(1, 11):
            typed = MINIMAL[ENTRY].replace("1050000001", f"105{number:04d}{sequence:03d}")
            files[f"{folder}/{sequence:02d}.yaml"] = typed
    feed = feedparser.parse(feeds(scratch_site(files))["gazette"])
    assert len(feed.entries) == 100
    days = [entry.published for entry in feed.entries]
    assert days[0] == "Sun, 14 Feb 2016 00:00:00 +0800"
    assert days[-1] == "Fri, 05 Feb 2016 00:00:00 +0800"
    assert feed.feed.updated == days[0]
    links = [entry.link for entry in feed.entries[:10]]
    assert links == [f"https://example.org/gazette/105/105-014/{n:02d}/" for n in range(10, 0, -1)]


def test_full_text_and_absolute_links(scratch_site: ScratchSite) -> None:
    """An item carries the whole text; links within the site are full addresses."""
    typed = MINIMAL[ENTRY].partition("body:")[0]
    typed += "markdown: |\n  見[本期](issues:105-001)，若 x<y 則 ]]> 止。\n"
    entry = feedparser.parse(feeds(scratch_site({ENTRY: typed}))["gazette-rule"]).entries[0]
    assert 'href="https://example.org/gazette/105/105-001/"' in entry.content[0].value
    assert "若 x&lt;y 則 ]]&gt; 止。" in entry.content[0].value
    assert [tag.term for tag in entry.tags] == ["公報", "行政規則", "小市政府", "105年"]
    assert entry.summary.startswith("小市政府令，")


def test_every_feed_is_well_formed(scratch_site: ScratchSite) -> None:
    """Every feed parses, empty ones too, and knows its own address."""
    made = feeds(scratch_site({}))
    assert {"news", "gazette", "gazette-draft", "agency-city", "visits", "statistics"} <= set(made)
    for name, content in made.items():
        feed = feedparser.parse(content)
        assert not feed.bozo, name
        own = [link.href for link in feed.feed.links if link.rel == "self"]
        assert own == [f"https://example.org/feeds/{name}.xml"]
        assert feed.feed.language == "zh-TW"


def test_an_item_made_alone_is_the_librarys(full_site: Options) -> None:
    """Items made one by one, and joined, are the bytes of a feed that the library writes whole."""
    site = examine(full_site).site
    assert site is not None
    site = shown(site, draft=False)
    planned = plan_lists(site, site.views)
    renderer = Renderer(site, planned.feeds, full_site.loader)
    feed = next(feed for feed in planned.feeds if feed.name == "news")
    whole = feed_head(feed, site.settings.base_url)
    whole.lastBuildDate(midnight(feed.items[0].published))
    for item in feed.items:
        entry = feed_entry(item, site.settings.base_url, renderer.full_text)
        whole.add_entry(entry, order="append")
    assert rss(feed, site, renderer.full_text).content == whole.rss_str(pretty=True)

"""The site's own facts, from `content/site.yaml`: name, address, publisher, word lists.

Reads the one file that every other stage needs first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.fields import Many, Pattern, Reading, Text
from generator.files import SITE_FILE
from generator.model import Origin, Problem
from generator.record import Group, described, group, read_group
from generator.source import read_bytes, read_tree
from generator.values import Address, Flag, Whole


@group
class Word:
    """A word that records choose by its id, and its names for readers."""

    id: str = described(Pattern(), "代碼", required=True)
    title: str = described(Text(), "名稱", required=True)
    title_en: str = described(Text(), "英文名稱")


@group
class Publisher:
    """Who publishes the site; the id is part of every feed item's identity, never to change."""

    id: str = described(Pattern(), "代碼", "訂閱項目識別碼的一部分，訂定後不得變更", required=True)
    name: str = described(Text(), "名稱", required=True)
    name_en: str = described(Text(), "英文名稱")


@group
class GazetteSettings:
    """Name, numbering and categories of the gazette."""

    name: str = described(Text(), "公報名稱", required=True)
    name_en: str = described(Text(), "英文名稱")
    number_width: int = described(Whole(minimum=1), "期號位數", required=True)
    categories: tuple[Word, ...] = described(Many(Group(Word), key="id"), "類別", required=True)


@group
class Settings:
    """Everything `site.yaml` says."""

    title: str = described(Text(), "網站名稱", required=True)
    title_en: str = described(Text(), "英文名稱")
    description: str = described(Text(lines=True), "網站說明", required=True)
    description_en: str = described(Text(lines=True), "英文說明")
    base_url: str = described(Address(), "網址", "以 / 結尾", required=True)
    publisher: Publisher = described(Group(Publisher), "發布機關", required=True)
    official: bool = described(Flag(), "正式網站", "false 時每頁標示為示範，並請搜尋引擎不收錄")
    repository: str = described(Address(), "內容編修網址")
    contact: str = described(Text(lines=True), "聯絡方式")
    gazette: GazetteSettings = described(Group(GazetteSettings), "公報", required=True)
    topics: tuple[Word, ...] = described(Many(Group(Word), key="id"), "主題")

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        """The word lists that records choose from, by group."""
        return {
            "categories": {word.id: word.title for word in self.gazette.categories},
            "topics": {word.id: word.title for word in self.topics},
        }


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """The settings, or the problems that keep the site from having any."""

    settings: Settings | None
    problems: tuple[Problem, ...]


def read_settings(content: Path) -> SettingsReading:
    """The site's settings from `content/site.yaml`."""
    try:
        raw = read_bytes(content / SITE_FILE)
    except OSError:
        missing = Problem(code="site-missing", origin=Origin(path=SITE_FILE))
        return SettingsReading(None, (missing,))
    tree = read_tree(raw, SITE_FILE)
    if isinstance(tree, Problem):
        return SettingsReading(None, (tree,))
    reading = Reading([], {})
    settings = read_group(Settings, tree, reading)
    if settings and not settings.base_url.endswith("/"):
        reading.report("base-url-slash", reading.places["base_url"])
        settings = None
    return SettingsReading(settings, tuple(reading.problems))

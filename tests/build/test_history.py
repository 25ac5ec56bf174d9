"""A record that was out and changes without a word is pointed out, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from conftest import MINIMAL, ScratchSite, build_site, options

from generator.build.cache.history import HISTORY
from generator.build.examine import examine

ENTRY = "gazette/105/105-001/01.yaml"
CHANGED = MINIMAL[ENTRY].replace("管理檔案", "管理文書")


def codes(content: Path, as_of: date = date(2016, 6, 1)) -> list[str]:
    """The codes that a check of the content finds after a build beside it."""
    return [p.code for p in examine(options(content, content.parent, as_of)).problems]


def test_a_change_after_publication_needs_a_note(scratch_site: ScratchSite) -> None:
    """A text that changed since the last build warns, until a revision is noted or it is built."""
    content = scratch_site({})
    build_site(content, content.parent, date(2016, 5, 31))
    assert codes(content) == []
    (content / ENTRY).write_text(CHANGED, encoding="utf-8")
    assert codes(content) == ["revision-missing"]
    note = "revisions: [{date: 105-06-01, note: 改正文字}]\n"
    (content / ENTRY).write_text(CHANGED + note, encoding="utf-8")
    assert codes(content) == []
    (content / ENTRY).write_text(CHANGED, encoding="utf-8")
    build_site(content, content.parent)
    assert codes(content) == []


def test_what_is_not_out_may_change_freely(scratch_site: ScratchSite) -> None:
    """On the day of publication, and on the day of a first build, an editor may change at will."""
    content = scratch_site({})
    build_site(content, content.parent)
    (content / ENTRY).write_text(CHANGED, encoding="utf-8")
    assert codes(content, date(2016, 1, 5)) == []
    assert codes(content, date(2016, 6, 1)) == []
    assert codes(content, date(2016, 6, 2)) == ["revision-missing"]


def test_a_damaged_history_is_none(scratch_site: ScratchSite) -> None:
    """Whatever stands in the file, a check goes on."""
    content = scratch_site({})
    build_site(content, content.parent, date(2016, 5, 31))
    (content / ENTRY).write_text(CHANGED, encoding="utf-8")
    for text in ("", "[", "[]", "{}", '{"site": 1}', '{"site": "small-city https://example.org/"}'):
        (content.parent / "build" / HISTORY).write_text(text, encoding="utf-8")
        assert codes(content) == []

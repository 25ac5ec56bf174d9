"""What a feed reader that comes once a month gets, and when an archive changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from feed_reading import Press, Reader, feeds_of, ids_and_archive
from msgspec import structs
from sample_sites import MINIMAL, examine_folder

from generator.content.model import FeedForm
from generator.content.published_memory import Memory, Out
from generator.content.record import Record
from generator.content.record import changed as record_with
from generator.output.renderer import Renderer
from generator.output.templates_loader import package_templates
from generator.site.feed_items import FEED_LENGTH
from generator.site.kind import Site

FIRST, LAST = date(2015, 1, 6), date(2016, 3, 1)
COUNT, AT_ONCE = 120, 3
ENTRY = MINIMAL["gazette/105/105-001/01.yaml"]
FEED = "gazette"


def _mark(number: int) -> str:
    """A word that stands in the text of one entry alone."""
    return f"文中之字{number:03d}甲"


def _files() -> Iterator[tuple[str, str]]:
    """120 entries in 40 issues of 14 months; one expires, one has personal data."""
    for place in range(COUNT // AT_ONCE):
        day = FIRST + timedelta(days=10.5 * place)
        issue = f"gazette/{day.year - 1911}/{day.year - 1911}-{place + 1:03d}"
        yield f"{issue}/issue.yaml", f"publication_date: {day}\n"
        for sequence in range(1, AT_ONCE + 1):
            number = place * AT_ONCE + sequence
            typed = ENTRY.replace("1050000001", f"{day.year - 1911}{number:07d}")
            typed = typed.replace("105-01-04", day.isoformat()).replace("要點", f"要點{number:03d}")
            typed = f"{typed.rstrip()}　{_mark(number)}\n"
            if number == 31:
                typed += "expires_on: 2016-01-31\n"
            if number == 80:
                typed += "personal_data: true\nexpires_on: 2030-01-01\n"
                typed += f"nonce: 00112233445566778899aabbccddee{number}\n"
            yield f"{issue}/{sequence:02d}.yaml", typed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The whole content of 14 months, read once."""
    content = tmp_path_factory.mktemp("monthly") / "content"
    texts = {"site.yaml": MINIMAL["site.yaml"], "agencies.yaml": MINIMAL["agencies.yaml"]}
    for name, text in {**texts, **dict(_files())}.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(text, "utf-8")
    examined = examine_folder(content, LAST)
    assert examined.site is not None, examined.problems
    return examined.site


@pytest.fixture(scope="module")
def press(site: Site) -> Press:
    """Renders each item of the site once."""
    return Press(Renderer(site, (), package_templates()).full_text)


def on(site: Site, day: date) -> Site:
    """The site on another day."""
    return replace(site, as_of=day)


def entries(site: Site) -> list[Record]:
    """The entries in the order of their publication."""
    return sorted(
        (record for record in site.archive if record.kind == FEED), key=lambda record: record.id
    )


def guids(records: list[Record]) -> list[str]:
    """The identifiers of the items of records."""
    return sorted(f"small-city/{record.kind}/{record.id}" for record in records)


MONTHS = [date(2015 + month // 12, 1 + month % 12, 15) for month in range(15)]


@pytest.mark.parametrize("form", FeedForm)
def test_a_monthly_reader_gets_each_entry_once(form: FeedForm, site: Site, press: Press) -> None:
    """At each visit it gets what was published since the last one, and nothing twice."""
    reader = Reader(FEED, form, "https://example.org/")
    published = entries(site)
    before = date.min
    for day in MONTHS:
        new = reader.poll(press.files(on(site, day), [FEED]))
        assert sorted(new) == guids(
            [record for record in published if before < site.published(record) <= day]
        )
        before = day
    assert sorted(reader.read) == guids(published)
    assert len(reader.read) == len(set(reader.read)) == COUNT


@pytest.mark.parametrize("form", FeedForm)
def test_a_first_visit_finds_everything(form: FeedForm, site: Site, press: Press) -> None:
    """Whoever begins on the last day gets all that stands on the site, from one document on."""
    reader = Reader(FEED, form, "https://example.org/")
    files = press.files(on(site, LAST), [FEED])
    current, _ = ids_and_archive(files[f"feeds/{FEED}.{form}"], form)
    assert len(current) == FEED_LENGTH
    kept = [record for record in entries(site) if not site.withholds(record)]
    assert sorted(reader.poll(files)) == guids(kept)
    assert len(kept) == COUNT - 1


def test_the_forms_have_the_same_items(site: Site, press: Press) -> None:
    """In the same order and with the same identifiers, in every document."""
    files = press.files(on(site, LAST), [FEED])
    ids = {
        (address.rpartition(".")[0], form): ids_and_archive(content, form)[0]
        for address, content in files.items()
        for form in FeedForm
        if address.endswith(f".{form}")
    }
    names = {name for name, _ in ids}
    assert len(names) == 5
    for name in names:
        assert ids[name, FeedForm.RSS] == ids[name, FeedForm.ATOM] == ids[name, FeedForm.JSON] != []


@pytest.mark.parametrize("form", FeedForm)
def test_two_quarters_have_their_text(form: FeedForm, site: Site, press: Press) -> None:
    """What the newest item's quarter and the one before published; all else has a summary."""
    day = date(2016, 2, 20)
    content = press.files(on(site, day), [FEED])[f"feeds/{FEED}.{form}"].decode()
    with_text = {n for n in range(1, COUNT + 1) if _mark(n) in content}
    recent = {
        number
        for number, record in enumerate(entries(site), 1)
        if date(2015, 10, 1) <= site.published(record) <= day and not record.personal_data
    }
    assert with_text == recent
    assert 0 < len(with_text) < len(ids_and_archive(content.encode(), form)[0]) == FEED_LENGTH


def test_no_day_changes_an_archive(site: Site) -> None:
    """Day by day the archives have the records that they had, but for one that expires."""
    before: Mapping[str, tuple[Record, ...]] = {}
    changes = []
    for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)):
        (feed,) = feeds_of(on(site, day), [FEED])
        archives = {a.quarter: tuple(a.items.sources) for a in feed.archives}  # type: ignore[attr-defined]
        changes += [day for quarter, own in before.items() if archives[quarter] != own]
        before = archives
    assert changes == [date(2016, 2, 1)]
    assert sorted(before) == ["2015q1", "2015q2", "2015q3", "2015q4"]


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """The documents whose bytes differ, without their endings."""
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return {name.rpartition(".")[0] for name in names}


def traces(files: Mapping[str, bytes], number: int) -> list[str]:
    """The documents that hold the text or the title of an entry."""
    words = (_mark(number).encode(), f"要點{number:03d}".encode())
    return [name for name, content in files.items() if any(word in content for word in words)]


def test_nothing_of_an_expired_entry_stays(site: Site, press: Press) -> None:
    """Its archive alone changes, and no form has its title or text."""
    last, after = date(2016, 1, 31), date(2016, 2, 1)
    before, gone = (press.files(on(site, day), [FEED]) for day in (last, after))
    assert len(traces(before, 31)) == 6  # a current document and an archive, in three forms
    assert traces(gone, 31) == []
    assert changed(before, gone) == {"feeds/gazette", "feeds/archive/gazette/2015q2"}


def test_nothing_of_a_redacted_entry_stays(site: Site, press: Press) -> None:
    """An entry that is removed by law is in no form; the other archives stay, byte for byte."""
    day = date(2016, 2, 20)
    removed = entries(site)[4]
    redacted = replace(site, archive=site.archive.without([removed.ref]))
    before, after = (press.files(on(s, day), [FEED]) for s in (site, redacted))
    assert len(traces(before, 5)) == 3
    assert traces(after, 5) == []
    assert changed(before, after) == {"feeds/archive/gazette/2015q1"}


def test_a_corrected_title_is_the_same_item(site: Site, press: Press) -> None:
    """Only its archive changes, and a reader who had it gets nothing new."""
    day = date(2016, 2, 20)
    record = entries(site)[4]
    corrected = record_with(record, title="改過的標題")
    other = replace(site, archive=site.archive.with_([corrected]))
    before, after = (press.files(on(s, day), [FEED]) for s in (site, other))
    assert changed(before, after) == {"feeds/archive/gazette/2015q1"}
    for form in FeedForm:
        address = f"feeds/archive/gazette/2015q1.{form}"
        assert "改過的標題".encode() in after[address]
        assert ids_and_archive(before[address], form) == ids_and_archive(after[address], form)


def _remembering(site: Site, firsts: Mapping[str, date], began: date) -> Site:
    """The site with a memory of all records, which it first met on their days or on these."""
    outs = {}
    for record in site.archive:
        day = site.publication_day(record)
        if day and day <= site.as_of and record.id not in firsts:
            outs[str(record.ref)] = Out(id=str(record.ref), first=day, digest="", typed="")
    for name, day in firsts.items():
        if day <= site.as_of:
            outs[f"{FEED}:{name}"] = Out(id=f"{FEED}:{name}", first=day, digest="", typed="")
    return replace(site, memory=Memory(records=outs, began=began, unborn=False))


@pytest.mark.parametrize("form", FeedForm)
def test_an_entry_added_late_reaches_who_had_its_archive(
    form: FeedForm, site: Site, press: Press
) -> None:
    """It stands in its archive, and for two quarters in the current document too."""
    late, added = entries(site)[4], date(2015, 9, 20)
    absent = replace(site, archive=site.archive.without([late.ref]))
    reader = Reader(FEED, form, "https://example.org/")
    firsts = {late.id: added}
    for day in MONTHS:
        whole = site if day >= added else absent
        files = press.files(_remembering(on(whole, day), firsts, FIRST), [FEED])
        new = reader.poll(files)
        assert (guids([late])[0] in new) == (day == date(2015, 10, 15)), day
    assert len(reader.read) == len(set(reader.read)) == COUNT


def test_an_entry_added_late_changes_its_archive_alone(site: Site, press: Press) -> None:
    """It stands in the current document too, sealed or not, to the end of the quarter after."""
    late, added = entries(site)[4], date(2015, 11, 20)
    absent = replace(site, archive=site.archive.without([late.ref]))
    day = added - timedelta(1)
    before = press.files(_remembering(on(absent, day), {}, FIRST), [FEED])
    now = _remembering(on(site, added), {late.id: added}, FIRST)
    known = {n: o for n, o in now.memory.records.items() if n != str(late.ref)}
    unsealed = replace(now, memory=structs.replace(now.memory, records=known))
    after = press.files(now, [FEED])
    assert press.files(unsealed, [FEED]) == after
    assert changed(before, after) == {"feeds/gazette", "feeds/archive/gazette/2015q1"}
    assert len(traces(after, 5)) == 6
    in_current = {}
    for seen in (date(2016, 3, 31), date(2016, 4, 1)):
        later = press.files(_remembering(on(site, seen), {late.id: added}, FIRST), [FEED])
        in_current[seen] = any("archive" not in name for name in traces(later, 5))
    assert in_current == {date(2016, 3, 31): True, date(2016, 4, 1): False}


def test_what_a_memory_began_with_is_not_late(site: Site, press: Press) -> None:
    """The first seal of an old gazette does not put all of it into the current document."""
    day = date(2016, 2, 20)
    firsts = {record.id: day for record in entries(site)}
    sealed = _remembering(on(site, day), firsts, day)
    assert press.files(sealed, [FEED]) == press.files(on(site, day), [FEED])


def test_personal_data_stands_in_no_feed(site: Site, press: Press) -> None:
    """Of such an entry feeds have the title alone, in each form, current and archived."""
    files = press.files(on(site, date(2016, 2, 20)), [FEED])
    assert [name for name, content in files.items() if _mark(80).encode() in content] == []
    titled = [name for name, content in files.items() if "要點080".encode() in content]
    assert len(titled) == 6
    assert _mark(81).encode() in files["feeds/gazette.xml"]
    number = b"1040000080"
    assert [name for name, content in files.items() if number in content] == []

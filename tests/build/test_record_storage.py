"""A record whose long texts are in a store is a record of its kind like any other."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from sample_sites import SITES, options

from generator.build.bundles.lazy_texts import KEPT, Texts, TextsMissing
from generator.build.bundles.record_storage import (
    Alike,
    late_fields,
    read_records,
    split,
    stored_type,
)
from generator.build.examine import gather
from generator.build.workers.tasks import Desk
from generator.content.archive import Archive
from generator.content.model import Ref
from generator.content.record import Record, specs
from generator.kinds.gazette.entry import GazetteEntry
from generator.output.plugins import all_kinds
from generator.site.kind import Site

KINDS = {kind.name: kind for kind in all_kinds()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The full sample, as it is read."""
    found = gather(options(SITES / "full", tmp_path_factory.mktemp("stored"))).site
    assert found is not None
    return found


def _stored(records: Iterable[Record], texts: Callable[[Record], Mapping[str, Any]]) -> list[Any]:
    """The records as a cache gives them back."""
    types = {name: kind.record_type for name, kind in KINDS.items()}
    return list(read_records(split(records)[0], types, texts, Alike()))


def _entry(site: Site) -> Any:
    return site.archive.of(GazetteEntry)[0]


def test_a_stored_record_is_one_of_its_kinds_class(site: Site) -> None:
    """With the same fields, described alike; its archive finds it under that class."""
    for record in site.archive:
        cls: Any = KINDS[record.kind].record_type
        assert isinstance(record, cls)
        assert type(record) is stored_type(cls)
        assert record.record_type is cls
        assert specs(type(record)) == specs(cls)
        assert record in site.archive.of(cls)
        assert not hasattr(record, "__dict__") or record.__dict__ == {}


def test_parsed_and_stored_records_stand_in_one_archive(site: Site) -> None:
    """Each is found by its kind's class, and is the neighbour of the other."""
    entry, *others = site.archive.of(GazetteEntry)
    held = [copy.copy(entry), *others]
    archive = Archive(held, {"gazette": KINDS["gazette"].order})
    assert [type(record) for record in archive.of(GazetteEntry)][:2] == [
        GazetteEntry,
        stored_type(GazetteEntry),
    ]
    assert archive.neighbours(others[0])[0] is held[0]


def test_no_field_of_a_stored_record_is_set(site: Site) -> None:
    """Neither one that is in memory nor one that is not."""
    entry = _entry(site)
    for name in ("title", "_texts", *late_fields(GazetteEntry)):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(entry, name, "other")
    with pytest.raises(AttributeError):
        _ = entry.no_field_of_any_kind


def test_a_text_is_asked_for_when_it_is_read(site: Site) -> None:
    """And a missing one is told, not taken for none."""
    asked: list[Ref] = []

    def texts(record: Record) -> Mapping[str, Any]:
        asked.append(record.ref)
        return {"body": "檔案"}

    (stored,) = _stored([_entry(site)], texts)
    assert stored.title == _entry(site).title
    assert asked == []
    assert stored.body == "檔案"
    assert asked == [stored.ref]
    (lost,) = _stored([_entry(site)], Texts())
    with pytest.raises(TextsMissing):
        _ = lost.body


def test_records_are_equal_where_all_fields_are(site: Site) -> None:
    """The long texts too."""
    entry = _entry(site)
    late = {name: getattr(entry, name) for name in late_fields(GazetteEntry)}
    one, same = (_stored([entry], lambda _: late)[0] for _ in range(2))
    (other,) = _stored([entry], lambda _: {**late, "body": "別的"})
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


@pytest.mark.parametrize("copied", [copy.copy, lambda held: pickle.loads(pickle.dumps(held))])
def test_a_copy_holds_everything_itself(copied: Callable[[Any], Any], site: Site) -> None:
    """So that it can go where no store is."""
    for record in site.archive:
        again = copied(record)
        assert type(again) is KINDS[record.kind].record_type
        for one in fields(again):
            if one.name != "places":
                assert getattr(again, one.name) == getattr(record, one.name)
        assert dict(again.places) == dict(record.places)


def test_a_record_under_another_id_has_the_same_texts(site: Site) -> None:
    """They are those of what was typed; a text itself is not replaced in a stored record."""
    entry = _entry(site)
    other = replace(entry, id="105-999-01")
    assert other.ref == Ref("gazette", "105-999-01")
    assert other.body == entry.body
    with pytest.raises(ValueError, match="body"):
        replace(entry, body="")


def test_texts_of_the_folder_at_work_outlast_those_of_many_others(site: Site) -> None:
    """A process without a cache has no other way to them; the next folder takes their place."""
    texts, folders = Texts(), dict[str, list[Record]]()
    for record in site.archive:
        folders.setdefault(record.folder, []).append(record)
    parts = {name: split(held)[1] for name, held in folders.items()}
    order = {name: kind.order for name, kind in KINDS.items()}
    here = replace(site, archive=Archive(_stored(site.archive, texts), order))
    refs = {name: tuple(record.ref for record in held) for name, held in folders.items()}
    desk = Desk(here, texts, refs, {})
    folder, other = _entry(site).folder, site.archive.of(KINDS["partners"].record_type)[0].folder
    for first, second in ((folder, other), (other, folder)):
        (record, *_) = desk.records(first, parts[first])
        for number in range(KEPT + 1):
            texts.load(str(number), parts[second])
        assert record.source == folders[first][0].source
    (before, *_) = desk.records(folder, parts[folder])
    desk.records(other, parts[other])
    for number in range(KEPT + 1):
        texts.load(str(number), parts[folder])
    with pytest.raises(TextsMissing):
        _ = before.source

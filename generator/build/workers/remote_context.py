"""Encodes the shared value of tasks for workers that have nothing but the program.

Settings, the early part of every record and the frames are sent, and whole the records that the
site shows in part only; kinds, views and templates are those of the worker's own program.  Long
texts are not sent: a task carries those of its own folders, and one that needs others is repeated
in the process that has them.

Pickles are safe here: they come from the user's own run, over a cluster that executes any code it
is sent, and never from a disk.
"""

from __future__ import annotations

import pickle
from typing import Any

from msgspec import structs

from generator.build.bundles.bundle import Press
from generator.build.bundles.frame_cache import SentFrames
from generator.build.bundles.lazy_texts import Texts
from generator.build.bundles.record_storage import Alike, early_part, read_records
from generator.build.cache.trace import TracedSite
from generator.build.workers.executor import Shared
from generator.build.workers.tasks import Contract, Desk
from generator.content.archive import Archive
from generator.content.record import is_changed
from generator.output.plugins import all_kinds, all_views
from generator.output.templates_loader import package_templates
from generator.site.kind import Site


def shared_contract(contract: Contract) -> Shared:
    """The shared value of tasks that read."""
    return Shared(contract, lambda: pickle.dumps(contract.choices), _contract)


def _contract(content: bytes) -> Contract:
    choices = pickle.loads(content)  # noqa: S301 -- a run of our own sent it
    return Contract({kind.name: kind for kind in all_kinds()}, choices)


def shared_desk(desk: Desk) -> Shared:
    """The shared value of tasks that check or make."""
    return Shared(desk, lambda: pickle.dumps(_parts(desk)), _desk, len(desk.site.archive))


def _parts(desk: Desk) -> dict[str, Any]:
    """The parts of a desk that a worker does not have."""
    site, press = desk.site, desk.press
    feeds = press.renderer.feeds if press else ()
    return {
        "settings": site.settings,
        "records": early_part(record for record in site.archive if not is_changed(record)),
        "changed": tuple(record for record in site.archive if is_changed(record)),
        "as_of": site.as_of,
        "files": dict(site.files),
        "digests": dict(site.digests),
        "pictures": dict(site.pictures),
        "insides": dict(site.insides),
        "unreadable": site.unreadable,
        "broken": site.broken,
        "seals": site.seals,
        "folders": dict(desk.folders),
        "beside": dict(desk.beside),
        "feeds": tuple(structs.replace(feed, items=(), archives=()) for feed in feeds),
        "frames": press.frames.frames if press else None,
    }


def _desk(content: bytes) -> Desk:
    parts = pickle.loads(content)  # noqa: S301 -- a run of our own sent it
    texts, kinds = Texts(), all_kinds()
    types = {kind.name: kind.record_type for kind in kinds}
    records = read_records(parts["records"], types, texts, Alike())
    site = Site(
        settings=parts["settings"],
        archive=Archive((*records, *parts["changed"]), {k.name: k.order for k in kinds}),
        kinds=kinds,
        as_of=parts["as_of"],
        files=parts["files"],
        digests=parts["digests"],
        pictures=parts["pictures"],
        insides=parts["insides"],
        unreadable=parts["unreadable"],
        broken=parts["broken"],
        views=all_views(),
        seals=parts["seals"],
    )
    press = None
    if parts["frames"] is not None:
        frames = SentFrames({}, frames=parts["frames"].items())
        press = Press(TracedSite(site), parts["feeds"], package_templates(), frames)
    return Desk(site, texts, parts["folders"], parts["beside"], press)

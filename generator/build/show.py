"""Verifies the site that a build made, shows it, and notes how the build ended.

A site becomes visible only after its new pages have been verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import structs

from generator.build.bundles.lazy_texts import SECTION as LATE
from generator.build.bundles.link_tree import stage
from generator.build.bundles.store import roots
from generator.build.checks_runner import SECTION as CHECKED
from generator.build.examine import in_order
from generator.build.gather import EARLY
from generator.build.make import ITEMS, LINES
from generator.build.markdown_export import drop_docs, write_docs
from generator.build.options import Built, Examined
from generator.build.plan import Build
from generator.build.up_to_date import LISTS, Last, note_build, note_release, trusted_releases
from generator.build.verify import Anchors, link_faults
from generator.content.model import Problem
from generator.release.manifest import listing
from generator.release.publish import current, drop_older, finish, show, staging
from generator.release.releases import Release
from generator.release.releases import kept as kept_releases
from generator.site.plan import refuse_clashes


def stage_site(build: Build) -> Path:
    """Links all bundles into the folder that will be shown."""
    options, bundles = build.run.options, build.bundles.stored
    refuse_clashes(address for stored in bundles.values() for address in stored.bundle.files)
    build.run.progress.stage("verify")
    staged = staging(options.work)
    own_folders = roots({name: stored.bundle.files for name, stored in bundles.items()})
    stage(staged, own_folders, bundles, current(options.site))
    return staged


def faults_of(build: Build, staged: Path) -> tuple[Problem, ...]:
    """Problems of the pages that this build made, and of their links."""
    return in_order(_faults(build, build.bundles.files(), Anchors(staged)))


def _faults(build: Build, files: Mapping[str, str], anchors: Anchors) -> Iterator[Problem]:
    for _, report in sorted(build.bundles.reports.items()):
        yield from report.faults
        for lead, links in report.links.items():
            yield from link_faults(lead, links, files, anchors)


def show_site(build: Build, staged: Path, examined: Examined, key: bytes) -> Built:
    """Makes the staged folder a release and shows it; `key` is that of `site_key`."""
    run, bundles = build.run, build.bundles
    options = run.options
    if options.markdown:
        write_docs(build, options.work)
    else:
        drop_docs(options.work)
    run.progress.stage("show")
    trusted = trusted_releases(run.cache, options.work, current(options.site))
    place = structs.replace(options.place, trusted=trusted)
    release = finish(place, staged, listing(bundles.files()))
    note_release(run.cache, release)
    run.cache.commit()  # a run that is killed from here on must not forget what readers see
    show(place, release)
    last = _last(examined, build, release)
    return Built(
        examined=examined,
        release=release,
        pages=last.pages,
        changed=sum(len(bundles.stored[name].bundle.files) for name in bundles.reports),
        rest=_ending(last, build, key),
    )


def _last(examined: Examined, build: Build, release: Release) -> Last:
    """How this build ended, without the `links` of its release, which `note_build` reads."""
    bundles = build.bundles.stored.values()
    return Last(
        release=release.digest,
        problems=examined.problems,
        records=examined.records,
        figures=examined.figures,
        waiting=examined.waiting,
        codes=examined.codes,
        pages=sum(len(stored.bundle.pages) for stored in bundles),
        bundles={stored.folder: stored.signature for stored in bundles if stored.folder},
    )


def _ending(last: Last, build: Build, key: bytes) -> Callable[[], None]:
    """A function that removes old releases with their bundles, then notes the build."""

    def rest() -> None:
        drop_older(build.run.options.place)
        # afterwards, as the removal changes the ctime of links that two releases share
        _note_build(last, build, key)

    return rest


def _note_build(last: Last, build: Build, key: bytes) -> None:
    """Notes the build, and removes everything from the cache that it did not use."""
    run, bundles = build.run, build.bundles
    bundles.forget_others()
    bundles.store.keep_sizes(stored.bundle for stored in bundles.stored.values())
    for section in (EARLY, LATE, CHECKED, ITEMS, LINES):
        run.cache.keep_only(section, run.gathered.keys)
    run.cache.keep_only(LISTS, kept_releases(run.options.work, last.release))
    note_build(run.cache, key, run.options.work, last)
    run.cache.commit()

"""Verifies what a build has made, shows it, and notes how the build ended.

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
from generator.build.up_to_date import LISTS, Last, known_releases, note_build, note_release
from generator.build.verify import Anchors, link_faults
from generator.content.model import Problem
from generator.release.manifest import listing
from generator.release.publish import current, drop_older, finish, show, staging
from generator.release.releases import Release
from generator.release.releases import kept as kept_releases
from generator.site.plan import refuse_clashes


def stage_site(build: Build) -> Path:
    """Links all bundles into the folder that will be shown."""
    options, kept = build.run.options, build.bundles.kept
    refuse_clashes(address for entry in kept.values() for address in entry.bundle.files)
    build.run.progress.stage("verify")
    staged = staging(options.work)
    own_folders = roots({name: entry.bundle.files for name, entry in kept.items()})
    stage(staged, own_folders, kept, current(options.site))
    return staged


def faults_of(build: Build, staged: Path) -> tuple[Problem, ...]:
    """What is wrong with the pages that were made now, and with the links out of them."""
    return in_order(_faults(build, build.bundles.files(), Anchors(staged)))


def _faults(build: Build, files: Mapping[str, str], anchors: Anchors) -> Iterator[Problem]:
    for _, report in sorted(build.bundles.fresh.items()):
        yield from report.faults
        for lead, links in report.links.items():
            yield from link_faults(lead, links, files, anchors)


def show_site(build: Build, staged: Path, examined: Examined, key: bytes) -> Built:
    """Makes the staged folder a release and shows it; `key` is that of `site_key`."""
    run, kept = build.run, build.bundles.kept
    options = run.options
    if options.markdown:
        write_docs(build, options.work)
    else:
        drop_docs(options.work)
    run.progress.stage("show")
    known = known_releases(run.cache, options.work, current(options.site))
    place = structs.replace(options.place, known=known)
    release = finish(place, staged, listing(build.bundles.files()))
    note_release(run.cache, release)
    run.cache.commit()  # a run that is killed from here on must not forget what readers see
    show(place, release)
    last = _last(examined, build, release)
    return Built(
        examined=examined,
        release=release,
        pages=last.pages,
        changed=sum(len(kept[name].bundle.files) for name in build.bundles.fresh),
        rest=_ending(last, build, key),
    )


def _last(examined: Examined, build: Build, release: Release) -> Last:
    """How this build ended; the links of its release are read from disk when it is noted."""
    kept = build.bundles.kept.values()
    return Last(
        release=release.digest,
        problems=examined.problems,
        records=examined.records,
        figures=examined.figures,
        waiting=examined.waiting,
        pages=sum(len(entry.bundle.pages) for entry in kept),
        bundles={entry.folder: entry.signature for entry in kept if entry.folder},
    )


def _ending(last: Last, build: Build, key: bytes) -> Callable[[], None]:
    """Removes what no release needs any more, and notes the build, once it is called."""

    def rest() -> None:
        drop_older(build.run.options.place)
        # only now: links that the oldest release shared with this one were dated anew
        _note_build(last, build, key)

    return rest


def _note_build(last: Last, build: Build, key: bytes) -> None:
    """Keeps for the next run what this one has used, and nothing else."""
    run, bundles = build.run, build.bundles
    bundles.forget_others()
    bundles.store.keep_sizes(entry.bundle for entry in bundles.kept.values())
    for section in (EARLY, LATE, CHECKED, ITEMS, LINES):
        run.cache.keep_only(section, run.gathered.keys)
    run.cache.keep_only(LISTS, kept_releases(run.options.work, last.release))
    note_build(run.cache, key, run.options.work, last)
    run.cache.commit()

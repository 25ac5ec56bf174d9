"""Verifies the site that a build made, shows it, and notes how the build ended.

A site becomes visible only after its new pages have been verified.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct, structs

from generator.build.bundles.lazy_texts import SECTION as LATE
from generator.build.cache.file_state import differ_by_links_alone, inodes_of
from generator.build.checks_runner import SECTION as CHECKED
from generator.build.examine import in_order
from generator.build.gather import EARLY
from generator.build.make import ITEMS, LINES, WHOLE
from generator.build.markdown_export import drop_docs, write_docs
from generator.build.options import Built, Examined
from generator.build.plan import Build
from generator.build.release_signing import keep_waiting, sign_staged
from generator.build.session import Session
from generator.build.up_to_date import (
    LISTS,
    Last,
    note_build,
    note_release,
    note_states,
    trusted_releases,
)
from generator.build.verify import Anchors, link_faults
from generator.content.model import Problem
from generator.release.manifest import BUNDLES, listing
from generator.release.publish import drop_older, finish, release_name, show
from generator.release.releases import Release, complete_releases, current
from generator.release.staging import Part, begin, carry, fill
from generator.site.plan import refuse_clashes


class StagedSite(Struct, frozen=True, kw_only=True):
    """A site that nobody sees yet: its folder, its list, the files carried from older releases.

    `linked` are the bundles whose files were linked anew.
    """

    folder: Path
    listing: str
    carried: Mapping[str, str]
    linked: Container[str]


def stage_site(build: Build) -> StagedSite:
    """Links the files of all bundles into the folder that will be shown."""
    options, bundles = build.run.options, build.bundles.stored
    refuse_clashes(address for stored in bundles.values() for address in stored.bundle.files)
    build.run.progress.stage("verify")
    files = listing(build.bundles.files())
    trusted = trusted_releases(build.run.cache, options.work, current(options.site))
    place = structs.replace(options.place, trusted=trusted)
    name = release_name(files)
    folder = begin(place, name)
    carried = carry(place, files, name)
    parts = [
        Part(
            folder=stored.folder,
            addresses=stored.bundle.files,
            inodes=inodes_of(stored.signature),
        )
        for stored in bundles.values()
        if stored.folder
    ]
    sources = {address: file for address, (_, file) in carried.items()}
    linked = fill(folder, options.work / BUNDLES, parts, sources)
    return StagedSite(
        folder=folder,
        listing=files,
        carried={address: digest for address, (digest, _) in carried.items()},
        linked=linked,
    )


def faults_of(build: Build, staged: Path) -> tuple[Problem, ...]:
    """Problems of the pages that this build made, and of their links."""
    return in_order(_faults(build, build.bundles.files(), Anchors(staged)))


def _faults(build: Build, files: Mapping[str, str], anchors: Anchors) -> Iterator[Problem]:
    for _, report in sorted(build.bundles.reports.items()):
        yield from report.faults
        for lead, links in report.links.items():
            yield from link_faults(lead, links, files, anchors)


def show_site(build: Build, staged: StagedSite, examined: Examined, opened: Session) -> Built:
    """Makes the staged folder a release and shows it."""
    run, bundles = build.run, build.bundles
    options = run.options
    if options.markdown:
        write_docs(build, options.work)
    else:
        drop_docs(options.work)
    run.progress.stage("show")
    made_from, settings, outside = opened.content_key.hex(), build.site.settings, staged.carried
    if settings.signs_releases:
        made = sign_staged(
            options, settings, staged.folder, staged.listing, staged.carried, made_from
        )
        if not made.signed:
            return Built(
                examined=examined,
                unsigned=keep_waiting(options, staged.folder, staged.listing, made, settings),
                rest=partial(_end_unshown, build, staged.linked),
            )
        outside = made.outside
    release = finish(options.place, staged.folder, staged.listing, outside, made_from)
    note_release(run.cache, release)
    run.cache.commit()  # a run that is killed from here on must not forget what readers see
    shown = show(options.place, release)
    last = _last(examined, build, release)
    return Built(
        examined=examined,
        release=release,
        shown=shown,
        pages=last.pages,
        changed=sum(len(bundles.stored[name].bundle.files) for name in bundles.reports),
        rest=partial(_end, last, build, opened.key, staged.linked),
    )


def _last(examined: Examined, build: Build, release: Release) -> Last:
    """How this build ended, without the `files` of its release, which `note_build` reads."""
    bundles = build.bundles.stored.values()
    return Last(
        release=release.digest,
        problems=examined.problems,
        records=examined.records,
        figures=examined.figures,
        waiting=examined.waiting,
        codes=examined.codes,
        pages=sum(len(stored.bundle.pages) for stored in bundles),
    )


def _end(last: Last, build: Build, key: bytes, linked: Container[str]) -> None:
    """Removes old releases and bundles, then notes the build and the states of its files."""
    removed = drop_older(build.run.options.place)
    states = _kept_states(build, linked, removed=removed)
    _forget_others(build, last.release)
    note_build(build.run.cache, key, build.run.options, last, states)
    build.run.cache.commit()


def _end_unshown(build: Build, linked: Container[str]) -> None:
    """The same where the release waits for its signature: readers see what they saw before."""
    states = _kept_states(build, linked, removed=False)
    _forget_others(build, current(build.run.options.site))
    note_states(build.run.cache, states)
    build.run.cache.commit()


def _kept_states(build: Build, linked: Container[str], *, removed: bool) -> Mapping[str, str]:
    """The states of all bundles in the store, which keeps no others from here on."""
    bundles = build.bundles
    signatures = {s.folder: s.signature for s in bundles.stored.values() if s.folder}
    bundles.store.keep_only(signatures)
    bundles.store.keep_sizes(stored.bundle for stored in bundles.stored.values())
    # a file's ctime changes as a link to it is made or removed
    states = dict(signatures)
    for name, before in signatures.items():
        after = bundles.store.signature(name) if removed or name in linked else before
        # what somebody changed in the meantime keeps its signature, so that the next build sees it
        if differ_by_links_alone(before, after):
            states[name] = after
    return states


def _forget_others(build: Build, shown: str | None) -> None:
    """Removes everything from the cache that the build did not use."""
    run = build.run
    build.bundles.forget_others()
    for section in (EARLY, LATE, CHECKED, ITEMS, WHOLE, LINES):
        run.cache.keep_only(section, run.gathered.keys)
    run.cache.keep_only(LISTS, complete_releases(run.options.work, shown))

"""A site is built: everything is examined and planned, what is stale is made, then it is shown.

The stages in their order.  A site becomes visible only after it has been verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import structs

from generator.build.bundles.lazy_texts import SECTION as LATE
from generator.build.bundles.link_tree import stage
from generator.build.bundles.reuse import Printing
from generator.build.bundles.store import roots
from generator.build.cache.file_state import Looked
from generator.build.checks_runner import SECTION as CHECKED
from generator.build.examine import Run, in_order, passing_run
from generator.build.expected_site import declare, make_anew
from generator.build.folders import ITEMS, LINES, Making, folder_keys, make_folders, planned
from generator.build.gather import EARLY
from generator.build.history import unsealed_problem
from generator.build.listing_pages import begin_pages, make_pages
from generator.build.markdown_export import drop_docs, write_docs
from generator.build.options import Built, Examined, Options
from generator.build.search_index import begin_search
from generator.build.site_bundles import joined_bundles, whole_bundles
from generator.build.site_files import StoredParts, join
from generator.build.up_to_date import (
    LISTS,
    Last,
    known_releases,
    note_build,
    note_release,
    remember,
)
from generator.build.verify import (
    ALTERED,
    Anchors,
    SiteAnew,
    link_faults,
    verify,
    verify_manifest,
)
from generator.content.model import Problem
from generator.output.mkdocs.host_settings import settings_file
from generator.release.manifest import listing
from generator.release.publish import current, drop_older, finish, published, show, staging
from generator.release.releases import Release, text_of
from generator.release.releases import kept as kept_releases
from generator.site.kind import Site
from generator.site.plan import refuse_clashes


def build_anew(run: Run, key: bytes, looked: Looked) -> Built:
    """Examine, plan, make, verify, show; `key` is of all that the site is made of."""
    examined = _with_unsealed(run.examine(), run.options)
    remember(run.files, run.cache, run.options.work)
    if examined.site is None or (run.options.strict and examined.problems):
        return Built(examined=examined)
    return _published(examined, _made(run, examined.site, looked), run, key)


def _with_unsealed(examined: Examined, options: Options) -> Examined:
    """The same with a warning where readers are shown what the memory lacks."""
    if not examined.unsealed:
        return examined
    told = unsealed_problem(examined.unsealed, options.ledger_way)
    return structs.replace(examined, problems=in_order((*examined.problems, told)), unsealed=())


def _made(run: Run, site: Site, looked: Looked) -> Making:
    """Everything of the site, in the store; raises `ThemeRefused`."""
    making = planned(run, site, looked)
    making.frames.load()  # before other processes begin: they inherit it
    pages = begin_pages(making)  # goes on beside what follows
    make_folders(making, folder_keys(making, run))
    parts = StoredParts(making, begin_search(making))  # and this
    joined = tuple(joined_bundles(making.planned, making.site, parts))
    run.progress.stage("tables", len(joined))
    join(making, joined)
    make_pages(making, pages)
    join(making, whole_bundles(making.site, parts))
    making.frames.keep(run.cache, run.program)
    return making


def _published(examined: Examined, making: Making, run: Run, key: bytes) -> Built:
    """Verify, and show the site unless there are faults."""
    options, kept = run.options, making.printing.kept
    refuse_clashes(address for one in kept.values() for address in one.bundle.files)
    run.progress.stage("verify")
    staged = staging(options.work)
    ways = roots({name: one.bundle.files for name, one in kept.items()})
    stage(staged, ways, kept, current(options.site))
    files = making.printing.files()
    faults = in_order(_faults(making.printing, files, Anchors(staged)))
    if faults:
        return Built(examined=examined, faults=faults)
    if options.markdown:
        write_docs(making, options.work)
    else:
        drop_docs(options.work)
    run.progress.stage("show")
    known = known_releases(run.cache, options.work, current(options.site))
    place = structs.replace(options.place, known=known)
    made = finish(place, staged, listing(files))
    note_release(run.cache, made)
    run.cache.commit()  # a run that is killed from here on must not forget what readers see
    show(place, made)
    last = _last(examined, making, made)
    return Built(
        examined=examined,
        release=made,
        pages=last.pages,
        changed=sum(len(kept[name].bundle.files) for name in making.printing.fresh),
        rest=_ending(last, making, run, key),
    )


def _faults(printing: Printing, files: Mapping[str, str], anchors: Anchors) -> Iterator[Problem]:
    """What is wrong with what was made now: pages, and links out of them."""
    for _, told in sorted(printing.fresh.items()):
        yield from told.faults
        for lead, links in told.links.items():
            yield from link_faults(lead, links, files, anchors)


def _ending(last: Last, making: Making, run: Run, key: bytes) -> Callable[[], None]:
    """What is left to do: removes what no release needs any more, and notes the build."""

    def rest() -> None:
        drop_older(run.options.place)
        _note_build(last, making, run, key)

    return rest


def _last(examined: Examined, making: Making, made: Release) -> Last:
    """How this build ended, but for its links: the disk is asked for those when it is noted."""
    kept = making.printing.kept.values()
    return Last(
        release=made.digest,
        problems=examined.problems,
        records=examined.records,
        figures=examined.figures,
        waiting=examined.waiting,
        pages=sum(len(one.bundle.pages) for one in kept),
        bundles={one.folder: one.signature for one in kept if one.folder},
    )


def _note_build(last: Last, making: Making, run: Run, key: bytes) -> None:
    """Keeps for the next run what this one has used, and nothing else.

    The oldest release has gone by now: links that this one shares with it were dated anew.
    """
    making.printing.forget_others()
    making.printing.store.keep_sizes(one.bundle for one in making.printing.kept.values())
    for section in (EARLY, LATE, CHECKED, ITEMS, LINES):
        run.cache.keep_only(section, run.gathered.keys)
    run.cache.keep_only(LISTS, kept_releases(run.options.work, last.release))
    note_build(run.cache, key, run.options.work, last)
    run.cache.commit()


def verify_site(options: Options) -> Built:
    """Compares the published site with one made anew, and with the lists of its release."""
    examined = (run := passing_run(options)).examine()
    if examined.site is None:
        return Built(examined=examined)
    file = settings_file(options.content)
    expected = declare(examined.site, options.loader, draft=options.draft, file=file)
    anew = make_anew(expected, options)
    run.cache.close()
    faults = compare(published(options.work, options.site), anew)
    return Built(examined=examined, faults=faults, pages=len(expected.pages))


def compare(shown: Release, anew: SiteAnew) -> tuple[Problem, ...]:
    """Every difference of a release from the site made anew and from its own lists."""
    carried = shown.carried_files()
    wanted = text_of(shown.manifest)
    faults = [*verify(shown.folder, anew, carried)]
    altered = {fault.origin.path for fault in faults if fault.code == ALTERED}
    faults += (
        fault
        for fault in verify_manifest(shown.folder, wanted, shown.digest, carried)
        # a list knows no more of a file than that it differs
        if fault.code != ALTERED or fault.origin.path not in altered
    )
    return in_order({fault.order: fault for fault in faults}.values())

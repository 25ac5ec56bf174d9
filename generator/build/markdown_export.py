"""Writes the site as Markdown, for another host or a comparison, if the run's options ask for it.

Every page is rendered each time: nothing is cached, so nothing can be stale, and builds without
this option need not care.  All other files are links to those of the release.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.build.plan import Build
from generator.build.workers.batches import run_batches
from generator.build.workers.memory import let_go
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import SOURCES, Texted
from generator.content.model import Artifact
from generator.output.formats.sitemap import PART, SITEMAP
from generator.output.mkdocs.nav import NAV_FILE, nav_file
from generator.output.mkdocs.theme_pages import LOST_PAGE
from generator.release.disk import discard, refer
from generator.release.manifest import BUNDLES
from generator.release.write import write_file

DOCS = "docs"
_THEME = "theme"
"""The bundle of the theme's files, which MkDocs writes by itself."""


def write_docs(build: Build, work: Path) -> None:
    """Replaces `docs` and `nav.yml` of a work folder by those of this build's site."""
    bundles = [stored.bundle for stored in build.bundles.stored.values()]
    pages = {page.address for bundle in bundles for page in bundle.pages}
    build.run.progress.stage("markdown", len(pages))
    fresh = work / f"{DOCS}.new"
    discard(fresh)
    for source in _sources(build):
        write_file(fresh / source.address, source.content)
        build.run.progress.step()
    _link_rest(build, fresh, {f"{address}index.html" for address in pages})
    discard(work / DOCS)
    fresh.rename(work / DOCS)
    templates = b"extra_templates: [sitemap.xml]\n" if _in_parts(build) else b""
    write_file(work / NAV_FILE, nav_file(build.press.frames.settings).content + templates)


def drop_docs(work: Path) -> None:
    """Removes the Markdown of an earlier build, as it would not match this site."""
    discard(work / DOCS)
    discard(work / NAV_FILE)


def _sources(build: Build) -> Iterator[Artifact]:
    """The Markdown of every page."""
    desk = build.desk
    sizes = {name: len(refs) for name, refs in desk.folders.items()}

    def folder(name: str) -> Texted:
        return name, desk.texts.packed(name)

    sources = run_batches(sizes, SOURCES, shared_desk(desk), folder, build.run.options.workers)
    for _, artifacts in sources:
        yield from artifacts
    for page in build.planned_pages():
        yield build.press.source(page)
        let_go()


def _in_parts(build: Build) -> bool:
    return any(name.startswith(PART) for name in build.bundles.stored)


def _link_rest(build: Build, folder: Path, pages: set[str]) -> None:
    """Links to all files of the release that MkDocs does not make.

    An index of sitemaps is linked too: MkDocs' own template would make a single sitemap.
    """
    by_mkdocs = {LOST_PAGE, *(() if _in_parts(build) else (SITEMAP,))}
    for name, stored in build.bundles.stored.items():
        for address in stored.bundle.files if name != _THEME else ():
            if address not in pages and address not in by_mkdocs:
                path = folder / address
                path.parent.mkdir(parents=True, exist_ok=True)
                refer(path, folder.parent / BUNDLES / stored.folder / address)

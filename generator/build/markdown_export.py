"""The site as Markdown, for another host or a comparison: written when it is asked for.

Pages are rendered anew each time: nothing of them is kept, so nothing of them can be stale, and
a build that is not asked for them does nothing for them.  All else are links to the release's
own files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.build.plan import Build
from generator.build.workers.batches import worked
from generator.build.workers.memory import let_go
from generator.build.workers.remote_context import shared_desk
from generator.build.workers.tasks import SOURCES, Texted
from generator.content.model import Artifact
from generator.output.formats.sitemap import PART, SITEMAP
from generator.output.mkdocs.nav import NAV_FILE, nav_file
from generator.output.mkdocs.theme_pages import LOST_PAGE
from generator.release.disk import discard
from generator.release.manifest import BUNDLES
from generator.release.write import write_file

DOCS = "docs"
_THEME = "theme"
"""The bundle of what MkDocs makes of the theme by itself."""


def write_docs(build: Build, work: Path) -> None:
    """Makes `docs` and `nav.yml` of a work folder those of a site in the store."""
    pages = {page.address for kept in build.bundles.kept.values() for page in kept.bundle.pages}
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
    """Removes what a build that was asked for Markdown has left: it would not be of this site."""
    discard(work / DOCS)
    discard(work / NAV_FILE)


def _sources(build: Build) -> Iterator[Artifact]:
    """The Markdown of every page."""
    desk = build.desk
    sizes = {name: len(refs) for name, refs in desk.folders.items()}

    def folder(name: str) -> Texted:
        return name, desk.texts.packed(name)

    made = worked(sizes, SOURCES, shared_desk(desk), folder, build.run.options.workers)
    for _, held in made:
        yield from held
    for page in build.planned_pages():
        yield build.press.source(page)
        let_go()


def _in_parts(build: Build) -> bool:
    return any(name.startswith(PART) for name in build.bundles.kept)


def _link_rest(build: Build, folder: Path, pages: set[str]) -> None:
    """Links to all that the release holds beside its pages.

    An index of sitemaps too: the theme would make one file, and a template of the docs comes after.
    """
    hosts = {LOST_PAGE, *(() if _in_parts(build) else (SITEMAP,))}
    for name, kept in build.bundles.kept.items():
        for address in kept.bundle.files if name != _THEME else ():
            if address not in pages and address not in hosts:
                path, up = folder / address, "../" * (address.count("/") + 1)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to(f"{up}{BUNDLES}/{kept.folder}/{address}")

"""The theme as the host makes it: its own files, and a frame for each sort of page.

What the host said once is remembered as long as theme, settings and program stay the same;
then no page needs the host at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from msgspec import Struct

from generator import PROJECT
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache, combined_key, passing
from generator.content.model import Artifact, Entrance
from generator.output.mkdocs.front_matter import quoted_line
from generator.output.mkdocs.nav import navigation
from generator.output.mkdocs.page_frame import (
    HEAD,
    OTHER,
    FrameKey,
    FrameMissing,
    PageFrame,
    cut,
    sample,
)
from generator.output.mkdocs.page_markdown import markdown_text, page_header
from generator.output.mkdocs.process import PageHost, Stage
from generator.release.write import write, write_file
from generator.site.kind import Site

SECTION = "frames"
_FILES = "files"
THEME = PROJECT / "theme"
DOCS, SITE = "docs", "site"
Value = TypeVar("Value")
_FRAME: Form[PageFrame] = Form(PageFrame)
_HELD: Form[dict[str, bytes]] = Form(dict[str, bytes])


class Theme(Struct):
    """Asks the host for what is not known yet; `key` is of all that its answers depend on.

    One that is `alone` asks nobody, and raises `FrameMissing`.
    """

    folder: Path
    cache: Cache
    key: bytes
    nav: Artifact
    entrances: tuple[str, ...]
    base_url: str
    environment: Mapping[str, str]
    alone: bool = False
    _host: PageHost | None = None
    _frames: dict[FrameKey, PageFrame] = {}

    def supplied(self, frames: dict[FrameKey, PageFrame], make: Callable[[], Value]) -> Value:
        """What `make` gives once it has the frames it asks for; raises `HostFailed`."""
        while True:
            try:
                return make()
            except FrameMissing as missing:
                frames[missing.key] = self.frame(missing.key)

    def frame(self, key: FrameKey) -> PageFrame:
        """The frame of a key; raises `HostFailed`."""
        if key not in self._frames:
            held = self.cache.get(SECTION, repr(key), self.key)
            frame = _FRAME.unpacked(held) if held else self._made(key)
            if not held:
                self.cache.put(SECTION, repr(key), self.key, _FRAME.packed(frame))
            self._frames[key] = frame
        return self._frames[key]

    def files(self) -> Mapping[str, bytes]:
        """The theme's own files by address: assets and the 404 page; raises `HostFailed`."""
        held = self.cache.get(SECTION, _FILES, self.key)
        if held is None:
            self.host.site()
            held = _HELD.packed(_theme_files(self.folder / SITE))
            self.cache.put(SECTION, _FILES, self.key, held)
        return _HELD.unpacked(held)

    @property
    def host(self) -> PageHost:
        """The host's process, started when it is first needed."""
        if self._host is None:
            stubs = [_stub(address) for address in self.entrances]
            write(self.folder / DOCS, stubs)
            write_file(self.folder / self.nav.address, self.nav.content)
            self._host = PageHost(
                Stage(
                    nav=self.folder / self.nav.address,
                    docs=self.folder / DOCS,
                    target=self.folder / SITE,
                    environment=self.environment,
                )
            )
        return self._host

    def _made(self, key: FrameKey) -> PageFrame:
        if self.alone:
            raise FrameMissing(key)
        page, block, feeds = sample(key)
        header = page_header(page, feeds, HEAD) + quoted_line("other", OTHER)
        text = markdown_text(header, block)
        return cut(self.host.page(page.path, text), key, self.base_url)

    def close(self) -> None:
        """Ends the host's process."""
        if self._host:
            self._host.close()


def theme_of(
    entrances: Sequence[Entrance],
    site: Site,
    folder: Path,
    cache: Cache,
    *,
    program: bytes,
    environment: Mapping[str, str],
) -> Theme:
    """The theme around a site with these entrances; MkDocs works in `folder` when it is asked."""
    nav = navigation(entrances, site)
    return Theme(
        folder=folder,
        cache=cache,
        key=combined_key(program, nav.content),
        nav=nav,
        entrances=tuple(entrance.address for entrance in entrances),
        base_url=site.settings.base_url,
        environment=environment,
    )


@contextmanager
def theme_anew(
    entrances: Sequence[Entrance], site: Site, environment: Mapping[str, str]
) -> Iterator[Theme]:
    """A theme that knows nothing of earlier builds: MkDocs is asked for all of it.

    It works in a temporary folder, which is removed at the end.
    """
    with TemporaryDirectory(prefix="gongbao-") as folder, closing(passing()) as cache:
        theme = theme_of(entrances, site, Path(folder), cache, program=b"", environment=environment)
        with closing(theme):
            yield theme


def _stub(address: str) -> Artifact:
    """A page of the navigation, as far as other pages see it: that it is there."""
    return Artifact(address=f"{address}index.md", content=b"<h1></h1>\n")


def _theme_files(folder: Path) -> dict[str, bytes]:
    """What the host made of the files that are ours; the base's scripts are used by no page.

    Nor are the parts of the stylesheet, which pages load as one.
    """
    held = (path for path in sorted(THEME.glob("assets/**/*")) if path.parent.name != "styles")
    ours = (path.relative_to(THEME).as_posix() for path in held)
    made = {name: folder / name for name in ("404.html", *ours)}
    return {name: path.read_bytes() for name, path in made.items() if path.is_file()}

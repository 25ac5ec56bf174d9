"""What is audited: sites built of some content folders, and one page of each of their templates."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hosting import hosted
from page_types import page_types

from generator.build.examine import gather
from generator.build.options import Options
from generator.pipeline import build

LOST = "404.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A built site, where it is served, and the pages of it that stand for their types."""

    name: str
    folder: Path
    root: str
    official: bool
    types: Mapping[str, str]

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of those pages."""
        return tuple(self.root + address for address in self.types.values())

    @property
    def pages(self) -> tuple[str, ...]:
        """Every page, below the site's folder; a line that proves an owner is none."""
        walked = os.walk(self.folder, followlinks=True)
        files = (Path(above, name) for above, _, names in walked for name in names)
        pages = (file for file in files if file.suffix == ".html" and b"<" in file.read_bytes())
        return tuple(sorted(page.relative_to(self.folder).as_posix() for page in pages))


@contextmanager
def subjects(contents: Iterable[Path], work: Path, as_of: date) -> Iterator[tuple[Subject, ...]]:
    """The sites, built and served; a type stands for itself on the first site that has it."""
    seen: set[str] = set()
    held: list[Subject] = []
    with ExitStack() as stack:
        for number, content in enumerate(contents, start=1):
            options = built_site(content, work / f"{number}-{content.name}", as_of)
            types = {**page_types(options), LOST: "no/such/page/"}
            own = {name: address for name, address in types.items() if name not in seen}
            seen |= {*types}
            root = stack.enter_context(hosted(options.site))
            held.append(_subject(options, root, own))
        yield tuple(held)


def _subject(options: Options, root: str, types: Mapping[str, str]) -> Subject:
    site = gather(options).site
    return Subject(
        name=options.content.as_posix(),
        folder=options.site,
        root=root,
        official=bool(site and site.settings.official),
        types=types,
    )


def built_site(content: Path, work: Path, as_of: date) -> Options:
    """The options of a site that was built of some content; raises `LookupError`."""
    work.mkdir(parents=True, exist_ok=True)
    options = Options(
        content=content,
        work=work / "build",
        site=work / "site",
        as_of=as_of,
    )
    built = build(options, lambda stage: None)
    if built.release is None:
        raise LookupError(f"{content} cannot be built: gongbao build --content {content}")
    return options

"""The search index: static files from the archive, cut so that a publication changes little.

Documents stand in order of publication.  Segments hold sizes in powers of eight of 256
documents, as the order alone gives them, each in a folder named after its content: old ones
are cached for ever, a new issue rewrites the last.  `theme/assets/search.js` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from generator.content.field_types import Leaf, Text
from generator.content.model import Artifact
from generator.content.record import Record, leaves_of
from generator.output.search.documents import (
    BLOCK,
    CHUNK,
    MadeSegment,
    SearchDocument,
    SearchWords,
    Spread,
    segments,
    words_of,
    written,
)
from generator.release.search_names import FOLDER, folds_name
from generator.site.kind import Found, Site
from generator.text.fold_table import packed
from generator.text.markdown import plain_text

INDEX, DESCRIPTION = f"{FOLDER}index.json", f"{FOLDER}opensearch.xml"


def documents(site: Site) -> tuple[SearchDocument, ...]:
    """Every record with a page of its own, the oldest first."""
    return tuple(document(record, site) for record in found_records(site))


def found_records(site: Site) -> tuple[Record, ...]:
    """The records that search finds, the oldest first."""
    paged = [r for kind in site.kinds if kind.page for r in site.records(kind)]
    return tuple(reversed(site.newest(paged)))


def document(record: Record, site: Site, held: Sequence[Leaf] = ()) -> SearchDocument:
    """What search knows of a record; `held` are all its values, where they are at hand."""
    kind = site.kind(record)
    found: Found = kind.found(record, site)
    known = {kind.title(record), *found.numbers}
    shown = (*_texts(held or leaves_of(record, Text)), *found.texts)
    texts = dict.fromkeys(text for text in shown if text not in known)
    return SearchDocument(
        address=kind.address(record),
        title=kind.title(record),
        day=site.known(record),
        kind=kind.label,
        category=found.category,
        agencies=found.agencies,
        numbers=found.numbers,
        texts=tuple(texts),
    )


def _texts(held: Iterable[Leaf]) -> Iterator[str]:
    for leaf in held:
        if isinstance(leaf.type, Text):
            yield plain_text(leaf.value) if leaf.type.markup else leaf.value


def search_artifacts(site: Site) -> Iterator[Artifact]:
    """The index of a site, and its description for browsers."""
    yield from index_artifacts(documents(site))
    yield description(site)


def index_artifacts(found: Sequence[SearchDocument], spread: Spread = map) -> Iterator[Artifact]:
    """The files of every segment, and the table of them; `spread` maps tasks, see `segments`."""
    # numpy takes longer to import than most commands to run
    from generator.output.search.segments import segment_files  # noqa: PLC0415 -- loads numpy

    words = words_of(found)
    made: list[tuple[int, int, MadeSegment]] = []
    for first, count in segments(len(found)):
        segment, files = segment_files(found[first : first + count], words, spread)
        made.append((first, count, segment))
        for address, content in files.items():
            yield Artifact(address=address, content=content)
    folds = folds_artifact()
    yield folds
    yield table_artifact(made, words, folds.address)


def folds_artifact() -> Artifact:
    """The table by which texts were folded, for queries to be folded by it too."""
    content = packed()
    return Artifact(address=FOLDER + folds_name(content), content=content)


def table_artifact(
    made: Sequence[tuple[int, int, MadeSegment]], words: SearchWords, folds: str
) -> Artifact:
    """The table of segments (first document, how many, where); `folds` is the other's address."""
    table: dict[str, object] = {
        "version": 1,
        "documents": sum(count for _, count, _ in made),
        "block": BLOCK,
        "chunk": CHUNK,
        "segments": [
            {"folder": held.folder, "first": first, "documents": count, "shards": held.shards}
            for first, count, held in made
        ],
        "fold": folds.removeprefix(FOLDER),
        "kind": list(words.kind),
        "category": list(words.category),
        "agency": list(words.agency),
    }
    return Artifact(address=INDEX, content=written(table).encode())


def description(site: Site) -> Artifact:
    """The site as a search engine of its own, for browsers that take one in (OpenSearch 1.1)."""
    settings = site.settings
    address = escape(f"{settings.base_url}{FOLDER}?q=")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(settings.title[:16])}</ShortName>\n"
        f"<Description>{escape(settings.title)}</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{address}{{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return Artifact(address=DESCRIPTION, content=text.encode())

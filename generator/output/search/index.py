"""Makes the search index: static files, divided so that a publication changes few of them.

Documents are sorted by publication.  Their order alone decides the segments, whose sizes are 256
documents times powers of eight.  A segment's folder is named after its content, so browsers cache
old segments for ever and a new issue rewrites only the last.  `theme/assets/search.js` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import starmap

from generator.content.field_types import Leaf, Text
from generator.content.model import Artifact
from generator.content.record import Record, leaves_of
from generator.output.search.documents import (
    BLOCK,
    CHUNK,
    MadeSegment,
    SearchCell,
    SearchDocument,
    SearchWords,
    segments,
    words_of,
    written,
)
from generator.release.search_names import FOLDER, folds_name
from generator.site.kind import SearchFields, Site
from generator.text.fold_table import packed
from generator.text.markdown import plain_text

INDEX, DESCRIPTION = f"{FOLDER}index.json", f"{FOLDER}opensearch.xml"


def documents(site: Site) -> tuple[SearchDocument, ...]:
    """Every record with a page of its own, the oldest first."""
    return tuple(document(record, site) for record in found_records(site))


def found_records(site: Site) -> tuple[Record, ...]:
    """The records that search can find, the oldest first."""
    paged = [r for kind in site.kinds if kind.page for r in site.records(kind)]
    return tuple(reversed(site.newest(paged)))


def document(record: Record, site: Site, leaves: Sequence[Leaf] = ()) -> SearchDocument:
    """A record as search sees it; `leaves` are all its values, if the caller has them at hand."""
    kind = site.kind(record)
    facts: SearchFields = kind.search_fields(record, site)
    english = kind.english.title(record) if site.settings.english else ""
    headings = {kind.title(record), english, *facts.numbers}
    candidates = (*_texts(leaves or leaves_of(record, Text)), *facts.texts)
    texts = dict.fromkeys(text for text in candidates if text not in headings)
    return SearchDocument(
        address=kind.address(record),
        title=kind.title(record),
        # a record whose source gives no day is not found under the last one that is possible
        day=site.publication_day(record) if kind.when(record, site) else None,
        kind=kind.label,
        category=facts.category,
        agencies=facts.agencies,
        numbers=facts.numbers,
        texts=tuple(texts),
        english=english,
        days=tuple(day for day in facts.days if day != site.publication_day(record)),
        cells=tuple(starmap(SearchCell, facts.cells)),
    )


def _texts(leaves: Iterable[Leaf]) -> Iterator[str]:
    for leaf in leaves:
        if isinstance(leaf.type, Text):
            yield plain_text(leaf.value) if leaf.type.markup else leaf.value


def search_artifacts(site: Site) -> Iterator[Artifact]:
    """The search index of a site, and the site's description for browsers."""
    yield from index_artifacts(documents(site))
    yield description(site)


def index_artifacts(found_documents: Sequence[SearchDocument]) -> Iterator[Artifact]:
    """The files of every segment, and their table."""
    # importing numpy takes longer than most commands run
    from generator.output.search.segments import segment_files  # noqa: PLC0415 -- loads numpy

    words = words_of(found_documents)
    table: list[tuple[int, int, MadeSegment]] = []
    for first, count in segments(len(found_documents)):
        segment, files = segment_files(found_documents[first : first + count], words)
        table.append((first, count, segment))
        for address, content in files.items():
            yield Artifact(address=address, content=content)
    folds = folds_artifact()
    yield folds
    yield table_artifact(table, words, folds.address)


def folds_artifact() -> Artifact:
    """The folding table of the texts, so that browsers fold queries in the same way."""
    content = packed()
    return Artifact(address=FOLDER + folds_name(content), content=content)


def table_artifact(
    made: Sequence[tuple[int, int, MadeSegment]], words: SearchWords, folds: str
) -> Artifact:
    """The table of segments (first document, count, folder); `folds` is the folding table."""
    table: dict[str, object] = {
        "version": 1,
        "documents": sum(count for _, count, _ in made),
        "block": BLOCK,
        "chunk": CHUNK,
        "segments": [
            {"folder": segment.folder, "first": first, "documents": count, "shards": segment.shards}
            for first, count, segment in made
        ],
        "fold": folds.removeprefix(FOLDER),
        "kind": list(words.kind),
        "category": list(words.category),
        "agency": list(words.agency),
    }
    return Artifact(address=INDEX, content=written(table).encode())


def description(site: Site) -> Artifact:
    """The site as a search engine that browsers can add (OpenSearch 1.1)."""
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

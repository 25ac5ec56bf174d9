"""The search index: static files from the archive, cut so that a publication changes little.

Documents stand in order of publication.  Segments hold sizes in powers of eight of 256
documents, as the order alone gives them, each in a folder named after its content: old ones
are cached for ever, a new issue rewrites the last.  `theme/assets/search.js` reads them.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from generator.characters import simplified
from generator.fields import Text
from generator.folding import fold, number_key
from generator.kind import Found, Kind, Site
from generator.model import Artifact
from generator.postings import BOUNDARY, Stream, pack
from generator.prose import plain_text
from generator.record import Record, leaves

FOLDER = "search/"
INDEX, DESCRIPTION = f"{FOLDER}index.json", f"{FOLDER}opensearch.xml"
BASE, RADIX = 256, 8
BLOCK = 8
"""Documents of a block of texts: what is fetched to show one hit."""
CHUNK = 4096
"""Documents of a block of columns, by which hits are counted and sorted."""
EPOCH = date(1895, 1, 1)
LONGEST = 255
_ONE, _TWO = 160, 95


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """What search knows of a page: how it is shown, counted and found."""

    address: str
    title: str
    day: date | None
    kind: str
    category: str
    agencies: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def stream(self) -> Stream:
        """Its folded fields, the title first."""
        fields = [fold(field) for field in (self.title, *self.numbers, *self.agencies, *self.texts)]
        number = "".join(map(number_key, self.numbers))
        return Stream(text=BOUNDARY.join(fields), title=len(fields[0]), number=number)

    @property
    def shown(self) -> list[object]:
        """Its fields as a block of texts holds them."""
        day = self.day.isoformat() if self.day else ""
        head = [self.address, self.title, day, self.kind, self.category]
        return [*head, self.agencies, self.numbers, self.texts]


def documents(site: Site) -> tuple[SearchDocument, ...]:
    """Every record with a page of its own, the oldest first."""
    paged = [r for kind in site.kinds if kind.page for r in site.records(kind)]
    dated = tuple(reversed(site.newest(paged)))
    return tuple(_document(record, site.kind(record), site) for record in dated)


def _document(record: Record, kind: Kind, site: Site) -> SearchDocument:
    found: Found = kind.found(record, site)
    known = {kind.title(record), *found.numbers}
    texts = dict.fromkeys(text for text in _texts(record) if text not in known)
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


def _texts(record: Record) -> Iterator[str]:
    for leaf in leaves(record):
        if isinstance(leaf.type, Text):
            yield plain_text(leaf.value) if leaf.type.markup else leaf.value


def segments(count: int) -> Iterator[tuple[int, int]]:
    """First document and size of each segment of so many documents, the largest first.

    A digit of the count in base eight (of 256s) is one segment; what is left is the last.
    """
    first, size = 0, BASE
    while size * RADIX <= count:
        size *= RADIX
    while size >= BASE:
        held = (count - first) // size * size
        if held:
            yield first, held
        first, size = first + held, size // RADIX
    if first < count:
        yield first, count - first


def search_artifacts(site: Site) -> Iterator[Artifact]:
    """The index of a site, and its description for browsers."""
    yield from index_artifacts(documents(site))
    yield Artifact(address=DESCRIPTION, content=_description(site).encode())


def index_artifacts(found: Sequence[SearchDocument]) -> Iterator[Artifact]:
    """The table of segments, and the files of each."""
    words = _Words(found)
    listed: list[dict[str, str | int]] = []
    for first, count in segments(len(found)):
        files = dict(_files(found[first : first + count], words))
        folder = f"{FOLDER}{_digest(files)}/"
        shards = sum(name.startswith("p") for name in files)
        listed.append({"folder": folder, "first": first, "documents": count, "shards": shards})
        for name, content in files.items():
            yield Artifact(address=folder + name, content=content)
    pairs = "".join(typed + meant for typed, meant in sorted(simplified().items()))
    name = f"simplified-{hashlib.sha256(pairs.encode()).hexdigest()[:16]}.txt"
    yield Artifact(address=FOLDER + name, content=pairs.encode())
    table: dict[str, object] = {"version": 1, "documents": len(found)}
    table |= {"block": BLOCK, "chunk": CHUNK, "segments": listed, "simplified": name}
    table |= words.lists
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    yield Artifact(address=INDEX, content=text.encode())


def _description(site: Site) -> str:
    """The site as a search engine of its own, for browsers that take one in (OpenSearch 1.1)."""
    settings = site.settings
    address = escape(f"{settings.base_url}{FOLDER}?q=")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(settings.title[:16])}</ShortName>\n"
        f"<Description>{escape(settings.title)}</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{address}{{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )


class Alphabet:
    """The characters of a segment's texts, the commonest first: one byte each, or two.

    A sixth less than UTF-16 once deflated.  The first 160 take one byte; a byte from 160 to 254
    and the next count on; 255 is followed by three bytes of a code point that has no number.
    """

    def __init__(self, text: str) -> None:
        counted = Counter(text).most_common()
        ranked = sorted(counted, key=lambda pair: (-pair[1], pair[0]))[: _ONE + _TWO * 256]
        self.characters = "".join(character for character, _ in ranked)
        self._codes = {ord(c): _code(rank) for rank, (c, _) in enumerate(ranked)}
        for character, _ in counted:
            self._codes.setdefault(ord(character), _spelled(character))

    def encoded(self, text: str) -> bytes:
        """The bytes of a text of these characters."""
        return text.translate(self._codes).encode("latin-1")


def _code(rank: int) -> str:
    if rank < _ONE:
        return chr(rank)
    high, low = divmod(rank - _ONE, 256)
    return chr(_ONE + high) + chr(low)


def _spelled(character: str) -> str:
    return "\xff" + ord(character).to_bytes(3).decode("latin-1")


class _Words:
    """The words that hits are counted by, as numbers."""

    def __init__(self, found: Sequence[SearchDocument]) -> None:
        self.lists = {
            "kind": sorted({document.kind for document in found}),
            "category": sorted({document.category for document in found}),
            "agency": sorted({name for document in found for name in document.agencies}),
        }
        self.numbers = {
            name: {word: number for number, word in enumerate(words)}
            for name, words in self.lists.items()
        }


def _files(found: Sequence[SearchDocument], words: _Words) -> Iterator[tuple[str, bytes]]:
    streams = [document.stream for document in found]
    for number, shard in enumerate(pack(streams)):
        yield f"p{number:x}.bin", _deflated(shard)
    for number, start in enumerate(range(0, len(found), CHUNK)):
        stop = start + CHUNK
        yield f"c{number:x}.bin", _columns(found[start:stop], streams[start:stop], words)
        addresses = "\n".join(document.address for document in found[start:stop])
        yield f"u{number:x}.bin", _deflated(addresses.encode())
    blocks = [
        json.dumps(
            [document.shown for document in found[start : start + BLOCK]],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for start in range(0, len(found), BLOCK)
    ]
    alphabet = Alphabet("".join(blocks))
    yield "a.bin", _deflated(alphabet.characters.encode("utf-16-le"))
    for number, block in enumerate(blocks):
        yield f"t{number:x}.bin", _deflated(alphabet.encoded(block))


def _columns(found: Sequence[SearchDocument], streams: Sequence[Stream], words: _Words) -> bytes:
    """Kind, category, day, length of title and text, agencies: a column after the other."""
    numbers = words.numbers
    count = len(found)
    days = [(d.day - EPOCH).days if d.day else 0 for d in found]
    agencies = [[numbers["agency"][name] for name in d.agencies] for d in found]
    flat = [number for held in agencies for number in held]
    return _deflated(
        bytes(numbers["kind"][d.kind] for d in found)
        + struct.pack(f"<{count}H", *(numbers["category"][d.category] for d in found))
        + struct.pack(f"<{count}H", *days)
        + bytes(min(stream.title, LONGEST) for stream in streams)
        + bytes(min(len(stream.text).bit_length(), LONGEST) for stream in streams)
        + bytes(min(len(held), LONGEST) for held in agencies)
        + struct.pack(f"<{len(flat)}H", *flat)
    )


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]

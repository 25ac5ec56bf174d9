"""A record's pictures in its page: their sizes, and the attributes by which a browser chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.content.image_sizes import FOLDER, WIDTHS
from generator.content.model import Picture, Scaling
from generator.content.record import Record
from generator.site.kind import Site, folder_of, shown_pictures

DISPLAYED = "(min-width: 45em) 40rem, 92vw"
"""The `sizes` of a picture: the width of a line of text, on a phone nearly the whole screen."""
MIDDLE = WIDTHS[1]
"""The width for programs without support of `srcset`."""


def picture_of(record: Record, name: str, site: Site) -> Picture | None:
    """The picture with a name in a record's folder, or None."""
    return site.pictures.get(f"{folder_of(record)}/{name}")


def scalings(record: Record, site: Site) -> Iterator[Scaling]:
    """The smaller sizes of the pictures that a record shows."""
    folder = folder_of(record)
    for name in dict.fromkeys(shown_pictures(record)):
        source = f"{folder}/{name}"
        picture = site.pictures.get(source)
        for width in picture.widths if picture else ():
            yield Scaling(
                address=_sized(record, name, width, site),
                source=source,
                digest=site.digests[source],
                width=width,
            )


def _sized(record: Record, name: str, width: int, site: Site) -> str:
    return f"{site.address(record)}{FOLDER}/{width}/{name}"


def framed(record: Record, name: str, site: Site, href: Callable[[str], str]) -> dict[str, str]:
    """The attributes of an image except `alt`; `href` turns addresses of the site into links.

    Width and height reserve the image's space while it loads.  If the largest size exists, the
    picture itself is left out of `srcset`, as it would only be larger.
    """
    whole, picture = site.address(record) + name, picture_of(record, name, site)
    late = {"loading": "lazy", "decoding": "async"}
    if picture is None:
        return {"src": href(whole), **late}
    sources = {width: _sized(record, name, width, site) for width in picture.widths}
    if WIDTHS[-1] not in sources:
        sources[picture.width] = whole
    size = {"width": str(picture.width), "height": str(picture.height)}
    source = href(sources.get(MIDDLE, whole))
    if not picture.widths:
        return {"src": source, **size, **late}
    chosen = ", ".join(f"{href(address)} {width}w" for width, address in sources.items())
    return {"src": source, "srcset": chosen, "sizes": DISPLAYED, **size, **late}

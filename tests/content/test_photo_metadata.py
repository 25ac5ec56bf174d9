"""Photographs on their way to the site: nothing but the picture, and the picture unchanged."""

from __future__ import annotations

import base64
import struct

import pytest
from browsing import Visit
from photographs import DOT, JPEG, SECRET, TURNED, chunk, photograph, tiff
from sample_sites import ScratchSite, build_site

from generator.content.photo_metadata import PNG, PictureDamaged, cleaned, orientation


def scan(content: bytes) -> bytes:
    """A JPEG's compressed pixels."""
    return content[content.index(b"\xff\xda") : content.rindex(b"\xff\xd9")]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_pixels_colours_and_orientation(order: str) -> None:
    """Place, device, texts and what follows the end are gone; pixels are the same bytes."""
    made = cleaned(photograph(TURNED, order))
    assert SECRET not in made
    assert b"ICC_PROFILE\0\1\1colours" in made
    assert scan(made) == scan(JPEG)
    assert made.endswith(b"\xff\xd9")
    assert orientation(made[made.index(b"Exif\0\0") + 6 :]) == TURNED


def test_an_upright_jpeg_has_no_exif() -> None:
    """Where nothing is turned there is nothing to say; what is clean stays as it is."""
    assert b"Exif" not in cleaned(photograph(1))
    assert cleaned(cleaned(photograph(TURNED))) == cleaned(photograph(TURNED))


def test_a_png_keeps_its_picture() -> None:
    """Texts, times and unknown chunks go; the orientation stays."""
    ihdr = len(PNG) + 25
    told = chunk(b"tEXt", SECRET) + chunk(b"tIME", bytes(7)) + chunk(b"prVt", SECRET)
    image = DOT[:ihdr] + chunk(b"eXIf", tiff(">", TURNED)) + told + DOT[ihdr:] + SECRET
    made = cleaned(image)
    at = made.index(b"eXIf")
    (size,) = struct.unpack_from(">I", made, at - 4)
    assert SECRET not in made
    assert orientation(made[at + 4 : at + 4 + size]) == TURNED
    assert made[: at - 4] + made[at + 8 + size :] == DOT
    assert cleaned(DOT) == DOT


def test_a_webp_keeps_its_picture() -> None:
    """Exif but the orientation and XMP go, and its head says no more than it holds."""

    def part(name: bytes, held: bytes) -> bytes:
        return name + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2)

    def whole(body: bytes) -> bytes:
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body

    head, pixels = bytes((0x2C, *bytes(9))), part(b"ICCP", b"abc") + part(b"VP8 ", b"pixels")
    told = part(b"EXIF", b"Exif\0\0" + tiff("<", TURNED)) + part(b"XMP ", SECRET)
    made = cleaned(whole(part(b"VP8X", head) + pixels + told))
    assert SECRET not in made
    assert made.startswith(whole(b"")[:4])
    assert made[12:30] == part(b"VP8X", bytes((0x28, *bytes(9))))
    assert made[30 : 30 + len(pixels)] == pixels
    assert orientation(made[30 + len(pixels) + 8 :]) == TURNED
    assert cleaned(whole(pixels + told)) == whole(pixels)


@pytest.mark.parametrize("image", [photograph(TURNED)[: -len(SECRET)], DOT])
def test_a_cut_picture_is_refused(image: bytes) -> None:
    """Wherever a file ends early, it is refused and never passed on as it is."""
    for end in range(len(PNG), len(image)):
        with pytest.raises(PictureDamaged):
            cleaned(image[:end])


def test_other_files_stay_as_they_are() -> None:
    """What is no picture is not touched."""
    assert cleaned(b"%PDF-1.7 Exif\0\0") == b"%PDF-1.7 Exif\0\0"


def test_the_site_carries_the_picture_alone(scratch_site: ScratchSite) -> None:
    """A built site holds no place and no device, in no file of a photograph."""
    visit = "title: 訪問某市\ndate: 105-02-19\ndirection: incoming\ncountries: [JP]\n"
    photo = "photos: [{caption: 合影, path: a.jpg, alt: 合影}]\n"
    name = "visits/105/2016-02-19-x"
    content = scratch_site({f"{name}.yaml": visit + photo, f"{name}/a.jpg": photograph(TURNED)})
    build_site(content, content.parent)
    made = (content.parent / "site" / name / "a.jpg").read_bytes()
    assert made == cleaned(photograph(TURNED))
    assert SECRET not in made


def test_a_browser_turns_the_picture(visit: Visit) -> None:
    """A photograph of eight by four pixels that lies on its side is four wide and eight high."""
    source = base64.b64encode(cleaned(photograph(TURNED))).decode()
    visit.page.goto("about:blank")  # the site's policy allows no picture from within a page
    size = visit.page.evaluate(
        """async (source) => {
            const image = new Image(); image.src = `data:image/jpeg;base64,${source}`;
            await image.decode(); return [image.naturalWidth, image.naturalHeight]; }""",
        source,
    )
    assert size == [4, 8]

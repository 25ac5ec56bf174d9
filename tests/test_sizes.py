"""Sizes of pictures: smaller, upright, nothing but the picture, and always the same bytes."""

from __future__ import annotations

import hashlib
import random
from io import BytesIO
from pathlib import Path

import pytest
from conftest import SITES, ScratchSite, build_site, examine_folder, options
from lxml import html
from msgspec.structs import replace
from photographs import SECRET, photograph
from PIL import Image

from generator.building import verify_site
from generator.formats.pictures import cleaned
from generator.formats.sizes import measured, scaled
from generator.job import Options
from generator.model import Picture, Scaling
from generator.publishing.darkroom import FOLDER, Darkroom

VISIT = "visits/105/2016-02-19-lantern"
LANTERNS = (SITES / "full" / VISIT / "lanterns.jpg").read_bytes()
"""1,200 by 800 pixels, on its side in the file."""


def drawn(mode: str, form: str, size: tuple[int, int] = (600, 300), **options: object) -> bytes:
    """A picture with a corner of its own, as a program would save it."""
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (size[0] // 2, size[1] // 2), 255 if mode != "1" else 1))
    held = BytesIO()
    image.save(held, form, **options)
    return held.getvalue()


def opened(content: bytes) -> Image.Image:
    """A picture as Pillow reads it."""
    return Image.open(BytesIO(content))


def test_a_photograph_on_its_side_is_measured_and_made_upright() -> None:
    """Its smaller size says no orientation any more, and the lanterns hang from above."""
    assert measured(LANTERNS) == Picture(1200, 800, (480, 960))
    small = opened(scaled(LANTERNS, 480))
    assert small.size == (480, 320)
    assert dict(small.getexif()) == {}
    upright = Image.open(BytesIO(LANTERNS)).transpose(Image.Transpose.ROTATE_270).resize((12, 8))
    for spot in ((0, 0), (11, 0), (6, 3), (0, 7), (11, 7)):
        pairs = zip(upright.getpixel(spot), small.resize((12, 8)).getpixel(spot), strict=True)  # type: ignore[arg-type]
        assert all(abs(one - other) < 24 for one, other in pairs)


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        (drawn("RGB", "JPEG"), "RGB"),
        (drawn("L", "JPEG"), "L"),
        (drawn("CMYK", "JPEG"), "CMYK"),
        (drawn("RGB", "PNG"), "RGB"),
        (drawn("RGBA", "PNG"), "RGBA"),
        (drawn("LA", "PNG"), "LA"),
        (drawn("P", "PNG"), "RGB"),
        (drawn("P", "PNG", transparency=0), "RGBA"),
        (drawn("1", "PNG"), "RGB"),
        (drawn("I;16", "PNG"), "RGB"),
        (drawn("RGB", "WEBP"), "RGB"),
        (drawn("RGBA", "WEBP"), "RGBA"),
    ],
)
def test_every_sort_comes_smaller_in_its_own_format(content: bytes, mode: str) -> None:
    """Grey, colours, print colours, palettes, transparency: half as wide, half as tall."""
    assert measured(content) == Picture(600, 300, (480,))
    small, whole = opened(scaled(content, 300)), opened(content)
    assert (small.format, small.mode, small.size) == (whole.format, mode, (300, 150))


def test_a_size_holds_the_picture_alone() -> None:
    """Place, device and texts of the photograph are in none of its sizes; its colours are."""
    photo = opened(LANTERNS)
    held = BytesIO()
    photo.save(held, "JPEG", comment=SECRET, exif=photo.getexif(), icc_profile=b"colours")
    small = scaled(held.getvalue(), 480)
    assert SECRET not in small
    assert b"Camera" not in small
    assert cleaned(small) == small
    assert opened(small).info["icc_profile"] == b"colours"


def test_what_moves_comes_in_one_size() -> None:
    """Its smaller sizes would stand still."""
    frames = [Image.new("RGB", (600, 300), colour) for colour in ("red", "blue")]
    held = BytesIO()
    frames[0].save(held, "WEBP", save_all=True, append_images=frames[1:])
    assert measured(held.getvalue()) == Picture(600, 300)


@pytest.mark.parametrize("size", [(2000, 20), (20, 2000), (1601, 1), (481, 4000)])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_of_any_shape_are_scaled(size: tuple[int, int], form: str) -> None:
    """However broad or narrow a picture is, its sizes are whole and as broad as they say."""
    content = drawn("RGB", form, size)
    picture = measured(content)
    assert picture[:2] == size
    for width in picture.widths:
        assert opened(scaled(content, width)).size == (
            width,
            max(1, round(size[1] * width / size[0])),
        )


def test_a_small_picture_comes_in_one_size() -> None:
    """Nothing is made larger."""
    assert measured(cleaned(photograph(6))) == Picture(4, 8)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_damage_raises(form: str) -> None:
    """Whatever bytes are changed or cut, a picture is measured or called broken."""
    whole, chance = drawn("RGB", form, (60, 30)), random.Random(20160506)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(12, len(damaged))] = chance.randrange(256)
        picture = measured(bytes(damaged[: chance.randrange(12, len(damaged) + 1)]))
        assert picture.fault in ("", "broken", "enormous")


def test_the_page_lets_browsers_choose(full_site: Options) -> None:
    """Every size with its width, the place kept, nothing fetched before it is needed."""
    folder = full_site.site / VISIT
    page = html.parse(folder / "index.html").getroot()
    dot, image = page.find_class("gb-photos")[0].iter("img")
    assert dict(image.attrib) == {
        "src": "sizes/960/lanterns.jpg",
        "srcset": "sizes/480/lanterns.jpg 480w, sizes/960/lanterns.jpg 960w, lanterns.jpg 1200w",
        "sizes": "(min-width: 45em) 40rem, 92vw",
        "width": "1200",
        "height": "800",
        "loading": "lazy",
        "decoding": "async",
        "alt": "夜空下的一排花燈",
    }
    assert "srcset" not in dot.attrib
    assert (dot.get("src"), dot.get("width"), dot.get("height")) == ("hall.png", "1", "1")
    for width in (480, 960):
        assert opened((folder / f"sizes/{width}/lanterns.jpg").read_bytes()).width == width


ABOUT: dict[str, str | bytes] = {"pages/about/lanterns.jpg": LANTERNS}
PAGE = "---\ntitle: 關於本站\npublished_on: 105-05-06\n---\n"


def test_images_within_texts_come_in_sizes_too(scratch_site: ScratchSite) -> None:
    """In a page's Markdown as well as among photos; what is made once is not made again."""
    content = scratch_site({**ABOUT, "pages/about.md": f"{PAGE}![花燈](lanterns.jpg)\n"})
    root = content.parent
    build_site(content, root)
    (image,) = html.parse(root / "site/pages/about/index.html").getroot().iter("img")
    assert image.get("srcset", "").startswith("sizes/480/lanterns.jpg 480w, ")
    assert image.get("loading") == "lazy"
    kept = sorted((root / "build" / FOLDER).iterdir())
    dates = [path.stat().st_mtime_ns for path in kept]
    (content / "pages/about.md").write_text(f"{PAGE}![燈](lanterns.jpg)\n", "utf-8")
    build_site(content, root)
    assert [path.stat().st_mtime_ns for path in kept] == dates
    (content / "pages/about.md").write_text(f"{PAGE}[燈](lanterns.jpg)\n", "utf-8")
    build_site(content, root)
    assert list((root / "build" / FOLDER).iterdir()) == []


def test_a_damaged_size_is_made_again(tmp_path: Path) -> None:
    """Bytes that are not what they were kept as are never used."""
    (tmp_path / "a.jpg").write_bytes(LANTERNS)
    scaling = Scaling(address="a", source="a.jpg", digest="d", width=480)
    room = Darkroom(tmp_path, tmp_path, b"key")
    made = room.developed(scaling)
    (kept,) = (tmp_path / FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert room.developed(scaling) == made == scaled(LANTERNS, 480)


def test_a_size_that_somebody_else_kept_is_made_again(tmp_path: Path) -> None:
    """A digest that anybody can make, or one of another size, does not make a picture ours."""
    (tmp_path / "a.jpg").write_bytes(LANTERNS)
    scaling = Scaling(address="a", source="a.jpg", digest="d", width=480)
    room, other = Darkroom(tmp_path, tmp_path, b"key"), scaled(LANTERNS, 481)
    made = room.developed(scaling)
    (kept,) = (tmp_path / FOLDER).iterdir()
    strange = Darkroom(tmp_path, tmp_path, b"another")
    kept.unlink()
    assert strange.developed(scaling) == made
    for forged in (kept.read_bytes(), hashlib.sha256(other).digest() + other, b""):
        kept.write_bytes(forged)
        assert room.developed(scaling) == made
    room.developed(replace(scaling, width=490))
    (narrow,) = [path for path in kept.parent.iterdir() if path.is_file() and path != kept]
    narrow.replace(kept)
    assert room.developed(scaling) == made


def test_a_forged_size_is_found(scratch_site: ScratchSite) -> None:
    """`verify` makes every size anew and compares."""
    content = scratch_site({**ABOUT, "pages/about.md": f"{PAGE}![花燈](lanterns.jpg)\n"})
    build_site(content, content.parent)
    chosen = options(content, content.parent)
    assert verify_site(chosen).faults == ()
    forged = (chosen.site / "pages/about/sizes/480/lanterns.jpg").resolve()
    forged.chmod(0o644)
    forged.write_bytes(scaled(LANTERNS, 481))
    codes = {(fault.code, fault.origin.path) for fault in verify_site(chosen).faults}
    assert codes == {("verify-altered", "pages/about/sizes/480/lanterns.jpg")}


def test_the_name_of_the_sizes_is_taken(scratch_site: ScratchSite) -> None:
    """An editor's file cannot stand where the program puts its own."""
    visit = "title: 訪問某市\ndate: 105-02-19\ndirection: incoming\ncountries: [JP]\n"
    photo = "photos: [{caption: 合影, path: sizes/480/a.jpg, alt: 合影}]\n"
    examined = examine_folder(scratch_site({"visits/105/2016-02-19-x.yaml": visit + photo}))
    assert [problem.code for problem in examined.problems] == ["file-name-invalid"]

"""Sizes of pictures: smaller, upright, nothing but the picture, and always the same bytes."""

from __future__ import annotations

import hashlib
import random
import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from msgspec.structs import replace
from photographs import SECRET, photograph
from PIL import Image, ImageDraw
from sample_sites import SITES, ScratchSite, build_site, examine_folder, options

from generator.build.bundles.thumbnails import FOLDER, Thumbnails
from generator.build.options import Options
from generator.build.verify import verify_site
from generator.content.image_sizes import WIDTHS, measured, scaled
from generator.content.model import Picture, Scaling
from generator.content.photo_metadata import PNG, cleaned

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
    assert measured(LANTERNS) == Picture(1200, 800, (480,))
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
        (drawn("P", "PNG"), "P"),
        (drawn("P", "PNG", transparency=0), "P"),
        (drawn("P", "PNG", transparency=bytes(range(255, -1, -1))), "P"),
        (drawn("1", "PNG"), "L"),
        (drawn("1", "PNG", transparency=0), "LA"),
        (drawn("L", "PNG", transparency=0), "LA"),
        (drawn("RGB", "PNG", transparency=(0, 0, 0)), "RGBA"),
        (drawn("I;16", "PNG"), "L"),
        (drawn("RGB", "WEBP"), "RGB"),
        (drawn("RGBA", "WEBP"), "RGBA"),
    ],
)
def test_every_sort_comes_smaller_in_its_own_format(content: bytes, mode: str) -> None:
    """Grey, colours, print colours, palettes, transparency: half as wide, half as tall."""
    assert measured(content)[:2] == (600, 300)
    assert measured(content).fault == ""
    small, whole = opened(scaled(content, 300)), opened(content)
    assert (small.format, small.mode, small.size) == (whole.format, mode, (300, 150))


WIDE, LOW = 120, 4


def png(depth: int, sort: int, row: Iterable[tuple[int, ...]], key: bytes = b"") -> bytes:
    """A PNG of equal rows whose values have `depth` bits, which Pillow would not write."""
    values = "".join(f"{value:0{depth}b}" for pixel in row for value in pixel)
    line = b"\0" + int(values, 2).to_bytes(len(values) // 8)
    head = struct.pack(">IIBBBBB", WIDE, LOW, depth, sort, 0, 0, 0)
    parts = [(b"IHDR", head), (b"tRNS", key), (b"IDAT", zlib.compress(line * LOW)), (b"IEND", b"")]
    return PNG + b"".join(
        struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
        for name, held in parts
        if held or name != b"tRNS"
    )


GREY, COLOURS, GREY_ALPHA = 0, 2, 4
"""Sorts of PNG."""


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_grey_stays_as_dark_as_it_is(depth: int) -> None:
    """Of whatever depth: a ramp from black to white is one in half the width, never all white."""
    most = 2**depth - 1
    small = opened(scaled(png(depth, GREY, ((most * x // (WIDE - 1),) for x in range(WIDE))), 60))
    assert small.mode == "L"
    for x in (5, 25, 40, 55):
        steps = most * (2 * x) // (WIDE - 1)
        assert abs(int(small.getpixel((x, 1))) - steps * 255 // most) < 255 // most + 8  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sort", "mode"), [(GREY, "L"), (COLOURS, "RGB"), (GREY_ALPHA, "RGBA"), (6, "RGBA")]
)
def test_sixteen_bits_are_scaled_to_eight(sort: int, mode: str) -> None:
    """Grey, colours, both with transparency: the upper half of each value is what is shown."""
    pixel = {GREY: (0x4321,), COLOURS: (0x4321, 0x8421, 0xC321), GREY_ALPHA: (0x4321, 0x8000)}
    given = pixel.get(sort, (0x4321, 0x8421, 0xC321, 0x8000))
    small = opened(scaled(png(16, sort, [given] * WIDE), 60))
    shown = small.getpixel((30, 1))
    expected = {GREY: (0x43,), GREY_ALPHA: (0x43, 0x43, 0x43, 0x80)}
    wanted = expected.get(sort, tuple(value >> 8 for value in given))
    assert small.mode == mode
    pairs = zip(shown if isinstance(shown, tuple) else (shown,), wanted, strict=True)
    assert all(abs(int(one or 0) - other) <= 1 for one, other in pairs), shown


@pytest.mark.parametrize(
    ("depth", "sort", "key", "other"),
    [
        *((depth, GREY, (1,), (0,)) for depth in (1, 2, 4, 8)),
        (16, GREY, (0x4321,), (0x8765,)),
        (8, COLOURS, (1, 2, 3), (9, 9, 9)),
        (16, COLOURS, (0x4321, 0x1234, 0xABCD), (0, 0, 0)),
    ],
)
def test_a_transparent_colour_stays_transparent(
    depth: int, sort: int, key: tuple[int, ...], other: tuple[int, ...]
) -> None:
    """In whatever depth the file names it; the other half of the picture is opaque."""
    row = [key] * (WIDE // 2) + [other] * (WIDE // 2)
    small = opened(scaled(png(depth, sort, row, struct.pack(f">{len(key)}H", *key)), 60))
    alpha = small.getchannel("A")
    assert (alpha.getpixel((10, 1)), alpha.getpixel((50, 1))) == (0, 255)


def sign(mode: str = "P", size: tuple[int, int] = (1000, 600)) -> Image.Image:
    """A drawing of few colours: white and red with a blue ring."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(200, 0, 0))
    draw.ellipse((50, 50, size[0] - 50, size[1] - 50), outline=(0, 0, 160), width=20)
    return image.quantize(8) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize("clear", ["", "one", "many"])
def test_a_palette_stays_one_and_its_colours_too(clear: str) -> None:
    """Plain, with a transparent colour, with shades of transparency: as clear, within a shade."""
    image, held = sign(), BytesIO()
    white = image.getpixel((999, 300))
    shades = bytes(0 if n == white else 128 for n in range(8))
    given: dict[str, dict[str, Any]] = {
        "one": {"transparency": white},
        "many": {"transparency": shades},
    }
    image.save(held, "PNG", **given.get(clear, {}))
    whole, small = opened(held.getvalue()), opened(scaled(held.getvalue(), 500))
    assert (small.mode, small.size) == ("P", (500, 300))
    for x, y in ((498, 150), (3, 3), (250, 280), (490, 290)):
        one, other = (
            i.convert("RGBA").getpixel(p) for i, p in ((whole, (2 * x, 2 * y)), (small, (x, y)))
        )
        assert isinstance(one, tuple)
        assert isinstance(other, tuple)
        assert abs(one[3] - other[3]) <= 2
        assert one[3] == 0 or all(abs(a - b) <= 8 for a, b in zip(one, other, strict=True))


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of a picture."""
    held = BytesIO()
    image.save(held, form, **options)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        saved(sign(), "PNG", optimize=True),
        saved(sign("1", (2480, 600)), "PNG", optimize=True),
        saved(sign("RGB", (2000, 900)), "JPEG", quality=5),
        saved(sign("RGB", (2000, 900)), "WEBP", quality=1),
        saved(Image.effect_noise((2000, 900), 80).convert("RGB"), "JPEG", quality=95),
        saved(Image.effect_noise((1000, 900), 80).convert("CMYK"), "JPEG", quality=60),
        LANTERNS,
    ],
)
def test_a_size_is_offered_only_where_it_saves_bytes(content: bytes) -> None:
    """The widths are just those of which the file is smaller than the picture itself."""
    picture = measured(content)
    narrower = [width for width in WIDTHS if width < picture.width]
    assert narrower
    smaller = [width for width in narrower if len(scaled(content, width)) < len(content)]
    assert list(picture.widths) == smaller


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


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_what_moves_comes_in_one_size(form: str) -> None:
    """Its smaller sizes would stand still."""
    frames = [Image.effect_noise((600, 300), spread).convert("RGB") for spread in (20, 90)]
    content = saved(frames[0], form, save_all=True, append_images=frames[1:])
    assert measured(cleaned(content)) == Picture(600, 300)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", range(2, 9))
def test_every_turn_is_upright(form: str, turned: int) -> None:
    """However Exif turns a picture, in every format, its sizes show it as browsers do."""
    image = Image.new("RGB", (64, 32), "white")
    image.paste("black", (0, 0, 32, 16))
    exif = Image.Exif()
    exif[0x0112] = turned
    content = cleaned(saved(image, form, exif=exif))
    tall = turned > 4
    assert measured(content)[:2] == ((32, 64) if tall else (64, 32))
    small = opened(scaled(content, 16 if tall else 32))
    assert small.size == ((16, 32) if tall else (32, 16))
    dark = {2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[turned]
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        place = (small.width * (2 * x + 1) // 4, small.height * (2 * y + 1) // 4)
        assert (int(small.convert("L").getpixel(place)) < 128) == ((x, y) == dark)  # type: ignore[arg-type]


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
        "src": "lanterns.jpg",
        "srcset": "sizes/480/lanterns.jpg 480w, lanterns.jpg 1200w",
        "sizes": "(min-width: 45em) 40rem, 92vw",
        "width": "1200",
        "height": "800",
        "loading": "lazy",
        "decoding": "async",
        "alt": "夜空下的一排花燈",
    }
    assert "srcset" not in dot.attrib
    assert (dot.get("src"), dot.get("width"), dot.get("height")) == ("hall.png", "1", "1")
    assert opened((folder / "sizes/480/lanterns.jpg").read_bytes()).width == 480
    assert not (folder / "sizes/960").exists()


PAGE = "---\ntitle: 關於本站\npublished_on: 105-05-06\n---\n"


@pytest.mark.parametrize(
    ("content", "src", "srcset"),
    [
        (
            saved(Image.effect_noise((2000, 900), 80), "JPEG", quality=95),
            "sizes/960/a.jpg",
            "sizes/480/a.jpg 480w, sizes/960/a.jpg 960w, sizes/1600/a.jpg 1600w",
        ),
        (
            saved(sign("RGB", (2000, 900)), "JPEG", quality=5),
            "sizes/960/a.jpg",
            "sizes/480/a.jpg 480w, sizes/960/a.jpg 960w, a.jpg 2000w",
        ),
    ],
)
def test_the_broadest_is_among_those_to_choose_from(
    content: bytes, src: str, srcset: str, scratch_site: ScratchSite
) -> None:
    """A picture stands beside its sizes unless the largest size stands for it."""
    files: dict[str, str | bytes] = {
        "pages/about.md": f"{PAGE}![花燈](a.jpg)\n",
        "pages/about/a.jpg": content,
    }
    built = scratch_site(files)
    build_site(built, built.parent)
    (image,) = html.parse(built.parent / "site/pages/about/index.html").getroot().iter("img")
    assert (image.get("src"), image.get("srcset")) == (src, srcset)


ABOUT: dict[str, str | bytes] = {"pages/about/lanterns.jpg": LANTERNS}


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
    section = Thumbnails(tmp_path, tmp_path, b"key")
    made = section.developed(scaling)
    (kept,) = (tmp_path / FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert section.developed(scaling) == made == scaled(LANTERNS, 480)


def test_a_size_that_somebody_else_kept_is_made_again(tmp_path: Path) -> None:
    """A digest that anybody can make, or one of another size, does not make a picture ours."""
    (tmp_path / "a.jpg").write_bytes(LANTERNS)
    scaling = Scaling(address="a", source="a.jpg", digest="d", width=480)
    section, other = Thumbnails(tmp_path, tmp_path, b"key"), scaled(LANTERNS, 481)
    made = section.developed(scaling)
    (kept,) = (tmp_path / FOLDER).iterdir()
    strange = Thumbnails(tmp_path, tmp_path, b"another")
    kept.unlink()
    assert strange.developed(scaling) == made
    for forged in (kept.read_bytes(), hashlib.sha256(other).digest() + other, b""):
        kept.write_bytes(forged)
        assert section.developed(scaling) == made
    section.developed(replace(scaling, width=490))
    (narrow,) = [path for path in kept.parent.iterdir() if path.is_file() and path != kept]
    narrow.replace(kept)
    assert section.developed(scaling) == made


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


NOISE = random.Random(7).randbytes(40)
FAULTY = {
    "cut.jpg": (saved(sign("RGB"), "JPEG")[:-40], "file-refused"),
    "cut.png": (saved(sign(), "PNG")[:-20], "file-refused"),
    "moving.gif": (saved(sign(), "GIF"), "file-refused"),
    "other.jpg": (saved(sign(), "PNG"), "file-refused"),
    "notes.txt": ("文字".encode(), "picture-unfit"),
    "empty.jpg": (b"", "file-hollow"),
    "spoilt.png": (saved(sign(), "PNG").replace(b"IDATx", b"IDAT" + NOISE[:1]), "picture-unfit"),
    "spoilt.webp": (b"RIFF\x20\0\0\0WEBPVP8 \x14\0\0\0" + NOISE[:20], "picture-unfit"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_of_a_picture_is_told_once(name: str, scratch_site: ScratchSite) -> None:
    """However often a record shows it, and whatever is said of the file itself."""
    content, code = FAULTY[name]
    visit = "title: 訪問某市\ndate: 105-02-19\ndirection: incoming\ncountries: [JP]\n"
    photo = f"- {{caption: 甲, path: {name}, alt: 甲}}\n"
    text = f"summary: |\n  ![丙]({name})與![丁]({name})。\n"
    place = "visits/105/2016-02-19-x"
    files: dict[str, str | bytes] = {
        f"{place}.yaml": f"{visit}photos:\n{photo}{photo}{text}",
        f"{place}/{name}": content,
    }
    (problem,) = examine_folder(scratch_site(files)).problems
    assert problem.code == code
    assert problem.origin.line in (0, 6)

"""The site's own files: what stands at its root as it is, and what is refused with its reason."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from sample_sites import SITES, ScratchSite, examine_folder

from generator.content.settings import MEGABYTE
from generator.content.static_files import static_refusal
from generator.content.svg import is_drawing
from generator.site.plan import plan, refuse_clashes

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
TAIL = "</svg>"
HTML = 'xmlns:h="http://www.w3.org/1999/xhtml"'
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script elsewhere": '<script xlink:href="https://evil.example/a.js"/>',
    "event": '<circle r="4" onclick="alert(1)"/>',
    "event in capitals": '<circle r="4" onLoad="alert(1)"/>',
    "link": '<a href="https://evil.example/"><circle r="4"/></a>',
    "use from elsewhere": '<use xlink:href="https://evil.example/a.svg#a"/>',
    "script address": '<use href="javascript:alert(1)"/>',
    "picture": '<image href="https://evil.example/a.png"/>',
    "picture within": '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    "page": "<foreignObject><p>甲</p></foreignObject>",
    "HTML script": f"<metadata {HTML}><h:script>alert(1)</h:script></metadata>",
    "animated link": '<set attributeName="href" to="javascript:alert(1)"/>',
    "animation": '<animate attributeName="xlink:href" values="javascript:alert(1)"/>',
    "style from elsewhere": "<style>@import 'https://evil.example/a.css';</style>",
    "style with an escape": r"<style>a{fill:u\72l(https://evil.example)}</style>",
    "style after a child": '<style><g/>@import "https://evil.example/a.css";</style>',
    "style after a title": "<style><title/>a{fill:url(https://evil.example/a)}</style>",
    "style after a foreign child": "<style><x xmlns='urn:x'/>@import 'a.css';</style>",
    "style in a style": "<style><style/>@import 'a.css';</style>",
    "style in pieces": "<style>a{fill:u<!-- -->rl(https://evil.example/a)}</style>",
    "fill from elsewhere": '<circle fill="url(https://evil.example/a.svg#a)"/>',
    "style with a set": "<style>a{fill:image-set('https://evil.example/a' 1x)}</style>",
    "base": '<g xml:base="https://evil.example/"><use href="#a"/></g>',
    "unknown element": "<handler>alert(1)</handler>",
    "torn": "<g>",
}


@pytest.mark.parametrize("inner", HOSTILE.values(), ids=HOSTILE)
def test_a_drawing_that_is_more_than_one_is_refused(inner: str) -> None:
    """Whatever a browser would run, follow or load, in whatever form."""
    assert not is_drawing(f"{HEAD}{inner}{TAIL}".encode())


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        b"<html><svg/></html>",
        b"<svg/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD.encode() + b"&a;</svg>",
        b'<?xml-stylesheet href="https://evil.example/a.xsl"?>' + HEAD.encode() + b"</svg>",
        b'<?xml version="1.0" encoding="utf-7"?>' + HEAD.encode() + b"</svg>",
        f"{HEAD}{TAIL}".encode("utf-16"),
    ],
)
def test_a_text_that_is_no_plain_drawing_is_refused(whole: bytes) -> None:
    """No document type, no instruction, no other encoding, nothing but a drawing."""
    assert not is_drawing(whole)


@pytest.mark.parametrize(
    "inner",
    [
        "<title>市徽</title><circle r='4' fill='url(#sky)'/>",
        "<style>.a{fill:#14508c;filter:url('#f')}</style><path class='a' d='M0 0'/>",
        "<defs><path id='a'/></defs><use xlink:href='#a'/>",
        "<metadata xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:RDF/></metadata>",
    ],
)
def test_a_plain_drawing_is_published(inner: str) -> None:
    """Gradients, styles, uses within the drawing, and what drawing programs add."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{HEAD}{inner}{TAIL}'
    assert is_drawing(text.encode())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.js", b"alert(1)", "sort"),
        ("a.xml", b"<a/>", "sort"),
        ("a.php", b"<?php 1", "sort"),
        ("a.css", b"a{}", "sort"),
        ("a.html", b"<script>alert(1)</script>", "element"),
        ("a.HTML", b"a <b>c</b>", "element"),
        ("a.htm", "<script>".encode("utf-16"), "element"),
        ("a.html", b"+ADw-script+AD4-\x1b", "element"),
        ("a.html", b"a" * 2000, "element"),
        ("a.svg", b"<svg onload='alert(1)'/>", "drawing"),
        ("a.html.txt", b"a", "double"),
        ("a.txt", b" <html>", "content"),
        ("CNAME", b"<html>", "content"),
        ("favicon.ico", b"<html>", "content"),
        ("logo.png", b"<html>", "content"),
        (".htaccess", b"Options +ExecCGI", "dotted"),
        ("a/.htpasswd", b"a", "dotted"),
        (".env", b"a", "dotted"),
        (".gongbao.files/0", b"a", "dotted"),
        (".well-known/.hidden", b"a", "dotted"),
        (".well-known/a.html", b"<script>", "element"),
        ("a.php.ico", b"\0\0\1\0", "double"),
        ("a.php.svg", f"{HEAD}{TAIL}".encode(), "double"),
        ("a.PHP.html", b"one line", "double"),
        ("a.cgi.x.htm", b"one line", "double"),
        ("a\u202egnp.ico", b"\0\0\1\0", "hidden"),
        ("a\u200b.svg", f"{HEAD}{TAIL}".encode(), "hidden"),
        ("a\u2066/b.txt", b"one line", "hidden"),
        ("staticwebapp.config.json", b"{}", "settings"),
        ("vercel.json", b"{}", "settings"),
        ("_routes.json", b"{}", "settings"),
        ("Vercel.JSON", b"{}", "settings"),
        ("a/staticwebapp.config.json", b"{}", "settings"),
        ("serve.json", b"{}", "settings"),
    ],
)
def test_an_active_file_is_refused(name: str, content: bytes, reason: str) -> None:
    """Each with its own reason, wherever it lies."""
    assert static_refusal(f"static/{name}", BytesIO(content)) == reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("robots.txt", b"User-agent: *\n"),
        ("CNAME", b"gazette.example.org"),
        (".nojekyll", b""),
        ("favicon.ico", b"\0\0\1\0\1\0"),
        ("site.webmanifest", b"{}"),
        (".well-known/security.txt", b"Contact: mailto:a@city.example\n"),
        (".well-known/acme-challenge/Zq3", b"Zq3.x"),
        ("logo.min.svg", f"{HEAD}{TAIL}".encode()),
        ("routes.json", b"[]"),
        ("google0.html", b"google-site-verification: google0.html\n"),
    ],
)
def test_what_hosts_and_search_engines_look_for_is_published(name: str, content: bytes) -> None:
    """Texts without an ending, icons, `.well-known`, the line that proves an owner."""
    assert static_refusal(f"static/{name}", BytesIO(content)) == ""


def test_a_large_file_and_a_link_are_refused(scratch_site: ScratchSite) -> None:
    """200 MB are too many, and a link leads nowhere; git's own files are none of the site's."""
    content = scratch_site({"static/.gitkeep": "", "static/map.pdf": "%PDF-"})
    with (content / "static/map.pdf").open("r+b") as file:
        file.truncate(200 * MEGABYTE)
    (content / "static/robots.txt").symlink_to("/etc/passwd")
    problems = examine_folder(content).problems
    assert [(p.code, p.detail, p.origin.path) for p in problems] == [
        ("file-large", "attachment", "static/map.pdf"),
        ("file-link", "", "static/robots.txt"),
    ]


@pytest.mark.parametrize("first", ["en", "assets", "log", "feeds", "GAZETTE", "d", "agencies"])
def test_a_folder_of_ours_is_refused(first: str, scratch_site: ScratchSite) -> None:
    """A later release may write there, in whatever case a disk has the name."""
    (problem,) = examine_folder(scratch_site({f"static/{first}/a.txt": "a"})).problems
    assert (problem.code, problem.values["value"]) == ("static-taken", first.casefold())


@pytest.mark.parametrize("name", ["directives", "targets", "TARGETS/105.csv"])
def test_a_list_outside_its_section_keeps_its_place(name: str, scratch_site: ScratchSite) -> None:
    """As a file and as a folder, in either case, before the first record that the list needs."""
    (problem,) = examine_folder(scratch_site({f"static/{name}": "a"})).problems
    assert (problem.code, problem.origin.path) == ("static-taken", f"static/{name}")


def test_no_page_can_lose_its_place_to_a_file(tmp_path: Path) -> None:
    """Whatever page a site has, a file in its folder is refused before anything is written."""
    content = tmp_path / "content"
    shutil.copytree(SITES / "full", content)
    site = examine_folder(content).site
    assert site is not None
    pages = plan(site, site.views).pages
    names = {f"static/{page.address.partition('/')[0]}/a.txt" for page in pages if page.address}
    for name in names:
        (content / name).parent.mkdir()
        (content / name).write_text("a", "utf-8")
    problems = examine_folder(content).problems
    assert {p.origin.path for p in problems if p.code == "static-taken"} == names


@pytest.mark.parametrize(
    ("addresses", "taken"),
    [
        (("a", "a"), "a"),
        (("a", "a/index.html"), "a"),
        (("a/b/c/d.html", "a/b/c.html", "a/b"), "a/b"),
        (("a/b/c.html", "a/b/d.html", "a"), "a"),
    ],
)
def test_an_address_and_a_folder_share_no_place(addresses: tuple[str, ...], taken: str) -> None:
    """A file stands in no other's way, however deep the other lies, whichever comes first."""
    for order in (addresses, addresses[::-1]):
        with pytest.raises(ValueError, match=f"^claimed twice: {taken}$"):
            refuse_clashes(order)
    refuse_clashes(("a.html", "a/b.html", "a/b/c.html"))


def test_an_old_address_and_a_file_share_no_place(scratch_site: ScratchSite) -> None:
    """A redirect page in the place of a file would hide it."""
    entry = "gazette/105/105-001/01.yaml"
    text = (SITES / "minimal" / entry).read_text("utf-8")
    old = "legacy_urls: [https://example.org/proof.html]\n"
    content = scratch_site({entry: text + old, "static/proof.html": "one line"})
    (problem,) = examine_folder(content).problems
    assert problem.code == "old-address-taken"

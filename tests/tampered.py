"""Ninety ways to change one thing of a copied site, with every list of digests made to fit.

Each is told by where it changes something: the `article` of a sealed entry, the rest of its page
(`head`, `frame`), its `record`, `proof` or `attachment`, the `log`, or what nobody signs (`free`).
Those of pages are patterns, so that they fit any content; one that fits nowhere fails.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forging import relisted
from sealing import OTHER

from generator.ledger.checkpoint import read_checkpoint
from generator.ledger.merkle import leaf_hash
from generator.ledger.signed_note import verifier_of

SIGNED = ("article", "head", "frame", "record", "proof", "attachment", "log")
"""Where a change must be found out."""
Change = Callable[[Path], str]
"""Changes a copy; the address of the entry that a reader then looks at."""


@dataclass(frozen=True)
class Tampering:
    """One change: where it is made, what it is, and how."""

    zone: str
    what: str
    change: Change

    def apply(self, site: Path) -> str:
        """Changes a copy and remakes its lists; the entry to look at."""
        entry = self.change(site)
        relisted(site)
        return entry


def entries(site: Path) -> list[Path]:
    """The folders of the records of a copy."""
    return sorted(path.parent for path in site.rglob("record.json"))


def _address(site: Path, folder: Path) -> str:
    return f"{folder.relative_to(site).as_posix()}/"


def _in(site: Path, names: Iterable[Path], pattern: str, new: str) -> Path:
    """Changes the first of some files in which a pattern is found."""
    for path in names:
        text = path.read_bytes().decode()
        changed = re.sub(pattern, new, text, count=1, flags=re.S)
        if changed != text:
            path.write_bytes(changed.encode())
            return path
    raise AssertionError(f"nothing to change: {pattern} in {site}")


def page(pattern: str, new: str) -> Change:
    """A change of an entry's page."""

    def change(site: Path) -> str:
        names = [folder / "index.html" for folder in entries(site)]
        return _address(site, _in(site, names, pattern, new).parent)

    return change


def free(glob: str, pattern: str, new: str) -> Change:
    """A change of another file; the first entry is looked at."""

    def change(site: Path) -> str:
        entry = _address(site, entries(site)[0])
        _in(site, sorted(site.glob(glob)), pattern, new)
        return entry

    return change


def put(name: str, text: str) -> Change:
    """A file more."""

    def change(site: Path) -> str:
        assert not (site / name).exists()
        (site / name).write_text(text, "utf-8")
        return _address(site, entries(site)[0])

    return change


def _record(new: str, *, alike: bool = False) -> Change:
    """A record with another title, and perhaps its page and its leaf alike."""

    def change(site: Path) -> str:
        folder = entries(site)[0]
        old = leaf_hash((folder / "record.json").read_bytes()).hex()
        _in(site, [folder / "record.json"], r'("title":")', rf"\g<1>{new}")
        if alike:
            _in(site, [folder / "index.html"], "(<h1>)", rf"\g<1>{new}")
            fresh = leaf_hash((folder / "record.json").read_bytes()).hex()
            _in(site, [site / "log/leaves.txt"], old, fresh)
        return _address(site, folder)

    return change


def _gone(*names: str) -> Change:
    """Files of the last entry that are removed; all of it where none is named."""

    def change(site: Path) -> str:
        folder = entries(site)[-1]
        for name in names:
            (folder / name).unlink()
        if not names:
            shutil.rmtree(folder)
        return _address(site, folder)

    return change


def _all_gone(site: Path) -> str:
    entry = _address(site, entries(site)[0])
    shutil.rmtree(site / "gazette")
    return entry


def _exchanged(*names: str) -> Change:
    """Files of two entries in each other's place."""

    def change(site: Path) -> str:
        first, second, *_ = entries(site)
        for name in names:
            content = (first / name).read_bytes()
            (first / name).write_bytes((second / name).read_bytes())
            (second / name).write_bytes(content)
        return _address(site, first)

    return change


def _attachment(content: bytes | None) -> Change:
    """A file that a record names, changed or removed."""

    def change(site: Path) -> str:
        for folder in entries(site):
            if match := re.search(r'"path":"([^"]+)"', (folder / "record.json").read_text("utf-8")):
                (folder / match[1]).unlink()
                if content is not None:
                    (folder / match[1]).write_bytes(content)
                return _address(site, folder)
        raise AssertionError("no record has an attachment")

    return change


def _shorter(key: Ed25519PrivateKey) -> Change:
    """A log without its last leaf, whose checkpoints a forger signs too, and lists as a key."""

    def change(site: Path) -> str:
        leaves = (site / "log/leaves.txt").read_text("utf-8").splitlines(keepends=True)[:-1]
        (site / "log/leaves.txt").write_text("".join(leaves), "utf-8")
        origin = read_checkpoint((site / "log/checkpoint").read_bytes()).origin
        for path in (site / "log/checkpoint", *site.glob("log/checkpoints/*")):
            checkpoint = read_checkpoint(path.read_bytes())
            path.write_text(str(checkpoint.note.with_signature(origin, key)), "utf-8")
            if checkpoint.size > len(leaves):
                path.unlink()
        with (site / "log/keys.txt").open("a", encoding="utf-8") as keys:
            keys.write(f"{verifier_of(origin, key).text} 0\n")
        return _address(site, entries(site)[0])

    return change


_OUT = "https://example.net/"
_SUBJECT = r'(<section class="gb-section"><h2 id="subject">主旨</h2>\n)'
_LISTED = r'(<ul class="gb-attachments">\n<li><a href=")[^"]*'
_FACT = '<div class="gb-fact"><dt>廢止</dt><dd>本則自始無效</dd></div>\n'
_CITED = '(<section class="gb-section gb-cite">)'
_TEXT = r'(<p id="art-1" class="gb-line gb-article">[^<]*)'
ROWS: tuple[tuple[str, str, Change], ...] = (
    ("article", "true text hidden", page(_SUBJECT, r'<section class="gb-section" hidden><h2 id="subject">主旨</h2>\n')),
    ("article", "true text hidden by a style", page('<div class="gb-text">', '<div class="gb-text" style="display:none">')),
    ("article", "true text hidden by a class", page('<div class="gb-text">', '<div class="gb-text gb-skip">')),
    ("article", "a false section", page(_CITED, r'<section class="gb-section"><h2>附註</h2><p>本則業經廢止。</p></section>\1')),
    ("article", "a false section of a known class", page(_CITED, r'<section class="gb-section gb-relations"><h2>後續關聯</h2><ul><li><span class="gb-mark">廢止本則</span>假令</li></ul></section>\1')),
    ("article", "a false fact row", page("(</dl>)", rf"{_FACT}\1")),
    ("article", "a fact row removed", page(r'<div class="gb-fact"><dt>發文日期</dt>.*?</div>\n', "")),
    ("article", "a false deadline", page(r'(<dt>徵求意見期間</dt>.*?</time>至<time datetime="[^"]*">)[^<]*', r"\g<1>99年1月1日")),
    ("article", "a false deadline for scripts", page(r'(<section class="gb-strip".*?data-to=")[^"]*', r"\g<1>2010-01-01")),
    ("article", "a false mailbox", page(r"mailto:[^\"?]*\">[^<]*", 'mailto:thief@example.net">thief@example.net')),
    ("article", "a false mailbox behind the true one", page(r'(<dt>徵求意見期間</dt>.*?<a href="mailto:)[^"]*', r"\g<1>thief@example.net")),
    ("article", "a false address for comments", page(r'(<dt>徵求意見期間</dt>.*?<a href=")https?:[^"]*', rf"\g<1>{_OUT}")),
    ("article", "an attachment's link elsewhere", page(_LISTED, rf"\g<1>{_OUT}a.pdf")),
    ("article", "an attachment's link to a file put in", page(_LISTED, r"\g<1>record.json")),
    ("article", "an attachment's title", page(r'(<ul class="gb-attachments">\n<li><a [^>]*>)', r"\1假的")),
    ("article", "an attachment more", page(r'(<ul class="gb-attachments">\n)', r'\1<li><a href="record.json">假的附件</a></li>\n')),
    ("article", "an attachment less", page(r'(<ul class="gb-attachments">\n)<li>.*?</li>\n', r"\1")),
    ("article", "the title", page("(<h1>)", r"\1假的")),
    ("article", "the issuer", page('(<div class="gb-head-form">)', r"\1假機關、")),
    ("article", "the issuer's link", page(r'(<dt>發文機關</dt><dd><a href=")[^"]*', r"\g<1>../../../../agencies/other/")),
    ("article", "the document number", page(r'(<span class="gb-docnum">[^<]*)', r"\g<1>之一")),
    ("article", "the day of dispatch", page(r'(<dt>發文日期</dt><dd><time datetime="[^"]*">)[^<]*', r"\g<1>1年1月1日")),
    ("article", "the category", page(r'(<dt>類別</dt><dd><a href="[^"]*">)[^<]*', r"\g<1>法律")),
    ("article", "the category's link", page(r'(<dt>類別</dt><dd><a href=")[^"]*', rf"\g<1>{_OUT}")),
    ("article", "the form", page(r"(<dt>文別</dt><dd>)[^<]*", r"\g<1>判決")),
    ("article", "how it stands", page(r'(<section class="gb-strip"[^>]*>\n<p><span [^>]*data-days[^>]*>)[^<]*', r"\g<1>已廢止")),
    ("article", "how it stands, for scripts", page(r'(<section class="gb-strip"[^>]*>\n<p><span class="gb-state" data-days=")', r"\g<1>2010-01-01 ")),
    ("article", "how it stands, removed", page(r'<section class="gb-strip".*?</section>\n', "")),
    ("article", "a day of effect", page(r'(<dt>生效</dt><dd>.*?<time datetime="[^"]*">)[^<]*', r"\g<1>1年1月1日")),
    ("article", "a correction removed", page(r'<aside class="gb-corrected".*?</aside>\n', "")),
    ("article", "a correction's right words", page("(<dt>正</dt><dd>)", r"\1不是")),
    ("article", "a letter of the text", page(_TEXT, r"\1另有規定，")),
    ("article", "a paragraph less", page(r'<p id="art-1" class="gb-line gb-article"><b>[^<]*</b>[^<]*</p>\n', "")),
    ("article", "a sign without width in the text", page(_TEXT, "\\1\N{ZERO WIDTH SPACE}")),
    ("article", "a clause's number", page('(<span class="gb-number">)一、', r"\1二、")),
    ("article", "a comment", page("(<article>)", r"\1<!-- x -->")),
    ("article", "a relation removed", page(r'<section class="gb-section gb-relations">.*?</section>\n', "")),
    ("article", "a keyword", page('(<ul class="gb-words"[^>]*>\n<li>)', r"\1假")),
    ("article", "a false source", page('(<p class="gb-source"><span>[^<]*</span>)', r"\1假的")),
    ("head", "a refresh to elsewhere", page("(<title>)", rf'<meta http-equiv="refresh" content="0;url={_OUT}">\1')),
    ("head", "the title", page("(<title>)", r"\1假的")),
    ("head", "the address", page('("canonical" href=")', rf"\1{_OUT}")),
    ("head", "what machines are told", page('("legislationType":")', r"\1假")),
    ("record", "a record", _record("假的")),
    ("proof", "a proof removed", _gone("proof.txt")),
    ("attachment", "an attachment", _attachment(b"false")),
    ("log", "all entries gone", _all_gone),
    ("free", "the style sheet", free("assets/site.css", "^", "article{display:none}")),
    ("free", "_redirects", free("_redirects", "^", f"/* {_OUT}:splat 301\n")),
    ("free", "an issue's list", free("gazette/*/*/index.html", r'<li class="gb-row">.*?</li>\n', "")),
    ("free", "the home page", free("index.html", "(<main[^>]*>)", r"\1<p>假的公告</p>")),
    ("free", "a feed", free("feeds/gazette.xml", "<item>.*?</item>", "")),
    ("free", "the sitemap", free("sitemap.xml", "<url>.*?</url>", "")),
    ("free", "the search index", free("search/**/*.json", r"[0-9]", "9")),
    ("free", "a table (CSV)", free("data/gazette.csv", r"(\n[^,]*,)", r"\1假的")),
    ("free", "a table (JSON)", free("data/gazette.json", '("title": ")', r"\1假的")),
    ("free", "status.json", free("status.json", '("entries":")', r"\g<1>9")),
    ("free", "an entry's page in English", free("en/gazette/**/index.html", "(<h1>)", r"\1False ")),
    ("free", "a page of statistics", free("statistics/*/index.html", "(<td[^>]*>)", r"\g<1>9")),
)  # fmt: skip
"""The fifty-nine that were tried on the site when it was first attacked, written anew."""
MORE: tuple[tuple[str, str, Change], ...] = (
    ("article", "a script", page("(</article>)", r"<script>alert(1)</script>\1")),
    ("article", "a form that asks for a password", page("(</article>)", rf'<form action="{_OUT}"><input type="password"></form>\1')),
    ("article", "a frame", page("(</article>)", rf'<iframe src="{_OUT}"></iframe>\1')),
    ("article", "a handler", page("(<h1)>", r'\1 onclick="alert(1)">')),
    ("article", "the citation", page(r'(id="cite-official">)', r"\1假")),
    ("article", "the seal's digest", page(r"(<dt>雜湊值</dt><dd><code>)[0-9a-f]{8}", r"\g<1>00000000")),
    ("article", "the link to the record", page(r'(<dt>資料檔</dt><dd><a href=")[^"]*', r"\g<1>other.json")),
    ("article", "a day of the timeline", page(r'(<ol class="gb-timeline".*?<time datetime="[^"]*">)[^<]*', r"\g<1>1年1月1日")),
    ("article", "a day of the timeline for scripts", page(r'(<ol class="gb-timeline".*?<li data-day=")[^"]*', r"\g<1>2010-01-01")),
    ("article", "an entry of the timeline removed", page(r'(<ol class="gb-timeline".*?)<li.*?</li>\n', r"\1")),
    ("article", "a line of the head", page(r'(<p class="gb-byline"><span>)', r"\1假字第1號　")),
    ("article", "a keyword's link", page(r'(<ul class="gb-words".*?<a href=")[^"]*', rf"\g<1>{_OUT}")),
    ("article", "an anchor of the text", page('(<p id=")art-1" class="gb-line', r'\1art-7" class="gb-line')),
    ("article", "a false law linked", page('(<p id="art-1" class="gb-line gb-article"><b>)', rf'\1<a class="gb-named" href="{_OUT}">甲法</a>')),
    ("article", "a line of the contents", page(r'(<details class="gb-contents">.*?<li[^>]*><a href=")[^"]*', r"\g<1>#art-2")),
    ("article", "the words of the rail", page('(<details class="gb-record"><summary>)', r"\1已失效")),
    ("article", "a related entry removed", page(r'<section class="gb-section gb-related">.*?</section>\n', "")),
    ("article", "a record that is shown open", page('<details class="gb-record">', '<details class="gb-record" open>')),
    ("head", "a policy that lets all pass", page("default-src 'none'; [^\"]*", "default-src *")),
    ("head", "a style sheet of another host", page("(</head>)", rf'<link rel="stylesheet" href="{_OUT}a.css">\1')),
    ("head", "a base for all links", page("(<head>)", rf'\1<base href="{_OUT}">')),
    ("frame", "a banner above the article", page("(<article>)", r"<p>本站公告：下列一則無效。</p>\1")),
    ("frame", "the way to the next entry", page(r'(class="gb-(?:before|after)" href=")[^"]*', rf"\g<1>{_OUT}")),
    ("record", "a record and its page and leaf alike", _record("假的", alike=True)),
    ("record", "two entries, whole, in each other's place", _exchanged("record.json", "proof.txt", "index.html")),
    ("proof", "two proofs exchanged", _exchanged("proof.txt")),
    ("attachment", "an attachment removed", _attachment(None)),
    ("log", "an entry gone", _gone()),
    ("log", "a shorter log, signed by a forger too", _shorter(OTHER)),
    ("free", "a page more", put("notice.html", "<!doctype html><title>公告</title><p>假的公告")),
    ("free", "the scripts of all pages", free("assets/page.js", "^", "document.title = 'x';\n")),
)  # fmt: skip
"""Thirty-one more."""
TAMPERINGS: Mapping[str, Tampering] = {
    f"{zone}: {what}": Tampering(zone, what, change) for zone, what, change in (*ROWS, *MORE)
}

"""Twenty-nine ways to change a copy of a site that signs its releases, most by way of its lists.

Each says whether the page `verify/` can notice it: whether it touches what that page loads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forging import relist_parts
from sealing import KEY, NAME, OTHER, RELEASE_KEY, RELEASE_NAME

from generator.ledger.release_note import ReleaseNote, new_release_note, read_release_note
from generator.ledger.signed_note import Note, Signature, verifier_of
from generator.release.manifest import MANIFEST, digest_of, digests, listing
from generator.release.root_list import CARRIED, INDEX, NOTE, PARTS, index_of, part_of

STYLE, FEED = "assets/site.css", "feeds/gazette.xml"
Change = Callable[[Path], object]


@dataclass(frozen=True)
class ListTampering:
    """A change, and whether the page loads anything that it touches."""

    change: Change
    loaded: bool = True


def _add(name: str, text: str = "/* x */") -> Change:
    """A file that was not there."""

    def change(site: Path) -> None:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        with (site / name).open("x", encoding="utf-8") as file:
            file.write(text)

    return change


def _edit(name: str) -> Change:
    """A file of the site with a text more at its end."""

    def change(site: Path) -> None:
        (site / name).write_bytes((site / name).read_bytes() + b"/* x */")

    return change


def _all(*changes: Change) -> Change:
    def change(site: Path) -> None:
        for each in changes:
            each(site)

    return change


def _index(site: Path) -> None:
    """The index of the parts as they are now."""
    parts = [(site / part).read_bytes() if (site / part).exists() else b"" for part in PARTS]
    (site / INDEX).write_bytes(index_of(parts))


def _part(address: str, pattern: str, new: str) -> Change:
    """The part that has an address, with its lines changed."""

    def change(site: Path) -> None:
        path = site / part_of(address)
        text = path.read_text("utf-8")
        changed = re.sub(pattern, new, text, count=1, flags=re.M)
        assert changed != text
        path.write_text(changed, "utf-8")

    return change


def _digest_in_part(site: Path) -> None:
    """The part of the style sheet as it is now, and no other list."""
    _part(STYLE, f"^.*  {STYLE}$", f"{digest_of(site / STYLE)}  {STYLE}")(site)


def _elsewhere(site: Path) -> None:
    """A line of one part in another."""
    path, other = site / part_of(STYLE), site / part_of(FEED)
    line = next(row for row in path.read_text("utf-8").splitlines(True) if STYLE in row)
    path.write_text(path.read_text("utf-8").replace(line, ""), "utf-8")
    other.write_text(other.read_text("utf-8") + line, "utf-8")
    _index(site)


def _backwards(site: Path) -> None:
    lines = (site / INDEX).read_text("utf-8").splitlines(True)
    (site / INDEX).write_text("".join(reversed(lines)), "utf-8")


def _unsigned(site: Path) -> None:
    """The site as one that signs no releases, whose list and keys say so too."""
    for name in (*PARTS, INDEX, NOTE, CARRIED):
        (site / name).unlink()
    (site / "log/files").rmdir()
    keys = (site / "log/keys.txt").read_text("utf-8").splitlines(True)
    kept = "".join(line for line in keys if not line.startswith("release "))
    (site / "log/keys.txt").write_text(kept, "utf-8")
    (site / MANIFEST).write_text(listing(dict(digests(site))), "utf-8")


def _gone(*names: str) -> Change:
    def change(site: Path) -> None:
        for name in names:
            (site / name).unlink()

    return change


def _exchanged(first: str, second: str) -> Change:
    def change(site: Path) -> None:
        one, two = (site / first).read_bytes(), (site / second).read_bytes()
        assert one != two
        (site / first).write_bytes(two)
        (site / second).write_bytes(one)

    return change


def _note(change: Callable[[ReleaseNote, Path], Note]) -> Change:
    """Another note, after a file was changed and all lists were made to fit."""

    def changed(site: Path) -> None:
        _edit(STYLE)(site)
        relist_parts(site)
        note = read_release_note((site / NOTE).read_bytes())
        (site / NOTE).write_text(str(change(note, site)), "utf-8")

    return changed


def _fitting(note: ReleaseNote, site: Path) -> ReleaseNote:
    """A note without signatures that fits the lists as they are."""
    return new_release_note(
        origin=note.origin,
        content=note.content,
        day=note.day,
        files=digest_of(site / INDEX),
        carried=digest_of(site / CARRIED),
    )


def _old_signature(note: ReleaseNote, site: Path) -> Note:
    return Note(_fitting(note, site).note.text, note.note.signatures)


def _signed_by(name: str, key: Ed25519PrivateKey) -> Callable[[ReleaseNote, Path], Note]:
    return lambda note, site: _fitting(note, site).signed(name, key).note


def _in_anothers_name(note: ReleaseNote, site: Path) -> Note:
    fitting = _fitting(note, site).note
    id_ = verifier_of(RELEASE_NAME, RELEASE_KEY).id
    false = Signature(RELEASE_NAME, id_, OTHER.sign(fitting.text.encode()))
    return Note(fitting.text, (false,))


def _of_another_site(note: ReleaseNote, site: Path) -> Note:
    text = _fitting(note, site).note.text.partition("\n")[2]
    return Note(f"example.net\n{text}").with_signature(RELEASE_NAME, RELEASE_KEY)


def _of_an_earlier_release(note: ReleaseNote, _: Path) -> Note:
    """What the true key has signed once, for other files."""
    earlier = new_release_note(
        origin=note.origin, content=note.content, day=note.day, files="0" * 64, carried="0" * 64
    )
    return earlier.signed(RELEASE_NAME, RELEASE_KEY).note


def _of_another_day(note: ReleaseNote, _: Path) -> Note:
    text = re.sub("\ndate .*", "\ndate 2099-01-01", note.note.text)
    return Note(text, note.note.signatures)


def _forgers_key(site: Path) -> None:
    _note(_signed_by("example.org/forger", OTHER))(site)
    with (site / "log/keys.txt").open("a", encoding="utf-8") as keys:
        keys.write(f"release {verifier_of('example.org/forger', OTHER).text}\n")


def _checkpoint(site: Path) -> None:
    (site / NOTE).write_bytes((site / "log/checkpoint").read_bytes())


def _carried(site: Path) -> None:
    """A carried file that is not as it was, with its list made to fit."""
    name = (site / CARRIED).read_text("utf-8").splitlines()[0].partition("  ")[2]
    _edit(name)(site)
    relist_parts(site)


def _listed_as_carried(site: Path) -> None:
    """A page more, which the list of carried files names."""
    _add("notice/index.html", "<!doctype html><p>假的公告")(site)
    line = f"{digest_of(site / 'notice/index.html')}  notice/index.html\n"
    with (site / CARRIED).open("a", encoding="utf-8") as file:
        file.write(line)


LIST_TAMPERINGS: Mapping[str, ListTampering] = {
    "a style sheet, lists as they were": ListTampering(_edit(STYLE)),
    "a feed, lists as they were": ListTampering(_edit(FEED), loaded=False),
    "a file more, on no list": ListTampering(_add("notice.html"), loaded=False),
    "a file more below search/, on no list": ListTampering(_add("search/x.js"), loaded=False),
    "a file more among the lists": ListTampering(_add("log/files/zz.sha256"), loaded=False),
    "a file less, lists as they were": ListTampering(_gone(FEED), loaded=False),
    "a part made anew, the index not": ListTampering(_all(_edit(STYLE), _digest_in_part)),
    "a part and the index made anew": ListTampering(_all(_edit(STYLE), _digest_in_part, _index)),
    "a part removed": ListTampering(_all(_edit(STYLE), _gone(part_of(STYLE)))),
    "a part removed, the index made anew": ListTampering(_all(_gone(part_of(FEED)), _index)),
    "a file taken from its part": ListTampering(
        _all(_gone(FEED), _part(FEED, f"^.*  {FEED}\n", ""), _index)
    ),
    "a line in another part": ListTampering(_elsewhere),
    "a line that stands twice": ListTampering(_all(_part(FEED, r"^(.*\n)", r"\1\1"), _index)),
    "the index in another order": ListTampering(_backwards),
    "two pages exchanged, all lists": ListTampering(
        _all(_exchanged("index.html", "gazette/index.html"), relist_parts)
    ),
    "a page at two addresses, all lists": ListTampering(
        _all(_add("more/index.html", "<p>x"), relist_parts)
    ),
    "as a site that signs nothing": ListTampering(_unsigned),
    "no note": ListTampering(_gone(NOTE)),
    "no note, all lists": ListTampering(_all(_edit(STYLE), relist_parts, _gone(NOTE))),
    "the old signature under a note that fits": ListTampering(_note(_old_signature)),
    "another day under the old signature": ListTampering(_note(_of_another_day)),
    "a note that a forger signed and lists": ListTampering(_forgers_key),
    "a note that a forger signed in another's name": ListTampering(_note(_in_anothers_name)),
    "a note that a checkpoint's key signed": ListTampering(_note(_signed_by(NAME, KEY))),
    "a checkpoint in the note's place": ListTampering(_checkpoint),
    "a note of another site by the same key": ListTampering(_note(_of_another_site)),
    "the note of an earlier release": ListTampering(_note(_of_an_earlier_release)),
    "a carried file and its list": ListTampering(_carried, loaded=False),
    "a page more, on the list of carried files": ListTampering(_listed_as_carried, loaded=False),
}
"""By what is changed."""

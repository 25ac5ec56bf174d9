"""Whether anything changed since the last build: asked before anything else is done.

The last build notes what it was made of and how the disk looked when it ended; where both are
still the same, its site is what this build would make.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.build.cache.file_state import Looked, file_states
from generator.build.cache.serialize import Form
from generator.build.cache.store import Cache, combined_key
from generator.build.link_report_file import report_digest
from generator.build.options import Options, Waiting
from generator.content.files import Files, Look, is_text
from generator.content.model import Problem
from generator.content.published_memory import memory_files
from generator.ledger.log_files import files_key, odd_files, own_ledger, remembered_files
from generator.output.fingerprint import program_key
from generator.output.mkdocs.host_settings import settings_key
from generator.release.manifest import RELEASES, STARTED
from generator.release.releases import Release, kept, release

SECTION, LAST, FILES = "last", "build", "files"
LISTS = "lists"
_HOSTS = ("docs", "nav.yml")
"""What the host reads: a build that did not come to its end may have changed it."""
_SEEN: Form[dict[str, Look]] = Form(dict[str, Look])


class Last(Struct, frozen=True, kw_only=True):
    """How the last build ended: its release, what it told, and how the disk looked.

    `bundles` holds signatures by name, `links` a digest of the release's own files and links.
    """

    release: str
    problems: tuple[Problem, ...]
    records: int
    figures: tuple[int, int, int]
    waiting: Waiting | None
    pages: int
    bundles: Mapping[str, str]
    links: str = ""


_LAST: Form[Last] = Form(Last)


def remembered(content: Path, cache: Cache) -> Files:
    """The content's files with the digests of an earlier look by the same program."""
    held = cache.get(SECTION, FILES, program_key())
    return Files(content, _SEEN.unpacked(held) if held else {})


def remember(files: Files, cache: Cache, work: Path) -> None:
    """Leaves to the cache the digests of files that did not change just before this run."""
    moment = (work / STARTED).stat().st_mtime_ns
    cache.put(SECTION, FILES, program_key(), _SEEN.packed(files.settled(moment)))
    files.forget()


def made_with(options: Options) -> bytes:
    """Of the program, its templates and its kinds, and of what the site has of its own of these."""
    return combined_key(program_key(), options.plugins.key, settings_key(options.content))


def site_key(options: Options, files: Files) -> bytes:
    """Of all that a site is made of and with."""
    chosen = (options.as_of, options.draft, options.strict_figures, options.markdown)
    words = " ".join(map(str, chosen)).encode()
    kept = remembered_files(options.against) if options.against else {}
    odd = repr(odd_files(options.ledger)).encode()
    sealed = (files_key(own_ledger(options.ledger)), odd, files_key(kept))
    known = (files_key(memory_files(options.ledger)), report_digest(options.work))
    digest = hashlib.sha256(combined_key(made_with(options), words, *sealed, *known))
    read = ((path, odd is None and is_text(path), odd) for path, odd in files.paths)
    lines = [f"{path}\0{files.digest(path) if held else odd}\n" for path, held, odd in read]
    digest.update("".join(lines).encode(errors="surrogateescape"))
    return digest.digest()


def last_build(
    cache: Cache, key: bytes, work: Path, shown: str | None, looked: Looked
) -> Last | None:
    """The last build, where it was made of the same and its site is shown and untouched."""
    held = cache.get(SECTION, LAST, key)
    last = _LAST.unpacked(held) if held else None
    if last is None or last.release != shown or _links(work, shown) != last.links:
        return None
    same = all(looked(name) == known for name, known in last.bundles.items())
    return last if same else None


def note_build(cache: Cache, key: bytes, work: Path, last: Last) -> None:
    """Notes how a build ended; its `links` are looked up here."""
    cache.put(
        SECTION, LAST, key, _LAST.packed(structs.replace(last, links=_links(work, last.release)))
    )


def known_releases(cache: Cache, work: Path, shown: str | None) -> frozenset[str]:
    """The releases whose lists stand as builds of this user wrote them."""
    return frozenset(
        name
        for name in kept(work, shown)
        if cache.get(LISTS, name, b"") == release(work, name).lists()
    )


def note_release(cache: Cache, made: Release) -> None:
    """Notes the lists of a release, for `known_releases`."""
    cache.put(LISTS, made.digest, b"", made.lists())


def _links(work: Path, release: str) -> str:
    """Of a release's and the host's own files and links; bundles have signatures of their own."""
    digest = hashlib.blake2b(digest_size=16)
    made = f"{RELEASES}/{release}"
    for name in (made, f"{made}.sha256", f"{made}.carried", *_HOSTS):
        digest.update("\n".join((name, *_file_states(f"{work}/{name}"))).encode())
    return digest.hexdigest()


def _file_states(path: str) -> list[str]:
    if os.path.isdir(path):
        return file_states(path)
    if not os.path.exists(path):
        return []
    held = os.stat(path)
    return [f"{held.st_ino} {held.st_ctime_ns}"]  # the date of the content can be set by hand

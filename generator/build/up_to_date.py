"""Decides before any other work whether anything changed since the last build.

The last build notes a key of everything that it was made from, and the state of the disk when it
ended.  If both are the same now, this build would make the same site.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.build.cache.file_state import BundleStates, file_states
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
"""Files for MkDocs: a build that did not come to its end may have changed them."""
_LOOKS: Form[dict[str, Look]] = Form(dict[str, Look])


class Last(Struct, frozen=True, kw_only=True):
    """How the last build ended: its release, its problems and figures, the state of the disk.

    `bundles` has signatures by name, `links` a digest of the release's own files and links.
    """

    release: str
    problems: tuple[Problem, ...]
    records: int
    figures: tuple[int, int, int]
    waiting: Waiting | None
    pages: int
    bundles: Mapping[str, str]
    codes: str
    links: str = ""


_LAST: Form[Last] = Form(Last)


def remembered(content: Path, cache: Cache) -> Files:
    """The content's files with the digests that the same program computed earlier."""
    row = cache.get(SECTION, FILES, program_key())
    return Files(content, _LOOKS.unpacked(row) if row else {})


def remember(files: Files, cache: Cache, work: Path) -> None:
    """Stores the digests of files, except those that changed just before this run.

    A file that changes twice within the resolution of its time may look unchanged the second time.
    """
    moment = (work / STARTED).stat().st_mtime_ns
    cache.put(SECTION, FILES, program_key(), _LOOKS.packed(files.settled(moment)))
    files.forget()


def made_with(options: Options) -> bytes:
    """A key of the program, its templates and kinds, and of the site's own ones."""
    return combined_key(program_key(), options.plugins.key, settings_key(options.content))


def site_key(options: Options, files: Files) -> bytes:
    """A key of everything that a site depends on."""
    chosen = (options.as_of, options.draft, options.strict_figures, options.markdown)
    words = " ".join(map(str, chosen)).encode()
    against = remembered_files(options.against) if options.against else {}
    odd_in_ledger = repr(odd_files(options.ledger)).encode()
    ledger = (files_key(own_ledger(options.ledger)), odd_in_ledger, files_key(against))
    notes = (files_key(memory_files(options.ledger)), report_digest(options.work))
    digest = hashlib.sha256(combined_key(made_with(options), words, *ledger, *notes))
    lines = [
        f"{path}\0{files.digest(path) if odd is None and is_text(path) else odd}\n"
        for path, odd in files.paths
    ]
    digest.update("".join(lines).encode(errors="surrogateescape"))
    return digest.digest()


def last_build(
    cache: Cache, key: bytes, work: Path, current: str | None, states: BundleStates
) -> Last | None:
    """The last build, if it has the same key and readers see its site, unchanged on disk."""
    row = cache.get(SECTION, LAST, key)
    last = _LAST.unpacked(row) if row else None
    if last is None or last.release != current or _links(work, current) != last.links:
        return None
    same = all(states(name) == signature for name, signature in last.bundles.items())
    return last if same else None


def note_build(cache: Cache, key: bytes, work: Path, last: Last) -> None:
    """Notes how a build ended, with the `links` of its release as they are now."""
    noted = structs.replace(last, links=_links(work, last.release))
    cache.put(SECTION, LAST, key, _LAST.packed(noted))


def trusted_releases(cache: Cache, work: Path, current: str | None) -> frozenset[str]:
    """The releases whose lists are as this user's builds wrote them."""
    return frozenset(
        name
        for name in kept(work, current)
        if cache.get(LISTS, name, b"") == release(work, name).lists()
    )


def note_release(cache: Cache, new: Release) -> None:
    """Notes the lists of a release, for `trusted_releases`."""
    cache.put(LISTS, new.digest, b"", new.lists())


def _links(work: Path, release: str) -> str:
    """A digest of the states of a release's files and links, and of those for MkDocs.

    Bundles are left out, as they have signatures of their own.
    """
    digest = hashlib.blake2b(digest_size=16)
    folder = f"{RELEASES}/{release}"
    for name in (folder, f"{folder}.sha256", f"{folder}.carried", *_HOSTS):
        digest.update("\n".join((name, *_file_states(f"{work}/{name}"))).encode())
    return digest.hexdigest()


def _file_states(path: str) -> list[str]:
    if os.path.isdir(path):
        return file_states(path)
    if not os.path.exists(path):
        return []
    stat = os.stat(path)
    return [f"{stat.st_ino} {stat.st_ctime_ns}"]  # not mtime, which any program can set

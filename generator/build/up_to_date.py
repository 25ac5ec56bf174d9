"""Decides before any other work whether anything changed since the last build.

The last build notes a key of everything that it was made from, and the state of the disk when it
ended.  If both are the same now, this build would make the same site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, structs

from generator.build.cache.file_state import BundleStates, FileState, file_states
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
from generator.release.manifest import STARTED
from generator.release.releases import Release, complete_releases, release
from generator.release.site_mark import MARK, WAITING, foreign_names, read_mark

SECTION, LAST, FILES, NOTED = "last", "build", "files", "bundles"
LISTS = "lists"
_HOSTS = ("docs", "nav.yml")
"""Files for MkDocs: a build that did not come to its end may have changed them."""
_STATES: Form[dict[str, str]] = Form(dict[str, str])
_LOOKS: Form[dict[str, Look]] = Form(dict[str, Look])


class Last(Struct, frozen=True, kw_only=True):
    """How the last build ended: its release, its problems and figures, the state of the disk.

    `files` is a digest of the states of the files that readers see, and of those for MkDocs.
    """

    release: str
    problems: tuple[Problem, ...]
    records: int
    figures: tuple[int, int, int]
    waiting: Waiting | None
    pages: int
    codes: str
    files: str = ""


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


def site_key(options: Options, content: bytes) -> bytes:
    """A key of everything that a site depends on; `content` is `content_key`."""
    chosen = (options.as_of, options.draft, options.strict_figures, options.markdown)
    words = " ".join(map(str, chosen)).encode()
    against = remembered_files(options.against) if options.against else {}
    return combined_key(content, words, files_key(against), report_digest(options.work))


def content_key(options: Options, files: Files) -> bytes:
    """A key of content, ledger and program: what a rollback takes back, whatever the day is."""
    odd_in_ledger = repr(odd_files(options.ledger)).encode()
    ledger = (files_key(own_ledger(options.ledger)), files_key(memory_files(options.ledger)))
    digest = hashlib.sha256(combined_key(made_with(options), odd_in_ledger, *ledger))
    lines = [
        f"{path}\0{files.digest(path) if odd is None and is_text(path) else odd}\n"
        for path, odd in files.paths
    ]
    digest.update("".join(lines).encode(errors="surrogateescape"))
    return digest.digest()


def noted_states(cache: Cache) -> dict[str, str]:
    """The signatures of all bundles as the last build ended."""
    row = cache.get(SECTION, NOTED, b"")
    return _STATES.unpacked(row) if row else {}


def last_build(
    cache: Cache, key: bytes, options: Options, states: BundleStates, noted: Mapping[str, str]
) -> Last | None:
    """The last build, if it has the same key and readers see its site, unchanged on disk."""
    row = cache.get(SECTION, LAST, key)
    last = _LAST.unpacked(row) if row else None
    if last is None or _files_seen(options, last.release) != last.files:
        return None
    same = all(states(name) == signature for name, signature in noted.items())
    return last if same else None


def note_build(
    cache: Cache, key: bytes, options: Options, last: Last, states: Mapping[str, str]
) -> None:
    """Notes how a build ended, with the `files` of its release and the bundles as they are now."""
    noted = structs.replace(last, files=_files_seen(options, last.release))
    cache.put(SECTION, LAST, key, _LAST.packed(noted))
    note_states(cache, states)


def note_states(cache: Cache, states: Mapping[str, str]) -> None:
    """Notes the signatures of all bundles, for `noted_states`."""
    cache.put(SECTION, NOTED, b"", _STATES.packed(dict(states)))


def trusted_releases(cache: Cache, work: Path, current: str | None) -> frozenset[str]:
    """The releases whose lists are as this user's builds wrote them."""
    return frozenset(
        name
        for name in complete_releases(work, current)
        if cache.get(LISTS, name, b"") == release(work, name).lists()
    )


def note_release(cache: Cache, new: Release) -> None:
    """Notes the lists of a release, for `trusted_releases`."""
    cache.put(LISTS, new.digest, b"", new.lists())


def _files_seen(options: Options, name: str) -> str:
    """A digest of the states of the files of a release in the site, and of those for MkDocs.

    It is "" unless readers see the whole release.
    """
    mark = read_mark(options.site)
    if mark is None or mark.release != name or mark.towards:
        return ""
    own = frozenset(mark.own or ())
    foreign = foreign_names(options.site, mark)
    states = file_states(str(options.site), {MARK, WAITING, *foreign})
    # a folder that begins with a dot may have files of others too
    lines = [_line(s) for s in states if not s.path.startswith(".") or s.path in own]
    made = release(options.work, name)
    for path in (made.manifest, made.carried, *(options.work / name for name in _HOSTS)):
        lines += [str(path.name), *_states_of(path)]
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _states_of(path: Path) -> list[str]:
    if path.is_dir():
        return [_line(state) for state in file_states(str(path))]
    if not path.exists():
        return []
    about = path.stat()
    return [f"{about.st_ino} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"]


def _line(state: FileState) -> str:
    """The state as a line; any program can set mtime, and Windows has no time of change."""
    return f"{state.path} {state.inode} {state.size} {state.mtime} {state.ctime}"

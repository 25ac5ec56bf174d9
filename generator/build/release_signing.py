"""Signs a release: in the run that made it, or while it waits in the work folder.

A site that signs its releases shows none without a signature of a key that its settings list for
this use.  The signed text follows from the release alone, so that a run that makes the same
release again finds the signature that it has got in the meantime.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.build.options import Options, UnsignedRelease
from generator.content.settings import Settings, read_settings
from generator.ledger.published_log import KEYS
from generator.ledger.release_note import ReleaseNote, new_release_note, read_release_note
from generator.ledger.sealing import SealRefused
from generator.ledger.seals import Trust, read_keys, trust_of
from generator.release.disk import FILE_MODE, put
from generator.release.manifest import digests, listed, listing
from generator.release.publish import keep_unsigned, release_name
from generator.release.releases import UNSIGNED, Release, release, text_of, where
from generator.release.root_list import CARRIED, INDEX, LISTS, NOTE, root_list
from generator.text.public_key import NoteFault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SignedFiles(Struct, frozen=True, kw_only=True):
    """The signed files of a release that are in no list of its own: their digests by address.

    `release` is its note; `signed` is true if a key that counts has signed it.
    """

    release: ReleaseNote
    signed: bool
    outside: Mapping[str, str]


def sign_staged(
    options: Options,
    settings: Settings,
    staged: Path,
    files: str,
    carried: Mapping[str, str],
    content: str,
) -> SignedFiles:
    """Puts note and list of carried files into a filled folder; `files` is the list of the rest.

    The note gets the signature of the run's key, or the one that the same release has already.
    """
    carried_list = listing(carried).encode()
    unsigned = new_release_note(
        origin=settings.origin,
        content=content,
        day=options.as_of,
        files=listed(files)[INDEX],
        carried=hashlib.sha256(carried_list).hexdigest(),
    )
    trust = trust_of(settings)
    note = unsigned
    if options.release_key:
        note = _signed_by(unsigned, trust, options.release_key)
    else:
        for earlier in _earlier_notes(options, release_name(files)):
            if earlier.note.text == unsigned.note.text and _is_signed(earlier, trust):
                note = earlier
    contents = {CARRIED: carried_list, NOTE: note.bytes}
    for address, text in contents.items():
        put(staged / address, text, FILE_MODE)
    digests = {address: hashlib.sha256(text).hexdigest() for address, text in contents.items()}
    return SignedFiles(release=note, signed=_is_signed(note, trust), outside={**carried, **digests})


def _signed_by(unsigned: ReleaseNote, trust: Trust, key: Ed25519PrivateKey) -> ReleaseNote:
    public = key.public_key().public_bytes_raw()
    names = [verifier.name for verifier in trust.releases if verifier.public == public]
    return unsigned.signed(names[0], key) if names else unsigned


def _earlier_notes(options: Options, name: str) -> Iterator[ReleaseNote]:
    """The notes that the same release may have: while it waits, or since an earlier publication."""
    folder = where(options.place, name)
    for path in (folder / NOTE, release(options.work, UNSIGNED).note):
        try:
            yield read_release_note(path.read_bytes())
        except (OSError, ValueError):
            continue


def _is_signed(note: ReleaseNote, trust: Trust) -> bool:
    try:
        return bool(trust.release_signers(note))
    except ValueError:
        return False


def keep_waiting(
    options: Options, staged: Path, files: str, made: SignedFiles, settings: Settings
) -> UnsignedRelease:
    """Keeps a release that nobody has signed yet, for `sign_waiting`."""
    kept = keep_unsigned(options.place, staged, files, made.outside, made.release.bytes)
    return UnsignedRelease(
        digest=made.release.files,
        day=made.release.day,
        folder=kept.folder,
        signer=trust_of(settings).releases[0].name,
    )


def release_key_fault(content: Path, key: Ed25519PrivateKey) -> str:
    """Why a key cannot sign the releases of a content; "" if it can, or if that has errors."""
    settings = read_settings(content).settings
    if settings is None:
        return ""
    if not settings.signs_releases:
        return "releases-off"
    return key_fault(trust_of(settings), key.public_key().public_bytes_raw())


def key_fault(trust: Trust, public: bytes, name: str = "") -> str:
    """Why a key, of this name if one is given, signs no releases; "" if it does."""
    if any(v.public == public and name in ("", v.name) for v in trust.releases):
        return ""
    others = any(key.verifier.public == public for key in trust.keys)
    return "release-other" if others else "release-stranger"


def sign_waiting(options: Options, name: str, key: Ed25519PrivateKey) -> ReleaseNote:
    """Signs the release that waits for it; raises `SealRefused`.

    Everything that the note vouches for is compared with the folder first.
    """
    settings = read_settings(options.content).settings
    if settings is None or not settings.signs_releases:
        raise SealRefused("releases-off")
    trust, waiting = trust_of(settings), release(options.work, UNSIGNED)
    if fault := key_fault(trust, key.public_key().public_bytes_raw(), name):
        raise SealRefused(fault)
    if not (waiting.folder.is_dir() and waiting.note.is_file()):
        raise SealRefused("release-nothing")
    note = _checked_note(waiting)
    if note is None:
        raise SealRefused("release-changed")
    if trust.release_signers(note):
        raise SealRefused("release-twice")
    signed = note.signed(name, key)
    put(waiting.note, signed.bytes)
    return signed


def _checked_note(waiting: Release) -> ReleaseNote | None:
    """The note of a release that waits, if the folder has what it vouches for, and no more."""
    try:
        note = read_release_note(waiting.note.read_bytes())
    except NoteFault:
        return None
    declared, outside = listed(text_of(waiting.manifest)), waiting.carried_files()
    parts = root_list({path: d for path, d in declared.items() if path not in LISTS})
    carried = {path: d for path, d in outside.items() if path not in LISTS}
    if note.files != hashlib.sha256(parts[INDEX]).hexdigest():
        return None
    if note.carried != hashlib.sha256(listing(carried).encode()).hexdigest():
        return None
    files = {**declared, **outside}
    return note if dict(digests(waiting.folder, files)) == files else None


def release_gate(options: Options) -> Callable[[Release], bool]:
    """Whether a kept release may be shown: any, but on a site that signs them a signed one.

    The keys are those of the settings; if these have errors, those that the site itself lists.
    """
    settings = read_settings(options.content).settings
    if settings:
        trust = trust_of(settings)
    else:
        try:
            trust = read_keys((options.site / KEYS).read_text("utf-8"))
        except (OSError, ValueError):
            trust = Trust()

    def may_show(older: Release) -> bool:
        if not trust.releases:
            return True
        files = older.files()
        try:
            note = read_release_note((older.folder / NOTE).read_bytes())
        except (OSError, NoteFault):
            return False
        same = (note.files, note.carried) == (files.get(INDEX), files.get(CARRIED))
        return same and _is_signed(note, trust)

    return may_show

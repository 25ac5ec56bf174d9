"""Audits a site, or a partial copy of one, against its own log; it does not need the content.

It reads records, proofs, log, checkpoints, signatures, manifests and pages, as anybody could.  It
trusts the keys that the auditor names, and those that the site lists only if there are no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from generator import SETTINGS
from generator.build.list_audit import ListAudit
from generator.build.page_audit import RECORD, PageAudit
from generator.content.model import Problem
from generator.content.yaml_reader import read_bytes
from generator.ledger.checkpoint import Checkpoint, Proof, read_proof
from generator.ledger.copied_site import Copied, finding, remarked
from generator.ledger.log import Leaf, LedgerReading, read_ledger, read_redaction
from generator.ledger.log_files import FOLDERS, LEAVES, LOG, remembered_files
from generator.ledger.merkle import leaf_hash
from generator.ledger.published_log import CHECKPOINT, KEYS
from generator.ledger.release_note import ReleaseNote
from generator.ledger.restored_content import FLAGS
from generator.ledger.seals import PROOF_FILE, REDACTION_FILE, REDACTION_PROOF, Trust, read_keys
from generator.ledger.witness import checkpoint_in
from generator.output.plugins import Plugins
from generator.release.manifest import MANIFEST
from generator.release.root_list import INDEX
from generator.site.intake import Row
from generator.text.canonical_json import canonical_json
from generator.text.public_key import NoteFault, Verifier

_IN_LOG = f"{LOG}/"


@dataclass(frozen=True)
class Audit:
    """An audit of a folder, with the auditor's own trust and copies of the log's checkpoints.

    Without `own_trust`, the keys that the site lists count.  `remembered` has files of the log that
    the auditor kept, by their names in it.  `settings` is the site's `mkdocs.yml`, whose theme its
    pages have.
    """

    folder: Path
    own_trust: Trust | None = None
    remembered: Mapping[str, bytes] = field(default_factory=dict)
    plugins: Plugins = field(default_factory=Plugins)
    settings: Path = SETTINGS

    @cached_property
    def copied(self) -> Copied:
        """The folder's files."""
        return Copied(self.folder)

    @cached_property
    def log(self) -> LedgerReading:
        """The site's log; the folder may also be a log itself."""
        files = self.copied.files
        within = _IN_LOG if any(name.startswith(_IN_LOG) for name in files) else ""
        names = (name for name in files if name.startswith(within))
        return read_ledger({n.removeprefix(within): self._read(n) for n in names if _of_log(n)})

    @cached_property
    def trust(self) -> Trust:
        """The keys whose signatures count; raises `NoteFault`."""
        if self.own_trust is not None:
            return self.own_trust
        return read_keys(self._read(KEYS).decode(errors="replace"))

    @cached_property
    def lists(self) -> ListAudit:
        """The site's lists of its files, and the signature of its release."""
        return ListAudit(self.copied, self.trust, of_site=self.of_site)

    @cached_property
    def _leaves_by_id(self) -> Mapping[str, list[Leaf]]:
        """The leaves of each record and its redactions, by the record's id."""
        leaves: dict[str, list[Leaf]] = {}
        for leaf in self.log.ledger.leaves:
            leaves.setdefault(_id(leaf.name), []).append(leaf)
        return leaves

    @cached_property
    def records(self) -> tuple[str, ...]:
        """The addresses of the folders with a record."""
        files = (name for name in self.copied.files if name.rpartition("/")[2] == RECORD)
        return tuple(name.removesuffix(RECORD) for name in files)

    @cached_property
    def rows(self) -> Mapping[str, Row | str]:
        """The fields of each record, by its folder's address; a word for a file that is none."""
        return {address: read_row(self._read(address + RECORD)) for address in self.records}

    @cached_property
    def pages(self) -> tuple[PageAudit, ...]:
        """The pages of the records of each kind, sealed records first."""
        return tuple(self._pages())

    def _pages(self) -> Iterator[PageAudit]:
        ledger = self.log.ledger
        whole = bool(ledger.leaves) and not any(self._missing())
        for kind in self.plugins.kinds:
            if kind.unsealing:
                place = kind.unsealing.address
                valid = {a: r for a, r in self.rows.items() if not isinstance(r, str)}
                rows = {a: r for a, r in valid.items() if place(r["id"]) == a}
                sealed = {a: r for a, r in rows.items() if r["id"] in self._leaves_by_id}
                yield PageAudit(
                    kind=kind,
                    unsealing=kind.unsealing,
                    plugins=self.plugins,
                    copied=self.copied,
                    ledger=ledger,
                    rows={**sealed, **rows},
                    whole=whole,
                    settings=self.settings,
                )

    def _read(self, address: str) -> bytes:
        return self.copied.read(address)

    @property
    def of_site(self) -> bool:
        """Whether the folder is a site or a part of one, and not a log alone."""
        files = self.copied.files
        in_log = [name.startswith(_IN_LOG) for name in files]
        listed = MANIFEST in files or INDEX in files
        return bool(self.records) or listed or (any(in_log) and not all(in_log))

    @property
    def words(self) -> Iterator[str]:
        """Texts of the site's settings, taken from its pages; nobody has signed them."""
        for pages in self.pages:
            for name, word in pages.facts.words.items():
                yield from word.split("\n") if name.partition("/")[0] not in FLAGS else ()

    @property
    def signed(self) -> tuple[ReleaseNote, tuple[Verifier, ...]] | None:
        """The note of the release and who signed it, if a key that counts has."""
        try:
            return self.lists.signed
        except NoteFault:
            return None

    def problems(self) -> Iterator[Problem]:
        """Everything that differs from what was sealed, and files that could not be read."""
        yield from self._all_problems()
        for address, what in sorted(self.copied.unread.items()):
            yield finding("audit-special", address, detail=what)

    def _all_problems(self) -> Iterator[Problem]:
        if not (self.log.ledger.leaves or self.log.faults or self.of_site):
            yield finding("audit-none", "")
            return
        try:
            self.trust  # noqa: B018 -- fails here, before any signature is checked
        except NoteFault as fault:
            yield finding("audit-signature", KEYS, value=str(fault))
            return
        if not (self.log.ledger.leaves or self.log.faults):
            alone = finding("audit-alone", LOG)
            listed = self._read(MANIFEST) or self._read(INDEX)
            yield alone if listed else remarked(alone)
        yield from self._log_problems()
        for address in self.records:
            yield from self._record_problems(address)
        yield from self._missing()
        listing = tuple(self.lists.problems())
        whole = self.lists.signed is not None and not listing
        for pages in self.pages:
            for problem in pages.problems():
                # a text beside a sealed record is as signed as the rest of the page
                if not (whole and problem.code == "audit-beside"):
                    yield problem
        yield from listing

    def _log_problems(self) -> Iterator[Problem]:
        ledger = self.log.ledger
        for fault in self.log.faults:
            yield finding("audit-log", f"{LOG}/{fault.path}", line=fault.line, value=fault.detail)
        for checkpoint in ledger.checkpoints:
            yield from self._signature(checkpoint, f"{LOG}/checkpoints/{checkpoint.size}.txt")
        newest = self._read(CHECKPOINT)
        if newest and ledger.newest and newest != ledger.newest.content:
            yield finding("audit-log", CHECKPOINT, value="newest")
        if ledger.leaves and ledger.covered < len(ledger.leaves):
            yield finding("audit-log", f"{LOG}/leaves.txt", value="open")
        for path, content in sorted(self.remembered.items()):
            if path.startswith("checkpoints/"):
                yield from self._begins_with(path, content)

    def _begins_with(self, path: str, content: bytes) -> Iterator[Problem]:
        """Problems if the log does not begin with a checkpoint that the auditor kept."""
        ledger = self.log.ledger
        try:
            kept = checkpoint_in(content)
            self.trust.signers(kept)
        except NoteFault as fault:
            yield finding("audit-kept", path, value=str(fault))
            return
        if kept.size > len(ledger.leaves) or ledger.tree.root(kept.size) != kept.root:
            value = f"{kept.size} > {len(ledger.leaves)}"
            yield finding("audit-kept", f"{LOG}/leaves.txt", value=value)
        elif (own := ledger.at(kept.size)) and own.note.text != kept.note.text:
            yield finding("audit-kept", f"{LOG}/checkpoints/{kept.size}.txt", value=kept.note.text)

    def _signature(self, checkpoint: Checkpoint, path: str) -> Iterator[Problem]:
        try:
            count = len(self.trust.signers(checkpoint))
        except NoteFault as fault:
            yield finding("audit-signature", path, value=str(fault))
            return
        needed = self.trust.needed(checkpoint.size)
        if count < needed:
            yield finding("audit-signature", path, value=f"{count}/{needed}")

    def _record_problems(self, address: str) -> Iterator[Problem]:
        """Problems of one record: its place, its proof, its number in the log, its attachments."""
        content, path = self._read(address + RECORD), address + RECORD
        record = self.rows[address]
        if isinstance(record, str):
            yield finding("audit-record", path, detail="form", value=record)
            return
        id_ = record["id"]
        if address not in {k.unsealing.address(id_) for k in self.plugins.kinds if k.unsealing}:
            yield finding("audit-place", path, value=id_)
        leaf, redaction = leaf_hash(content), self._read(address + REDACTION_FILE)
        if redaction and not _is_redaction_of(redaction, id_, leaf.hex()):
            yield finding("audit-record", address + REDACTION_FILE, value=id_)
        sealed = leaf_hash(redaction) if redaction else leaf
        proof_file = REDACTION_PROOF if redaction else PROOF_FILE
        yield from self._proof_file(address, sealed, id_, proof_file)
        yield from self._attachments(address, record)

    def _proof_file(self, address: str, digest: bytes, id_: str, file: str) -> Iterator[Problem]:
        leaves = self._leaves_by_id.get(id_, ())
        if leaves and not any(leaf.digest == digest for leaf in leaves):
            yield finding("audit-record", address + RECORD, value=id_)
        elif self.log.ledger.leaves and not leaves and not self._read(address + file):
            yield remarked(finding("audit-unsealed", address + RECORD, value=id_))
            return
        try:
            proof = read_proof(self._read(address + file))
        except NoteFault as fault:
            yield finding("audit-proof", address + file, value=str(fault))
            return
        yield from self._proof(proof, digest, id_, address + file)

    def _proof(self, proof: Proof, digest: bytes, id_: str, path: str) -> Iterator[Problem]:
        ledger, checkpoint = self.log.ledger, proof.checkpoint
        size = min(checkpoint.size, len(ledger.leaves))
        at = ledger.leaves[proof.index] if proof.index < len(ledger.leaves) else None
        if not proof.shows(digest):
            yield finding("audit-proof", path, value=id_)
        elif ledger.leaves and not (at and at.digest == digest and _id(at.name) == id_):
            yield finding("audit-proof", path, value=str(proof.index))
        elif ledger.leaves and ledger.tree.root(size) != checkpoint.root:
            yield finding("audit-proof", path, value=str(checkpoint.size))
        yield from self._signature(checkpoint, path)

    def _attachments(self, address: str, record: Mapping[str, Any]) -> Iterator[Problem]:
        for row in record.get("attachments", ()):
            # no way out of the copy: a path is looked up among its files and never opened
            if "path" in row and self.copied.digest(address + row["path"]) != row["sha256"]:
                yield finding("audit-file", address + row["path"])

    def _missing(self) -> Iterator[Problem]:
        """Sealed records that the site does not have, although no redaction removed them."""
        ledger = self.log.ledger
        present = {leaf_hash(self._read(address + RECORD)).hex() for address in self.records}
        for name, number in ledger.numbers.items() if self.of_site else ():
            lawful = ledger.lawful(name)
            if lawful and lawful not in present:
                yield finding("audit-missing", f"{LOG}/leaves.txt", line=number + 1, value=name)


def read_row(content: bytes) -> Row | str:
    """A record's fields from its bytes; a word for the fault if they are not a record."""
    try:
        row = json.loads(content)
        if not isinstance(row, dict) or canonical_json(row) != content:
            return "JSON"
    except (ValueError, TypeError, RecursionError):
        return "JSON"
    if not isinstance(row.get("id"), str):
        return "id"
    rows = row.get("attachments", [])
    return row if isinstance(rows, list) and all(map(_is_attachment, rows)) else "attachments"


def _is_attachment(row: object) -> bool:
    """Whether all values are texts, with size and digest if the attachment is a file."""
    if not isinstance(row, dict) or not all(isinstance(text, str) for text in row.values()):
        return False
    return "path" not in row or ("sha256" in row and row.get("bytes", "").isdecimal())


def _is_redaction_of(content: bytes, id_: str, remaining: str) -> bool:
    """Whether a redaction is of this record, and the record's digest is the remaining one."""
    try:
        redaction = read_redaction(content)
    except NoteFault:
        return False
    return _id(redaction.name) == id_ and redaction.left == remaining


def _id(name: str) -> str:
    """The id of the record that a leaf or its redaction names."""
    return name.rpartition(":")[2]


def _of_log(name: str) -> bool:
    """Whether a file belongs to a log, by its name."""
    return name.rpartition("/")[2] == LEAVES or name.rpartition("/")[0].endswith(FOLDERS)


def audit(folder: Path, keys: Path | None, against: Path | None) -> Audit:
    """An audit of a folder, with the auditor's keys and checkpoints; raises `NoteFault`."""
    trust = read_keys(read_bytes(keys).decode(errors="replace")) if keys else None
    return Audit(folder.resolve(), trust, remembered_files(against) if against else {})

"""An audit: a site, or what was copied of one, against its own log; no content is needed.

It reads records, proofs, log, checkpoints, signatures, manifests and pages as any stranger
could, and trusts the keys it is given; those that the site lists only where none are given.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.build.page_audit import RECORD, PageAudit
from generator.content.model import Problem
from generator.content.yaml_reader import read_bytes
from generator.ledger.checkpoint import Checkpoint, Proof, read_proof
from generator.ledger.copied_site import Copied, finding, remarked
from generator.ledger.log import Leaf, LedgerReading, read_ledger, read_redaction
from generator.ledger.log_files import FOLDERS, LEAVES, LOG, remembered_files
from generator.ledger.merkle import leaf_hash
from generator.ledger.published_log import CHECKPOINT, KEYS
from generator.ledger.restored_content import FLAGS
from generator.ledger.seals import PROOF_FILE, REDACTION_FILE, REDACTION_PROOF, Trust, read_keys
from generator.ledger.witness import checkpoint_in
from generator.output.plugins import Plugins
from generator.release.manifest import MANIFEST
from generator.site.intake import Row
from generator.text.canonical_json import canonical_json
from generator.text.public_key import NoteFault

_CARRIED = ("search/", "assets/")
"""Where a site may have files of the releases before it, which its list does not name."""
_IN_LOG = f"{LOG}/"
_LISTED = re.compile(rb"([0-9a-f]{64})  ([^\n]+)")
_MOST_WORDS = 200
"""Characters of a foreign text that a finding repeats."""


@dataclass(frozen=True)
class Audit:
    """A folder, and whom the auditor trusts; `kept` is what is remembered of the log."""

    folder: Path
    given: Trust | None = None
    kept: Mapping[str, bytes] = field(default_factory=dict)
    plugins: Plugins = field(default_factory=Plugins)

    @cached_property
    def copied(self) -> Copied:
        """What is read of the folder."""
        return Copied(self.folder)

    @cached_property
    def log(self) -> LedgerReading:
        """The site's log; of a folder that is one, itself."""
        within = f"{LOG}/" if any(name.startswith(f"{LOG}/") for name in self.copied.files) else ""
        names = (name for name in self.copied.files if name.startswith(within))
        return read_ledger({n.removeprefix(within): self._read(n) for n in names if _of_log(n)})

    @cached_property
    def trust(self) -> Trust:
        """Whose signatures count; raises `NoteFault`."""
        if self.given is not None:
            return self.given
        return read_keys(self._read(KEYS).decode(errors="replace"))

    @cached_property
    def _named(self) -> Mapping[str, list[Leaf]]:
        """The leaves of each record and its redactions, by its id alone."""
        named: dict[str, list[Leaf]] = {}
        for leaf in self.log.ledger.leaves:
            named.setdefault(_id(leaf.name), []).append(leaf)
        return named

    @cached_property
    def records(self) -> tuple[str, ...]:
        """The addresses of the folders that hold a record."""
        held = (name for name in self.copied.files if name.rpartition("/")[2] == RECORD)
        return tuple(name.removesuffix(RECORD) for name in held)

    @cached_property
    def rows(self) -> Mapping[str, Row | str]:
        """What each record says, by the address of its folder; a word for what is no record."""
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
                held = {a: r for a, r in self.rows.items() if not isinstance(r, str)}
                rows = {a: r for a, r in held.items() if place(r["id"]) == a}
                sealed = {a: r for a, r in rows.items() if r["id"] in self._named}
                yield PageAudit(
                    kind=kind,
                    unsealing=kind.unsealing,
                    plugins=self.plugins,
                    copied=self.copied,
                    ledger=ledger,
                    rows={**sealed, **rows},
                    whole=whole,
                )

    def _read(self, address: str) -> bytes:
        return self.copied.read(address)

    @property
    def of_site(self) -> bool:
        """Whether the folder is of a site, whole or in part, and not of a log alone."""
        files = self.copied.files
        beside = any(name.startswith(_IN_LOG) for name in files) and not all(
            name.startswith(_IN_LOG) for name in files
        )
        return bool(self.records) or MANIFEST in files or beside

    @property
    def words(self) -> Iterator[str]:
        """The site's own words, as its pages have them and nobody has signed."""
        for audited in self.pages:
            for name, word in audited.said.words.items():
                yield from word.split("\n") if name not in FLAGS else ()

    def problems(self) -> Iterator[Problem]:
        """Everything that is not as it was sealed."""
        yield from self._judged()
        for address, what in sorted(self.copied.unread.items()):
            yield finding("audit-special", address, detail=what)

    def _judged(self) -> Iterator[Problem]:
        if not (self.log.ledger.leaves or self.log.faults or self.of_site):
            yield finding("audit-none", "")
            return
        try:
            self.trust  # noqa: B018 -- read once, before anything rests on it
        except NoteFault as fault:
            yield finding("audit-signature", KEYS, value=str(fault))
            return
        if not (self.log.ledger.leaves or self.log.faults):
            alone = finding("audit-alone", LOG)
            yield alone if self._read(MANIFEST) else remarked(alone)
        yield from self._log_problems()
        for address in self.records:
            yield from self._record_problems(address)
        yield from self._missing()
        for audited in self.pages:
            yield from audited.problems()
        yield from self._manifests()

    def _log_problems(self) -> Iterator[Problem]:
        ledger = self.log.ledger
        for fault in self.log.faults:
            yield finding("audit-log", f"{LOG}/{fault.path}", line=fault.line, value=fault.detail)
        for held in ledger.checkpoints:
            yield from self._signed(held, f"{LOG}/checkpoints/{held.size}.txt")
        shown = self._read(CHECKPOINT)
        if shown and ledger.newest and shown != ledger.newest.content:
            yield finding("audit-log", CHECKPOINT, value="newest")
        if ledger.leaves and ledger.covered < len(ledger.leaves):
            yield finding("audit-log", f"{LOG}/leaves.txt", value="open")
        for path, content in sorted(self.kept.items()):
            if path.startswith("checkpoints/"):
                yield from self._begins_with(path, content)

    def _begins_with(self, path: str, content: bytes) -> Iterator[Problem]:
        """Whether the log still begins with a checkpoint that was kept elsewhere."""
        ledger = self.log.ledger
        try:
            held = checkpoint_in(content)
            self.trust.signers(held)
        except NoteFault as fault:
            yield finding("audit-kept", path, value=str(fault))
            return
        if held.size > len(ledger.leaves) or ledger.tree.root(held.size) != held.root:
            value = f"{held.size} > {len(ledger.leaves)}"
            yield finding("audit-kept", f"{LOG}/leaves.txt", value=value)
        elif (own := ledger.at(held.size)) and own.note.text != held.note.text:
            yield finding("audit-kept", f"{LOG}/checkpoints/{held.size}.txt", value=held.note.text)

    def _signed(self, held: Checkpoint, path: str) -> Iterator[Problem]:
        try:
            count = len(self.trust.signers(held))
        except NoteFault as fault:
            yield finding("audit-signature", path, value=str(fault))
            return
        if count < self.trust.needed(held.size):
            yield finding("audit-signature", path, value=f"{count}/{self.trust.needed(held.size)}")

    def _record_problems(self, address: str) -> Iterator[Problem]:
        """One record: its place, its proof, its number in the log, its files."""
        content, path = self._read(address + RECORD), address + RECORD
        record = self.rows[address]
        if isinstance(record, str):
            yield finding("audit-record", path, detail="form", value=record)
            return
        id_ = record["id"]
        if address not in {k.unsealing.address(id_) for k in self.plugins.kinds if k.unsealing}:
            yield finding("audit-place", path, value=id_)
        leaf, told = leaf_hash(content), self._read(address + REDACTION_FILE)
        if told and not _tells(told, id_, leaf.hex()):
            yield finding("audit-record", address + REDACTION_FILE, value=id_)
        sealed = leaf_hash(told) if told else leaf
        yield from self._proved(address, sealed, id_, REDACTION_PROOF if told else PROOF_FILE)
        yield from self._attachments(address, record)

    def _proved(self, address: str, digest: bytes, id_: str, file: str) -> Iterator[Problem]:
        named = self._named.get(id_, ())
        if named and not any(leaf.digest == digest for leaf in named):
            yield finding("audit-record", address + RECORD, value=id_)
        elif self.log.ledger.leaves and not named and not self._read(address + file):
            yield remarked(finding("audit-unsealed", address + RECORD, value=id_))
            return
        try:
            proof = read_proof(self._read(address + file))
        except NoteFault as fault:
            yield finding("audit-proof", address + file, value=str(fault))
            return
        yield from self._shows(proof, digest, id_, address + file)

    def _shows(self, proof: Proof, digest: bytes, id_: str, path: str) -> Iterator[Problem]:
        ledger, held = self.log.ledger, proof.checkpoint
        at = ledger.leaves[proof.index] if proof.index < len(ledger.leaves) else None
        if not proof.shows(digest):
            yield finding("audit-proof", path, value=id_)
        elif ledger.leaves and not (at and at.digest == digest and _id(at.name) == id_):
            yield finding("audit-proof", path, value=str(proof.index))
        elif ledger.leaves and ledger.tree.root(min(held.size, len(ledger.leaves))) != held.root:
            yield finding("audit-proof", path, value=str(held.size))
        yield from self._signed(held, path)

    def _attachments(self, address: str, record: Mapping[str, Any]) -> Iterator[Problem]:
        for held in record.get("attachments", ()):
            # no way out of the copy: a path is looked up among its files and never opened
            if "path" in held and self.copied.digest(address + held["path"]) != held["sha256"]:
                yield finding("audit-file", address + held["path"])

    def _missing(self) -> Iterator[Problem]:
        """Sealed records of which the site has neither the record nor a word on its removal."""
        ledger = self.log.ledger
        here = {leaf_hash(self._read(address + RECORD)).hex() for address in self.records}
        for name, number in ledger.numbers.items() if self.of_site else ():
            lawful = ledger.lawful(name)
            if lawful and lawful not in here:
                yield finding("audit-missing", f"{LOG}/leaves.txt", line=number + 1, value=name)

    def _manifests(self) -> Iterator[Problem]:
        """Every list of digests, and what the site's own does not name."""
        files = self.copied.files
        if self.of_site and CHECKPOINT in files and MANIFEST not in files:
            yield finding("audit-manifest", MANIFEST, value=MANIFEST)
        for name in files:
            if name.rpartition("/")[2] == MANIFEST:
                yield from self._listed(name)

    def _listed(self, name: str) -> Iterator[Problem]:
        """What a list says of files otherwise than they are; the root's says all."""
        base, rows = name.removesuffix(MANIFEST), dict[str, str]()
        for line, row in enumerate(self._read(name).removesuffix(b"\n").split(b"\n"), start=1):
            match, text = _LISTED.fullmatch(row), os.fsdecode(row)
            if match is None or text[66:] in rows:
                value = text[:_MOST_WORDS]
                yield finding("audit-manifest", name, line=line, detail="line", value=value)
            else:
                rows[text[66:]] = text[:64]
        for path, digest in rows.items():
            if self.copied.digest(base + path) != digest:
                yield finding("audit-manifest", base + path, value=name)
        for path in sorted(self.copied.files.keys() - rows.keys() - {name}) if not base else ():
            if not path.startswith(_CARRIED):
                yield finding("audit-manifest", path, value=name)


def read_row(content: bytes) -> Row | str:
    """A record's fields from its bytes; of what is no record of ours, a word for what is wrong."""
    try:
        row = json.loads(content)
        if not isinstance(row, dict) or canonical_json(row) != content:
            return "JSON"
    except (ValueError, TypeError, RecursionError):
        return "JSON"
    if not isinstance(row.get("id"), str):
        return "id"
    listed = row.get("attachments", [])
    return row if isinstance(listed, list) and all(map(_is_attachment, listed)) else "attachments"


def _is_attachment(held: object) -> bool:
    """Whether a row's attachment has texts alone, and size and digest if it is a file."""
    if not isinstance(held, dict) or not all(isinstance(text, str) for text in held.values()):
        return False
    return "path" not in held or ("sha256" in held and held.get("bytes", "").isdecimal())


def _tells(content: bytes, id_: str, left: str) -> bool:
    """Whether a redaction is of a record, and left it as it is."""
    try:
        told = read_redaction(content)
    except NoteFault:
        return False
    return _id(told.name) == id_ and told.left == left


def _id(name: str) -> str:
    """The id of the record that a leaf names, itself or its redaction."""
    return name.rpartition(":")[2]


def _of_log(name: str) -> bool:
    """Whether a file is one that a log may hold, by its name."""
    return name.rpartition("/")[2] == LEAVES or name.rpartition("/")[0].endswith(FOLDERS)


def audit(folder: Path, keys: Path | None, kept: Path | None) -> Audit:
    """An audit of a folder with keys and a checkpoint from elsewhere; raises `NoteFault`."""
    given = read_keys(read_bytes(keys).decode(errors="replace")) if keys else None
    return Audit(folder.resolve(), given, remembered_files(kept) if kept else {})

"""Compares the pages of a copied site with those that this program writes for its records.

Parts of a page that depend on other records (its status, its corrections) are compared only if the
copy has all records; otherwise a remark says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from generator.build.reprint import Reprinted
from generator.content.model import Problem
from generator.ledger.checkpoint import Proof, read_proof
from generator.ledger.copied_site import Copied, finding, remarked
from generator.ledger.log import Ledger, Redaction, read_redaction
from generator.ledger.merkle import leaf_hash
from generator.ledger.record_page import FRAME_PARTS, difference, without
from generator.ledger.restored_content import (
    CopiedSeals,
    PageFacts,
    Restored,
    Source,
    page_facts,
    restored,
)
from generator.ledger.seals import PROOF_FILE, REDACTION_FILE, REDACTION_PROOF, Seal
from generator.output.plugins import Plugins
from generator.site.intake import Row
from generator.site.kind import Kind
from generator.site.unsealing import Unsealing
from generator.text.public_key import NoteFault

RECORD, PAGE = "record.json", "index.html"
PROGRAM_NAME = "gongbao"


@dataclass(frozen=True, kw_only=True)
class PageAudit:
    """Audits the pages of a kind's records; `rows` has these by address, sealed records first.

    `whole` says that no sealed record is missing; `settings` is the `mkdocs.yml` of the site.
    """

    kind: Kind
    unsealing: Unsealing
    plugins: Plugins
    copied: Copied
    ledger: Ledger
    rows: Mapping[str, Row]
    whole: bool
    settings: Path

    @cached_property
    def source(self) -> Source:
        """The input for writing the pages."""
        return Source(
            kind=self.kind,
            unsealing=self.unsealing,
            kinds=self.plugins.kinds,
            views=self.plugins.views,
            loader=self.plugins.loader,
            rows=self.rows,
            read=self.copied.read,
            whole=self.whole,
        )

    @cached_property
    def facts(self) -> PageFacts:
        """Facts on the pages that are not in the records."""
        return page_facts(self.source)

    def problems(self) -> Iterator[Problem]:
        """A problem for each page that is missing or differs from what this program writes.

        Raises `ThemeRefused`.
        """
        for address in self.rows:
            if not self.copied.read(address + PAGE):
                yield finding("audit-page", address + PAGE, detail="gone")
        present = [address for address in self.rows if self.copied.read(address + PAGE)]
        content = restored(self.source, self.facts, self._seals()) if present else None
        if present and content is None:
            yield finding("audit-page", present[0] + PAGE, detail="words")
        if content is not None:
            written = Reprinted(self.source, content, self.settings)
            for address in present:
                yield from self._page(address, content, written)
            for address, html in written.removed():
                yield from self._compared(address, html)
        if present and not self.whole:
            yield remarked(finding("audit-page", present[0] + PAGE, detail="partial"))
        yield from self._beside()

    def _page(self, address: str, content: Restored, written: Reprinted) -> Iterator[Problem]:
        """Problems of a record's page; a remark if this program cannot restore the record."""
        record = content.records.get(address)
        fault = content.faults.get(address, "" if record else "id")
        if record is not None and not fault:
            sealed = self.kind.sealed and self.kind.sealed(record, content.site)
            again = sealed.make() if sealed else b""
            fault = "" if again == self.copied.read(address + RECORD) else RECORD
        if fault:
            installed = version(PROGRAM_NAME)
            unknown = finding(
                "audit-page", address + PAGE, detail="unknown", value=fault, version=installed
            )
            yield remarked(unknown)
        else:
            yield from self._compared(address, written.page(address))

    def _compared(self, address: str, html: str) -> Iterator[Problem]:
        raw = self.copied.read(address + PAGE)
        page = raw.decode(errors="replace")
        differs = difference(page, html, address) if page.encode() == raw else ("UTF-8", "")
        if differs and not self.whole:
            parts = (*FRAME_PARTS, *self.unsealing.joined)
            differs = difference(without(page, parts), without(html, parts), address)
        if differs:
            here, there = differs
            installed = version(PROGRAM_NAME)
            path = address + PAGE
            yield finding("audit-page", path, value=here, expected=there, version=installed)

    def _beside(self) -> Iterator[Problem]:
        """Remarks on texts of pages that are not in sealed records, each text once."""
        pages: dict[str, list[str]] = defaultdict(list)
        for address, texts in self.facts.beside.items():
            for text in texts:
                pages[text].append(address)
        for text, addresses in pages.items():
            path, count = addresses[0] + PAGE, str(len(addresses))
            yield remarked(finding("audit-beside", path, value=" ".join(text.split()), count=count))

    def _seals(self) -> CopiedSeals:
        """The seals of the records: from the log, or, in a copy without it, from their proofs."""
        beside: dict[str, Seal] = {}
        digests: dict[str, bytes] = {}
        for address, row in self.rows.items():
            name = f"{self.kind.name}:{row['id']}"
            digests[name] = leaf_hash(self.copied.read(address + RECORD))
            if seal := self._seal(address, digests[name]):
                beside[name] = seal
        return CopiedSeals(self.ledger, beside=beside, digests=digests)

    def _seal(self, address: str, digest: bytes) -> Seal | None:
        proof = self._proof(address + PROOF_FILE)
        number = proof.index if proof else self.facts.waiting.get(address)
        if number is None:
            return None
        redaction = self._redaction(address)
        return Seal(
            number=number,
            leaf=bytes.fromhex(redaction.leaf) if redaction else digest,
            proof=proof,
            redaction=redaction,
            redaction_proof=self._proof(address + REDACTION_PROOF),
        )

    def _proof(self, path: str) -> Proof | None:
        try:
            return read_proof(self.copied.read(path))
        except NoteFault:
            return None  # `Audit` reports a missing or faulty proof

    def _redaction(self, address: str) -> Redaction | None:
        try:
            return read_redaction(self.copied.read(address + REDACTION_FILE))
        except NoteFault:
            return None

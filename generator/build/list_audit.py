"""Audits a copied site against its own lists of files, and the signature of its release.

The list of all files is one file, or stands in parts on a site that signs its releases.  There
the signed note covers it, and the list of what is carried along, so that no file is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container, Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from generator.content.model import Problem
from generator.ledger.copied_site import Copied, finding, remarked
from generator.ledger.published_log import CHECKPOINT
from generator.ledger.release_note import ReleaseNote, read_release_note
from generator.ledger.seals import Trust
from generator.output.formats.sitemap import SITEMAP
from generator.release.manifest import MANIFEST
from generator.release.root_list import CARRIED, INDEX, LISTS, NOTE, PARTS, index_of, part_of
from generator.text.public_key import NoteFault, Verifier

_CARRIED_FOLDERS = ("search/", "assets/")
"""Folders that may contain files of earlier releases, which an unsigned list does not have."""
_WHOLE = (MANIFEST, INDEX, CHECKPOINT, SITEMAP, "404.html")
"""Files that a whole site has, and a record's folder or a log alone has not."""
_LISTED = re.compile(rb"([0-9a-f]{64})  ([^\n]+)")
_MOST_WORDS = 200
"""The most characters of a foreign text that a finding quotes."""


@dataclass(frozen=True)
class ListAudit:
    """The lists of a copy; `trust` has the keys whose signatures count.

    `of_site` is false for a log alone, which has none.
    """

    copied: Copied
    trust: Trust
    of_site: bool = True

    @cached_property
    def _note(self) -> ReleaseNote | Problem:
        """The note of the release, or what is wrong with it."""
        try:
            note = read_release_note(self.copied.read(NOTE))
            signers = self.trust.release_signers(note)
        except NoteFault as fault:
            return finding("audit-release", NOTE, detail="signature", value=str(fault))
        if self.trust.releases and not signers:
            return finding("audit-release", NOTE, detail="signature", value="0/1")
        return note

    @property
    def signed(self) -> tuple[ReleaseNote, tuple[Verifier, ...]] | None:
        """The note and who signed it; None unless a key that counts has."""
        if not self.trust.releases or isinstance(self._note, Problem):
            return None
        return self._note, self.trust.release_signers(self._note)

    def problems(self) -> Iterator[Problem]:
        """Problems with all lists, files that the site's list lacks, and a missing signature."""
        files = self.copied.files
        yield from self.release_problems()
        for name in files:
            if name.rpartition("/")[2] == MANIFEST and name != MANIFEST:
                rows = yield from self._rows(name)
                yield from self._differing(name, rows, name.removesuffix(MANIFEST))
        if self.signed or any(name in files for name in PARTS):
            yield from self._parts()
        elif MANIFEST in files:
            rows = yield from self._rows(MANIFEST)
            yield from self._differing(MANIFEST, rows)
            yield from self._unlisted(MANIFEST, rows.keys() | {MANIFEST})
        elif CHECKPOINT in files and self._is_whole:
            yield finding("audit-manifest", MANIFEST, value=MANIFEST)

    @property
    def _is_whole(self) -> bool:
        return self.of_site and any(name in self.copied.files for name in _WHOLE)

    def release_problems(self) -> Iterator[Problem]:
        """What is wrong with the signature of the release, where there should be one."""
        if NOTE not in self.copied.files:
            if self.trust.releases:
                gone = finding("audit-release", NOTE, detail="gone")
                yield gone if self._is_whole else remarked(gone)
            return
        if isinstance(self._note, Problem):
            yield self._note
            return
        if not self.trust.releases:
            yield remarked(finding("audit-release", NOTE, detail="keys"))
        for address, digest in ((INDEX, self._note.files), (CARRIED, self._note.carried)):
            if sha256(self.copied.read(address)).hexdigest() != digest:
                yield finding("audit-release", address, detail="list")

    def _parts(self) -> Iterator[Problem]:
        """Problems with the parts of the list, and files that no part has."""
        contents = [self.copied.read(part) for part in PARTS]
        if index_of(contents) != self.copied.read(INDEX):
            yield finding("audit-manifest", INDEX, value=INDEX)
        listed = set(LISTS)
        for part in (*PARTS, CARRIED):
            rows = yield from self._rows(part)
            yield from self._differing(part, rows)
            for path in rows:
                if path in listed or (part != CARRIED and part_of(path) != part):
                    yield finding("audit-manifest", part, detail="line", value=path[:_MOST_WORDS])
            listed |= rows.keys() - LISTS
        yield from self._unlisted(INDEX, listed, carried=self.signed is None)

    def _rows(self, name: str) -> Generator[Problem, None, dict[str, str]]:
        """The lines of a list, as path and digest; a problem for each that is none."""
        rows = dict[str, str]()
        content = self.copied.read(name)
        is_blank = not content and name in LISTS  # a part may have no file
        lines = [] if is_blank else content.removesuffix(b"\n").split(b"\n")
        for line, row in enumerate(lines, start=1):
            match, text = _LISTED.fullmatch(row), os.fsdecode(row)
            if match is None or text[66:] in rows:
                value = text[:_MOST_WORDS]
                yield finding("audit-manifest", name, line=line, detail="line", value=value)
            else:
                rows[text[66:]] = text[:64]
        return rows

    def _differing(self, name: str, rows: dict[str, str], base: str = "") -> Iterator[Problem]:
        for path, digest in rows.items():
            if self.copied.digest(base + path) != digest:
                yield finding("audit-manifest", base + path, value=name)

    def _unlisted(
        self, name: str, listed: Container[str], *, carried: bool = True
    ) -> Iterator[Problem]:
        """Files that are in no list; where nothing is signed, some may be `carried` along."""
        for path in self.copied.files:
            if path not in listed and not (carried and path.startswith(_CARRIED_FOLDERS)):
                yield finding("audit-manifest", path, value=name)

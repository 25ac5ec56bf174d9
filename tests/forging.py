"""Twenty ways to forge a sealed site, done to copies of a true one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from publishing import manifest_text
from sample_sites import AS_OF, build_site, files_below, options
from sealing import (
    KEY,
    NAME,
    OTHER,
    PUBLIC,
    edit,
    put,
    put_settings,
    seal,
    sealable,
    settings,
)

from generator.build.ledger_runs import sign_ledger
from generator.build.options import Options
from generator.ledger.checkpoint import Checkpoint, read_checkpoint
from generator.ledger.merkle import leaf_hash
from generator.ledger.signed_note import Note, Signature, verifier_of
from generator.release.manifest import MANIFEST, digest_of, listed, listing
from generator.release.root_list import CARRIED, INDEX, LISTS, root_list

ENTRY = "gazette/105/105-001/03"
"""The entry that a forger is after: it has a body, an attachment and a place in the middle."""
ISSUE = "gazette/105/105-001"
LEAVES, NEWEST = "log/leaves.txt", "log/checkpoints/5.txt"


@dataclass(frozen=True)
class World:
    """A true site as a folder of files, and others by the same or by other hands."""

    root: Path

    @property
    def true(self) -> Path:
        """The true site, with five sealed entries under two checkpoints."""
        return self.root / "true"

    @property
    def keys(self) -> Path:
        """The keys as a reader has them from elsewhere."""
        return self.root / "keys.txt"

    @property
    def checkpoint(self) -> Path:
        """The newest checkpoint, as a reader kept it."""
        return self.root / "kept.txt"

    def site(self, name: str) -> Path:
        """One of the other sites."""
        return self.root / name


def flat(site: Path, folder: Path) -> None:
    """A site as a folder of plain files."""
    for name, path in files_below(site).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def relisted(site: Path) -> None:
    """Makes every list of digests fit what a copy holds now, as a forger would."""
    for path in sorted(site.glob("gazette/**/manifest.sha256")):
        rows = (row.partition("  ")[2] for row in path.read_text("utf-8").splitlines())
        present = [name for name in rows if (path.parent / name).is_file()]
        path.write_text(listing({n: digest_of(path.parent / n) for n in present}), "utf-8")
    if (site / INDEX).exists():
        relist_parts(site)
    else:
        (site / MANIFEST).unlink(missing_ok=True)
        (site / MANIFEST).write_text(manifest_text(site), "utf-8")


def relist_parts(site: Path) -> None:
    """Makes the parts of a signed release's list anew, and that of what is carried along."""
    carried = listed((site / CARRIED).read_text("utf-8"))
    digests = {name: digest_of(path) for name, path in files_below(site).items()}
    own = {n: d for n, d in digests.items() if n not in LISTS and n not in carried}
    for address, content in root_list(own).items():
        (site / address).write_bytes(content)
    kept = {name: digests[name] for name in carried if name in digests}
    (site / CARRIED).write_text(listing(kept), "utf-8")


def make_site(
    root: Path, folder: Path, *, name: str = NAME, key: Ed25519PrivateKey = KEY, text: str = "",
    change: Callable[[Path], object] = lambda content: None,
) -> None:  # fmt: skip
    """Seals a content in two steps, builds it, and keeps the site as a folder of files."""
    chosen = sealable(root)
    put_settings(chosen.content, text or settings(verifier_of(name, key).text))
    change(chosen.content)
    for day in (chosen.as_of.replace(month=1, day=25), chosen.as_of):
        seal(chosen, day=day)
        sign_ledger(replace(chosen, as_of=day), name, key)
    build_site(chosen.content, root)
    flat(chosen.site, folder)


def true_copy(
    root: Path,
    sample: Path,
    *,
    day: date = AS_OF,
    files: Mapping[str, str | bytes] | None = None,
    before: Callable[[Path], object] = lambda content: None,
    after: Callable[[Options], object] = lambda chosen: None,
) -> Path:
    """A site of a content that is sealed, signed and then changed lawfully, as plain files."""
    shutil.copytree(sample, root / "content")
    put(root / "content", files or {})
    before(root / "content")
    put_settings(root / "content")
    chosen = replace(options(root / "content", root), as_of=day)
    seal(chosen, day=day)
    sign_ledger(chosen, NAME, KEY)
    after(chosen)
    build_site(chosen.content, root, day)
    flat(chosen.site, root / "flat")
    return root / "flat"


def true_world(root: Path) -> World:
    """The true site alone, with keys and checkpoint as a reader has them."""
    result = World(root)
    make_site(root / "a", result.true)
    shutil.copy(result.true / "log/keys.txt", result.keys)
    shutil.copy(result.true / NEWEST, result.checkpoint)
    return result


def world(root: Path) -> World:
    """The true site and those that forgers take from."""
    result = true_world(root)
    make_site(root / "b", result.site("stranger"), name="example.org/clerk", key=OTHER)
    other = settings(PUBLIC, more="  origin: example.net/other\n")
    make_site(root / "c", result.site("elsewhere"), text=other)
    make_site(root / "d", result.site("rewritten"), change=_rewrite)
    make_site(root / "e", result.site("shorter"), change=_shorten)
    return result


def _rewrite(content: Path) -> None:
    edit(content / f"{ISSUE}/02.yaml", "title: ", "title: 另一則：")


def _shorten(content: Path) -> None:
    (content / "gazette/105/105-002/02.yaml").unlink()


def _other(name: str) -> Callable[[World, Path], None]:
    def replaced(source: World, site: Path) -> None:
        shutil.rmtree(site)
        shutil.copytree(source.site(name), site)

    return replaced


def _edited(name: str, old: str, new: str) -> Callable[[World, Path], None]:
    def changed(_: World, site: Path) -> None:
        path = site / name
        text = path.read_text("utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new), "utf-8")

    return changed


def _notes(change: Callable[[Checkpoint], Note]) -> Callable[[World, Path], None]:
    """A forgery of every checkpoint, also of those in proofs."""

    def forged(_: World, site: Path) -> None:
        for path in (site / "log/checkpoint", *site.glob("log/checkpoints/*")):
            path.write_text(str(change(read_checkpoint(path.read_bytes()))), "utf-8")
        for path in site.rglob("proof.txt"):
            head, between, note = path.read_bytes().partition(b"\n\n")
            path.write_bytes(head + between + str(change(read_checkpoint(note))).encode())

    return forged


def _unsigned(checkpoint: Checkpoint) -> Note:
    return Note(checkpoint.note.text)


def _clash(checkpoint: Checkpoint) -> Note:
    signature = OTHER.sign(checkpoint.note.text.encode())
    return Note(checkpoint.note.text, (Signature(NAME, verifier_of(NAME, KEY).id, signature),))


def _borrowed(checkpoint: Checkpoint) -> Note:
    first = Note("another text\n").with_signature(NAME, KEY)
    return Note(checkpoint.note.text, first.signatures)


def _proof_of_another(_: World, site: Path) -> None:
    shutil.copy(site / f"{ISSUE}/02/proof.txt", site / f"{ENTRY}/proof.txt")


def _no_proof(_: World, site: Path) -> None:
    (site / f"{ENTRY}/proof.txt").unlink()


def _deleted(_: World, site: Path) -> None:
    shutil.rmtree(site / ENTRY)


def _without_record(_: World, site: Path) -> None:
    """A page stays, as if there had never been a record beside it."""
    for name in ("record.json", "proof.txt"):
        (site / ENTRY / name).unlink()


def _attachment(_: World, site: Path) -> None:
    (site / f"{ENTRY}/草案總說明.txt").write_text("別的", "utf-8")


def _swapped(_: World, site: Path) -> None:
    (site / f"{ISSUE}/02").rename(site / f"{ISSUE}/09")
    (site / ENTRY).rename(site / f"{ISSUE}/02")
    (site / f"{ISSUE}/09").rename(site / ENTRY)


def _renamed_leaf(_: World, site: Path) -> None:
    path = site / LEAVES
    text = path.read_text("utf-8").replace("105-001-02", "X").replace("105-001-03", "105-001-02")
    path.write_text(text.replace("X", "105-001-03"), "utf-8")


def _both(_: World, site: Path) -> None:
    """A record and its leaf, without the hashes above it."""
    record = site / f"{ENTRY}/record.json"
    record.write_text(record.read_text("utf-8").replace("廣場使用", "廣埸使用"), "utf-8")
    lines = (site / LEAVES).read_text("utf-8").split("\n")
    number, leaf = lines[2].split()[::2]
    lines[2] = f"{number} {leaf_hash(record.read_bytes()).hex()} {leaf}"
    (site / LEAVES).write_text("\n".join(lines), "utf-8")


def _longer(_: World, site: Path) -> None:
    with (site / LEAVES).open("a") as file:
        file.write(f"5 {'0' * 64} gazette:105-003-01\n")


def _cut(_: World, site: Path) -> None:
    lines = (site / LEAVES).read_text("utf-8").splitlines(keepends=True)
    (site / LEAVES).write_text("".join(lines[:-1]), "utf-8")


def _size(_: World, site: Path) -> None:
    for path in (site / "log/checkpoint", site / NEWEST):
        path.write_text(path.read_text("utf-8").replace("\n5\n", "\n4\n"), "utf-8")


FORGERIES: Mapping[str, tuple[Callable[[World, Path], None], str]] = {
    "a changed record": (_edited(f"{ENTRY}/record.json", "廣場使用", "廣埸使用"), "audit-record"),
    "a changed record and its leaf": (_both, "audit-log"),
    "a wrong key": (_other("stranger"), "audit-signature"),
    "no signature": (_notes(_unsigned), "audit-signature"),
    "another site's signature": (_other("elsewhere"), "audit-signature"),
    "a signature of another text": (_notes(_borrowed), "audit-signature"),
    "a clash of key ids": (_notes(_clash), "audit-signature"),
    "history written anew by the same hand": (_other("rewritten"), "audit-kept"),
    "an older, shorter log": (_other("shorter"), "audit-kept"),
    "a changed page with a true record": (
        _edited(f"{ENTRY}/index.html", "廣場使用", "廣埸使用"),
        "audit-page",
    ),
    "a page with a sentence put in": (
        _edited(f"{ISSUE}/01/index.html", "測試市檔案管理要點", "測試市檔案管理要點，不含照片"),
        "audit-page",
    ),
    "the proof of another": (_proof_of_another, "audit-proof"),
    "no proof": (_no_proof, "audit-proof"),
    "a proof of another number": (
        _edited(f"{ENTRY}/proof.txt", "index 2", "index 1"),
        "audit-proof",
    ),
    "a deleted entry": (_deleted, "audit-missing"),
    "a page without its record": (_without_record, "audit-missing"),
    "another attachment": (_attachment, "audit-file"),
    "two entries in each other's place": (_swapped, "audit-place"),
    "names of leaves exchanged": (_renamed_leaf, "audit-record"),
    "a log with a line more": (_longer, "audit-log"),
    "a log with a line less": (_cut, "audit-log"),
    "a checkpoint of another size": (_size, "audit-signature"),
}
"""Each with a code by which an audit tells it, among others."""

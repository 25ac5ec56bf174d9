"""Contents that are sealed and signed, and what an attacker or an honest clerk does to them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sample_sites import AS_OF, SITES, options

from generator.build.examine import examine
from generator.build.ledger_runs import LedgerRun, seal_site, sign_ledger
from generator.build.options import Options
from generator.content.model import Problem
from generator.ledger.signed_note import verifier_of
from generator.pipeline import build

NAME = "example.org/clerk"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_NAME = "example.org/mayor"
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = verifier_of(NAME, KEY).text
OTHER_PUBLIC = verifier_of(OTHER_NAME, OTHER).text
RELEASE_NAME = "example.org/release"
RELEASE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
"""A key that signs releases, and never a checkpoint."""
RELEASE_PUBLIC = verifier_of(RELEASE_NAME, RELEASE_KEY).text
SETTINGS = f"record: on\nsealing:\n  keys:\n    - key: {PUBLIC}\n"


def settings(*keys: str, more: str = "") -> str:
    """The lines of `site.yaml` that list these keys, each `name+id+key` or with sizes."""
    lines = "".join(f"    - {{key: {key}}}\n" for key in keys)
    return f"record: on\nsealing:\n{more}  keys:\n{lines}"


def release_settings(*keys: str) -> str:
    """The lines of `site.yaml` of a site that signs its releases, and further keys."""
    return settings(PUBLIC, f"{RELEASE_PUBLIC}, use: release", *keys, more="  releases: on\n")


def signed_releases(root: Path) -> Options:
    """The full sample below `root`, sealed, of which no release is shown without a signature."""
    chosen = sealable(root)
    put_settings(chosen.content, release_settings())
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    return chosen


def build_signed(chosen: Options) -> None:
    """Builds two signed releases, so that the one that is shown carries files along."""
    page = chosen.content / "pages/removed.md"
    page.write_text(
        "---\ntitle: 撤下的一頁\norder: 90\npublished_on: 104-01-01\n---\n\n這一頁只在前一版。\n",
        "utf-8",
    )
    with_key = replace(chosen, release_key=RELEASE_KEY)
    for day in (chosen.as_of.replace(day=1, month=5), chosen.as_of):
        built = build(replace(with_key, as_of=day), lambda _: None)
        assert built.release is not None, built
        page.unlink(missing_ok=True)


def put_settings(content: Path, text: str = SETTINGS) -> None:
    """Makes a content seal what it publishes."""
    path = content / "site.yaml"
    head = path.read_text("utf-8").partition("record: on\n")[0]
    path.write_text(head + text, "utf-8")


def sealable(root: Path, files: Mapping[str, str | bytes] | None = None) -> Options:
    """The full sample below `root`, with files added, ready to be sealed."""
    content = root / "content"
    if not content.exists():
        shutil.copytree(SITES / "full", content)
    put(content, files or {})
    put_settings(content)
    return options(content, root)


def put(content: Path, files: Mapping[str, str | bytes]) -> None:
    """Puts files into a content folder."""
    for name, text in files.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def seal(chosen: Options, reason: str = "", day: date | None = None) -> LedgerRun:
    """Seals what is published, without a signature; fails where that is refused."""
    done = seal_site(replace(chosen, as_of=day or chosen.as_of), reason)
    assert done.ledger is not None, done.examined.problems
    return done


def sealed(root: Path, files: Mapping[str, str | bytes] | None = None) -> Options:
    """The same content, sealed and signed."""
    chosen = sealable(root, files)
    seal(chosen)
    sign_ledger(chosen, NAME, KEY)
    return chosen


def stopping_problems(chosen: Options, day: date = AS_OF) -> list[Problem]:
    """What stops a build of a content."""
    return [p for p in examine(replace(chosen, as_of=day)).problems if p.stops]


def codes(chosen: Options, day: date = AS_OF) -> list[tuple[str, str]]:
    """The codes of what stops a build, each with the record that it names."""
    return [
        (problem.code, problem.values.get("id", "")) for problem in stopping_problems(chosen, day)
    ]


def edit(path: Path, old: str, new: str) -> None:
    """Replaces a text that stands in a file once."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), "utf-8")

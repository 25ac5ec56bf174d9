"""A key that signs releases signs no checkpoint, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_sites import AS_OF
from sealing import (
    KEY,
    NAME,
    PUBLIC,
    RELEASE_KEY,
    RELEASE_NAME,
    RELEASE_PUBLIC,
    put_settings,
    release_settings,
    seal,
    sealable,
    settings,
    stopping_problems,
)

from generator.build.examine import examine
from generator.build.ledger_runs import sign_ledger
from generator.content.messages import worded
from generator.content.settings import read_settings
from generator.ledger.checkpoint import read_checkpoint
from generator.ledger.release_note import new_release_note, read_release_note
from generator.ledger.sealing import SealRefused
from generator.ledger.seals import Trust, keys_text, read_keys, trust_of
from generator.ledger.signed_note import Note, verifier_of
from generator.release.root_list import NOTE
from generator.text.public_key import NoteFault, read_verifier

RELEASE = f"{RELEASE_PUBLIC}, use: release"
SAME = verifier_of("example.org/again", KEY).text
"""The clerk's key under another name."""


def test_settings_of_releases_are_checked(tmp_path: Path) -> None:
    """Releases need a sealed site and a key of their own, which has no sizes of the log."""
    chosen = sealable(tmp_path)
    signing = "  releases: on\n"
    wrong = {
        settings(PUBLIC, more=signing): "key",
        settings(PUBLIC, RELEASE, more=signing).replace("record: on\n", "record: off\n"): "record",
        settings(PUBLIC, RELEASE, f"{SAME}, use: release", more=signing): "both",
        settings(PUBLIC, f"{RELEASE}, since: 3", more=signing): "sizes",
        settings(PUBLIC, f"{RELEASE}, until: 0", more=signing): "sizes",
    }
    head = (chosen.content / "site.yaml").read_text("utf-8").partition("record: on\n")[0]
    for text, detail in wrong.items():
        (chosen.content / "site.yaml").write_text(head + text, "utf-8")
        problems = [(p.code, p.detail) for p in stopping_problems(chosen)]
        assert problems == [("sealing-release", detail)]
    put_settings(chosen.content, settings(PUBLIC, RELEASE, more=f"{signing}  threshold: 2\n"))
    (problem,) = stopping_problems(chosen)  # a key for releases is no signer of checkpoints
    assert worded(problem, "en").sentence == "2 keys must sign, but only 1 are listed."
    put_settings(chosen.content, release_settings())
    assert stopping_problems(chosen) == []


def test_a_release_key_signs_no_checkpoint(tmp_path: Path) -> None:
    """`sign` refuses it; `check` names a checkpoint that bears its signature all the same."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, release_settings())
    seal(chosen)
    with pytest.raises(SealRefused, match="release-key"):
        sign_ledger(chosen, RELEASE_NAME, RELEASE_KEY)
    with pytest.raises(SealRefused, match="release-key"):  # whatever the name
        sign_ledger(chosen, NAME, RELEASE_KEY)
    sign_ledger(chosen, NAME, KEY)
    assert stopping_problems(chosen) == []
    (path,) = (chosen.ledger / "checkpoints").iterdir()
    note = read_checkpoint(path.read_bytes()).note.with_signature(RELEASE_NAME, RELEASE_KEY)
    path.write_text(str(note), "utf-8")
    (problem,) = stopping_problems(chosen)
    assert (problem.code, problem.detail) == ("record-ledger", "use")
    assert RELEASE_NAME in worded(problem, "zh-TW").sentence


def test_a_release_that_a_checkpoints_key_signed_is_told(tmp_path: Path) -> None:
    """`check` warns of it; that is no error, for a new release must be able to replace it."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, release_settings())
    new = new_release_note(
        origin="example.org", content="0" * 64, day=AS_OF, files="1" * 64, carried="2" * 64
    )
    (chosen.site / NOTE).parent.mkdir(parents=True)
    signed = new.signed(RELEASE_NAME, RELEASE_KEY)
    (chosen.site / NOTE).write_bytes(signed.bytes)
    assert "record-ledger" not in {problem.code for problem in examine(chosen).problems}
    (chosen.site / NOTE).write_bytes(signed.signed(NAME, KEY).bytes)
    (problem,) = [p for p in examine(chosen).problems if p.code == "record-ledger"]
    assert (problem.detail, problem.stops) == ("release", False)
    assert problem.origin.path == "../site/log/release"
    assert NAME in worded(problem, "zh-TW").sentence


def test_only_keys_for_releases_count_for_a_release(tmp_path: Path) -> None:
    """A checkpoint's key under a release is as none, and neither text passes for the other."""
    chosen = sealable(tmp_path)
    put_settings(chosen.content, release_settings())
    read = read_settings(chosen.content).settings
    assert read is not None
    trust = trust_of(read)
    assert read_keys(keys_text(trust)) == trust
    assert trust.verifiers(5) == (read_verifier(PUBLIC),)
    new = new_release_note(
        origin=trust.origin, content="0" * 64, day=chosen.as_of, files="1" * 64, carried="2" * 64
    )
    assert trust.release_signers(new.signed(NAME, KEY)) == ()
    signed = new.signed(RELEASE_NAME, RELEASE_KEY)
    assert trust.release_signers(signed) == (read_verifier(RELEASE_PUBLIC),)
    assert read_release_note(signed.bytes) == signed
    assert Trust(keys=trust.keys, origin=trust.origin).release_signers(signed) == ()
    with pytest.raises(NoteFault):
        Trust(origin="example.net", releases=trust.releases).release_signers(signed)
    with pytest.raises(NoteFault):
        read_checkpoint(signed.bytes)
    seal(chosen)
    (path,) = (chosen.ledger / "checkpoints").iterdir()
    with pytest.raises(NoteFault):
        read_release_note(path.read_bytes())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("release\n", "releases\n"),
        ("date 2016-06-01", "date 2016-06-31"),
        ("date 2016-06-01\n", ""),
        ("carried", "Carried"),
        ("files 1", "files 1g"),
        ("carried 2", "more 1\ncarried 2"),
    ],
)
def test_a_note_of_another_form_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """Every line is there, in its order, with a day that exists, and no other line."""
    note = new_release_note(
        origin="example.org", content="0" * 64, day=sealable(tmp_path).as_of, files="1" * 64,
        carried="2" * 64,
    )  # fmt: skip
    assert old in note.note.text
    with pytest.raises(NoteFault):
        read_release_note(str(Note(note.note.text.replace(old, new))).encode())

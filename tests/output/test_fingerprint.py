"""What the program and its caches depend on: the packages that are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.output.fingerprint import PACKAGES, installed


def test_packages_of_every_installer_are_known() -> None:
    """Each package that the cache keys contain has a folder of metadata here."""
    assert [name for name in PACKAGES if name not in installed.__wrapped__()] == []


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("feedgen-9.0-py3.11.egg-info", "feedgen"),
        ("PyYAML-9.0.egg-info", "pyyaml"),
        ("mkdocs_material-9.0-py3.13.egg-info", "mkdocs-material"),
        ("nh3-9.0.dist-info", "nh3"),
    ],
)
def test_what_old_installers_leave_is_metadata_too(
    folder: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pip of Debian 12 installs a source distribution with `.egg-info`; the first folder counts."""
    (tmp_path / folder).mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert installed.__wrapped__()[name] == folder

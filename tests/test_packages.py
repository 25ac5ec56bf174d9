"""A site does not depend on how the program came to a machine: clone, package or editable."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from plain_mkdocs import PLAIN, environment, put_settings, site_files
from sample_sites import AS_OF, SITES

PROJECT = Path(__file__).resolve().parents[1]
FOLDERS = ("generator", "theme")
FILES = ("mkdocs.yml", "pyproject.toml", "setup.py", "MANIFEST.in")
TEXTS = ("README.md", "LICENSE", "THIRD-PARTY-NOTICES.txt", "CHANGELOG.md")
DEPENDENCIES = [path for path in sys.path if path.endswith("site-packages")]


def _run(command: Sequence[str | Path], folder: Path) -> str:
    """What a program prints; it must succeed, and gets nothing but its folder and the PATH."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _pip(*words: str | Path, folder: Path) -> None:
    """Pip, which must not ask a registry for anything."""
    offline = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check")
    _run((sys.executable, "-m", "pip", *words, *offline), folder)


def _wheel(source: Path, target: Path) -> Path:
    """The wheel of a source tree."""
    _pip("wheel", "--no-build-isolation", "--wheel-dir", target, ".", folder=source)
    (wheel,) = target.glob("*.whl")
    return wheel


def _environment(root: Path, *folders: Path) -> Path:
    """Python in an environment that has what the program needs, and what these folders hold."""
    venv.create(root, symlinks=True)
    (packages,) = root.glob("lib/python*/site-packages")
    found = "\n".join((*DEPENDENCIES, *map(str, folders)))
    (packages / "dependencies.pth").write_text(found, "utf-8")
    return root / "bin" / "python"


def _site(python: Path, root: Path, program: Path) -> Mapping[str, bytes]:
    """The minimal site, built by the program that stands in a folder, as a Python finds it."""
    shutil.copytree(SITES / "minimal", root / "content")
    found = _run((python, "-c", "import generator; print(generator.__file__)"), root)
    assert Path(found).is_relative_to(program)
    _run((python, "-m", "generator", "build", "--as-of", AS_OF.isoformat()), root)
    return site_files(root / "site")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a package is made of, in a folder where it may be made."""
    root = tmp_path_factory.mktemp("packages") / "clone"
    root.mkdir()
    for name in FOLDERS:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, root / name, ignore=leave)
    for name in (*FILES, *TEXTS):
        shutil.copy(PROJECT / name, root)
    return root


@pytest.fixture(scope="module")
def wheels(clone: Path) -> Mapping[str, Path]:
    """A wheel of the clone, and one of the source distribution."""
    root = clone.parent
    call = "from setuptools import build_meta; build_meta.build_sdist('../sdist')"
    _run((sys.executable, "-c", call), clone)
    (archive,) = (root / "sdist").glob("*.tar.gz")
    shutil.unpack_archive(archive, root / "unpacked")
    (source,) = (root / "unpacked").iterdir()
    return {"wheel": _wheel(clone, root / "1"), "of the sdist": _wheel(source, root / "2")}


def test_every_way_of_installation_builds_the_same_site(
    clone: Path, wheels: Mapping[str, Path], tmp_path: Path
) -> None:
    """From a clone, an editable install and both wheels come the same files, byte for byte.

    MkDocs finds the plugin of an installed package, and makes them too.
    """
    wanted = _site(_environment(tmp_path / "clone/venv", clone), tmp_path / "clone", clone)
    sites = {}
    for name, package in {"editable": clone, **wheels}.items():
        root = tmp_path / name
        python = _environment(root / "venv")
        words = ("--editable", package) if name == "editable" else (package,)
        _pip("--python", python, "install", "--no-build-isolation", *words, folder=tmp_path)
        sites[name] = _site(python, root, clone if name == "editable" else root)
    assert "gazette/105/105-001/01/index.html" in wanted
    assert "assets/site.css" in wanted
    assert [name for name, found in sites.items() if found != wanted] == []
    put_settings(tmp_path / "wheel")
    _run((tmp_path / "wheel/venv/bin/python", "-m", "mkdocs", "build", "-s"), tmp_path / "wheel")
    assert site_files(tmp_path / "wheel" / PLAIN) == wanted


def test_a_wheel_puts_one_package_at_the_top(wheels: Mapping[str, Path]) -> None:
    """Nothing of ours is named so generally that it could be another's; both wheels are one."""
    held = {}
    for name, wheel in wheels.items():
        with ZipFile(wheel) as archive:
            held[name] = {path: archive.read(path) for path in archive.namelist()}
    paths = held["wheel"].keys()
    tops = {path.partition("/")[0] for path in paths}
    (about,) = tops - {"generator"}
    assert about.endswith(".dist-info")
    assert {"generator/shipped/mkdocs.yml", "generator/shipped/theme/main.html"} <= paths
    assert not [path for path in paths if "test" in path]
    assert held["wheel"] == held["of the sdist"]


def test_a_wheel_has_the_licences_of_the_data_that_it_holds(wheels: Mapping[str, Path]) -> None:
    """Tables made of others' data name their source; the notices name each, with its licence."""
    with ZipFile(wheels["wheel"]) as archive:
        texts = {path: archive.read(path) for path in archive.namelist()}
    about, notices = (
        next(texts[path].decode() for path in texts if path.endswith(name))
        for name in ("/METADATA", "/THIRD-PARTY-NOTICES.txt")
    )
    assert "License-Expression: MIT AND Apache-2.0 AND ISC AND Unicode-3.0\n" in about
    derived = [path for path in texts if b"\n# Made by .ci/" in texts[path]]
    assert sorted(derived) == [
        "generator/output/charts/map_outlines.tsv",
        "generator/text/characters.tsv",
        "generator/text/folding.tsv",
    ]
    assert [path for path in derived if path not in notices] == []


def test_a_package_is_not_built_in_a_sites_work_folder(
    clone: Path, wheels: Mapping[str, Path]
) -> None:
    """After `pip install .` a clone builds its site: pip has left nothing in `build/`."""
    assert wheels
    assert not (clone / "build").exists()

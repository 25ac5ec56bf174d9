"""The host: MkDocs turns the docs folder into HTML.  All that the program knows of it.

It runs as a process of its own with the folders in its environment, so that
`mkdocs build` by hand does exactly the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

PROJECT = Path(__file__).resolve().parents[1]
"""The folder of `mkdocs.yml` and the theme."""

HOST_FILES = ("404.html", "sitemap.xml")
"""What the host itself adds for the site as a whole, beside its theme's `assets/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRun:
    """How a run of the host ended: its words are for whoever mends the program."""

    succeeded: bool
    output: str


def run_host(*, nav: Path, docs: Path, target: Path, environment: Mapping[str, str]) -> HostRun:
    """Builds `docs` into `target`; warnings count as failure.

    `--quiet` would switch `--strict` off, so the output is kept and shown only on failure.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    command += ["--config-file", str(PROJECT / "mkdocs.yml")]
    done = subprocess.run(  # noqa: S603 -- every argument is ours
        command,
        env={**environment, **_folders(nav, docs, target)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    _drop_compressed(target)
    return HostRun(succeeded=done.returncode == 0, output=done.stdout + done.stderr)


class PageHost:
    """The host in a process of its own that makes single pages, byte for byte as a build does."""

    def __init__(
        self, *, nav: Path, docs: Path, target: Path, environment: Mapping[str, str]
    ) -> None:
        command = [sys.executable, "-m", "generator.page_host", str(PROJECT / "mkdocs.yml")]
        self._process = subprocess.Popen(  # noqa: S603 -- every argument is ours
            command,
            env={**environment, **_folders(nav, docs, target)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._turn = Lock()

    def page(self, path: str, text: str) -> str:
        """The HTML of a page from its Markdown; raises `OSError` where the process has ended."""
        request = json.dumps({"path": path, "text": text})
        with self._turn:
            if self._process.stdin is None or self._process.stdout is None:
                raise OSError("no pipe")
            self._process.stdin.write(f"{request}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise OSError("the host ended")
        html: str = json.loads(answer)["html"]
        return html

    def close(self) -> None:
        """Ends the process."""
        with self._turn:
            self._process.kill()
            self._process.communicate()


def _folders(nav: Path, docs: Path, target: Path) -> dict[str, str]:
    return {
        "GONGBAO_NAV": str(nav.resolve()),
        "GONGBAO_DOCS": str(docs.resolve()),
        "GONGBAO_PLAIN": str(target.resolve()),
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def _drop_compressed(target: Path) -> None:
    """Removes `sitemap.xml.gz`: the host stamps it with the hour, and nothing needs it."""
    (target / "sitemap.xml.gz").unlink(missing_ok=True)

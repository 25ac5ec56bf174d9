"""Asks git which branch a folder is on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def current_branch(folder: Path) -> str:
    """The branch that is checked out in a folder; "" outside a repository or without git."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(folder), "symbolic-ref", "--quiet", "--short", "HEAD"]
    result = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- git
    return result.stdout.decode(errors="replace").strip()

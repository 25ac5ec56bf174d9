"""Which branch of git a folder is on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def current_branch(folder: Path) -> str:
    """The branch that is checked out where a folder stands; "" where there is none."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = [git, "-C", str(folder), "symbolic-ref", "--quiet", "--short", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 -- git
    return done.stdout.strip()

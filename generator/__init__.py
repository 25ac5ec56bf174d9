"""Gongbao: from reviewed YAML to a government's gazette, reports, feeds and search."""

from pathlib import Path

PROGRAM = Path(__file__).resolve().parent
"""The folder of the program's own files."""
INSTALLED = PROGRAM / "shipped"
"""What lies beside the package in a clone, within an installed one; `setup.py` puts it there."""
SHIPPED = INSTALLED if INSTALLED.is_dir() else PROGRAM.parent
"""The folder of the theme and `mkdocs.yml`: the one above the package unless it is installed."""
THEME = SHIPPED / "theme"
SETTINGS = SHIPPED / "mkdocs.yml"
"""The settings of MkDocs for a site that has none of its own."""

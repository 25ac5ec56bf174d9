"""Gongbao: from reviewed YAML to a government's gazette, reports, feeds and search."""

from pathlib import Path

PROGRAM = Path(__file__).resolve().parent
"""The folder of the program's own files."""
PROJECT = PROGRAM.parent
"""The folder of `mkdocs.yml` and the theme."""

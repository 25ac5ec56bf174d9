"""The packages above `kinds`, for tests of kinds.

These tests lie in the folders of kinds, from where no module of the program imports upwards.
"""

from __future__ import annotations

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.ledger_runs import seal_site
from generator.build.options import Options
from generator.commands._cli import all_commands, main
from generator.commands._console import CLEAN
from generator.pipeline import build

__all__ = ["CLEAN", "Options", "all_commands", "build", "declare", "examine", "main", "seal_site"]

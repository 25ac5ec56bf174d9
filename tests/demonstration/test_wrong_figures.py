"""A wrong digit in the reports and statistics of this repository does not get through."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrong_figures import assert_wrong_figures_fail

CONTENT = Path(__file__).resolve().parents[2] / "content"


def test_one_wrong_figure_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check stops at each change of a figure under an exact rule or of a rounded result."""
    assert_wrong_figures_fail(CONTENT, tmp_path, capsys)

"""What the site says it holds and lacks is what it holds and lacks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from sample_sites import MINIMAL, ScratchSite, build_site
from sealing import sealed
from whole_program import build

FIRST = MINIMAL["gazette/105/105-001/01.yaml"]
LACKING = {
    "gazette/105/105-001/03.yaml": FIRST.replace("0001號", "0003號").replace(
        "訂定本要點。", "名單詳如附件。"
    ),
    "gazette/105/105-003/issue.yaml": "publication_date: 105-01-26\n",
    "gazette/105/105-003/01.yaml": FIRST.replace("0001號", "0004號"),
    "gazette/105/105-007/issue.yaml": "publication_date: 105-12-20\n",
}


def _status(root: Path) -> dict[str, object]:
    held: dict[str, object] = json.loads((root / "site/status.json").read_text("utf-8"))
    return held


def test_gaps_and_promises_stand_in_page_and_file(
    scratch_site: ScratchSite, tmp_path: Path
) -> None:
    """Missing issues, missing entries and attachments; of an issue that is not out yet nothing."""
    build_site(scratch_site(LACKING), tmp_path, date(2016, 2, 1))
    status = _status(tmp_path)
    assert (status["issues"], status["entries"]) == ("2", "3")
    assert (status["first_issue"], status["last_issue"]) == ("105-001", "105-003")
    remarks = status["remarks"]
    assert isinstance(remarks, list)
    assert [(held["code"], held["record"]) for held in remarks] == [
        ("issue-gap", "issues:105-003"),
        ("sequence-gap", "gazette:105-001-03"),
        ("attachment-promised", "gazette:105-001-03"),
    ]
    page = (tmp_path / "site/coverage/index.html").read_text("utf-8")
    assert all(held["says"] in page for held in remarks)
    assert "105-007" not in page


def test_seals_are_counted(tmp_path: Path) -> None:
    """What is sealed, what is not yet, and the newest checkpoint."""
    chosen = sealed(tmp_path)
    build(chosen, lambda stage: None)
    status = _status(tmp_path)
    assert (status["sealed"], status["unsealed"]) == ("5", "0")
    assert status["checkpoint"] == {
        "origin": "example.org/gongbao",
        "size": "5",
        "day": "2016-06-01",
    }

"""What was found when other sites were last asked: kept beside the work, shown by builds.

A build never asks the network; it reads this file where there is one.  Deleted it is missed by
nobody.  It stands on a page, and so bears a digest that only the user's own key can make: one
without it counts as none.
"""

from __future__ import annotations

import json
from datetime import date
from hmac import compare_digest
from pathlib import Path
from typing import Any

from generator.content.model import Ref
from generator.release.secret_key import Secret, mac
from generator.site.link_report import Dead, LinkReport
from generator.text.canonical_json import Canonical, canonical_json

REPORT = "links.json"
_DIGEST = "digest"


def report_text(report: LinkReport, base_url: str, secret: Secret) -> bytes:
    """The file, for `read_report`; it belongs to the site at `base_url`."""
    told = canonical_json(_told(report, base_url))
    return canonical_json({**_told(report, base_url), _DIGEST: _digest(secret, told)})


def _told(report: LinkReport, base_url: str) -> dict[str, Canonical]:
    dead: list[Canonical] = [
        {"url": one.url, "status": str(one.status), "records": [str(ref) for ref in one.records]}
        for one in report.dead
    ]
    day, checked = report.day.isoformat(), str(report.checked)
    return {"site": base_url, "day": day, "checked": checked, "dead": dead}


def _digest(secret: Secret, told: bytes) -> str:
    return mac(secret.key, REPORT.encode(), told).hex()


def read_report(work: Path, base_url: str, secret: Secret) -> LinkReport | None:
    """What was found for a site; None where nothing is known, or of another site.

    A file that was not made with this key is passed over, which is told.
    """
    file = work / REPORT
    if not file.is_file():
        return None
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        digest = str(held.pop(_DIGEST, "")).encode()
        if not compare_digest(digest, _digest(secret, canonical_json(held)).encode()):
            secret.passed_over(file)
            return None
        if held["site"] != base_url:
            return None
        dead = tuple(map(_dead, held["dead"]))
        day = date.fromisoformat(held["day"])
        return LinkReport(day=day, checked=int(held["checked"]), dead=dead)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _dead(held: Any) -> Dead:
    refs = tuple(Ref(*str(ref).split(":", 1)) for ref in held["records"])
    return Dead(url=str(held["url"]), status=int(held["status"]), records=refs)


def report_digest(work: Path) -> bytes:
    """The bytes of the file, for whoever must notice a change; b"" where there is none."""
    file = work / REPORT
    return file.read_bytes() if file.is_file() else b""

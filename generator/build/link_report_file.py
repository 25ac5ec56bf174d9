"""Reads and writes the report of `gongbao links` about dead links, in the work folder.

A build never uses the network; it reads this file if there is one.  The file may be deleted.  As a
page shows its content, it has a digest that only the user's own key can make; a file without it is
ignored.
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
    """The content of the file, for `read_report`; it belongs to the site at `base_url`."""
    dead: list[Canonical] = [
        {"url": link.url, "status": str(link.status), "records": [str(ref) for ref in link.records]}
        for link in report.dead
    ]
    day, checked = report.day.isoformat(), str(report.checked)
    fields: dict[str, Canonical] = {
        "site": base_url,
        "day": day,
        "checked": checked,
        "dead": dead,
    }
    return canonical_json({**fields, _DIGEST: _digest(secret, canonical_json(fields))})


def _digest(secret: Secret, content: bytes) -> str:
    return mac(secret.key, REPORT.encode(), content).hex()


def read_report(work: Path, base_url: str, secret: Secret) -> LinkReport | None:
    """The report for a site; None if there is none, or only one for another site.

    A file that was not made with this key is ignored, with a notice (`Secret.passed_over`).
    """
    file = work / REPORT
    if not file.is_file():
        return None
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        digest = str(fields.pop(_DIGEST, "")).encode()
        if not compare_digest(digest, _digest(secret, canonical_json(fields)).encode()):
            secret.passed_over(file)
            return None
        if fields["site"] != base_url:
            return None
        dead = tuple(map(_dead, fields["dead"]))
        day = date.fromisoformat(fields["day"])
        return LinkReport(day=day, checked=int(fields["checked"]), dead=dead)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _dead(link: Any) -> Dead:
    refs = tuple(Ref(*str(ref).split(":", 1)) for ref in link["records"])
    return Dead(url=str(link["url"]), status=int(link["status"]), records=refs)


def report_digest(work: Path) -> bytes:
    """The bytes of the file, for keys that must change with it; b"" if there is none."""
    file = work / REPORT
    return file.read_bytes() if file.is_file() else b""

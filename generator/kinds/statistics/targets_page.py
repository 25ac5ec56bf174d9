"""The page of all targets: state, due day, owner, and what each was before it was changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.content.model import Page
from generator.content.record import Record
from generator.kinds.statistics.page_rows import TargetRow, target_rows
from generator.kinds.statistics.statistic import INDEX, Statistic
from generator.kinds.statistics.targets import Target
from generator.site.kind import Site

TARGETS = "targets/"


class Aim(NamedTuple):
    """A target with its statistic, its row and the agency that answers for it."""

    statistic: Statistic
    target: Target
    row: TargetRow
    owner: Record | None


def targets_page(site: Site) -> Iterator[Page]:
    """The page, if any statistic has a target: those that are due first stand first."""
    aims = [
        Aim(statistic, target, row, site.linked(target.owner) if target.owner else None)
        for statistic in site.archive.of(Statistic)
        for target, row in zip(statistic.targets, target_rows(statistic, site), strict=True)
    ]
    if aims:
        yield Page(
            address=TARGETS,
            template="targets.html",
            title="施政目標",
            description=f"各項統計訂定的目標，共 {len(aims)} 項：達成情形、期限與主辦機關",
            updated=site.latest_day(dict.fromkeys(aim.statistic for aim in aims)),
            breadcrumbs=(site.crumb("statistics"),),
            context={"aims": tuple(sorted(aims, key=_order)), "index": INDEX},
        )


def _order(aim: Aim) -> tuple[str, str, str]:
    due = aim.target.due.isoformat() if aim.target.due else "~"
    return due, aim.statistic.id, aim.target.name.key

"""Checks of what a government's site says of itself; a demonstration may leave all of it out."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from generator.content.field_types import near
from generator.content.files import SITE_FILE
from generator.content.model import Origin, Problem, Severity
from generator.content.public_identity import Contact
from generator.content.record import specs
from generator.content.static_files import STATIC
from generator.site.kind import Site
from generator.text.dates import roc

NEEDED = ("address", "telephone", "mail", "hours")
"""The fields of the contact that the foot of an official site has."""
MARK_SIZE = (88, 31)
"""The size of the accessibility mark in pixels, which may not be changed."""


def official_problems(site: Site) -> Iterator[Problem]:
    """What an official site lacks in its settings, and pictures of the settings that do not fit."""
    if site.settings.official:
        yield from _lacking(site)
    yield from _pictures(site)


def _lacking(site: Site) -> Iterator[Problem]:
    settings = site.settings
    if settings.contact is None:
        yield _problem("official-needs", "contact", detail="contact")
    else:
        for spec in specs(Contact):
            if spec.name in NEEDED and not getattr(settings.contact, spec.attribute):
                values = {"name": spec.name, "title": spec.title}
                yield _problem("official-needs", f"contact.{spec.name}", "part", **values)
    if settings.licensed is None:
        yield _problem("official-needs", "licence", detail="licence")
    open_data = settings.open_data
    metadata = {
        "publisher.oid": settings.publisher.oid,
        "open_data.category": open_data.category if open_data else "",
        "open_data.frequency": open_data.frequency if open_data else "",
    }
    if lacking := [name for name, value in metadata.items() if not value]:
        yield _warned(_problem("open-data-missing", "open_data", value="、".join(lacking)))


def _pictures(site: Site) -> Iterator[Problem]:
    settings, mark = site.settings, site.settings.accessibility_mark
    shown = [("logo", settings.logo)] if settings.logo else []
    shown += [("accessibility_mark.picture", mark.picture)] if mark else []
    for field, name in shown:
        if site.lacks(STATIC + name):
            names = (path.removeprefix(STATIC) for path in site.files if path.startswith(STATIC))
            guess = near(name, tuple(sorted(names)))
            detail = "near" if guess else ""
            yield _problem("static-missing", field, detail, value=name, near=guess)
    if mark is None:
        return
    picture = site.pictures.get(STATIC + mark.picture)
    if picture and (picture.width, picture.height) != MARK_SIZE:
        values = {"value": mark.picture, "size": f"{picture.width}×{picture.height}"}
        yield _problem("mark-unfit", "accessibility_mark.picture", **values)
    if mark.until and mark.until < site.as_of:
        field = "accessibility_mark.until"
        yield _warned(_problem("mark-expired", field, day=roc(mark.until)))


def _problem(code: str, field: str, detail: str = "", **values: str) -> Problem:
    """A problem of the settings as a whole: their lines are known only while they are read."""
    place = Origin(path=SITE_FILE, field=field)
    return Problem(code=code, origin=place, detail=detail, values=values)


def _warned(problem: Problem) -> Problem:
    return structs.replace(problem, severity=Severity.WARNING)

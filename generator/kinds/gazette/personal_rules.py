"""Rules for entries that name persons: their marks, details that identify a person, the nonce.

Entries in a category that `site.yaml` marks as personal are hidden from search engines and removed
on their last day.  The nonce prevents guessing the text from its published digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import structs

from generator.content.field_types import Text
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.content.record import leaves_of
from generator.kinds.gazette.entry import GazetteEntry
from generator.site.kind import Site
from generator.text.personal_data import details

_SERVICE = re.compile(
    "公示送達(?![^，。；\n]{0,12}?(?:辦法|要點|規定|規則|細則|須知|事項|程序|條文|條例|法))"
)
"""A service by publication, but not the name of a rule about it."""
_CONTACT = "comment_period."
"""The fields with the contact of an agency."""
_DISTINCT = 6
"""The fewest different digits of a random nonce: fewer occur once in a billion nonces."""


def private_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """The problems of an entry that names persons, or may name them."""
    yield from _marks(entry, site)
    if entry.personal_data:
        yield from _details(entry, site)
    # a sealed entry keeps its nonce, even a weak one, since its digest is public already
    if (entry.personal_data or entry.nonce) and not site.sealed_leaf(entry):
        if not entry.nonce:
            yield rule_problem("nonce-missing", entry, "personal_data")
        elif _is_weak(entry.nonce):
            yield rule_problem("nonce-weak", entry, "nonce", value=entry.nonce)


def _marks(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """A personal category needs mark and last day; elsewhere a service gets a warning."""
    categories = {word.id: word for word in site.settings.gazette.categories}
    category = categories.get(entry.category)
    if category and category.personal:
        for detail, value in (("flag", entry.personal_data), ("", entry.expires_on)):
            if not value:
                values = {"value": category.title}
                yield rule_problem("personal-unmarked", entry, "category", detail, **values)
    elif not (entry.personal_data and entry.expires_on):
        for path, text in (("title", entry.title), ("subject", entry.subject)):
            if _SERVICE.search(text):
                personal = "、".join(word.id for word in categories.values() if word.personal)
                detail, values = "" if personal else "none", {"near": personal}
                yield rule_warning("personal-elsewhere", entry, path, detail, **values)
                return


def _details(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """Telephones, e-mail, accounts and birth dates, which no law requires; not the agency's own."""
    period = entry.comment_period
    own = (period.phone, period.email) if period else ()
    public = re.sub(r"[^0-9a-z@.]", "", " ".join((site.settings.contact_text, *own)).casefold())
    for leaf in leaves_of(entry, Text):
        for detail in () if leaf.path.startswith(_CONTACT) else details(leaf.value):
            if re.sub(r"[^0-9a-z@.]", "", detail.typed.casefold()) not in public:
                problem = rule_warning(
                    "personal-detail", entry, leaf.path, detail.what, value=detail.typed
                )
                place = problem.origin.within(leaf.value, detail.at, len(detail.typed))
                yield structs.replace(problem, origin=place)


def _is_weak(nonce: str) -> bool:
    """Whether a nonce is hardly random: few different digits, or one part repeated."""
    return len({*nonce}) < _DISTINCT or nonce in (nonce + nonce)[1:-1]


def nonce_rules(site: Site) -> Iterable[Problem]:
    """Nonces that two entries share, so that readers of one know the nonce of the other."""
    holders: dict[str, list[GazetteEntry]] = {}
    for entry in site.archive.of(GazetteEntry):
        if entry.nonce:
            holders.setdefault(entry.nonce, []).append(entry)
    for entries in holders.values():
        # the others have to change, and a sealed entry cannot
        first, *others = sorted(entries, key=lambda entry: not site.sealed_leaf(entry))
        for entry in others:
            if not site.sealed_leaf(entry):
                yield rule_problem("nonce-reused", entry, "nonce", other=first.origin.path)

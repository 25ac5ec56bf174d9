"""The site's own files: where each stands, and the checks of their names and contents.

They stand at the root of the site, beside what the program writes; a name of the program's is
refused, in whatever case it is typed, and so is a folder in which the program writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.content.model import Copy, Origin, Problem
from generator.content.static_files import ROBOTS, STATIC, address_of
from generator.content.value_types import name_fault
from generator.site.kind import Site
from generator.site.own_addresses import FOLDERS, OWN_ADDRESSES
from generator.site.redirects import fixed_pages
from generator.text.urls import ENGLISH, folded


def static_copies(site: Site) -> tuple[Copy, ...]:
    """The site's own files, in order of path."""
    return tuple(
        Copy(address=address_of(path), source=path, digest=site.digests[path])
        for path in sorted(site.files)
        if path.startswith(STATIC)
    )


def static_problems(site: Site) -> Iterator[Problem]:
    """Files whose name is no name for all hosts, or one of ours, or that hold personal data."""
    paths = [path for path in site.files if path.startswith(STATIC)]
    taken = _first_steps(site) if paths else frozenset()
    for path in paths:
        address, place = address_of(path), Origin(path=path)
        fault = name_fault(address.removeprefix("."))
        first = folded(address).partition("/")[0]
        if fault:
            values = {"value": address}
            yield Problem(code="file-name-invalid", origin=place, detail=fault, values=values)
        elif first in taken or (first == ROBOTS and address != ROBOTS):
            yield Problem(code="static-taken", origin=place, values={"value": first})
        elif (inside := site.insides.get(path)) and inside.numbers[1]:
            listed, count = inside.numbers
            values = {"file": address, "value": listed, "count": str(count)}
            yield Problem(code="attachment-identity", origin=place, values=values)


def _first_steps(site: Site) -> frozenset[str]:
    """The first step of every address that the program fills, folded."""
    closed = (step for own in OWN_ADDRESSES.values() for step in own.closed)
    lists = (folder for kind in site.kinds for folder in kind.folders)
    addresses = (*site.addresses, *lists, *fixed_pages(site), *map(site.address, site.archive))
    return frozenset(map(folded, (*closed, *FOLDERS, ENGLISH, *map(_first, addresses))))


def _first(address: str) -> str:
    return address.partition("/")[0]

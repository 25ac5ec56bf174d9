"""Sense across records: references lead somewhere, files exist, links work, rules hold.

What only one kind knows stands in its own rules; this stage runs them beside the general
ones.  What a broken record would have explained is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.fields import Leaf, Prose, near
from generator.kind import Kind, Site, folder_of, own_files, rule_problem
from generator.model import Problem, Ref
from generator.prose import RECORD_LINK, render_prose
from generator.record import Record, leaves
from generator.values import FileName, Reference, is_web_address


def check(site: Site) -> tuple[Problem, ...]:
    """Every problem that shows only when all records are seen together, in no order."""
    problems: list[Problem] = []
    for kind in site.kinds:
        for record in site.records(kind):
            problems += _check_record(record, kind, site)
        for rule in kind.site_rules:
            problems += rule(site)
    problems += _unused_files(site)
    return tuple(problems)


def _check_record(record: Record, kind: Kind, site: Site) -> Iterator[Problem]:
    for leaf in leaves(record):
        for type_, rule in _LEAF_RULES:
            if isinstance(leaf.type, type_):
                yield from rule(record, leaf, site)
    if kind.dated and site.known(record) is None and not _part_of_broken(record, site):
        yield rule_problem("published-on-missing", record, "published_on")
    for own in kind.rules:
        yield from own(record, site)


def _part_of_broken(record: Record, site: Site) -> bool:
    return any(site.archive.find(ref) is None for ref in record.parts_of)


def _dangling(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    if site.missing(leaf.value):
        yield _unknown_record("reference-dangling", record, leaf.path, leaf.value, site)


def _unknown_record(code: str, record: Record, path: str, ref: Ref, site: Site) -> Problem:
    known = {held.id: site.title(held) for held in site.archive if held.kind == ref.kind}
    guess = next((id_ for id_, title in known.items() if title == ref.id), near(ref.id, known))
    detail = "near" if guess else ""
    return rule_problem(code, record, path, detail, value=ref.id, near=guess, kind=ref.kind)


def _missing_file(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    path = f"{folder_of(record)}/{leaf.value}"
    if path not in site.files:
        guess = near(path, tuple(site.files)).rpartition("/")[2]
        detail = "near" if guess else ""
        yield rule_problem(
            "file-missing", record, leaf.path, detail, value=leaf.value, expected=path, near=guess
        )


def _links(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    for target in render_prose(leaf.value, lambda typed: typed).targets:
        yield from _link(record, leaf, target, site)


def _link(record: Record, leaf: Leaf, target: str, site: Site) -> Iterator[Problem]:
    match = RECORD_LINK.fullmatch(target)
    if match and match["kind"] in {kind.name for kind in site.kinds}:
        ref = Ref(match["kind"], match["id"].partition("#")[0])
        if site.missing(ref):
            yield _unknown_record("link-dangling", record, leaf.path, ref, site)
    elif target.startswith(("mailto:", "tel:", "#")) or is_web_address(target):
        return
    elif f"{folder_of(record)}/{target}" not in site.files:
        yield rule_problem("link-invalid", record, leaf.path, value=target)


_LEAF_RULES: tuple[tuple[type, Callable[[Record, Leaf, Site], Iterator[Problem]]], ...] = (
    (Reference, _dangling),
    (FileName, _missing_file),
    (Prose, _links),
)


def _unused_files(site: Site) -> Iterator[Problem]:
    """Files beside a record that nothing names: they would be lost to readers."""
    named = {f"{folder_of(r)}/{name}" for r in site.archive for name in own_files(r)}
    owners = {folder_of(record): record for record in site.archive}
    for path in sorted(set(site.files) - named):
        steps = path.split("/")
        folders = ("/".join(steps[:depth]) for depth in range(len(steps) - 1, 0, -1))
        owner = next((owners[folder] for folder in folders if folder in owners), None)
        if owner:
            yield rule_problem("file-unused", owner, "", value=path)

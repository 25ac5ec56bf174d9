"""Sense across records: references lead somewhere, files exist, links work, rules hold.

What only one kind knows stands in its own rules; this stage runs them beside the general
ones.  What a broken record would have explained is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from msgspec import structs

from generator.content.field_types import BoundProse, Leaf, Prose, Text, near
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem, Ref
from generator.content.record import Record, leaves, references
from generator.content.value_types import (
    LONGEST_ADDRESS,
    FileName,
    PictureName,
    Reference,
    address_fault,
    is_mail_link,
    is_taken,
    name_fault,
    too_long,
)
from generator.site.figures.citing import Narrative
from generator.site.figures.proofreading import citation_problems
from generator.site.kind import Kind, Site, folder_of, own_files
from generator.text.characters import code_points, misread, oddities
from generator.text.dates import roc
from generator.text.inert_markup import inert
from generator.text.markdown import RECORD_LINK, gist, read_prose
from generator.text.markdown_dialect import target_places
from generator.text.personal_data import identity_numbers

LISTED = 30
"""Records that a message lists where one was meant that does not exist."""
SHOWN = 60
"""Characters of markup that a message repeats."""
CONTEXT = 8
"""Characters of a text that a message shows around a place."""


def check(site: Site) -> Iterator[Problem]:
    """Every problem that shows only when all records are seen together, in no order."""
    for kind in site.kinds:
        for rule in kind.site_rules:
            yield from rule(site)
    yield from _expired_seals(site)


def _expired_seals(site: Site) -> Iterator[Problem]:
    """A sealed record that the site shows no longer misses from every audit until it is logged."""
    for name in site.seals.numbers.keys() - site.seals.redacted.keys():
        record = site.archive.find(Ref(*name.split(":", 1)))
        if record and record.expires_on and record.expires_on < site.as_of:
            values = {"value": name, "day": record.expires_on.isoformat()}
            yield rule_warning("expired-sealed", record, "expires_on", **values)


def check_folder(records: Iterable[Record], files: Iterable[str], site: Site) -> Iterator[Problem]:
    """Every problem of the records of a folder, and of the files beside them, in no order."""
    held = tuple(records)
    found = [one for record in held for one in _check_record(record, site.kind(record), site)]
    yield from _simplified_once(_pictures_once(found))
    yield from _unused_files(held, files, site)


def _simplified_once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Problems with the simplified characters of a file told together, at the first of them.

    Those that Traditional texts share are told only of a file that holds one which they do not:
    then it was typed in Simplified Chinese.
    """
    files: dict[str, list[Problem]] = {}
    for problem in found:
        if problem.code == "text-simplified":
            files.setdefault(problem.origin.path, []).append(problem)
        else:
            yield problem
    for odd in files.values():
        if any(not problem.detail for problem in odd):
            meant = {problem.values["value"]: problem.values["near"] for problem in odd}
            listed = "、".join(f"{typed}→{better}" for typed, better in meant.items())
            values = {**odd[0].values, "value": "".join(meant), "near": listed}
            yield structs.replace(odd[0], detail="", values=values)


def _pictures_once(found: Iterable[Problem]) -> Iterator[Problem]:
    """What is wrong with a picture told at the first of the places that show it."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in found:
        if problem.code != "picture-unfit":
            yield problem
            continue
        at, picture = problem.origin, (problem.origin.path, problem.values["value"])
        before = first.setdefault(picture, problem).origin
        if (at.line, at.column) < (before.line, before.column):
            first[picture] = problem
    yield from first.values()


def _check_record(record: Record, kind: Kind, site: Site) -> Iterator[Problem]:
    for leaf in leaves(record):
        for rule in _rules_of(type(leaf.type)):
            yield from rule(record, leaf, site)
    if kind.dated and site.known(record) is None and not _part_of_broken(record, site):
        yield rule_problem("published-on-missing", record, "published_on")
    yield from _expired_early(record, site)
    if isinstance(record, Narrative):
        yield from citation_problems(record, site)
    for own in kind.rules:
        yield from own(record, site)


def _expired_early(record: Record, site: Site) -> Iterator[Problem]:
    """A record that ends before it begins would never be shown; a sealed one stays as it is."""
    day, end = site.known(record), record.expires_on
    if day and end and end < day and not site.sealed_leaf(record):
        values = {"value": roc(end), "day": roc(day)}
        yield rule_problem("expires-early", record, "expires_on", **values)


def _part_of_broken(record: Record, site: Site) -> bool:
    return any(site.archive.find(ref) is None for ref in record.parts_of)


def _dangling(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    if site.missing(leaf.value):
        yield _unknown_record("reference-dangling", record, leaf.path, leaf.value, site)


def _nameless(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """A record that is named on a day on which it had no name: its newest one is shown."""
    day, named_record = site.kind(record).day_of_names(record), site.archive.find(leaf.value)
    if day and named_record and not site.kind(named_record).named_on(named_record, day):
        values = {"value": site.title_on(leaf.value, day), "day": roc(day), "id": leaf.value.id}
        yield rule_warning("agency-nameless", record, leaf.path, **values)


def _unknown_record(code: str, record: Record, path: str, ref: Ref, site: Site) -> Problem:
    held = {record.id: record for record in site.archive if record.kind == ref.kind}
    several = re.split("[、，；/]", ref.id)
    if (
        code == "reference-dangling"
        and len(several) > 1
        and all(one.strip() in held for one in several)
    ):
        listed = ", ".join(one.strip() for one in several)
        return rule_problem(code, record, path, "several", value=ref.id, kind=ref.kind, near=listed)
    guess = _meant(ref.id, held.values(), site) or near(ref.id, tuple(held))
    listed = "、".join(f"{id_}（{site.title(r)}）" for id_, r in sorted(held.items())[:LISTED])
    values = {"value": ref.id, "near": guess, "kind": ref.kind, "known": listed}
    values["title"] = site.title(held[guess]) if guess else ""
    return rule_problem(code, record, path, "near" if guess else "", **values)


def _meant(typed: str, records: Iterable[Record], site: Site) -> str:
    """The one record that is called what was typed, or whose name holds it."""
    named = [
        (r.id, (site.title(r), *getattr(r, "aliases", ()), *getattr(r, "document_numbers", ())))
        for r in records
    ]
    same = [id_ for id_, names in named if typed in names]
    part = [id_ for id_, names in named if any(typed in name for name in names)]
    return next((found[0] for found in (same, part) if len(found) == 1), "")


def _missing_file(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    path = f"{folder_of(record)}/{leaf.value}"
    if site.lacks(path):
        guess = _file_meant(record, leaf.value, site.files, site)
        detail = "near" if guess else ""
        yield rule_problem(
            "file-missing", record, leaf.path, detail, value=leaf.value, expected=path, near=guess
        )


def _file_meant(record: Record, name: str, files: Iterable[str], site: Site) -> str:
    """Which file of the record's folder may have been meant: one that cannot be read, too."""
    folder = f"{folder_of(record)}/"
    held = sorted(path for path in (*files, *site.unreadable) if path.startswith(folder))
    return near(name, tuple(path.removeprefix(folder) for path in held))


def _taken_name(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """A file that is called as one that its kind names after the record."""
    if is_taken(leaf.value, site.kind(record).own_names(record)):
        yield rule_problem("file-name-invalid", record, leaf.path, "ours", value=leaf.value)


def _inside(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    if not isinstance(leaf.type, PictureName):  # one that is no picture is told as such
        yield from _holding(record, leaf, leaf.value, site)


def _holding(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """What a file holds of persons: numbers in its text, who wrote it; or that nobody looked.

    A sealed file stays as it is: who wrote it is published, and the law alone demands more.
    """
    held = site.insides.get(f"{folder_of(record)}/{name}")
    if held is None:
        return
    for rule, detail, (listed, count) in (
        (rule_problem, "", held.numbers),
        (rule_warning, "mistyped", held.doubtful),
    ):
        if count and not record.personal_data:
            values = {"file": name, "value": listed, "count": str(count)}
            yield rule("attachment-identity", record, leaf.path, detail, **values)
    if (held.authors or held.unread) and not site.sealed_leaf(record):
        for author in sorted({*held.authors} - {*_bodies(record, site)}):
            yield rule_warning("attachment-author", record, leaf.path, file=name, value=author)
        if held.unread and not record.personal_data:
            values = {"file": name, "value": held.pages}
            yield rule_warning("attachment-unread", record, leaf.path, held.unread, **values)


def _bodies(record: Record, site: Site) -> Iterator[str]:
    """The names of the publisher and of what a record names: they are no person's."""
    yield site.settings.publisher.name
    for ref in references(record):
        yield site.title(found) if (found := site.archive.find(ref)) else ref.id
        yield from getattr(found, "aliases", ())


def _unfit_picture(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    yield from _unfit(record, leaf, leaf.value, site)


def _unfit(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """A file that a page is to show and cannot: none that is a picture, broken, enormous."""
    path = f"{folder_of(record)}/{name}"
    picture = site.pictures.get(path)
    fault = picture.fault if picture else "sort"
    if path in site.files and fault:
        yield rule_problem("picture-unfit", record, leaf.path, fault, value=name)


def _links(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    bound = isinstance(leaf.type, BoundProse)
    rendered = read_prose(leaf.value, bound=bound)
    images, places = frozenset(rendered.images), target_places(leaf.value)
    for target in rendered.targets:
        rule = _image if target in images else _link
        index = places.get(target)
        for problem in rule(record, leaf, target, site):
            yield problem if index is None else _within(problem, leaf, index, len(target))
    for image in rendered.bare_images:
        yield rule_problem("image-alt", record, leaf.path, value=image)
    if rendered.lost is not None:
        value = leaf.value[rendered.lost]
        around = _context(leaf.value, rendered.lost)
        problem = rule_problem("markup-lost", record, leaf.path, value=value, context=around)
        yield _within(problem, leaf, rendered.lost)
    for one in inert(leaf.value, bound=bound):
        seen = gist(leaf.value[one.start : one.end].strip(), SHOWN)
        problem = rule_warning("markup-inert", record, leaf.path, one.what, value=seen)
        yield _within(problem, leaf, one.start, one.end - one.start)


def _within(problem: Problem, leaf: Leaf, index: int, length: int = 1) -> Problem:
    """The same problem at its very place in the text, where that can be told."""
    place = problem.origin.within(leaf.value, index, length)
    return structs.replace(problem, origin=place)


def _context(text: str, index: int) -> str:
    return " ".join(text[max(0, index - CONTEXT) : index + CONTEXT].split())


def _link(record: Record, leaf: Leaf, target: str, site: Site) -> Iterator[Problem]:
    match = RECORD_LINK.fullmatch(target)
    if match and match["kind"] in {kind.name for kind in site.kinds}:
        ref = Ref(match["kind"], match["id"].partition("#")[0])
        if site.missing(ref):
            yield _unknown_record("link-dangling", record, leaf.path, ref, site)
    elif target.startswith("mailto:"):
        if not is_mail_link(target):
            yield rule_problem("link-invalid", record, leaf.path, "mail", value=target)
    elif fault := address_fault(target):
        values = too_long(target, LONGEST_ADDRESS) if fault == "long" else {"value": target}
        yield rule_problem("url-invalid", record, leaf.path, fault, **values)
    elif (
        fault is None
        or target.startswith(("tel:", "#"))
        or (target.startswith("/") and target[1:].partition("#")[0] in site.addresses)
    ):
        return
    elif site.lacks(f"{folder_of(record)}/{target}"):
        guess = _file_meant(record, target, site.files, site)
        detail = "near" if guess else ""
        yield rule_problem("link-invalid", record, leaf.path, detail, value=target, near=guess)
    else:
        yield from _bad_name(record, leaf, target, site)
        yield from _holding(record, leaf, target, site)


def _bad_name(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """A file that a text leads to, and that a field could not name."""
    detail = name_fault(name)
    if detail is None and is_taken(name, site.kind(record).own_names(record)):
        detail = "ours"
    if detail is not None:
        yield rule_problem("file-name-invalid", record, leaf.path, detail, value=name)


def _image(record: Record, leaf: Leaf, target: str, site: Site) -> Iterator[Problem]:
    """An image is a picture of the record's own folder; another host would learn of readers."""
    if site.lacks(f"{folder_of(record)}/{target}"):
        guess = _file_meant(record, target, site.pictures, site)
        detail = "image-near" if guess else "image"
        yield rule_problem("link-invalid", record, leaf.path, detail, value=target, near=guess)
    else:
        yield from _bad_name(record, leaf, target, site)
        yield from _unfit(record, leaf, target, site)


def _characters(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    for found in oddities(leaf.value):
        values = {
            "value": found.characters[:CONTEXT],
            "points": code_points(found.characters[:CONTEXT]),
            "near": found.better[:CONTEXT],
            "context": _context(leaf.value, found.index),
        }
        code = "text-simplified" if found.what in _SIMPLIFIED else "text-unusual"
        detail = "" if found.what == "simplified" else found.what
        problem = rule_warning(code, record, leaf.path, detail, **values)
        yield _within(problem, leaf, found.index)


def _identity(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    """Numbers of persons: an error where the law does not demand them; a mistyped one may be."""
    if record.personal_data:
        return
    for found in identity_numbers(leaf.value):
        rule, detail = (rule_problem, "") if found.checks else (rule_warning, "mistyped")
        values = {"value": found.typed, "masked": found.masked}
        problem = rule("identity-number", record, leaf.path, detail, **values)
        yield _within(problem, leaf, found.at, len(found.typed))


def _conversions(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    """Traces of a file that was converted with the wrong encoding."""
    found = [("misread", *one) for one in misread(leaf.value)]
    one_line = isinstance(leaf.type, Text) and not leaf.type.lines  # a long one may well ask twice
    if one_line and "??" in leaf.value:
        found += [("question", m.start(), m[0], "") for m in _QUESTIONS.finditer(leaf.value)]
    for detail, index, run, meant in found:
        values = {"value": run[:CONTEXT], "near": meant[:CONTEXT]}
        values["context"] = _context(leaf.value, index)
        problem = rule_warning("text-unusual", record, leaf.path, detail, **values)
        yield _within(problem, leaf, index, len(run))


_SIMPLIFIED = ("simplified", "shared")
_QUESTIONS = re.compile(r"(?<=[\u3400-\u9fff])\?{2,}+|\?{2,}+(?=[\u3400-\u9fff])")
"""What a conversion leaves in place of characters that the other encoding lacks."""


def _edges(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    """A line that begins or ends in a blank; a title that ends like a sentence."""
    one_line = isinstance(leaf.type, Text) and not leaf.type.lines
    if one_line and leaf.value != leaf.value.strip():
        yield rule_warning("text-space", record, leaf.path, value=leaf.value)
    if leaf.path == "title" and leaf.value.rstrip().endswith("。"):
        yield rule_warning("title-stop", record, leaf.path, value=leaf.value)


_LeafRule = Callable[[Record, Leaf, Site], Iterator[Problem]]
_LEAF_RULES: tuple[tuple[type, _LeafRule], ...] = (
    (Reference, _dangling),
    (Reference, _nameless),
    (FileName, _missing_file),
    (FileName, _taken_name),
    (FileName, _inside),
    (PictureName, _unfit_picture),
    (Prose, _links),
    (Text, _characters),
    (Text, _identity),
    (FileName, _identity),
    (Text, _conversions),
    (Text, _edges),
)


@cache
def _rules_of(type_: type) -> tuple[_LeafRule, ...]:
    return tuple(rule for ruled, rule in _LEAF_RULES if issubclass(type_, ruled))


def _unused_files(records: Iterable[Record], files: Iterable[str], site: Site) -> Iterator[Problem]:
    """Files beside a record that nothing names: they would be lost to readers.

    Where a record names a file that is not there, the unnamed one may be it: one mistake.
    """
    unread = set(files)
    if not unread:
        return
    named = {r.ref: {f"{folder_of(r)}/{name}" for name in own_files(r)} for r in records}
    whole = {ref for ref, paths in named.items() if not any(map(site.lacks, paths))}
    owners = {folder_of(record): record for record in records}
    for path in sorted(unread.difference(*named.values())):
        steps = path.split("/")
        folders = ("/".join(steps[:depth]) for depth in range(len(steps) - 1, 0, -1))
        owner = next((owners[folder] for folder in folders if folder in owners), None)
        if owner and owner.ref in whole:
            yield rule_problem("file-unused", owner, "", value=path)

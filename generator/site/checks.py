"""Checks across records: references lead somewhere, files exist, links work, rules hold.

Rules of one kind are in its own folder; this stage runs them beside the general ones.  A problem
that a broken record may have caused is not reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from msgspec import structs

from generator.content.attachments import PICTURES
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
    is_device,
    is_mail_link,
    is_taken,
    name_fault,
    too_long,
)
from generator.site.figures.citing import Narrative
from generator.site.figures.proofreading import citation_problems
from generator.site.kind import Kind, Site, folder_of, own_files
from generator.site.official import official_problems
from generator.site.static_copies import static_problems
from generator.text.characters import code_points, misread, oddities
from generator.text.dates import roc
from generator.text.inert_markup import inert
from generator.text.markdown import RECORD_LINK, gist, read_prose
from generator.text.markdown_dialect import target_places
from generator.text.personal_data import identity_numbers
from generator.text.sample_texts import SAMPLE, UNFILLED

LISTED = 30
"""The most records that a message about an unknown one lists."""
SHOWN = 60
"""The most characters of markup that a message repeats."""
CONTEXT = 8
"""The characters of a text that a message shows around a place."""


def check(site: Site) -> Iterator[Problem]:
    """Every problem that needs all records at once, in no order."""
    for kind in site.kinds:
        for rule in kind.site_rules:
            yield from rule(site)
    yield from static_problems(site)
    yield from official_problems(site)
    yield from _expired_seals(site)


def _expired_seals(site: Site) -> Iterator[Problem]:
    """Warns of expired sealed records without a redaction: audits miss them until it is logged."""
    for name in site.seals.numbers.keys() - site.seals.redacted.keys():
        record = site.archive.find(Ref(*name.split(":", 1)))
        if record and record.expires_on and record.expires_on < site.as_of:
            values = {"value": name, "day": record.expires_on.isoformat()}
            yield rule_warning("expired-sealed", record, "expires_on", **values)


def check_folder(records: Iterable[Record], files: Iterable[str], site: Site) -> Iterator[Problem]:
    """Every problem of the records of a folder, and of the files beside them, in no order."""
    records = tuple(records)
    problems = [p for record in records for p in _check_record(record, site.kind(record), site)]
    yield from _simplified_once(_pictures_once(problems))
    yield from _unused_files(records, files, site)


def _simplified_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems with all simplified characters of a file as one, at the first of them.

    Characters that Traditional texts share are reported only in a file with one that they do not
    share, which shows that the file was typed in Simplified Chinese.
    """
    files: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.code == "text-simplified":
            files.setdefault(problem.origin.path, []).append(problem)
        else:
            yield problem
    for odd in files.values():
        if any(not problem.detail for problem in odd):
            suggestions = {problem.values["value"]: problem.values["near"] for problem in odd}
            listed = "、".join(f"{typed}→{better}" for typed, better in suggestions.items())
            values = {**odd[0].values, "value": "".join(suggestions), "near": listed}
            yield structs.replace(odd[0], detail="", values=values)


def _pictures_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems with each unfit picture once, at the first place that shows it."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
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
    if (
        kind.dated
        and site.publication_day(record) is None
        # a record that belongs to a broken one would have its day from there
        and not any(site.archive.find(ref) is None for ref in record.parts_of)
    ):
        yield rule_problem("published-on-missing", record, "published_on")
    yield from _device_name(record, site)
    yield from _sample(record, site)
    yield from _expired_early(record, site)
    if isinstance(record, Narrative):
        yield from citation_problems(record, site)
    for own in kind.rules:
        yield from own(record, site)


def _device_name(record: Record, site: Site) -> Iterator[Problem]:
    """Warns of a file or a page that nobody can make or unpack on Windows."""
    for name in (*record.origin.path.split("/"), *site.address(record).split("/")):
        if is_device(name):
            yield rule_warning("name-device", record, "id", value=name.partition(".")[0])
            return


def _sample(record: Record, site: Site) -> Iterator[Problem]:
    """A sample that an official site would publish; a sealed record cannot change."""
    title = site.title(record)
    if title.startswith(SAMPLE) and site.settings.official and not site.sealed_leaf(record):
        path = next((leaf.path for leaf in leaves(record) if leaf.value == title), "")
        yield rule_problem("page-unfilled", record, path, "sample", value=title)


def _expired_early(record: Record, site: Site) -> Iterator[Problem]:
    """A record that expires before it is published; a sealed one is excused."""
    day, end = site.publication_day(record), record.expires_on
    if day and end and end < day and not site.sealed_leaf(record):
        values = {"value": roc(end), "day": roc(day)}
        yield rule_problem("expires-early", record, "expires_on", **values)


def _dangling(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    if site.missing(leaf.value):
        yield _unknown_record("reference-dangling", record, leaf.path, leaf.value, site)


def _nameless(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """A reference to a record on a day on which it had no name: pages show its newest one."""
    day, named_record = site.kind(record).day_of_names(record), site.archive.find(leaf.value)
    if day and named_record and not site.kind(named_record).named_on(named_record, day):
        values = {"value": site.title_on(leaf.value, day), "day": roc(day), "id": leaf.value.id}
        yield rule_warning("agency-nameless", record, leaf.path, **values)


def _unknown_record(code: str, record: Record, path: str, ref: Ref, site: Site) -> Problem:
    others = (other for other in site.archive if other.ref != record.ref)
    by_id = {other.id: other for other in others if other.kind == ref.kind}
    several = re.split("[、，；/]", ref.id)
    if (
        code == "reference-dangling"
        and len(several) > 1
        and all(part.strip() in by_id for part in several)
    ):
        listed = ", ".join(part.strip() for part in several)
        return rule_problem(code, record, path, "several", value=ref.id, kind=ref.kind, near=listed)
    guess = _record_named(ref.id, by_id.values(), site) or near(ref.id, tuple(by_id))
    listed = "、".join(f"{id_}（{site.title(r)}）" for id_, r in sorted(by_id.items())[:LISTED])
    values = {"value": ref.id, "near": guess, "kind": ref.kind, "known": listed}
    values["title"] = site.title(by_id[guess]) if guess else ""
    detail = "near" if guess else "" if listed or code != "reference-dangling" else "none"
    return rule_problem(code, record, path, detail, **values)


def _record_named(typed: str, records: Iterable[Record], site: Site) -> str:
    """The id of the only record with the typed name, else of the only one with it in its name."""
    names_by_id = [
        (r.id, (site.title(r), *getattr(r, "aliases", ()), *getattr(r, "document_numbers", ())))
        for r in records
    ]
    same = [id_ for id_, names in names_by_id if typed in names]
    part = [id_ for id_, names in names_by_id if any(typed in name for name in names)]
    return next((matches[0] for matches in (same, part) if len(matches) == 1), "")


def _missing_file(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    path = f"{folder_of(record)}/{leaf.value}"
    if site.lacks(path):
        guess = _similar_file(record, leaf.value, site.files, site)
        detail = "near" if guess else ""
        yield rule_problem(
            "file-missing", record, leaf.path, detail, value=leaf.value, expected=path, near=guess
        )


def _similar_file(record: Record, name: str, files: Iterable[str], site: Site) -> str:
    """The file of the record's folder with the most similar name, even if it is unreadable."""
    folder = f"{folder_of(record)}/"
    paths = sorted(path for path in (*files, *site.unreadable) if path.startswith(folder))
    return near(name, tuple(path.removeprefix(folder) for path in paths))


def _reserved_name(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """A file with a name that the record's kind reserves."""
    if is_taken(leaf.value, site.kind(record).own_names(record)):
        yield rule_problem("file-name-invalid", record, leaf.path, "ours", value=leaf.value)


def _attachment(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    if not isinstance(leaf.type, PictureName):  # `_unfit` reports one that is no picture
        yield from _personal_data(record, leaf, leaf.value, site)


def _personal_data(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """Personal data in a file: identity numbers, authors; or the fact that it was not read.

    A sealed file cannot change, so that its authors are not reported.
    """
    contents = site.insides.get(f"{folder_of(record)}/{name}")
    if contents is None:
        return
    for rule, detail, (listed, count) in (
        (rule_problem, "", contents.numbers),
        (rule_warning, "mistyped", contents.doubtful),
    ):
        if count and not record.personal_data:
            values = {"file": name, "value": listed, "count": str(count)}
            yield rule("attachment-identity", record, leaf.path, detail, **values)
    if (contents.authors or contents.unread) and not site.sealed_leaf(record):
        for author in sorted({*contents.authors} - {*_bodies(record, site)}):
            yield rule_warning("attachment-author", record, leaf.path, file=name, value=author)
        if contents.unread and not record.personal_data:
            values = {"file": name, "value": contents.pages}
            yield rule_warning("attachment-unread", record, leaf.path, contents.unread, **values)


def _bodies(record: Record, site: Site) -> Iterator[str]:
    """The names of the publisher and of the records that a record refers to: public bodies."""
    yield site.settings.publisher.name
    for ref in references(record):
        yield site.title(body) if (body := site.archive.find(ref)) else ref.id
        yield from getattr(body, "aliases", ())


_EDITABLE = {
    **dict.fromkeys(("doc", "docx"), "odt"),
    **dict.fromkeys(("xls", "xlsx"), "ods"),
    **dict.fromkeys(("ppt", "pptx"), "odp"),
}
"""Endings of documents that can be edited, with those of the open format for each."""


def _closed_format(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """A document to edit without one in ODF beside it, and a picture in a document's place.

    Only an official site is told: the plan for ODF binds the government's offices.  What is
    sealed cannot change.
    """
    if not site.settings.official or site.sealed_leaf(record):
        return
    stem, _, ending = leaf.value.casefold().rpartition(".")
    if better := _EDITABLE.get(ending):
        beside = {name.casefold() for name in own_files(record)}
        if f"{stem}.{better}" not in beside:
            yield rule_warning(
                "attachment-format", record, leaf.path, value=leaf.value, near=better.upper()
            )
    elif ending in PICTURES and not isinstance(leaf.type, PictureName):
        yield rule_warning("attachment-picture", record, leaf.path, value=leaf.value)


def _unfit_picture(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    yield from _unfit(record, leaf, leaf.value, site)


def _unfit(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """A file that a page cannot show: no picture, broken, enormous."""
    path = f"{folder_of(record)}/{name}"
    picture = site.pictures.get(path)
    fault = picture.fault if picture else "sort"
    if path in site.files and fault:
        yield rule_problem("picture-unfit", record, leaf.path, fault, value=name)


def _links(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    bound = isinstance(leaf.type, BoundProse)
    rendered = read_prose(leaf.value, bound=bound)
    images = frozenset(rendered.images)
    places = {target: iter(found) for target, found in target_places(leaf.value).items()}
    for target in rendered.targets:
        rule = _image if target in images else _link
        index = next(places.get(target, iter(())), None)
        for problem in rule(record, leaf, target, site):
            yield problem if index is None else _within(problem, leaf, index, len(target))
    for image in rendered.bare_images:
        yield rule_problem("image-alt", record, leaf.path, value=image)
    if rendered.lost is not None:
        value = leaf.value[rendered.lost]
        around = _context(leaf.value, rendered.lost)
        problem = rule_problem("markup-lost", record, leaf.path, value=value, context=around)
        yield _within(problem, leaf, rendered.lost)
    for stretch in inert(leaf.value, bound=bound):
        excerpt = gist(leaf.value[stretch.start : stretch.end].strip(), SHOWN)
        problem = rule_warning("markup-inert", record, leaf.path, stretch.what, value=excerpt)
        yield _within(problem, leaf, stretch.start, stretch.end - stretch.start)


def _within(problem: Problem, leaf: Leaf, index: int, length: int = 1) -> Problem:
    """The problem at its exact place in the text, if that is known."""
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
    elif target.startswith("/"):
        yield _no_page(record, leaf, target, site)
    elif site.lacks(f"{folder_of(record)}/{target}"):
        guess = _similar_file(record, target, site.files, site)
        detail = "near" if guess else ""
        yield rule_problem("link-invalid", record, leaf.path, detail, value=target, near=guess)
    else:
        yield from _bad_name(record, leaf, target, site)
        yield from _personal_data(record, leaf, target, site)


def _no_page(record: Record, leaf: Leaf, target: str, site: Site) -> Problem:
    """A link to a page that the site does not have."""
    address, _, anchor = target[1:].partition("#")
    absent = (view for view in site.views if not view.has(site.settings))
    if address in {entrance.address for view in absent for entrance in view.entrances}:
        return rule_problem("link-invalid", record, leaf.path, "page-off", value=target)
    guess = near(address, tuple(sorted(site.addresses)))
    detail, page = ("page-near", f"/{guess}{anchor and f'#{anchor}'}") if guess else ("page", "")
    return rule_problem("link-invalid", record, leaf.path, detail, value=target, near=page)


def _bad_name(record: Record, leaf: Leaf, name: str, site: Site) -> Iterator[Problem]:
    """A file that a text links to, with a name that no field accepts."""
    detail = name_fault(name)
    if detail is None and is_taken(name, site.kind(record).own_names(record)):
        detail = "ours"
    if detail is not None:
        yield rule_problem("file-name-invalid", record, leaf.path, detail, value=name)


def _image(record: Record, leaf: Leaf, target: str, site: Site) -> Iterator[Problem]:
    """An image outside the record's own folder, as another host would learn who reads the page."""
    if site.lacks(f"{folder_of(record)}/{target}"):
        guess = _similar_file(record, target, site.pictures, site)
        detail = "image-near" if guess else "image"
        yield rule_problem("link-invalid", record, leaf.path, detail, value=target, near=guess)
    else:
        yield from _bad_name(record, leaf, target, site)
        yield from _unfit(record, leaf, target, site)


def _characters(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    for oddity in oddities(leaf.value):
        values = {
            "value": oddity.characters[:CONTEXT],
            "points": code_points(oddity.characters[:CONTEXT]),
            "near": oddity.better[:CONTEXT],
            "context": _context(leaf.value, oddity.index),
        }
        code = "text-simplified" if oddity.what in _SIMPLIFIED else "text-unusual"
        detail = "" if oddity.what == "simplified" else oddity.what
        problem = rule_warning(code, record, leaf.path, detail, **values)
        yield _within(problem, leaf, oddity.index)


def _identity(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    """Identity numbers: an error unless the record may have personal data.

    One with a wrong check digit is a warning, as it may be another number.
    """
    if record.personal_data:
        return
    for number in identity_numbers(leaf.value):
        rule, detail = (rule_problem, "") if number.checks else (rule_warning, "mistyped")
        values = {"value": number.typed, "masked": number.masked}
        problem = rule("identity-number", record, leaf.path, detail, **values)
        yield _within(problem, leaf, number.at, len(number.typed))


def _conversions(record: Record, leaf: Leaf, _: Site) -> Iterator[Problem]:
    """Traces of a file that was converted with the wrong encoding."""
    traces = [("misread", *trace) for trace in misread(leaf.value)]
    # only on one line: a longer text may have two question marks
    one_line = isinstance(leaf.type, Text) and not leaf.type.lines
    if one_line and "??" in leaf.value:
        traces += [("question", m.start(), m[0], "") for m in _QUESTIONS.finditer(leaf.value)]
    for detail, index, run, original in traces:
        values = {"value": run[:CONTEXT], "near": original[:CONTEXT]}
        values["context"] = _context(leaf.value, index)
        problem = rule_warning("text-unusual", record, leaf.path, detail, **values)
        yield _within(problem, leaf, index, len(run))


_SIMPLIFIED = ("simplified", "shared")
_QUESTIONS = re.compile(r"(?<=[\u3400-\u9fff])\?{2,}+|\?{2,}+(?=[\u3400-\u9fff])")
"""Question marks that a conversion leaves for characters that the other encoding lacks."""


def _unfilled(record: Record, leaf: Leaf, site: Site) -> Iterator[Problem]:
    """Each place of an official site's records that still waits for what only the office knows."""
    for match in UNFILLED.finditer(leaf.value):
        if site.settings.official and not site.sealed_leaf(record):
            problem = rule_problem("page-unfilled", record, leaf.path, value=match[0])
            yield _within(problem, leaf, match.start(), len(match[0]))


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
    (FileName, _reserved_name),
    (FileName, _attachment),
    (FileName, _closed_format),
    (PictureName, _unfit_picture),
    (Prose, _links),
    (Text, _characters),
    (Text, _identity),
    (FileName, _identity),
    (Text, _conversions),
    (Text, _unfilled),
    (Text, _edges),
)


@cache
def _rules_of(type_: type) -> tuple[_LeafRule, ...]:
    return tuple(rule for ruled, rule in _LEAF_RULES if issubclass(type_, ruled))


def _unused_files(records: Iterable[Record], files: Iterable[str], site: Site) -> Iterator[Problem]:
    """Files beside a record that it does not name: readers would never get them.

    If the record names a missing file, the unnamed one is probably that file, and the missing file
    is the only problem reported.
    """
    unnamed = set(files)
    if not unnamed:
        return
    named_files = {r.ref: {f"{folder_of(r)}/{name}" for name in own_files(r)} for r in records}
    whole = {ref for ref, paths in named_files.items() if not any(map(site.lacks, paths))}
    owners = {folder_of(record): record for record in records}
    for path in sorted(unnamed.difference(*named_files.values())):
        steps = path.split("/")
        folders = ("/".join(steps[:depth]) for depth in range(len(steps) - 1, 0, -1))
        owner = next((owners[folder] for folder in folders if folder in owners), None)
        if owner and owner.ref in whole:
            yield rule_problem("file-unused", owner, "", value=path)

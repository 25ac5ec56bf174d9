"""Finds the problems of prose that cites figures, and counts how many numbers cite one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem
from generator.site.figures.accounting import Account, account, narratives
from generator.site.figures.citing import Cited, Narrative
from generator.site.kind import Site
from generator.text.figure_references import Binding, bindings, loose

_FIELD = "markdown"


def citation_problems(record: Narrative, site: Site) -> Iterator[Problem]:
    """References that lead nowhere or have an unfit form, and units that are typed twice."""
    numbers = account(record, site)
    for misfit in numbers.misfits:
        if misfit.code:
            problem = rule_problem(misfit.code, record, _FIELD, misfit.detail, **misfit.values)
            yield _at(problem, record, misfit.binding.start, len(misfit.binding.typed))
    for place, sign in loose(record.markdown):
        problem = rule_problem("binding-form", record, _FIELD, "loose", value=sign)
        yield _at(problem, record, place, len(sign))
    text = record.markdown
    inner = range(len(text) - len(text.lstrip()) + 1, len(text.rstrip()))
    for binding in bindings(text):
        if binding.placed and not _alone(binding, text, inner):
            problem = rule_problem("binding-form", record, _FIELD, "alone", value=binding.typed)
            yield _at(problem, record, binding.start, len(binding.typed))
    for binding, other in numbers.led_to:
        if site.withholds(other) and not site.withholds(record):
            values = {"value": binding.typed, "near": site.title(other)}
            problem = rule_problem("binding-unknown", record, _FIELD, "withheld", **values)
            yield _at(problem, record, binding.start, len(binding.typed))
    for cited in numbers.cited:
        yield from _doubled(cited, record)
    for place in numbers.idle:
        words = record.uncited[place].text
        yield rule_warning("excuse-idle", record, f"uncited.{place}.text", value=words)


def _at(problem: Problem, record: Narrative, start: int, length: int) -> Problem:
    """The problem at its exact place in the text."""
    return structs.replace(problem, origin=problem.origin.within(record.markdown, start, length))


def _alone(binding: Binding, text: str, inner: range) -> bool:
    """Whether a reference is a paragraph of its own, between blank lines or the text's ends.

    `inner` are the places with words on both sides.
    """
    start, end = binding.start, binding.start + len(binding.typed)
    begins = start not in inner or text.endswith("\n\n", 0, start)
    return begins and (end not in inner or text.startswith("\n\n", end))


def _doubled(cited: Cited, record: Narrative) -> Iterator[Problem]:
    """A unit or a qualifier that is typed beside a figure that already has it."""
    binding, citable = cited.binding, cited.citable
    text, before, after = record.markdown, binding.start, binding.start + len(binding.typed)
    while before and text[before - 1].isspace():
        before -= 1
    while text[after : after + 1].isspace():
        after += 1
    qualifier = citable.figure.qualifier if citable.figure else ""
    unit = citable.unit if cited.words.endswith(citable.unit) else ""
    doubled = text.endswith(qualifier, 0, before) or text.startswith(qualifier, after)
    if qualifier and doubled:
        twice, detail = qualifier, "qualifier"
    elif unit and text.startswith(unit, after):
        twice, detail = unit, ""
    else:
        return
    values = {"value": twice, "shown": cited.words}
    problem = rule_warning("binding-doubled", record, _FIELD, detail, **values)
    yield _at(problem, record, binding.start, len(binding.typed))


class Tally(Struct, frozen=True, kw_only=True):
    """The numbers of prose: citations, figures without citation, and excused ones."""

    cited: int = 0
    loose: int = 0
    excused: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """The three counts, in the order of the fields."""
        return self.cited, self.loose, self.excused

    @classmethod
    def of(cls, accounts: Iterable[Account]) -> Tally:
        """The sum over records."""
        account_list = tuple(accounts)
        return cls(
            cited=sum(len(account_.cited) for account_ in account_list),
            loose=sum(len(account_.loose) for account_ in account_list),
            excused=sum(len(account_.excused) for account_ in account_list),
        )


def tally(site: Site) -> Tally:
    """The counts of all prose of a site."""
    return Tally.of(account(record, site) for record in narratives(site))


def loose_problems(site: Site) -> Iterator[Problem]:
    """Every figure without citation, as an error, for `--strict-figures`."""
    for record in narratives(site):
        for number in account(record, site).loose:
            problem = rule_problem(
                "figure-loose", record, number.leaf.path, value=number.mention.text
            )
            yield structs.replace(problem, origin=number.origin(record))

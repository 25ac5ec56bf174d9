"""What a field can hold: strict readers from a YAML node to a typed value.

A type reads text as the contract says and nothing more lenient (`1_000`, `+3` and `010` are
no numbers); what it cannot read it reports with its place and returns None.
New types are new classes here; kinds only choose among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar
from urllib.parse import urlsplit

from babel import Locale

from generator.dates import DateFault, PartialDate, parse_date, parse_partial
from generator.model import Node, Origin, Problem, Ref, ScalarNode, SequenceNode, Severity
from generator.source import CONTROL

_NOT_ISO = re.compile("AC|C[PQS]|DG|E[AUZ]|IC|QO|TA|UN|X[ABK]|ZZ")

COUNTRIES: Mapping[str, str] = {
    code: name
    for code, name in sorted(Locale.parse("zh_Hant").territories.items())
    if re.fullmatch("[A-Z]{2}", code) and not _NOT_ISO.fullmatch(code)
}
"""ISO 3166 alpha-2 codes with their names in Traditional Chinese (source: CLDR)."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
Moment = TypeVar("Moment", date, PartialDate)
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field type may know while it reads: the field's names, the site's choices."""

    problems: list[Problem]
    choices: Mapping[str, Mapping[str, str]]
    places: dict[str, Origin] = field(default_factory=dict)
    path: str = ""
    label: str = ""

    def inside(self, name: str, origin: Origin, label: str = "") -> Reading:
        """The same reading one step further in; remembers where that step was typed."""
        path = f"{self.path}.{name}" if self.path else name
        self.places[path] = origin
        return replace(self, path=path, label=label or self.label)

    def report(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        """Adds an error about the current field."""
        self._add(Severity.ERROR, code, origin, detail, values)

    def warn(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        """Adds a warning about the current field."""
        self._add(Severity.WARNING, code, origin, detail, values)

    def _add(
        self, severity: Severity, code: str, origin: Origin, detail: str, values: dict[str, str]
    ) -> None:
        named = {"field": field_name(self.path), "label": self.label, **values}
        place = replace(origin, field=self.path)
        self.problems.append(
            Problem(code=code, origin=place, detail=detail, severity=severity, values=named)
        )


class FieldType:
    """Reads one value; `blank` stands where an optional field is absent."""

    blank: Any = None

    def read(self, node: Node, reading: Reading) -> Any:
        """The value of `node`, or None after a report."""
        raise NotImplementedError

    def leaves(self, value: Any, path: str) -> Iterator[Leaf]:
        """The single values within a value, each with its path."""
        yield Leaf(path, self, value)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value of a record: `path` is dotted (`relations.0.target`)."""

    path: str
    type: FieldType
    value: Any


def field_name(path: str) -> str:
    """The field that a dotted path ends in: `items.0` is of `items`."""
    return next((part for part in reversed(path.split(".")) if not part.isdigit()), "")


def near(text: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
    """The known word nearest to `text`, or "" where none is near."""
    return next(iter(get_close_matches(text, list(known), n=1, cutoff=0.6)), "")


class _Scalar(FieldType):
    """A type whose node is one scalar."""

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, ScalarNode):
            reading.report("field-shape", node.origin, "scalar")
            return None
        return self.read_scalar(node, reading)

    def read_scalar(self, node: ScalarNode, reading: Reading) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(_Scalar):
    """Text exactly as typed, `minimum` to `maximum` characters; `lines` allows line breaks."""

    minimum: int = 1
    maximum: int = 1_000_000
    lines: bool = False
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The text, or None where it is too short, too long or holds control characters."""
        text, origin = node.text, node.origin
        control = CONTROL.search(text)
        if control:
            reading.report("text-control", origin, character=f"U+{ord(control[0]):04X}")
        elif not text.strip() or len(text) < self.minimum:
            reading.report("text-short", origin, least=str(self.minimum), length=str(len(text)))
        elif len(text) > self.maximum:
            reading.report("text-long", origin, most=str(self.maximum), length=str(len(text)))
        elif not self.lines and "\n" in text:
            reading.report("text-line-break", origin)
        else:
            return text
        return None


@dataclass(frozen=True)
class Prose(Text):
    """Text that editors write as Markdown."""

    lines: bool = True


@dataclass(frozen=True)
class Pattern(_Scalar):
    """Text of a fixed form; `detail` picks the wording that explains the form."""

    pattern: re.Pattern[str] = SLUG
    detail: str = "slug"
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The text where it has the form."""
        if self.pattern.fullmatch(node.text):
            return node.text
        reading.report("text-form", node.origin, self.detail, value=node.text)
        return None


@dataclass(frozen=True)
class Choice(_Scalar):
    """One of a few words; `choices` maps each to its name for readers."""

    choices: Mapping[str, str]
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The word where it is known."""
        return _choose(node, self.choices, reading)


@dataclass(frozen=True)
class SiteChoice(_Scalar):
    """One of the words that `site.yaml` lists under `group`."""

    group: str
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The word where the site knows it; any word where the site's list could not be read."""
        if self.group not in reading.choices:
            return node.text
        return _choose(node, reading.choices[self.group], reading)


def _choose(node: ScalarNode, choices: Mapping[str, str], reading: Reading) -> str | None:
    if node.text in choices:
        return node.text
    guess = near(node.text, choices) or _by_name(node.text, choices)
    listed = "、".join(f"{word}（{name}）" for word, name in choices.items())
    detail = "near" if guess else ""
    reading.report(
        "choice-unknown", node.origin, detail, value=node.text, near=guess, choices=listed
    )
    return None


def _by_name(text: str, choices: Mapping[str, str]) -> str:
    return next((word for word, name in choices.items() if name == text), "")


@dataclass(frozen=True)
class Day(_Scalar):
    """A date in either calendar."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> date | None:
        """The day, or None where the text names none."""
        return _read_date(parse_date, node, reading)


@dataclass(frozen=True)
class PartialDay(_Scalar):
    """A year, a month or a day in either calendar."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> PartialDate | None:
        """The partial date, or None where the text names none."""
        return _read_date(parse_partial, node, reading)


def _read_date(parse: Callable[[str], Moment], node: ScalarNode, reading: Reading) -> Moment | None:
    try:
        return parse(node.text)
    except DateFault as fault:
        reading.report("date-invalid", node.origin, fault.reason, value=node.text)
        return None


@dataclass(frozen=True)
class Number(_Scalar):
    """A decimal number in ASCII digits, exactly as precise as typed."""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> Decimal | None:
        """The number, or None where the text is none."""
        if _NUMBER.fullmatch(node.text):
            return Decimal(node.text)
        reading.report("number-invalid", node.origin, value=node.text)
        return None


@dataclass(frozen=True)
class Whole(_Scalar):
    """A whole number of at least `minimum`."""

    minimum: int = 0

    def read_scalar(self, node: ScalarNode, reading: Reading) -> int | None:
        """The number, or None where the text is none or too small."""
        if re.fullmatch("0|[1-9][0-9]{0,8}", node.text) and int(node.text) >= self.minimum:
            return int(node.text)
        detail = "whole"
        reading.report("number-invalid", node.origin, detail, value=node.text)
        return None


@dataclass(frozen=True)
class FileName(_Scalar):
    """The name of a file in the record's own folder; whether it is there is checked later."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The name, or None where it would leave the folder or hide."""
        steps = node.text.split("/")
        if "\\" in node.text or any(step in ("", "..") or step[0] == "." for step in steps):
            reading.report("file-name-invalid", node.origin, value=node.text)
            return None
        return node.text


@dataclass(frozen=True)
class Flag(_Scalar):
    """`true` or `false`."""

    blank: bool = False

    def read_scalar(self, node: ScalarNode, reading: Reading) -> bool | None:
        """The flag, or None for any other word."""
        if node.text in ("true", "false"):
            return node.text == "true"
        reading.report("flag-invalid", node.origin, value=node.text)
        return None


@dataclass(frozen=True)
class Address(_Scalar):
    """An http or https address."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The address, or None where a browser could not follow it safely."""
        if is_web_address(node.text):
            return node.text
        reading.report("url-invalid", node.origin, value=node.text)
        return None


def is_web_address(text: str) -> bool:
    """Whether `text` is an http(s) address with a host and without spaces or quotes."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    clean = not re.search(r"[\s\"<>\\^`{|}]", text)
    return clean and parts.scheme in ("http", "https") and bool(parts.hostname)


@dataclass(frozen=True)
class Country(_Scalar):
    """An ISO 3166 alpha-2 code."""

    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The code where it names a country."""
        if node.text in COUNTRIES:
            return node.text
        guess = _by_name(node.text, COUNTRIES) or near(node.text.upper(), COUNTRIES)
        detail = "near" if guess else ""
        reading.report("country-unknown", node.origin, detail, value=node.text, near=guess)
        return None


@dataclass(frozen=True)
class Reference(_Scalar):
    """The id of a record of `kind`; whether it exists is the archive's to say."""

    kind: str

    def read_scalar(self, node: ScalarNode, reading: Reading) -> Ref | None:
        """The reference; never None but for an empty text."""
        if node.text.strip():
            return Ref(self.kind, node.text)
        reading.report("text-short", node.origin, least="1", length="0")
        return None


@dataclass(frozen=True)
class Many(FieldType):
    """A list of at least `minimum` values of one type, none twice where `unique`."""

    inner: FieldType
    minimum: int = 1
    unique: bool = False
    blank: tuple[Any, ...] = ()

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        """The values, or None where one of them could not be read."""
        if not isinstance(node, SequenceNode):
            reading.report("field-shape", node.origin, "list")
            return None
        values = [
            self.inner.read(inner, reading.inside(str(index), inner.origin))
            for index, inner in enumerate(node.nodes)
        ]
        if len(values) < self.minimum:
            reading.report("list-short", node.origin, least=str(self.minimum))
            return None
        repeated = self._report_repeats(node, values, reading)
        return None if repeated or any(value is None for value in values) else tuple(values)

    def _report_repeats(self, node: SequenceNode, values: list[Any], reading: Reading) -> bool:
        pairs = list(enumerate(zip(node.nodes, values, strict=True)))
        repeats = [
            inner
            for index, (inner, value) in pairs
            if self.unique and value is not None and value in values[:index]
        ]
        for inner in repeats:
            typed = inner.text if isinstance(inner, ScalarNode) else ""
            reading.report("list-repeated", inner.origin, value=typed)
        return bool(repeats)

    def leaves(self, value: tuple[Any, ...], path: str) -> Iterator[Leaf]:
        """The single values of every element, in order."""
        for index, inner in enumerate(value):
            yield from self.inner.leaves(inner, f"{path}.{index}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A point of a numbered text, and the points below it."""

    text: str
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A text, or a nested list of points whose numbering is generated."""

    text: str = ""
    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.clauses)


@dataclass(frozen=True)
class Outlined(FieldType):
    """Text, or a list whose lists belong to the point before them."""

    point: Text = field(default_factory=lambda: Text(lines=True))
    blank: Outline = Outline()

    def read(self, node: Node, reading: Reading) -> Outline | None:
        """The outline, or None where a point could not be read."""
        if isinstance(node, SequenceNode):
            clauses = self._clauses(node, reading)
            return None if clauses is None else Outline(clauses=clauses)
        text: str | None = self.point.read(node, reading)
        return None if text is None else Outline(text=text)

    def _clauses(self, node: SequenceNode, reading: Reading) -> tuple[Clause, ...] | None:
        clauses: list[Clause] = []
        for inner in node.nodes:
            clause = self._clause(inner, clauses, reading)
            if clause is None:
                return None
            clauses.append(clause)
        if not clauses:
            reading.report("list-short", node.origin, least="1")
        return tuple(clauses) or None

    def _clause(self, node: Node, before: list[Clause], reading: Reading) -> Clause | None:
        if not isinstance(node, SequenceNode):
            text: str | None = self.point.read(node, reading)
            return None if text is None else Clause(text)
        if not before or before[-1].clauses:
            reading.report("outline-orphan", node.origin)
            return None
        below = self._clauses(node, reading)
        return None if below is None else Clause(before.pop().text, below)

"""The types of fields: strict readers from a YAML node to a typed value.

A type accepts only what the contract says (`1_000`, `+3` and `010` are no numbers).  It reports
what it cannot read, with its place, and returns None.  New types are new classes here; kinds only
choose among them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar, NamedTuple

from msgspec import Struct

from generator.content.model import Node, Origin, Problem, ScalarNode, SequenceNode, Severity
from generator.text.characters import code_points, refused
from generator.text.likeness import same_looking

Schema = dict[str, Any]
"""A JSON Schema (draft 7) of a value as YAML editors read it, YAML 1.2 core."""
Choices = Mapping[str, Mapping[str, str]]
"""The site's own word lists: group, then word to name."""
TYPED = ("string", "number", "boolean")
"""The JSON types that YAML editors give a plain text; this program reads it as text."""
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


class Reading(Struct, frozen=True):
    """The context in which a field type reads: the field's names, the site's choices."""

    problems: list[Problem]
    choices: Mapping[str, Mapping[str, str]]
    places: dict[str, Origin] = {}
    path: str = ""
    label: str = ""

    def inside(self, name: str, origin: Origin, label: str = "") -> Reading:
        """The context of a field or list item inside this one; records where it was typed."""
        path = f"{self.path}.{name}" if self.path else name
        self.places[path] = origin
        return Reading(self.problems, self.choices, self.places, path, label or self.label)

    def report(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        """Adds an error about the current field."""
        self._add(Severity.ERROR, code, origin, detail, values)

    def warn(self, code: str, origin: Origin, detail: str = "", **values: str) -> None:
        """Adds a warning about the current field."""
        self._add(Severity.WARNING, code, origin, detail, values)

    def _add(
        self, severity: Severity, code: str, origin: Origin, detail: str, values: dict[str, str]
    ) -> None:
        all_values = {"field": field_name(self.path), "label": self.label, **values}
        place = origin._replace(field=self.path)
        self.problems.append(
            Problem(code=code, origin=place, detail=detail, severity=severity, values=all_values)
        )


class FieldType(ABC):
    """Reads one value; `blank` is the value of an absent optional field.

    `text` is true if the value can be typed as a text on the field's own line.
    """

    blank: Any = None
    text: ClassVar[bool] = False

    @abstractmethod
    def read(self, node: Node, reading: Reading) -> Any:
        """The value of `node`, or None after a report."""

    @abstractmethod
    def schema(self, choices: Choices) -> Schema:
        """The JSON Schema of what `read` accepts, as far as a schema can say it."""

    def fits(self, text: str) -> bool:
        """Whether a comment in place of the value is probably the value itself."""
        del text
        return False

    def leaves(self, value: Any, path: str) -> Iterator[Leaf]:
        """The single values within a value, each with its path."""
        yield Leaf(path, self, value)

    def types(self) -> Iterator[type[FieldType]]:
        """The types that the leaves of a value may have."""
        yield type(self)


class Leaf(NamedTuple):
    """A single value of a record: `path` is dotted (`relations.0.target`)."""

    path: str
    type: FieldType
    value: Any


def field_name(path: str) -> str:
    """The name of the field that a dotted path leads to: `items` for `items.0`."""
    return next((part for part in reversed(path.split(".")) if not part.isdigit()), "")


_LONGEST_WORD = 400


def near(text: str, words: Mapping[str, str] | tuple[str, ...]) -> str:
    """The word that looks like `text`, else the most similar one; "" if none is or it is long.

    A word that begins with another letter must be very similar: few slips change the first one.
    """
    if len(text) > _LONGEST_WORD:
        return ""  # comparing two texts takes quadratic time
    if text in words:
        return text
    if twin := same_looking(text, words):
        return twin
    akin = [word for word in words if word[:1] == text[:1]]
    close = get_close_matches(text, list(words), n=1, cutoff=0.75)
    close = close or get_close_matches(text, akin, n=1, cutoff=0.6)
    return next(iter(close), "")


class Scalar(FieldType):
    """A type whose node is one scalar."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The scalar's value, or None after a report."""
        if not isinstance(node, ScalarNode):
            reading.report("field-shape", node.origin, "scalar")
            return None
        return self.read_scalar(node, reading)

    @abstractmethod
    def read_scalar(self, node: ScalarNode, reading: Reading) -> Any:
        """The value of a scalar, or None after a report."""


def report_comment(node: ScalarNode, reading: Reading) -> None:
    """Reports that YAML takes the end of a text for a comment; the remedy quotes the text."""
    comment, whole = node.comment.strip(), f"{node.text}{node.comment.rstrip()}".lstrip()
    if len(whole) > _SHOWN:
        whole = f"{whole[: _SHOWN // 2]}…{whole[-_SHOWN // 2 :]}"
    quoted = "'" + whole.replace("'", "''") + "'"
    reading.report("text-comment", node.origin, lost=comment, quoted=quoted)


_SHOWN = 80
"""The most characters of a text that a remedy repeats."""


@dataclass(frozen=True)
class Text(Scalar):
    """Text exactly as typed, `minimum` to `maximum` characters; `lines` allows line breaks."""

    minimum: int = 1
    maximum: int = 1_000_000
    lines: bool = False
    markup: bool = False
    blank: str = ""
    text: ClassVar[bool] = True

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The text, or None if it is cut off, too short or long, or has control characters."""
        text, origin = node.text, node.origin
        oddity = refused(text)
        if node.comment:
            report_comment(node, reading)
        elif oddity:
            reading.report(
                "text-control", origin, oddity.what, character=code_points(oddity.characters)
            )
        elif not text.strip() or len(text) < self.minimum:
            reading.report("text-short", origin, least=str(self.minimum), length=str(len(text)))
        elif len(text) > self.maximum:
            reading.report("text-long", origin, most=str(self.maximum), length=str(len(text)))
        elif not self.lines and "\n" in text:
            reading.report("text-line-break", origin)
        else:
            return text
        return None

    def schema(self, choices: Choices) -> Schema:
        """A text of this length with a sign in it, in one line unless `lines`."""
        del choices
        inner = r"[\s\S]*" if self.lines else r"[^\n]*"
        length = {"minLength": self.minimum, "maxLength": self.maximum}
        help_ = {"description": self.help} if self.help else {}
        return {"type": [*TYPED], **length, "pattern": rf"^{inner}\S{inner}$", **help_}

    @property
    def help(self) -> str:
        """A hint for editors, or ""."""
        return "可寫多行：在冒號後寫「|」，下一行起縮排兩格" if self.lines else ""


@dataclass(frozen=True)
class Prose(Text):
    """Text that editors write as Markdown."""

    lines: bool = True
    markup: bool = True

    @property
    def help(self) -> str:
        """A hint for editors."""
        return "可寫多行，並可用 **粗體**、清單、連結與表格"


@dataclass(frozen=True)
class BoundProse(Prose):
    """Prose whose figures are references to records: `{{ venues.hall }}`."""

    @property
    def help(self) -> str:
        """A hint for editors."""
        return "數字以 {{ 統計代碼.列名 }} 引用"


@dataclass(frozen=True)
class Pattern(Scalar):
    """Text of a fixed form; `detail` picks the wording that explains the form."""

    pattern: re.Pattern[str] = SLUG
    detail: str = "slug"
    blank: str = ""

    def fits(self, text: str) -> bool:
        """Whether a text has the form."""
        return self.pattern.fullmatch(text) is not None

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The text, or None if it does not have the form."""
        if self.fits(node.text):
            return node.text
        reading.report("text-form", node.origin, self.detail, value=node.text)
        return None

    def schema(self, choices: Choices) -> Schema:
        """A text of the form."""
        del choices
        return {"type": [*TYPED], "pattern": f"^(?:{self.pattern.pattern})$"}


@dataclass(frozen=True)
class Choice(Scalar):
    """One of a few words; `choices` maps each to its name for readers."""

    choices: Mapping[str, str]
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The word, or None if it is none of the choices."""
        return choose(node, self.choices, reading)

    def schema(self, choices: Choices) -> Schema:
        """One of the words."""
        del choices
        return one_of(self.choices)


@dataclass(frozen=True)
class SiteChoice(Scalar):
    """One of the words that `site.yaml` lists under `group`."""

    group: str
    blank: str = ""

    def read_scalar(self, node: ScalarNode, reading: Reading) -> str | None:
        """The word, or None if the site does not list it; any word if the list was unreadable."""
        if self.group not in reading.choices:
            return node.text
        return choose(node, reading.choices[self.group], reading)

    def schema(self, choices: Choices) -> Schema:
        """One of the site's words."""
        return one_of(choices.get(self.group, {}))


def one_of(choices: Mapping[str, str]) -> Schema:
    """The schema of a choice, its words explained."""
    listed = "、".join(f"{word}（{name}）" for word, name in choices.items())
    help_ = f"可用：{listed or '尚無選項'}。"
    return {"enum": [*choices], "description": help_, "errorMessage": help_}


def choose(node: ScalarNode, choices: Mapping[str, str], reading: Reading) -> str | None:
    """The word typed, or None after a report that suggests the nearest choice."""
    if node.text in choices:
        return node.text
    guess = near(node.text, choices) or by_name(node.text, choices)
    listed = "、".join(f"{word}（{name}）" for word, name in choices.items())
    detail = "near" if guess else ""
    reading.report(
        "choice-unknown", node.origin, detail, value=node.text, near=guess, choices=listed
    )
    return None


def by_name(text: str, choices: Mapping[str, str]) -> str:
    """The word whose name for readers is `text`, or ""."""
    return next((word for word, name in choices.items() if name == text), "")


@dataclass(frozen=True)
class Many(FieldType):
    """A list of at least `minimum` values of one type.

    If `unique`, no value occurs twice; if `key` names an attribute, no two values share it.
    """

    inner: FieldType
    minimum: int = 1
    unique: bool = False
    key: str = ""
    blank: tuple[Any, ...] = ()

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        """The values, or None if one of them could not be read."""
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
        if not (self.unique or self.key):
            return False
        names = [getattr(value, self.key, value) if self.key else value for value in values]
        first = {name: index for index, name in reversed([*enumerate(names)])}
        repeats = [
            (inner, name)
            for index, (inner, name) in enumerate(zip(node.nodes, names, strict=True))
            if name is not None and first[name] < index
        ]
        for inner, name in repeats:
            typed = inner.text if isinstance(inner, ScalarNode) else str(name)
            reading.report("list-repeated", inner.origin, value=typed)
        return bool(repeats)

    def schema(self, choices: Choices) -> Schema:
        """A list of the inner values."""
        inner = self.inner.schema(choices)
        return {
            "type": "array",
            "items": inner,
            "minItems": self.minimum,
            **({"uniqueItems": True} if self.unique else {}),
        }

    def leaves(self, value: tuple[Any, ...], path: str) -> Iterator[Leaf]:
        """The single values of every element, in order."""
        for index, inner in enumerate(value):
            yield from self.inner.leaves(inner, f"{path}.{index}")

    def types(self) -> Iterator[type[FieldType]]:
        """The types of the inner values."""
        return self.inner.types()

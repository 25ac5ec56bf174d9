"""The questions about a new site: asked on a terminal, or answered by options.

`QUESTIONS` is their order.  Each has an option of the same name, a line `ask-NAME` for the terminal
and a function that reads the answer or says what is wrong with it.
"""

from __future__ import annotations

import hashlib
import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from generator.commands._command_lines import command_line, listed
from generator.commands._console import Console
from generator.commands._starter_site import ways_to_publish
from generator.content.field_types import FieldType, Pattern, Reading, Text
from generator.content.messages import LANGUAGES
from generator.content.model import Origin, Problem, ScalarNode
from generator.content.value_types import Address

EVERYTHING, KEPT = "all", "engine"
"""The answer that names every kind; the folder in which a site keeps a release file of the program.
"""
_ARCHIVES = (".whl", ".tar.gz")
_COMMIT = re.compile(r"git\+https://[^\s@#]+@[^\s@#]+")
_RELEASE = re.compile(r"https://[^\s#]+(?:\.whl|\.tar\.gz)#sha256=[0-9a-f]{64}")


class Unfit(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """An unusable answer: a problem of a field, or the name of a line with its values."""

    def __init__(self, reason: Problem | str, **values: str) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values

    def words(self, console: Console) -> str:
        """What is wrong with it, in the language of the run."""
        if isinstance(self.reason, Problem):
            wording = console.wording(self.reason)
            space = "" if console.language == LANGUAGES[0] else " "
            return space.join(filter(None, (wording.sentence, wording.remedy)))
        return console.words(self.reason, **self.values)


class AnswersMissing(Exception):  # noqa: N818 -- the user's to mend, not an error of ours
    """There is no terminal to ask for what these options did not say."""


class Body(Struct, frozen=True):
    """A public body: its id, "" if none was given, and its name."""

    id: str
    name: str


class Engine(Struct, frozen=True):
    """How pip finds the program: a line of requirements, and a file that the site keeps."""

    line: str = ""
    file: Path | None = None


class Question(Struct, frozen=True, kw_only=True):
    """A question; one that is not `needed` may be answered with nothing."""

    name: str
    read: Callable[[str, tuple[str, ...]], Any]
    needed: bool = True


def _value(type_: FieldType, text: str) -> str:
    reading = Reading([], {})
    type_.read(ScalarNode(text=text, origin=Origin(path="")), reading)
    for problem in reading.problems:
        if problem.stops:
            raise Unfit(problem)
    return text


def _name(text: str, _: tuple[str, ...]) -> str:
    return _value(Text(), text)


def _address(text: str, _: tuple[str, ...]) -> str:
    return _value(Address(), text if text.endswith("/") else f"{text}/")


def _body(text: str, _: tuple[str, ...]) -> Body:
    """`ID:NAME`, or the name alone."""
    id_, colon, name = text.partition(":")
    if not colon:
        return Body("", _value(Text(), text))
    return Body(_value(Pattern(), id_), _value(Text(), name))


def _kinds(text: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return kinds if text == EVERYTHING else _several(text, kinds)


def read_ways(text: str, _: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The ways to publish that an answer names; raises `Unfit` for an unknown one."""
    return _several(text, ways_to_publish())


def _several(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names in the order of those that are known."""
    given = re.findall(r"[\w-]+", text)
    for name in given:
        if name not in known:
            raise Unfit("init-unknown", value=name, choices=", ".join(known))
    return tuple(name for name in known if name in given)


def _flag(text: str, _: tuple[str, ...]) -> bool:
    yes, no = (_words_of_all_languages(name) for name in ("init-yes", "init-no"))
    if text.lower() not in (*yes, *no):
        raise Unfit("init-flag")
    return text.lower() in yes


def _words_of_all_languages(name: str) -> list[str]:
    return [word for language in LANGUAGES for word in command_line(name, language).split()]


def _engine(text: str, _: tuple[str, ...]) -> Engine:
    """A git address with a tag, a release file with its digest, or such a file on this machine."""
    if not text:
        return Engine()
    if _COMMIT.fullmatch(text) or _RELEASE.fullmatch(text):
        return Engine(line=f"gongbao @ {text}")
    path = Path(text)
    if not (text.endswith(_ARCHIVES) and path.is_file()):
        raise Unfit("init-engine", value=text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Engine(line=f"file:./{KEPT}/{path.name}#sha256={digest}", file=path)


QUESTIONS = (
    Question(name="name", read=_name),
    Question(name="base-url", read=_address),
    Question(name="publisher", read=_body),
    Question(name="agency", read=_body),
    Question(
        name="gazette-name", read=lambda text, _: _name(text, _) if text else "", needed=False
    ),
    Question(name="kinds", read=_kinds),
    Question(name="official", read=_flag),
    Question(name="ci", read=read_ways, needed=False),
    Question(name="engine", read=_engine, needed=False),
)


def answers(chosen: Namespace, kinds: Mapping[str, str], console: Console) -> dict[str, Any]:
    """All answers by name; `kinds` are those to choose from, with their titles.

    Raises `AnswersMissing` or `Unfit` where there is no terminal.
    """
    given = {q.name: getattr(chosen, q.name.replace("-", "_")) for q in QUESTIONS}
    if isinstance(given["official"], bool):
        given["official"] = "yes" if given["official"] else "no"
    missing = [q.name for q in QUESTIONS if q.needed and given[q.name] is None]
    if console.ask is None and missing:
        raise AnswersMissing(*missing)
    return {q.name: _answer(q, given[q.name], kinds, console) for q in QUESTIONS}


def _answer(
    question: Question, given: str | None, kinds: Mapping[str, str], console: Console
) -> Any:
    if given is not None or console.ask is None:
        return question.read(given or "", tuple(kinds))
    choices = listed((f"{name} {title}" for name, title in kinds.items()), console.language)
    prompt = console.words(f"ask-{question.name}", kinds=choices, ways=", ".join(ways_to_publish()))
    while True:
        typed = console.ask(f"{prompt} ").strip()
        if question.name == "kinds" and not typed:
            typed = EVERYTHING
        if question.needed and not typed:
            console.say(console.words("ask-needed"))
            continue
        try:
            return question.read(typed, tuple(kinds))
        except Unfit as unfit:
            console.say(unfit.words(console))


def default_id(address: str) -> str:
    """A publisher's id from its site's address: unique as the address is, and valid as an id."""
    where = urlsplit(address)
    return "-".join(re.findall("[a-z0-9]+", f"{where.hostname}{where.path}".lower()))

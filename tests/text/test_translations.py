"""Words of the interface: the same keys in every language, each used, each in its language."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import PROGRAM
from generator.output.fingerprint import program_files
from generator.output.templates_loader import new_environment, package_templates
from generator.text.missing_word import MissingWord
from generator.text.translations import Words, words_of
from generator.text.urls import CHINESE, ENGLISH, counterpart, language_of

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = (
    "generator/output/templates/*.html",
    "generator/kinds/*/templates/*.html",
    "theme/*.html",
    "theme/partials/*.html",
    "theme/assets/*.js",
)


def _keys(words: Words) -> Iterator[tuple[str, str]]:
    """Every word by its path, with its text."""
    for name, held in words.items():
        if isinstance(held, str):
            yield name, held
        elif isinstance(held, list):
            yield name, "\n".join(held)
        else:
            yield from ((f"{name}.{key}", text) for key, text in _keys(held))


def _text(*patterns: str) -> str:
    paths = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return "\n".join(path.read_text("utf-8") for path in paths)


def _code() -> str:
    return "\n".join(path.read_text("utf-8") for path in program_files() if path.suffix == ".py")


def test_both_files_have_the_same_keys() -> None:
    """Nothing is said in one language alone; English fills every place that Chinese has."""
    held = {language: dict(_keys(words_of(language))) for language in (CHINESE, ENGLISH)}
    assert list(held[CHINESE]) == list(held[ENGLISH])
    for key, text in held[CHINESE].items():
        places = [set(re.findall(r"\{\w*\}", one)) for one in (text, held[ENGLISH][key])]
        assert places[0] <= places[1], key
        assert text.strip(), key


def test_a_missing_word_is_told_whichever_process_finds_it() -> None:
    """The word, who asks and the file to edit come back from another process as they were."""
    with pytest.raises(MissingWord) as caught:
        words_of(ENGLISH)["fact"]["unlike"]
    missing = caught.value
    assert (missing.word, missing.asker) == ("fact.unlike", __file__)
    assert missing.file == PROGRAM / "text/words/en.yaml"
    missing.kind = "visits"
    assert pickle.loads(pickle.dumps(missing)).file == PROGRAM / "kinds/visits/words.en.yaml"


def test_a_word_is_no_attribute() -> None:
    """What a template writes as `words.feeds.title` is the word, not what a group calls itself."""
    template = new_environment(package_templates()).from_string("{{ words.feeds.title }}")
    assert template.render(words=words_of(CHINESE)) == "訂閱與資料下載"
    taken = {
        key
        for language in (CHINESE, ENGLISH)
        for key, _ in _keys(words_of(language))
        if set(key.split(".")) & {name for name in dir(words_of(language)) if name[0] != "_"}
    }
    assert taken == set()


def test_english_words_hold_no_han() -> None:
    """A visitor's word is not left in Chinese."""
    han = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
    assert [text for _, text in _keys(words_of(ENGLISH)) if han.search(text)] == []


def test_every_word_is_used() -> None:
    """A word that neither a template, the theme nor the program names says nothing to anybody."""
    spoken, named = _text(*SPEAKING), set(re.findall(r"\"([a-z_]+)\"", _code()))
    named |= set(re.findall(r"'([a-z_]+)'", spoken)) | {
        part
        for name in re.findall(r"(?:words|say)((?:\.[a-z_]+)+)", spoken)
        for part in name.split(".")
    }
    assert [key for key, _ in _keys(words_of(CHINESE)) if key.rpartition(".")[2] not in named] == []


def test_the_language_of_a_page_follows_from_its_address() -> None:
    """Below `en/` stands English; each address has its counterpart, and that has the first."""
    assert [language_of(one) for one in ("", "en/", "en/visits/", "entries/", None)] == [
        *(CHINESE, ENGLISH, ENGLISH, CHINESE, CHINESE)
    ]
    for address in ("", "visits/105/2016-02-19-lantern/"):
        assert counterpart(address) == f"en/{address}"
        assert counterpart(counterpart(address)) == address

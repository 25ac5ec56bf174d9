"""Renders prose that cites figures: each number links to its place and names its source.

The prose is rendered and proved like any other; then references are filled in, and headings move
one level down, below the title of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape

from msgspec import Struct

from generator.content.record import Record
from generator.site.figures.citing import Cited, Misfit, Narrative, Placed, cite
from generator.site.kind import Site
from generator.text.figure_references import Binding, Bound, bindings
from generator.text.markdown import Heading, Resolve, read_prose, render_prose


class Setting(Struct, frozen=True, kw_only=True):
    """The functions that adapt a text to its page or document.

    `resolve` gives the address of a target, `frame` the attributes of an image in a record's
    folder, `own` the address of an anchor of the page itself, `link` that of a place (a fragment
    or "") on a record's page; `show` gives the HTML of a placed table, chart or list under its
    number.
    """

    resolve: Resolve
    frame: Callable[[Record, str], Mapping[str, str]]
    own: Callable[[str], str]
    link: Callable[[Record, str], str | None]
    show: Callable[[Placed, str], str]


NUMBERED = {"table": "表", "chart": "圖"}
"""The placed things that are numbered, with the prefix of their numbers."""
UNKNOWN = Bound('<span class="gb-cell-missing">（未公開）</span>', "（未公開）")
"""The replacement of a figure that the site does not show on its day."""

_HEADING = re.compile(r"<(?P<end>/?)h(?P<level>[2-5])(?: id=\"(?P<id>[^\"]*)\")?>")
_OWN = re.compile(r'href="#(?P<anchor>[^"]*)"')


class Part(Struct, frozen=True, kw_only=True):
    """A text as a part of a page: the prefix of its anchors, and the numbers of its tables.

    `numbers` gives `表1` or `圖1` by the place of a reference in the text.
    """

    record: Narrative
    anchor: str
    numbers: Mapping[int, str]


def parts(records: Iterable[Narrative]) -> tuple[Part, ...]:
    """The texts of one page as parts, with their tables and charts numbered consecutively."""
    counts: Counter[str] = Counter()
    numbered: list[Part] = []
    for place, record in enumerate(records, start=1):
        numbers: dict[int, str] = {}
        for binding in bindings(record.markdown):
            if binding.placed in NUMBERED:
                word = NUMBERED[binding.placed]
                counts[word] += 1
                numbers[binding.start] = f"{word}{counts[word]}"
        numbered.append(Part(record=record, anchor=f"s{place:02d}", numbers=numbers))
    return tuple(numbered)


def narrated(part: Part, site: Site, setting: Setting) -> str:
    """The HTML of a text, with headings a level lower and the part's prefix before their ids."""
    record, anchor = part.record, part.anchor
    lists = {named_list.id: named_list for named_list in record.lists}

    def bind(binding: Binding) -> Bound:
        target = cite(binding, site, lists)
        if isinstance(target, Misfit):
            return UNKNOWN
        if isinstance(target, Placed):
            return Bound(setting.show(target, part.numbers.get(binding.start, "")), "")
        return _cited(target, site, setting)

    frame = partial(setting.frame, record)
    html = render_prose(record.markdown, setting.resolve, bind, frame).html

    def own(match: re.Match[str]) -> str:
        return f'href="{setting.own(anchor + "-" + match[1])}"'

    return _OWN.sub(own, _HEADING.sub(_lowered(anchor), html))


def outline(part: Part) -> tuple[Heading, ...]:
    """The headings of a text, with the levels and anchors that `narrated` gives them."""
    headings = read_prose(part.record.markdown, bound=True).headings
    return tuple(Heading(h.title, f"{part.anchor}-{h.anchor}", h.level + 1) for h in headings)


def _lowered(anchor: str) -> Callable[[re.Match[str]], str]:
    def lower(match: re.Match[str]) -> str:
        id_attribute = f' id="{anchor}-{match["id"]}"' if match["id"] else ""
        return f"<{match['end']}h{int(match['level']) + 1}{id_attribute}>"

    return lower


def _cited(cited: Cited, site: Site, setting: Setting) -> Bound:
    """A figure as `<data>` or `<time>` with a link to its place."""
    citable, words = cited.citable, escape(cited.words, quote=False)
    title = escape(_source_of(cited, site))
    address = setting.link(cited.record, citable.fragment)
    inner = f'<a href="{escape(address)}" title="{title}">{words}</a>' if address else words
    tag, name = ("time", "datetime") if citable.day else ("data", "value")
    machine = escape(citable.machine)
    return Bound(f'<{tag} class="gb-cited" {name}="{machine}">{inner}</{tag}>', cited.words)


def _source_of(cited: Cited, site: Site) -> str:
    """The origin of a figure in words: the record, the figure's name there, its source."""
    label, title = site.kind(cited.record).label, site.title(cited.record)
    name = f"：{cited.citable.title}" if cited.citable.title else ""
    source = f"。資料來源：{cited.record.source}" if cited.record.source else ""
    return f"{label}「{title}」{name}{source}"

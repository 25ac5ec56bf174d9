"""The import of another gazette: its rows as entries, with one issue for each publication date.

A category that the site has by its name keeps its id.  Ids of other categories and of agencies come
from the name alone and not from its place in the file, so that a second import of a longer file
gives the same addresses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.content.field_types import Reading, Text
from generator.content.model import Origin, Problem, ScalarNode
from generator.site.intake import Categories, Intake, Row
from generator.text.dates import DateFault, parse_date, year_folder

UNNAMED, UNSORTED = "來源未載明", "其他"
"""The names of the agency and of the category of rows that have none."""
_JOINED = re.compile("[;；]")
Accepted = Sequence[tuple[Row, Mapping[str, Any]]]


def entry_fields(row: Row, categories: Categories) -> dict[str, Any]:
    """An entry's fields from a row, with texts as in the row."""
    keywords = row.get("keywords") or ()
    keywords = keywords.split(";") if isinstance(keywords, str) else keywords
    fields: dict[str, Any] = {
        "title": row.get("title") or "",
        "category": _category_id(row, categories),
        "form": "other",
        "issuers": [agency_id(name) for name in _agencies(row)],
        "document_numbers": [n.strip() for n in (row.get("doc_no") or "").split(";") if n.strip()],
        "dispatch_date": row.get("date_created") or row.get("date") or "",
        "keywords": list(dict.fromkeys(word for word in keywords if word)),
        "title_en": row.get("title_en") or "",
        "body": row.get("body") or "",
    }
    required = ("title", "dispatch_date", "body")
    return {name: value for name, value in fields.items() if value or name in required}


def _agencies(row: Row) -> list[str]:
    """The names of a row's agencies, each once; joint issuers have a semicolon between them."""
    names = [name.strip() for name in _JOINED.split(row.get("agency") or "")]
    return list(dict.fromkeys(filter(None, names))) or [UNNAMED]


def agency_id(name: str) -> str:
    """An id that follows from the name alone."""
    return f"a-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def _category(row: Row) -> str:
    return row.get("category") or UNSORTED


def _category_id(row: Row, categories: Categories) -> str:
    name = _category(row)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return categories.get(name) or f"c-{digest}"


def arrange(accepted: Accepted) -> dict[str, Any]:
    """The content tree: site, agencies, issues numbered within their year, entries."""
    names = sorted({name for row, _ in accepted for name in _agencies(row)})
    agencies = [{"id": agency_id(name), "names": [{"name": name}]} for name in names]
    issues: dict[str, list[Mapping[str, Any]]] = {}
    for row, fields in accepted:
        issues.setdefault(_iso(row), []).append(fields)
    numbers: dict[str, int] = {}
    tree: dict[str, Any] = {"site.yaml": _site(accepted), "agencies.yaml": agencies}
    width = _width(issues)
    for day in sorted(issues):
        year = year_folder(parse_date(day))
        numbers[year] = numbers.get(year, 0) + 1
        folder = f"gazette/{year}/{year}-{numbers[year]:0{width}d}"
        tree[f"{folder}/issue.yaml"] = {"publication_date": day}
        for sequence, fields in enumerate(issues[day], start=1):
            tree[f"{folder}/{sequence:02d}.yaml"] = fields
    return tree


def _iso(row: Row) -> str:
    return parse_date(str(row.get("date") or row.get("date_created"))).isoformat()


def _width(days: Iterable[str]) -> int:
    years = [day[:4] for day in set(days)]
    return max(3, *(len(str(years.count(year))) for year in years)) if years else 3


def _site(accepted: Accepted) -> dict[str, Any]:
    titles = {fields["category"]: _category(row) for row, fields in accepted}
    if not titles:  # a gazette has a category, even without rows
        titles = {_category_id({}, {}): UNSORTED}
    return {
        "title": "匯入的公報",
        "description": "由其他系統匯入的公報；請修改 site.yaml 的名稱、網址與發布機關。",
        "base_url": "https://example.org/",
        "publisher": {"id": "imported-gazette", "name": "發布機關"},
        "official": "false",
        "gazette": {
            "name": "公報",
            "number_width": str(_width(_iso(row) for row, _ in accepted)),
            "categories": [{"id": id_, "title": title} for id_, title in sorted(titles.items())],
        },
    }


def row_faults(row: Row) -> Iterator[Problem]:
    """The problems of a row beside its entry: no day that an issue has, or an invalid name."""
    try:
        year_folder(parse_date(_iso(row)))
    except DateFault as fault:
        values = {"value": str(row.get("date")), "label": "出刊日期", "field": "date"}
        values["near"] = fault.near
        yield Problem(
            code="date-invalid", origin=Origin(path=""), detail=fault.wording, values=values
        )
    reading = Reading([], {})
    for name in (*_agencies(row), _category(row)):
        Text(maximum=300).read(ScalarNode(text=name, origin=Origin(path="")), reading)
    yield from reading.problems


INTAKE = Intake(fields=entry_fields, faults=row_faults, arrange=arrange)

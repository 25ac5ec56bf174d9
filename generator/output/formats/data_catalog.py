"""Describes a site's tables for programs that look for data.

The formats are Frictionless Data Package 1.0 with a schema per table, DCAT 3 as JSON-LD, the fields
that data.gov.tw asks for, and schema.org's Dataset.  They list every file with its digest, so that
the owner of a copy can see what has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.content.model import Artifact, Dataset
from generator.content.public_identity import NO_OPEN_DATA, OpenData, telephone_link
from generator.content.settings import Settings
from generator.site.page_metadata import Thing, publisher, stated
from generator.site.report_link import mail_of
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH

PACKAGE, CATALOGUE = "datapackage.json", "data/catalog.jsonld"
NATIONAL = "data/data-gov-tw.json"
"""The file with the fields of Taiwan's open data platform."""
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""IANA media types by file extension."""
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_DAY_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
"""The types of days, months and years in ISO form, by their length."""
_LANGUAGE = {"@id": "http://publications.europa.eu/resource/authority/language/ZHO"}
_IANA = "https://www.iana.org/assignments/media-types/"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue_artifacts(
    datasets: Iterable[Dataset], settings: Settings, digests: Mapping[str, str]
) -> Iterator[Artifact]:
    """The package and the catalogue of tables; `digests` has the SHA-256 of each file's address.

    A table without rows is not offered.
    """
    tables = tuple(dataset for dataset in datasets if dataset.rows)
    yield Artifact(address=PACKAGE, content=_written(_package(tables, settings, digests)))
    yield Artifact(address=CATALOGUE, content=_written(_catalogue(tables, settings, digests)))
    national = {"datasets": [_national(table, settings) for table in tables]}
    yield Artifact(address=NATIONAL, content=_written(national))


def _written(tree: Mapping[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()


def _package(
    datasets: tuple[Dataset, ...], settings: Settings, digests: Mapping[str, str]
) -> dict[str, Any]:
    return stated(
        profile="tabular-data-package",
        name=settings.publisher.id,
        title=settings.title,
        description=settings.description,
        homepage=settings.base_url,
        licenses=_package_licences(settings),
        contributors=[
            stated(title=settings.publisher.name, role="publisher", email=mail_of(settings))
        ],
        resources=[_resource(dataset, digests) for dataset in datasets],
    )


def _package_licences(settings: Settings) -> list[dict[str, str]]:
    licence = settings.licensed
    return [{"name": licence.id, "path": licence.url, "title": licence.title}] if licence else []


def _resource(dataset: Dataset, digests: Mapping[str, str]) -> dict[str, Any]:
    path, about = f"{dataset.address}.csv", dataset.about
    sources = [{"title": about["source"]}] if "source" in about else []
    notes = (about.get("note", ""), *_csv_notes().values())
    return stated(
        profile="tabular-data-resource",
        name="-".join(dict.fromkeys(dataset.address.split("/"))),
        path=path,
        title=dataset.title,
        description="\n\n".join(filter(None, notes)),
        format="csv",
        mediatype=MEDIA_TYPES["csv"],
        encoding="utf-8",
        hash=f"sha256:{digests[path]}",
        sources=sources,
        schema={"fields": _fields(dataset), "missingValues": [""]},
    )


def _fields(dataset: Dataset) -> list[dict[str, str]]:
    """The columns under the titles of the file's first row, with the stable name as description."""
    return [
        {
            "name": title,
            "type": "number" if name in dataset.numbers else "string",
            "description": name,
        }
        for name, title in dataset.columns
    ]


def _catalogue(
    datasets: tuple[Dataset, ...], settings: Settings, digests: Mapping[str, str]
) -> dict[str, Any]:
    return stated(
        **{"@context": _CONTEXT, "@id": settings.base_url + CATALOGUE, "@type": "dcat:Catalog"},
        **{"dct:title": _text(settings.title), "dct:description": _text(settings.description)},
        **{"dct:publisher": _publisher(settings), "foaf:homepage": {"@id": settings.base_url}},
        **{"dct:license": _licence(settings), "dct:language": _LANGUAGE},
        **{"dcat:dataset": [_dataset(dataset, settings, digests) for dataset in datasets]},
    )


def _dataset(dataset: Dataset, settings: Settings, digests: Mapping[str, str]) -> dict[str, Any]:
    about, base = dataset.about, settings.base_url + dataset.address
    page = {"@id": about["url"]} if "url" in about else {}
    words = [_text(word) for word in about.get("topics", "").split("、") if word]
    files = [_file(dataset, base, form, settings, digests) for form in dataset.formats]
    return stated(
        **{"@id": f"{base}#dataset", "@type": "dcat:Dataset", "dct:title": _text(dataset.title)},
        **{"dct:description": _text(_description(dataset, settings)), "dct:language": _LANGUAGE},
        **{"dct:publisher": _publisher(settings), "dcat:landingPage": page},
        **{"dcat:contactPoint": _contact(settings), "dct:license": _licence(settings)},
        **{"dct:issued": _day(_issued(dataset)), "dct:modified": _day(_modified(dataset))},
        **{"dct:temporal": _temporal(dataset), "dcat:keyword": words},
        **{"dct:accrualPeriodicity": _labelled("dct:Frequency", _open_data(settings).frequency)},
        **{"dcat:theme": _theme(settings), "dct:provenance": _provenance(about)},
        **{"dcat:distribution": files},
    )


def _description(dataset: Dataset, settings: Settings) -> str:
    """The note of a table, or what its rows and columns are."""
    columns = "、".join(title for _, title in dataset.columns)
    whole = f"{settings.title}的「{dataset.title}」，每列一筆，欄位有{columns}。"
    return dataset.about.get("note", "") or whole


def _issued(dataset: Dataset) -> str:
    return dataset.about.get("published_on", "") or dataset.issued


def _modified(dataset: Dataset) -> str:
    return dataset.about.get("updated_on", "") or dataset.updated or _issued(dataset)


def _covered(dataset: Dataset) -> tuple[str, str]:
    """The first and last day that a table is about: its own period, or what its rows are about."""
    about = dataset.about
    day = about.get("as_of", "")
    first, last = about.get("period_from", "") or day, about.get("period_to", "") or day
    return (first or last, last) if last else dataset.covers


def _open_data(settings: Settings) -> OpenData:
    return settings.open_data or NO_OPEN_DATA


def _labelled(type_: str, text: str) -> dict[str, Any]:
    return {"@type": type_, _LABEL: _text(text)} if text else {}


def _theme(settings: Settings) -> dict[str, Any]:
    category = _open_data(settings).category
    return {"@type": "skos:Concept", "skos:prefLabel": _text(category)} if category else {}


def _licence(settings: Settings) -> dict[str, Any]:
    licence = settings.licensed
    return {"@id": licence.url} if licence else {}


def _contact(settings: Settings) -> dict[str, Any]:
    """The office as a contact point; none without a way to reach it."""
    contact, mail = settings.contact, mail_of(settings)
    number = telephone_link(contact.telephone) if contact else ""
    if not (mail or number):
        return {}
    return stated(
        **{"@type": "vcard:Organization", "vcard:fn": _text(_unit(settings))},
        **{"vcard:hasEmail": {"@id": f"mailto:{mail}"} if mail else {}},
        **{"vcard:hasTelephone": {"@id": number} if number else {}},
    )


def _unit(settings: Settings) -> str:
    """The name of the office that answers: the publisher's, with the unit's behind it."""
    return settings.publisher.name + (settings.contact.unit if settings.contact else "")


def _national(dataset: Dataset, settings: Settings) -> dict[str, Any]:
    """The fields of data.gov.tw for a table; what has no value is named in `missing`."""
    open_data, contact, (first, last) = _open_data(settings), settings.contact, _covered(dataset)
    base = settings.base_url + dataset.address
    columns = [{"name": title, "description": name} for name, title in dataset.columns]
    fields = {
        "title": dataset.title,
        "description": _description(dataset, settings),
        "categoryService": open_data.category,
        "type": "原始資料",
        "license": settings.licensed.title if settings.licensed else "",
        "cost": "免費",
        "publisher": settings.publisher.name,
        "publisherOID": settings.publisher.oid,
        "contactName": _unit(settings) if contact else "",
        "contactPhone": contact.telephone if contact else "",
        "contactEmail": mail_of(settings),
        "updateFrequency": open_data.frequency,
        "temporalCoverageFrom": first,
        "temporalCoverageTo": last,
        "issued": _issued(dataset),
        "modified": _modified(dataset),
        "language": "zh-TW",
        "distribution": [
            {
                "description": f"{dataset.title}（{form.upper()}）",
                "resourceField": columns,
                "format": form.upper(),
                "encoding": "UTF-8",
                "URL": f"{base}.{form}",
            }
            for form in dataset.formats
        ],
    }
    return {**fields, "missing": [name for name, value in fields.items() if not value]}


def _file(
    dataset: Dataset, base: str, form: str, settings: Settings, digests: Mapping[str, str]
) -> dict[str, Any]:
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": {
            "@value": digests[f"{dataset.address}.{form}"],
            "@type": "xsd:hexBinary",
        },
    }
    notes = [_text(note, language) for language, note in _csv_notes().items()]
    return {
        "@id": f"{base}.{form}",
        "@type": "dcat:Distribution",
        "dct:title": _text(f"{dataset.title}（{form.upper()}）"),
        **({"dct:description": notes} if form == "csv" else {}),
        "dcat:accessURL": {"@id": f"{base}.{form}"},
        "dcat:downloadURL": {"@id": f"{base}.{form}"},
        **({"dct:license": licence} if (licence := _licence(settings)) else {}),
        "dcat:mediaType": {"@id": _IANA + MEDIA_TYPES[form]},
        "spdx:checksum": checksum,
    }


def _csv_notes() -> dict[str, str]:
    """The note on guarded formulas in CSV files, by language.

    Every table gets it: finding out which ones need it would mean reading all their rows.
    """
    return {language: words_of(language)["feeds"]["guarded"] for language in (CHINESE, ENGLISH)}


def _text(text: str, language: str = CHINESE) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _day(day: str) -> dict[str, str]:
    return {"@value": day, "@type": _DAY_TYPES[len(day)]} if day else {}


def _publisher(settings: Settings) -> dict[str, Any]:
    name = _text(settings.publisher.name)
    return {"@id": f"{settings.base_url}#publisher", "@type": "foaf:Agent", "foaf:name": name}


def _temporal(dataset: Dataset) -> dict[str, Any]:
    first, last = _covered(dataset)
    if not last:
        return {}
    days = {"dcat:startDate": _day(first), "dcat:endDate": _day(last)}
    return {"@type": "dct:PeriodOfTime", **days}


def _provenance(about: Mapping[str, str]) -> dict[str, Any]:
    return _labelled("dct:ProvenanceStatement", about.get("source", ""))


def described_table(dataset: Dataset, settings: Settings) -> Thing:
    """The table as schema.org's Dataset, for its own page."""
    about, base = dataset.about, settings.base_url + dataset.address
    period = [about[name] for name in ("period_from", "period_to") if name in about]
    return stated(
        **{"@type": "Dataset"},
        name=dataset.title,
        description=" ".join(filter(None, (about.get("note"), about.get("source")))),
        inLanguage=CHINESE,
        isAccessibleForFree=True,
        creator=publisher(settings),
        license=settings.licensed.url if settings.licensed else None,
        datePublished=about.get("published_on"),
        dateModified=about.get("updated_on"),
        temporalCoverage="/".join(period) or about.get("as_of"),
        keywords=about.get("topics", "").split("、") if "topics" in about else [],
        measurementTechnique=about.get("method"),
        includedInDataCatalog={"@type": "DataCatalog", "url": settings.base_url + CATALOGUE},
        distribution=[
            {
                "@type": "DataDownload",
                "encodingFormat": MEDIA_TYPES[form],
                "contentUrl": f"{base}.{form}",
            }
            for form in dataset.formats
        ],
    )

"""Describes a site's tables for programs that look for data.

The formats are Frictionless Data Package 1.0 with a schema per table, DCAT 3 as JSON-LD, and
schema.org's Dataset.  They list every file with its digest, so that the owner of a copy can see
what has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.content.model import Artifact, Dataset
from generator.content.settings import Settings
from generator.site.page_metadata import Thing, publisher, stated
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH

PACKAGE, CATALOGUE = "datapackage.json", "data/catalog.jsonld"
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""IANA media types by file extension."""
_IANA = "https://www.iana.org/assignments/media-types/"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue_artifacts(
    datasets: Iterable[Dataset], settings: Settings, digests: Mapping[str, str]
) -> Iterator[Artifact]:
    """The package and the catalogue of tables; `digests` has the SHA-256 of each file's address."""
    tables = tuple(datasets)
    yield Artifact(address=PACKAGE, content=_written(_package(tables, settings, digests)))
    yield Artifact(address=CATALOGUE, content=_written(_catalogue(tables, settings, digests)))


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
        contributors=[{"title": settings.publisher.name, "role": "publisher"}],
        resources=[_resource(dataset, digests) for dataset in datasets],
    )


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
        **{"dcat:dataset": [_dataset(dataset, settings, digests) for dataset in datasets]},
    )


def _dataset(dataset: Dataset, settings: Settings, digests: Mapping[str, str]) -> dict[str, Any]:
    about, base = dataset.about, settings.base_url + dataset.address
    page = {"@id": about["url"]} if "url" in about else {}
    words = [_text(word) for word in about.get("topics", "").split("、") if word]
    return stated(
        **{"@id": f"{base}#dataset", "@type": "dcat:Dataset", "dct:title": _text(dataset.title)},
        **{"dct:description": _text(about.get("note", "") or dataset.title)},
        **{"dct:publisher": _publisher(settings), "dcat:landingPage": page},
        **{"dct:issued": _day(about.get("published_on", ""))},
        **{"dct:modified": _day(about.get("updated_on", ""))},
        **{"dct:temporal": _temporal(about), "dcat:keyword": words},
        **{"dct:provenance": _provenance(about)},
        **{"dcat:distribution": [_file(dataset, base, f, digests) for f in dataset.formats]},
    )


def _file(dataset: Dataset, base: str, form: str, digests: Mapping[str, str]) -> dict[str, Any]:
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
        "dcat:downloadURL": {"@id": f"{base}.{form}"},
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
    return {"@value": day, "@type": "xsd:date"} if day else {}


def _publisher(settings: Settings) -> dict[str, Any]:
    name = _text(settings.publisher.name)
    return {"@id": f"{settings.base_url}#publisher", "@type": "foaf:Agent", "foaf:name": name}


def _temporal(about: Mapping[str, str]) -> dict[str, Any]:
    start = about.get("period_from", "") or about.get("as_of", "")
    end = about.get("period_to", "") or about.get("as_of", "")
    if not end:
        return {}
    days = {"dcat:startDate": _day(start), "dcat:endDate": _day(end)}
    return {"@type": "dct:PeriodOfTime", **days}


def _provenance(about: Mapping[str, str]) -> dict[str, Any]:
    label = {"http://www.w3.org/2000/01/rdf-schema#label": _text(about.get("source", ""))}
    return {"@type": "dct:ProvenanceStatement", **label} if "source" in about else {}


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

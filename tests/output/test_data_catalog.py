"""Catalogues: every table is listed with its files, and what is said of a file is true."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pyld import jsonld

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.content.model import Artifact
from generator.output.formats.data_catalog import CATALOGUE, PACKAGE
from generator.text.translations import words_of
from generator.text.urls import CHINESE, ENGLISH

DCAT, DCT, SPDX = (
    "http://www.w3.org/ns/dcat#",
    "http://purl.org/dc/terms/",
    "http://spdx.org/rdf/terms#",
)


@pytest.fixture(scope="module")
def files(full_site: Options) -> dict[str, bytes]:
    """The files of the full site that are made of tables, by address."""
    site = examine(full_site).site
    assert site is not None
    held: tuple[Artifact, ...] = declare(site, full_site.loader).artifacts
    return {artifact.address: artifact.content for artifact in held}


def _offline(url: str, _: object) -> dict[str, Any]:
    """schema.org's context as far as its names go; any other asks the network."""
    assert url == "https://schema.org", f"asks for {url}"
    document = {"@context": {"@vocab": "https://schema.org/"}}
    return {"contextUrl": None, "documentUrl": url, "document": document}


def expanded(text: str | bytes) -> list[dict[str, Any]]:
    """JSON-LD with every name in full."""
    made: list[dict[str, Any]] = jsonld.expand(
        json.loads(text), {"documentLoader": _offline, "base": "https://example.org/"}
    )
    return made


def resources(files: dict[str, bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The resources of the data package with their bytes."""
    for resource in json.loads(files[PACKAGE])["resources"]:
        yield resource, files[resource["path"]]


def test_the_package_lists_every_csv(files: dict[str, bytes]) -> None:
    """No table is left out, none is named twice."""
    held = [resource for resource, _ in resources(files)]
    assert [r["path"] for r in held] == [name for name in files if name.endswith(".csv")]
    assert len({r["name"] for r in held}) == len(held) > 5


def test_what_the_package_says_of_a_file_is_true(files: dict[str, bytes]) -> None:
    """Digest, head and numbers are those of the file."""
    numbers = 0
    for resource, content in resources(files):
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        fields = resource["schema"]["fields"]
        assert rows.fieldnames == [field["name"] for field in fields]
        columns = [field["name"] for field in fields if field["type"] == "number"]
        numbers += sum(
            Decimal(row[name]).is_finite() for row in rows for name in columns if row[name]
        )
    assert numbers > 5


def test_a_csv_says_what_it_does_to_formulas(files: dict[str, bytes]) -> None:
    """The package says it of every file, the catalogue of CSV alone, in both languages."""
    told = [words_of(language)["feeds"]["guarded"] for language in (CHINESE, ENGLISH)]
    for resource, _ in resources(files):
        assert resource["description"].endswith("\n\n".join(told))
    described = 0
    for dataset in json.loads(files[CATALOGUE])["dcat:dataset"]:
        for one in dataset["dcat:distribution"]:
            notes = [note["@value"] for note in one.get("dct:description", ())]
            assert notes == (told if one["@id"].endswith(".csv") else [])
            described += bool(notes)
    assert described == len(list(resources(files)))


def test_the_catalogue_expands(files: dict[str, bytes]) -> None:
    """Without any network: names in full, a dataset a table, each file with its own digest."""
    (catalogue,) = expanded(files[CATALOGUE])
    assert catalogue["@type"] == [f"{DCAT}Catalog"]
    datasets = catalogue[f"{DCAT}dataset"]
    assert len(datasets) == len(list(resources(files)))
    told = {}
    for dataset in datasets:
        assert dataset["@type"] == [f"{DCAT}Dataset"]
        assert dataset[f"{DCT}title"][0]["@language"] == "zh-hant-tw"
        for file in dataset[f"{DCAT}distribution"]:
            url = file[f"{DCAT}downloadURL"][0]["@id"]
            value = file[f"{SPDX}checksum"][0][f"{SPDX}checksumValue"][0]["@value"]
            told[url.removeprefix("https://example.org/gongbao/")] = value
    wanted = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name.rpartition(".")[0] in {r["path"][:-4] for r, _ in resources(files)}
    }
    assert told == wanted


def test_a_statistics_dates_are_dates(files: dict[str, bytes]) -> None:
    """What a dataset says of its time is typed."""
    (catalogue,) = expanded(files[CATALOGUE])
    (fleet,) = [d for d in catalogue[f"{DCAT}dataset"] if d["@id"].endswith("/fleet#dataset")]
    day = "http://www.w3.org/2001/XMLSchema#date"
    assert fleet[f"{DCT}issued"] == [{"@type": day, "@value": "2016-05-06"}]
    (period,) = fleet[f"{DCT}temporal"]
    assert period[f"{DCAT}endDate"] == [{"@type": day, "@value": "2016-02-29"}]


def test_a_page_describes_its_dataset(full_site: Options) -> None:
    """schema.org's Dataset stands in the page and expands."""
    html = (full_site.site / "statistics/fleet/index.html").read_text(encoding="utf-8")
    _, _, rest = html.partition('<script type="application/ld+json">')
    held = expanded(rest.partition("</script>")[0])
    (dataset,) = [thing for thing in held if thing["@type"] == ["https://schema.org/Dataset"]]
    files = [
        file["https://schema.org/contentUrl"][0]["@value"].rpartition("/")[2]
        for file in dataset["https://schema.org/distribution"]
    ]
    assert files == ["fleet.csv", "fleet.json", "fleet.ods"]

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
from sample_sites import SITES, ScratchSite, files_below, options

from generator.build.examine import examine
from generator.build.expected_site import declare
from generator.build.options import Options
from generator.content.model import Artifact
from generator.output.formats.data_catalog import CATALOGUE, NATIONAL, PACKAGE
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
        and not name.endswith(".svg")  # a chart is a picture of the data
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


NEEDED = {
    f"{DCAT}Catalog": ("title", "description", "publisher", "license", "language"),
    f"{DCAT}Dataset": (
        *("title", "description", "publisher", "license", "language", "issued", "modified"),
        *("temporal", "accrualPeriodicity"),
    ),
    f"{DCAT}Distribution": ("title", "license"),
}
"""By class, terms of Dublin Core that each must have: DCAT-AP's, and what data.gov.tw asks for."""


def _shape_faults(thing: dict[str, Any]) -> Iterator[str]:
    """What an expanded object of the catalogue lacks, or has twice."""
    (sort,) = thing["@type"]
    for name in NEEDED[sort]:
        if len(thing.get(DCT + name, ())) != 1:
            yield f"{sort} {name}"
    own = {
        f"{DCAT}Dataset": (f"{DCAT}contactPoint", f"{DCAT}theme"),
        f"{DCAT}Distribution": (f"{DCAT}accessURL", f"{DCAT}downloadURL", f"{DCAT}mediaType"),
    }
    for term in own.get(sort, ()):
        if len(thing.get(term, ())) != 1:
            yield f"{sort} {term}"


def test_the_catalogue_has_the_shape_of_dcat(files: dict[str, bytes]) -> None:
    """Each class has what DCAT-AP wants of it, once, and the licence is an address."""
    (catalogue,) = expanded(files[CATALOGUE])
    datasets = catalogue[f"{DCAT}dataset"]
    distributions = [file for one in datasets for file in one[f"{DCAT}distribution"]]
    faults = [
        fault for one in (catalogue, *datasets, *distributions) for fault in _shape_faults(one)
    ]
    assert faults == []
    licences = {one[f"{DCT}license"][0]["@id"] for one in (catalogue, *datasets, *distributions)}
    assert licences == {"https://data.gov.tw/license"}
    (point,) = datasets[0][f"{DCAT}contactPoint"]
    mail = point["http://www.w3.org/2006/vcard/ns#hasEmail"]
    assert mail == [{"@id": "mailto:gazette@city.example"}]


FIELDS = (
    *("title", "description", "categoryService", "type", "license", "cost", "publisherOID"),
    *("contactName", "contactPhone", "contactEmail", "updateFrequency", "temporalCoverageFrom"),
    *("temporalCoverageTo", "issued", "modified", "language", "distribution"),
)


def test_every_field_of_the_platform_has_a_value(files: dict[str, bytes]) -> None:
    """An official site has all of them for every table, and each file its columns and form."""
    tables = json.loads(files[NATIONAL])["datasets"]
    assert len(tables) == len(list(resources(files)))
    for table in tables:
        assert table["missing"] == [], table["title"]
        assert {name for name in FIELDS if table[name]} == {*FIELDS}
        for file in table["distribution"]:
            assert file["resourceField"]
            assert file["URL"].endswith(file["format"].lower())
            assert {*file} == {"description", "resourceField", "format", "encoding", "URL"}


def test_a_field_without_a_value_is_named(scratch_site: ScratchSite) -> None:
    """A demonstration says of each table what it lacks, and nothing in its place."""
    chosen = options(scratch_site({}), SITES)
    site = examine(chosen).site
    assert site is not None
    held = {file.address: file.content for file in declare(site, chosen.loader).artifacts}
    for table in json.loads(held[NATIONAL])["datasets"]:
        assert table["missing"] == [name for name in FIELDS if not table[name]]
        assert {"license", "publisherOID", "contactPhone"} <= {*table["missing"]}
    assert "licenses" not in json.loads(held[PACKAGE])
    assert b"dct:license" not in held[CATALOGUE]


def test_licence_and_contact_stand_in_package_feeds_and_pages(
    files: dict[str, bytes], full_site: Options
) -> None:
    """The package, every feed and every public page's graph name the same licence."""
    package = json.loads(files[PACKAGE])
    assert package["licenses"][0]["name"] == "OGDL-Taiwan-1.0"
    assert package["contributors"][0]["email"] == "gazette@city.example"
    feeds = {name: c.decode() for name, c in files.items() if name.startswith("feeds/")}
    atom = [feed for name, feed in feeds.items() if name.endswith(".atom")]
    rss = [feed for name, feed in feeds.items() if name.endswith(".xml")]
    assert len(rss) == len(atom) > 5
    for feed in atom:
        assert "https://data.gov.tw/license</rights>" in feed
        assert "<email>gazette@city.example</email>" in feed
    for feed in rss:
        assert "https://data.gov.tw/license</copyright>" in feed
        assert "<managingEditor>gazette@city.example (測試市政府)</managingEditor>" in feed
    public = 0
    for name, path in files_below(full_site.site).items():
        html = path.read_text("utf-8") if name.endswith("/index.html") else ""
        if '<meta property="og:url"' in html:
            assert '"license":"https://data.gov.tw/license"' in html, name
            public += 1
    assert public > 80
    home = (full_site.site / "index.html").read_text("utf-8")
    assert '"telephone":"(02) 2345-6789 轉 123"' in home

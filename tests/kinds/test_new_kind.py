"""A new kind is one folder: the one below `sites/new-kind`, put into a copy of the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from edits import PROJECT, copied_project
from sample_sites import MINIMAL, SITES

NEW = SITES / "new-kind"
FOLDER = "generator/kinds/notices"
MOST = 150


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one folder more, and a small site in two languages with one notice."""
    root = copied_project(tmp_path_factory.mktemp("new-kind"))
    shutil.copytree(NEW / "notices", root / FOLDER, dirs_exist_ok=True)
    (root / "pyproject.toml").symlink_to(PROJECT / "pyproject.toml")
    (root / "tests").symlink_to(PROJECT / "tests")
    for name, text in MINIMAL.items():
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / name).write_text(text, "utf-8")
    settings = MINIMAL["site.yaml"].replace("handbook: false", "handbook: true")
    (root / "content/site.yaml").write_text(f"{settings}title_en: A City's Gazette\n", "utf-8")
    shutil.copytree(NEW / "content/notices", root / "content/notices")
    return root


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a command of the copied program does there."""
    command = [sys.executable, "-m", "generator", *words, "--as-of", "2016-06-01"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_its_python_is_short() -> None:
    """Page, list, feed, table, English and a check together are one screenful or three."""
    modules = (NEW / "notices").glob("*.py")
    assert 0 < sum(len(path.read_text("utf-8").splitlines()) for path in modules) <= MOST


def test_its_tests_lie_with_it(project: Path, tmp_path: Path) -> None:
    """They run alone, with the fixtures that all tests have, and see the check at work."""
    # without a folder of its own it would first remove what earlier runs left in the common one
    passing = ["-p", "no:cacheprovider", "--basetemp", str(tmp_path / "inner")]
    command = [sys.executable, "-m", "pytest", *passing, FOLDER]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_a_site_has_all_that_the_folder_describes(project: Path) -> None:
    """Page, list, feed, table, English page, navigation, sitemap and search follow from it."""
    built = run(project, "build")
    assert built.returncode == 0, built.stderr
    site = project / "site"
    page = (site / "notices/water/index.html").read_text("utf-8")
    assert "檔案閱覽室照常開放。" in page
    assert "截止日" in page
    assert "檔案室停水" in (site / "notices/index.html").read_text("utf-8")
    assert "檔案室停水" in (site / "feeds/notices.xml").read_text("utf-8")
    assert "檔案室停水" in (site / "feeds/news.xml").read_text("utf-8")
    assert "water,檔案室停水,2016-03-01,2016-03-31" in (site / "data/notices.csv").read_text(
        "utf-8"
    )
    english = (site / "en/notices/water/index.html").read_text("utf-8")
    assert "No water in the archive" in english
    assert "Until" in english
    assert "布告欄" in (site / "index.html").read_text("utf-8")
    assert "/notices/water/</loc>" in (site / "sitemap.xml").read_text("utf-8")
    assert "布告欄" in (site / "search/index.json").read_text("utf-8")
    assert "notices" in (site / "datapackage.json").read_text("utf-8")
    assert "notice-until" in (site / "handbook/codes/index.html").read_text("utf-8")
    verified = run(project, "verify")
    assert verified.returncode == 0, verified.stderr


def test_a_new_site_can_begin_with_it(project: Path) -> None:
    """`init` offers the kind, and writes the sample that lies in its folder."""
    answers = ["--name=小市布告", "--base-url=https://example.org/", "--publisher=小市政府"]
    answers += ["--agency=小市政府秘書處", "--kinds=notices", "--no-official"]
    begun = run(project, "init", "other", *answers)
    assert begun.returncode == 0, begun.stderr
    sample = project / "other/content/notices/2016-06-01-example.yaml"
    assert "text: 由小市政府秘書處公布。\npublished_on: 105-06-01\n" in sample.read_text("utf-8")
    assert "`gongbao new notices 檔名`" in (project / "other/README.md").read_text("utf-8")
    assert run(project, "check", "--strict", "--content", "other/content").returncode == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-TW", "截止日 2016-02-01 早於發布日期。"),
        ("en", "The last day, 2016-02-01, is before the day of publication."),
    ],
)
def test_its_check_speaks_both_languages(project: Path, language: str, words: str) -> None:
    """The message stands in the folder, and names file, line and code."""
    file = project / "content/notices/water.yaml"
    right = file.read_text("utf-8")
    file.write_text(right.replace("105-03-31", "105-02-01"), "utf-8")
    try:
        said = run(project, "check", "--lang", language)
    finally:
        file.write_text(right, "utf-8")
    assert said.returncode == 1
    assert words in said.stdout + said.stderr
    assert "content/notices/water.yaml:5" in said.stdout + said.stderr


MISSING = {
    "template": (
        f"{FOLDER}/templates/notice-body.html",
        '<div class="gb-prose">',
        '<div class="gb-prose">{{ words.notice.lead }}',
        ("notice", f"{FOLDER}/templates/notice-body.html", f"{FOLDER}/words.zh-Hant-TW.yaml"),
    ),
    "computed": (
        f"{FOLDER}/templates/notice.html",
        "<article>",
        "<article>{{ words.fact['un' ~ 'like'] }}",
        ("fact.unlike", f"{FOLDER}/templates/notice.html", f"{FOLDER}/words.zh-Hant-TW.yaml"),
    ),
    "shared-template": (
        f"{FOLDER}/words.en.yaml",
        "until:",
        "unlike:",
        (
            "fact.until",
            "generator/output/templates/english-record.html",
            f"{FOLDER}/words.en.yaml",
        ),
    ),
    "module": (
        f"{FOLDER}/kind.py",
        "    crumbs = ",
        (
            "    from generator.text.translations import words_of\n"
            '    words_of("en")["fact"]["board"]\n'
            "    crumbs = "
        ),
        ("fact.board", f"{FOLDER}/kind.py", f"{FOLDER}/words.en.yaml"),
    ),
}


@pytest.mark.parametrize("case", MISSING)
def test_a_word_that_is_missing_is_named_with_its_file(case: str, project: Path) -> None:
    """Whoever adds the kind reads the word, who asks for it and the file to edit; no traceback."""
    name, old, new, told = MISSING[case]
    file = project / name
    right = file.read_text("utf-8")
    file.write_text(right.replace(old, new, 1), "utf-8")
    try:
        said = run(project, "build", "--lang", "en", "--jobs", "2")
    finally:
        file.write_text(right, "utf-8")
    word, asker, words = told
    assert said.returncode == 2, said.stderr
    assert said.stderr.endswith(
        f"“{asker}” asks for the word “{word}”, which no words file has; the site is as it was. "
        f"Add it to {words}, and to the file of the other language.\n"
    )
    assert "Traceback" not in said.stderr


def test_an_editor_begins_one(project: Path) -> None:
    """`gongbao new` knows the kind, and what it writes names its fields."""
    begun = run(project, "new", "notices", "road")
    assert begun.returncode == 0, begun.stderr
    text = (project / "content/notices/road.yaml").read_text("utf-8")
    assert "until" in text
    (project / "content/notices/road.yaml").unlink()

"""With `--lang en` no command says a word of Chinese, whatever it is asked and however it ends.

The site of these tests is in English letters alone, so that any Chinese is the program's own.
"""

from __future__ import annotations

import ast
import re
import shutil
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from sealing import KEY, NAME, PUBLIC

from generator.build import examine
from generator.build.workers.dask_executor import Lack
from generator.commands import _cli
from generator.commands._cli import all_commands, main
from generator.commands._command_lines import command_line, command_lines, listed
from generator.commands._console import CLEAN, CONTENT, FAULT, USAGE
from generator.commands._progress_line import STAGES
from generator.content.messages import LANGUAGES
from generator.ledger.private_key import read_phrase, write_key
from generator.release.secret_key import KeyNotice
from generator.release.target import Outcome

COMMANDS = Path(_cli.__file__).parent
HAN = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff65]")
"""Chinese characters and the punctuation that goes with them."""
ENTRY = "gazette/105/105-001/01.yaml"
FILES: Mapping[str, str] = {
    "content/site.yaml": f"""\
title: Small Gazette
description: A small site.
base_url: https://example.org/
publisher: {{id: small-city, name: Small City}}
official: false
gazette:
  name: Small Gazette
  number_width: 3
  categories:
    - {{id: rule, title: Rules}}
record: on
sealing:
  keys:
    - key: {PUBLIC}
""",
    "content/agencies.yaml": "- {id: city, names: [{name: Small City}]}\n",
    "content/gazette/105/105-001/issue.yaml": "publication_date: 2016-01-05\n",
    f"content/{ENTRY}": """\
title: Filing of papers
category: rule
form: order
issuers: [city]
document_numbers: [SC-1050000001]
dispatch_date: 2016-01-04
body: Papers are filed. See [there](http://127.0.0.1:9/).
""",
    "source.txt": "There were 12 boats.\n",
    "no.pem": "none\n",
}
BEGUN = (
    "--name Ours --base-url https://example.org/ --publisher our-city:Ours --agency Ours"
    " --kinds all --no-official --ci github"
)
"""The answers that `init` would ask for."""
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content, sealed, signed and built."""
    root = tmp_path_factory.mktemp("english")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    write_key(root / "key.pem", KEY, read_phrase(None))
    for line in ("seal", f"sign {NAME} --key R/key.pem", "build"):
        assert main(_typed(line, root)) == CLEAN, line
    return root


def _typed(line: str, root: Path) -> list[str]:
    """A line as typed, `R` standing for the folder; in English, with the folders named."""
    folders = f"--content={root}/content --work={root}/build --site={root}/site"
    command, *rest = line.split() or [""]
    given = [*folders.split(), "--as-of=2016-06-01"] if command.isalpha() else []
    words = [word for word in (command, *given, *rest, "--lang", "en") if word]
    return [re.sub("^R/", f"{root}/", word) for word in words]


def _english(line: str, root: Path, capsys: Captured) -> tuple[int, str]:
    """How a line ended, and what it printed, which has no Chinese."""
    capsys.readouterr()
    try:
        code = main(_typed(line, root))
    except SystemExit as ended:
        code = int(ended.code or 0)
    told = "".join(capsys.readouterr())
    assert HAN.findall(told) == [], told
    return code, told


USUAL = {
    "check": ("check", CLEAN),
    "build": ("build --timings --jobs 1 --keep 3", CLEAN),
    "verify": ("verify", CLEAN),
    "rollback": ("rollback", USAGE),
    "clean": ("clean", CLEAN),
    "serve": ("serve --built --port 99999", USAGE),
    "seal": ("seal", CLEAN),
    "redact": ("redact gazette:105-001-01 --ground law", USAGE),
    "key": (f"key show {NAME} --file R/key.pem", CLEAN),
    "sign": (f"sign {NAME} --key R/key.pem", USAGE),
    "audit": ("audit R/site", CLEAN),
    "new": ("new issues 106-001", CLEAN),
    "figures": ("figures", CLEAN),
    "init": (
        f"init R/made {BEGUN}",
        CLEAN,
    ),
    "import": ("import R/no.pem --into R/made", USAGE),
    "links": ("links --patience 1", CLEAN),
    "ping": ("ping", USAGE),
    "mail": ("mail 105-001", USAGE),
    "schema": ("schema", USAGE),
    "sources": ("sources R/source.txt", CONTENT),
}
"""A usual way to use each command, and its exit code."""


@pytest.mark.parametrize("command", [command.name for command in all_commands()])
def test_a_command_speaks_english(
    command: str, sealed: Path, tmp_path: Path, capsys: Captured
) -> None:
    """Its usual use, its use on a broken content, wrong use and `--help`."""
    root = tmp_path / "root"
    shutil.copytree(sealed, root, symlinks=True)
    line, code = USUAL[command]
    ended, told = _english(line, root, capsys)
    assert (ended, "Traceback" in told) == (code, False), told
    assert _english(f"{command} --help", root, capsys)[0] == CLEAN
    for wrong in ("--none", "--as-of x", "--format xml", "--draft=1", "--s 1", "--record"):
        assert _english(f"{command} {wrong}", root, capsys)[0] == USAGE
    if command != "serve":  # which waits for the content to be mended
        nowhere = (CLEAN,) if command == "clean" else (USAGE, CONTENT)
        assert _english(command, root / "nowhere", capsys)[0] in nowhere
        (root / "content" / ENTRY).write_text("title: [\n", "utf-8")
        _english(line, root, capsys)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", USAGE),
        ("publish", USAGE),
        ("--help", CLEAN),
        ("build --jobs 0", USAGE),
        ("build --executor tcp://x", USAGE),
        ("build --work R/content/x", USAGE),
        ("build --work R/source.txt/x", USAGE),
        ("build --quiet --site R/source.txt", USAGE),
        ("verify --site R/none", USAGE),
        ("rollback --site R/none", USAGE),
        ("serve --built --site R/none", USAGE),
        ("serve --port http", USAGE),
        ("links --patience soon", USAGE),
        ("links --private --patience 1", CLEAN),
        ("key new example.org/b --file R/key.pem", USAGE),
        ("key new a+b --file R/b.pem", USAGE),
        ("key new example.org/b --file R/c.pem", CLEAN),
        ("key show example.org/b --file R/no.pem", USAGE),
        ("key show example.org/b --file R/none", USAGE),
        ("sign example.org/b --key R/key.pem", USAGE),
        ("sign example.org/b --key R/no.pem", USAGE),
        ("sign example.org/b --key R/none", USAGE),
        ("redact 105-001-01 --ground law", USAGE),
        ("redact gazette:105-001-09 --ground law", USAGE),
        ("seal --backfill=", USAGE),
        ("audit R/none", USAGE),
        ("audit R/site --keys R/no.pem", USAGE),
        ("init R/made --kinds none", USAGE),
        ("init R/made --kinds all --name Ours --base-url example.org", USAGE),
        ("init R", USAGE),
        ("new", USAGE),
        ("new issues x", USAGE),
        ("new sections", USAGE),
        ("new gazette 107-001", USAGE),
        ("new gazette --corrects 109-001-01", USAGE),
        ("new gazette --personal-data --corrects 105-001-01 105-001", CLEAN),
        ("sources R/none", USAGE),
    ],
)
def test_a_refusal_speaks_english(
    line: str, code: int, sealed: Path, tmp_path: Path, capsys: Captured
) -> None:
    """What a command cannot do is said in English, and so is wrong use."""
    root = tmp_path / "root"
    shutil.copytree(sealed, root, symlinks=True)
    ended, told = _english(line, root, capsys)
    assert (ended, "Traceback" in told) == (code, False), told
    assert told


@pytest.mark.parametrize(
    "typed", ["check --lang=en --no", "--lang en nothing", "check --no --la en"]
)
def test_the_language_is_known_before_anything_else(typed: str, capsys: Captured) -> None:
    """Wherever it stands and however it is written; a word after it may be wrong."""
    with pytest.raises(SystemExit):
        main(typed.split())
    told = capsys.readouterr().err
    assert told.startswith("usage: gongbao")
    assert "error: " in told
    assert not HAN.search(told)


def test_a_language_before_the_command_counts(sealed: Path, capsys: Captured) -> None:
    """`gongbao --lang en check` is `gongbao check --lang en`."""
    assert main(["--lang", "en", "check", "--content", str(sealed / "content")]) == CLEAN
    assert "records read: 0 errors" in capsys.readouterr().err


HOSTS = "mail.example.org 或 mail.example.org:587"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("check --no", "沒有這些引數：--no"),
        ("check --format", "引數 --format：後面須有一個值"),
        ("check --format xml", "引數 --format：不能是 'xml'，可用的有 'text', 'json', 'github'"),
        ("check --draft=1", "引數 --draft：這個選項不能有值，多了 '1'"),
        ("build --jobs 0", "引數 --jobs：須為 1 至 999999 的整數：0"),
        ("build --keep 1000000", "引數 --keep：須為 1 至 999999 的整數：1000000"),
        (f"mail 1 --rate {'9' * 5000}", f"引數 --rate：須為 1 至 999999 的整數：{'9' * 5000}"),
        (
            f"mail 1 --server a:{'9' * 5000}",
            f"引數 --server：不是郵件伺服器：a:{'9' * 5000}（例如 {HOSTS}）",
        ),
        ("serve --port x", "引數 --port：須為整數：'x'"),
        ("links --patience x", "引數 --patience：須為大於 0、不超過 3600 的秒數：x"),
        *(
            (
                f"{command} --patience={value}",
                f"引數 --patience：須為大於 0、不超過 3600 的秒數：{value}",
            )
            for command in ("links", "ping")
            for value in ("0", "-1", "nan", "inf", "1e10")
        ),
        ("sources", "缺少必要的引數：file"),
        ("seal --s", "選項 --s 可以是 --site, --strict, --strict-figures，請寫完整"),
    ],
)
def test_wrong_use_is_explained_in_chinese(typed: str, said: str, capsys: Captured) -> None:
    """Argparse's own words are in the language of the run as well."""
    with pytest.raises(SystemExit):
        main(typed.split())
    told = capsys.readouterr().err
    command = typed.split(maxsplit=1)[0]
    assert told.startswith(f"用法： gongbao {command} [-h]")
    assert told.endswith(f"\ngongbao {command}: 錯誤：{said}\n")


def test_help_is_in_chinese(capsys: Captured) -> None:
    """Headings and the line of use are not argparse's."""
    with pytest.raises(SystemExit):
        main(["sources", "--help"])
    told = capsys.readouterr().out
    assert told.startswith("用法： gongbao sources [-h]")
    assert "\n引數:\n" in told
    assert "\n選項:\n" in told
    assert "usage" not in told


def test_our_own_fault_speaks_english(
    sealed: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The maintainer's trace aside, an editor reads English; trouble with the disk too."""
    root = tmp_path / "root"
    shutil.copytree(sealed / "content", root / "content")

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(examine, "examine_session", fail)
    fault: Exception = ZeroDivisionError("planted")
    assert _english("build", root, capsys)[0] == FAULT
    for number in (28, 5, 13, 95):
        fault = OSError(number, "planted", "x")
        code, told = _english("build", root, capsys)
        assert code == USAGE
        assert "“x” cannot be written: " in told


def _values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


def test_both_languages_have_the_same_lines() -> None:
    """Names, values and their order in the file agree, and English has no Chinese."""
    chinese, english = map(command_lines, LANGUAGES)
    assert list(chinese) == list(english)
    differing = [name for name in chinese if _values(chinese[name]) != _values(english[name])]
    assert differing == []
    assert [line for line in english.values() if HAN.search(line)] == []


def _literals(tree: ast.Module) -> Iterable[str]:
    """The texts of a module that are no docstrings."""
    beside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in beside
        ):
            yield node.value


def test_no_command_has_chinese_in_its_code() -> None:
    """What a command says stands in the files of lines, where the other language is at hand."""
    found = [
        (path.name, text)
        for path in sorted(COMMANDS.glob("*.py"))
        for text in _literals(ast.parse(path.read_text("utf-8")))
        if HAN.search(text)
    ]
    assert found == []
    assert not HAN.search((COMMANDS / "preview.js").read_text("utf-8"))


def test_every_state_that_is_told_has_a_line() -> None:
    """Stages, what a cluster lacks, what becomes of a key or a site: each has its words."""
    wanted = {
        *(f"stage-{stage}" for stage in STAGES),
        *(f"cluster-{lack}" for lack in Lack),
        *(f"key-{notice}" for notice in KeyNotice),
        *(f"outcome-{outcome.value}" for outcome in Outcome),
        *(f"about-{command.name}" for command in all_commands()),
    }
    assert wanted - command_lines("en").keys() == set()


def test_counts_choose_their_noun() -> None:
    """One is in the singular, none and many in the plural; lists are parted by their language."""
    said = [command_line("verified", "en", pages=n, faults=1 - n) for n in (0, 1)]
    assert said == ["0 pages verified: 1 difference.", "1 page verified: 0 differences."]
    assert command_line("verified", "zh-TW", pages=1, faults=0) == "已核對 1 頁：0 處不符。"
    assert [listed(["a", "b", "c"], language) for language in LANGUAGES] == ["a、b、c", "a, b, c"]

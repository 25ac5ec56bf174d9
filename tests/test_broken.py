"""Every problem as an editor reads it: one folder of broken content a code, word for word.

The folders lie in `tests/broken/`, or with a kind in its `tests/broken/`.
`pytest --rewrite` accepts new words; a code that needs a site, a link or a large file has a
scenario test instead, named in `SCENARIOS`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from sample_sites import AS_OF, MINIMAL, ScratchSite, examine_folder

from generator import PROGRAM
from generator.commands._cli import main
from generator.content.files import line_of
from generator.content.messages import LANGUAGES, as_text, messages, worded
from generator.content.model import Origin, Problem
from generator.content.yaml_reader import SIZE_LIMIT

TESTS = Path(__file__).parent
OF_KINDS = (PROGRAM / "kinds").glob("*/tests/broken/*")
BROKEN = {path.name: path for path in (*(TESTS / "broken").iterdir(), *OF_KINDS)}
CODES = sorted(BROKEN)
EXPECTED = {"zh-TW": "expected.txt", "en": "expected.en.txt"}
ENTRY = "gazette/105/105-001/01.yaml"
PROMISES = "../generator/kinds/statistics/tests/test_published_figures.py"
MEETINGS = "../generator/kinds/meetings/tests/test_meetings.py"
SCENARIOS: Mapping[str, str] = {
    "site-missing": "commands/test_cli.py::test_a_folder_without_content_is_a_content_problem",
    "reference-dangling/none": "text/test_likeness.py::test_no_record_is_suggested_to_itself",
    "site-missing/near": "text/test_likeness.py::test_settings_under_another_name_are_told_once",
    "file-large": "test_broken.py::test_a_large_file_is_named",
    "file-large/attachment": (
        "content/test_attachment_limit.py::test_a_file_beyond_the_limit_is_named"
    ),
    "file-large/picture": (
        "content/test_attachment_limit.py::test_a_picture_that_nothing_could_open_is_named"
    ),
    "file-link": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-link/folder": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-link/dangling": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-link/loop": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-special/pipe": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-special/device": "content/test_safe_open.py::test_a_device_is_named",
    "file-special/socket": "content/test_safe_open.py::test_whatever_is_no_file_is_named_once",
    "file-replaced": (
        "content/test_safe_open.py::test_an_attachment_that_changes_during_a_build_stops_it"
    ),
    "file-stray/encoding": "test_broken.py::test_a_name_that_is_no_text_is_named",
    "file-name-clash": "test_broken.py::test_names_that_clash_are_named",
    "official-needs/contact": "site/test_official.py::test_an_official_site_is_told_all_it_lacks",
    "old-address-many": "site/test_redirects.py::test_more_rules_than_are_read_are_told",
    "figure-loose": "site/test_proofreading.py::test_strict_figures_name_each_loose_number",
    "revision-missing": "build/test_history.py::test_a_change_after_publication_needs_a_note",
    "text-form/clock": f"{MEETINGS}::test_a_time_of_day_has_one_form",
    "directive-gone": f"{MEETINGS}::test_a_published_directive_does_not_go",
    "directive-gone/part": f"{MEETINGS}::test_no_extension_or_report_goes",
    "directive-moved/part": f"{MEETINGS}::test_a_published_day_or_text_changes_with_a_note_only",
    "directive-moved": f"{MEETINGS}::test_the_first_due_day_stays",
    "text-form/key": "ledger/test_gate.py::test_settings_of_seals_are_checked",
    "text-form/origin": "ledger/test_gate.py::test_settings_of_seals_are_checked",
    "hub-refused/fragment": "commands/test_ping.py::test_a_wrong_hub_is_refused",
    "sealing-key": "ledger/test_gate.py::test_settings_of_seals_are_checked",
    **{
        f"sealing-release/{detail}": (
            "ledger/test_release_keys.py::test_settings_of_releases_are_checked"
        )
        for detail in ("key", "record", "both", "sizes")
    },
    "record-ledger/release": (
        "ledger/test_release_keys.py::test_a_release_that_a_checkpoints_key_signed_is_told"
    ),
    "record-ledger/use": ("ledger/test_release_keys.py::test_a_release_key_signs_no_checkpoint"),
    **{
        f"audit-release/{detail}": (
            "build/test_signed_releases.py::test_an_audit_says_what_a_signature_is_worth"
        )
        for detail in ("gone", "signature", "keys", "list")
    },
    "sealing-threshold": "ledger/test_gate.py::test_settings_of_seals_are_checked",
    "record-changed": (
        "ledger/test_gate.py::test_a_change_is_named_with_field_file_line_and_ways_out"
    ),
    "record-changed/redacted": "ledger/test_gate.py::test_a_removal_leaves_a_stub",
    "record-changed/digest": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "record-changed/file": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "record-removed": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "record-removed/broken": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "year-spelling/published": "build/test_history.py::test_the_memory_says_how_years_are_spelled",
    "year-spelling/sealed": "ledger/test_gate.py::test_the_log_says_how_years_are_spelled",
    "record-moved": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "record-backdated": "ledger/test_gate.py::test_an_offence_is_refused_by_its_code",
    "record-truncated": "ledger/test_gate.py::test_a_shorter_ledger_is_told",
    "record-forked": "ledger/test_gate.py::test_a_ledger_written_anew_is_told",
    "record-forked/form": "ledger/test_gate.py::test_a_ledger_written_anew_is_told",
    "record-forked/origin": "ledger/test_gate.py::test_a_ledger_written_anew_is_told",
    "record-ledger/form": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/size": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/end": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/line": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/number": (
        "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line"
    ),
    "record-ledger/twice": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/short": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/root": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/day": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-ledger/consistency": (
        "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line"
    ),
    "record-ledger/signature": (
        "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line"
    ),
    "personal-elsewhere/none": "content/test_personal_data.py::test_service_elsewhere_is_told",
    "attachment-unread/encrypted": "content/test_attachment_texts.py::test_every_reason_has_words",
    "attachment-unread/large": "content/test_attachment_texts.py::test_every_reason_has_words",
    "expired-sealed": "ledger/test_gate.py::test_an_expired_seal_wants_a_word",
    "record-open": "ledger/test_gate.py::test_a_damaged_ledger_is_named_with_file_and_line",
    "record-forked/text": "ledger/test_gate.py::test_a_checkpoint_that_was_dated_anew_is_told",
    "record-off": "ledger/test_gate.py::test_what_was_begun_is_not_switched_off",
    "record-unsigned": "ledger/test_gate.py::test_signatures_that_no_longer_suffice_are_told",
    "record-ledger/redaction": "ledger/test_gate.py::test_a_damaged_redaction_is_named",
    "record-ledger/origin": "ledger/test_gate.py::test_a_log_belongs_to_one_name",
    "audit-none": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-alone": "build/test_audit.py::test_a_site_without_its_log_or_list_is_told",
    "audit-signature": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-log": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-kept": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-record": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-unsealed": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-missing": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-proof": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-place": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-file": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-page": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-page/gone": "build/test_audit_inputs.py::test_what_is_malformed_is_a_finding",
    "audit-page/words": "build/test_page_audit.py::test_words_that_are_none_are_told",
    "audit-page/unknown": "build/test_page_audit.py::test_a_record_of_a_later_program_is_a_remark",
    "audit-page/partial": "build/test_page_audit.py::test_a_part_of_a_site_is_compared",
    "audit-beside": "build/test_page_audit.py::test_what_no_seal_covers_is_told_once",
    "audit-manifest": "build/test_audit.py::test_a_forged_site_is_told",
    "audit-manifest/line": "build/test_audit_inputs.py::test_what_is_malformed_is_a_finding",
    "audit-record/form": "build/test_audit_inputs.py::test_what_is_malformed_is_a_finding",
    "audit-special": "build/test_audit_inputs.py::test_no_link_pipe_or_closed_folder_is_read",
    "audit-special/link": "build/test_audit_inputs.py::test_no_link_pipe_or_closed_folder_is_read",
    "audit-special/folder": (
        "build/test_audit_inputs.py::test_no_link_pipe_or_closed_folder_is_read"
    ),
    "audit-special/file": "build/test_audit_inputs.py::test_no_link_pipe_or_closed_folder_is_read",
    "audit-special/large": "build/test_audit_inputs.py::test_no_link_pipe_or_closed_folder_is_read",
    "figure-changed": f"{PROMISES}::test_a_figure_that_changes_needs_a_note",
    "figure-changed/gone": f"{PROMISES}::test_a_figure_that_goes_needs_a_note",
    "target-removed": f"{PROMISES}::test_a_target_that_goes_needs_a_note",
    "target-softened": f"{PROMISES}::test_a_softened_target_needs_a_note",
    "record-gone": "build/test_history.py::test_an_entry_that_goes_is_named",
    "record-gone/figures": f"{PROMISES}::test_a_statistic_that_goes_is_pointed_out",
    "published-unsealed": "build/test_history.py::test_a_build_names_what_the_memory_lacks",
    "published-line": "build/test_history.py::test_a_malformed_memory_is_named_with_its_line",
    "published-line/conflict": "build/test_history.py::test_marks_of_a_merge_are_told",
    "published-line/twice": "build/test_history.py::test_two_lines_of_one_record_are_told",
    "link-dead": "site/test_outgoing_links.py::test_dead_links_are_named_with_file_and_line",
    "link-dead/silent": "site/test_outgoing_links.py::test_dead_links_are_named_with_file_and_line",
    "link-unasked": "commands/test_private_links.py::test_a_private_address_is_told_and_not_asked",
    "link-unasked/onward": (
        "commands/test_private_links.py::test_a_private_address_is_told_and_not_asked"
    ),
    "link-moved": "site/test_outgoing_links.py::test_dead_links_are_named_with_file_and_line",
    "clock-early": "build/test_day_check.py::test_a_clock_before_the_shown_site_publishes_nothing",
    "clock-early/sealed": "build/test_day_check.py::"
    "test_a_clock_before_the_newest_checkpoint_changes_nothing",
    "day-early": "build/test_day_check.py::test_a_named_day_is_obeyed_and_pointed_out",
    "day-early/sealed": (
        "build/test_day_check.py::test_a_day_before_the_newest_checkpoint_is_pointed_out"
    ),
    "verify-missing": "build/test_verify.py::test_a_missing_file_is_named",
    "verify-undeclared": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-altered": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-altered/text": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-content": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-head": "build/test_verify.py::test_a_damaged_head_is_named_by_its_line",
    "verify-cut-off": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-link": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-anchor": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-sitemap": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-sitemap/unreadable": "build/test_verify.py::test_a_fault_is_found_by_its_sense",
    "verify-manifest": "build/test_verify.py::test_a_lost_list_of_digests_is_named_once",
}
"""Codes without a folder, and the test that plants each."""


def examined_folder(code: str, scratch_site: ScratchSite) -> tuple[Path, tuple[Problem, ...]]:
    """The content of a folder, laid over the minimal site, and its problems."""
    folder = BROKEN[code] / "content"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = scratch_site(files)
    return content, examine_folder(content).problems


@pytest.mark.parametrize("code", CODES)
def test_an_editor_reads_these_words(code: str, rewrite: bool, scratch_site: ScratchSite) -> None:
    """Place, finding, marked line and remedy stand as expected, in both languages."""
    content, problems = examined_folder(code, scratch_site)
    assert {problem.code for problem in problems} == {code}
    for language in LANGUAGES:
        texts = [
            as_text(problem, "content", lambda *at: line_of(content, *at), language)
            for problem in problems
        ]
        written = "\n\n".join(texts) + "\n"
        if language == "en":
            assert [_own_chinese(problem, content) for problem in problems] == [[]] * len(problems)
        expected = BROKEN[code] / EXPECTED[language]
        if rewrite:
            expected.write_text(written, encoding="utf-8")
        assert written == expected.read_text(encoding="utf-8")


PROPOSED = {
    "attachment-author": "a name that stands in the attachment",
    "text-simplified": "the characters that the text should have",
    "text-unusual": "the characters that the text should have",
    "figures-differ": "a field of a visit, whose title is Chinese alone",
}
"""Codes whose English words quote Chinese that no file of the content has as text, and which."""


def _own_chinese(problem: Problem, content: Path) -> list[str]:
    """Chinese of the program's own in the English words of a problem: none of the content's."""
    if problem.code in PROPOSED:
        return []
    wording, row = worded(problem, "en"), messages("en")[row_of(problem)]
    files = [path for path in content.rglob("*") if path.is_file()]
    sources = "".join((*map(str, files), row.sentence, row.remedy))
    sources += "".join(path.read_bytes().decode(errors="ignore") for path in files)
    said = f"{wording.sentence} {wording.remedy}".replace("／", " ")  # between row and column
    runs = re.findall("[\u3001-\u303f\u31c0-\u9fff\uff00-\uffef]+", said)
    lists = re.findall("[^\\s、“”]、[^\\s、“”]", said)  # a comma alone may be the content's
    return [run for run in (*runs, *lists) if run not in sources]


def row_of(problem: Problem) -> str:
    """The line of `messages/` that words a problem."""
    exact = f"{problem.code}/{problem.detail}"
    return exact if exact in messages(LANGUAGES[0]) else problem.code


@pytest.mark.parametrize(
    ("typed", "column", "length", "before", "marks"),
    [
        ("title: 公告", 8, 2, 7, 4),
        ("title: e\u0301e\u0301", 8, 4, 7, 2),
        ("title: 葛\U000e0100城", 10, 1, 9, 2),
        ("title: 甲\u200b乙", 9, 1, 9, 1),
        ("title: 甲\u202e乙", 9, 1, 9, 1),
        ("title: 甲", 8, 40, 7, 2),
        ("title: " + "甲" * 400, 8, 400, 7, 186),
    ],
)
def test_marks_stand_below_what_they_mark(
    typed: str, column: int, length: int, before: int, marks: int
) -> None:
    """Marks are as wide as what is shown: letters joined to others take no column of their own."""
    origin = Origin(path="a.yaml", line=1, column=column, length=length)
    problem = Problem(code="text-line-break", origin=origin, values={"field": "a", "label": "甲"})
    shown = as_text(problem, "", lambda *_: typed, "en").split("\n")[2]
    assert shown == f"     | {' ' * before}{'^' * marks}"


def test_every_wording_is_read_by_a_test(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each line of `messages/` belongs to a folder or to a named scenario; none lies idle."""
    used: set[str] = set()
    for code in CODES:
        root = tmp_path_factory.mktemp(code)

        def make(files: Mapping[str, str | bytes], root: Path = root) -> Path:
            for name, text in {**MINIMAL, **files}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return root

        used |= {row_of(problem) for problem in examined_folder(code, make)[1]}
    assert sorted(messages("zh-TW")) == sorted({*used, *SCENARIOS})
    assert list(messages("en")) == list(messages("zh-TW"))
    assert used.isdisjoint(SCENARIOS)


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS.values())))
def test_every_scenario_is_there(scenario: str) -> None:
    """A scenario names a test that exists."""
    file, _, name = scenario.partition("::")
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "stop"), [("zh-TW", "。"), ("en", ".")])
def test_every_sentence_ends(language: str, stop: str) -> None:
    """A finding is one sentence; what to do ends in a stop or in the word to use."""
    for code, wording in messages(language).items():
        assert wording.sentence.endswith(stop), code
        assert wording.remedy.endswith((stop, "？", "?", "}")), code


def test_a_large_file_is_named(scratch_site: ScratchSite) -> None:
    """A file of more than four megabytes is refused before it is parsed."""
    content = scratch_site({ENTRY: "body: " + "檔" * (SIZE_LIMIT // 3 + 1)})
    (problem,) = examine_folder(content).problems
    assert (problem.code, problem.origin.path) == ("file-large", ENTRY)
    assert worded(problem, "zh-TW").sentence == "檔案超過 4 MB。"


@pytest.mark.parametrize(
    ("path", "detail"),
    [("gaz/a.txt", "folder"), ("p/a.txt", "folder"), ("a.txt", "folder"), ("gazette/a.txt", "")],
)
def test_a_folder_is_known_by_its_whole_name(
    path: str, detail: str, scratch_site: ScratchSite
) -> None:
    """The beginning of a folder's name is another folder, which belongs to nothing."""
    (problem,) = examine_folder(scratch_site({path: "x"})).problems
    assert (problem.code, problem.detail, problem.origin.path) == ("file-stray", detail, path)


def test_names_that_clash_are_named(scratch_site: ScratchSite) -> None:
    """Names that differ in case or Unicode form alone are refused, the second by the first."""
    names = ("A.txt", "a.txt", "e\u0301.txt", "\u00e9.txt")
    listed = ", ".join(f"{{path: {name}, title: 甲}}" for name in names)
    files = {f"gazette/105/105-001/01/{name}": "x" for name in names}
    content = scratch_site({ENTRY: f"{MINIMAL[ENTRY]}attachments: [{listed}]\n", **files})
    problems = examine_folder(content).problems
    assert [(p.code, p.origin.path.rpartition("/")[2]) for p in problems] == [
        ("file-name-clash", "a.txt"),
        ("file-name-clash", "\u00e9.txt"),
    ]


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_name_that_is_no_text_is_named(
    command: str, scratch_site: ScratchSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files out of an archive from Windows: in a record's place, beside a record, in a folder."""
    content = scratch_site({})
    big5 = "公報".encode("big5")
    for folder in (b"gazette/105/105-001", b"gazette/105/105-001/01", b"gazette/" + big5):
        place = Path(os.fsdecode(os.fsencode(content) + b"/" + folder))
        place.mkdir(parents=True, exist_ok=True)
        (place / os.fsdecode(big5 + b".yaml")).write_text("title: 甲\n", "utf-8")
    folders = ["--content", content, "--work", tmp_path / "build", "--site", tmp_path / "site"]
    assert main([command, *map(str, folders), "--as-of", AS_OF.isoformat()]) == 1
    said = capsys.readouterr().out
    assert said.count("[file-stray]") == said.count("檔名不是 UTF-8 文字") == 3

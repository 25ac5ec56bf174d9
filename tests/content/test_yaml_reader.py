"""Text-first YAML: every scalar as typed, every node with its place, nothing let pass or lost."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.commands._importer import yaml_text
from generator.content.model import MappingNode, Node, Problem, ScalarNode, SequenceNode
from generator.content.yaml_composer import DEPTH_LIMIT
from generator.content.yaml_reader import read_front_matter, read_tree


def plain(node: Node) -> Any:
    """A tree as texts, lists and mappings."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(inner) for inner in node.nodes]
    return {key.text: plain(inner) for key, inner in node.pairs}


def tree(text: str) -> Any:
    """What a text reads as; fails where it is refused."""
    node = read_tree(text.encode(), "x.yaml")
    assert not isinstance(node, Problem), node
    return plain(node)


def refusal(text: str | bytes) -> tuple[str, str, int, int]:
    """Code, detail, line and column of a refusal; fails where a text is read."""
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    problem = read_tree(content, "x.yaml")
    assert isinstance(problem, Problem), problem
    return problem.code, problem.detail, problem.origin.line, problem.origin.column


@pytest.mark.parametrize(
    "typed",
    [
        "010",
        "0x1F",
        "1:30",
        "no",
        "yes",
        "NULL",
        "114.10",
        "1_000",
        "2016-01-04",
        ".inf",
        "=",
        "0123456",
    ],
)
def test_a_plain_scalar_stays_as_typed(typed: str) -> None:
    """Nothing is resolved: numbers, dates and words stay the text that the editor wrote."""
    assert tree(f"a: {typed}\nb: [{typed}]\n") == {"a": typed, "b": [typed]}


@pytest.mark.parametrize(("typed", "null"), [("~", True), ("null", True), ("", True)])
def test_only_unquoted_nothing_is_no_value(typed: str, null: bool) -> None:
    """`~`, `null` and nothing mean no value; in quotes they are text."""
    for text, expected in ((f"a: {typed}\n", null), (f"a: '{typed}'\n", False)):
        node = read_tree(text.encode(), "x.yaml")
        assert isinstance(node, MappingNode)
        value = node.get("a")
        assert isinstance(value, ScalarNode)
        assert value.is_null == expected


def test_every_node_knows_its_place() -> None:
    """Lines and columns count characters from 1, a header's lines count in a Markdown file."""
    node = read_tree("\ufeff標題: 甲\n清單:\n  - 乙\n  - {鍵: '丙丁'}\n".encode(), "x.yaml")
    assert isinstance(node, MappingNode)
    listed = node.get("清單")
    assert isinstance(listed, SequenceNode)
    assert (listed.origin.line, listed.origin.column) == (3, 3)
    inner = listed.nodes[1]
    assert isinstance(inner, MappingNode)
    value = inner.get("鍵")
    assert value is not None
    assert (value.origin.line, value.origin.column, value.origin.length) == (4, 9, 4)
    page = read_front_matter("---\ntitle: 甲\n---\n內文\n".encode(), "x.md")
    assert isinstance(page, MappingNode)
    title, body = page.get("title"), page.get("markdown")
    assert isinstance(title, ScalarNode)
    assert isinstance(body, ScalarNode)
    assert (title.origin.line, title.origin.column) == (2, 8)
    assert (body.text, body.origin.line) == ("內文\n", 4)


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("a: b", ""),
        ("a: b#c", ""),
        ("a: b #c d", " #c d"),
        ("a: #c", " #c"),
        ("a: b\t# c", "\t# c"),
        ("a: b\n  c #d\n", " #d"),
        ("a: 'b' #c", ""),
        ("a: b\n# c\n", ""),
    ],
)
def test_a_comment_behind_a_plain_text_is_kept_with_it(text: str, comment: str) -> None:
    """What YAML drops behind a text on its line is known, so that a text's type can refuse it."""
    node = read_tree(text.encode(), "x.yaml")
    assert isinstance(node, MappingNode)
    value = node.pairs[0][1]
    assert isinstance(value, ScalarNode)
    assert value.comment == comment


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 甲乙丙\n", (1, 5)),
        ("a: '甲乙丙'\n", (1, 6)),
        ("a: |\n  甲乙丙\n", (2, 4)),
        ("a:\n  - |2\n\n      甲乙丙\n", (4, 8)),
        ('a: "甲\\u4e59丙"\n', (1, 4)),
        ("a: >\n  甲乙丙\n", (1, 4)),
    ],
)
def test_a_character_within_a_text_has_a_place(text: str, place: tuple[int, int]) -> None:
    """The place of 乙 in its file, or the text's own where the text is folded or escaped."""
    node: Any = read_tree(text.encode(), "x.yaml")
    while not isinstance(node, ScalarNode):
        node = node.nodes[0] if isinstance(node, SequenceNode) else node.pairs[0][1]
    found = node.origin.within(node.text, node.text.index("乙"))
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("a: &x 1\n", ("yaml-feature", "anchor", 1, 4)),
        ("a: *x\n", ("yaml-feature", "alias", 1, 4)),
        ("a: !!int 1\n", ("yaml-feature", "tag", 1, 4)),
        ("a: !x 1\n", ("yaml-feature", "tag", 1, 4)),
        ("<<: {a: 1}\n", ("yaml-feature", "merge", 1, 1)),
        ("? [a]\n: 1\n", ("yaml-feature", "complex-key", 1, 1)),
        ("? a\n: 1\n", ("yaml-feature", "complex-key", 1, 1)),
        ("a: [?x]\n", ("yaml-feature", "complex-key", 1, 5)),
        ("a: { ?x: 1}\n", ("yaml-feature", "complex-key", 1, 6)),
        ("{a: 1}: 2\n", ("yaml-feature", "complex-key", 1, 1)),
        ("a: 1\n---\nb: 2\n", ("yaml-feature", "document", 2, 1)),
        ("a: 1\n...\nb: 2\n", ("yaml-feature", "document", 3, 1)),
        ("%YAML 1.1\n---\na: 1\n", ("yaml-feature", "directive", 1, 1)),
        ("%FOO x\n---\na: 1\n", ("yaml-feature", "directive", 1, 5)),
        (": a\n", ("yaml-feature", "empty-key", 1, 1)),
        ("a: [:x]\n", ("yaml-feature", "leading-colon", 1, 5)),
        ('{"a"\n : 1}\n', ("yaml-feature", "key-lines", 2, 2)),
        ("a: 1\nb: 2\na: 3\n", ("yaml-duplicate-key", "", 3, 1)),
        ("a: {b: 1, b: 2}\n", ("yaml-duplicate-key", "", 1, 11)),
        ("a: 'x\ny'\n", ("yaml-syntax", "indent", 2, 1)),
        ('a: "x\n\ty"\n', ("yaml-syntax", "indent", 2, 1)),
        ("a: [b,\nc]\n", ("yaml-syntax", "indent", 2, 1)),
        ("a: |\n   \n  x\n", ("yaml-syntax", "indent", 3, 1)),
        ("a: {b: #3, c: d}\ne: f\n", ("yaml-syntax", "hash", 1, 8)),
        ("a: {b: #3, c: d}\n", ("yaml-syntax", "hash", 1, 8)),
        ("a: {b: #3,\n  c: d}\n", ("yaml-syntax", "hash", 1, 8)),
        ("- [b 'c, d #3]\n- e\n", ("yaml-syntax", "hash", 1, 12)),
        ("a: [b, c # d\ne: f\n", ("yaml-syntax", "bracket", 1, 4)),
        ("a: [b, c # [d]\ne: f\n", ("yaml-syntax", "bracket", 1, 4)),
        ("a: {b: 'c #3}', d: e\nf: g\n", ("yaml-syntax", "bracket", 1, 4)),
        ("a: {b: c, d: e: f}\n", ("yaml-syntax", "flow-colon", 1, 15)),
        ("a: {b: 'c': d}\n", ("yaml-syntax", "flow-colon", 1, 11)),
        ("- [b, c: d: e, f]\n", ("yaml-syntax", "flow-colon", 1, 11)),
        ("a: {b: c d: e}\n", ("yaml-syntax", "flow-colon", 1, 11)),
        ("a: {b: 'c: d'\ne: f\n", ("yaml-syntax", "bracket", 1, 4)),
        ("a: [b]#c\n", ("yaml-syntax", "comment", 1, 7)),
        ("a: [b,#c\n  d]\n", ("yaml-syntax", "comment", 1, 7)),
        ("a: |#c\n  x\n", ("yaml-syntax", "comment", 1, 5)),
        ("a:\n\t- b\n", ("yaml-syntax", "tab", 2, 1)),
        ("[" * 100, ("yaml-depth", "", 1, DEPTH_LIMIT + 1)),
        ("a: 1\x00\n", ("text-control", "", 1, 5)),
        ("a: 甲\u202e乙\n", ("text-control", "bidi", 1, 5)),
        ("a: x\n# \u2066註\n", ("text-control", "bidi", 2, 3)),
        ("a: \U000e0041\n", ("text-control", "tag", 1, 4)),
        ("a: \ufffe\n", ("text-control", "", 1, 4)),
        ("", ("file-empty", "", 0, 0)),
        ("# 只有註解\n", ("file-empty", "", 0, 0)),
        (b"a: \xff\n", ("file-not-utf8", "", 1, 1)),
        ("a: 中文\n".encode("big5"), ("file-not-utf8", "big5", 1, 1)),
        ("a: 1\n".encode("utf-16"), ("file-not-utf8", "utf16", 1, 1)),
        (b"a: \xed\xa0\x80\n", ("file-not-utf8", "", 1, 1)),
    ],
)
def test_what_cannot_stand_is_refused_by_name(
    text: str | bytes, refused: tuple[str, str, int, int]
) -> None:
    """What hides content, or what YAML 1.1 reads otherwise, is refused with its place."""
    assert refusal(text) == refused


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b #? c, d\n", {"a": "b"}),
        ("a: 'x\n  y'\n", {"a": "x y"}),
        ("- [a,\n   b]\n- c\n", [["a", "b"], "c"]),
        ("a: |\n  甲\n\n  # 乙 ?\n   丙\n", {"a": "甲\n\n# 乙 ?\n 丙\n"}),
        ("a: |2\n     甲\n  乙\n", {"a": "   甲\n乙\n"}),
        ("a: [b, # c\n  d]\n", {"a": ["b", "d"]}),
        ("甲: '乙: 丙'\n", {"甲": "乙: 丙"}),
        ("a:\n- b\n- c: d\n  e: f\n", {"a": ["b", {"c": "d", "e": "f"}]}),
        ("a: b\r\nc: |\r\n  d\r\n", {"a": "b", "c": "d\n"}),
    ],
)
def test_what_editors_write_is_read(text: str, value: Any) -> None:
    """Ordinary YAML in its several styles."""
    assert tree(text) == value


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=30)
VALUE = st.recursive(
    TEXT,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(TEXT.filter(bool), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUE)
def test_what_we_write_we_read(value: Any) -> None:
    """Any value written as YAML reads back as it was."""
    text = yaml_text({"root": value})
    node = read_tree(text.encode(), "x.yaml")
    if not isinstance(node, Problem):
        assert plain(node) == {"root": value}
    else:
        assert (node.code, node.detail) in {("yaml-feature", "merge"), ("text-control", "")}


HOSTILE = {
    "lists": "'[' * 300_000",
    "mappings": "'{a: ' * 300_000",
    "block lists": "'- ' * 300_000 + 'x'",
    "aliases": "'a: &a [x]\\n' + ''.join(f'b{i}: &b{i} [*a, *a]\\n' for i in range(9))",
    "merges": "'<<: [' * 10_000",
    "a megabyte": "'a: ' + 'x' * 3_000_000",
    "many keys": "''.join(f'k{i}: 1\\n' for i in range(100_000))",
    "quotes": "'a: \\\"' + '\\\\\\\\' * 500_000",
    "questions": "'? ' * 100_000",
    "tabs": "'\\t' * 1_000_000",
}
PROGRAM = """
import re
from pathlib import Path
from generator.content.yaml_reader import read_tree
text = ({text}).encode()
read_tree(text, "x.yaml")
print(int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""The kernel's own count of this process: `getrusage` would give its parent's, if that is more."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_cost_little(text: str) -> None:
    """No file takes the process down, nor more than 200 MB."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{text}", text)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) < 200

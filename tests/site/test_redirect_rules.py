"""Rule files of web servers say what was listed: each old address leads on, and nothing else."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from old_addresses import BASE, OWN, OldAddress, map_rules, old_addresses, redirect_rules

from generator.content.value_types import address_fault
from generator.site.redirects import redirect_tables

NUMBERS = ("/city/d/:number/", "/city/d/?n=:number", "302", True)


def tables(*moved: tuple[str, str]) -> tuple[str, bytes]:
    """Both rule files: old addresses, and where each leads."""
    plain, table = (held.content for held in redirect_tables(moved, BASE))
    return plain.decode("ascii"), table


@given(old_addresses())
@example(OldAddress("https://old.example/~.*", "old.example", "/~.*", ""))
@example(OldAddress("https://example.org/a$host", OWN, "/a$host", ""))
def test_a_lawful_old_address_reads_back(old: OldAddress) -> None:
    """Each file holds exactly it: its path or key, its target, no pattern and no variable."""
    assert address_fault(old.url) is None
    plain, table = tables((old.url, "pages/甲 $1:x/"))
    *rules, numbers = redirect_rules(plain)
    assert numbers == NUMBERS
    listed = [old.path] if old.host == OWN and not old.query else []
    assert [unquote(rule.source) for rule in rules] == listed
    assert all((r.status, r.pattern) == ("301", False) for r in rules)
    assert all(unquote(rule.target) == "/city/pages/甲 $1:x/" for rule in rules)
    ((key, value),) = map_rules(table)
    assert key.lower() == old.key
    away = "" if old.host == OWN else "https://example.org"
    assert unquote(value.decode("ascii")) == f"{away}/city/pages/甲 $1:x/"


@given(st.lists(old_addresses(), max_size=12, unique_by=lambda old: old.key))
def test_many_stand_beside_each_other(held: list[OldAddress]) -> None:
    """Each leads to its own page in both files, none twice."""
    plain, table = tables(*((old.url, f"p/{n}/") for n, old in enumerate(held)))
    found = {key.lower(): value for key, value in map_rules(table)}
    assert found.keys() == {old.key for old in held}
    assert all(found[old.key].endswith(b"/city/p/%d/" % n) for n, old in enumerate(held))
    rules = {rule.source: rule.target for rule in redirect_rules(plain) if not rule.pattern}
    own = {old.path: n for n, old in enumerate(held) if old.host == OWN and not old.query}
    assert {unquote(source): target for source, target in rules.items()} == {
        path: f"/city/p/{n}/" for path, n in own.items()
    }


@pytest.mark.parametrize("host", ["~.*", "~*", "*", "$host", "a;b", 'a"b', "\\", "[::1]"])
def test_what_is_no_host_makes_no_rule_of_its_own(host: str) -> None:
    """Even unchecked, its line is of no address: no reader asks a host without a name."""
    _, table = tables((f"https://{host}/x", "p/"))
    ((key, _),) = map_rules(table)
    assert key == b"/x"


def test_plain_rules_come_before_the_pattern() -> None:
    """Cloudflare counts those behind one with a placeholder among its hundred patterns."""
    plain, _ = tables(*((f"https://example.org/old/{n}.aspx", f"p/{n}/") for n in range(500)))
    patterns = [rule.pattern for rule in redirect_rules(plain)]
    assert patterns == [False] * 500 + [True]


def test_the_site_is_named_as_servers_know_it() -> None:
    """Other hosts lead to the site's name in A-labels, with its port."""
    moved = [("https://old.example/1", "p/")]
    _, table = redirect_tables(moved, "https://公報.example:8443/")
    ((_, value),) = map_rules(table.content)
    assert value == b"https://xn--55qw8n.example:8443/p/"

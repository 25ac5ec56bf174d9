"""What must hold of relations: they lead back in time, and a correction fits what it corrects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from generator.content.field_types import Text
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem, Ref
from generator.content.record import leaves
from generator.kinds.gazette.entry import RELATIONS, GazetteEntry, Relation
from generator.kinds.gazette.status import acts_from, done_to, spans_of
from generator.ledger.leaf_digests import leaf_of
from generator.site.kind import Site
from generator.text.dates import roc

_ENDING = ("repeals", "replaces", "withdraws")
_IN_FORCE = (*_ENDING, "amends", "enacts")
"""What only a document that is in force itself can do."""
_WORDS = frozenset(
    ("title", "title_en", "subject", "basis", "items", "explanation", "method", "body", "markdown")
)
"""The fields that hold what a document says."""


def relation_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """Everything that the relations of an entry demand."""
    corrected: dict[Ref, list[tuple[str, Relation]]] = defaultdict(list)
    for index, relation in enumerate(entry.relations):
        path = f"relations.{index}"
        if (relation.target is None) == (not relation.citation):
            yield rule_problem("relation-target", entry, path)
        if relation.target == entry.ref:
            yield rule_problem("relation-self", entry, f"{path}.target")
            continue
        yield from _draft(entry, relation, path)
        yield from _until(entry, relation, path)
        target = relation.target and site.archive.get(GazetteEntry, relation.target)
        if target:
            for rule in (_later, _early, _ended, _put_off):
                yield from rule(entry, relation, target, site, path)
        if relation.type == "corrects":
            yield from _correction(entry, relation, path)
            if target:
                corrected[target.ref].append((path, relation))
    for ref, own in corrected.items():
        target = site.archive.get(GazetteEntry, ref)
        yield from _fits(entry, target, own, site) if target else ()


def _draft(entry: GazetteEntry, relation: Relation, path: str) -> Iterator[Problem]:
    draft, label = entry.category == "draft", RELATIONS[relation.type]
    if draft and relation.type in _IN_FORCE:
        yield rule_problem("relation-draft", entry, f"{path}.type", value=label, type=relation.type)
    elif not draft and relation.type == "draft_of":
        yield rule_problem("relation-draft", entry, f"{path}.type", "other")


def _until(entry: GazetteEntry, relation: Relation, path: str) -> Iterator[Problem]:
    if relation.type == "extends" and not relation.until:
        yield rule_problem("relation-until", entry, path)
    elif relation.type != "extends" and relation.until:
        values = {"value": RELATIONS[relation.type], "type": relation.type}
        yield rule_problem("relation-until", entry, f"{path}.until", "type", **values)


def _later(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """Nobody can act on what was not yet published."""
    mine, theirs = site.known(entry), site.known(target)
    if relation.type != "cites" and mine and theirs and theirs > mine:
        values = {"value": target.id, "other": roc(theirs), "mine": roc(mine)}
        yield rule_problem("relation-later", entry, f"{path}.target", **values)


def _early(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """No document ends before it was published."""
    day, published = acts_from(entry, site), site.known(target)
    if relation.type in _ENDING and day and published and day < published:
        label = RELATIONS[relation.type]
        values = {"value": label, "id": target.id, "day": roc(day), "other": roc(published)}
        values["type"] = relation.type
        yield rule_problem("relation-early", entry, path, **values)


def _ended(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """What another document ended before can hardly be acted upon."""
    mine = acts_from(entry, site)
    if relation.type not in (*_IN_FORCE, "extends") or not mine:
        return
    for done in done_to(target, site):
        whole = done.relation.type in _ENDING and not done.relation.articles
        if whole and done.by.ref != entry.ref and done.act.day and done.act.day < mine:
            values = {"value": target.id, "other": done.by.id, "day": roc(done.act.day)}
            yield rule_warning("relation-ended", entry, f"{path}.target", **values)
            return


def _put_off(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """An extension ends later than what it extends."""
    period = target.comment_period
    lasts = [span.until for span in spans_of(target, site) if span.until]
    lasts += [period.ends_on] if period else []
    if relation.type != "extends" or not relation.until:
        return
    if not lasts:
        yield rule_problem("relation-until", entry, f"{path}.target", "none", value=target.id)
    elif relation.until <= min(lasts):
        other = roc(min(lasts))
        yield rule_problem("relation-until", entry, f"{path}.until", "order", other=other)


def _correction(entry: GazetteEntry, relation: Relation, path: str) -> Iterator[Problem]:
    if not (relation.note or (relation.wrong and relation.right)):
        yield rule_problem("correction-empty", entry, path)


def _fits(
    entry: GazetteEntry, target: GazetteEntry, own: Sequence[tuple[str, Relation]], site: Site
) -> Iterator[Problem]:
    """What is wrong with an entry's corrections of one target, each with its path."""
    done = _corrections(target, site)
    places = {held: at for at, (by, held) in reversed([*enumerate(done)]) if by.ref == entry.ref}
    yield from _digests(entry, target, own, site)
    yield from _wrongs(entry, target, own, [held.right for _, held in done], places)
    yield from _conflicts(entry, own, done, places)


def _digests(
    entry: GazetteEntry, target: GazetteEntry, own: Iterable[tuple[str, Relation]], site: Site
) -> Iterator[Problem]:
    """A correction says which text it read, so that nobody can put another in its place."""
    if not site.settings.sealed:
        return  # what is never sealed may change at any time
    right = site.sealed_leaf(target).hex() or leaf_of(target, site)
    for path, relation in own if right else ():
        values = {"id": target.id, "expected": right}
        if relation.digest and relation.digest != right:
            values["value"] = relation.digest
            yield rule_problem("correction-digest", entry, f"{path}.digest", **values)
        elif not relation.digest:
            yield rule_problem("correction-digest", entry, path, "missing", **values)


def _wrongs(
    entry: GazetteEntry,
    target: GazetteEntry,
    own: Iterable[tuple[str, Relation]],
    rights: Sequence[str],
    places: Mapping[Relation, int],
) -> Iterator[Problem]:
    """What is wrong stands in the target, or in what an earlier correction put there."""
    texts = _Texts((*_texts(target), *rights), len(rights))
    tight = _Texts(("".join(text.split()) for text in texts.held), len(rights))
    for path, relation in own:
        wrong, earlier = relation.wrong, places.get(relation, len(rights))
        if wrong and not texts.hold(wrong, earlier):
            detail = "spaces" if tight.hold("".join(wrong.split()), earlier) else ""
            values = {"value": wrong, "id": target.id}
            yield rule_problem("correction-wrong", entry, f"{path}.wrong", detail, **values)


class _Texts:
    """Texts that are searched as one; the last `later` of them count in part."""

    def __init__(self, texts: Iterable[str], later: int) -> None:
        self.held = tuple(texts)
        self._whole = "\0".join(self.held)
        ends = (0, *accumulate(len(text) + 1 for text in self.held))
        self._ends = ends[len(self.held) - later :]

    def hold(self, words: str, later: int) -> bool:
        """Whether words stand in one of the first, or of so many later ones."""
        return self._whole.find(words, 0, max(0, self._ends[later] - 1)) >= 0


def _texts(entry: GazetteEntry) -> Iterator[str]:
    for leaf in leaves(entry):
        if leaf.path.partition(".")[0] in _WORDS and isinstance(leaf.type, Text):
            yield leaf.value


def _corrections(target: GazetteEntry, site: Site) -> list[tuple[GazetteEntry, Relation]]:
    """The corrections of an entry in the order of their publication, each with its entry."""
    others = site.archive.referring_to(target, GazetteEntry)
    return [
        (other, held)
        for other in sorted(others, key=lambda one: site.known(one) or dt.date.max)
        for held in other.relations
        if held.type == "corrects" and held.target == target.ref
    ]


def _conflicts(
    entry: GazetteEntry,
    own: Iterable[tuple[str, Relation]],
    done: Sequence[tuple[GazetteEntry, Relation]],
    places: Mapping[Relation, int],
) -> Iterator[Problem]:
    """Two corrections of the same words need an order: the later one names the earlier."""
    named = {other.target for other in entry.relations}
    same: dict[str, list[tuple[int, GazetteEntry, Relation]]] = defaultdict(list)
    for at, (other, held) in enumerate(done):
        if other.ref not in named and held.wrong:
            same[held.wrong].append((at, other, held))
    for path, relation in own:
        earlier = places.get(relation, len(done))
        for at, other, held in same.get(relation.wrong, ()):
            if at < earlier and held.right != relation.right:
                values = {"value": relation.wrong, "other": other.id, "right": held.right}
                yield rule_problem("correction-conflict", entry, path, **values)

"""Rules for relations: they lead back in time, and a correction fits the text that it corrects.

A text may have been corrected before, so a correction is compared with the target and with all
earlier corrections of it, in the order of their publication.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from generator.content.field_types import Text
from generator.content.findings import rule_problem, rule_warning
from generator.content.model import Problem, Ref
from generator.content.record import leaves
from generator.content.settings import DRAFT
from generator.kinds.gazette.entry import RELATIONS, GazetteEntry, Relation
from generator.kinds.gazette.status import acts_on, effect_day, spans_of
from generator.ledger.leaf_digests import leaf_of
from generator.site.kind import Site
from generator.text.dates import roc

_ENDING = ("repeals", "replaces", "withdraws")
_IN_FORCE = (*_ENDING, "amends", "enacts")
"""Relations that only a document in force can have, and never a draft."""
_WORDS = frozenset(
    ("title", "title_en", "subject", "basis", "items", "explanation", "method", "body", "markdown")
)
"""The fields with the words of a document, which a correction may name."""


def relation_rules(entry: GazetteEntry, site: Site) -> Iterator[Problem]:
    """The problems of all relations of an entry."""
    corrected: dict[Ref, list[tuple[str, Relation]]] = defaultdict(list)
    for index, relation in enumerate(entry.relations):
        path = f"relations.{index}"
        if (relation.target is None) == (not relation.citation):
            yield rule_problem("relation-target", entry, path)
        if relation.target == entry.ref:
            yield rule_problem("relation-self", entry, f"{path}.target")
            continue
        yield from _type(entry, relation, site, path)
        yield from _until(entry, relation, path)
        target = relation.target and site.archive.get(GazetteEntry, relation.target)
        if target:
            for rule in (_target_published, _early_end, _ended, _extension):
                yield from rule(entry, relation, target, site, path)
        if relation.type == "corrects":
            if not (relation.note or (relation.wrong and relation.right)):
                yield rule_problem("correction-empty", entry, path)
            if target:
                corrected[target.ref].append((path, relation))
    for ref, own in corrected.items():
        target = site.archive.get(GazetteEntry, ref)
        yield from _corrections(entry, target, own, site) if target else ()


def _type(entry: GazetteEntry, relation: Relation, site: Site, path: str) -> Iterator[Problem]:
    draft = site.settings.gazette.category(entry.category).nature == DRAFT
    label = RELATIONS[relation.type]
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


def _target_published(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """No document acts on one that was published after it."""
    mine, theirs = site.publication_day(entry), site.publication_day(target)
    if relation.type != "cites" and mine and theirs and theirs > mine:
        values = {"value": target.id, "other": roc(theirs), "mine": roc(mine)}
        yield rule_problem("relation-later", entry, f"{path}.target", **values)


def _early_end(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """No document ends before it was published."""
    day, published = effect_day(entry, site), site.publication_day(target)
    if relation.type in _ENDING and day and published and day < published:
        label = RELATIONS[relation.type]
        values = {"value": label, "id": target.id, "day": roc(day), "other": roc(published)}
        values["type"] = relation.type
        yield rule_problem("relation-early", entry, path, **values)


def _ended(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """A relation to a document that another entry had ended before is probably a mistake."""
    mine = effect_day(entry, site)
    if relation.type not in (*_IN_FORCE, "extends") or not mine:
        return
    for other in acts_on(target, site):
        whole, day = other.relation.type in _ENDING and not other.relation.articles, other.act.day
        if whole and other.by.ref != entry.ref and day and day < mine:
            values = {"value": target.id, "other": other.by.id, "day": roc(day)}
            yield rule_warning("relation-ended", entry, f"{path}.target", **values)
            return


def _extension(
    entry: GazetteEntry, relation: Relation, target: GazetteEntry, site: Site, path: str
) -> Iterator[Problem]:
    """An extension ends later than the period that it extends."""
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


def _corrections(
    entry: GazetteEntry, target: GazetteEntry, own: Sequence[tuple[str, Relation]], site: Site
) -> Iterator[Problem]:
    """The problems of an entry's corrections of one target; `own` has each with its path.

    `places` are their indexes among all corrections of the target, the first index for twins.
    """
    every = _published_corrections(target, site)
    places = {r: at for at, (by, r) in reversed([*enumerate(every)]) if by.ref == entry.ref}
    yield from _digests(entry, target, own, site)
    yield from _wrongs(entry, target, own, [correction.right for _, correction in every], places)
    yield from _conflicts(entry, own, every, places)


def _digests(
    entry: GazetteEntry, target: GazetteEntry, own: Iterable[tuple[str, Relation]], site: Site
) -> Iterator[Problem]:
    """A correction gives the digest of its target, so that the target cannot be replaced."""
    if not site.settings.sealed:
        return  # without a seal the target may change at any time
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
    """The wrong words are in the target, or in the right words of an earlier correction."""
    texts = _Texts((*_texts(target), *rights), len(rights))
    tight = _Texts(("".join(text.split()) for text in texts.parts), len(rights))
    for path, relation in own:
        wrong, earlier = relation.wrong, places.get(relation, len(rights))
        if wrong and not texts.contain(wrong, earlier):
            detail = "spaces" if tight.contain("".join(wrong.split()), earlier) else ""
            values = {"value": wrong, "id": target.id}
            yield rule_problem("correction-wrong", entry, f"{path}.wrong", detail, **values)


class _Texts:
    """Texts joined into one for a fast search, of which the last `later` may be left out.

    A target may have thousands of corrections, each of which searches all texts before it.
    """

    def __init__(self, texts: Iterable[str], later: int) -> None:
        self.parts = tuple(texts)
        self._whole = "\0".join(self.parts)
        ends = (0, *accumulate(len(text) + 1 for text in self.parts))
        self._ends = ends[len(self.parts) - later :]

    def contain(self, words: str, later: int) -> bool:
        """Whether one of the texts has the words; `later` is how many of the last ones count."""
        return self._whole.find(words, 0, max(0, self._ends[later] - 1)) >= 0


def _texts(entry: GazetteEntry) -> Iterator[str]:
    """The texts of an entry that a correction may name."""
    for leaf in leaves(entry):
        if leaf.path.partition(".")[0] in _WORDS and isinstance(leaf.type, Text):
            yield leaf.value


def _published_corrections(target: GazetteEntry, site: Site) -> list[tuple[GazetteEntry, Relation]]:
    """The corrections of an entry in the order of their publication, each with its entry."""
    others = site.archive.referring_to(target, GazetteEntry)
    return [
        (other, relation)
        for other in sorted(others, key=lambda entry: site.publication_day(entry) or dt.date.max)
        for relation in other.relations
        if relation.type == "corrects" and relation.target == target.ref
    ]


def _conflicts(
    entry: GazetteEntry,
    own: Iterable[tuple[str, Relation]],
    every: Sequence[tuple[GazetteEntry, Relation]],
    places: Mapping[Relation, int],
) -> Iterator[Problem]:
    """A correction of words that an earlier one has changed otherwise has a relation to it."""
    targets = {relation.target for relation in entry.relations}
    same: dict[str, list[tuple[int, GazetteEntry, Relation]]] = defaultdict(list)
    for at, (other, correction) in enumerate(every):
        if other.ref not in targets and correction.wrong:
            same[correction.wrong].append((at, other, correction))
    for path, relation in own:
        place = places.get(relation, len(every))
        for at, other, correction in same.get(relation.wrong, ()):
            if at < place and correction.right != relation.right:
                values = {"value": relation.wrong, "other": other.id, "right": correction.right}
                yield rule_problem("correction-conflict", entry, path, **values)

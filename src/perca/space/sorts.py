"""The classes of targets, without asking each rule about each target: a policy sees of a target its sort, and which of its sides name it.

INVARIANT: `policy.applications` looks at nothing else of a target than what `_sort` keeps and the ids that the policy names, expanded by
what such a name covers. A rule of another kind is asked about each target. tests/laws hold the classes against asking about all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from perca.model import DIRECTORY, GRAPH, NATIVE, AppId, ApplicationScope
from perca.policy import Coordinate, Rulebook, Target
from perca.policy.app_groups import GROUPS, covered_by
from perca.policy.applications import Applications
from perca.policy.baseline import choices
from perca.policy.dependencies import NEEDS
from perca.space.alike import Alike, Masks, alike
from perca.space.columns import Check, Column, unchecked

_OF_THEIR_OWN: frozenset[AppId | None] = frozenset({None, NATIVE, GRAPH, DIRECTORY, *NEEDS})
"""Applications of which policies on any resources make something by themselves."""
_DOCUMENTED = frozenset(app for group in GROUPS.values() for app in group.inside | group.outside)
_Split = tuple[int, int, int]
"""Some targets, and the columns that must and may match all of them; or the other way round."""


def by_masks(
    columns: Sequence[Column], targets: Sequence[Target], check: Check = unchecked
) -> dict[Masks, Sequence[Target]]:
    """The targets by the columns that match them, in their order."""
    classes: list[_Split] = [((1 << len(targets)) - 1, 0, 0)] if targets else []
    for mask, sure, perhaps in said(columns, targets):
        check()
        classes = [part for each in classes for part in _parts(each, sure, perhaps, mask)]
    classes.sort(key=lambda each: _first(each[0]))
    return {(must, may): tuple(targets[at] for at in _each(some)) for some, must, may in classes}


def said(columns: Sequence[Column], targets: Sequence[Target]) -> Iterator[_Split]:
    """For columns that can't differ, by their positions, the targets that they certainly match, and those that they may."""
    sorts = _Sorts(targets)
    for group in alike(columns, Coordinate.TARGET):
        sure = perhaps = 0
        for some in sorts.seen_by(group):
            must, may = group.masks(targets[_first(some)])
            sure |= some if must else 0
            perhaps |= some if may else 0
        yield group.mask, sure, perhaps


def _parts(each: _Split, sure: int, perhaps: int, mask: int) -> Iterator[_Split]:
    some, must, may = each
    if certain := some & sure:
        yield certain, must | mask, may | mask
    if unknown := some & perhaps & ~sure:
        yield unknown, must, may | mask
    if others := some & ~perhaps:
        yield others, must, may


class _Sorts:
    """The targets in sets: bit n for the nth."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._apps: dict[AppId | None, int] = {}
        self._requesters: dict[AppId | None, int] = {}
        for at, target in enumerate(targets):
            self._apps[target.app] = self._apps.get(target.app, 0) | 1 << at
            self._requesters[target.requester] = self._requesters.get(target.requester, 0) | 1 << at
        self._sorted: dict[tuple[int, bool], tuple[int, ...]] = {}

    def seen_by(self, group: Alike) -> Iterable[int]:
        """The targets in sets within which the columns tell none apart."""
        conditions = list(group.conditions)
        if not conditions:
            return ((1 << len(self._targets)) - 1,) if self._targets else ()
        scopes: list[ApplicationScope] = []
        for each in conditions:
            if not isinstance(each, Applications):
                return (1 << at for at in range(len(self._targets)))
            scopes += (each.condition.include, each.condition.exclude)
        closely = any(scope.groups or scope.filter is not None for scope in scopes)
        parts: Iterable[int] = self._sort(group.column.book, closely)
        for scope in scopes:
            named = {app for name in scope.apps for app in covered_by(name)}
            for holders in (self._apps, self._requesters):
                chosen = reduce(or_, (holders.get(app, 0) for app in named), 0)
                parts = [
                    part for each in parts for part in (each & chosen, each & ~chosen) if part
                ]  # fmt: skip
        return parts

    def _sort(self, book: Rulebook, closely: bool) -> tuple[int, ...]:
        """The targets by all that a policy may see of them but names; `closely` where it has groups or a filter."""
        found = self._sorted.get((id(book), closely))
        if found is None:
            kept = _OF_THEIR_OWN | set(choices(book)[0]) | (_DOCUMENTED if closely else frozenset())
            held = book.tenant.applications if closely else {}

            def sort(app: AppId | None) -> object:
                if app in kept or app is None:
                    return app
                record = held.get(app)
                return record and (record.owner, record.kind, record.attributes)

            parts: dict[object, int] = {}
            for at, each in enumerate(self._targets):
                alone = each if each.audiences else None
                apps = (sort(each.app), sort(each.requester), each.app == each.requester)
                key = (apps, each.scopes, each.action, alone)
                parts[key] = parts.get(key, 0) | 1 << at
            found = self._sorted[id(book), closely] = tuple(parts.values())
        return found


def _first(some: int) -> int:
    return (some & -some).bit_length() - 1


def _each(some: int) -> Iterator[int]:
    while some:
        yield _first(some)
        some &= some - 1

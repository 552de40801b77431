"""The users condition: everyone, people by id, groups with nesting, roles at tenant scope; exclude beats include.

Source: concept-conditional-access-users-groups (05/2024), FACTS.md 3.3.4 and 3.3.5. Guest types come with the whole
specification; until then they are entries that may mean anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import UserCondition, UserId, UserScope
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded
from perca.policy.directory import View
from perca.policy.rule import Coordinate


@dataclass(frozen=True, slots=True)
class Users:
    """Holds for the people whom a policy is about."""

    condition: UserCondition
    coordinate: Coordinate = Coordinate.PRINCIPAL

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this person."""
        user = UserId(str(value))
        include = _in_scope(self.condition.include, view, user)
        if isinstance(include, No):
            return No(("not included: " + "; ".join(include.because),), ("users",))
        answer = included_but_not_excluded(include, _in_scope(self.condition.exclude, view, user))
        return No(answer.because, ("users",)) if isinstance(answer, No) else answer


def _in_scope(scope: UserScope, view: View, user: UserId) -> Answer:
    return either(_entries(scope, view, user), "nobody, or other people, groups and roles")


def _entries(scope: UserScope, view: View, user: UserId) -> Iterator[Answer]:
    if scope.everyone:
        yield Yes(("all users",))
    if user in scope.users:
        yield Yes(("named by id",))
    for group in scope.groups:
        answer = view.in_group(user, group)
        if isinstance(answer, Yes):
            names = view.path(user, group)
            yield (
                Yes((f"member of {' › '.join(f'`{name}`' for name in names)}",)) if len(names) > 1 else answer
            )
        else:
            yield answer
    for role in scope.roles:
        yield view.has_role(user, role)
    for entry in scope.unrecognised:
        yield Unknown((f"{entry.where} `{entry.value}` may or may not mean this person",))

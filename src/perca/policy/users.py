"""The users condition: everyone, people by id, groups with nesting, roles at tenant scope; exclude beats include.

Source: concept-conditional-access-users-groups (05/2024), FACTS.md 3.3.4 and 3.3.5. Guest types come with the whole
specification; until then they are entries that may mean anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import UserCondition, UserId, UserScope
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal
from perca.policy.directory import View

ALL = Yes(("all users",))
NAMED = Yes(("named by id",))


@dataclass(frozen=True, slots=True)
class Users:
    """Holds for the people whom a policy is about."""

    condition: UserCondition
    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-users-groups", "05/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this person."""
        assert isinstance(value, Principal)
        user = value.user or UserId("")
        include = either(_entries(self.condition.include, view, user), "not one of the included people")
        exclude = either(_entries(self.condition.exclude, view, user), "not one of the excluded people")
        answer = included_but_not_excluded(include, exclude)
        return No(answer.because, ("users",)) if isinstance(answer, No) else answer


def _entries(scope: UserScope, view: View, user: UserId) -> Iterator[Answer]:
    if scope.everyone:
        yield ALL
    if user in scope.users:
        yield NAMED
    for group in scope.groups:
        yield view.in_group(user, group)
    for role in scope.roles:
        yield view.has_role(user, role)
    for entry in scope.unrecognised:
        yield Unknown((f"{entry.where} `{entry.value}` may or may not mean this person",))

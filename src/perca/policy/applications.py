"""The target resources condition: all resources, or resources by app id; exclude beats include.

Source: concept-conditional-access-cloud-apps (01/2026), FACTS.md 3.3.4. App groups, filters, user actions and contexts come
with the whole specification; until then they are entries that may mean any resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import ApplicationCondition, ApplicationScope
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Target
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class Applications:
    """Holds for the resources that a policy protects."""

    condition: ApplicationCondition
    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-cloud-apps", "01/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy protects this resource; a value of None is a resource that we don't know."""
        assert isinstance(value, Target)
        include = either(_entries(self.condition.include, value.app), "not one of the included resources")
        exclude = either(_entries(self.condition.exclude, value.app), "not one of the excluded resources")
        answer = included_but_not_excluded(include, exclude)
        return No(answer.because, ("application",)) if isinstance(answer, No) else answer


def _entries(scope: ApplicationScope, app: object) -> Iterator[Answer]:
    if scope.everything:
        yield Yes(("all resources",))
    if scope.apps:
        if app is None:
            yield Unknown(("the resource of the sign-in is not known",))
        elif app in scope.apps:
            yield Yes((f"resource `{app}` is named",))
    for entry in scope.unrecognised:
        yield Unknown((f"{entry.where} `{entry.value}` may or may not mean this resource",))

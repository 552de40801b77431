"""The target resources condition: which resources a policy protects.

Source: concept-conditional-access-cloud-apps (01/2026), FACTS.md 3.3.4 and 3.4. Exclude beats include. A request has an audience: the
resource and those that it can't do without; the policy protects it if it protects one of them. Asking Microsoft Graph for baseline
scopes counts as something else (`baseline`), but for a policy on all resources without any exclusion, which protects whatever is
asked for. Whether "all resources" reaches a user action is documented both ways (FACTS.md 13.2 and 14.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perca.model import DIRECTORY, NOBODY_CHOSE, AppId, ApplicationCondition, ApplicationScope
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded, may_mean
from perca.policy.baseline import LeftOut, Reading, choices, readings
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Target
from perca.policy.dependencies import needed_by
from perca.policy.directory import View
from perca.policy.resources import may_hold_owned, within

BOTH_WAYS = Unknown(("whether all resources includes user actions, which is documented both ways",))
"""Microsoft's What-If sample says yes; what was seen of a first registration, and its page of a later change, say no."""
LEFT_OUT = No(("baseline scopes are left out, since the policy leaves a resource out",))
OFFICIAL = Basis(Certainty.OFFICIAL, "concept-conditional-access-cloud-apps", "01/2026")
BY_NAME = Basis(Certainty.INFERRED, "reference-office-365-application-contents", "06/2026")
"""Of Microsoft's groups: the names are official, and which ids they have is inferred."""
BY_ATTRIBUTE = Basis(Certainty.INFERRED, "concept-filter-for-applications", "03/2026")
"""Of a filter: how its operators compare is only told of device filters."""


@dataclass(frozen=True, slots=True)
class Applications:
    """Holds for the resources that a policy protects."""

    condition: ApplicationCondition
    coordinate: Coordinate = Coordinate.TARGET

    @property
    def basis(self) -> Basis:
        """Official, but for groups and filters."""
        sides = (self.condition.include, self.condition.exclude)
        if any(side.filter is not None for side in sides):
            return BY_ATTRIBUTE
        return BY_NAME if any(side.groups for side in sides) else OFFICIAL

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy protects what is asked for; a resource of None is one that we don't know."""
        assert isinstance(value, Target)
        return self._holds(view, value, needs=True)

    def holds_by_itself(self, view: View, target: Target) -> Answer:
        """Whether the policy protects what is named, services that it can't do without left aside: what Graph's What-If asks."""
        return self._holds(view, target, needs=False)

    def _holds(self, view: View, target: Target, *, needs: bool) -> Answer:
        at_action = target.action is not None
        answer = self._at_action() if at_action else self._at_resource(view, target, needs=needs)
        return No(answer.because, ("application",)) if isinstance(answer, No) else answer

    def _at_action(self) -> Answer:
        include = self.condition.include
        if include.everything:
            return BOTH_WAYS
        if include.unrecognised:
            return may_mean(include.unrecognised, "this")
        return No(("a policy on resources is about no user action",))

    def _at_resource(self, view: View, target: Target, *, needs: bool) -> Answer:
        """Of the resource and the further ones of the same request; with `needs`, of the services that it can't do without, too."""
        found = readings(view, target)
        counted = (self._counted(view, each, target, needs=needs) for each in found.each)
        others = (self._protects(view, app, target) for app in sorted(target.audiences))
        return _first_unless(_agreed(counted, found.facts), others)

    def _protects_with_needs(self, view: View, app: AppId | None, target: Target) -> Answer:
        """Whether the policy protects the resource, or a service that it can't do without; of a resource left out nobody says the latter."""
        itself = self._protects(view, app, target)
        needed = [self._protects(view, each, target) for each in sorted(needed_by(app))]
        if not needed:
            return itself
        excluded = either(within(self.condition.exclude, view, app, target.requester), "")
        if any(isinstance(each, Yes) for each in needed) and not isinstance(excluded, No):
            needed = [Unknown((f"whether what `{app}` needs is protected where `{app}` is left out",))]
        return _first_unless(itself, needed)

    def _counted(self, view: View, reading: Reading, target: Target, *, needs: bool) -> Answer:
        """Whether the policy protects a request that counts as this."""
        if reading == NOBODY_CHOSE:
            return self._protects_something_owned(view)
        if not isinstance(reading, LeftOut):
            return (self._protects_with_needs if needs else self._protects)(view, reading, target)
        here = self._protects(view, reading.app, target)
        if not self.condition.include.everything:
            return _agreed((here, self._protects(view, DIRECTORY, target)), (MAPPED,))
        left_out = self._leaves_out(view, reading, target)
        match left_out:
            case Yes():
                return LEFT_OUT
            case No():
                return here
        return _agreed((here, LEFT_OUT), left_out.facts)

    def _leaves_out(self, view: View, reading: LeftOut, target: Target) -> Answer:
        """Whether the policy, one on all resources, has the exclusion that left baseline scopes out."""
        exclude = self.condition.exclude
        if reading.by is not None:
            return either(within(exclude, view, reading.by, target.requester), "not excluded")
        if exclude.apps or exclude.groups or exclude.filter is not None:
            return Yes()
        return either((Unknown((f"{each.where} `{each.value}`",)) for each in exclude.unrecognised), "")

    def _protects(self, view: View, app: AppId | None, target: Target) -> Answer:
        """Whether the policy protects this one resource, whatever is asked of it."""
        return included_but_not_excluded(
            either(
                within(self.condition.include, view, app, target.requester),
                "not one of the included resources",
            ),
            either(
                within(self.condition.exclude, view, app, target.requester),
                "not one of the excluded resources",
            ),
        )

    def _protects_something_owned(self, view: View) -> Answer:
        """Whether the policy protects an application of the tenant's own, not known which."""
        include, exclude = self.condition.include, self.condition.exclude
        if include.everything and exclude == ApplicationScope():
            return Yes(("all resources",))
        if include.everything or may_hold_owned(include, view):
            return Unknown(("as which application of the tenant's own baseline scopes are evaluated",))
        return No(("not one of the included resources",))


def looked_at(condition: ApplicationCondition, view: View) -> object:
    """The facts of the tenant that the condition looks at: two tenants that show the same are one to it."""
    include, exclude = condition.include, condition.exclude
    if include == ApplicationScope(everything=True) and exclude == ApplicationScope():
        return None
    sides, chosen = (include, exclude), choices(view)
    held = view.tenant.applications
    if any(side.unrecognised for side in sides):
        return chosen, held, view.tenant.id
    owners = NOBODY_CHOSE in chosen[0] or any(side.groups for side in sides)
    filtered = any(side.filter is not None for side in sides)
    owned = {app: (each.owner, each.kind) for app, each in held.items()} if owners else None
    attributes = {app: each.attributes for app, each in held.items()} if filtered else None
    return chosen, owned, view.tenant.id if owners else None, attributes


def _first_unless(itself: Answer, others: Iterable[Answer]) -> Answer:
    """Yes iff one is; No iff all are, with the reasons of the first, which is the resource itself."""
    answer = either([itself, *others], "")
    return itself if isinstance(answer, No) else answer


MAPPED = "as which resource baseline scopes were evaluated before the change of 2026"


def _agreed(answers: Iterable[Answer], facts: tuple[str, ...]) -> Answer:
    """The answer of all of them; where they differ, Unknown for the facts that would tell which counts."""
    found = list(answers)
    if len({type(each) for each in found}) == 1 and not isinstance(found[0], Unknown):
        return found[0]
    unknown = (fact for each in found if isinstance(each, Unknown) for fact in each.facts)
    return Unknown(tuple(dict.fromkeys((*unknown, *facts))))

"""The user actions condition: registering security information, registering or joining a device.

Source: concept-conditional-access-cloud-apps (01/2026), FACTS.md 3.3.8 and 14.2. A user action is no resource: a policy on one holds at that
action and nowhere else. Registering or joining a device takes MFA or a strength as its only control, so what a policy with another
would do there nobody says.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import ApplicationCondition, BuiltIn, Control, StrengthControl, UserAction
from perca.policy.answer import Answer, No, Unknown, Yes, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Target
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class UserActions:
    """Holds for the user actions that a policy names."""

    condition: ApplicationCondition
    controls: tuple[Control, ...] = ()
    """What the policy asks for: not each action takes every control."""
    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-cloud-apps", "01/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this user action; for a resource, known or not, it isn't."""
        assert isinstance(value, Target)
        if value.action is None:
            return No(("a policy on user actions is about no resource",), ("userActions",))
        if value.action in self.condition.actions:
            return self._taken(value.action)
        if self.condition.unrecognised_actions:
            return may_mean(self.condition.unrecognised_actions, "this user action")
        return No((f"user action `{value.action}` is not one of the policy's",), ("userActions",))

    def _taken(self, action: UserAction) -> Answer:
        odd = [str(each) for each in self.controls if not _is_taken(each)]
        if action is UserAction.REGISTER_DEVICE and odd:
            return Unknown(
                tuple(f"what `{each}` does at user action `{action}`, which takes only MFA" for each in odd)
            )
        return Yes((f"user action `{action}`",))


def _is_taken(control: Control) -> bool:
    return control is BuiltIn.MFA or isinstance(control, StrengthControl)

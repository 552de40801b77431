"""The authentication contexts condition: what an application asks for on top of its own sign-in.

Source: concept-conditional-access-cloud-apps (01/2026), FACTS.md 14.2.3. A sign-in that asks for a context is still one to its resource:
policies on the resource apply through that, and those on the context besides. No page says so in a sentence; a context without a
policy is granted.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import NO_CONTEXT, ApplicationCondition
from perca.policy.answer import Answer, No, Unknown, Yes, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class Contexts:
    """Holds for sign-ins that ask for one of the contexts that a policy names."""

    condition: ApplicationCondition
    coordinate: Coordinate = Coordinate.CONTEXT
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-cloud-apps", "01/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the sign-in asks for such a context; a value of None is a context that we don't know."""
        if value is None:
            return Unknown(("the authentication context of the sign-in is not known",))
        if value in self.condition.contexts:
            return Yes((f"authentication context `{value}`",))
        if value != NO_CONTEXT and self.condition.unrecognised_contexts:
            return may_mean(self.condition.unrecognised_contexts, "this context")
        asks = "no authentication context is asked for"
        other = f"authentication context `{value}` is not one of the policy's"
        return No((asks if value == NO_CONTEXT else other,), ("authenticationContext",))

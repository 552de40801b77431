"""The authentication flows condition: by which flow the session began, device code or authentication transfer.

Source: concept-authentication-flows (03/2026), FACTS.md 3.3.10. Sessions are tracked: a token that is refreshed in a session that
began with a device code still matches, so the flow of a sign-in is that of its session.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import FlowCondition
from perca.policy.answer import Answer, No, Unknown, Yes, not_modelled
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Channel, Coordinate
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class Flows:
    """Holds for the flows that a policy names."""

    condition: FlowCondition
    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-authentication-flows", "03/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about sessions that began this way."""
        assert isinstance(value, Channel)
        if value.flow is None:
            return Unknown(("the authentication flow of the sign-in is not known",))
        if value.flow in self.condition.flows:
            return Yes((f"authentication flow `{value.flow}`",))
        if self.condition.unrecognised:
            return not_modelled(self.condition.unrecognised)
        return No(
            (f"authentication flow `{value.flow}` is not one of the policy's",), ("authenticationFlow",)
        )

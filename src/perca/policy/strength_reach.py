"""Whom a policy with an authentication strength can ask: of people from outside, only those who sign in with Microsoft Entra.

Source: authentication-conditional-access (05/2024), case M51: a guest who comes with a code by mail, with Google or by federation is asked
for no strength; the control for MFA is meant for those. That a policy which asks for a strength alone doesn't apply to them is concluded;
of one that asks for other things, too, nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal
from perca.policy.directory import View
from perca.policy.homes import Place, homes

ENTRA = "externalazuread"
"""The issuer of somebody whose home is another tenant of Entra."""


@dataclass(frozen=True, slots=True)
class AskedForStrength:
    """Holds for whoever signs in with Microsoft Entra; `alone` where the policy asks for a strength and nothing else."""

    alone: bool = True
    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.INFERRED, "authentication-conditional-access", "05/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether a strength can be asked of this person."""
        assert isinstance(value, Principal)
        if value.workload is not None or {home.place for home in homes(view.tenant, value)} == {Place.HERE}:
            return Yes(("signs in with this tenant",))
        if value.external is not None and value.external.tenant is not None:
            return Yes((f"signs in with tenant `{value.external.tenant}`",))
        held = None if value.user is None else view.tenant.users.get(value.user)
        issuers = None if held is None else held.issuers
        if issuers is None:
            return Unknown(("whether the external person signs in with Microsoft Entra (identities)",))
        if ENTRA in issuers:
            return Yes(("signs in with another tenant",))
        if not self.alone:
            return Unknown(
                ("what a policy with a strength asks of people who don't sign in with Microsoft Entra",)
            )
        return No((f"signs in with {', '.join(sorted(issuers))}, of which no strength is asked",), ("users",))

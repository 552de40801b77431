"""Conditions on sign-in risk, user risk and insider risk: a set of levels; no level set is no condition (FACTS.md 3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import InsiderRiskCondition, RiskCondition
from perca.policy.answer import Answer, No, Unknown, Yes, not_modelled
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class Risk:
    """Holds for the risk levels that a policy names; `coordinate` says which of the risks, in Graph's word."""

    condition: RiskCondition | InsiderRiskCondition
    coordinate: Coordinate
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-conditions", "06/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this level; a value of None is a risk that we don't know."""
        word = str(self.coordinate)
        if value is None:
            return Unknown((f"{word} of the sign-in is not known",))
        if value in self.condition.levels:
            return Yes((f"{word} `{value}`",))
        if self.condition.unrecognised:
            return not_modelled(self.condition.unrecognised)
        return No((f"{word} `{value}` is not one of the policy's",), (word,))

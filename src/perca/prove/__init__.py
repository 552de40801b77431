"""Questions over all sign-ins, answered exactly: the walk over masks, and `exhaust` over raw values as its partner."""

from perca.prove.ask import Disagreement, Proof, Witness, always_mfa, assumptions, never_weaker
from perca.prove.coverage import Coverage, coverage

__all__ = [
    "Coverage",
    "Disagreement",
    "Proof",
    "Witness",
    "always_mfa",
    "assumptions",
    "coverage",
    "never_weaker",
]

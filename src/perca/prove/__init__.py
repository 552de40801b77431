"""Questions over all sign-ins, answered exactly: the walk over masks, and `exhaust` over raw values as its partner."""

from perca.prove.ask import (
    Proof,
    about_always_mfa,
    always_mfa,
    answer,
    assumptions,
    given_up,
    never_weaker,
)
from perca.prove.budget import Budget
from perca.prove.coverage import Coverage, coverage
from perca.prove.difference import about_difference, about_sessions
from perca.prove.inquiry import Disagreement, Inquiry, Witness
from perca.prove.questions import Change, Difference
from perca.prove.walk import Label, Verdict

__all__ = [
    "Budget",
    "Change",
    "Coverage",
    "Difference",
    "Disagreement",
    "Inquiry",
    "Label",
    "Proof",
    "Verdict",
    "Witness",
    "about_always_mfa",
    "about_difference",
    "about_sessions",
    "always_mfa",
    "answer",
    "assumptions",
    "coverage",
    "given_up",
    "never_weaker",
]

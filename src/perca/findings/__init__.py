"""Answers that people want of a tenant: what is amiss, whom it concerns, a sign-in that shows it, and what would mend it."""

from perca.findings.accounts import listed
from perca.findings.finding import Finding, Kind, Remedy, Severity, finding
from perca.findings.gap_words import because_of
from perca.findings.gaps import covered_by, gaps
from perca.findings.lockouts import lockouts
from perca.findings.words import NONE_NAMED, fix, likeness, sentence, warning

__all__ = [
    "NONE_NAMED",
    "Finding",
    "Kind",
    "Remedy",
    "Severity",
    "because_of",
    "covered_by",
    "finding",
    "fix",
    "gaps",
    "likeness",
    "listed",
    "lockouts",
    "sentence",
    "warning",
]

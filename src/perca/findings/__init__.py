"""Answers that people want of a tenant: what is amiss, whom it concerns, a sign-in that shows it, and what would mend it."""

from perca.findings.accounts import listed
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.lockouts import lockouts
from perca.findings.words import fix, sentence

__all__ = ["Finding", "Kind", "Severity", "finding", "fix", "listed", "lockouts", "sentence"]

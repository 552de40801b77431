"""The regions of a difference as notices, and the exit codes that are left when some of them are accepted."""

from __future__ import annotations

from collections.abc import Iterator

from perca.cli.change import Effect, asking, demand, lasting, limit, missing, moved, region_id
from perca.cli.compared import LOSSES, Compared
from perca.cli.notice import Notice
from perca.cli.review import Review
from perca.findings import Severity
from perca.prove import Change, Difference, Verdict
from perca.prove.regions import Region

_SEVERITIES = {
    Change.WEAKER: Severity.HIGH,
    Change.INCOMPARABLE: Severity.HIGH,
    Change.NOT_ASSESSED: Severity.HIGH,
    Change.NEWLY_BLOCKED: Severity.MEDIUM,
}
_SESSIONS = {
    Change.WEAKER: "sessionLonger",
    Change.INCOMPARABLE: "sessionIncomparable",
    Change.NOT_ASSESSED: "sessionNotAssessed",
}
KINDS = (
    *(each.value for each in _SEVERITIES),
    "moreRegions",
    "notDecided",
    *_SESSIONS.values(),
)
"""What a difference may hold that somebody should look at: that more is asked for is nothing of the kind."""


def notices(result: Compared) -> Iterator[Notice]:
    """A notice for each region that asks for less, for something else or maybe so, or lets nobody in; and for what no region holds."""
    for region in result.found.regions:
        if region.label.change in _SEVERITIES:
            words = asking(result.after, region)
            yield _notice(result, region, demand, region.label.change.value, words)
    for region in result.sessions.regions:
        if region.label.change in _SESSIONS:
            words = lasting(result.after, region)
            yield _notice(result, region, limit, _SESSIONS[region.label.change], words)
    if result.not_decided is not None:
        yield _whole("notDecided", result.not_decided, assessed=False)
    elif result.unread:
        yield _whole("notDecided", "; ".join(result.unread), assessed=False)
    if not result.found.complete:
        more = "there are more such sign-ins than these regions hold"
        yield _whole("moreRegions", more, assessed=result.holds is False)


def _notice(result: Compared, region: Region[Difference], effect: Effect, kind: str, words: str) -> Notice:
    change, assessed = region.label.change, region.label.change is not Change.NOT_ASSESSED
    facts = missing(region)
    return Notice(
        region_id(result.before, result.after, region, effect),
        kind,
        _SEVERITIES[change] if effect is demand else Severity.LOW,
        f"{words} (not known: {'; '.join(facts)})" if facts and not assessed else words,
        tuple(dict.fromkeys(answer.rule.key for answer in moved(region, effect))),
        assessed=assessed,
        counts=effect is demand and _counts(region),
    )


def _whole(kind: str, words: str, *, assessed: bool) -> Notice:
    """Of the comparison as a whole: nobody can accept that, for nobody knows what it is."""
    return Notice("", kind, Severity.HIGH, words, assessed=assessed)


def _counts(region: Region[Difference]) -> bool:
    return region.label.change in LOSSES or region.label.no_less is Verdict.UNKNOWN


def codes(result: Compared, review: Review) -> frozenset[int]:
    """All exit codes that apply when the accepted regions are left out; what no region holds still counts."""
    lost = frozenset({1} if result.holds is False else ())
    unsure = frozenset({3} if result.holds is None or result.may_lose else ())
    if result.not_decided is not None or result.unread or not result.found.complete:
        return lost | unsure
    return (lost | unsure) & review.codes

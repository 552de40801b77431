"""Findings as SARIF 2.1.0, the form that tools which show findings beside the code read.

Source: the OASIS standard of that name. A finding that isn't assessed has the kind `open`. The standard gives `open` no level but
`none`; ours keeps a level, since viewers hide what has none, and what isn't assessed must never look fine.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from urllib.parse import quote

from perca import __version__
from perca.cli.accepted import Accepted
from perca.cli.answer import Json
from perca.cli.notice import Notice, in_words
from perca.cli.policy_files import Place
from perca.cli.printable import printable
from perca.findings import Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}


def sarif(
    command: str,
    notices: Sequence[Notice],
    accepted: Accepted,
    places: Mapping[str, Place],
    given: Sequence[str],
    code: int,
) -> Json:
    """The log of one run. What no policy's place is known of is placed at the first of the files that were `given`."""
    kinds = list(dict.fromkeys(each.kind for each in notices))
    driver = {"name": "Perca", "version": __version__, "rules": [_rule(each) for each in kinds]}
    remarks = accepted.remarks(frozenset(each.id for each in notices))
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"perca/{command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": code,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": printable(each)}} for each in remarks
                ],
            }
        ],
        "results": [_result(each, kinds, accepted, places, given) for each in notices],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: str) -> Json:
    return {"id": kind, "name": kind[:1].upper() + kind[1:], "shortDescription": {"text": in_words(kind)}}


def _result(
    notice: Notice,
    kinds: Sequence[str],
    accepted: Accepted,
    places: Mapping[str, Place],
    given: Sequence[str],
) -> Json:
    result: Json = {
        "ruleId": notice.kind,
        "ruleIndex": kinds.index(notice.kind),
        "kind": "fail" if notice.assessed else "open",
        "level": level(notice),
        "message": {"text": printable(notice.message)},
        "properties": {"severity": notice.severity.word, "assessed": notice.assessed},
    }
    if notice.id:
        result["partialFingerprints"] = {"perca/v1": notice.id}
    found = [places[each] for each in notice.policies if each in places]
    first = found or [Place(each, 1) for each in given[:1]]
    result["locations"] = [_location(each) for each in first[:1]]
    if len(found) > 1:
        result["relatedLocations"] = [_location(each) for each in found[1:]]
    if (entry := accepted.of(notice.id)) is not None:
        suppression = {"kind": "external", "status": "accepted", "justification": printable(entry.words)}
        result["suppressions"] = [suppression]
    return result


def level(notice: Notice) -> str:
    """How bad it is, in the standard's words; what isn't assessed is no error."""
    if not notice.assessed and notice.severity is Severity.HIGH:
        return "warning"
    return _LEVELS[notice.severity]


def _location(place: Place) -> Json:
    artifact = {"uri": uri(place.path)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": place.line}}}


def uri(path: str) -> str:
    """The path relative to the working folder where it lies within it, as a URI."""
    if not PurePath(path).is_absolute():
        return quote(Path(path).as_posix())
    here = Path(os.path.realpath(os.curdir))
    real = Path(os.path.realpath(path))
    return quote(real.relative_to(here).as_posix()) if real.is_relative_to(here) else real.as_uri()


def files(given: Iterable[str]) -> list[str]:
    """Those of the arguments that are files."""
    return [each for each in given if each != "-"]

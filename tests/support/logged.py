"""Reads sign-in logs for what they say of Conditional Access: of any carrier, whatever else stands in the file, a bad line at a time.

Carriers: Graph's objects, Azure Monitor's envelope (one a line, or under `records`), rows of a log store (other names, JSON as text), the
portal's table, and any of them wrapped once more. Conditions come as flags: integers, or words (FACTS.md 6.2 and 6.4). What can't be read is
kept as such, and nothing raises.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perca.model import ClientApp

Json = dict[str, Any]

CONDITIONS = {
    "application": 1, "users": 2, "devicePlatform": 4, "location": 8, "clientType": 16, "signInRisk": 32, "userRisk": 64,
    "time": 128, "deviceState": 256, "client": 512, "ipAddressSeenByAzureAD": 1024, "ipAddressSeenByResourceProvider": 2048,
    "unknownFutureValue": 4096, "servicePrincipals": 8192, "servicePrincipalRisk": 16384, "authenticationFlows": 32768,
    "insiderRisk": 65536,
}  # fmt: skip
"""The flags of `conditionsSatisfied` and `conditionsNotSatisfied`, with their bits."""
RESULTS = (
    "success", "failure", "notApplied", "notEnabled", "unknown", "unknownFutureValue", "reportOnlySuccess",
    "reportOnlyFailure", "reportOnlyNotApplied", "reportOnlyInterrupted",
)  # fmt: skip
"""The words of an applied policy's `result`, by number."""
PROVIDERS = (
    "user", "request", "servicePrincipal", "v1ConditionalAccess", "multiConditionalAccess", "tenantSessionRiskPolicy",
    "accountCompromisePolicies", "v1ConditionalAccessDependency", "v1ConditionalAccessPolicyIdRequested",
    "mfaRegistrationRequiredByIdentityProtectionPolicy", "baselineProtection", "mfaRegistrationRequiredByBaselineProtection",
    "mfaRegistrationRequiredByMultiConditionalAccess", "enforcedForCspAdmins", "securityDefaults",
    "mfaRegistrationRequiredBySecurityDefaults", "proofUpCodeRequest", "crossTenantOutboundRule", "gpsLocationCondition",
    "riskBasedPolicy", "unknownFutureValue", "scopeBasedAuthRequirementPolicy", "authenticationStrengths",
)  # fmt: skip
"""The words of `requirementProvider`, by number."""
OURS = {
    "application": {"application"},
    "users": {"users"},
    "devicePlatform": {"devicePlatform"},
    "location": {"location"},
    "ipAddressSeenByAzureAD": {"location"},
    "ipAddressSeenByResourceProvider": {"location"},
    "clientType": {"clientApps"},
    "client": {"clientApps"},
    "signInRisk": {"signInRisk"},
    "userRisk": {"userRisk"},
    "insiderRisk": {"insiderRisk"},
    "time": {"time"},
    "deviceState": {"devices"},
    "servicePrincipals": {"workloadIdentities"},
    "servicePrincipalRisk": {"workloadIdentities"},
    "authenticationFlows": {"authenticationFlow"},
}
"""What the log's word for a condition is in the words of What-If, which are ours. User actions and contexts are applications to the log."""
OURS["application"] |= {"userActions", "authenticationContext"}

MODERN = {
    "browser": ClientApp.BROWSER,
    "mobile apps and desktop clients": ClientApp.MODERN,
    "modern clients": ClientApp.MODERN,
}
ACTIVE_SYNC = ("exchange activesync", "exchange active sync")
SAYS_NOTHING = ("", "string", "unknown", "null", "none")
"""What a row says that doesn't say, and what documentation puts for a text."""


@dataclass(frozen=True)
class Bad:
    """Something that is no JSON: where it stands, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Result:
    """What became of one policy at a sign-in."""

    policy: str
    word: str | None
    """Graph's word; None where it isn't one that we can name."""
    satisfied: frozenset[str]
    not_satisfied: frozenset[str]
    unread: tuple[str, ...]
    """What of it we can't name."""


@dataclass(frozen=True)
class Logged:
    """A sign-in: its record, member names folded, and what it says of policies."""

    where: str
    record: Json
    results: tuple[Result, ...]

    @property
    def providers(self) -> tuple[str, ...]:
        """Who asked for MFA, as it is spelled."""
        listed = _opened(self.record.get("authenticationrequirementpolicies"))
        entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        return tuple(str(each["requirementProvider"]) for each in entries if "requirementProvider" in each)

    @property
    def client(self) -> str | None:
        """`clientAppUsed` as it is spelled; None where the record doesn't say."""
        text = _first(self.record, "clientappused", "client app")
        return text if isinstance(text, str) and text.strip().casefold() not in SAYS_NOTHING else None


def client_of(text: str) -> ClientApp:
    """The kind of client: two words are modern ones, and whatever else there is speaks an old protocol (6.2)."""
    word = text.strip().casefold()
    return MODERN.get(word, ClientApp.ACTIVE_SYNC if word in ACTIVE_SYNC else ClientApp.OTHER)


def flags(value: Any) -> tuple[frozenset[str], tuple[str, ...]]:
    """The conditions that a flag value names, and what of it can't be named."""
    match value:
        case None | "" | 0:
            return frozenset(), ()
        case bool():
            return frozenset(), (str(value),)
        case int():
            named = {word for word, bit in CONDITIONS.items() if value & bit}
            rest = value & ~sum(CONDITIONS.values())
            return frozenset(named), (hex(rest),) if value < 0 or rest else ()
        case str() if re.fullmatch(r"\s*-?[0-9]+\s*", value):
            return flags(int(value))
        case str():
            return _together([_word(each) for each in value.split(",")])
        case list():
            return _together([flags(each) for each in value])
    return frozenset(), (repr(value),)


def _word(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    word = text.strip().casefold()
    if word in ("", "none"):
        return frozenset(), ()
    named = [each for each in CONDITIONS if each.casefold() == word]
    return frozenset(named), () if named else (text.strip(),)


def _together(
    parts: list[tuple[frozenset[str], tuple[str, ...]]],
) -> tuple[frozenset[str], tuple[str, ...]]:
    named = frozenset(word for words, _ in parts for word in words)
    return named, tuple(each for _, unread in parts for each in unread)


def result_of(applied: Json) -> Result:
    """One entry of the applied policies, member names folded."""
    said = applied.get("result")
    if isinstance(said, str) and said.strip().isdigit():
        said = int(said)
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < len(RESULTS):
        said = RESULTS[said]
    word = next((each for each in RESULTS if str(said).strip().casefold() == each.casefold()), None)
    yes, odd = flags(applied.get("conditionssatisfied"))
    no, odder = flags(applied.get("conditionsnotsatisfied"))
    unread = (*odd, *odder, *(() if word or said is None else (f"result {said!r}",)))
    return Result(str(applied.get("id", "")).strip().casefold(), word, yes, no, unread)


def read(folder: Path) -> tuple[list[Logged], list[Bad]]:
    """All sign-ins under the folder, and everything that is no JSON."""
    found: list[Logged] = []
    bad: list[Bad] = []
    for where, value in values(folder):
        if isinstance(value, Bad):
            bad.append(value)
        else:
            found.extend(Logged(where, record, results(record)) for record in records(value))
    return found, bad


def values(folder: Path) -> Iterator[tuple[str, Any]]:
    """Each JSON value of each file, or row of a table, with where it stands; a Bad for each that isn't one."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = str(path.relative_to(folder))
        if path.suffix == ".gz" or path.suffix in (".json", ".jsonl", ".ndjson", ".txt", ".csv", ".log"):
            try:
                yield from _values_of(name, _text(path))
            except (OSError, EOFError, ValueError) as error:
                yield name, Bad(name, str(error))


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace")


def _values_of(name: str, text: str) -> Iterator[tuple[str, Any]]:
    if not re.search(r"[{\[]", text[:4000]):
        yield from ((f"{name}:{n}", dict(row)) for n, row in enumerate(_table(text), 2))
        return
    whole = _parsed(text)
    if whole is not None:
        yield name, whole
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            value = _parsed(line)
            where = f"{name}:{number}"
            yield where, Bad(where, "no JSON") if value is None else value


def _table(text: str) -> Iterator[Json]:
    """Rows of the portal's table; of two columns with one name the first counts."""
    rows = csv.reader(io.StringIO(text))
    header = [cell.strip() for cell in next(rows, [])]
    if "User ID" in header or "Client app" in header:
        for row in rows:
            yield dict(reversed([*zip(header, row, strict=False)]))


def _parsed(text: str) -> Any:
    """The value, a comma before a closing bracket forgiven as documentation has it; None when it is no JSON."""
    for each in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return json.loads(each)
        except ValueError:
            pass
        except RecursionError:
            return None
    return None


def records(value: Any) -> Iterator[Json]:
    """The sign-ins within a value, through envelopes, wrappers and JSON as text; member names folded."""
    value = _opened(value)
    if isinstance(value, list):
        for each in value:
            yield from records(each)
    elif isinstance(value, dict):
        record = {str(key).strip().casefold(): each for key, each in value.items()}
        inner = [
            key for key in ("value", "records", "record", "properties", "message", "event") if key in record
        ]
        for key in inner:
            if isinstance(_opened(record[key]), dict | list):
                yield from records(record[key])
                return
        if _is_sign_in(record):
            yield record


def _is_sign_in(record: Json) -> bool:
    who = {"userid", "userprincipalname", "user id", "serviceprincipalid"} & record.keys()
    how = {
        "clientappused", "conditionalaccessstatus", "appliedconditionalaccesspolicies", "conditionalaccesspolicies",
        "authenticationprotocol", "client app", "ipaddress",
    } & record.keys()  # fmt: skip
    return bool(who and how)


def results(record: Json) -> tuple[Result, ...]:
    """What the record says of policies."""
    listed = _opened(
        _first(
            record,
            "appliedconditionalaccesspolicies",
            "conditionalaccesspolicies",
            "appliedconditionalaccesspolicy",
        )
    )
    entries = listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []
    folded = [{str(key).casefold(): each for key, each in e.items()} for e in entries if isinstance(e, dict)]
    return tuple(result_of(each) for each in folded if "result" in each)


def _opened(value: Any) -> Any:
    """The value that a text holds as JSON; any other value as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        parsed = _parsed(value)
        return value if parsed is None else parsed
    return value


def _first(record: Json, *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) is not None), None)

"""Logged results as an oracle: what real records say of policies, in words that we can name, and as we would decide.

`PERCA_LOGGED` adds folders of further records. How many logged results could be compared is printed at the end of the run.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from perca.model import ClientApp
from perca.policy import No, Outcome, conditional_access, decide, mandatory_mfa, per_user, security_defaults
from perca.policy.decide import _ENFORCED, _REPORT_ONLY
from perca.policy.registering import BY_DEFAULTS, BY_POLICY
from perca.tenant.log import CLIENT_APP_USED, LEGACY_PROTOCOLS
from support.logged import CONDITIONS, OURS, PROVIDERS, RESULTS, Bad, Logged, client_of, flags, read
from support.logged_rules import PRINTED, Compared, compare, definitions
from support.random_tenants import Maker, sign_ins

EXPLAINED: dict[tuple[str, str], str] = {}
"""Disagreements that are understood, by where the record stands and the policy's id."""
ANALYSIS = {
    "users", "workloadIdentities", "application", "userActions", "authenticationContext", "devicePlatform", "devices",
    "clientApps", "location", "signInRisk", "userRisk", "time", "insiderRisk", "authenticationFlow",
}  # fmt: skip
"""What-If's words for a condition that isn't met (FACTS.md 4)."""

Logs = tuple[list[Logged], list[Bad], list[Path]]


@pytest.fixture(scope="module")
def logs(shared_fixtures: Path) -> Logs:
    more = [Path(each) for each in os.environ.get("PERCA_LOGGED", "").split(os.pathsep) if each]
    folders = [shared_fixtures / "signins", *more]
    found = [read(each) for each in folders]
    return [r for ok, _ in found for r in ok], [b for _, bad in found for b in bad], folders


def compared(logs: Logs, shared_fixtures: Path) -> list[Compared]:
    records, _, folders = logs
    known = definitions(*folders, shared_fixtures / "policies")
    return [each for record in records for each in compare(record, known)]


def test_each_comparable_result_agrees_or_is_explained(
    logs: Logs, shared_fixtures: Path, request: pytest.FixtureRequest
) -> None:
    records, bad, _ = logs
    found = compared(logs, shared_fixtures)
    verdicts = Counter(each.verdict for each in found)
    logged = [result for record in records for result in record.results]
    request.config.stash.setdefault(PRINTED, []).append(
        f"{len(records)} records read, {len(bad)} texts that are no JSON; {len(logged)} results of policies, {len(found)} comparable: "
        f"{verdicts['agrees']} agree, {verdicts['open']} hang on what a log doesn't say, {verdicts['disagrees']} disagree"
    )
    assert len(records) >= 30, "the reader has lost a carrier"
    unexplained = [e for e in found if e.verdict == "disagrees" and (e.where, e.policy) not in EXPLAINED]
    assert unexplained == []


def test_every_word_and_bit_of_a_record_is_one_that_we_can_name(logs: Logs) -> None:
    unread = [(record.where, each) for record in logs[0] for r in record.results for each in r.unread]
    assert unread == []
    unnamed = {
        word for record in logs[0] for r in record.results for word in (*r.satisfied, *r.not_satisfied)
    }
    assert unnamed <= OURS.keys() | {"unknownFutureValue"}


def test_everybody_who_asked_for_mfa_has_a_word_of_graphs(logs: Logs) -> None:
    known = {each.casefold() for each in PROVIDERS}
    assert {p for record in logs[0] for p in record.providers if p.casefold() not in known} == set()


def test_our_words_for_who_asks_are_graphs_but_for_mandatory_mfa() -> None:
    providers = {
        each.provider for each in (per_user.SOURCE, conditional_access.UNREAD, BY_DEFAULTS, BY_POLICY)
    }
    assert providers | {security_defaults.PROVIDER} <= set(PROVIDERS)
    assert mandatory_mfa.PROVIDER not in PROVIDERS


def test_every_client_of_a_record_is_a_kind_of_ours(logs: Logs) -> None:
    """Two words are modern clients; all others that a record holds are protocols whose names we know."""
    known = {each.casefold() for each in (*LEGACY_PROTOCOLS, *CLIENT_APP_USED.values())}
    met = {record.client for record in logs[0] if record.client is not None}
    assert len(met) >= 4
    strange = {each for each in met if client_of(each).is_legacy and each.strip().casefold() not in known}
    assert strange == set()


def test_the_words_of_the_embedded_log_are_read_as_the_kinds_that_they_stand_for() -> None:
    assert {kind: client_of(text) for kind, text in CLIENT_APP_USED.items()} == {
        k: k for k in CLIENT_APP_USED
    }
    assert {client_of(each) for each in LEGACY_PROTOCOLS} == {ClientApp.OTHER}


def test_our_words_for_results_are_graphs() -> None:
    assert {*_ENFORCED, *_REPORT_ONLY} == set(Outcome)
    assert {*_ENFORCED.values(), *_REPORT_ONLY.values(), "notApplied", "reportOnlyNotApplied"} <= set(RESULTS)


def test_every_condition_of_a_log_is_one_of_what_if() -> None:
    assert OURS.keys() == CONDITIONS.keys() - {"unknownFutureValue"}
    assert {word for words in OURS.values() for word in words} == ANALYSIS


@pytest.mark.parametrize("number", range(40))
def test_our_words_for_unmet_conditions_are_those_of_what_if(number: int) -> None:
    tenant = Maker(number, unknown=0.05).tenant()
    for sign_in in list(sign_ins())[number::97]:
        for each in decide(tenant, sign_in).rules:
            if isinstance(each.answer, No):
                assert each.answer.unmet, each.rule.key
                assert set(each.answer.unmet) <= ANALYSIS


POLICY: dict[str, Any] = {
    "id": "11111111-2222-4333-8444-555555555555",
    "displayName": "MFA in browsers",
    "state": "enabled",
    "conditions": {
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": ["All"]},
        "clientAppTypes": ["browser"],
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}


def row(result: Any, client: str = "Browser", satisfied: Any = 3, not_satisfied: Any = 0) -> dict[str, Any]:
    applied = {"id": POLICY["id"].upper(), "result": result}
    bits = {"conditionsSatisfied": satisfied, "conditionsNotSatisfied": not_satisfied}
    return {
        "id": "row",
        "userId": "somebody",
        "resourceId": "something",
        "clientAppUsed": client,
        "appliedConditionalAccessPolicies": [applied | bits],
        "authenticationRequirementPolicies": [{"requirementProvider": "user", "detail": "Per-user MFA"}],
    }


def verdicts(tmp_path: Path, text: str, name: str = "log.json") -> list[str]:
    (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "policies.json").write_text(json.dumps({"value": [POLICY]}), "utf-8")
    found, _ = read(tmp_path)
    return [e.verdict for record in found for e in compare(record, definitions(tmp_path))]


LEGACY = "Exchange ActiveSync"
CASES = [
    (row("success"), "agrees"),
    (row("failure"), "agrees"),
    (row(0), "agrees"),
    (row("notApplied", LEGACY, "application,users", "clientType"), "agrees"),
    (row("2", LEGACY, "3", 16), "agrees"),
    (row("notApplied", LEGACY, 3, 0), "agrees"),
    (row("notApplied", LEGACY, 19, 8), "disagrees"),
    (row("notApplied", LEGACY, 3, 2), "disagrees"),
    (row("notApplied"), "disagrees"),
    (row("success", LEGACY), "disagrees"),
    (row("notEnabled"), "disagrees"),
    (row("reportOnlySuccess"), "disagrees"),
    (row("unknown"), "open"),
    (row("success", ""), "open"),
]


@pytest.mark.parametrize(("record", "expected"), CASES)
def test_a_result_is_compared_with_ours(record: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert verdicts(tmp_path, json.dumps(record)) == [expected]


def in_an_envelope(record: dict[str, Any]) -> dict[str, Any]:
    return {"category": "SignInLogs", "resultType": "0", "properties": record}


CARRIERS = {
    "an object": lambda r: json.dumps(r),
    "a page": lambda r: json.dumps({"value": [r]}),
    "a list": lambda r: json.dumps([r]),
    "an envelope": lambda r: json.dumps(in_an_envelope(r)),
    "an event hub": lambda r: json.dumps({"records": [in_an_envelope(r)]}),
    "lower case": lambda r: json.dumps({k.lower(): v for k, v in in_an_envelope(r).items()}),
    "wrapped": lambda r: json.dumps({"_src": "x", "record": in_an_envelope(r)}),
    "text within text": lambda r: json.dumps({"properties": json.dumps(r)}),
    "a row of a store": lambda r: json.dumps(
        {
            "UserId": r["userId"],
            "ResourceId": r["resourceId"],
            "ClientAppUsed": r["clientAppUsed"],
            "ConditionalAccessPolicies": json.dumps(r["appliedConditionalAccessPolicies"]),
        }
    ),
    "commas too many": lambda r: json.dumps({"value": [r]}).replace("}]}", "},],}"),
    "lines, one of them bad": lambda r: f"{json.dumps(r)}\n{{half a li\n\n",
    "a mark in front": lambda r: "\ufeff" + json.dumps(r),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_carrier_is_read(carrier: str, tmp_path: Path) -> None:
    assert verdicts(tmp_path, CARRIERS[carrier](row("success"))) == ["agrees"]
    assert len(read(tmp_path)[1]) == (carrier == "lines, one of them bad")


def test_the_portals_table_names_no_policy(tmp_path: Path) -> None:
    text = "Date (UTC),User ID,Client app,Conditional Access\n2026-11-02T08:00:00Z,x,IMAP4,Not applied\n"
    (tmp_path / "InteractiveSignIns.csv").write_text(text, "utf-8")
    (found,), bad = read(tmp_path)
    assert (found.client, found.results, bad) == ("IMAP4", (), [])


def test_who_asked_is_read_as_a_list_and_as_text(tmp_path: Path) -> None:
    record = row("success")
    as_text = record | {name: json.dumps(record[name]) for name in record if name.endswith("Policies")}
    (tmp_path / "log.jsonl").write_text(f"{json.dumps(record)}\n{json.dumps(as_text)}\n", "utf-8")
    one, other = read(tmp_path)[0]
    assert one.providers == other.providers == ("user",)
    assert one.results == other.results


@pytest.mark.parametrize(
    ("value", "words", "unread"),
    [
        (None, set(), 0),
        (0, set(), 0),
        (1 | 16 | 65536, {"application", "clientType", "insiderRisk"}, 0),
        ("17", {"application", "clientType"}, 0),
        ("application, ClientType", {"application", "clientType"}, 0),
        ("none", set(), 0),
        (["users", 8], {"users", "location"}, 0),
        (1 << 20, set(), 1),
        (-1, set(CONDITIONS), 1),
        ("application,moonPhase", {"application"}, 1),
        (True, set(), 1),
        ({"a": 1}, set(), 1),
        (1.5, set(), 1),
    ],
)
def test_flags_are_read_as_numbers_and_as_words(value: Any, words: set[str], unread: int) -> None:
    named, rest = flags(value)
    assert (named, len(rest)) == (words, unread)

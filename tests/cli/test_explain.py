"""`perca explain`: the outcome, who asks, and for each policy whether it applies and every condition that isn't met."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy, question

Perca = Callable[..., Done]
Write = Callable[..., Path]


def explained(perca: Perca, snapshot: Path, written: Write, asked: Json, *options: str) -> Json:
    done = perca("explain", snapshot, written(asked, "question.json"), "--json", *options)
    assert done.code == (3 if done.json["outcome"] == "notAssessed" else 0)
    assert done.json["format"] == "perca/explain/1"
    return done.json


def test_a_sign_in_that_needs_mfa(perca: Perca, snapshot: Path, written: Write) -> None:
    told = explained(perca, snapshot, written, question(0))
    assert (told["outcome"], told["mfa"], told["requirement"]) == ("prompt", "required", [["mfa"]])
    assert told["sources"] == [
        {"provider": "user", "id": "perca:perUserMfa", "displayName": "Per-user MFA"},
        {"provider": "multiConditionalAccess", "id": id_of(200), "displayName": "MFA outside"},
    ]


def test_how_long_the_session_may_last_is_told_apart(perca: Perca, tenant: Json, written: Write) -> None:
    hourly = {"isEnabled": True, "value": 1, "type": "hours"}
    asking = policy(202, "Hourly", {"includeUsers": ["All"]}) | {
        "grantControls": None,
        "sessionControls": {"signInFrequency": hourly},
    }
    tenant |= {
        "policies": [asking],
        "users": [each | {"perUserMfaState": "disabled"} for each in tenant["users"]],
    }
    told = explained(perca, written(tenant), written, question(0))
    assert (told["mfa"], told["requirement"]) == ("notRequired", [])
    assert told["session"] == {"bothFactors": 60, "secondFactor": 60, "persistentBrowser": None}
    text = perca("explain", written(tenant), written(question(0), "question.json")).out
    assert "the session: both factors every 60 minutes" in text


def test_who_asks_to_register_is_told_beside_and_covers_nothing(
    perca: Perca, tenant: Json, written: Write
) -> None:
    tenant |= {"registrationPolicy": {"isEnabled": True}, "policies": []}
    tenant["registrations"].append({"id": id_of(3), "isMfaRegistered": False})
    told = explained(perca, written(tenant), written, question(3))
    assert (told["mfa"], told["outcome"], told["requirement"]) == ("notRequired", "granted", [])
    assert [each["provider"] for each in told["registration"]] == [
        "mfaRegistrationRequiredByIdentityProtectionPolicy"
    ]


def test_that_one_mfa_answers_several_sources_is_told_as_inferred(
    perca: Perca, snapshot: Path, written: Write
) -> None:
    done = question(0) | {"perca": {**question(0).get("perca", {}), "session": {"mfa": True}}}
    told = explained(perca, snapshot, written, done)
    assert (told["outcome"], len(told["sources"])) == ("granted", 2)
    assert told["oneClaimForAll"]["certainty"] == "inferred"
    assert explained(perca, snapshot, written, question(0))["oneClaimForAll"] is None
    assert "MFA done once answers all of them" in perca("explain", snapshot, written(done, "again.json")).out


def test_every_policy_is_there_with_every_reason(perca: Perca, snapshot: Path, written: Write) -> None:
    told = explained(perca, snapshot, written, question(1, ipAddress="192.0.2.9"))
    applied, off = told["policies"]
    assert (applied["id"], applied["state"], applied["applies"]) == (id_of(200), "enabled", False)
    assert (applied["result"], applied["unmet"]) == ("notApplied", ["users", "location"])
    assert len(applied["because"]) == 2
    assert (off["id"], off["state"], off["applies"]) == (id_of(201), "disabled", False)
    assert (off["result"], off["unmet"]) == ("notEnabled", ["policyNotEnabled"])
    assert (told["outcome"], told["mfa"], told["requirement"], told["sources"]) == (
        "granted",
        "notRequired",
        [],
        [],
    )


def test_a_block_says_who_blocks(perca: Perca, tenant: Json, written: Write) -> None:
    block = policy(203, "Nobody", {"includeUsers": ["All"]})
    block["grantControls"]["builtInControls"] = ["block"]
    path = written(tenant | {"policies": [*tenant["policies"], block]})
    told = explained(perca, path, written, question(0))
    assert (told["outcome"], told["mfa"]) == ("blocked", "required")
    assert told["requirement"] == [["block"], ["mfa"]]
    assert [source["id"] for source in told["blockedBy"]] == [id_of(203)]


def test_what_is_not_known_is_named(perca: Perca, tenant: Json, written: Write) -> None:
    tenant["missing"] = [{"what": f"groups/{id_of(100)}/members", "why": "403 Forbidden"}]
    told = explained(perca, written(tenant), written, question(3))
    assert (told["outcome"], told["mfa"]) == ("notAssessed", "notAssessed")
    assert told["policies"][0]["applies"] is None
    assert any("403 Forbidden" in fact for fact in told["missing"])


def test_a_field_left_out_is_unknown_unless_read_as_what_if_does(
    perca: Perca, snapshot: Path, written: Write
) -> None:
    asked = {key: value for key, value in question(0).items() if key != "perca"}
    del asked["signInConditions"]["ipAddress"]
    assert explained(perca, snapshot, written, asked)["mfa"] == "notAssessed"
    told = explained(
        perca,
        snapshot,
        written,
        asked | {"signInConditions": {"ipAddress": "198.51.100.7"}},
        "--what-if-defaults",
    )
    assert told["policies"][0]["applies"] is True


def test_the_text_begins_with_the_outcome(perca: Perca, snapshot: Path, written: Write) -> None:
    lines = perca("explain", snapshot, written(question(0), "question.json")).out.splitlines()
    assert lines[:2] == ["Prompt: something is still asked for.", "MFA is required."]
    assert any(line.startswith("  applies") and "MFA outside (on)" in line for line in lines)
    assert any(line.startswith("  does not apply") and "Turned off (off)" in line for line in lines)


@pytest.mark.parametrize("which", [0, 1])
def test_a_dash_is_standard_input(
    perca: Perca, snapshot: Path, written: Write, which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    files: list[object] = [snapshot, written(question(0), "question.json")]
    given = Path(str(files[which])).read_bytes()
    files[which] = "-"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    assert perca("explain", *files).code == 0


def test_policies_that_nobody_read_are_not_passed_over(perca: Perca, tenant: Json, written: Write) -> None:
    del tenant["policies"]
    told = explained(perca, written(tenant), written, question(3))
    assert (told["outcome"], told["policies"]) == ("notAssessed", [])
    assert any(rule["applies"] is None and "policies" in rule["because"][0] for rule in told["otherRules"])


def test_each_rule_says_how_sure_it_is_and_which_page_says_so(
    perca: Perca, snapshot: Path, written: Write
) -> None:
    told = explained(perca, snapshot, written, question(0))
    applied, off = told["policies"]
    assert applied["certainty"] == off["certainty"] == "official"
    assert applied["page"].startswith("concept-")
    del (asked := question(0))["signInConditions"]["ipAddress"]
    unsure = explained(perca, snapshot, written, asked)["policies"][0]
    assert (unsure["applies"], unsure["certainty"], unsure["page"]) == (None, None, None)

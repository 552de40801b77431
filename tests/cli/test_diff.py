"""`perca diff`: what is weaker, stronger, something else, newly blocked; with exit codes, exact counts and confirmed witnesses."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]
ALL = {"includeUsers": ["All"]}


def everybody(*controls: str, number: int = 204, **more: object) -> Json:
    made = policy(number, f"Everybody {'or '.join(controls)}", ALL)
    made["grantControls"] = {"operator": "OR", "builtInControls": list(controls)}
    return {**made, **more}


def with_policies(tenant: Json, *policies: Json) -> Json:
    return tenant | {"policies": [*tenant["policies"], *policies]}


@pytest.fixture
def diff(perca: Perca, written: Write) -> Callable[[Json, Json], Done]:
    def run(before: Json, after: Json) -> Done:
        return perca("diff", written(before, "before.json"), written(after, "after.json"), "--json")

    return run


Diff = Callable[[Json, Json], Done]


def changes(done: Done) -> set[str]:
    return {name for name, each in done.json["changes"].items() if each["combinations"] != "0"}


def test_nothing_changes_between_a_tenant_and_itself(diff: Diff, tenant: Json) -> None:
    done = diff(tenant, tenant)
    assert (done.code, done.json["format"], done.json["holds"]) == (0, "perca/diff/1", True)
    assert (done.json["regions"], done.json["sessions"], done.json["complete"]) == ([], [], True)


@pytest.mark.parametrize(
    ("before", "after", "code", "change"),
    [
        (["mfa"], [], 1, "weaker"),
        ([], ["mfa"], 0, "stronger"),
        ([], ["block"], 0, "newlyBlocked"),
        (["mfa"], ["block"], 0, "newlyBlocked"),
        (["block"], ["mfa"], 1, "weaker"),
        (["mfa"], ["mfa", "compliantDevice"], 1, "weaker"),
        (["compliantDevice"], ["passwordChange"], 1, "incomparable"),
    ],
)
def test_each_change_by_its_name(
    diff: Diff, tenant: Json, before: list[str], after: list[str], code: int, change: str
) -> None:
    sides = [with_policies(tenant, *([everybody(*each)] if each else [])) for each in (before, after)]
    done = diff(*sides)
    assert done.code == code
    assert change in changes(done)
    assert changes(done) - {change, "notAssessed", "stronger"} <= {"weaker"}
    region = next(each for each in done.json["regions"] if each["change"] == change)
    for side, controls in (("before", before), ("after", after)):
        assert (sorted(controls) in region[side]) is bool(controls)
    assert region["policies"] == [id_of(204)]


def test_a_witness_is_confirmed_on_both_sides(perca: Perca, diff: Diff, tenant: Json, written: Write) -> None:
    before = with_policies(tenant, everybody("mfa"))
    done = diff(before, tenant)
    assert done.json["regions"]
    for region in done.json["regions"]:
        asked = written(region["witness"], "question.json")
        for side, state in (("before", before), ("after", tenant)):
            told = perca("explain", written(state, "state.json"), asked, "--json").json
            assert told["requirement"] == region[side]


def test_only_report_only_is_no_cover(diff: Diff, tenant: Json) -> None:
    on = with_policies(tenant, everybody("mfa"))
    off = with_policies(tenant, everybody("mfa", state="enabledForReportingButNotEnforced"))
    assert (diff(on, off).code, diff(off, on).code) == (1, 0)


def test_people_of_one_side_alone_are_not_compared_and_named(diff: Diff, tenant: Json) -> None:
    later = copy.deepcopy(tenant)
    gone = later["users"].pop()
    done = diff(tenant, later)
    assert done.json["onlyBefore"] == [gone["id"]]
    assert done.json["people"] == len(later["users"])


def test_what_hangs_on_missing_data_is_not_assessed(diff: Diff, tenant: Json) -> None:
    before = with_policies(tenant, everybody("mfa"))
    after = copy.deepcopy(before)
    after["policies"][-1]["conditions"]["users"] = {"includeGroups": [id_of(100)]}
    after["missing"] = [{"what": f"groups/{id_of(100)}/members", "why": "403 Forbidden"}]
    done = diff(before, after)
    assert done.code in (1, 3)
    assert 3 in done.json["exitCodes"]
    assert "notAssessed" in changes(done)


def test_a_page_of_people_that_nobody_read_is_not_assessed(diff: Diff, tenant: Json) -> None:
    less = tenant | {"missing": [{"what": "users", "why": "429"}]}
    done = diff(tenant, less)
    assert (done.code, done.json["holds"]) == (3, None)
    assert "users could not be read" in done.json["notDecided"]


def daily(hours: int) -> Json:
    frequency = {
        "isEnabled": True,
        "type": "hours",
        "value": hours,
        "authenticationType": "primaryAndSecondaryAuthentication",
        "frequencyInterval": "timeBased",
    }
    made = everybody(sessionControls={"signInFrequency": frequency})
    return {**made, "grantControls": None}


def test_a_session_that_lasts_longer_is_told_and_is_no_loss_of_mfa(diff: Diff, tenant: Json) -> None:
    short, long = with_policies(tenant, daily(1)), with_policies(tenant, daily(12))
    done = diff(short, long)
    assert (done.code, done.json["holds"], changes(done)) == (0, True, set())
    (only,) = done.json["sessions"]
    assert (only["change"], only["before"]["bothFactors"], only["after"]["bothFactors"]) == (
        "longer",
        60,
        720,
    )
    assert only["policies"] == [id_of(204)]
    assert [each["change"] for each in diff(long, short).json["sessions"]] == ["shorter"]
    assert diff(tenant, long).json["sessions"][0]["change"] == "shorter"


def test_the_human_view_says_it_first(perca: Perca, tenant: Json, written: Write) -> None:
    before = written(with_policies(tenant, everybody("mfa")), "before.json")
    told = perca("diff", before, written(tenant, "after.json"))
    assert told.out.startswith("Weaker: ")
    assert "mfa before, nothing after" in told.out
    assert perca("diff", before, before).out.startswith("Holds: ")


def test_standard_input_is_one_file(perca: Perca) -> None:
    assert perca("diff", "-", "-").code == 2

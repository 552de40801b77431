"""`perca prove`: holds, fails or not assessed; exact counts as decimal strings; regions whose witnesses `explain` confirms."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from perca.model import ClientApp
from perca.space import CHANNELS
from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]


def everybody(tenant: Json) -> Json:
    """The tenant with a policy that requires MFA of everybody, everywhere."""
    return tenant | {"policies": [*tenant["policies"], policy(204, "Everybody", {"includeUsers": ["All"]})]}


def test_it_holds(perca: Perca, tenant: Json, written: Write) -> None:
    done = perca("prove", written(everybody(tenant)), "--json")
    told = done.json
    assert (done.code, told["format"], told["holds"], told["people"]) == (0, "perca/prove/1", True, 4)
    assert (told["regions"], told["complete"], told["notDecided"], told["exitCodes"]) == ([], True, None, [])


def test_counts_are_exact_and_decimal_strings(perca: Perca, snapshot: Path) -> None:
    told = perca("prove", snapshot, "--json").json
    sizes = {name: int(size) for name, size in told["universe"].items()}
    cells = sizes["channels"] * sizes["targets"]
    active_sync = sum(each.client is ClientApp.ACTIVE_SYNC for each in CHANNELS)
    elsewhere = active_sync * (sizes["targets"] - 1)  # at all but Exchange, where it can't be
    assert told["combinations"] == str(math.prod(sizes.values()) // cells * (cells - elsewhere))
    assert any("Exchange ActiveSync" in each for each in told["assumptions"])
    assert told["people"] == 4
    assert int(told["universe"]["people"]) == told["people"] + told["externals"] == 4 + 3
    failing = int(told["failing"]["combinations"])
    assert (
        0
        < max(int(region["combinations"]) for region in told["regions"])
        <= failing
        < int(told["combinations"])
    )


def test_a_witness_is_confirmed_by_explain(perca: Perca, snapshot: Path, written: Write) -> None:
    done = perca("prove", snapshot, "--json")
    assert (done.code, done.json["holds"]) == (1, False)
    for region in done.json["regions"]:
        asked = written(region["witness"], "question.json")
        told = perca("explain", snapshot, asked, "--json").json
        assert told["mfa"] == ("notRequired" if region["assessed"] else "notAssessed")
        assert told["outcome"] in ("granted", "notAssessed"), "and never a prompt for MFA, or a block"
        assert all(policy["applies"] is not None for policy in told["policies"])


def test_regions_say_where_in_product_words(perca: Perca, snapshot: Path) -> None:
    done = perca("prove", snapshot, "--json").json
    assert done["complete"]
    inside = next(each for each in done["regions"] if each["people"] == 4)
    assert "inside the MFA trusted IPs: nothing requires MFA" in inside["words"]
    assert inside["policies"] == [id_of(200)]
    assert inside["conditions"]["ipAddresses"] == {"count": "256", "startingAt": ["192.0.2.0"]}
    anywhere = done["regions"][0]
    assert (anywhere["people"], anywhere["conditions"]["users"]["ids"][0]) == (1, id_of(3))
    assert anywhere["conditions"]["users"]["count"] == 1 + 3, "and three kinds of people from outside"
    assert "any resource but Microsoft's admin portals and tools: nothing requires MFA" in anywhere["words"]


def test_what_hangs_on_missing_data_is_not_assessed(perca: Perca, tenant: Json, written: Write) -> None:
    tenant = everybody(tenant)
    tenant["policies"][-1]["conditions"]["users"] = {"includeGroups": [id_of(100)]}
    tenant["missing"] = [{"what": f"groups/{id_of(100)}/members", "why": "403 Forbidden"}]
    done = perca("prove", written(tenant), "--who", f"user:{id_of(3)}", "--json")
    assert (done.code, done.json["holds"]) == (3, None)
    assert "403 Forbidden" in done.json["notDecided"]
    assert not any(region["assessed"] for region in done.json["regions"])


def test_policies_that_nobody_read_leave_no_certain_failure(
    perca: Perca, tenant: Json, written: Write
) -> None:
    del tenant["policies"]
    done = perca("prove", written(tenant), "--json")
    assert (done.code, done.json["holds"]) == (3, None)


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("all", 4),
        ("perUserMfa", 2),
        (f"role:{id_of(400)}", 1),
        (f"group:{id_of(100)}", 2),
        (f"user:{id_of(2)}", 1),
        ("user:PERSON3@four.example", 1),
    ],
)
def test_who_is_asked_about(perca: Perca, snapshot: Path, who: str, people: int) -> None:
    assert perca("prove", snapshot, "--who", who, "--json").json["people"] == people


def test_somebody_whose_state_was_not_read_may_have_per_user_mfa(
    perca: Perca, tenant: Json, written: Write
) -> None:
    del tenant["users"][3]["perUserMfaState"]
    assert perca("prove", written(tenant), "--who", "perUserMfa", "--json").json["people"] == 3


@pytest.mark.parametrize("who", ["nobody", "role:", "user:x@four.example", "all:1", "", f"role:{id_of(401)}"])
def test_who_that_is_nobody(perca: Perca, snapshot: Path, who: str) -> None:
    assert perca("prove", snapshot, "--who", who).code == 2


def test_a_group_that_the_snapshot_does_not_hold_is_not_assessed(perca: Perca, snapshot: Path) -> None:
    assert perca("prove", snapshot, "--who", f"group:{id_of(101)}").code == 3


def test_user_actions_are_a_question_of_their_own(perca: Perca, tenant: Json, written: Write) -> None:
    """What "all resources" means for them is documented both ways: only a policy on the action is an answer."""
    broad = everybody(tenant)
    assert perca("prove", written(broad)).code == 0
    assert perca("prove", written(broad), "--target", "userActions").code == 3


def test_the_text_begins_with_the_answer(perca: Perca, tenant: Json, snapshot: Path, written: Write) -> None:
    assert perca("prove", snapshot).out.startswith("Fails: there are sign-ins that need no MFA.\n")
    assert perca("prove", written(everybody(tenant))).out.startswith("Holds: ")


def test_an_attacker_is_a_question_of_its_own(perca: Perca, tenant: Json, written: Write) -> None:
    device = policy(205, "A device", {"includeUsers": ["All"]})
    device["grantControls"]["builtInControls"] = ["compliantDevice"]
    asked = written(tenant | {"policies": [device]})
    assert perca("prove", asked, "--json").code == 1
    done = perca("prove", asked, "--attacker", "password", "--attacker", "unmanagedDevice", "--json")
    assert (done.code, done.json["holds"]) == (0, True)
    assert "an attacker with the password and an unmanaged device kept out" in done.json["question"]
    told = perca("prove", written(tenant), "--attacker", "legacyClient").out
    assert told.startswith("Fails: such an attacker gets in.")
    assert "nothing keeps the attacker out" in told
    assert perca("prove", asked, "--attacker", "password", "--any-membership").code == 2
    assert perca("prove", asked, "--attacker", "deviceCode", "--attacker", "legacyClient").code == 2


def test_what_is_taken_for_granted_of_many_policies_is_one_line_and_all_of_it_for_scripts(
    perca: Perca, tenant: Json, written: Write
) -> None:
    strong = {
        "operator": "OR",
        "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"},
    }
    names = [f"Strong {number}" for number in range(1, 9)]
    policies = [
        policy(210 + number, name, {"includeUsers": ["All"]}) | {"grantControls": strong}
        for number, name in enumerate(names)
    ]
    held = written(tenant | {"policies": policies})
    (whole,) = [each for each in perca("prove", held, "--json").json["assumptions"] if "`Strong 1`" in each]
    assert all(f"`{name}`" in whole for name in names)
    (line,) = [each for each in perca("prove", held).out.splitlines() if "`Strong 1`" in each]
    assert line.endswith("`Strong 2`, `Strong 3` and 5 more")


def test_regions_that_overlap_say_so(perca: Perca, tenant: Json, written: Write) -> None:
    """Legacy clients are open to everybody, and everything to one person: the two share that person's legacy clients."""
    modern = policy(
        210,
        "Modern",
        {"includeUsers": ["All"], "excludeUsers": [id_of(2)]},
        clientAppTypes=["browser", "mobileAppsAndDesktopClients"],
    )
    people_ = [each | {"perUserMfaState": "disabled"} for each in tenant["users"]]
    held = written(tenant | {"policies": [modern], "users": people_, "takenAt": "2024-06-01T08:00:00Z"})
    one, two = perca("prove", held, "--json").json["regions"]
    assert (one["overlaps"], two["overlaps"]) == ([1], [0])
    lines = perca("prove", held).out.splitlines()
    assert [each.strip() for each in lines if "overlaps" in each] == ["overlaps region 1"]
    assert perca("prove", held, "--who", f"user:{id_of(2)}", "--json").json["regions"][0]["overlaps"] == []

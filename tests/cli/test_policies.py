"""`perca policies`: names for ids and back; into another tenant; what lacks a name, has it twice, or can't be translated."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]

USERS = {
    "includeUsers": ["All"],
    "excludeUsers": [id_of(1)],
    "includeGroups": [],
    "excludeGroups": [id_of(100)],
    "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"],
}
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"


@pytest.fixture
def source(tenant: Json) -> Json:
    """The four people, with a policy that speaks of one of everything."""
    whole = policy(
        210,
        "All/of: it",
        USERS,
        applications={"includeApplications": [EXCHANGE, id_of(500)]},
        locations={"includeLocations": ["All"], "excludeLocations": [id_of(300)]},
    )
    whole["grantControls"] = {
        "operator": "OR",
        "builtInControls": [],
        "termsOfUse": [id_of(700)],
        "authenticationStrength": {"id": id_of(600), "displayName": "Keys"},
    }
    return tenant | {
        "policies": [*tenant["policies"], whole],
        "servicePrincipals": [{"id": id_of(501), "appId": id_of(500), "displayName": "Payroll"}],
        "authenticationStrengths": [
            {"id": id_of(600), "displayName": "Keys", "allowedCombinations": ["fido2"]}
        ],
        "agreements": [{"id": id_of(700), "displayName": "House rules"}],
    }


def moved(source: Json) -> Json:
    """Another tenant, with the same names and other ids."""
    text = json.dumps(source)
    for number in (0, 1, 2, 3, 100, 300, 500, 501, 600, 700, 999):
        text = text.replace(id_of(number), id_of(number + 5000))
    return json.loads(text)  # type: ignore[no-any-return]


def held(folder: Path) -> dict[str, Json]:
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.iterdir())}


def canonical(policies: list[Json]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in policies)


def test_a_file_a_policy_with_names_for_ids(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    done = perca("policies", "export", written(source), "-o", tmp_path / "out", "--json")
    assert (done.code, done.json["format"]) == (0, "perca/policies-export/1")
    assert (done.json["policies"], done.json["notTranslated"]) == (3, [])
    files = held(tmp_path / "out")
    assert [*files] == ["All_of_ it.json", "MFA outside.json", "Turned off.json"]
    whole = files["All_of_ it.json"]
    users = whole["conditions"]["users"]
    assert users["excludeUsers"] == [{"user": "person1@four.example"}]
    assert users["excludeGroups"] == [{"group": "Some"}]
    assert users["includeUsers"] == ["All"]
    assert users["includeRoles"][0]["role"] == "Global Administrator"
    assert whole["conditions"]["applications"]["includeApplications"] == [
        {"application": "Office 365 Exchange Online", "id": EXCHANGE},
        {"application": "Payroll"},
    ]
    assert whole["conditions"]["locations"]["excludeLocations"] == [{"location": "Office"}]
    assert whole["grantControls"]["authenticationStrength"]["id"] == {"strength": "Keys"}
    assert whole["grantControls"]["termsOfUse"] == [{"terms": "House rules"}]


@pytest.mark.parametrize("output", ["back", "back.json", "back.json.gz"])
def test_there_and_back_is_what_it_was(
    perca: Perca, written: Write, source: Json, tmp_path: Path, output: str
) -> None:
    snapshot = written(source)
    perca("policies", "export", snapshot, "-o", tmp_path / "out")
    done = perca("policies", "import", tmp_path / "out", "--into", snapshot, "-o", tmp_path / output)
    assert done.code == 0
    if output == "back":
        policies = [*held(tmp_path / "back").values()]
        assert [*held(tmp_path / "back")] == [*held(tmp_path / "out")]
    elif output == "back.json":
        policies = json.loads((tmp_path / output).read_text("utf-8"))["value"]
    else:
        again = perca("policies", "export", tmp_path / output, "-o", tmp_path / "ids")
        assert again.code == 3
        return
    assert canonical(policies) == canonical(source["policies"])


def test_into_another_tenant_by_its_ids(perca: Perca, written: Write, source: Json, tmp_path: Path) -> None:
    other = moved(source)
    perca("policies", "export", written(source), "-o", tmp_path / "out")
    done = perca(
        "policies",
        "import",
        tmp_path / "out",
        "--into",
        written(other, "other.json"),
        "-o",
        tmp_path / "there",
    )
    assert done.code == 0
    assert canonical([*held(tmp_path / "there").values()]) == canonical(other["policies"])


def test_names_that_are_missing_or_stand_for_several_refuse_the_whole_and_are_all_listed(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    other = moved(source)
    other["groups"].append({"id": id_of(101), "displayName": "Some", "members": []})
    other["users"] = other["users"][:1]
    perca("policies", "export", written(source), "-o", tmp_path / "out")
    into = written(other, "other.json")
    done = perca("policies", "import", tmp_path / "out", "--into", into, "-o", tmp_path / "there", "--json")
    assert (done.code, done.json["output"]) == (1, None)
    assert {(each["kind"], each["name"], each["why"]) for each in done.json["unresolved"]} == {
        ("group", "Some", "2 are called so"),
        ("user", "person1@four.example", "there is none of that name"),
    }
    assert not (tmp_path / "there").exists()
    text = perca("policies", "import", tmp_path / "out", "--into", into, "-o", tmp_path / "there")
    assert text.out.count("group `Some`") == 2
    assert "Nothing was written" in text.out


def test_a_name_that_is_not_unique_keeps_its_id_and_fits_only_there(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    source["groups"].append({"id": id_of(101), "displayName": "Some", "members": []})
    snapshot = written(source)
    perca("policies", "export", snapshot, "-o", tmp_path / "out")
    users = held(tmp_path / "out")["All_of_ it.json"]["conditions"]["users"]
    assert users["excludeGroups"] == [{"group": "Some", "id": id_of(100)}]
    assert perca("policies", "import", tmp_path / "out", "--into", snapshot, "-o", tmp_path / "a").code == 0
    other = moved(source)
    other["groups"] = other["groups"][:1]
    into = written(other, "other.json")
    assert perca("policies", "import", tmp_path / "out", "--into", into, "-o", tmp_path / "b").code == 1


def test_an_application_of_another_organisation_goes_by_its_id(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    for each in source["servicePrincipals"]:
        each["appOwnerOrganizationId"] = id_of(998)
    perca("policies", "export", written(source), "-o", tmp_path / "out")
    other = copy.deepcopy(source)
    other["tenantId"] = id_of(5999)
    other["servicePrincipals"][0]["displayName"] = "Called otherwise"
    done = perca(
        "policies", "import", tmp_path / "out", "--into", written(other, "o.json"), "-o", tmp_path / "there"
    )
    assert done.code == 0
    whole = held(tmp_path / "there")["All_of_ it.json"]
    assert whole["conditions"]["applications"]["includeApplications"] == [EXCHANGE, id_of(500)]


def test_what_has_no_name_or_is_not_understood_is_carried_and_named(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    strange = policy(211, "Strange", {"includeUsers": [id_of(77)], "includeGroups": ["<Group>"]})
    strange["conditions"]["agentContext"] = {"agents": [f"x {id_of(78)}"]}
    strange["conditions"]["applications"] = {"includeAuthenticationContextClassReferences": ["c1"]}
    strange["conditions"]["users"]["excludeGroups"] = [{"odd": "thing"}]
    source["policies"].append(strange)
    snapshot = written(source)
    done = perca("policies", "export", snapshot, "-o", tmp_path / "out", "--json")
    assert done.code == 3
    assert {(each["where"].split(".")[-1], each["id"]) for each in done.json["notTranslated"]} == {
        ("includeUsers", id_of(77)),
        ("includeGroups", "<Group>"),
        ("agents", id_of(78)),
        ("includeAuthenticationContextClassReferences", "c1"),
    }
    back = perca("policies", "import", tmp_path / "out", "--into", snapshot, "-o", tmp_path / "b.json")
    assert back.code == 3
    assert canonical(json.loads((tmp_path / "b.json").read_text("utf-8"))["value"]) == canonical(
        source["policies"]
    )


def test_a_folder_that_is_there_is_left_as_it_is(
    perca: Perca, written: Write, source: Json, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    snapshot = written(source)
    assert perca("policies", "export", snapshot, "-o", out).code == 0
    done = perca("policies", "export", snapshot, "-o", out)
    assert done.code == 2
    assert "isn't an empty folder" in done.line
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_files_of_the_same_name_stand_side_by_side(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path
) -> None:
    tenant["policies"] = [policy(1, "Same", USERS), policy(2, "same", USERS), policy(3, "..", USERS)]
    perca("policies", "export", written(tenant), "-o", tmp_path / "out")
    assert [*held(tmp_path / "out")] == [f"{id_of(3)}.json", "Same.json", "same (2).json"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"user": "Some"}, "names no group"),
        ({"group": 7}, "names no group"),
        ({"group": "Some", "id": 7}, "names no group"),
    ],
)
def test_an_object_that_names_nothing_is_bad_input(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path, entry: Json, said: str
) -> None:
    (tmp_path / "in").mkdir()
    written(policy(1, "X", {"includeGroups": [entry]}), "in/x.json")
    done = perca("policies", "import", tmp_path / "in", "--into", written(tenant), "-o", tmp_path / "o.json")
    assert done.code == 2
    assert said in done.line
    assert not (tmp_path / "o.json").exists()


@pytest.mark.parametrize("what", ["nothing", "no policy", "no folder"])
def test_a_folder_that_holds_no_policies_is_bad_input(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path, what: str
) -> None:
    folder = tmp_path / "in"
    if what != "no folder":
        folder.mkdir()
    if what == "no policy":
        written({"id": 3}, "in/x.json")
    done = perca("policies", "import", folder, "--into", written(tenant), "-o", tmp_path / "o.json")
    assert done.code == 2
    assert done.line


def test_a_snapshot_without_policies_is_bad_input(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path
) -> None:
    del tenant["policies"]
    done = perca("policies", "export", written(tenant), "-o", tmp_path / "o")
    assert done.code == 2
    assert "holds no policies" in done.line


def test_policies_that_nobody_read_are_named(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path
) -> None:
    why = {"what": "identity/conditionalAccess/policies", "why": "429 after the first page"}
    done = perca("policies", "export", written(tenant | {"missing": [why]}), "-o", tmp_path / "a", "--json")
    assert (done.code, done.json["missing"]) == (3, [f"{why['what']}: {why['why']}"])
    page = {"value": tenant["policies"], "@odata.nextLink": "more"}
    done = perca("policies", "export", written(page), "-o", tmp_path / "b")
    assert done.code == 3
    assert "not all policies were read" in done.out


def test_a_policy_that_can_not_be_read_is_bad_input_and_says_where(
    perca: Perca, written: Write, tenant: Json, tmp_path: Path
) -> None:
    twice = policy(1, "X", USERS) | {"State": "disabled"}
    (tmp_path / "in").mkdir()
    path = written(twice, "in/x.json")
    into = written(tenant)
    done = perca("policies", "import", tmp_path / "in", "--into", into, "-o", tmp_path / "o.json")
    assert done.code == 2
    assert f"`{path}`: the members `state` and `State` of one object differ only in case" in done.line
    done = perca("policies", "export", written({"value": [twice]}, "e.json"), "-o", tmp_path / "o")
    assert done.code == 2
    assert "entry 1 of" in done.line
    assert not (tmp_path / "o").exists()

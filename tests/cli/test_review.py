"""`--as sarif|junit` and `--accepted` of diff, gaps and lockouts: valid documents, stable ids, and what somebody answers for until a date."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perca.app import SystemClock
from perca.cli.accepted import Accepted, Entry
from perca.cli.compared import compare
from perca.cli.diff_review import codes, notices
from perca.cli.junit import junit
from perca.cli.notice import Notice
from perca.cli.policy_files import Place
from perca.cli.review import Review
from perca.cli.sarif import level, sarif, uri
from perca.findings import Severity
from perca.prove.regions import Regions
from perca.wire import parse_snapshot
from support.program import Done, Json, id_of, policy
from support.review import junit_cases, sarif_run

Perca = Callable[..., Done]
Write = Callable[..., Path]
Ask = Callable[..., Done]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _self: datetime(2026, 11, 2, 23, 59, tzinfo=UTC))


def everybody(*controls: str, number: int = 204, **more: object) -> Json:
    made = policy(number, "Everybody", {"includeUsers": ["All"]})
    made["grantControls"] = {"operator": "OR", "builtInControls": list(controls)}
    return {**made, **more}


@pytest.fixture
def sides(tenant: Json, written: Write) -> tuple[Path, Path]:
    before = tenant | {"policies": [*tenant["policies"], everybody("mfa")]}
    return written(before, "before.json"), written(tenant, "after.json")


@pytest.fixture(params=["diff", "gaps", "lockouts"])
def ask(request: pytest.FixtureRequest, perca: Perca, sides: tuple[Path, Path]) -> Callable[..., Done]:
    """Each command on a tenant in which it finds something."""
    before, after = sides
    about = {
        "diff": (before, after),
        "gaps": (after,),
        "lockouts": (after, "--emergency", "person3@four.example"),
    }[request.param]
    return lambda *options: perca(request.param, *about, *options)


def found(done: Done) -> list[Json]:
    """The findings, or the regions, on which the exit code hangs."""
    told = done.json
    regions = [each for each in told.get("regions", ()) if each["change"] in ("weaker", "incomparable")]
    return [*told.get("findings", ()), *regions]


def accepting(entries: list[Json]) -> Json:
    return {"format": "perca/accepted/1", "accepted": entries}


def entry(id: str, **other: str) -> Json:
    return {"id": id, "owner": "ana@x.example", "until": "2026-11-02", "reason": "moves in spring"} | other


def test_sarif_holds_each_finding_with_its_stable_id(ask: Ask) -> None:
    told, log = ask("--json"), ask("--as", "sarif")
    assert told.code == log.code == 1
    run = sarif_run(log.out)
    assert run["invocations"][0]["exitCode"] == 1
    prints = [each["partialFingerprints"]["perca/v1"] for each in run["results"] if each["kind"] == "fail"]
    assert {each["id"] for each in found(told) if each.get("assessed", True)} <= set(prints)
    assert {each["kind"] for each in run["results"]} <= {"fail", "open"}
    assert all(each["locations"] for each in run["results"])


def test_junit_fails_for_what_is_found(ask: Ask) -> None:
    told, document = ask("--json"), ask("--as", "junit")
    assert told.code == document.code == 1
    cases = junit_cases(document.out)
    assert "failed" in cases.values()
    for each in found(told):
        if each.get("assessed", True):
            assert f"[{each['id']}]" in document.out


def test_accepted_findings_do_not_count_and_are_listed(ask: Ask, written: Write) -> None:
    ids = [each["id"] for each in found(ask("--json"))]
    file = written(accepting([entry(id) for id in dict.fromkeys(ids)]), "accepted.json")
    told = ask("--accepted", file, "--json")
    assert 1 not in told.json["exitCodes"]
    assert {each["state"] for each in told.json["accepted"]} == {"accepted"}
    assert all(each["accepted"] for each in found(told))
    run = sarif_run(ask("--accepted", file, "--as", "sarif").out)
    accepted = [each for each in run["results"] if each.get("suppressions")]
    assert {each["partialFingerprints"]["perca/v1"] for each in accepted} == set(ids)
    assert "moves in spring" in accepted[0]["suppressions"][0]["justification"]
    document = ask("--accepted", file, "--as", "junit")
    assert "failed" not in junit_cases(document.out).values()
    assert "accepted by ana@x.example until 2026-11-02" in document.out
    assert f"{ids[0]}: accepted by ana@x.example" in ask("--accepted", file).out


def test_all_but_one_accepted_still_counts(ask: Ask, written: Write) -> None:
    sure = [each["id"] for each in found(ask("--json")) if each.get("assessed", True)]
    for left in dict.fromkeys(sure):
        others = [entry(id) for id in dict.fromkeys(sure) if id != left]
        file = written(accepting(others), "accepted.json")
        assert ask("--accepted", file, "--json").code == 1


def test_what_has_ended_or_matches_nothing_is_said_and_changes_nothing(ask: Ask, written: Write) -> None:
    ids = list(dict.fromkeys(each["id"] for each in found(ask("--json"))))
    ended = [entry(id, until="2026-11-01") for id in ids]
    file = written(accepting([*ended, entry("0123456789abcdef")]), "accepted.json")
    told = ask("--accepted", file, "--json")
    assert told.code == 1
    assert [each["state"] for each in told.json["accepted"]] == [*["expired"] * len(ids), "unknown"]
    text = ask("--accepted", file).out
    assert f"{ids[0]} (ana@x.example) has ended on 2026-11-01, and counts again" in text
    assert "0123456789abcdef (ana@x.example) is not among the findings any more" in text
    log = ask("--accepted", file, "--as", "sarif")
    assert len(log.err.splitlines()) == len(ids) + 1
    run = sarif_run(log.out)
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(ids) + 1
    assert not any(each.get("suppressions") for each in run["results"])


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ([], "no JSON object"),
        ({"accepted": []}, "its format is not `perca/accepted/1`"),
        ({"format": "perca/accepted/1"}, "`accepted` is no list"),
        (accepting([3]), "entry 1 is no object"),  # type: ignore[list-item]
        (accepting([entry("a"), entry("b", owner=" ")]), "entry 2 has no `owner`"),
        (accepting([{"id": "a", "owner": "b", "until": "2027-01-01"}]), "entry 1 has no `reason`"),
        (accepting([entry("a", until="31.12.2027")]), "`until` is `31.12.2027`, which is no date"),
        (accepting([entry("a", until="2027-02-30")]), "which is no date"),
        (accepting([entry("a"), entry("a")]), "a is accepted twice"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_bad_input(
    ask: Ask, written: Write, held: object, said: str
) -> None:
    done = ask("--accepted", written(held, "accepted.json"))
    assert done.code == 2
    assert said in done.line


def test_a_file_that_is_not_there_is_bad_input(ask: Ask) -> None:
    assert ask("--accepted", "nowhere.json").code == 2


def test_one_view_at_a_time(ask: Ask) -> None:
    done = ask("--as", "sarif", "--json")
    assert done.code == 2
    assert "--json and --as sarif at once" in done.line


def test_what_is_not_assessed_is_open_in_sarif_and_skipped_in_junit(
    perca: Perca, tenant: Json, written: Write
) -> None:
    before = tenant | {"policies": [everybody("mfa")]}
    after = copy.deepcopy(before)
    after["policies"][0]["conditions"]["users"] = {"includeGroups": [id_of(100)]}
    after["missing"] = [{"what": f"groups/{id_of(100)}/members", "why": "403 Forbidden"}]
    names = written(before, "before.json"), written(after, "after.json")
    run = sarif_run(perca("diff", *names, "--as", "sarif").out)
    results = [each for each in run["results"] if each["ruleId"] == "notAssessed"]
    assert results
    for each in results:
        assert (each["kind"], each["level"]) == ("open", "warning")
        assert each["message"]["text"].startswith("Not assessed: ")
    assert junit_cases(perca("diff", *names, "--as", "junit").out)["not assessed"] == "skipped"
    ids = [each["id"] for each in perca("diff", *names, "--json").json["regions"]]
    file = written(accepting([entry(each) for each in ids]), "accepted.json")
    assert perca("diff", *names, "--accepted", file, "--json").json["exitCodes"] == []


def test_people_whom_nobody_read_can_not_be_accepted(perca: Perca, tenant: Json, written: Write) -> None:
    less = tenant | {"missing": [{"what": "users", "why": "429"}]}
    names = written(tenant, "before.json"), written(less, "after.json")
    run = sarif_run(perca("diff", *names, "--as", "sarif").out)
    (result,) = (each for each in run["results"] if each["ruleId"] == "notDecided")
    assert "partialFingerprints" not in result
    file = written(accepting([entry("0123456789abcdef")]), "accepted.json")
    assert perca("diff", *names, "--accepted", file).code == 3


def ids_of(perca: Perca, before: Path, after: Path) -> list[str]:
    regions = perca("diff", before, after, "--json").json["regions"]
    return [each["id"] for each in regions if each["change"] == "weaker"]


def test_a_region_keeps_its_id_whoever_joins_and_whatever_things_are_called(
    perca: Perca, tenant: Json, written: Write, sides: tuple[Path, Path]
) -> None:
    ids = ids_of(perca, *sides)
    assert ids
    later = copy.deepcopy(tenant)
    later["users"].append(later["users"][3] | {"id": id_of(4), "userPrincipalName": "new@four.example"})
    renamed = everybody("mfa", displayName="Called otherwise", description="and described")
    before = later | {"policies": [*later["policies"], renamed]}
    assert ids_of(perca, written(before, "b.json"), written(later, "a.json")) == ids


def test_a_region_has_another_id_when_more_is_given_up(perca: Perca, tenant: Json, written: Write) -> None:
    def with_users(users: Json) -> Json:
        made = everybody("mfa")
        made["conditions"]["users"] = users
        return tenant | {"policies": [made]}

    before = written(with_users({"includeUsers": ["All"]}), "b.json")
    one = with_users({"includeUsers": ["All"], "excludeUsers": [id_of(3)]})
    two = with_users({"includeUsers": ["All"], "excludeUsers": [id_of(2), id_of(3)]})
    first, second = (ids_of(perca, before, written(each, "a.json")) for each in (one, two))
    assert first
    assert second
    assert not set(first) & set(second)


def test_a_location_is_the_policy_s_file_and_line(
    perca: Perca, tenant: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in here").mkdir()
    before, after = tenant | {"policies": [everybody("mfa")]}, tenant | {"policies": [everybody()]}
    after["policies"][0]["grantControls"] = None
    for name, value in (("before.json", before), ("after.json", after)):
        (tmp_path / "in here" / name).write_text(json.dumps(value, indent=1), "utf-8")
    run = sarif_run(
        perca("diff", "in here/before.json", tmp_path / "in here/after.json", "--as", "sarif").out
    )
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "in%20here/after.json"
    lines = (tmp_path / "in here" / "after.json").read_text("utf-8").splitlines()
    assert id_of(204) in lines[physical["region"]["startLine"] - 1]


def test_a_path_elsewhere_is_a_whole_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert uri(str(tmp_path / "other" / "ä.json")).startswith("file:///")
    assert uri("../base/a b.json") == "../base/a%20b.json"


@pytest.mark.parametrize(
    ("severity", "assessed", "word"),
    [
        (Severity.HIGH, True, "error"),
        (Severity.MEDIUM, True, "warning"),
        (Severity.LOW, True, "note"),
        (Severity.HIGH, False, "warning"),
        (Severity.MEDIUM, False, "warning"),
        (Severity.LOW, False, "note"),
    ],
)
def test_levels(severity: Severity, assessed: bool, word: str) -> None:
    assert level(Notice("x", "gap", severity, "w", assessed=assessed)) == word


def test_names_with_anything_in_them_make_valid_documents() -> None:
    odd = "".join(map(chr, (0, 7, 27, 0x85, 0x2028, 0xFFFE, 0x1F600, 0xD800))) + "]]><a & \"b\" 'c'"
    notice = Notice("0" * 16, "gap", Severity.HIGH, odd, ("p",), odd)
    where = {"p": Place(f"{odd[1:]}.json", 3)}
    assert junit_cases(junit("gaps", ["gap"], [notice], Accepted(), where)) == {"gap": "failed"}
    log = sarif("gaps", [notice], Accepted(), {"p": Place("a.json", 3)}, [], 1)
    sarif_run(json.dumps(log))


def test_losses_that_no_region_holds_can_not_be_accepted(tenant: Json) -> None:
    before = parse_snapshot(tenant | {"policies": [everybody("mfa")]})
    result = compare(before, parse_snapshot(tenant | {"policies": []}))
    entries = tuple(
        Entry(each.id, "ana", date.max, "why")
        for each in {each.id: each for each in notices(result)}.values()
    )
    accepted = Accepted(entries, date(2026, 11, 2))
    assert codes(result, Review([*notices(result)], accepted, ())) == frozenset()
    more = replace(result, found=Regions(result.found.regions, 1))
    found = [*notices(more)]
    assert [each.id for each in found if each.kind == "moreRegions"] == [""]
    assert codes(more, Review(found, accepted, ())) == {1, 3}

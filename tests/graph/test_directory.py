"""The rest of the port: each method asks what it should, and what isn't there is told apart from what isn't known."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from perca.errors import Refused, RemoteFailed
from perca.migrate.directory import Directory
from perca.model import NotRead, PolicyState

POLICIES = "/identity/conditionalAccess/policies"
SINCE = datetime(2026, 11, 1, 8, 0, 0, 500_000, tzinfo=UTC)


def test_it_is_the_port_that_migrate_owns(service):
    directory: Directory = service.directory
    assert directory


def test_policies_are_read_from_beta_and_written_through_v1(service, reply, run):
    service.on("GET", f"/beta{POLICIES}/p1", reply({"id": "p1"}))
    service.on("POST", f"/v1.0{POLICIES}", reply({"id": "P2"}, 201))
    service.on("PATCH", f"/v1.0{POLICIES}/p1", reply(status=204))
    service.on("DELETE", f"/v1.0{POLICIES}/p1", reply(status=204))
    directory = service.directory
    assert run(directory.policy("p1")) == {"id": "p1"}
    assert run(directory.create_policy({"displayName": "x"})) == "p2"
    run(directory.set_policy_state("p1", PolicyState.REPORT_ONLY))
    run(directory.delete_policy("p1"))
    assert service.asked[2].body == {"state": "enabledForReportingButNotEnforced"}
    assert service.asked[0].headers["Prefer"] == "include-unknown-enum-members"


def test_a_policy_that_is_not_there_is_none_and_deleting_it_no_error(service, refuse, run):
    service.on("GET", ".*", refuse(404, "Request_ResourceNotFound")).on("DELETE", ".*", refuse(404))
    assert run(service.directory.policy("p1")) is None
    run(service.directory.delete_policy("p1"))
    run(service.directory.delete_group("g1"))


def test_a_new_policy_may_be_404_for_a_while(service, reply, refuse, run):
    service.on("PATCH", ".*", refuse(404), reply(status=204))
    run(service.directory.set_policy_state("p1", PolicyState.ENABLED))
    assert len(service.asked) == 2


def test_security_defaults_in_the_way_are_said_in_the_services_words(service, refuse, run):
    text = "Security Defaults is enabled in the tenant."
    service.on("PATCH", ".*", refuse(400, "BadRequest", text))
    with pytest.raises(Refused, match="Security Defaults is enabled"):
        run(service.directory.set_policy_state("p1", PolicyState.ENABLED))


def test_security_defaults_are_on_off_or_not_known(service, reply, refuse, run):
    path = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
    service.on(
        "GET",
        path,
        reply({"isEnabled": True}),
        reply({"isEnabled": False}),
        reply({}),
        reply({"isEnabled": "no"}),
        refuse(403, "AccessDenied"),
    )
    answers = [run(service.directory.security_defaults()) for _ in range(5)]
    assert answers[:2] == [True, False]
    assert all(isinstance(answer, NotRead) for answer in answers[2:])
    assert answers[4].why == "security defaults: 403 AccessDenied"


def test_a_group_is_created_empty_and_without_owners(service, reply, run):
    service.on("POST", "/v1.0/groups", reply({"id": "AB"}, 201))
    assert run(service.directory.create_group("MFA", "mfa", "who moved")) == "ab"
    assert service.asked[0].body == {
        "displayName": "MFA",
        "description": "who moved",
        "mailEnabled": False,
        "mailNickname": "mfa",
        "securityEnabled": True,
        "groupTypes": [],
    }


@pytest.mark.parametrize("body", [None, {}, {"id": None}, {"id": ""}])
def test_a_creation_that_tells_no_id_is_a_failure(service, reply, run, body):
    service.on("POST", "/v1.0/groups", reply(body, 201))
    with pytest.raises(RemoteFailed, match="its id not told"):
        run(service.directory.create_group("MFA", "mfa", ""))


def test_a_group_is_found_by_its_mail_nickname(service, reply, run):
    service.on(
        "GET", "/v1.0/groups", reply({"value": [{"id": "G1", "mailNickname": "MFA'x"}]}), reply({"value": []})
    )
    assert run(service.directory.find_group("mfa'x")) == "g1"
    assert run(service.directory.find_group("mfa'x")) is None
    assert "$filter=mailNickname eq 'mfa''x'" in unquote(service.asked[0].path)


def test_a_service_that_drops_the_filter_hands_us_nobodys_group(service, reply, run):
    service.on(
        "GET", "/v1.0/groups", reply({"value": [{"id": "g1", "mailNickname": "everyone"}, {"id": "g2"}]})
    )
    assert run(service.directory.find_group("mfa")) is None


def test_two_groups_of_one_name_are_refused(service, reply, run):
    rows = [{"id": id, "mailNickname": "mfa"} for id in ("g1", "g2")]
    service.on("GET", "/v1.0/groups", reply({"value": rows}))
    with pytest.raises(Refused, match="2 groups"):
        run(service.directory.find_group("mfa"))


def test_what_if_asks_and_follows_every_page(service, reply, run):
    link = "https://graph.example/v1.0/identity/conditionalAccess/evaluate?$skiptoken=2"
    service.on("POST", ".*/evaluate", reply({"value": [{"id": "p1"}], "@odata.nextLink": link}))
    service.on("GET", ".*/evaluate", reply({"value": [{"id": "p2"}]}))
    assert [row["id"] for row in run(service.directory.what_if({"signInIdentity": {}}))] == ["p1", "p2"]


# ------------------------------------------------------------------ the sign-in log


def row(id="r1", user="U1", at="2026-11-01T08:00:01Z", **more):
    return {"id": id, "userId": user, "createdDateTime": at, "clientAppUsed": "IMAP4"} | more


def signs(service, run, people=None):
    return run(service.directory.sign_ins(since=SINCE, people=people))


def test_rows_are_read_newest_first(service, reply, run):
    applied = [
        {"id": "P1", "result": "success"},
        {"id": "P2", "result": "reportOnlyFailure"},
        {"id": "P3"},
        None,
    ]
    rows = [
        row("a", at="2026-11-01T08:00:00.5000000Z"),
        row("b", at="2026-11-02T09:00:00+01:00", appliedConditionalAccessPolicies=applied),
        row("too old", at="2026-11-01T08:00:00.4999999Z"),
    ]
    service.on("GET", "/beta/auditLogs/signIns", reply({"value": rows}))
    found = signs(service, run)
    assert [each.id for each in found] == ["b", "a"]
    assert found[0].applied == {"p1": "success", "p2": "reportOnlyFailure"}
    assert found[0].at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert (found[1].user, found[1].client, found[1].applied) == ("u1", "IMAP4", {})
    assert "createdDateTime ge 2026-11-01T08:00:00Z" in unquote(service.asked[0].path)


def test_people_are_asked_for_fifteen_at_a_time_and_reports_are_paced(service, reply, run):
    service.on("GET", "/beta/auditLogs/signIns", reply({"value": [row("a"), row("b", user="stranger")]}))
    found = signs(service, run, [f"u{number}" for number in range(100)])
    assert [each.id for each in found] == ["a"]
    assert len(service.asked) == 7
    assert " and (userId eq 'u0' or userId eq 'u1'" in unquote(service.asked[0].path)
    assert service.asked[5].at - service.asked[0].at >= timedelta(seconds=10)


def test_nobody_is_no_question(service, run):
    assert signs(service, run, []) == []


@pytest.mark.parametrize(
    "broken",
    [row(id=None), row(user=None), row(user=""), row(at=None), row(at="yesterday"), row(at=7)],
)
def test_a_row_that_cannot_be_read_leaves_the_log_unread(service, reply, run, broken):
    service.on("GET", "/beta/auditLogs/signIns", reply({"value": [row(), broken]}))
    assert isinstance(signs(service, run), NotRead)


def test_a_refused_log_is_unread_and_not_empty(service, refuse, run):
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    service.on("GET", "/beta/auditLogs/signIns", refuse(403, code), refuse(429), refuse(400, "BadRequest"))
    assert signs(service, run) == NotRead(f"sign-in log: 403 {code}")


def test_a_log_that_fails_is_an_error(service, refuse, run):
    service.on("GET", "/beta/auditLogs/signIns", refuse(500))
    with pytest.raises(RemoteFailed):
        signs(service, run)

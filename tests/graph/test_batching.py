"""Each part of a batch is known by its id and its own status; what isn't said of it stays unknown."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perca.errors import RemoteFailed
from perca.graph.batching import MISSING, TWICE, Answered, Call, Unanswered, read_parts
from perca.graph.per_user import state_of
from perca.model import NotRead, PerUserState

ASKED = {str(number): Call("GET", f"/users/u{number}/authentication/requirements") for number in range(5)}


def part(id, status=200, state="enforced", **more):
    return {"id": id, "status": status, "body": {"perUserMfaState": state}} | more


def test_parts_are_matched_by_id_in_any_order():
    parts = read_parts(
        {"responses": [part("3", state="disabled"), part("1"), part("0"), part("4"), part("2")]}, ASKED
    )
    assert state_of(parts["3"]) is PerUserState.DISABLED
    assert {state_of(parts[id]) for id in "0124"} == {PerUserState.ENFORCED}


@pytest.mark.parametrize("id", ["9", 3, None, [], {}, "03", " 3", "three"])
def test_a_part_under_an_id_that_was_not_asked_says_nothing(id):
    answer = {"responses": [{"id": id, "status": 200, "body": {"perUserMfaState": "disabled"}}]}
    assert set(read_parts(answer, ASKED).values()) == {MISSING}


def test_a_part_answered_twice_is_not_answered():
    parts = read_parts({"responses": [part("1", state="disabled"), part("1", state="disabled")]}, ASKED)
    assert parts["1"] == TWICE
    assert isinstance(state_of(parts["1"]), NotRead)


@pytest.mark.parametrize("status", [None, "200", 200.0, True, 0, 20, 2000, [200]])
def test_a_part_without_a_status_is_not_answered(status):
    broken = {"id": "1", "status": status, "body": {"perUserMfaState": "disabled"}}
    assert read_parts({"responses": [broken]}, ASKED)["1"] == MISSING


@pytest.mark.parametrize("answer", [{}, {"responses": None}, {"responses": {}}, {"value": []}])
def test_an_answer_without_responses_is_an_error(answer):
    with pytest.raises(RemoteFailed):
        read_parts(answer, ASKED)


bodies = (
    st.none()
    | st.text(max_size=5)
    | st.dictionaries(st.sampled_from(["perUserMfaState", "error", "value"]), st.none() | st.text(max_size=9))
    | st.sampled_from(["disabled", "enabled", "enforced", "Disabled"]).map(
        lambda word: {"perUserMfaState": word}
    )
)
statuses = st.sampled_from(
    [200, 200, 200, 204, 207, 302, 400, 401, 403, 404, 424, 429, 500, 503, 504, None, "200"]
)
ids = st.sampled_from([*"012345", "9", 1, None])
answers = st.lists(
    st.fixed_dictionaries({}, optional={"id": ids, "status": statuses, "body": bodies}), max_size=9
)


@given(answers | st.lists(st.none() | st.integers() | st.text(max_size=3)))
def test_no_mixture_of_answers_makes_a_person_disabled_whose_answer_did_not_say_so(responses):
    parts = read_parts({"responses": responses}, ASKED)
    assert parts.keys() == ASKED.keys()
    for id, read in parts.items():
        about = [
            r for r in responses if isinstance(r, dict) and r.get("id") == id and isinstance(r["id"], str)
        ]
        said = [r for r in about if r.get("status") in (200, 204, 207) and isinstance(r.get("body"), dict)]
        words = [r["body"].get("perUserMfaState") for r in said]
        if state_of(read) is PerUserState.DISABLED:
            assert len(about) == 1
            assert words[0].casefold() == "disabled"
        elif len(about) == 1 and words in (["disabled"], ["Disabled"]):
            raise AssertionError("a plain answer was not understood")


# ------------------------------------------------------------------ through the client, with retries


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_sequence_of_batches_makes_a_person_disabled_of_whom_the_last_word_was_not_that(
    service, reply, run, data
):
    last = {}

    def any_answer(request):
        asked = json.loads(request.body)["requests"]
        numbers = st.sampled_from([part["id"] for part in asked] + ["77"])
        one = st.fixed_dictionaries({"id": numbers, "status": statuses}, optional={"body": bodies})
        responses = data.draw(st.lists(one, max_size=4))
        for part in asked:
            user = part["url"].split("/")[2]
            about = [r for r in responses if r["id"] == part["id"]]
            last[user] = about[0] if len(about) == 1 else {}
        return reply({"responses": responses})

    scripted = type(service)().on("POST", r"/beta/\$batch", any_answer)
    states = run(scripted.directory.per_user_states(people(3)))
    for user, state in states.items():
        if state is PerUserState.DISABLED:
            assert last[user]["status"] in (200, 204, 207)
            assert last[user]["body"]["perUserMfaState"].casefold() == "disabled"


PARTS = r"/beta/users/u\d+/authentication/requirements"


def people(count):
    return [f"u{number}" for number in range(count)]


def test_forty_five_people_are_three_requests_with_unique_ids(service, reply, run):
    service.on("GET", PARTS, reply({"perUserMfaState": "enabled"}))
    states = run(service.directory.per_user_states(people(45)))
    assert list(states) == people(45)
    assert set(states.values()) == {PerUserState.ENABLED}
    batches = [asked.body["requests"] for asked in service.asked]
    assert sorted(map(len, batches)) == [5, 20, 20]
    assert len({part["id"] for batch in batches for part in batch}) == 45


def test_only_the_parts_refused_for_haste_are_asked_again(service, reply, refuse, run):
    service.on(
        "GET",
        "/beta/users/u1/authentication/requirements",
        refuse(429, "TooManyRequests", retry_after="9"),
        reply({"perUserMfaState": "enforced"}),
    )
    service.on(
        "GET",
        "/beta/users/u2/authentication/requirements",
        refuse(503),
        reply({"perUserMfaState": "enabled"}),
    )
    service.on(
        "GET", "/beta/users/u3/authentication/requirements", refuse(403, "Authorization_RequestDenied")
    )
    service.on("GET", PARTS, reply({"perUserMfaState": "disabled"}))
    started = service.clock.now()
    states = run(service.directory.per_user_states(people(5)))
    assert states["u1"] is PerUserState.ENFORCED
    assert states["u2"] is PerUserState.ENABLED
    assert states["u3"] == NotRead("403 Authorization_RequestDenied")
    assert [len(asked.body["requests"]) for asked in service.asked] == [5, 2]
    assert (service.clock.now() - started).total_seconds() == pytest.approx(9)


def test_a_part_throttled_beyond_patience_stays_unread(service, reply, refuse, run):
    service.on("GET", "/beta/users/u1/authentication/requirements", refuse(429, "TooManyRequests"))
    service.on("GET", PARTS, reply({"perUserMfaState": "disabled"}))
    states = run(service.directory.per_user_states(people(3)))
    assert states["u1"] == NotRead("429 TooManyRequests")
    assert len(service.asked) == 9


def test_half_a_batch_is_asked_for_the_other_half_and_then_unread(service, reply, run):
    def half(request):
        parts = json.loads(request.body)["requests"]
        told = [part for part in parts if int(part["id"]) % 2 == 0]
        return reply(
            {
                "responses": [
                    {"id": p["id"], "status": 200, "body": {"perUserMfaState": "disabled"}} for p in told
                ]
            }
        )

    service.on("POST", r"/beta/\$batch", half)
    states = run(service.directory.per_user_states(people(20)))
    assert list(states.values())[::2] == [PerUserState.DISABLED] * 10
    assert [str(state) for state in states.values()][1::2] == [MISSING.why] * 10


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_batch_that_fails_as_a_whole_is_an_error(service, refuse, run, status):
    service.on("POST", r"/beta/\$batch", refuse(status))
    with pytest.raises(Exception) as caught:
        run(service.directory.per_user_states(people(30)))
    assert caught.value.exit_code == (3 if status in (401, 403) else 4)


def test_writes_go_one_batch_after_the_other_and_tell_whose_failed(service, reply, refuse, run):
    service.on(
        "PATCH",
        "/beta/users/u7/authentication/requirements",
        refuse(400, "Request_BadRequest", "no such state"),
    )
    service.on("PATCH", "/beta/users/u8/authentication/requirements", refuse(404, "Request_ResourceNotFound"))
    service.on("PATCH", "/beta/users/u9/authentication/requirements", reply({"perUserMfaState": "disabled"}))
    service.on("PATCH", PARTS, reply(status=204))
    failures = run(service.directory.set_per_user_states(dict.fromkeys(people(30), PerUserState.DISABLED)))
    assert failures == {"u7": "400 Request_BadRequest (no such state)", "u8": "404 Request_ResourceNotFound"}
    sent = service.asked[0].body["requests"][0]
    assert sent["method"] == "PATCH"
    assert sent["url"] == "/users/u0/authentication/requirements"
    assert sent["body"] == {"perUserMfaState": "disabled"}
    assert sent["headers"] == {"Content-Type": "application/json"}


def test_a_write_of_which_nothing_is_said_counts_as_failed(service, reply, run):
    service.on("POST", r"/beta/\$batch", reply({"responses": []}))
    assert run(service.directory.set_per_user_states({"u1": PerUserState.ENFORCED})) == {"u1": MISSING.why}


def test_nobody_is_no_request(service, run):
    assert run(service.directory.per_user_states([])) == {}
    assert run(service.directory.set_per_user_states({})) == {}
    assert service.asked == []


def test_unanswered_and_answered_say_what_they_are():
    assert isinstance(state_of(Answered(200)), NotRead)
    assert state_of(Unanswered("left out")) == NotRead("left out")

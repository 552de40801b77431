"""Every answer is a whole one or an error of ours that says what to do; the token is in none of them."""

import asyncio
import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput, NotAssessed, PercaError, Refused, RemoteFailed
from perca.graph import AnswerLost, Denied, Fault, Graph, NotSent, NotThere, Response, secret
from perca.graph.client import is_segment, segment
from perca.ports import SeededEntropy, VirtualClock

TOKEN = "a-token-that-nobody-may-see"


def error_of(run, work):
    with pytest.raises(PercaError) as caught:
        run(work)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "exit_code"),
    [
        (302, RemoteFailed, 4),
        (400, RemoteFailed, 4),
        (401, Denied, 3),
        (403, Denied, 3),
        (404, NotThere, 3),
        (429, RemoteFailed, 4),
        (500, RemoteFailed, 4),
        (501, RemoteFailed, 4),
        (503, RemoteFailed, 4),
    ],
)
def test_a_refused_read_is_the_error_that_its_status_means(service, refuse, run, status, kind, exit_code):
    service.on("GET", "/v1.0/users", refuse(status, "SomeCode", "Some text."))
    error = error_of(run, service.graph.get("/v1.0/users?$top=1&$skiptoken=abc"))
    assert type(error) is kind
    assert error.exit_code == exit_code
    assert error.message == f"GET /v1.0/users: {status} SomeCode (Some text)"
    assert error.hint


@pytest.mark.parametrize("status", [400, 405, 409, 412, 415])
def test_a_write_that_the_service_does_not_want_is_refused(service, refuse, run, status):
    service.on("PATCH", "/v1.0/groups/g", refuse(status, "Request_BadRequest", "no"))
    error = error_of(run, service.graph.patch("/v1.0/groups/g", {}))
    assert type(error) is Refused


def test_a_refusal_names_the_permission_that_is_missing(service, refuse, run):
    service.on("GET", ".*", refuse(403, "Authorization_RequestDenied"))
    error = error_of(run, service.graph.get("/beta/users/u1/authentication/requirements"))
    assert isinstance(error, NotAssessed)
    assert "Policy.Read.All" in error.hint
    service.on("POST", ".*", refuse(403, "AccessDenied", "Your tenant is not licensed for this feature."))
    error = error_of(run, service.graph.post("/v1.0/identity/conditionalAccess/policies", {}))
    assert "Policy.ReadWrite.ConditionalAccess" in error.hint
    assert "not licensed" in error.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"value": [{"id": "u1"}',
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_object_is_a_failure_of_the_other_side(service, reply, run, body):
    service.on("GET", "/v1.0/users", reply(body, content_type="text/html; charset=utf-8"))
    error = error_of(run, service.graph.pages("/v1.0/users"))
    assert type(error) is RemoteFailed
    assert "without a JSON object" in error.message
    assert "\n" not in error.message


def test_a_write_may_be_answered_with_a_body_or_without(service, reply, run):
    service.on("PATCH", "/v1.0/a", reply(status=204)).on("PATCH", "/v1.0/b", reply({"x": 1}))
    assert run(service.graph.patch("/v1.0/a", {})) == {}
    assert run(service.graph.patch("/v1.0/b", {})) == {"x": 1}


def test_a_post_without_an_answer_was_made_once_and_its_outcome_is_not_told(service, run):
    service.on("POST", "/v1.0/groups", AnswerLost("no whole answer came", "look"))
    error = error_of(run, service.graph.post("/v1.0/groups", {}))
    assert isinstance(error, RemoteFailed)
    assert len(service.asked) == 1


def test_a_question_by_post_is_repeated(service, reply, run):
    service.on("POST", ".*/evaluate", AnswerLost("lost"), reply({"value": [{"id": "p"}]}))
    assert run(service.directory.what_if({})) == [{"id": "p"}]


def test_a_post_throttled_without_a_time_is_repeated_in_virtual_time(service, reply, refuse, run):
    service.on(
        "POST",
        "/v1.0/identity/conditionalAccess/policies",
        refuse(429, "TooManyRequests"),
        refuse(429),
        reply({"id": "P1"}, 201),
    )
    started = service.clock.now()
    assert run(service.directory.create_policy({})) == "p1"
    assert (service.clock.now() - started).total_seconds() == pytest.approx(3.3)


def test_an_unreachable_tenant_is_exit_4_within_seconds(service, run):
    service.on("GET", "/v1.0/organization", NotSent("`https://graph.example` can't be reached: ConnectError"))
    started = service.clock.now()
    error = error_of(run, service.directory.snapshot())
    assert error.exit_code == 4
    assert (service.clock.now() - started).total_seconds() < 5


def test_conditional_access_is_asked_at_most_once_in_eleven_tenths_of_a_second(service, reply, run):
    service.on("GET", ".*", reply({"value": []}))

    async def several():
        directory = service.directory
        await asyncio.gather(*(directory.policies() for _ in range(4)), directory.named_locations())

    run(several())
    times = [asked.at for asked in service.asked]
    assert len(times) == 5
    assert (times[-1] - times[0]).total_seconds() == pytest.approx(4.4)


# ------------------------------------------------------------------ secrets


def test_the_token_goes_with_every_request_and_into_no_error(service, run):
    echo = Response(
        403, {}, json.dumps({"error": {"code": "X", "message": f"saw {TOKEN} and Bearer zzz"}}).encode()
    )
    service.on("GET", "/v1.0/users", echo)
    error = error_of(run, service.graph.get("/v1.0/users"))
    assert service.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert "saw …" in error.message
    for text in (str(error), error.hint, repr(error), "".join(traceback.format_exception(error))):
        assert TOKEN not in text
        assert "zzz" not in text


@pytest.mark.parametrize("token", ["", "two words", "line\nend", "ünicode", "nul\x00"])
def test_a_token_that_no_header_can_hold_is_bad_input_and_is_not_shown(service, run, token):
    graph = Graph(service, "https://graph.example", secret(token), VirtualClock())
    error = error_of(run, graph.get("/v1.0/users"))
    assert isinstance(error, BadInput)
    assert not token or token not in error.message + error.hint
    assert service.asked == []


def test_the_token_is_asked_for_anew_for_every_request(service, reply, run):
    tokens = iter(["first", "second"])

    async def provide():
        return next(tokens)

    service.on("GET", ".*", reply({}))
    graph = Graph(service, "https://graph.example", provide, service.clock)

    async def twice():
        await graph.get("/v1.0/a")
        await graph.get("/v1.0/a")

    run(twice())
    assert [asked.headers["Authorization"] for asked in service.asked] == ["Bearer first", "Bearer second"]


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(
        lambda m: json.dumps(
            {"error": {"code": m, "message": m, "innerError": {"message": m + "!"}}}
        ).encode()
    )
)
def test_whatever_a_refusal_says_is_one_printable_line(body):
    fault = Fault.of(Response(400, {}, body))
    assert str(fault).isprintable()
    assert fault.text.isprintable()
    assert len(fault.text) < 700


def test_the_text_of_a_fault_may_stand_in_either_message():
    inner = {
        "error": {
            "code": "BadRequest",
            "message": "malformed.",
            "innerError": {"message": "1064: no clients."},
        }
    }
    assert Fault.read(400, inner).text == "malformed: 1064: no clients"
    assert Fault.read(400, {"error": {"message": "same", "innererror": {"message": "same"}}}).text == "same"
    assert str(Fault.read(403, {"error": {"code": "Evil\x1b[31m code"}})) == "403"


# ------------------------------------------------------------------ roots and ids


@pytest.mark.parametrize(
    "root",
    [
        "",
        "demo.db",
        "graph.microsoft.com",
        "ftp://x/",
        "https://",
        "https://h/v1.0",
        "https://h/beta/",
        "https://h/?a=b",
        "https://h/#a",
        "https://user:pw@h",
        "http://h:99999",
        "http://h:0",
        "http://[::1",
        "entra:contoso",
    ],
)
def test_what_is_no_graph_root_is_bad_input(service, root):
    with pytest.raises(BadInput) as caught:
        Graph(service, root, secret(TOKEN), VirtualClock())
    assert "pw" not in caught.value.message


@pytest.mark.parametrize(
    "root", ["https://graph.example/", "http://127.0.0.1:8080", "http://[::1]:8080", "https://h/under/it"]
)
def test_a_root_may_have_a_port_and_a_path(service, root):
    assert Graph(service, root, secret(TOKEN), VirtualClock()).root == root.rstrip("/")


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "a\\b", "../groups/g", "a\nb", "a\x00b"])
def test_an_id_that_could_mean_another_path_is_refused(id):
    assert not is_segment(id)
    with pytest.raises(BadInput):
        segment(id)


def test_an_id_is_quoted():
    assert segment("ann_x#EXT#@contoso.example?$a=%2F") == "ann_x%23EXT%23@contoso.example%3F%24a%3D%252F"


def test_jitter_comes_from_the_entropy_that_is_given(service, refuse, run):
    def waited():
        clock = VirtualClock()
        graph = Graph(service, "https://graph.example", secret(TOKEN), clock, entropy=SeededEntropy(7))
        error_of(run, graph.get("/v1.0/users"))
        return clock.now()

    service.on("GET", ".*", refuse(500))
    assert waited() == waited()


def test_after_the_first_failure_no_other_batch_begins(service, reply, refuse, run):
    service.on("POST", r"/beta/\$batch", refuse(403, "Authorization_RequestDenied"), reply({"responses": []}))
    error_of(run, service.directory.per_user_states([f"u{n}" for n in range(2000)]))
    rounds_of_a_batch_under_way = 5
    assert len(service.asked) <= 1 + 3 * rounds_of_a_batch_under_way

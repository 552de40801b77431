"""What is asked again, how long we wait before, and when we give up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.graph import AnswerLost, NotSent, Request, Response
from perca.graph.patience import Patience, patiently, retry_after
from perca.graph.steps import Send, Wait

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SEND = Send(Request("POST", "https://graph.example/v1.0/groups"))
LOST = AnswerLost("lost")
UNSENT = NotSent("unsent")


def play(answers, *, repeatable=False, settling=False, patience=None):
    """Plays the answers, the last one for ever; returns what came of it, and the waits."""
    exchange = patiently(SEND, patience or Patience(), lambda: NOW, repeatable=repeatable, settling=settling)
    script, waits = list(answers), []
    step = next(exchange)
    try:
        while True:
            if isinstance(step, Wait):
                waits.append(step.seconds)
                step = exchange.send(None)
                continue
            given = script.pop(0) if len(script) > 1 else script[0]
            step = exchange.throw(given) if isinstance(given, Exception) else exchange.send(given)
    except StopIteration as done:
        return done.value.status, waits
    except (AnswerLost, NotSent) as error:
        return type(error), waits


def test_a_429_is_asked_again_after_the_named_time():
    assert play([Response(429, {"retry-after": "7"}), Response(201)]) == (201, [7.0])


def test_a_429_that_names_no_time_is_asked_again_ever_later():
    status, waits = play([Response(429)] * 4 + [Response(201)])
    assert status == 201
    assert waits == pytest.approx([1.1, 2.2, 4.4, 8.8])


def test_a_429_without_end_stands_at_last():
    status, waits = play([Response(429)])
    assert status == 429
    assert len(waits) == Patience().throttled
    assert max(waits) <= Patience().longest


def test_a_time_beyond_all_patience_is_not_waited_for():
    assert play([Response(429, {"retry-after": "86400"})]) == (429, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_post_that_failed_may_have_happened_and_is_not_repeated(status):
    assert play([Response(status), Response(201)]) == (status, [])


def test_a_post_refused_for_haste_with_503_is_repeated():
    assert play([Response(503, {"retry-after": "2"}), Response(201)]) == (201, [2.0])


def test_a_post_without_an_answer_is_not_repeated():
    assert play([LOST, Response(201)]) == (AnswerLost, [])


def test_a_post_that_never_left_is_repeated_for_a_short_while():
    assert play([UNSENT, Response(201)])[0] == 201
    gave_up, waits = play([UNSENT])
    assert gave_up is NotSent
    assert sum(waits) < 5


@pytest.mark.parametrize("failure", [Response(500), Response(502), Response(503), Response(504), LOST])
def test_what_may_be_done_twice_is_repeated(failure):
    status, waits = play([failure, failure, Response(200)], repeatable=True)
    assert (status, len(waits)) == (200, 2)


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 409, 410, 412, 501])
def test_every_other_answer_stands(status):
    assert play([Response(status, {"retry-after": "1"})], repeatable=True) == (status, [])


def test_a_404_of_something_made_just_now_is_asked_again():
    assert play([Response(404), Response(404), Response(204)], settling=True)[0] == 204
    assert play([Response(404)], settling=True)[0] == 404


failures = st.sampled_from([Response(429), Response(503), Response(500), LOST, UNSENT, Response(404)])
waits_named = st.builds(lambda s: Response(429, {"retry-after": str(s)}), st.integers(0, 10**8))


@given(st.lists(failures | waits_named, min_size=1, max_size=30), st.booleans(), st.booleans())
def test_waiting_is_bounded_whatever_the_answers(answers, repeatable, settling):
    _, waits = play(answers, repeatable=repeatable, settling=settling)
    assert sum(waits) <= Patience().total
    assert len(waits) <= 8


@given(st.floats(0, 1), st.integers(0, 7))
def test_jitter_only_makes_a_wait_longer_by_at_most_a_quarter(jitter, attempt):
    exact, shaken = Patience(), Patience(jitter=lambda: jitter)
    assert exact.backoff(attempt) <= shaken.backoff(attempt) <= exact.backoff(attempt) * 1.25
    named = shaken.after(429, 5.0, attempt, repeatable=False)
    assert named is not None
    assert 5.0 <= named <= 6.25


def test_a_retry_after_is_a_number_or_a_date():
    later = (NOW + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert retry_after(" 12 ", NOW) == 12.0
    assert retry_after(later, NOW) == 90.0
    assert retry_after("Mon, 02 Nov 2026 07:00:00 GMT", NOW) == 0.0


@given(st.none() | st.text(max_size=40))
def test_any_other_retry_after_is_none_or_a_wait(text):
    seconds = retry_after(text, NOW)
    assert seconds is None or seconds >= 0

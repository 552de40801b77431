"""No service is asked faster than it allows, in whatever order and however many ask at once."""

import asyncio
import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from perca.graph.pacing import Pacer, Service, load_of
from perca.ports import VirtualClock


def times(loads, *, at_once=False):
    """When each call got its turn, in seconds."""
    clock = VirtualClock()
    start, turns = clock.now(), []

    async def call(pacer, load):
        async with pacer.turn(load):
            turns.append((clock.now() - start).total_seconds())

    async def all_of_them():
        pacer = Pacer(clock)
        if at_once:
            await asyncio.gather(*(call(pacer, load) for load in loads))
        else:
            for load in loads:
                await call(pacer, load)

    asyncio.run(all_of_them())
    return turns


def test_conditional_access_calls_are_more_than_a_second_apart():
    for at_once in (False, True):
        turns = times([{Service.CONDITIONAL_ACCESS: 1}] * 10, at_once=at_once)
        assert turns[0] == 0
        assert min(b - a for a, b in itertools.pairwise(turns)) >= 1.1 - 1e-9


def test_the_second_is_counted_from_the_answer():
    clock = VirtualClock()
    turns = []

    async def slow():
        pacer = Pacer(clock)
        for _ in range(3):
            async with pacer.turn({Service.CONDITIONAL_ACCESS: 1}):
                turns.append(clock.now())
                clock.advance(30)

    asyncio.run(slow())
    assert turns[1] - turns[0] >= timedelta(seconds=31.1)


def test_five_reports_go_at_once_and_the_sixth_waits():
    turns = times([{Service.REPORTS: 1}] * 12)
    assert turns[:5] == [0] * 5
    assert turns[5] >= 10
    assert turns[10] >= 20


def test_three_thousand_writes_go_at_once_and_the_next_batch_waits():
    turns = times([{Service.DIRECTORY_WRITES: 20}] * 301)
    assert turns[149] == 0
    assert turns[150] >= 150
    assert turns[300] >= 300


def test_the_writes_lose_less_than_a_twentieth_of_what_throttling_allows():
    writes = 30_000
    turns = times([{Service.DIRECTORY_WRITES: 20}] * (writes // 20))
    allowed = (writes - 3000) / 3000 * 150
    assert allowed / turns[-1] >= 0.95


loads = st.lists(st.tuples(st.sampled_from(list(Service)), st.integers(1, 5)), max_size=60)


@given(loads, st.booleans())
def test_no_window_ever_holds_more_than_its_limit(calls, at_once):
    clock = VirtualClock()
    sent = []

    async def call(pacer, service, count):
        async with pacer.turn({service: count}):
            sent.append((clock.now(), service, count))

    async def all_of_them():
        pacer = Pacer(clock)
        jobs = [call(pacer, service, count) for service, count in calls]
        if at_once:
            await asyncio.gather(*jobs)
        else:
            for job in jobs:
                await job

    asyncio.run(all_of_them())
    assert len(sent) == len(calls)
    for service, most, seconds in ((Service.REPORTS, 5, 10), (Service.DIRECTORY_WRITES, 3000, 150)):
        mine = [(at, count) for at, of, count in sent if of is service]
        for at, _ in mine:
            window = [count for other, count in mine if at <= other < at + timedelta(seconds=seconds)]
            assert sum(window) <= most


def test_each_path_counts_against_its_own_service():
    assert load_of("GET", "/beta/identity/conditionalAccess/policies") == {Service.CONDITIONAL_ACCESS: 1}
    assert load_of("POST", "/v1.0/identity/conditionalAccess/evaluate") == {Service.CONDITIONAL_ACCESS: 1}
    assert load_of("GET", "/beta/auditLogs/signIns?$filter=x") == {Service.REPORTS: 1}
    assert load_of("GET", "/v1.0/reports/authenticationMethods/userRegistrationDetails") == {
        Service.REPORTS: 1
    }
    assert load_of("PATCH", "/users/u1/authentication/requirements") == {Service.DIRECTORY_WRITES: 1}
    assert load_of("DELETE", "/groups/g1/members/u1/$ref") == {Service.DIRECTORY_WRITES: 1}
    assert load_of("GET", "/v1.0/users") == {}

"""The client of the control path, and the clock that a migration sleeps on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import httpx2
import pytest

from perca.errors import BadInput, RemoteFailed
from perca.tenant import Control, Store, TenantClock, application, sending
from perca.tenant.time import START

from .conftest import SECRET, Asking, question

T = TypeVar("T")


def with_control(store: Store, use: Callable[[Control], Awaitable[T]], secret: str = SECRET) -> T:
    async def run() -> T:
        transport = httpx2.ASGITransport(app=application(store, secret=SECRET))
        async with httpx2.AsyncClient(transport=transport) as client:
            return await use(Control(sending(client, "http://tenant/", secret)))

    return asyncio.run(run())


def test_to_sleep_on_the_tenants_clock_is_to_move_it(store: Store) -> None:
    async def use(control: Control) -> None:
        clock = await TenantClock.start(control)
        assert clock.now() == START
        await clock.sleep(90.5)
        await clock.sleep(-1)
        assert clock.now() == START + timedelta(seconds=90.5)
        assert (await control.clock()).now == clock.now()

    with_control(store, use)


def test_lags_that_are_not_given_stay(store: Store) -> None:
    async def use(control: Control) -> None:
        await control.lag(policy=120, members=600)
        clock = await control.lag(states=5)
        assert (clock.policy_lag, clock.members_lag, clock.state_lag) == (120, 600, 5)

    with_control(store, use)


def test_sign_ins_come_back_in_their_order(
    store: Store, near: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perca.tenant.control.IN_ONE", 2)
    ana, bo = near.user("ana"), near.user("bo", accountEnabled=False)

    async def use(control: Control) -> None:
        ended = await control.sign_in([question(person) for person in (ana, bo, ana, ana, bo)])
        assert [each.error_code for each in ended] == [0, 50057, 0, 0, 50057]
        assert ended[0].outcome == "granted"
        assert await control.sign_in([]) == []

    with_control(store, use)


def test_a_refusal_is_an_error_with_its_words(store: Store) -> None:
    async def wrong(control: Control) -> None:
        await control.advance(-1)

    async def nobody(control: Control) -> None:
        await control.sign_in([{"signInIdentity": {}}])

    for use in (wrong, nobody):
        with pytest.raises(BadInput):
            with_control(store, use)


def test_a_wrong_secret_or_a_silent_address_is_a_failure_of_the_remote_side(store: Store) -> None:
    async def use(control: Control) -> None:
        await control.clock()

    with pytest.raises(RemoteFailed) as error:
        with_control(store, use, "another")
    assert error.value.status == 401
    assert "another" not in str(error.value)

    async def silent() -> None:
        async with httpx2.AsyncClient(timeout=2) as client:
            await Control(sending(client, "http://127.0.0.1:9", SECRET)).clock()

    with pytest.raises(RemoteFailed):
        asyncio.run(silent())

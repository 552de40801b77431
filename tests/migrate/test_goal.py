"""Who is moved, who is held back, and who is left alone."""

from dataclasses import replace

import pytest

from perca.errors import BadInput, Refused
from perca.migrate.goal import NOT_REGISTERED, PHONE_ONLY, SIGN_IN_BLOCKED, LegacyUse, choose
from perca.model import UserId
from support.company import EMERGENCY, company

LEGACY = LegacyUse(30, {UserId("hana"): 7})


def test_everybody_enabled_or_enforced_is_moved_held_or_stays() -> None:
    choice = choose(company(), EMERGENCY, LEGACY, 2)
    assert {p.id for p in choice.moved} == {"ann", "bob", "cleo", "dora", "emil", "finn", "gus"}
    assert {h.id for h in choice.held} == {"hana", "jo"}
    assert {s.id for s in choice.stays} == {"emergency-2"}


def test_the_reasons_for_holding_back_name_the_evidence() -> None:
    held = {h.id: h.reason for h in choose(company(), EMERGENCY, LEGACY, 1).held}
    assert "7 sign-ins by legacy clients in 30 days" in held[UserId("hana")]
    assert "403" in held[UserId("jo")]


def test_somebody_without_a_row_is_moved_even_when_the_log_was_not_read() -> None:
    assert UserId("hana") in {p.id for p in choose(company(), EMERGENCY, LegacyUse(), 1).moved}


def test_the_unregistered_and_those_with_only_a_phone_come_last_and_are_flagged() -> None:
    waves = choose(company(), EMERGENCY, LEGACY, 3).waves
    flags = {p.id: p.flags for wave in waves for p in wave}
    assert NOT_REGISTERED in flags[UserId("cleo")]
    assert PHONE_ONLY in flags[UserId("emil")]
    assert SIGN_IN_BLOCKED in flags[UserId("finn")]
    assert {p.id for p in waves[-1]} >= {"cleo", "emil"}


@pytest.mark.parametrize("waves", [1, 2, 3, 4, 7, 100])
def test_waves_hold_everybody_once_and_end_with_somebody_whose_sign_in_can_be_seen(waves: int) -> None:
    tenant = company()
    choice = choose(tenant, EMERGENCY, LEGACY, waves)
    assert len({p.id for p in choice.moved}) == len(choice.moved) == 7
    assert len(choice.waves) <= waves
    assert all(tenant.users[wave[-1].id].account_enabled for wave in choice.waves)


def test_a_wave_of_blocked_accounts_alone_joins_another_even_when_it_would_be_the_first() -> None:
    tenant = company()
    blocked = {
        UserId(name): replace(tenant.users[UserId(name)], account_enabled=False) for name in ("ann", "bob")
    }
    tenant = replace(tenant, users={**tenant.users, **blocked})
    for waves in range(1, 8):
        choice = choose(tenant, EMERGENCY, LEGACY, waves)
        assert all(tenant.users[wave[-1].id].account_enabled for wave in choice.waves)
        assert len({p.id for p in choice.moved}) == len(choice.moved) == 7


def test_when_nobody_moved_could_sign_in_there_is_no_plan() -> None:
    tenant = company()
    users = {id: replace(user, account_enabled=False) for id, user in tenant.users.items()}
    with pytest.raises(Refused, match="never be seen to act"):
        choose(replace(tenant, users=users), EMERGENCY, LEGACY, 2)


def test_nobody_to_move_is_an_error() -> None:
    everybody = tuple(company().users)
    with pytest.raises(BadInput, match="nobody to move"):
        choose(company(), everybody, LEGACY, 1)

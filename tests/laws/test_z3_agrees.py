"""A second opinion agrees: z3, asked of a model that was written from FACTS.md, says yes and no of the same random tenants.

The model (tests/independent) imports nothing of ours and reads the snapshot's own JSON; we read the same JSON through `perca.wire`. A fact
that nobody knows is a free truth value there and Kleene's third value here, so we may say "not assessed" where z3 is certain, and never
the other way round. What z3 finds is asked of `decide`, too.
"""

import ast
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from independent import ask, demands, people, places, targets, words
from independent.sign_in import NO, YES
from independent.tenants import NAMEABLE, PEOPLE, Maker
from perca.model import AppId
from perca.policy import Mfa, Outcome, decide, entails, is_blocked
from perca.prove import Proof, always_mfa, never_weaker
from perca.space import Universe, universe_of
from perca.wire import parse_question, parse_snapshot
from support.many import many

MODEL = Path(__file__).parents[1] / "independent"
Json = dict[str, Any]


@dataclass(frozen=True)
class Claimed:
    """What we say of one claim: of all sign-ins, of each person's, and of those to a few applications."""

    whole: Proof
    parts: dict[AppId, Proof]


@cache
def case(number: int, unknown: float = 0.0) -> tuple[Json, Json, Claimed, Claimed]:
    """A tenant, the same after some edits, and what we prove of the one and of both."""
    maker = Maker(number, unknown)
    before = maker.tenant()
    after = maker.edited(before)
    was, now = parse_snapshot(before), parse_snapshot(after)
    alone, together = universe_of(was), universe_of(was, now, people=was.users)
    return (
        before,
        after,
        Claimed(always_mfa(was), {app: always_mfa(was, universe=u) for app, u in parts(number, alone)}),
        Claimed(
            never_weaker(was, now),
            {app: never_weaker(was, now, universe=u) for app, u in parts(number, together)},
        ),
    )


def parts(number: int, universe: Universe) -> list[tuple[AppId, Universe]]:
    """The sign-ins to each of a few applications that both know."""
    known = sorted({target.app for target in universe.targets if target.app in APPLICATIONS})
    chosen = random.Random(number).sample(known, 3)
    return [
        (app, replace(universe, targets=tuple(t for t in universe.targets if t.app == app))) for app in chosen
    ]


APPLICATIONS = {*words.DOCUMENTED, *NAMEABLE} - {words.GRAPH}
"""Not Microsoft Graph: among our values a client's ID token, asked for there, is mostly stood for by a sign-in to the client."""


def differences(ours: Claimed, theirs: ask.Claim) -> Iterator[str]:
    """Where we are certain and z3 isn't, or says the opposite."""
    yield from _differences(ours.whole, theirs, None)
    for app, proof in ours.parts.items():
        yield from _differences(proof, theirs, app)


def _differences(proof: Proof, theirs: ask.Claim, app: str | None) -> Iterator[str]:
    assert proof.not_decided is None
    if contradict(proof.holds, theirs.answer(app=app).holds):
        yield f"{proof.holds} at {app or 'all applications'}"
    for user in PEOPLE:
        here = holds_for(proof, user)
        if contradict(here, theirs.answer(user, app).holds):
            yield f"{here} for {user} at {app or 'all applications'}"


def contradict(ours: bool | None, theirs: bool | None) -> bool:
    return ours is not None and theirs is not ours


def holds_for(proof: Proof, user: str) -> bool | None:
    if user in proof.failing_people:
        return False
    return None if user in proof.unassessed_people else True


@pytest.mark.slow
@many(240, 30)
def test_always_mfa(numbers: range) -> None:
    for number in numbers:
        tenant, _, ours, _ = case(number)
        theirs = ask.always_mfa(tenant)
        assert [*differences(ours, theirs)] == [], number
        confirm_always(tenant, theirs.answer())


@pytest.mark.slow
@many(240, 30)
def test_never_weaker(numbers: range) -> None:
    for number in numbers:
        before, after, _, ours = case(number)
        theirs = ask.never_weaker(before, after)
        assert [*differences(ours, theirs)] == [], number
        confirm_never_weaker(before, after, theirs.answer())


@pytest.mark.slow
@many(90, 30)
def test_with_facts_that_nobody_knows(numbers: range) -> None:
    for number in numbers:
        before, after, always, weaker = case(number, unknown=0.06)
        assert [*differences(always, ask.always_mfa(before))] == [], number
        assert [*differences(weaker, ask.never_weaker(before, after))] == [], number


def confirm_always(tenant: Json, found: ask.Answer) -> None:
    """At a sign-in where z3 finds that no MFA is asked for, `decide` says so."""
    if found.question is not None:
        decision = decide(parse_snapshot(tenant), parse_question(found.question, what_if_defaults=False))
        assert decision.mfa is not Mfa.REQUIRED, found
        assert not is_blocked(decision.guaranteed), found
        is_legacy = found.question["signInConditions"]["clientAppType"] in words.LEGACY
        assert decision.outcome is not Outcome.BLOCKED or not is_legacy, found


def confirm_never_weaker(before: Json, after: Json, found: ask.Answer) -> None:
    """At a sign-in where z3 finds that less is asked for, so does `decide`."""
    if found.question is not None:
        sign_in = parse_question(found.question, what_if_defaults=False)
        was, now = decide(parse_snapshot(before), sign_in), decide(parse_snapshot(after), sign_in)
        assert not all(entails(now.guaranteed, clause) for clause in was.possible), found


@pytest.mark.slow
def test_the_tenants_are_worth_their_while() -> None:
    """Yes and no come up often, and we are seldom less certain than z3: the laws above would be empty otherwise."""
    always, weaker, less = Counter[bool | None](), Counter[bool | None](), 0
    for number in range(40):
        before, after, one, two = case(number)
        always[one.whole.holds] += 1
        weaker[two.whole.holds] += 1
        less += one.whole.holds is None and ask.always_mfa(before).answer().holds is not None
        less += two.whole.holds is None and ask.never_weaker(before, after).answer().holds is not None
    assert min(always[True], always[False], weaker[True], weaker[False]) >= 8
    assert less <= 8


def test_an_id_token_that_the_azure_portal_asks_for_itself() -> None:
    """A policy on the portal goes. Mandatory MFA still asks at the portal, and nothing at Microsoft Graph for the portal's ID token."""
    tenant = Maker(0).tenant()
    tenant |= {"groups": [], "roleAssignments": [], "securityDefaults": {"isEnabled": False}}
    tenant["users"] = [user | {"perUserMfaState": "disabled"} for user in tenant["users"]]
    before, after = tenant | {"policies": [ON_THE_PORTAL]}, tenant | {"policies": []}
    found = ask.never_weaker(before, after).answer()
    assert found.holds is False
    confirm_never_weaker(before, after, found)
    assert never_weaker(parse_snapshot(before), parse_snapshot(after)).holds is False


ON_THE_PORTAL = {
    "id": "70000000-0000-4000-8000-000000000000",
    "displayName": "Portal",
    "state": "enabled",
    "conditions": {
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": [words.AZURE_PORTAL]},
        "clientAppTypes": ["all"],
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}


def test_the_model_imports_nothing_of_ours() -> None:
    """Nor of the tests' support: the standard library, z3 and itself."""
    found = set()
    for path in sorted(MODEL.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                found.add((node.module or "").split(".")[0])
    assert {"independent", "z3"} <= found
    assert found <= {"independent", "z3", *sys.stdlib_module_names}


# ------------------------------------------------------------------------------------- what the comparison would notice

Patch = pytest.MonkeyPatch


def _or_is_and(patch: Patch) -> None:
    patch.setattr(demands, "clauses", lambda operator, chosen: chosen)


def _and_is_or(patch: Patch) -> None:
    right = demands.clauses
    patch.setattr(demands, "clauses", lambda operator, chosen: right("OR", chosen))


def _report_only_acts(patch: Patch) -> None:
    patch.setattr(demands, "is_on", lambda sign_in, policy: YES if policy["state"] != "disabled" else NO)


def _any_strength_is_mfa(patch: Patch) -> None:
    right = demands.is_mfa
    patch.setattr(demands, "is_mfa", lambda thing: right(thing) or not isinstance(thing, str))


def _nobody_is_excluded(patch: Patch) -> None:
    patch.setattr(people.People, "are_meant", lambda self, users: self._side(users, "include"))


def _groups_are_flat(patch: Patch) -> None:
    patch.setattr(people.People, "_through", lambda self, group, found: [])


def _roles_of_units_count(patch: Patch) -> None:
    right = people.People.hold_role

    def hold_role(self: people.People, roles: Any, *, at_a_unit: bool = False) -> Any:
        return people.either([right(self, roles), right(self, roles, at_a_unit=True)])

    patch.setattr(people.People, "hold_role", hold_role)


def _all_users_are_the_tenants_own(patch: Patch) -> None:
    right = people.People._is_meant

    def is_meant(self: people.People, entry: str) -> Any:
        guests = self.are_external(words.EXTERNAL_KINDS, None)
        return people.opposite(guests) if entry == "All" else right(self, entry)

    patch.setattr(people.People, "_is_meant", is_meant)


def _strengths_are_asked_of_all(patch: Patch) -> None:
    patch.setattr(people.People, "sign_in_with_entra", lambda self: YES)


def _no_mfa_trusted_ips(patch: Patch) -> None:
    patch.setattr(places.Places, "are_trusted_ips", lambda self: NO)


def _no_named_place_is_trusted(patch: Patch) -> None:
    patch.setattr(places.Places, "_is_trusted", lambda self, place: NO)


def _resource_manager_means_itself(patch: Patch) -> None:
    patch.setattr(words, "AZURE_MANAGEMENT", frozenset({words.ARM}))


def _nothing_needs_another(patch: Patch) -> None:
    patch.setattr(words, "NEEDED_BY", {})


def _baseline_scopes_are_asked_for(patch: Patch) -> None:
    patch.setattr(targets.Targets, "_new_rule", lambda self: YES)


def _unknown_platforms_are_excluded(patch: Patch) -> None:
    right = demands.is_by_platform

    def is_by_platform(sign_in: Any, platforms: Any) -> Any:
        known = demands.opposite(sign_in.platform.is_("unknown"))
        return demands.both(right(sign_in, platforms), known) if platforms else YES

    patch.setattr(demands, "is_by_platform", is_by_platform)


def _no_mandatory_mfa(patch: Patch) -> None:
    patch.setattr(demands, "of_mandatory_mfa", lambda sign_in, snapshot: ())


def _no_per_user_mfa(patch: Patch) -> None:
    patch.setattr(demands, "of_per_user_mfa", lambda sign_in, snapshot, places: ())


def _legacy_clients_meet_demands(patch: Patch) -> None:
    patch.setattr(ask, "is_out_of_reach", lambda sign_in, any_of: NO)


def _app_passwords_are_refused(patch: Patch) -> None:
    patch.setattr(words, "CREDENTIALS", tuple(each for each in words.CREDENTIALS if each != "appPassword"))


WRONG: tuple[Callable[[Patch], None], ...] = (
    _or_is_and,
    _and_is_or,
    _report_only_acts,
    _any_strength_is_mfa,
    _nobody_is_excluded,
    _groups_are_flat,
    _roles_of_units_count,
    _all_users_are_the_tenants_own,
    _strengths_are_asked_of_all,
    _no_mfa_trusted_ips,
    _no_named_place_is_trusted,
    _resource_manager_means_itself,
    _nothing_needs_another,
    _baseline_scopes_are_asked_for,
    _unknown_platforms_are_excluded,
    _no_mandatory_mfa,
    _no_per_user_mfa,
    _app_passwords_are_refused,
    _legacy_clients_meet_demands,
)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG, ids=lambda each: each.__name__.strip("_"))
def test_a_wrong_model_is_caught(wrong: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """One thing said wrong in the model, and some of the tenants above tell the two apart."""
    wrong(monkeypatch)
    assert any(map(_differs, range(240)))


def _differs(number: int) -> bool:
    before, after, always, weaker = case(number)
    found = differences(always, ask.always_mfa(before))
    return any(found) or any(differences(weaker, ask.never_weaker(before, after)))

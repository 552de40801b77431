"""The planted tenants are what they say, and Perca finds every gap in them and accuses nobody."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perca.model import Tenant as Model
from perca.policy import Mfa, Outcome, decide
from perca.wire import parse_question, parse_snapshot

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from planted import tenants
from planted.claims import Answer, Claim
from planted.kinds import KINDS
from planted.score import Score, count
from planted.served import served
from planted.sign_ins import ANY_OTHER_APP, ANY_OTHER_COUNTRY, NO_COUNTRY, ORDINARY_DEVICE, without
from planted.tools.perca import Perca
from planted.truth import ALWAYS, Kind

ALL = tuple(tenants.all_tenants())
WHOLE = tuple(tenants.alone(kind, gap=gap) for kind in KINDS for gap in (True, False))
SIGN_INS_EACH = 12
WITH_A_DEVICE = "or-control"
README = Path(__file__).resolve().parents[2] / "bench/planted/README.md"
Json = dict[str, Any]


def question(person: str, at: dict[str, object]) -> Json:
    """A sign-in with a password, on a compliant device."""
    client, platform, flow = at["channel"]  # type: ignore[misc]  # a channel is three words
    country = {NO_COUNTRY: "unknown", ANY_OTHER_COUNTRY: "NZ"}.get(str(at["country"]), at["country"])
    app = "0a0a0a0a-0000-4000-8000-000000000001" if at["app"] == ANY_OTHER_APP else at["app"]
    mark = None if at["device"] == ORDINARY_DEVICE else at["device"]
    return {
        "signInIdentity": {"userId": person},
        "signInContext": {"includeApplications": [app]},
        "signInConditions": {
            "clientAppType": client,
            "devicePlatform": platform,
            "authenticationFlow": {"transferMethod": flow},
            "signInRiskLevel": at["signInRisk"],
            "userRiskLevel": at["userRisk"],
            "insiderRiskLevel": "none",
            "ipAddress": at["address"],
            "country": country,
            "deviceInfo": {"isCompliant": True, "trustType": "AzureAD", "extensionAttribute1": mark},
        },
        "perca": {
            "credential": "password",
            "context": "none",
            "insideCorpnet": False,
            "compliantNetwork": False,
            "deviceIsWhole": True,
            "session": {"mfa": False, "remembered": False},
        },
    }


def sampled(tenant: tenants.Tenant, chance: random.Random) -> Iterator[tuple[str, dict[str, object], bool]]:
    """Sign-ins of people who were planted and of others, each with whether a password is enough."""
    whole = tenant.values.sides
    staff = [user["id"] for user in tenant.snapshot["users"] if user["displayName"].startswith("Staff")]
    crowd = [(chance.choice(each.people), each.open) for each in tenant.planted]
    for person, open in (*crowd, (chance.choice(staff), ())):
        closed = without(ALWAYS, open, tenant.values)
        for boxes, is_open in ((without(open, (), tenant.values), True), (closed, False)):
            for _ in range(SIGN_INS_EACH if boxes else 0):
                box = chance.choice(boxes)
                yield person, {side: chance.choice(sorted(box[side])) for side in whole}, is_open


@pytest.mark.parametrize("tenant", [*ALL, *WHOLE], ids=lambda tenant: tenant.name)
def test_the_truth_is_what_decide_says(tenant: tenants.Tenant) -> None:
    """By construction and by the specification: where a password is enough it is let in, and nowhere else."""
    model: Model = parse_snapshot(tenant.snapshot)
    for person, at, is_open in sampled(tenant, random.Random(tenant.name)):
        decision = decide(model, parse_question(question(person, at), False))
        assert (decision.outcome is Outcome.GRANTED) == is_open, (person, at, decision.outcome)
        if not is_open:  # how it ends may hang on the methods that they have
            assert decision.outcome in (Outcome.PROMPT, Outcome.BLOCKED) or decision.mfa is Mfa.REQUIRED


def test_every_kind_is_planted_both_ways_and_several_to_a_tenant() -> None:
    names = {kind.name for kind in KINDS}
    assert len(names) == len(KINDS) >= 12
    assert {each.kind for tenant in ALL for each in tenant.gaps} == names
    assert {each.kind for tenant in ALL for each in tenant.near_misses} == names
    for tenant in ALL:
        assert len({each.kind for each in tenant.gaps}) >= 3
        assert len({each.kind for each in tenant.near_misses}) >= 3
        assert any(each.lenders for each in tenant.planted), "some are under the policies of several kinds"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_near_miss_is_no_gap(kind: Kind) -> None:
    assert tenants.alone(kind, gap=True).gaps
    assert not tenants.alone(kind, gap=False).gaps


def test_the_readme_tells_every_kind() -> None:
    told = README.read_text("utf-8")
    for kind in KINDS:
        gap, near_miss = kind.gap.__doc__ or "", kind.near_miss.__doc__ or ""
        assert f"| {kind.name} | {gap} | {near_miss} |" in told


def test_nobody_is_planted_twice() -> None:
    for tenant in ALL:
        people = Counter(person for each in tenant.planted for person in each.people)
        assert set(people.values()) == {1}


# ------------------------------------------------------------------ what a score is


def judged(tenant: tenants.Tenant, *claims: Claim) -> Score:
    score = Score()
    count(score, tenant, Answer(claims))
    return score


@pytest.fixture
def tenant() -> tenants.Tenant:
    return ALL[1]


def perfect(tenant: tenants.Tenant) -> list[Claim]:
    return [Claim(frozenset(each.people), each.open) for each in tenant.gaps]


def test_the_truth_itself_is_perfect(tenant: tenants.Tenant) -> None:
    score = judged(tenant, *perfect(tenant))
    assert score.is_perfect
    assert not score.too_wide.total()


def test_silence_finds_nothing(tenant: tenants.Tenant) -> None:
    score = judged(tenant)
    assert score.found.total() == 0
    assert score.gaps.total() == len(tenant.gaps)
    assert not score.is_perfect


def test_one_person_or_one_sign_in_less_is_a_miss(tenant: tenants.Tenant) -> None:
    first, *rest = perfect(tenant)
    fewer = replace(first, people=frozenset([*first.people][1:]))
    narrower = replace(
        first, where=tuple({**box, "userRisk": frozenset({"none"})} for box in first.where or ())
    )
    for claim in (fewer, narrower):
        assert judged(tenant, claim, *rest).found.total() == len(tenant.gaps) - 1


def test_accusing_everybody_is_an_alarm_for_each_near_miss_and_for_everybody_else(
    tenant: tenants.Tenant,
) -> None:
    everybody = frozenset(user["id"] for user in tenant.snapshot["users"])
    score = judged(tenant, Claim(everybody, ALWAYS))
    assert score.alarms["everybody else"] == 240 + 2, "staff and emergency accounts"
    assert score.alarms.total() == 242 + len(tenant.near_misses)
    assert score.too_wide.total() == sum(
        bool(without(ALWAYS, each.open, tenant.values)) for each in tenant.gaps
    )


def test_a_tool_that_tells_kinds_alone_must_name_the_kind_and_the_people(tenant: tenants.Tenant) -> None:
    gap = tenant.gaps[0]
    people, kinds = frozenset(gap.people), frozenset({gap.kind})
    assert judged(tenant, Claim(people, kinds=kinds)).found.total() == 1
    assert judged(tenant, Claim(people, kinds=frozenset({"another"}))).found.total() == 0
    assert judged(tenant, Claim(frozenset(), kinds=kinds, general=True)).found[gap.kind] == sum(
        each.kind == gap.kind for each in tenant.gaps
    )
    near = next(
        each.kind for each in tenant.near_misses if each.kind not in {gap.kind for gap in tenant.gaps}
    )
    assert judged(tenant, Claim(frozenset(), kinds=frozenset({near}), general=True)).alarms[near] == 1


def test_not_knowing_is_neither_found_nor_an_alarm(tenant: tenants.Tenant) -> None:
    everybody = frozenset(user["id"] for user in tenant.snapshot["users"])
    score = judged(tenant, Claim(everybody, ALWAYS, assessed=False))
    assert (score.found.total(), score.alarms.total()) == (0, 0)
    assert score.unsure.total() == len(tenant.planted)


# ------------------------------------------------------------------ and Perca's


@pytest.mark.slow
@pytest.mark.parametrize("tenant", ALL, ids=lambda tenant: tenant.name)
def test_perca_finds_every_gap_and_accuses_nobody(tenant: tenants.Tenant, tmp_path: Path) -> None:
    file = tmp_path / "planted.snapshot.json"
    file.write_text(json.dumps(tenant.snapshot), "utf-8")
    score = Score()
    count(score, tenant, Perca().of(file, tenant.values))
    assert score.is_perfect, "\n".join(score.details)
    assert not score.unsure.total()
    assert not score.too_wide.total(), "\n".join(score.details)


def only(name: str) -> tenants.Tenant:
    return tenants.alone(next(kind for kind in KINDS if kind.name == name), gap=True)


def told(tenant: tenants.Tenant, folder: Path) -> Answer:
    file = folder / "planted.snapshot.json"
    file.write_text(json.dumps(tenant.snapshot), "utf-8")
    return Perca().of(file, tenant.values)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["strength", WITH_A_DEVICE])
def test_perca_says_of_no_gap_that_it_is_wider(name: str, tmp_path: Path) -> None:
    tenant, score = only(name), Score()
    count(score, tenant, told(tenant, tmp_path))
    assert not score.too_wide.total(), "\n".join(score.details)


@pytest.mark.slow
def test_perca_finds_them_behind_small_pages(tmp_path: Path) -> None:
    tenant = tenants.alone(next(kind for kind in KINDS if kind.name == "small-page"), gap=True)
    score = Score()
    with served(tenant.snapshot, tmp_path) as at:
        count(score, tenant, Perca().ask(at, tenant.values, tmp_path))
    assert score.is_perfect, "\n".join(score.details)

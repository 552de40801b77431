"""Real policy sets: where MFA isn't required in each, told, judged by a person, and held against three others who answer.

What comes of it is docs/reference/real-regions.md, and the test fails when they differ; `python tests/prove/test_real_regions.py`
writes it anew. The judgements are real_regions.json: each under a key made of what the region is, not of how it is told, so a region
that is another one has none, and fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from perca import app
from perca.cli import membership, words
from perca.cli.region import conditions, near_policies, question, sentence
from perca.model import (
    NO_COUNTRY,
    UNKNOWN_COUNTRY,
    ClientApp,
    CountryNamedLocation,
    Credential,
    Device,
    Flow,
    Platform,
    SignIn,
    Tenant,
)
from perca.policy import Mfa, decide, is_blocked
from perca.prove import Proof, Verdict, about_always_mfa, answer
from perca.prove.membership import Memberships, whatever_membership
from perca.prove.regions import Region, regions
from perca.space import CHANNELS, universe_of
from perca.tenant import application
from perca.tenant.seed import mfa_settings
from perca.wire import emit_question, parse_question, parse_snapshot
from support.engines import is_sayable, told
from support.possible import EXCHANGE, impossible, unlikely
from support.real_sets import SETS, every_set, real_set, title

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "real-regions.md"
JUDGEMENTS = Path(__file__).with_name("real_regions.json")
SHOWN = 5
MOST = 10_000
SECRET = "a-secret-of-this-test"
VERDICTS = {
    "gap": "a true gap",
    "intended": "meant so",
    "artefact": "an artefact",
    "open": "open",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One set, with what was found in it, and of its regions' examples what the served What-If said of each policy."""

    tenant: Tenant
    switched_on: int
    not_stored: tuple[str, ...]
    proof: Proof
    regions: tuple[Region[Verdict], ...]
    said: tuple[dict[str, bool] | None, ...]
    """For each region; None where What-If's request can't say the example."""


@functools.cache
def asked(fixtures: Path, name: str, part: str) -> Asked:
    """The answer to "is MFA always required?" for everybody in the set's tenant, with all its regions."""
    with tempfile.TemporaryDirectory() as folder:
        made = real_set(fixtures, name, part, Path(folder) / "tenant.db")
        with contextlib.closing(made.store):
            tenant = parse_snapshot(asyncio.run(_snapshot(made.store)))
            asking = about_always_mfa(tenant, universe_of(tenant))
            proof = answer(asking)
            found = regions(asking, (Verdict.FAILS, Verdict.UNKNOWN), MOST)
            assert found.complete
            said = asyncio.run(_what_if(made.store, tenant, found.regions))
    return Asked(tenant, made.switched_on, made.not_stored, proof, found.regions, tuple(said))


async def _snapshot(store: Any) -> Any:
    async with app.embedded(store, mfa_settings(store)) as connection:
        return await connection.directory.snapshot()


async def _what_if(
    store: Any, tenant: Tenant, found: tuple[Region[Verdict], ...]
) -> list[dict[str, bool] | None]:
    headers = {"Authorization": f"Bearer {SECRET}"}
    transport = httpx2.ASGITransport(app=application(store, secret=SECRET))
    answers: list[dict[str, bool] | None] = []
    async with httpx2.AsyncClient(transport=transport, base_url="http://tenant", headers=headers) as client:
        for region in found:
            sign_in = sayable(tenant, region.witness.sign_in)
            if sign_in is None:
                answers.append(None)
                continue
            body = {name: part for name, part in emit_question(sign_in).items() if name != "perca"}
            said = await client.post("/v1.0/identity/conditionalAccess/evaluate", json=body)
            assert said.status_code == 200, said.text
            answers.append({row["id"]: row["policyApplies"] for row in said.json()["value"]})
    return answers


def sayable(tenant: Tenant, sign_in: SignIn) -> SignIn | None:
    """The sign-in as What-If's request can say it; None where it can't.

    The request can't say "in no known country"; where no place is a country, it is the same as a country that none names.
    """
    countries = any(isinstance(each, CountryNamedLocation) for each in tenant.named_locations.values())
    if sign_in.country == UNKNOWN_COUNTRY and not countries:
        sign_in = replace(sign_in, country=NO_COUNTRY)
    return sign_in if is_sayable(tenant, sign_in) else None


@functools.cache
def joined(fixtures: Path, name: str, part: str) -> Memberships:
    """The answer to the same question for whoever may come."""
    return whatever_membership(asked(fixtures, name, part).tenant)


def key(*parts: object) -> str:
    """A short name for what these are."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


def region_key(at: tuple[str, str], region: Region[Verdict]) -> str:
    """The region of that set by its values; how it is told doesn't matter."""
    return key(at, region.witness.assessed, dict(conditions(region)))


def memberships_key(at: tuple[str, str], answer: Memberships) -> str:
    """The smallest memberships of that set by whose they are."""
    openings = [(each.who.sort.name, each.who.named, sorted(each.who.joined)) for each in answer.openings]
    return key(at, answer.holds, openings)


def judgements() -> dict[str, tuple[str, str]]:
    """By key: the verdict, and why."""
    held = json.loads(JUDGEMENTS.read_text("utf-8"))
    return {each["key"]: (each["verdict"], each["why"]) for judged in held.values() for each in judged}


# What is told and judged


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part"), SETS)
def test_the_first_regions_are_judged_and_on_the_page(shared_fixtures: Path, name: str, part: str) -> None:
    written = PAGE.read_text("utf-8")
    found = asked(shared_fixtures, name, part)
    keys = [region_key((name, part), each) for each in found.regions[:SHOWN]]
    whoever = joined(shared_fixtures, name, part)
    if whoever.openings:
        keys.append(memberships_key((name, part), whoever))
    assert [each for each in keys if each not in judgements()] == []
    assert row(name, part, found) in written
    assert "\n".join(section(shared_fixtures, name, part)) in written


@pytest.mark.slow
def test_every_judgement_is_of_something(shared_fixtures: Path) -> None:
    assert {verdict for verdict, _ in judgements().values()} <= VERDICTS.keys()
    alive = {region_key(at, each) for at in SETS for each in asked(shared_fixtures, *at).regions[:SHOWN]}
    alive |= {memberships_key(at, joined(shared_fixtures, *at)) for at in SETS}
    assert judgements().keys() <= alive


# No impossible sign-in


@pytest.mark.slow
def test_no_example_is_a_sign_in_that_cannot_be(shared_fixtures: Path) -> None:
    for at in every_set(shared_fixtures):
        found = asked(shared_fixtures, *at)
        for region in found.regions:
            assert impossible(found.tenant, region.witness.sign_in) == ()
            assert unlikely(found.tenant, region.witness.sign_in) == ()


PLAIN = replace(
    parse_question(
        {
            "signInIdentity": {"userId": "0a0a0a0a-0000-4000-8000-000000000001"},
            "signInContext": {"includeApplications": [EXCHANGE]},
            "signInConditions": {
                "devicePlatform": "windows",
                "clientAppType": "browser",
                "ipAddress": "8.8.8.8",
            },
        },
        what_if_defaults=True,
    ),
    external=None,
)


def in_tenant(sign_in: SignIn) -> tuple[str, ...]:
    """The check in a tenant that holds the person."""
    from perca.model import User

    assert PLAIN.user is not None
    return impossible(Tenant(users={PLAIN.user: User(PLAIN.user, "ada@example.com")}), sign_in)


def test_every_channel_of_the_universe_is_possible_somewhere() -> None:
    for channel in CHANNELS:
        sign_in = replace(
            PLAIN,
            client=channel.client,
            platform=channel.platform,
            credential=channel.credential,
            flow=channel.flow,
        )
        assert in_tenant(sign_in) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"credential": Credential.APP_PASSWORD},
        {"client": ClientApp.OTHER, "credential": Credential.PASSKEY},
        {"client": ClientApp.OTHER, "flow": Flow.DEVICE_CODE},
        {"client": ClientApp.OTHER, "device": Device(True, "AzureAD", whole=True)},
        {"client": ClientApp.ACTIVE_SYNC, "app": "00000003-0000-0ff1-ce00-000000000000"},
        {"flow": Flow.DEVICE_CODE, "device": Device(True, "AzureAD", whole=True)},
        {"device": Device(True, "none", whole=True)},
        {"inside_corpnet": True},
        {"platform": Platform.ALL},
        {"country": None},
        {"user": None},
    ],
    ids=str,
)
def test_what_cannot_be_is_named(wrong: dict[str, Any]) -> None:
    assert in_tenant(PLAIN) == ()
    assert in_tenant(replace(PLAIN, **wrong)) != ()


# Three others who answer


@pytest.mark.slow
def test_every_example_is_confirmed_as_a_question_and_by_the_served_what_if(shared_fixtures: Path) -> None:
    sayable_ones = compared = 0
    for at in every_set(shared_fixtures):
        found = asked(shared_fixtures, *at)
        for region, said in zip(found.regions, found.said, strict=True):
            sign_in = parse_question(question(region.witness.sign_in), what_if_defaults=False)
            decision = decide(found.tenant, sign_in)
            if region.witness.assessed:
                assert decision.mfa is Mfa.NOT_REQUIRED
            else:  # or that it is blocked isn't known
                assert decision.mfa is Mfa.NOT_ASSESSED or is_blocked(decision.possible)
            assert not is_blocked(decision.guaranteed)
            if said is not None:
                known = told(found.tenant, sign_in)
                assert {id: said[id] for id in known} == known
                sayable_ones += 1
                compared += len(known)
    assert sayable_ones > 100
    assert compared > 1000


# The page

HEAD = """# Where real policy sets don't require MFA

Policy sets that other people published, each in a tenant of its own, asked "is MFA, or a block, required at every sign-in to a
resource?". Written by tests/prove/test_real_regions.py, which fails when it differs; the judgements are a person's, who read the
policies' JSON.

The people are invented: a member in no group, a guest, and one person for each group and each role that a policy names
(`in-GROUP@sets.example`, `with-ROLE@sets.example`); people that a policy names by id aren't there. An id that the files name is called by its
beginning. Each place that they name has a few addresses and isn't trusted, and one more, `The invented office`, is; an authentication
strength of which a file holds the id alone allows nothing, so nobody knows whether it is MFA. A set that is mostly off, report-only or without states is a template
to be switched on: *on here* says how many of its policies were. Nobody has per-user MFA. Of two publishers the folders, or the files, are sets of their own; some are taken.

A judgement is one of: **a true gap** of that set; **meant so** by whoever wrote it; **an artefact** of how the set is taken here; or **open**, where something isn't
known that decides. "Can be said" are the examples, one of each region, that a request to What-If can say: the served What-If agrees with `decide`
about every policy at each of them. No example is a sign-in that can't be (tests/support/possible.py).

| set | policies | on here | people | sign-ins | need no MFA | not assessed | regions | can be said |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def row(name: str, part: str, found: Asked) -> str:
    """The set's row of the table."""
    said = sum(each is not None for each in found.said)
    numbers = [
        len(found.tenant.policies),
        found.switched_on,
        len(found.tenant.users),
        words.magnitude(found.proof.combinations),
        words.magnitude(found.proof.failing),
        words.magnitude(found.proof.unassessed),
        len(found.regions),
        f"{said} of {len(found.regions)}",
    ]
    return f"| {title(name, part)} | {' | '.join(map(str, numbers))} |"


def section(fixtures: Path, name: str, part: str) -> Iterator[str]:
    """The set's regions and smallest memberships, each with its judgement."""
    found, whoever = asked(fixtures, name, part), joined(fixtures, name, part)
    yield f"## {title(name, part)}"
    yield ""
    if found.not_stored:
        yield f"Not in the tenant, which refuses it: {'; '.join(found.not_stored)}."
        yield ""
    if not found.regions:
        yield "MFA, or a block, is required at every sign-in."
        yield ""
    names = {str(each.id): each.display_name or each.id for each in found.tenant.policies}
    for number, region in enumerate(found.regions[:SHOWN], 1):
        yield f"{number}. {sentence(found.tenant, region)}"
        yield f"   - for example: {words.sign_in(found.tenant, region.witness.sign_in)}"
        near = [f"`{names[id]}`" for id in near_policies(region)]
        yield f"   - policies that are about them and miss this: {words.listed(near) if near else 'none'}"
        if not region.witness.assessed:
            yield f"   - not known: {words.listed(region.witness.decision.missing, 3)}"
        yield f"   - **{judged(region_key((name, part), region))}"
    if found.regions:
        yield ""
    yield from _memberships((name, part), found.tenant, whoever)


def _memberships(at: tuple[str, str], tenant: Tenant, whoever: Memberships) -> Iterator[str]:
    if whoever.holds:
        yield "`--any-membership`: holds, whoever somebody is and whatever they join."
        return
    if not whoever.openings:
        yield f"`--any-membership`: not decided ({whoever.not_decided})."
        return
    told = [membership.whoever(tenant, each.who) for each in whoever.openings]
    yield f"`--any-membership`: the smallest that open a way in: {'; '.join(told[:SHOWN])}{f'; and {len(told) - SHOWN} more' if len(told) > SHOWN else ''}. **{judged(memberships_key(at, whoever))}"


def judged(key: str) -> str:
    """The judgement under that key, its verdict to be closed as bold."""
    verdict, why = judgements().get(key, ("", f"no judgement yet ({key})"))
    return f"{VERDICTS.get(verdict, '?').capitalize()}**: {why}"


def page(fixtures: Path) -> str:
    """The whole page."""
    rows = [row(*at, asked(fixtures, *at)) for at in SETS]
    sections = ["\n".join(section(fixtures, *at)) for at in SETS]
    return HEAD + "\n".join(rows) + "\n\n" + _shares(fixtures) + "\n\n" + "\n\n".join(sections) + "\n"


def _shares(fixtures: Path) -> str:
    every = [asked(fixtures, *at) for at in every_set(fixtures)]
    all_of, said = (
        sum(len(each.regions) for each in every),
        [s for each in every for s in each.said if s is not None],
    )
    return (
        f"Of the examples of all {all_of} regions of {len(every)} sets (those above and the others of the same two publishers), What-If can be asked "
        f"about {len(said)} ({100 * len(said) / all_of:.0f} %); the others are of people from outside, of Microsoft Graph for few scopes, "
        "of an unknown platform, or for a client that a request can't name."
    )


if __name__ == "__main__":
    held = Path(os.environ.get("PERCA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    PAGE.write_text(page(held), "utf-8")
    sys.stderr.write(f"written: {PAGE}\n")

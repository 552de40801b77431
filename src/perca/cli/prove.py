"""`perca prove`: is MFA, or a block, required at every sign-in of these people? With counts, regions and a witness for each.

The answer is `prove.always_mfa`'s. A question about nobody is an error, and "not assessed" is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from math import prod
from typing import Annotated, NamedTuple

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.budget import (
    MOST_MEMORY,
    MOST_SECONDS,
    MOST_STATES,
    MostMemory,
    MostSeconds,
    MostStates,
    budget_of,
)
from perca.cli.commands import TABLE
from perca.cli.files import tenant_in
from perca.cli.granted import granted
from perca.cli.options import AsJson, Snapshot
from perca.cli.region import near_policies, region_json, sentence, unknowns
from perca.cli.who import Who, who
from perca.errors import BadInput
from perca.model import Tenant
from perca.prove import Budget, Proof, Verdict, about_always_mfa, answer, assumptions, given_up
from perca.prove.budget import BudgetSpent
from perca.prove.reachable import Attacker, about_reach, left_to, taken
from perca.prove.regions import Region, Regions, overlaps, regions
from perca.space import Universe, at_user_actions, universe_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Space(StrEnum):
    """What the sign-ins of the question are to."""

    RESOURCES = "resources"
    USER_ACTIONS = "userActions"


@app.command(help=TABLE["prove"])
def prove(
    snapshot: Snapshot,
    who_: Annotated[
        str,
        typer.Option(
            "--who", metavar="WHO", help="perUserMfa, all, role:ID, group:ID, user:ID or plan:FILE."
        ),
    ] = "all",
    target: Annotated[
        Space, typer.Option("--target", help="Sign-ins to resources, or user actions.")
    ] = Space.RESOURCES,
    any_membership: Annotated[
        bool,
        typer.Option(
            "--any-membership",
            help="Asks about whoever may come, with any groups and roles, not of the people of the file.",
        ),
    ] = False,
    trusted: Annotated[
        list[str] | None,
        typer.Option(
            "--trust-exclusions",
            metavar="ID",
            help="With --any-membership: a group, role or person not to ask about.",
        ),
    ] = None,
    attacker: Annotated[
        list[Attacker] | None,
        typer.Option(
            "--attacker", help="Asks whether one with these means is kept out; several are one attacker."
        ),
    ] = None,
    states: MostStates = MOST_STATES,
    seconds: MostSeconds = MOST_SECONDS,
    memory: MostMemory = MOST_MEMORY,
    json: AsJson = False,
) -> Answer:
    """Exits 0 when it holds, 1 when it doesn't, 3 when it isn't assessed."""
    budget = budget_of(states, seconds, memory)
    if trusted and not any_membership:
        raise BadInput("--trust-exclusions needs --any-membership", "add it, or leave the other out")
    tenant = tenant_in(snapshot)
    if any_membership and attacker:
        raise BadInput("--any-membership and --attacker are two questions", "ask one of them")
    if any_membership:
        from perca.cli import membership

        if who_ != "all":
            raise BadInput("--any-membership asks about nobody of the file", "leave --who out")
        shape = at_user_actions if target is Space.USER_ACTIONS else _as_it_is
        return membership.any_membership(tenant, trusted or (), shape, budget, view_of(json))
    asked = who(tenant, who_)
    over = universe_of(tenant, people=None if asked.everybody else asked.people)
    if target is Space.USER_ACTIONS:
        over = at_user_actions(over)
    proof, found, shared = _asked(tenant, over, attacker or (), budget)
    proof = of_all(proof, asked)
    said = REACH if attacker else MFA
    asks = reach(asked, attacker) if attacker else question(asked, target)
    return Answer(
        "prove",
        lambda: as_json(tenant, asks, proof, found, shared, said),
        lambda: as_text(tenant, asked, proof, found, shared, said),
        codes(proof),
        proof.engine,
        view_of(json),
    )


Shared = tuple[tuple[int, ...], ...]
"""For each region, at which places those stand with which it overlaps."""


def _asked(
    tenant: Tenant, over: Universe, attacker: Sequence[Attacker], budget: Budget
) -> tuple[Proof, Regions[Verdict], Shared]:
    """The answer, and where it isn't fine, with which of these regions overlap; without regions where the budget was spent before."""
    try:
        asking = (
            about_reach(tenant, over, attacker, budget)
            if attacker
            else about_always_mfa(tenant, over, budget)
        )
    except BudgetSpent as spent:
        left = left_to(attacker, over)
        assumed = taken(tenant, left) if attacker else assumptions(tenant, over=over)
        return given_up("reachable" if attacker else "always_mfa", left, spent, assumed), Regions((), 0), ()
    proof = answer(asking)
    try:
        found = Regions((), 0) if proof.not_decided else regions(asking, (Verdict.FAILS, Verdict.UNKNOWN))
    except BudgetSpent:
        found = Regions((), proof.failing + proof.unassessed)
    return replace(proof, engine=asking.engine.name), found, overlaps(asking, found)


class Said(NamedTuple):
    """How an answer is told."""

    holds: str
    fails: str
    failing: str
    region: str = ""
    unclear: str = ""


MFA = Said(
    "Holds: MFA (or a block) is required at every sign-in.",
    "Fails: there are sign-ins that need no MFA.",
    "need no MFA",
)
REACH = Said(
    "Holds: such an attacker is kept out at every sign-in.",
    "Fails: such an attacker gets in.",
    "open to the attacker",
    "nothing keeps the attacker out",
    "whether the attacker is kept out is not assessed",
)
_MEANS = {
    Attacker.PASSWORD: "the password",
    Attacker.LEGACY_CLIENT: "a legacy client",
    Attacker.DEVICE_CODE: "a device code",
    Attacker.UNKNOWN_COUNTRY: "an address in no known country",
    Attacker.UNMANAGED_DEVICE: "an unmanaged device",
}


def reach(asked: Who, attacker: Sequence[Attacker]) -> str:
    """The question about an attacker in words."""
    means = " and ".join(_MEANS[each] for each in dict.fromkeys(attacker))
    return f"is an attacker with {means} kept out at every sign-in of {asked.words}?"


def _as_it_is(universe: Universe) -> Universe:
    return universe


def of_all(proof: Proof, asked: Who) -> Proof:
    """The proof; what holds for those whom somebody read isn't assessed where there may be others."""
    if proof.holds is not True or not asked.unread:
        return proof
    return replace(proof, holds=None, not_decided="; ".join(asked.unread))


def codes(proof: Proof) -> frozenset[int]:
    """All exit codes that apply."""
    fails = proof.holds is False
    unsure = proof.holds is None or proof.unassessed > 0
    return frozenset({1} if fails else ()) | frozenset({3} if unsure else ())


def as_json(
    tenant: Tenant,
    question: str,
    proof: Proof,
    found: Regions[Verdict],
    shared: Shared,
    said: Said = MFA,
) -> Json:
    """The proof in the words of CONTRACT."""
    return {
        "holds": proof.holds,
        "question": question,
        "people": proof.people,
        "externals": proof.externals,
        "combinations": str(proof.combinations),
        "failing": {"people": len(proof.failing_people), "combinations": str(proof.failing)},
        "notAssessed": {"people": len(proof.unassessed_people), "combinations": str(proof.unassessed)},
        "undecided": {"people": len(proof.undecided_people)},
        "universe": {name: str(size) for name, size in proof.universe.items()},
        "assumptions": list(proof.assumptions),
        "regions": [
            {**region_json(tenant, region, _of(region, said)), "overlaps": list(others)}
            for region, others in zip(found.regions, shared, strict=True)
        ],
        "complete": found.complete and proof.not_decided is None,
        "notDecided": not_decided(proof),
    }


def not_decided(proof: Proof) -> str | None:
    """Why there is no answer; None where there is one."""
    if proof.holds is not None:
        return None
    return proof.not_decided or words.hanging([proof])


def question(asked: Who, target: Space = Space.RESOURCES) -> str:
    """The question in words."""
    what = (
        "sign-in to a resource"
        if target is Space.RESOURCES
        else "registration of security information or of a device"
    )
    return f"is MFA (or a block) required at every {what} of {asked.words}?"


def as_text(
    tenant: Tenant,
    asked: Who,
    proof: Proof,
    found: Regions[Verdict],
    shared: Shared,
    said: Said = MFA,
) -> Iterator[Block]:
    """The answer first, then the numbers, then where it fails."""
    verdict = {
        True: (said.holds, Tone.GOOD),
        False: (said.fails, Tone.BAD),
        None: (f"Not assessed: {words.fact(tenant, not_decided(proof) or '')}", Tone.UNSURE),
    }
    yield Line(*verdict[proof.holds])
    yield Line(
        f"asked about {asked.words}: {words.counted(proof.people, 'person', 'people')}{_outside(proof)}, {words.magnitude(proof.combinations)} sign-ins",
        depth=1,
    )
    less = ", less what can't be" if proof.combinations < prod(proof.universe.values()) else ""
    yield Line(" × ".join(words.sizes(proof.universe)) + less, Tone.FAINT, 1)
    for name, people, count in (
        (said.failing, proof.failing_people, proof.failing),
        ("not assessed", proof.unassessed_people, proof.unassessed),
    ):
        if count:
            whom = f"; {words.counted(len(people), 'person', 'people')}: {words.people(tenant, people)}"
            yield Line(f"{name}: {words.magnitude(count)} sign-ins{whom if people else ''}", depth=1)
    if proof.undecided_people:
        whom = words.people(tenant, proof.undecided_people)
        yield Line(
            f"not decided of {words.counted(len(proof.undecided_people), 'person', 'people')}: {whom}",
            Tone.UNSURE,
            1,
        )
    if proof.strangers:
        yield Line(f"from outside, not always: {words.externals(proof.strangers)}", depth=1)
    if found.regions:
        yield Heading("Where")
        for number, (region, others) in enumerate(zip(found.regions, shared, strict=True), 1):
            yield from _told(tenant, number, region, said)
            if before := [str(each + 1) for each in others if each + 1 < number]:
                what = "region" if len(before) == 1 else "regions"
                yield Line(f"overlaps {what} {words.listed(before, 3)}", Tone.FAINT, 2)
        if not found.complete:
            yield Line("there are more such sign-ins than these regions hold", Tone.UNSURE, 1)
    yield from granted(proof.assumptions)


def _outside(proof: Proof) -> str:
    if not proof.externals:
        return ""
    return f" and {words.counted(proof.externals, 'kind of person', 'kinds of people')} from outside"


def _of(region: Region[Verdict], said: Said) -> str:
    return said.region if region.witness.assessed else said.unclear


def _told(tenant: Tenant, number: int, region: Region[Verdict], said: Said) -> Iterator[Block]:
    tone = Tone.BAD if region.witness.assessed else Tone.UNSURE
    yield Line(f"{number}. {sentence(tenant, region, _of(region, said))}", tone, 1)
    yield Line(
        f"{words.magnitude(region.combinations)} sign-ins, for example: {words.sign_in(tenant, region.witness.sign_in)}",
        Tone.FAINT,
        2,
    )
    names = {str(policy.id): policy.display_name or policy.id for policy in tenant.policies}
    if near := near_policies(region):
        yield Line(
            "policies that are about them and miss this: " + ", ".join(f"`{names[id]}`" for id in near[:5]),
            Tone.FAINT,
            2,
        )
    yield from (Line(f"not known: {fact}", Tone.FAINT, 2) for fact in unknowns(tenant, region)[:3])

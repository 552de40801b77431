"""`perca prove --any-membership`: the answer for whoever may come, and the smallest membership that opens a way in without MFA."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from perca.cli import words
from perca.cli.answer import Answer, Json, View
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.granted import granted
from perca.cli.region import region_json, sentence, unknowns
from perca.model import GroupId, Tenant
from perca.policy.administrators import ROLES
from perca.policy.security_defaults import SYNCHRONISATION
from perca.prove import Budget, Verdict, assumptions
from perca.prove.hypothetical import Join, Somebody, Sort
from perca.prove.membership import Memberships, Opening, whatever_membership
from perca.prove.regions import Region, regions
from perca.prove.walk import BudgetSpent
from perca.space import Universe

QUESTION = "is MFA (or a block) always required, whoever somebody is and whatever groups and roles they get?"
_SORTS = {
    Sort.MEMBER: "member",
    Sort.INTERNAL_GUEST: "local guest",
    Sort.COLLABORATION_GUEST: "B2B collaboration guest",
    Sort.COLLABORATION_MEMBER: "B2B collaboration member",
}


def any_membership(
    tenant: Tenant,
    trusted: Sequence[str],
    over: Callable[[Universe], Universe],
    budget: Budget,
    view: View,
) -> Answer:
    """The answer; exits 0 when it holds, 1 when it doesn't, 3 when it isn't assessed."""
    told = whatever_membership(tenant, pinned=[each.casefold() for each in trusted], over=over, budget=budget)
    return Answer(
        "prove",
        lambda: as_json(tenant, told),
        lambda: as_text(tenant, told),
        frozenset({True: (), False: {1}, None: {3}}[told.holds]),
        "search",
        view,
    )


def as_json(tenant: Tenant, told: Memberships) -> Json:
    """The answer in the words of CONTRACT; `people` is 0, for nobody of the directory is asked about."""
    return {
        "holds": told.holds,
        "question": QUESTION,
        "people": 0,
        "sorts": told.sorts,
        "memberships": list(told.joins),
        "trustedExclusions": list(told.pinned),
        "openings": [_opening_json(tenant, each) for each in told.openings],
        "regions": [region_json(each.tenant, region) for each in told.openings for region in shown(each)],
        "complete": told.not_decided is None,
        "assumptions": list(taken(tenant)),
        "notDecided": not_decided(told),
    }


def _opening_json(tenant: Tenant, opening: Opening) -> Json:
    return {
        "words": whoever(tenant, opening.who),
        "person": opening.who.named,
        "sort": opening.who.sort.name.lower(),
        "joins": sorted(opening.who.joined),
        "combinations": str(opening.proof.failing or opening.proof.unassessed),
        "assessed": opening.proof.holds is False,
    }


def not_decided(told: Memberships) -> str | None:
    """Why there is no answer, with which part of the budget was spent; None where there is one."""
    if told.holds is not None:
        return None
    return told.not_decided or words.hanging(each.proof for each in told.openings)


def shown(opening: Opening) -> tuple[Region[Verdict], ...]:
    """The largest region of what is open to that person."""
    try:
        return regions(opening.asked, (Verdict.FAILS, Verdict.UNKNOWN), most=1).regions
    except BudgetSpent:
        return ()


Shown = tuple[str, Region[Verdict], Tenant]
"""A region of what is open to somebody, in words that don't say whose, and the tenant with nobody but that person."""


def _alike(openings: Sequence[Opening]) -> Iterator[tuple[Sequence[Somebody], Sequence[Shown], bool]]:
    """The openings; those that are the same for people of several kinds, who join the same, as one."""
    alike: dict[object, tuple[list[Somebody], Sequence[Shown], bool]] = {}
    for each in openings:
        told = [(_which(each.tenant, region), region, each.tenant) for region in shown(each)]
        key = (each.who.joined, each.who.named, tuple(which for which, *_ in told), each.proof.holds)
        alike.setdefault(key, ([], told, each.proof.holds is False))[0].append(each.who)
    yield from alike.values()


def _which(tenant: Tenant, region: Region[Verdict]) -> str:
    """Which sign-ins of somebody, without saying whose."""
    return sentence(tenant, region).removeprefix(f"{words.people(tenant, region.people)}: ")


def whoever(tenant: Tenant, who: Somebody, *others: Somebody) -> str:
    """The person in words: who joins this and is given that; several who do the same, of whatever kinds, at once."""
    joined = sorted(who.joined, key=lambda each: (_is_role(tenant, each), each))
    groups = [_group(tenant, each) for each in joined if not _is_role(tenant, each)]
    roles = [_role(each) for each in joined if _is_role(tenant, each)]
    parts = [f"joins {' and '.join(groups)}"] if groups else []
    parts += [f"is given {' and '.join(roles)}"] if roles else []
    name = _person(tenant, who, others)
    return f"{name} who {' and '.join(parts)}" if parts else f"{name} in no group and with no role"


def _person(tenant: Tenant, who: Somebody, others: Sequence[Somebody]) -> str:
    if who.named is None:
        return f"any {words.either([_SORTS[each.sort] for each in (who, *others)])}"
    held = tenant.users.get(who.named)
    return (
        f"`{words.name_of(held)}`" if held is not None else f"the person whom policies name as `{who.named}`"
    )


def _is_role(tenant: Tenant, join: Join) -> bool:
    named = {group for p in tenant.policies for group in _groups(p.users)}
    return GroupId(join) not in tenant.groups and join not in named


def _groups(users: object) -> Iterator[str]:
    for side in ("include", "exclude"):
        yield from getattr(getattr(users, side, None), "groups", ())


def _group(tenant: Tenant, group: str) -> str:
    held = tenant.groups.get(GroupId(group))
    if held is None:
        return f"group {group}"
    name = f"`{held.display_name or group}`"
    return f"{name} (by its rule)" if held.membership_rule else name


def _role(role: str) -> str:
    known = {str(id): name for id, name in ROLES.items()} | {
        SYNCHRONISATION: "Directory Synchronization Accounts"
    }
    return f"the role {known.get(role, role)}"


def taken(tenant: Tenant) -> Iterator[str]:
    """What the answer takes for granted."""
    yield "nobody has per-user MFA, and nobody of the directory is asked about: `perca prove` alone does that"
    yield "a group that could not be read holds no other group; a dynamic group takes in whom its rule says, which isn't read"
    yield "people from outside without an account can join nothing; `perca prove` alone asks about them"
    yield from assumptions(tenant)


def as_text(tenant: Tenant, told: Memberships) -> Iterator[Block]:
    """The answer first, then by which memberships it fails, and where."""
    verdict = {
        True: ("Holds: MFA (or a block) is required at every sign-in, whatever somebody joins.", Tone.GOOD),
        False: ("Fails: a membership opens a way in without MFA.", Tone.BAD),
        None: (f"Not assessed: {words.fact(tenant, not_decided(told) or '')}", Tone.UNSURE),
    }
    yield Line(*verdict[told.holds])
    yield Line(
        f"asked about {words.counted(told.sorts, 'kind of person', 'kinds of people')}, free to join {words.counted(len(told.joins), 'group or role', 'groups and roles')} that policies look at",
        depth=1,
    )
    if told.pinned:
        yield Line(f"trusted, and not asked about: {words.listed(told.pinned)}", Tone.FAINT, 1)
    if told.openings:
        yield Heading(f"The smallest memberships that {'open' if told.holds is False else 'may open'} it")
        for number, (who, regions, sure) in enumerate(_alike(told.openings), 1):
            yield Line(f"{number}. {whoever(tenant, *who)}", Tone.BAD if sure else Tone.UNSURE, 1)
            for which, region, there in regions:
                yield Line(which, depth=2)
                yield from (Line(f"not known: {f}", Tone.FAINT, 2) for f in unknowns(there, region)[:3])
    if told.not_decided and told.holds is False:
        yield Line(f"there may be more: not all was looked at, {told.not_decided}", Tone.UNSURE, 1)
    yield from granted(taken(tenant))

"""A region of sign-ins for scripts and for people: its conditions, in Graph's words, and one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from perca.cli import networks, words
from perca.cli.answer import Json
from perca.model import (
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    AppId,
    Credential,
    Device,
    External,
    Flow,
    Platform,
    Scopes,
    Session,
    SignIn,
    Tenant,
)
from perca.policy import (
    IMPOSSIBLE,
    RULED_OUT_BY,
    Channel,
    Coordinate,
    Mfa,
    No,
    Principal,
    Target,
    covers,
    impossible,
)
from perca.policy.admin_tools import APPS
from perca.policy.conditional_access import PROVIDER, UNREAD
from perca.prove import Label
from perca.prove.regions import Region, Side
from perca.space import ANY_OTHER_APP, CHANNELS
from perca.wire.questions import emit_device, emit_question

MOST_NAMED = 1000
"""At most this many people or applications of a region are listed by id."""


def region_json(tenant: Tenant, region: Region[Label], said: str = "") -> Json:
    """The region in the words of CONTRACT; `said` as for `sentence`."""
    return {
        "words": sentence(tenant, region, said),
        "people": len(region.people),
        "combinations": str(region.combinations),
        "conditions": dict(conditions(region)),
        "witness": question(region.witness.sign_in),
        "policies": near_policies(region),
        "assessed": region.witness.assessed,
        "missing": list(region.witness.decision.missing) or unknowns(tenant, region),
    }


def unknowns(tenant: Tenant, region: Region[Label]) -> list[str]:
    """What the answer about a region hangs on: something where it isn't assessed, nothing where it is."""
    return [] if region.witness.assessed else words.unknowns(tenant, region.witness.decision)


def question(sign_in: SignIn) -> Json:
    """The sign-in as a question with every field written: a fresh session, on a device that can show nothing."""
    return emit_question(replace(sign_in, session=Session(False, False)))


def near_policies(region: Region[Label]) -> list[str]:
    """The policies that would cover, are about these people, and miss these sign-ins, or may."""
    return [
        answer.rule.key
        for answer in region.witness.decision.rules
        if answer.rule.source.provider == PROVIDER and answer.rule.source != UNREAD and covers(answer.rule)
        if not (isinstance(answer.answer, No) and "users" in answer.answer.unmet)
    ]


def conditions(region: Region[Label]) -> Iterator[tuple[str, object]]:
    """Each coordinate that matters, with its values; people always."""
    for coordinate, side in region.sides.items():
        match coordinate:
            case Coordinate.PRINCIPAL:
                yield "users", _listed(side)
            case _ if side.is_everything:
                continue
            case Coordinate.CHANNEL:
                yield "channels", [_channel(each) for each in side.values if isinstance(each, Channel)]
            case Coordinate.NETWORK:
                yield from networks.conditions(side)
            case Coordinate.TARGET:
                yield "applications", _listed(side)
            case Coordinate.CONTEXT:
                yield "authenticationContexts", [str(each) for each in side.values]
            case Coordinate.DEVICE:
                yield "devices", [emit_device(each) for each in side.values if isinstance(each, Device)]
            case Coordinate.INSIDER_RISK:
                yield "insiderRiskLevels", [str(each) for each in side.values]
            case Coordinate.SIGN_IN_RISK:
                yield "signInRiskLevels", [str(each) for each in side.values]
            case Coordinate.USER_RISK:
                yield "userRiskLevels", [str(each) for each in side.values]


def _listed(side: Side) -> Json:
    return {"count": side.weight, "ids": [_id(each) for each in side.values[:MOST_NAMED]]}


def _id(value: object) -> str:
    match value:
        case Principal(user=user) if user is not None:
            return user
        case Principal(external=External() as external):
            return words.external(external)
        case Target(app=app, action=action):
            return str(app or action)
    return str(value)


def _channel(channel: Channel) -> Json:
    return {
        "clientAppType": channel.client,
        "devicePlatform": channel.platform,
        "credential": channel.credential,
        "authenticationFlow": channel.flow,
    }


def sentence(tenant: Tenant, region: Region[Label], said: str = "") -> str:
    """Whose sign-ins, which of them, and what is said of them: by default, that no MFA is required, or may not be."""
    sides = region.sides
    who = _whom(tenant, region)
    parts = [
        _from_clients(_possible_channels(sides)),
        _to_applications(tenant, sides[Coordinate.TARGET]),
        _from(tenant, sides[Coordinate.NETWORK]),
        _at_risk("sign-in", sides[Coordinate.SIGN_IN_RISK]),
        _at_risk("user", sides[Coordinate.USER_RISK]),
        _at_risk("insider", sides[Coordinate.INSIDER_RISK]),
        _asking(sides[Coordinate.CONTEXT]),
        _on_devices(sides[Coordinate.DEVICE]),
    ]
    which = ", ".join(part for part in parts if part) or "at any sign-in"
    return f"{who}: {which}: {said or _verdict(region)}"


def _verdict(region: Region[Label]) -> str:
    if region.witness.assessed:
        return "nothing requires MFA"
    if region.witness.decision.mfa is Mfa.NOT_REQUIRED:
        return "nothing requires MFA, and whether it is blocked is not assessed"
    return "whether MFA is required is not assessed"


def _whom(tenant: Tenant, region: Region[Label]) -> str:
    """People by name; where there are none, the kinds of people from outside."""
    if region.people:
        return words.people(tenant, region.people)
    return words.externals(region.strangers)


def _asking(side: Side) -> str:
    if side.is_everything:
        return ""
    return (
        f"asking for {' or '.join('no context' if c == NO_CONTEXT else f'context {c}' for c in side.values)}"
    )


def _on_devices(side: Side) -> str:
    if side.is_everything:
        return ""
    names = list(dict.fromkeys(words.device(each) for each in side.values if isinstance(each, Device)))
    more = f" and {len(names) - 3} other kinds of device" if len(names) > 3 else ""
    return f"on {' or '.join(names[:3])}{more}"


def _possible_channels(sides: Mapping[Coordinate, Side]) -> Side:
    """The channels without those that can't be at anything else that the region holds: nobody has to be told that they are left out."""
    channels = sides[Coordinate.CHANNEL]
    left = IMPOSSIBLE
    for coordinate in RULED_OUT_BY - {Coordinate.CHANNEL}:
        for value in sides[coordinate].values:
            left &= impossible(coordinate, value)
    others = [each for each in channels.others if not impossible(Coordinate.CHANNEL, each) & left]
    return replace(channels, others=others)


def _from_clients(side: Side) -> str:
    """The clients, those told alike together: platform, first factor and flow are said only where they matter.

    Those of which nothing is said come last, so that what is said of others isn't read as said of them.
    """
    if not side.others:
        return ""
    chosen = [each for each in side.values if isinstance(each, Channel)]
    whole = [*chosen, *(each for each in side.others if isinstance(each, Channel))]
    alike: dict[str, list[str]] = {}
    for kind in dict.fromkeys(each.client for each in CHANNELS):
        of, mine = ([each for each in some if each.client is kind] for some in (whole, chosen))
        for tail in _tails(mine, of):
            alike.setdefault(tail, []).append(words.client(kind, None))
    ways = [_way(kinds, tail) for tail, kinds in sorted(alike.items(), key=lambda each: not each[0])]
    more = f", and {words.counted(len(ways) - 4, 'other way')}" if len(ways) > 4 else ""
    return "with " + ", or with ".join(ways[:4]) + more


def _way(kinds: Sequence[str], tail: str) -> str:
    if not tail:
        return words.either(kinds)
    return words.either(kinds) + (", each " if len(kinds) > 1 else " ") + tail


Pair = tuple[Credential, Flow]


def _tails(mine: Sequence[Channel], whole: Sequence[Channel]) -> Iterator[str]:
    """What has to be said of one kind of client besides, once for all platforms of which the same is so."""
    pairs, of = _pairs(mine), _pairs(whole)
    alike: dict[frozenset[Pair], list[Platform]] = {}
    for platform in (each for each in of if each in pairs):
        alike.setdefault(frozenset(pairs[platform]), []).append(platform)
    for chosen, platforms in alike.items():
        where = [words.platforms(platforms, list(of))] if len(platforms) < len(of) else []
        for how in _hows(chosen, dict.fromkeys(pair for each in of.values() for pair in each)):
            yield " ".join([*where, *how])


def _pairs(channels: Sequence[Channel]) -> dict[Platform, list[Pair]]:
    found: dict[Platform, list[Pair]] = {}
    for each in sorted(channels, key=_ORDER.__getitem__):
        assert each.platform is not None
        assert each.credential is not None
        assert each.flow is not None
        found.setdefault(each.platform, []).append((each.credential, each.flow))
    return found


_ORDER = {each: number for number, each in enumerate(CHANNELS)}


def _hows(chosen: frozenset[Pair], whole: Iterable[Pair]) -> Iterator[list[str]]:
    """First factors and flows: at once where they are a product, else the flows of each first factor."""
    of = list(whole)
    factors = list(dict.fromkeys(factor for factor, flow in of if (factor, flow) in chosen))
    flows = list(dict.fromkeys(flow for factor, flow in of if (factor, flow) in chosen))
    if len(chosen) == len([pair for pair in of if pair[0] in factors and pair[1] in flows]):
        some = [f"using {words.either([words.credential(each) for each in factors])}"]
        told = [words.flows(flows)]
        yield [
            *(some if {pair[0] for pair in of} != set(factors) else []),
            *(told if {pair[1] for pair in of} != set(flows) else []),
        ]
        return
    for factor in factors:
        yield from _hows(frozenset(pair for pair in chosen if pair[0] is factor), of)


def _to_applications(tenant: Tenant, side: Side) -> str:
    if side.is_everything:
        return ""
    any_other = any(isinstance(each, Target) and each.app == ANY_OTHER_APP for each in side.values)
    if any_other and side.others:
        return f"to any resource but {_some(tenant, side.others, side.values)}"
    return f"to {_some(tenant, side.values, side.others)}"


def _some(tenant: Tenant, targets: Sequence[object], others: Sequence[object]) -> str:
    """The targets by name, Microsoft's portals and tools as one; who requests is said where it tells them from others."""
    asked = [each for each in targets if isinstance(each, Target)]
    left_out = [each for each in others if isinstance(each, Target)]
    names: list[str] = []
    tools = {each.app for each in asked} & APPS
    whole = tools == APPS and not any(each.app in APPS for each in left_out)
    if whole:
        names.append("Microsoft's admin portals and tools")
    with_sign_in = _hold_their_sign_ins(asked, left_out)
    shown = [
        each
        for each in asked
        if not (whole and each.app in APPS) and not (with_sign_in and _signed_in_to(each))
    ]
    elsewhere = {words.target(tenant, each) for each in left_out}
    for each in shown:
        name = words.target(tenant, each)
        names.append(f"{name}{_BY}{words.requester(tenant, each)}" if name in elsewhere else name)
    told = _told_once([*dict.fromkeys(names)])
    return told + (" (sign-in with OpenID Connect alone included)" if with_sign_in else "")


_BY = " requested by "
_NAMED = 4
"""At most this many targets are named."""


def _told_once(names: Sequence[str]) -> str:
    """Some of the names and how many more there are; who requests them all, once."""
    first = [each.partition(_BY) for each in names[:_NAMED]]
    by = {who for _, _, who in first}
    if len(first) == 1 or by == {""} or len(by) > 1:
        return words.listed(names, _NAMED)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(name for name, _, _ in first)} (each{_BY}{by.pop()}){more}"


def _signed_in_to(asked: Target) -> AppId | None:
    """The application to which somebody only signs in: it asks at Graph for the scopes of OpenID Connect alone."""
    only = asked.app == GRAPH and asked.scopes is Scopes.OIDC and asked.requester != NATIVE
    return asked.requester if only else None


def _hold_their_sign_ins(asked: Sequence[Target], left_out: Sequence[Target]) -> bool:
    """Whether the sign-ins alone among them are exactly those to the applications among them."""
    apps = {each.app for each in asked} - APPS
    inside, outside = (set(filter(None, map(_signed_in_to, some))) for some in (asked, left_out))
    return bool(inside) and inside <= apps and not outside & apps


def _from(tenant: Tenant, side: Side) -> str:
    return "" if side.is_everything else networks.sentence(tenant, side)


def _at_risk(kind: str, side: Side) -> str:
    if side.is_everything:
        return ""
    levels = sorted(map(str, side.values), key=_LEVELS.index)
    return f"at {kind} risk {words.either(levels)}"


_LEVELS = ("none", "low", "minor", "medium", "moderate", "high", "elevated")
"""Of each kind of risk, the lowest first."""

"""A region of sign-ins for scripts and for people: its conditions, in Graph's words, and one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from perca.cli import networks, words
from perca.cli.answer import Json
from perca.model import (
    NO_CONTEXT,
    Device,
    External,
    Session,
    SignIn,
    Tenant,
)
from perca.policy import Channel, Coordinate, Mfa, No, Principal, Target, covers
from perca.policy.admin_tools import APPS
from perca.policy.conditional_access import PROVIDER
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
        "missing": list(region.witness.decision.missing),
    }


def question(sign_in: SignIn) -> Json:
    """The sign-in as a question with every field written: a fresh session, on a device that can show nothing."""
    return emit_question(replace(sign_in, session=Session(False, False)))


def near_policies(region: Region[Label]) -> list[str]:
    """The policies that would cover, are about these people, and miss these sign-ins, or may."""
    return [
        answer.rule.key
        for answer in region.witness.decision.rules
        if answer.rule.source.provider == PROVIDER and covers(answer.rule)
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
        _from_clients(sides[Coordinate.CHANNEL]),
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
    return words.listed([words.external(each) for each in region.strangers], 3)


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


def _from_clients(side: Side) -> str:
    if side.is_everything:
        return ""
    chosen = {each for each in side.values if isinstance(each, Channel)}
    names = list(dict.fromkeys(_kind(each, chosen) for each in CHANNELS if each in chosen))
    more = f" and {len(names) - 4} other ways" if len(names) > 4 else ""
    return f"with {' or '.join(names[:4])}{more}"


_NAMED = (
    (),
    ("credential",),
    ("platform",),
    ("flow",),
    ("platform", "credential"),
    ("credential", "flow"),
    ("platform", "flow"),
    ("platform", "credential", "flow"),
)
"""What may have to be named of a channel beside its client, the fewest words first."""


@cache
def _alike(channel: Channel, named: tuple[str, ...]) -> frozenset[Channel]:
    """The channels that are the same in these parts."""
    parts = ("client", *named)
    return frozenset(
        each for each in CHANNELS if all(getattr(each, part) is getattr(channel, part) for part in parts)
    )


def _kind(channel: Channel, chosen: set[Channel]) -> str:
    """As short as it is true: the client alone where platform, first factor and flow don't matter."""
    named = next(each for each in _NAMED if _alike(channel, each) <= chosen)
    name = words.client(channel.client, channel.platform if "platform" in named else None)
    if "credential" in named:
        name += f" and {words.credential(channel.credential)}"
    return f"{name} {words.flow(channel.flow)}" if "flow" in named else name


def _to_applications(tenant: Tenant, side: Side) -> str:
    if side.is_everything:
        return ""
    any_other = any(isinstance(each, Target) and each.app == ANY_OTHER_APP for each in side.values)
    if any_other and side.others:
        return f"to any resource but {_some(tenant, side.others, side.values)}"
    return f"to {_some(tenant, side.values, side.others)}"


def _some(tenant: Tenant, targets: Sequence[object], others: Sequence[object]) -> str:
    """The targets by name, Microsoft's portals and tools as one; who asks is said where it tells them from others."""
    asked = [each for each in targets if isinstance(each, Target)]
    left_out = [each for each in others if isinstance(each, Target)]
    tools = {each.app for each in asked} & APPS
    names: list[str] = []
    whole = tools == APPS and not any(each.app in APPS for each in left_out)
    if whole:
        names.append("Microsoft's admin portals and tools")
    elsewhere = {words.target(tenant, each) for each in left_out}
    for each in asked:
        if each.app not in APPS or not whole:
            name = words.target(tenant, each)
            names.append(f"{name} asked by {words.requester(tenant, each)}" if name in elsewhere else name)
    return words.listed([*dict.fromkeys(names)], 4)


def _from(tenant: Tenant, side: Side) -> str:
    return "" if side.is_everything else networks.sentence(tenant, side)


def _at_risk(kind: str, side: Side) -> str:
    if side.is_everything:
        return ""
    return f"at {kind} risk {' or '.join(str(value) for value in side.values)}"

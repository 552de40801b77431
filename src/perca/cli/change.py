"""One region of a difference between two tenants: what is asked before and after, which rules bring it about, and its stable id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from perca.cli import networks
from perca.cli.explain import clauses, session_json
from perca.cli.region import sentence
from perca.model import Device, NotRead, Tenant
from perca.policy import Channel, Coordinate, Decision, No, Rule, RuleAnswer, Target, Yes
from perca.policy.session import UNLIMITED, lifetime, words_of
from perca.prove import Change, Difference, Verdict
from perca.prove.regions import Region, Side
from perca.space import ANY_OTHER_APP, Area, Block
from perca.wire import emit_policy
from perca.wire.questions import emit_device

Effect = Callable[[Rule], object]


def demand(rule: Rule) -> object:
    """What the rule asks for."""
    return rule.clauses


def limit(rule: Rule) -> object:
    """How long the rule lets a session last, where it says."""
    return rule.session if lifetime((rule.session,)) != UNLIMITED else None


def sides_of(region: Region[Difference]) -> tuple[Decision, Decision]:
    """What is decided of the witness before, and after."""
    assert region.witness.before is not None
    return region.witness.before, region.witness.decision


def missing(region: Region[Difference]) -> list[str]:
    """The facts that nobody knows of the witness, on either side."""
    return list(dict.fromkeys(fact for each in sides_of(region) for fact in each.missing))


def moved(region: Region[Difference], effect: Effect) -> Iterator[RuleAnswer]:
    """The rules that apply to the witness on one side only, or have another effect there."""
    sides = [_effects(each, effect) for each in sides_of(region)]
    for key in dict.fromkeys(key for side in sides for key in side):
        one, two = (side.get(key) for side in sides)
        if (one and one[0]) != (two and two[0]):
            shown = two or one
            assert shown is not None
            yield shown[1]


def _effects(decision: Decision, effect: Effect) -> dict[str, tuple[object, RuleAnswer]]:
    """What each rule brings about that applies, or may."""
    return {
        each.rule.key: ((isinstance(each.answer, Yes), effect(each.rule)), each)
        for each in decision.rules
        if each.rule.enforced and not isinstance(each.answer, No) and effect(each.rule)
    }


def asking(after: Tenant, region: Region[Difference]) -> str:
    """Whose sign-ins, which, and what is asked for before and after."""
    before, now = sides_of(region)
    said = f"{_asked(before)} before, {_asked(now)} after"
    if region.label.change is Change.NOT_ASSESSED:
        way = "less" if region.label.no_less is Verdict.UNKNOWN else "more"
        said = f"whether {way} is asked for is not assessed"
    return sentence(after, region, said)


def lasting(after: Tenant, region: Region[Difference]) -> str:
    """Whose sign-ins, which, and how long a session lasts before and after."""
    before, now = sides_of(region)
    said = f"a session lasts {words_of(before.lifetime)} before, {words_of(now.lifetime)} after"
    if region.label.change is Change.NOT_ASSESSED:
        way = "longer" if region.label.no_less is Verdict.UNKNOWN else "shorter"
        said = f"whether a session lasts {way} is not assessed"
    return sentence(after, region, said)


def _asked(decision: Decision) -> str:
    return " and ".join(" or ".join(clause) for clause in clauses(decision.guaranteed)) or "nothing"


def region_id(before: Tenant, after: Tenant, region: Region[Difference], effect: Effect) -> str:
    """A digest of the change, of where it is, and of what the policies and groups that bring it about say on each side.

    Never of people, numbers or names: so it stays when somebody joins, and is another when a policy is edited once more.
    """
    keys = sorted({answer.rule.key for answer in moved(region, effect)})
    sides: list[object] = []
    for tenant, decision in zip((before, after), sides_of(region), strict=True):
        asked = clauses(decision.guaranteed) if effect is demand else session_json(decision.lifetime)
        sides.append([asked, *([key, _content(tenant, key), _applies(decision, key)] for key in keys)])
    said = _line(sides)
    groups = [_other_members(before, after, said), _unread(before, said), _unread(after, said)]
    strangers = sorted({str(each.kind) for each in region.strangers})
    parts = [*map(str, region.label), effect is demand, sides, groups, strangers, [*_where(region)]]
    return hashlib.sha256(_line(parts).encode()).hexdigest()[:16]


def _applies(decision: Decision, key: str) -> list[str]:
    return [type(each.answer).__name__ for each in decision.rules if each.rule.key == key]


_NAMES = ("id", "displayName", "description", "createdDateTime", "modifiedDateTime", "templateId")


def _content(tenant: Tenant, key: str) -> object:
    """What the policy of that key says; nothing where it isn't there, or is no policy."""
    for policy in tenant.policies:
        if policy.id == key:
            return {name: value for name, value in emit_policy(policy).items() if name not in _NAMES}
    return None


def _other_members(before: Tenant, after: Tenant, said: str) -> list[str]:
    """The groups that the policies name and whose members differ."""
    both = before.groups.keys() & after.groups.keys()
    differ = (each for each in both if before.groups[each].members != after.groups[each].members)
    return sorted(each for each in differ if each in said)


def _unread(tenant: Tenant, said: str) -> list[str]:
    """The groups that the policies name and whose members nobody knows."""
    return sorted(
        id for id, each in tenant.groups.items() if isinstance(each.members, NotRead) and id in said
    )


def _where(region: Region[Difference]) -> Iterator[tuple[str, object]]:
    """Each coordinate but people that matters, with its values."""
    for coordinate, side in region.sides.items():
        if coordinate is not Coordinate.PRINCIPAL and not side.is_everything:
            yield coordinate.value, _values(coordinate, side)


def _values(coordinate: Coordinate, side: Side) -> object:
    if coordinate is Coordinate.NETWORK:
        return _networks(each for each in side.values if isinstance(each, Area))
    if coordinate is Coordinate.TARGET:
        any_other = any(isinstance(each, Target) and each.app == ANY_OTHER_APP for each in side.values)
        return [any_other, *sorted(map(_text, side.others if any_other else side.values))]
    return [*sorted(map(_text, side.values))]


def _networks(areas: Iterable[Area]) -> object:
    """The networks without the seams that other places make."""
    blocks: dict[str, set[Block]] = {}
    for area in areas:
        beside = _line([sorted(area.countries), sorted([*map(list, area.claims)])])
        blocks.setdefault(beside, set()).update(area.blocks)
    return {beside: _runs(each) for beside, each in sorted(blocks.items())}


def _runs(blocks: Iterable[Block]) -> object:
    runs: list[Block] = []
    for block in networks.in_order(frozenset(blocks)):
        if runs and runs[-1].version == block.version and runs[-1].last + 1 == block.first:
            runs[-1] = replace(runs[-1], last=block.last)
        else:
            runs.append(block)
    return [f"{run.version} {run.first} {run.last}" for run in runs]


def _text(value: object) -> str:
    match value:
        case Device():
            return _line(emit_device(value))
        case Target():
            return " ".join(map(str, (value.app, value.action, value.scopes, value.requester)))
        case Channel():
            return " ".join(map(str, (value.client, value.platform, value.credential, value.flow)))
    return str(value)


def _line(value: object) -> str:
    """The one text of JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))

"""The conditions that are lists of words: kinds of clients, platforms, risk levels.

A word that Graph knows and we don't model (`easSupported`, `hidden`), or that nobody knows, is named and may mean any client,
platform or level. No kinds of clients at all means all of them: so did Graph read it, until it refused such a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from perca.model import (
    ClientApp,
    ClientAppCondition,
    Flow,
    FlowCondition,
    InsiderRisk,
    InsiderRiskCondition,
    Platform,
    PlatformCondition,
    RiskCondition,
    RiskLevel,
    fold,
)
from perca.wire.members import left_at, left_besides, names, take_entries, unread
from perca.wire.sides import empty
from perca.wire.values import JsonObject, is_word, says_nothing

E = TypeVar("E", bound=StrEnum)

FLOWS = names("transferMethods")
PLATFORMS = names("includePlatforms excludePlatforms")
_CLIENTS = {fold(client): client for client in ClientApp}
_PLATFORMS = {fold(platform): platform for platform in Platform if platform is not Platform.UNKNOWN}
_INSIDER_RISKS = {fold(level): level for level in InsiderRisk if level is not InsiderRisk.NONE}
_FLOWS = {fold(flow): flow for flow in Flow if flow is not Flow.NONE}
_RISKS = {fold(level): level for level in RiskLevel}


def in_order(words: frozenset[E], kind: type[E]) -> list[str]:
    """The words as Graph spells them, in the order in which their kind lists them."""
    return [word.value for word in kind if word in words]


def take_clients(conditions: JsonObject) -> ClientAppCondition:
    """The kinds of clients; all of them where the policy names none."""
    name = "clientAppTypes"
    if says_nothing(conditions.get(name)):
        conditions.pop(name, None)
        return ClientAppCondition()
    types = take_entries(conditions, name, lambda text: _CLIENTS.get(fold(text)))
    return ClientAppCondition(frozenset(types), left_at(conditions, name, "conditions"))


def take_platforms(conditions: JsonObject) -> PlatformCondition | None:
    """The platforms; None where the policy says nothing of them."""
    platforms, path = conditions.get("platforms"), "conditions.platforms"
    if says_nothing(platforms):
        return None
    if not isinstance(platforms, dict):
        whole = unread(conditions, "platforms", path)
        return PlatformCondition(frozenset(), include_unrecognised=(whole,))
    either = left_besides(platforms, PLATFORMS, path)
    sides = ("includePlatforms", "excludePlatforms")
    include = take_entries(platforms, sides[0], lambda text: _PLATFORMS.get(fold(text)))
    exclude = take_entries(platforms, sides[1], _platform_but_all)
    unclear = (*left_at(platforms, sides[0], path), *either)
    return PlatformCondition(
        frozenset(include),
        frozenset(exclude),
        unclear or (() if include else empty(f"{path}.{sides[0]}")),
        (*left_at(platforms, sides[1], path), *either),
    )


def _platform_but_all(text: str) -> Platform | None:
    platform = _PLATFORMS.get(fold(text))
    return None if platform is Platform.ALL else platform


def platforms_json(condition: PlatformCondition) -> JsonObject:
    """What `take_platforms` took."""
    sides = (("includePlatforms", condition.include), ("excludePlatforms", condition.exclude))
    return {name: [*in_order(words, Platform)] for name, words in sides if words}


def take_insider_risk(conditions: JsonObject) -> InsiderRiskCondition:
    """The levels of insider risk: words with commas between them, or a list."""
    name = "insiderRiskLevels"
    levels = take_flags(conditions, name, _INSIDER_RISKS)
    return InsiderRiskCondition(levels, () if levels else left_at(conditions, name, "conditions"))


def take_flows(conditions: JsonObject) -> FlowCondition:
    """The authentication flows; an empty condition where the policy names none, or the word `none`."""
    flows, path = conditions.get("authenticationFlows"), "conditions.authenticationFlows"
    if says_nothing(flows):
        return FlowCondition()
    if not isinstance(flows, dict):
        return FlowCondition(unrecognised=(unread(conditions, "authenticationFlows", path),))
    either = left_besides(flows, FLOWS, path)
    named = take_flags(flows, "transferMethods", _FLOWS)
    left = (
        ()
        if named or is_word(flows.get("transferMethods"), Flow.NONE)
        else left_at(flows, "transferMethods", path)
    )
    return FlowCondition(named, (*left, *either))


def take_flags(rest: JsonObject, name: str, words: Mapping[str, E]) -> frozenset[E]:
    """Takes a flags value, one text with commas in it or a list, if each of its words is known; else nothing of it."""
    value = rest.get(name)
    texts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    known = [words.get(fold(text)) if isinstance(text, str) else None for text in texts]
    found = frozenset(each for each in known if each is not None)
    if not texts or None in known:
        return frozenset()
    del rest[name]
    return found


def flags(words: frozenset[E], kind: type[E]) -> str:
    """The words as Graph writes flags."""
    return ",".join(in_order(words, kind))


def take_risk(conditions: JsonObject, name: str) -> RiskCondition:
    """The levels of one risk; an empty condition where the policy names none."""
    levels = take_entries(conditions, name, lambda text: _RISKS.get(fold(text)))
    return RiskCondition(frozenset(levels), left_at(conditions, name, "conditions"))

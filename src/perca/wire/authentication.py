"""The snapshot's `domains` and `authenticationMethodsPolicy`, and what a person's resource says of sign-ins and of the mailbox, to the model.

Graph's own resources: a domain may carry its `federationConfiguration`, or `federatedIdpMfaBehavior` itself; a person `signInActivity`
and `mailboxSettings`. Nothing of it is written back. Promises that what was left out, can't be read, or is named in `missing` is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from perca.errors import BadInput
from perca.model import (
    Domain,
    GroupId,
    MethodSetting,
    MethodsPolicy,
    MethodTargets,
    Missing,
    NotRead,
    UserId,
    fold,
)
from perca.wire.values import Json, JsonValue, is_word, shown

_BEHAVIOUR = "federatedIdpMfaBehavior"
_FEDERATION = "federationconfiguration"
_ACTIVITY = ("users/signinactivity",)
_ALL_USERS = "all_users"
_SILENT = False
"""Stands for a member that isn't there: unlike null, which says never."""
_METHODS = ("policies/authenticationmethodspolicy", "authenticationmethodspolicy")


def parse_domains(value: JsonValue, missing: Iterable[Missing] = ()) -> tuple[Domain, ...] | NotRead:
    """The domains; raises BadInput for what is no list of them."""
    unread = _unread(missing, ("domains",))
    if value is None or unread is not None:
        return unread or NotRead("domains were not given")
    if not isinstance(value, list):
        raise BadInput("`domains` is no list", "a list of Graph's domains is needed; leave it out if unknown")
    silent = {path for entry in missing for path in _paths(entry.what)}
    return tuple(_domain(number, each, silent) for number, each in enumerate(value, 1))


def _domain(number: int, value: JsonValue, silent: set[str]) -> Domain:
    name = value.get("id") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(name, str) or not fold(name):
        raise BadInput(f"entry {number} of `domains` has no `id`", "a domain's id is its name")
    kind = value.get("authenticationType")
    federated = True if is_word(kind, "federated") else False if is_word(kind, "managed") else None
    initial = value.get("isInitial")
    unread = f"domains/{fold(name)}/{_FEDERATION}" in silent
    behaviour = None if unread else _behaviour(value)
    return Domain(fold(name), federated, initial if isinstance(initial, bool) else None, behaviour)


def _behaviour(domain: Json) -> str | None:
    configurations = domain.get("federationConfiguration")
    told = [domain, *(configurations if isinstance(configurations, list) else [configurations])]
    words = [each.get(_BEHAVIOUR) for each in told if isinstance(each, dict)]
    found = {fold(word) for word in words if isinstance(word, str) and fold(word)}
    return found.pop() if len(found) == 1 else None


def parse_methods_policy(value: JsonValue, missing: Iterable[Missing] = ()) -> MethodsPolicy | NotRead:
    """The authentication methods policy; raises BadInput for what is none."""
    unread = _unread(missing, _METHODS)
    if value is None or unread is not None:
        return unread or NotRead("authenticationMethodsPolicy was not given")
    settings = value.get("authenticationMethodConfigurations") if isinstance(value, dict) else None
    if not isinstance(settings, list):
        raise BadInput(
            "`authenticationMethodsPolicy` has no list of `authenticationMethodConfigurations`",
            "give what Graph answers, or leave it out if unknown",
        )
    found: dict[str, MethodSetting] = {}
    for each in settings:
        method = each.get("id") if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(method, str):
            setting = _setting(each)
            if found.setdefault(fold(method), setting) != setting:
                raise BadInput(
                    f"`authenticationMethodsPolicy` holds two that differ for `{shown(method)}`",
                    "keep one of them",
                )
    return MethodsPolicy(MappingProxyType(found))


def _setting(value: Json) -> MethodSetting:
    state = value.get("state")
    enabled = True if is_word(state, "enabled") else False if is_word(state, "disabled") else None
    return MethodSetting(
        enabled, _targets(value.get("includeTargets")), _targets(value.get("excludeTargets"))
    )


def _targets(value: JsonValue) -> MethodTargets:
    if value is None:
        return MethodTargets()
    if not isinstance(value, list):
        return MethodTargets(unrecognised=(shown(value),))
    kinds: dict[str, list[str]] = {"user": [], "group": [], "": []}
    for each in value:
        kind, id = _target(each)
        kinds[kind].append(id)
    groups = [id for id in kinds["group"] if id != _ALL_USERS]
    return MethodTargets(
        len(groups) < len(kinds["group"]),
        tuple(map(UserId, kinds["user"])),
        tuple(map(GroupId, groups)),
        tuple(kinds[""]),
    )


def _target(target: JsonValue) -> tuple[str, str]:
    """`user` or `group` with its id; an empty word with the whole entry where it is neither, or names nobody."""
    id = target.get("id") if isinstance(target, dict) else None
    if not isinstance(target, dict) or not isinstance(id, str):
        return "", shown(target)
    kind = next((kind for kind in ("user", "group") if is_word(target.get("targetType"), kind)), "")
    return kind, fold(id) if kind else shown(target)


def last_successes(users: Iterable[Json], missing: Iterable[Missing] = ()) -> Mapping[UserId, str | None]:
    """When each person last signed in with success; None for never, which is what null means. Who says nothing is left out."""
    found: dict[UserId, str | None] = {}
    if _unread(missing, _ACTIVITY) is not None:
        return MappingProxyType(found)
    for user in users:
        id, activity = user.get("id"), user.get("signInActivity", _SILENT)
        moment = (
            activity.get("lastSuccessfulSignInDateTime", _SILENT) if isinstance(activity, dict) else activity
        )
        if isinstance(id, str) and (moment is None or (isinstance(moment, str) and moment)):
            found[UserId(fold(id))] = moment
    return MappingProxyType(found)


def mailboxes(users: Iterable[Json]) -> Mapping[UserId, str]:
    """What each person's mailbox is for, folded. Who says nothing is left out."""
    found: dict[UserId, str] = {}
    for user in users:
        settings, id = user.get("mailboxSettings"), user.get("id")
        purpose = settings.get("userPurpose") if isinstance(settings, dict) else None
        if isinstance(id, str) and isinstance(purpose, str) and fold(purpose):
            found[UserId(fold(id))] = fold(purpose)
    return MappingProxyType(found)


def is_activity(gap: JsonValue) -> bool:
    """Whether an entry of `missing` says no more than that nobody could read when people last signed in."""
    what = gap.get("what") if isinstance(gap, dict) else None
    return isinstance(what, str) and next(_paths(what)) in _ACTIVITY


def _unread(missing: Iterable[Missing], names: Iterable[str]) -> NotRead | None:
    paths = {path: entry.why for entry in missing for path in _paths(entry.what)}
    return next((NotRead(paths[name]) for name in names if name in paths), None)


def _paths(what: str) -> Iterator[str]:
    """The path without its version; a domain that wasn't read leaves the domains unread, its federation alone doesn't."""
    path = fold(what).partition("?")[0].strip("/")
    for version in ("v1.0/", "beta/"):
        path = path.removeprefix(version)
    yield path
    if path.startswith("domains/") and not path.endswith(f"/{_FEDERATION}"):
        yield "domains"

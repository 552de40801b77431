"""What a snapshot says it could not read, matched to the facts that are thereby unknown.

`what` is a Graph path such as `groups/ID/members`. Promises that a fact named there is NotRead, even where the snapshot also
holds something for it: half an answer is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perca.errors import BadInput
from perca.model import GroupId, Missing, NotRead, UserId, fold
from perca.wire.values import JsonValue


@dataclass(frozen=True, slots=True)
class Gaps:
    """The facts that could not be read, each with its reason."""

    members: dict[GroupId, NotRead]
    states: dict[UserId, NotRead]
    owners: dict[GroupId, NotRead]
    all_members: NotRead | None = None
    all_states: NotRead | None = None
    all_owners: NotRead | None = None
    role_assignments: NotRead | None = None
    role_eligibilities: NotRead | None = None
    security_defaults: NotRead | None = None
    default_trust: NotRead | None = None
    """Of the cross-tenant access settings, those by default."""
    baseline_scopes: NotRead | None = None
    partners: NotRead | None = None
    """And those of the tenants that have settings of their own."""


def parse_missing(value: JsonValue) -> tuple[Missing, ...]:
    """The snapshot's `missing`; raises BadInput when it isn't a list of `what` and `why`."""
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    return tuple(map(_entry, entries))


def _entry(value: JsonValue) -> Missing:
    what = value.get("what") if isinstance(value, dict) else None
    why = value.get("why") if isinstance(value, dict) else None
    if not isinstance(what, str) or not what.strip():
        raise BadInput(
            "an entry of `missing` has no `what`", "a Graph path such as `groups/ID/members` is needed"
        )
    return Missing(what, why if isinstance(why, str) and why else "no reason given")


def gaps(missing: Iterable[Missing]) -> Gaps:
    """The facts that the entries make unknown."""
    members: dict[GroupId, NotRead] = {}
    states: dict[UserId, NotRead] = {}
    owners: dict[GroupId, NotRead] = {}
    whole: dict[str, NotRead] = {}
    for entry in missing:
        unread = NotRead(entry.why)
        match _parts(entry.what):
            case ["groups", "members" | "transitivemembers"]:
                whole["all_members"] = unread
            case ["groups", group, "members" | "transitivemembers"]:
                members[GroupId(group)] = unread
            case ["groups", "owners"]:
                whole["all_owners"] = unread
            case ["groups", group, "owners"]:
                owners[GroupId(group)] = unread
            case ["users", "authentication", *_] | ["users", "perusermfastate"]:
                whole["all_states"] = unread
            case ["users", user, "authentication", *_] | ["users", user, "perusermfastate"]:
                states[UserId(user)] = unread
            case ["rolemanagement" | "directoryroles" | "roleassignments" | "roleeligibilities", *_] as parts:
                whole |= dict.fromkeys(_role_facts(parts), unread)
            case ["securitydefaults", *_] | [*_, "identitysecuritydefaultsenforcementpolicy"]:
                whole["security_defaults"] = unread
            case ["identity", "conditionalaccess", "settings"] | ["conditionalaccesssettings", *_]:
                whole["baseline_scopes"] = unread
            case ["policies", "crosstenantaccesspolicy", "default"]:
                whole["default_trust"] = unread
            case ["policies", "crosstenantaccesspolicy", "partners", *_]:
                whole["partners"] = unread
            case ["policies", "crosstenantaccesspolicy"] | ["crosstenantaccess", *_]:
                whole |= {"default_trust": unread, "partners": unread}
            case _:
                pass  # the collection's own lack says the rest: what isn't held is unknown
    return Gaps(members, states, owners, **whole)


def _parts(what: str) -> list[str]:
    path, _, _ = fold(what).partition("?")
    parts = [part for part in path.split("/") if part]
    return parts[1:] if parts[:1] in (["v1.0"], ["beta"]) else parts


def _role_facts(parts: list[str]) -> list[str]:
    path = "/".join(parts)
    eligible, assigned = "eligibilit" in path, "assignment" in path or "directoryroles" in path
    facts = [*["role_eligibilities"] * eligible, *["role_assignments"] * assigned]
    return facts or ["role_eligibilities", "role_assignments"]

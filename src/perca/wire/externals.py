"""Which external people a policy means: Graph's conditionalAccessGuestsOrExternalUsers to and from the model.

Types are flags in one text, or a list; tenants are all of them, or an enumeration. No word on the tenants means all of them
(documented of neither; it is what exports show of policies on every tenant). A list that isn't wholly read may hold any tenant.
"""

from __future__ import annotations

from perca.model import ExternalKind, ExternalScope, TenantId, fold
from perca.wire.lists import flags, take_flags
from perca.wire.members import left_at, left_besides, names, take_entries
from perca.wire.sides import Unclear, empty, guid
from perca.wire.values import JsonObject, is_word, says_nothing

TYPES = "guestOrExternalUserTypes"
EXTERNALS = names(TYPES, externalTenants=names("membershipKind members"))
_KINDS = {fold(kind): kind for kind in ExternalKind}


def take_externals(users: JsonObject, name: str, path: str) -> tuple[ExternalScope | None, Unclear]:
    """The kinds of external people that the member names, if any, and what of it may mean anybody."""
    found, where = users.get(name), f"{path}.{name}"
    if says_nothing(found):
        return None, ()
    if not isinstance(found, dict):
        return None, left_at(users, name, path)
    besides = left_besides(found, EXTERNALS, where)
    kinds = take_flags(found, TYPES, _KINDS)
    if kinds:
        tenants, unclear = _take_tenants(found, where)
        return ExternalScope(kinds, tenants), (*unclear, *besides)
    if is_word(found.get(TYPES), "none"):
        return None, besides
    return None, (*(left_at(found, TYPES, where) or empty(f"{where}.{TYPES}")), *besides)


def _take_tenants(found: JsonObject, path: str) -> tuple[frozenset[TenantId] | None, Unclear]:
    """The tenants, None for all; the list is taken, the word for all stays as it is."""
    tenants, where = found.get("externalTenants"), f"{path}.externalTenants"
    if says_nothing(tenants):
        return None, ()
    if not isinstance(tenants, dict):
        return frozenset(), left_at(found, "externalTenants", path)
    besides = left_besides(tenants, EXTERNALS["externalTenants"], where)
    if is_word(tenants.get("membershipKind"), "all") and says_nothing(tenants.get("members")):
        return None, besides
    if not is_word(tenants.get("membershipKind"), "enumerated"):
        return frozenset(), left_at(found, "externalTenants", path)
    members = take_entries(tenants, "members", guid)
    if members:
        del tenants["membershipKind"]
    unclear = left_at(tenants, "members", where) or (() if members else empty(f"{where}.members"))
    return frozenset(map(TenantId, members)), (*unclear, *besides)


def externals_json(scope: ExternalScope) -> JsonObject:
    """What `take_externals` took."""
    written: JsonObject = {TYPES: flags(scope.kinds, ExternalKind)}
    if scope.tenants:
        written["externalTenants"] = {"membershipKind": "enumerated", "members": [*sorted(scope.tenants)]}
    return written

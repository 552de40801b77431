"""What a gap, a near miss and what else is amiss with policies say in product words; and why a policy misses, as an administrator would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from perca.findings.finding import Finding, Kind, Remedy
from perca.findings.misses import TRUSTED, Miss, Way
from perca.findings.text import Text
from perca.model import MFA_TRUSTED_IPS, AppGroup, AppId, GroupId, LocationId, RoleId, Tenant
from perca.policy.admin_tools import NAMES, quoted
from perca.policy.administrators import ROLES
from perca.policy.per_user import SOURCE as PER_USER
from perca.policy.security_defaults import SYNCHRONISATION

MOST = 3
"""At most this many names in a list."""

TEXTS: dict[Kind, Text] = {
    Kind.GAP: Text(
        "{who} need{verb_s} no MFA at some sign-ins{because}",
        "{who} may need no MFA at some sign-ins",
        "{remedy}",
    ),
    Kind.MORE_GAPS: Text(
        "there are more sign-ins without MFA than are listed here",
        "there may be more sign-ins without MFA than are listed here",
        "close the gaps above first, and look again",
    ),
    Kind.REPORT_ONLY: Text(
        "{policies} would require MFA there, or block it, and {is_p} report-only",
        "",
        "turn the policy on once nobody is locked out by it",
    ),
    Kind.TURNED_OFF: Text(
        "{policies} would require MFA there, or block it, and {is_p} off",
        "",
        "turn the policy on, or delete it",
    ),
    Kind.ONE_OF_SEVERAL: Text(
        "{policies} take{p_s} something else in place of MFA there",
        "",
        "require MFA, or all of the controls (AND in place of OR)",
    ),
    Kind.STRENGTH_WITHOUT_MFA: Text(
        "the authentication strength of {policies} can be met without MFA",
        "",
        "leave out the combinations with a single factor",
    ),
    Kind.CUSTOM_CONTROL: Text(
        "{policies} ask{p_s} for a custom control, which never counts as MFA", "", "require MFA in its place"
    ),
    Kind.OWNERS_TAKE_OUT: Text(
        "{who} own{verb_s} {named}, by which {policies} cover{p_s} people or leave{p_s} them out: owners can take anybody out of MFA",
        "owners of groups by which {policies} cover{p_s} people or leave{p_s} them out can take anybody out of MFA",
        "have no owners of such a group",
    ),
    Kind.EDITORS_TAKE_OUT: Text(
        "{policies} cover{p_s} people, or leave{p_s} them out, by {named}: Groups and User Administrators and any application that may "
        "write groups can take anybody out of MFA, and who joins is not in it by itself",
        "",
        "use role-assignable groups without owners, which only Privileged Role Administrators may edit",
    ),
    Kind.OWN_ATTRIBUTES_TAKE_OUT: Text(
        "the rule of {named}, by which {policies} cover{p_s} people or leave{p_s} them out, looks at what people may change of themselves",
        "",
        "let the rule look at what only administrators may change",
    ),
    Kind.DANGLING: Text(
        "{policies} name{p_s} {named}, of which the tenant has no object",
        "{policies} may name what the tenant doesn't have",
        "take it out of the policy; an application of Microsoft's that nobody has used yet may stay",
    ),
    Kind.EMPTY_GROUP: Text(
        "{policies} name{p_s} group {named}, which is empty", "", "fill the group, or take it out"
    ),
    Kind.EMPTY_PLACE: Text(
        "{policies} name{p_s} {named}, which holds no address",
        "",
        "give the named location its ranges, or take it out",
    ),
    Kind.NEVER_APPLIES: Text("{policies} never appl{ies}: {said}", "", "mend its conditions, or delete it"),
    Kind.REDUNDANT: Text(
        "{policies} change{p_s} nothing at resources: all that it asks for is asked for anyway{by}",
        "",
        "delete it, and nothing else at once: what stands in for it has to stay",
    ),
}

REMEDIES = {
    None: "cover them by a policy; no change of one policy was proved to close it and lock nobody out",
    Remedy.DROP_EXCLUSION: "take the exclusion out of {policy}",
    Remedy.ALL_CLIENTS: "let {policy} be about all clients, legacy ones too",
    Remedy.TURN_ON: "turn {policy} on",
    Remedy.REQUIRE_MFA: "let {policy} require MFA itself",
    Remedy.NEW_POLICY: "cover exactly these people by a policy of their own",
}


UNLESS = "if these are no emergency access accounts (none were named, see --emergency): "


def more(tenant: Tenant, finding: Finding) -> Mapping[str, str]:
    """What is put into these texts besides: why nobody covers, what to do, and what stands in for a policy."""
    policy = finding.repair.id if finding.repair is not None else ""
    name = next((each.display_name for each in tenant.policies if each.id == policy), policy)
    because = because_of(tenant, finding.because) if finding.kind is Kind.GAP else ""
    named = finding.named[0] if finding.named else ""
    return {
        "because": f": {because}",
        "remedy": (UNLESS if finding.may_be_emergency else "")
        + REMEDIES[finding.remedy].format(policy=f"`{name}`"),
        "said": named,
        "by": f" by {_listed(f'`{each}`' for each in finding.named)}" if finding.named else "",
        "ies": "ies" if len(finding.policies) < 2 else "y",
    }


def because_of(tenant: Tenant, misses: Sequence[Miss]) -> str:
    """Why no policy covers: which conditions of which policies miss."""
    names = {PER_USER.id: PER_USER.display_name}
    names |= {str(policy.id): policy.display_name or policy.id for policy in tenant.policies}
    by_rule: dict[str, list[str]] = {}
    for miss in misses:
        by_rule.setdefault(miss.rule, []).append(_miss(tenant, miss))
    said = [f"`{names.get(rule, rule)}` {' and '.join(whys)}" for rule, whys in by_rule.items()]
    if not said:
        return "no policy is about them"
    return _listed(said)


def _miss(tenant: Tenant, miss: Miss) -> str:
    name = _NAMES.get(miss.way, _as_it_is)
    listed = _listed(name(tenant, each) for each in miss.entries)
    through = f" (through {miss.through})" if miss.through else ""
    return _SAID[miss.way].format(listed=listed) + through


_SAID = {
    Way.EXCLUDES_PERSON: "excludes them by id",
    Way.EXCLUDES_GROUP: "excludes group {listed}",
    Way.EXCLUDES_ROLE: "excludes holders of {listed}",
    Way.EXCLUDES_EXTERNALS: "excludes {listed}",
    Way.EXCLUDES_PLATFORM: "excludes {listed}",
    Way.EXCLUDES_PLACE: "excludes {listed}",
    Way.EXCLUDES_RESOURCE: "excludes {listed}",
    Way.SKIPS_TRUSTED_IPS: "doesn't ask from the MFA trusted IPs",
    Way.TAKES_APP_PASSWORDS: "takes app passwords from legacy clients without MFA",
    Way.ROLE_ONLY_ELIGIBLE: "is about holders of {listed}, for which they are only eligible",
    Way.ROLE_AT_A_UNIT: "is about holders of {listed}, which they hold at a unit alone",
    Way.ONLY_CLIENTS: "is about {listed} alone",
    Way.ONLY_PLATFORMS: "is about {listed} alone",
    Way.ONLY_PLACES: "is about some places alone",
    Way.ONLY_DEVICES: "is about some devices alone",
    Way.ONLY_RESOURCES: "is about some resources alone",
    Way.ONLY_FLOWS: "is about some authentication flows alone",
    Way.ONLY_RISKS: "is about sign-ins at risk alone",
    Way.ONLY_CONTEXTS: "is about authentication contexts alone",
    Way.OTHERWISE: "doesn't reach them",
    Way.ASKS_SOMETHING_ELSE: "asks for something else there",
    Way.ABOUT_OTHERS: "is about others",
}


def _as_it_is(tenant: Tenant, id: str) -> str:
    return id


def _group(tenant: Tenant, id: str) -> str:
    held = tenant.groups.get(GroupId(id))
    return f"`{(held.display_name if held is not None else '') or id}`"


def _role(tenant: Tenant, id: str) -> str:
    if id == SYNCHRONISATION:
        return "Directory Synchronization Accounts"
    return ROLES.get(RoleId(id), f"role {id}")


def _place(tenant: Tenant, id: str) -> str:
    if id == TRUSTED:
        return "all trusted places"
    held = tenant.named_locations.get(LocationId(id))
    if held is None and id == MFA_TRUSTED_IPS:
        return "the MFA trusted IPs"
    return f"`{(held.display_name if held is not None else '') or id}`"


def _resource(tenant: Tenant, id: str) -> str:
    held = tenant.applications.get(AppId(id))
    if name := (held.name if held is not None else "") or NAMES.get(AppId(id)):
        return quoted(name)
    if id in list(AppGroup):
        return AppGroup(id).display_name
    return "some resources" if id == "filter" else f"application {id}"


def _platform(tenant: Tenant, id: str) -> str:
    named = {"windows": "Windows", "android": "Android", "linux": "Linux", "windowsPhone": "Windows Phone"}
    return named.get(id, id)


_CLIENTS = {
    "all": "all clients",
    "browser": "browsers",
    "mobileAppsAndDesktopClients": "mobile and desktop apps",
    "exchangeActiveSync": "Exchange ActiveSync",
    "other": "legacy clients",
}
_KINDS = {
    "internalGuest": "local guests",
    "b2bCollaborationGuest": "B2B collaboration guests",
    "b2bCollaborationMember": "B2B collaboration members",
    "b2bDirectConnectUser": "B2B direct connect users",
    "otherExternalUser": "other external users",
    "serviceProvider": "service provider users",
}


def _client(tenant: Tenant, id: str) -> str:
    return _CLIENTS.get(id, id)


def _externals(tenant: Tenant, id: str) -> str:
    return _listed(_KINDS.get(each, each) for each in id.split("+"))


_NAMES: dict[Way, Callable[[Tenant, str], str]] = {
    Way.EXCLUDES_GROUP: _group,
    Way.EXCLUDES_ROLE: _role,
    Way.ROLE_ONLY_ELIGIBLE: _role,
    Way.ROLE_AT_A_UNIT: _role,
    Way.EXCLUDES_EXTERNALS: _externals,
    Way.EXCLUDES_PLATFORM: _platform,
    Way.ONLY_PLATFORMS: _platform,
    Way.EXCLUDES_PLACE: _place,
    Way.EXCLUDES_RESOURCE: _resource,
    Way.ONLY_CLIENTS: _client,
}


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    if len(found) > MOST:
        return ", ".join(found[:MOST]) + f" and {len(found) - MOST:,} more"
    return " and ".join(found) if len(found) < 3 else f"{', '.join(found[:-1])} and {found[-1]}"

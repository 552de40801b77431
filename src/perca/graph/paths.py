"""The Graph paths that Perca reads and writes, in one place, with why each is asked in the version that it is.

Policies and named locations are read from beta: v1.0 leaves out conditions that only beta has, and a policy without them would
seem to apply more widely than it does. They are written through v1.0 (FACTS.md sections 1.1, 3.1 and 6.1).
"""

from __future__ import annotations

from urllib.parse import quote

from perca.graph.client import segment
from perca.model import GroupId, ObjectId, PolicyId, UserId

ORGANIZATION = "/v1.0/organization?$select=id,displayName"
USERS = (
    "/v1.0/users?$select=id,userPrincipalName,displayName,accountEnabled,userType,onPremisesSyncEnabled,"
    "createdDateTime,creationType&$top=999"
)
ACTIVITY = "/v1.0/users?$select=id,signInActivity&$top=500"
"""500 is the most that the service answers at once with this property."""
DOMAINS = "/v1.0/domains"
METHODS_POLICY = "/v1.0/policies/authenticationMethodsPolicy"
GROUPS = "/v1.0/groups"
SERVICE_PRINCIPALS = "/v1.0/servicePrincipals?$select=id,appId,displayName,appOwnerOrganizationId,servicePrincipalType,signInAudience&$top=999"
ROLE_ASSIGNMENTS = "/v1.0/roleManagement/directory/roleAssignments"
ROLE_ELIGIBILITIES = "/v1.0/roleManagement/directory/roleEligibilitySchedules"
REGISTRATIONS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
SECURITY_DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
TRUST = "/v1.0/policies/crossTenantAccessPolicy/default"
PARTNERS = "/v1.0/policies/crossTenantAccessPolicy/partners"
POLICIES = "/beta/identity/conditionalAccess/policies"
NAMED_LOCATIONS = "/beta/identity/conditionalAccess/namedLocations"
SETTINGS = "/beta/identity/conditionalAccess/settings"
STRENGTHS = "/v1.0/identity/conditionalAccess/authenticationStrength/policies"
WRITTEN_POLICIES = "/v1.0/identity/conditionalAccess/policies"
WHAT_IF = "/v1.0/identity/conditionalAccess/evaluate"
SIGN_INS = "/beta/auditLogs/signIns"

_GROUP_MEMBERS = "members?$select=id&$top=999"
_GROUP_PROPERTIES = "$select=id,displayName,mailNickname,securityEnabled,groupTypes,membershipRule,isAssignableToRole,onPremisesSyncEnabled"


def policy(id: PolicyId) -> str:
    """One policy, to read."""
    return f"{POLICIES}/{segment(id)}"


def written_policy(id: PolicyId) -> str:
    """One policy, to change or delete."""
    return f"{WRITTEN_POLICIES}/{segment(id)}"


def group(id: GroupId) -> str:
    """One group, relative to the version."""
    return f"/groups/{segment(id)}"


def group_properties(id: GroupId) -> str:
    """What a snapshot says of a group, relative to the version."""
    return f"{group(id)}?{_GROUP_PROPERTIES}"


def members(id: GroupId) -> str:
    """A group's direct members, relative to the version."""
    return f"{group(id)}/{_GROUP_MEMBERS}"


def owners(id: GroupId) -> str:
    """A group's owners, relative to beta: v1.0 leaves out service principals."""
    return f"{group(id)}/owners?$select=id&$top=999"


def federation(domain: str) -> str:
    """How a federated domain treats MFA, relative to the version."""
    return f"/domains/{segment(domain)}/federationConfiguration"


def member_reference(id: GroupId, member: ObjectId) -> str:
    """The membership itself, relative to the version. INVARIANT: without `/$ref` a DELETE would delete the person."""
    return f"{group(id)}/members/{segment(member)}/$ref"


def account(user: UserId) -> str:
    """Whether a person's account may sign in, relative to the version."""
    return f"/users/{segment(user)}?$select=id,accountEnabled"


def requirements(user: UserId) -> str:
    """A person's per-user MFA state, relative to beta: v1.0 has none."""
    return f"/users/{segment(user)}/authentication/requirements"


def filtered(path: str, filter: str, *options: str) -> str:
    """A path with a `$filter` and more options."""
    return "&".join((f"{path}?$filter={quote(filter, safe='')}", *options))


def literal(text: str) -> str:
    """A string as a `$filter` spells it."""
    return "'" + text.replace("'", "''") + "'"

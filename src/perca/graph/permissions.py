"""Which permission a refused request lacks, for the hint of the error: the least scope and the least role, by path.

Encodes the list of who may do each step of a migration (FACTS.md sections 1.3, 4, 5, 6.1 and 7.3).
"""

from __future__ import annotations

import re

_READ: tuple[tuple[str, str, str], ...] = (
    (r"/users/[^/]+/authentication/requirements", "Policy.Read.All", "Global Reader"),
    (r"/users\?.*signInActivity", "AuditLog.Read.All and User.Read.All", "Reports Reader, with a P1 licence"),
    (r"/users\b", "User.Read.All", "Directory Readers"),
    (r"/groups\b", "GroupMember.Read.All", "Directory Readers"),
    (r"/reports/authenticationMethods\b", "AuditLog.Read.All", "Reports Reader"),
    (r"/auditLogs\b", "AuditLog.Read.All and Policy.Read.All", "Reports Reader, with a P1 licence"),
    (r"/identity/conditionalAccess/evaluate\b", "Policy.Read.ConditionalAccess", "Security Reader"),
    (r"/identity/conditionalAccess\b", "Policy.Read.All", "Security Reader"),
    (r"/policies/identitySecurityDefaults", "Policy.Read.All", "Security Reader"),
    (r"/policies/authenticationMethodsPolicy", "Policy.Read.AuthenticationMethod", "Global Reader"),
    (r"/domains\b", "Domain.Read.All", "Global Reader"),
    (r"/policies/crossTenantAccessPolicy", "Policy.Read.All", "Security Reader"),
    (r"/roleManagement\b", "RoleManagement.Read.Directory", "Global Reader"),
    (r"/servicePrincipals\b", "Application.Read.All", "Directory Readers"),
    (r"/organization\b", "Organization.Read.All", "Directory Readers"),
)

_WRITE: tuple[tuple[str, str, str], ...] = (
    (
        r"/users/[^/]+/authentication/requirements",
        "Policy.ReadWrite.AuthenticationMethod",
        "Authentication Policy Administrator",
    ),
    (r"/groups\b", "Group.ReadWrite.All", "Groups Administrator"),
    (
        r"/identity/conditionalAccess\b",
        "Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Application.Read.All",
        "Conditional Access Administrator, with a P1 licence",
    ),
)


def needed(method: str, path: str) -> str:
    """A hint for a refused request: the least permission and role, or where to look when the path isn't in the list."""
    reading = method == "GET" or path.endswith("/evaluate")
    for pattern, scope, role in _READ if reading else _WRITE:
        if re.search(pattern, path):
            return f"needs the permission {scope}; a person also needs the role {role}"
    return "the signed-in account or app lacks a permission for this"

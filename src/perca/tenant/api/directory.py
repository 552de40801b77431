"""What of the directory is only read: roles, who holds them, service principals, the organization, its licences."""

from __future__ import annotations

from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection

READ_ONLY = (
    Collection(
        "roleAssignments",
        "/roleManagement/directory/roleAssignments",
        "roleManagement/directory/roleAssignments",
        shapes.ROLE_ASSIGNMENT,
        shapes.ROLE_ASSIGNMENT_FILTER,
    ),
    Collection(
        "roleEligibilitySchedules",
        "/roleManagement/directory/roleEligibilitySchedules",
        "roleManagement/directory/roleEligibilitySchedules",
        shapes.ROLE_ELIGIBILITY,
        shapes.ROLE_ASSIGNMENT_FILTER,
    ),
    Collection(
        "roleDefinitions",
        "/roleManagement/directory/roleDefinitions",
        "roleManagement/directory/roleDefinitions",
        shapes.ROLE_DEFINITION,
        shapes.ROLE_DEFINITION_FILTER,
    ),
    Collection(
        "servicePrincipals",
        "/servicePrincipals",
        "servicePrincipals",
        shapes.SERVICE_PRINCIPAL,
        shapes.SERVICE_PRINCIPAL_FILTER,
    ),
    Collection("organization", "/organization", "organization", shapes.ORGANIZATION),
    Collection("skus", "/subscribedSkus", "subscribedSkus", shapes.SKU),
)

ROUTES = tuple(route for collection in READ_ONLY for route in collection.routes())

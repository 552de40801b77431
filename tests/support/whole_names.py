"""The names in the random whole tenants: few enough that rules meet, many enough that they miss each other, too."""

import ipaddress

from perca.model import (
    DIRECTORY,
    GRAPH,
    AppId,
    ContextId,
    GroupId,
    LocationId,
    RoleId,
    StrengthId,
    TenantId,
    UserId,
)

PEOPLE = tuple(UserId(f"person-{n:02}") for n in range(12))
GROUPS = tuple(GroupId(f"group-{n}") for n in range(5))
NOT_HELD = GroupId("group-that-nobody-read")
ROLES = (
    RoleId("62e90394-69f5-4237-9190-012177145e10"),
    RoleId("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"),
    RoleId("729827e3-9c14-49f7-bb1b-9608f156bbb8"),
)
PLACEHOLDER = RoleId("<placeholder>")
UNIT = "/administrativeUnits/unit"

MAIL = AppId("00000002-0000-0ff1-ce00-000000000000")
FILES = AppId("00000003-0000-0ff1-ce00-000000000000")
PORTAL = AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c")
AZURE = AppId("797f4846-ba00-4fd7-ba43-dac1f8f63013")
OWN = (AppId("a0000000-0000-4000-8000-000000000001"), AppId("a0000000-0000-4000-8000-000000000002"))
PLACEHOLDER_APP = AppId("a0000000-0000-4000-8000-00000000000b")
"""As which a tenant may let requests for baseline scopes be judged: one of its own."""
UNNAMED = AppId("a0000000-0000-4000-8000-00000000000f")
"""Is in no tenant's data, and no policy names it."""
NAMEABLE = (MAIL, FILES, PORTAL, AZURE, *OWN, GRAPH, DIRECTORY, PLACEHOLDER_APP)
HELD = (MAIL, FILES, PORTAL, *OWN, GRAPH, PLACEHOLDER_APP)

CONTEXTS = (ContextId("c1"), ContextId("c2"))
HOME = TenantId("b0000000-0000-4000-8000-000000000000")
"""The tenant itself."""
HOMES = (TenantId("b0000000-0000-4000-8000-000000000001"), TenantId("b0000000-0000-4000-8000-000000000002"))
ELSEWHERE = TenantId("b0000000-0000-4000-8000-00000000000f")
"""A tenant that nothing names."""
COUNTRIES = ("de", "us")
ABROAD = "fr"
"""A country that nothing names."""

RANGES = tuple(LocationId(f"range-{n}") for n in range(3))
LANDS = (LocationId("land-0"), LocationId("land-1"))
GSA = LocationId("compliant-network")
PLACES = (*RANGES, *LANDS, GSA)
ADDRESSES = (
    *(ipaddress.ip_address(f"10.0.0.{n}") for n in range(14)),
    ipaddress.ip_address("2001:db8::1"),
    ipaddress.ip_address("2001:db8::2"),
)
CIDRS = (
    "10.0.0.0/29",
    "10.0.0.4/30",
    "10.0.0.6/31",
    "10.0.0.9/32",
    "10.0.0.8/29",
    "2001:db8::2/127",
    "10.0.0.5/31",
)
"""Some within others, some with host bits, some of the other version."""

CUSTOM_STRENGTH = StrengthId("other")
STRENGTHS = (*(StrengthId(f"00000000-0000-0000-0000-00000000000{n}") for n in (2, 3, 4)), CUSTOM_STRENGTH)

"""Cross-tenant access in a snapshot: what is trusted, what a partner leaves to the default, and that silence is no answer."""

from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import CrossTenantAccess, InboundTrust, NotRead, Tenant, TenantId
from perca.policy.trust import inbound
from perca.wire import parse_snapshot

A, B, C = (TenantId(f"{c * 8}-0000-4000-8000-00000000000{c}") for c in "abc")
NOBODY = {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}
NOTHING = {"accessType": "blocked", "targets": [{"target": "AllApplications", "targetType": "application"}]}
SOMEBODY = {"accessType": "allowed", "targets": [{"target": "AllUsers", "targetType": "user"}]}

Json = dict[str, Any]


def trust(mfa: Any = None, compliant: Any = None, joined: Any = None) -> Json:
    return {
        "isMfaAccepted": mfa,
        "isCompliantDeviceAccepted": compliant,
        "isHybridAzureADJoinedDeviceAccepted": joined,
    }


SERVICE_DEFAULT = {
    "isServiceDefault": True,
    "inboundTrust": trust(False, False, False),
    "b2bDirectConnectInbound": {"usersAndGroups": NOBODY, "applications": NOTHING},
}


def tenant(access: Any, *missing: str) -> Tenant:
    gaps = [{"what": what, "why": "403 Authorization_RequestDenied"} for what in missing]
    return parse_snapshot({"format": "perca/snapshot/1", "crossTenantAccess": access, "missing": gaps})


def of(home: TenantId | None, partners: list[Json], default: Json = SERVICE_DEFAULT) -> InboundTrust:
    """What is trusted of a guest from that tenant."""
    access = {"default": default, "partners": partners}
    return inbound(tenant(access), home)


def partner(id: str, trusted: Any, **more: Any) -> Json:
    return {"tenantId": id, "inboundTrust": trusted, "b2bDirectConnectInbound": None, **more}


def test_the_default_counts_for_everybody_who_is_no_partner() -> None:
    assert of(A, []) == InboundTrust(False, False, False, False)
    assert of(A, [partner(B, trust(True))]) == InboundTrust(False, False, False, False)


def test_what_a_partner_leaves_open_is_as_by_default() -> None:
    default = {**SERVICE_DEFAULT, "inboundTrust": trust(True, True, False)}
    assert of(A, [partner(A.upper(), None)], default) == InboundTrust(True, True, False, False)
    assert of(A, [partner(A, trust(False))], default) == InboundTrust(False, True, False, False)
    assert of(A, [partner(A, {"isMfaAccepted": False})], default) == InboundTrust(False, True, False, False)


def test_of_somebody_whose_home_nobody_told_only_what_holds_everywhere_is_known() -> None:
    partners = [partner(A, trust(True, False)), partner(B, None)]
    assert of(None, partners) == InboundTrust(None, False, False, False)


def test_direct_connect_is_ruled_out_only_where_it_is_blocked_for_all() -> None:
    def direct(*, default: Any = SERVICE_DEFAULT["b2bDirectConnectInbound"], own: Any = None) -> bool | None:
        whole = {**SERVICE_DEFAULT, "b2bDirectConnectInbound": default}
        return of(A, [{**partner(A, None), "b2bDirectConnectInbound": own}], whole).direct_connect

    assert direct() is False
    assert direct(own={"usersAndGroups": SOMEBODY, "applications": NOTHING}) is False
    assert direct(own={"usersAndGroups": SOMEBODY, "applications": SOMEBODY}) is True
    group = {"accessType": "blocked", "targets": [{"target": A, "targetType": "group"}]}
    assert direct(own={"usersAndGroups": group}) is True
    assert direct(default=None) is None


@pytest.mark.parametrize(
    ("access", "missing"),
    [
        (None, ()),
        ({"default": SERVICE_DEFAULT}, ()),
        ({"default": SERVICE_DEFAULT, "partners": []}, ("policies/crossTenantAccessPolicy/partners",)),
        ({"default": SERVICE_DEFAULT, "partners": []}, ("policies/crossTenantAccessPolicy",)),
        ({"default": SERVICE_DEFAULT, "partners": []}, ("crossTenantAccess",)),
    ],
)
def test_without_the_partners_nobody_knows_for_whom_the_default_counts(access: Any, missing: Any) -> None:
    read = tenant(access, *missing)
    assert isinstance(read.cross_tenant, NotRead)
    assert inbound(read, A) == InboundTrust()


def test_without_the_default_only_partners_are_known() -> None:
    partners = {"partners": [partner(A, trust(True))]}
    path = "/v1.0/policies/crossTenantAccessPolicy/default"
    for read in (tenant(partners), tenant({**partners, "default": SERVICE_DEFAULT}, path)):
        assert isinstance(read.cross_tenant, CrossTenantAccess)
        assert inbound(read, A) == InboundTrust(True)
        assert inbound(read, B) == InboundTrust()


def test_a_partner_whose_trust_was_left_out_is_not_taken_for_the_default() -> None:
    assert of(A, [{"tenantId": A}]) == InboundTrust()


@pytest.mark.parametrize(
    "access",
    [
        [],
        "no",
        {"default": [], "partners": []},
        {"default": SERVICE_DEFAULT, "partners": None},
        {"default": SERVICE_DEFAULT, "partners": [A]},
        {"default": SERVICE_DEFAULT, "partners": [{"inboundTrust": None}]},
        {"default": {"inboundTrust": {"isMfaAccepted": "yes"}}, "partners": []},
        {"default": {"inboundTrust": True}, "partners": []},
        {"default": SERVICE_DEFAULT, "partners": [partner(A, None), partner(A, trust(True))]},
    ],
)
def test_settings_that_make_no_sense_are_refused(access: Any) -> None:
    with pytest.raises(BadInput):
        tenant(access)

"""Cross-tenant access of an embedded tenant: served as Graph does, held as an imported snapshot says, and seen by its sign-ins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perca.model import CrossTenantAccess, InboundTrust, TenantId
from perca.policy.trust import inbound
from perca.tenant import Store
from perca.tenant.importing import import_files
from perca.tenant.picture import Picture

from .conftest import Asking, policy

PATH = "/v1.0/policies/crossTenantAccessPolicy"
PARTNER = TenantId("22222222-2222-4222-8222-222222222222")
OTHER = TenantId("33333333-3333-4333-8333-333333333333")


def trust(mfa: bool | None) -> dict[str, Any]:
    names = ("isMfaAccepted", "isCompliantDeviceAccepted", "isHybridAzureADJoinedDeviceAccepted")
    return dict.fromkeys(names, mfa)


def imported(store: Store, folder: Path, access: Any) -> list[str]:
    """Imports a snapshot with one policy; the remarks."""
    snapshot = {"users": [], "policies": [policy("one")], "crossTenantAccess": access}
    path = folder / "a.snapshot.json"
    path.write_text(json.dumps(snapshot), "utf-8")
    done = import_files(store, [path], create_missing=True, exclude_emergency=False)
    return [*done.remarks, *(refused.reason for refused in done.refused)]


def of(store: Store, home: TenantId) -> InboundTrust:
    with store.reading() as now:
        return inbound(Picture(lagging=False).tenant(now), home)


def test_a_new_tenant_trusts_nobody(ask: Asking) -> None:
    default = ask.get(f"{PATH}/default")
    assert default["@odata.context"].endswith("#policies/crossTenantAccessPolicy/default/$entity")
    assert (default["isServiceDefault"], default["inboundTrust"]) == (True, trust(False))
    assert "id" not in default
    assert ask.all(f"{PATH}/partners") == []
    assert ask("GET", f"{PATH}/partners/{PARTNER}").status == 404
    assert of(ask.store, PARTNER) == InboundTrust(False, False, False, False)


@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE"])
def test_nobody_changes_it(near: Asking, method: str) -> None:
    for path in ("default", "partners"):
        assert near(method, f"{PATH}/{path}", {"inboundTrust": trust(True)}).status == 405


def test_what_an_imported_snapshot_says_is_held_and_shown(near: Asking, tmp_path: Path) -> None:
    partner = {"tenantId": PARTNER, "inboundTrust": trust(True), "b2bDirectConnectInbound": None}
    silent = {"tenantId": OTHER, "inboundTrust": None, "b2bDirectConnectInbound": None}
    remarks = imported(near.store, tmp_path, {"partners": [partner, silent]})
    assert any("its policies and its cross-tenant access are imported" in each for each in remarks)
    assert near.all(f"{PATH}/partners?$select=tenantId,inboundTrust") == [
        {"tenantId": PARTNER, "inboundTrust": trust(True)},
        {"tenantId": OTHER, "inboundTrust": None},
    ]
    assert near.get(f"{PATH}/partners/{PARTNER}")["inboundTrust"] == trust(True)
    assert of(near.store, PARTNER) == InboundTrust(True, True, True, False)
    assert of(near.store, OTHER) == InboundTrust(False, False, False, False)
    imported(near.store, tmp_path, {"default": {"inboundTrust": trust(True)}, "partners": []})
    assert near.all(f"{PATH}/partners") == []
    assert of(near.store, PARTNER) == InboundTrust(True, True, True, None)
    with near.store.reading() as now:
        assert isinstance(Picture(lagging=True).tenant(now).cross_tenant, CrossTenantAccess)


def test_settings_that_make_no_sense_refuse_the_file(near: Asking, tmp_path: Path) -> None:
    (reason,) = [r for r in imported(near.store, tmp_path, {"partners": None}) if "no list" in r]
    assert "crossTenantAccess.partners" in reason
    assert near.all(f"{PATH}/partners") == []


def test_the_tenant_knows_who_was_not_invited(near: Asking) -> None:
    id = near.user("ana", userType="Guest")
    with near.store.reading() as now:
        person = Picture(lagging=False).tenant(now).users[id]  # type: ignore[index]  # an id
    assert person.creation_type == ""

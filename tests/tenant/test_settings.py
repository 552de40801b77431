"""The settings of Conditional Access of an embedded tenant: what they say of baseline scopes is what its sign-ins do."""

from perca.tenant.picture import Picture
from perca.wire.settings import parse_baseline_scopes

from .conftest import Asking

PATH = "/identity/conditionalAccess/settings"


def test_the_settings_say_what_the_sign_in_service_does(ask: Asking) -> None:
    shown = ask.get(f"/beta{PATH}")
    assert shown["@odata.context"].endswith("#identity/conditionalAccess/settings/$entity")
    with ask.store.reading() as now:
        assert parse_baseline_scopes(shown) == Picture(lagging=False).tenant(now).baseline_scopes
    assert shown["exclusions"] is None


def test_only_beta_shows_them_and_nobody_changes_them(near: Asking) -> None:
    assert near("GET", f"/v1.0{PATH}").status == 400
    assert near("PATCH", f"/beta{PATH}", {"advancedSettings": None}).status == 405

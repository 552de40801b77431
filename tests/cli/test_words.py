"""Whatever a region may hold has a name: one that had none ended the program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perca.cli import words
from perca.model import (
    NO_CONTEXT,
    AppId,
    ClientApp,
    ContextId,
    Credential,
    Device,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    SignIn,
    Tenant,
)


@pytest.mark.parametrize("credential", Credential)
def test_every_first_factor_has_a_name(credential: Credential) -> None:
    assert words.credential(credential)


@pytest.mark.parametrize("client", ClientApp)
@pytest.mark.parametrize("platform", Platform)
def test_every_client_has_a_name_on_every_platform(client: ClientApp, platform: Platform) -> None:
    assert words.client(client, platform)


@pytest.mark.parametrize("kind", ExternalKind)
def test_every_kind_of_people_from_outside_has_a_name(kind: ExternalKind) -> None:
    assert words.external(External(kind, None))


def test_an_example_tells_all_that_is_out_of_the_ordinary() -> None:
    plain = SignIn(
        None,
        AppId("mail"),
        external=External(ExternalKind.OTHER, None),
        flow=Flow.NONE,
        context=NO_CONTEXT,
        device=Device(False, "none", whole=True),
        insider_risk=InsiderRisk.NONE,
    )
    odd = replace(
        plain,
        flow=Flow.DEVICE_CODE,
        context=ContextId("c1"),
        device=Device(True, "AzureAD", whole=True),
        insider_risk=InsiderRisk.ELEVATED,
    )
    more = {
        "by a device code",
        "asking for context c1",
        "on a compliant device with trust type AzureAD",
        "insider risk elevated",
    }
    assert (
        set(words.sign_in(Tenant(), odd).split(", ")) - set(words.sign_in(Tenant(), plain).split(", "))
        == more
    )

"""Whatever a region may hold has a name: one that had none ended the program."""

from __future__ import annotations

import pytest

from perca.cli import words
from perca.model import ClientApp, Credential, External, ExternalKind, Platform


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

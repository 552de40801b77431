"""Conditions on the channel: kinds of clients, and platforms as the user agent claims them."""

import pytest

from perca.model import ClientApp, ClientAppCondition, Platform, PlatformCondition
from perca.policy import No
from support.small import SOMETHING, answer, applies, policy, sign_in, tenant

BROWSER, MODERN, EAS, OTHER = ClientApp.BROWSER, ClientApp.MODERN, ClientApp.ACTIVE_SYNC, ClientApp.OTHER
REAL = (BROWSER, MODERN, EAS, OTHER)


def clients(*types: ClientApp, unclear: bool = False) -> ClientAppCondition:
    return ClientAppCondition(frozenset(types), (SOMETHING,) if unclear else ())


def for_client(condition: ClientAppCondition, client: ClientApp | None) -> bool | None:
    return applies(tenant(policy(client_apps=condition)), sign_in(client=client))


@pytest.mark.parametrize("client", [*REAL, ClientApp.ALL, None])
def test_all_clients_and_no_clients_mean_every_client(client: ClientApp | None) -> None:
    assert for_client(clients(ClientApp.ALL), client)
    assert for_client(clients(), client)


@pytest.mark.parametrize("client", REAL)
@pytest.mark.parametrize("kind", REAL)
def test_a_kind_of_client_means_itself_alone(client: ClientApp, kind: ClientApp) -> None:
    assert for_client(clients(kind), client) is (client is kind)


def test_a_policy_for_some_clients_does_not_match_a_question_about_all() -> None:
    assert for_client(clients(*REAL), ClientApp.ALL) is False


def test_without_the_client_a_policy_for_some_clients_is_unknown() -> None:
    assert for_client(clients(BROWSER), None) is None


def test_a_kind_of_client_that_is_not_understood_may_be_any() -> None:
    assert for_client(clients(BROWSER, unclear=True), OTHER) is None
    assert for_client(clients(unclear=True), OTHER) is None
    assert for_client(clients(BROWSER, unclear=True), BROWSER)


def platforms(include: set[Platform], exclude: set[Platform] = set()) -> PlatformCondition:  # noqa: B006  # never changed
    return PlatformCondition(frozenset(include), frozenset(exclude))


def for_platform(condition: PlatformCondition, platform: Platform | None) -> bool | None:
    return applies(tenant(policy(platforms=condition)), sign_in(platform=platform))


@pytest.mark.parametrize(
    ("include", "exclude", "platform", "expected"),
    [
        ({Platform.ALL}, set(), Platform.IOS, True),
        ({Platform.ALL}, set(), Platform.UNKNOWN, True),
        ({Platform.ALL}, set(), Platform.ALL, True),
        ({Platform.ALL}, set(), None, True),
        ({Platform.IOS}, set(), Platform.IOS, True),
        ({Platform.IOS}, set(), Platform.ANDROID, False),
        ({Platform.IOS}, set(), Platform.UNKNOWN, False),
        ({Platform.IOS}, set(), Platform.ALL, False),
        ({Platform.IOS}, set(), None, None),
        ({Platform.ALL}, {Platform.IOS}, Platform.IOS, False),
        ({Platform.ALL}, {Platform.IOS}, Platform.UNKNOWN, True),
        ({Platform.ALL}, {Platform.IOS}, Platform.ALL, True),
        ({Platform.ALL}, {Platform.IOS}, None, None),
        ({Platform.IOS}, {Platform.IOS}, Platform.IOS, False),
        ({Platform.IOS}, {Platform.IOS}, None, None),
    ],
)
def test_platforms(
    include: set[Platform], exclude: set[Platform], platform: Platform | None, expected: bool | None
) -> None:
    assert for_platform(platforms(include, exclude), platform) is expected


def test_excluding_every_known_platform_leaves_the_claim_that_nobody_knows() -> None:
    known = {p for p in Platform if p not in (Platform.ALL, Platform.UNKNOWN)}
    assert for_platform(platforms({Platform.ALL}, known), Platform.UNKNOWN)
    assert for_platform(platforms({Platform.ALL}, known), Platform.LINUX) is False


def test_a_platform_that_is_not_understood_may_be_any() -> None:
    either = PlatformCondition(frozenset({Platform.IOS}), include_unrecognised=(SOMETHING,))
    assert for_platform(either, Platform.ANDROID) is None
    assert for_platform(either, Platform.IOS)
    but = PlatformCondition(frozenset({Platform.ALL}), exclude_unrecognised=(SOMETHING,))
    assert for_platform(but, Platform.ANDROID) is None


def test_reasons_are_graphs_words() -> None:
    other = tenant(policy(client_apps=clients(OTHER), platforms=platforms({Platform.IOS})))
    found = answer(other).answer
    assert isinstance(found, No)
    assert found.unmet == ("clientApps", "devicePlatform")

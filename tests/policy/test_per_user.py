"""Per-user MFA in its three states, at modern and at legacy clients, with each credential, inside and outside the trusted IPs."""

import pytest

from perca.model import (
    ClientApp,
    Credential,
    IpRange,
    MfaSettings,
    NotRead,
    PerUserState,
    Registration,
    Tenant,
    UserId,
)
from perca.policy import Mfa, Outcome, Unknown, decide
from support.small import (
    ADA,
    AT_OFFICE,
    ELSEWHERE,
    FILES,
    MAIL,
    SECRET,
    answer,
    applies,
    facts,
    sign_in,
    tenant,
    with_state,
)

MODERN_RULE, LEGACY_RULE = "perca:perUserMfa:modern", "perca:perUserMfa:legacy"
DISABLED, ENABLED, ENFORCED = PerUserState.DISABLED, PerUserState.ENABLED, PerUserState.ENFORCED
MODERN, LEGACY = (ClientApp.BROWSER, ClientApp.MODERN), (ClientApp.ACTIVE_SYNC, ClientApp.OTHER)
REQUIRED, NOT_REQUIRED, NOT_ASSESSED = Mfa.REQUIRED, Mfa.NOT_REQUIRED, Mfa.NOT_ASSESSED
GRANTED, PROMPT, BLOCKED, OPEN = Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED, Outcome.NOT_ASSESSED
NOT_REGISTERED = {"registrations": {ADA: Registration(ADA, is_mfa_registered=False)}}
TRUSTED = {"mfa_settings": MfaSettings((IpRange("198.51.100.0/24"),), False)}


def ends(of: Tenant, **facts: object) -> tuple[Mfa, Outcome]:
    decision = decide(of, sign_in(**facts))
    return decision.mfa, decision.outcome


@pytest.mark.parametrize("client", MODERN)
@pytest.mark.parametrize("app", [MAIL, FILES])
@pytest.mark.parametrize(
    ("state", "expected"),
    [(DISABLED, (NOT_REQUIRED, GRANTED)), (ENABLED, (REQUIRED, PROMPT)), (ENFORCED, (REQUIRED, PROMPT))],
)
def test_modern_clients_of_people_enabled_or_enforced_are_asked_at_every_app(
    client: ClientApp, app: str, state: PerUserState, expected: tuple[Mfa, Outcome]
) -> None:
    assert ends(with_state(state), client=client, app=app) == expected


@pytest.mark.parametrize("client", LEGACY)
@pytest.mark.parametrize(
    ("state", "credential", "expected"),
    [
        (DISABLED, Credential.PASSWORD, (NOT_REQUIRED, GRANTED)),
        (DISABLED, Credential.APP_PASSWORD, (NOT_REQUIRED, GRANTED)),
        (DISABLED, None, (NOT_REQUIRED, GRANTED)),
        (ENFORCED, Credential.PASSWORD, (REQUIRED, BLOCKED)),
        (ENFORCED, Credential.FEDERATED, (REQUIRED, BLOCKED)),
        (ENFORCED, Credential.APP_PASSWORD, (NOT_REQUIRED, GRANTED)),
        (ENFORCED, None, (NOT_ASSESSED, OPEN)),
    ],
)
def test_legacy_clients_of_people_enforced_need_an_app_password(
    client: ClientApp, state: PerUserState, credential: Credential | None, expected: tuple[Mfa, Outcome]
) -> None:
    assert ends(with_state(state), client=client, credential=credential) == expected


def test_disabling_lets_the_ordinary_password_into_legacy_clients_again() -> None:
    legacy = {"client": ClientApp.OTHER, "credential": Credential.PASSWORD}
    assert ends(with_state(ENFORCED), **legacy)[1] is BLOCKED
    assert ends(with_state(DISABLED), **legacy)[1] is GRANTED


def test_enabled_and_unregistered_keeps_the_ordinary_password_at_legacy_clients() -> None:
    legacy = {"client": ClientApp.OTHER, "credential": Credential.PASSWORD}
    assert ends(with_state(ENABLED, **NOT_REGISTERED), **legacy) == (NOT_REQUIRED, GRANTED)


@pytest.mark.parametrize("registered", [True, None, "no row"])
def test_enabled_at_legacy_clients_hangs_on_the_registration(registered: bool | str | None) -> None:
    rows = {} if registered == "no row" else {ADA: Registration(ADA, is_mfa_registered=registered)}
    legacy = {"client": ClientApp.OTHER, "credential": Credential.PASSWORD}
    assert ends(with_state(ENABLED, registrations=rows), **legacy) == (NOT_ASSESSED, OPEN)
    app_password = {**legacy, "credential": Credential.APP_PASSWORD}
    assert ends(with_state(ENABLED, registrations=rows), **app_password) == (NOT_REQUIRED, GRANTED)


def test_a_state_that_nobody_read_is_never_disabled() -> None:
    unread = with_state(SECRET)
    assert ends(unread) == (NOT_ASSESSED, OPEN)
    decision = decide(unread, sign_in())
    assert facts(decision) == "per-user MFA state of `ada@example.com`: 403 Authorization_RequestDenied"
    legacy = {"client": ClientApp.OTHER, "credential": Credential.PASSWORD}
    assert ends(unread, **legacy) == (NOT_ASSESSED, OPEN)


def test_somebody_who_is_not_in_the_data_may_have_any_state() -> None:
    assert ends(tenant(), user=UserId("dora")) == (NOT_ASSESSED, OPEN)


@pytest.mark.parametrize("client", [None, ClientApp.ALL])
def test_without_the_client_it_is_unknown_which_half_applies(client: ClientApp | None) -> None:
    enforced = with_state(ENFORCED)
    question = sign_in(client=client, credential=None)
    assert applies(enforced, question, MODERN_RULE) is None
    assert applies(enforced, question, LEGACY_RULE) is None
    assert applies(enforced, sign_in(client=client, credential=Credential.APP_PASSWORD), LEGACY_RULE) is False
    assert ends(with_state(DISABLED), client=client) == (NOT_REQUIRED, GRANTED)


def test_inside_the_trusted_ips_a_modern_client_is_not_asked() -> None:
    enforced = with_state(ENFORCED, **TRUSTED)
    assert ends(enforced, address=AT_OFFICE) == (NOT_REQUIRED, GRANTED)
    assert ends(enforced, address=ELSEWHERE) == (REQUIRED, PROMPT)
    assert ends(enforced, address=None) == (NOT_ASSESSED, OPEN)


def test_inside_the_trusted_ips_a_legacy_client_hangs_on_whether_an_app_password_was_ever_made() -> None:
    legacy = {"client": ClientApp.OTHER, "credential": Credential.PASSWORD}
    enforced = with_state(ENFORCED, **TRUSTED)
    assert ends(enforced, address=AT_OFFICE, **legacy) == (NOT_ASSESSED, OPEN)
    assert ends(enforced, address=ELSEWHERE, **legacy) == (REQUIRED, BLOCKED)
    inside = sign_in(address=AT_OFFICE, client=ClientApp.OTHER, credential=Credential.APP_PASSWORD)
    assert applies(enforced, inside, LEGACY_RULE) is False


@pytest.mark.parametrize(
    "settings",
    [
        MfaSettings(),
        MfaSettings((), NotRead("not given")),
        MfaSettings(NotRead("not given"), False),
        MfaSettings((), True),
    ],
)
def test_while_the_trusted_ips_are_not_known_any_place_may_be_one(settings: MfaSettings) -> None:
    assert ends(with_state(ENFORCED, mfa_settings=settings)) == (NOT_ASSESSED, OPEN)
    assert ends(with_state(DISABLED, mfa_settings=settings)) == (NOT_REQUIRED, GRANTED)


def test_a_passkey_a_kept_claim_and_a_remembered_device_satisfy_it_and_change_nothing_about_it() -> None:
    from perca.model import Session

    enforced = with_state(ENFORCED)
    for done in (
        {"credential": Credential.PASSKEY},
        {"session": Session(mfa=True)},
        {"session": Session(remembered=True)},
    ):
        assert ends(enforced, **done) == (REQUIRED, GRANTED)


def test_it_asks_in_graphs_words() -> None:
    decision = decide(with_state(ENFORCED), sign_in())
    assert [(s.provider, s.id) for s in decision.sources] == [("user", "perca:perUserMfa")]
    legacy = decide(with_state(ENFORCED), sign_in(client=ClientApp.OTHER, credential=Credential.PASSWORD))
    assert [source.id for source in legacy.blocked_by] == ["perca:perUserMfa"]
    assert answer(with_state(SECRET), sign_in(), MODERN_RULE).result == "unknown"
    assert isinstance(answer(with_state(SECRET), sign_in(), MODERN_RULE).answer, Unknown)

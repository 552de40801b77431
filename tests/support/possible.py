"""Whether a sign-in can be: what Microsoft's pages say excludes what, written anew from them and not from `perca.space`.

`impossible` names what can't be. `unlikely` names what only somebody can bring about who writes another platform into the user agent:
concept-conditional-access-conditions calls it unverified, so such a sign-in is possible, and an attacker's own choice.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator

from perca.model import (
    NO_CONTEXT,
    NO_COUNTRY,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    ClientApp,
    Credential,
    DeviceProperty,
    ExternalKind,
    Flow,
    IpNamedLocation,
    IpRange,
    NotRead,
    PerUserState,
    Platform,
    SignIn,
    Tenant,
    User,
)

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
_SHOWN = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
"""Addresses of documents stand for public ones."""
_PLATFORMS = {
    "windows": Platform.WINDOWS,
    "ios": Platform.IOS,
    "ipad": Platform.IOS,
    "iphone": Platform.IOS,
    "android": Platform.ANDROID,
    "macos": Platform.MACOS,
    "linux": Platform.LINUX,
}
"""By how the operating system of a device's record begins."""
_OUR_GUESTS = frozenset(
    {ExternalKind.COLLABORATION_GUEST, ExternalKind.COLLABORATION_MEMBER, ExternalKind.INTERNAL_GUEST}
)


def impossible(tenant: Tenant, asked: SignIn) -> tuple[str, ...]:
    """Why there can be no such sign-in; empty where there can."""
    return (
        *_untold(asked),
        *_by_client(asked),
        *_by_device(asked),
        *_by_place(tenant, asked),
        *_by_person(tenant, asked),
    )


def _untold(asked: SignIn) -> Iterator[str]:
    """A witness is total."""
    facts = {
        "client": asked.client,
        "platform": asked.platform,
        "credential": asked.credential,
        "flow": asked.flow,
        "address": asked.address,
        "country": asked.country,
        "corpnet": asked.inside_corpnet,
        "compliant network": asked.compliant_network,
        "sign-in risk": asked.sign_in_risk,
        "user risk": asked.user_risk,
        "insider risk": asked.insider_risk,
        "context": asked.context,
        "target": asked.app or asked.action,
    }
    yield from (f"the {name} isn't told" for name, fact in facts.items() if fact is None)
    if asked.client is ClientApp.ALL or asked.platform is Platform.ALL:
        yield "a sign-in has one client and one platform"


def _by_client(asked: SignIn) -> Iterator[str]:
    """FACTS.md 2 and 3.3.6: legacy clients send a name and a password; concept-conditional-access-conditions for ActiveSync."""
    legacy = asked.client in (ClientApp.ACTIVE_SYNC, ClientApp.OTHER)
    if asked.credential is Credential.APP_PASSWORD and not legacy:
        yield "an app password is used by legacy clients alone"
    if legacy:
        if asked.credential not in (Credential.PASSWORD, Credential.APP_PASSWORD):
            yield f"a legacy client can't send {asked.credential}"
        if asked.flow is not Flow.NONE:
            yield f"a legacy client speaks no {asked.flow}"
        if asked.context != NO_CONTEXT:
            yield "a legacy client can't be asked for a context"
        if asked.action is not None:
            yield "a legacy client carries out no user action"
        if asked.device.trust_type != UNREGISTERED:
            yield "a legacy client shows no device"
    if asked.client is ClientApp.ACTIVE_SYNC and asked.app != EXCHANGE:
        yield "Exchange ActiveSync reaches Exchange alone"


def _by_device(asked: SignIn) -> Iterator[str]:
    """concept-condition-filters-for-devices, and concept-conditional-access-grant for device codes."""
    device = asked.device
    held = {name for name, _ in device.properties}
    if device.trust_type not in ("AzureAD", "ServerAD", "Workplace", UNREGISTERED):
        yield f"no device has the trust type {device.trust_type}"
    if device.trust_type == UNREGISTERED and (held or device.compliant):
        yield "a device without a record has no property and isn't compliant"
    if held & {DeviceProperty.IS_COMPLIANT, DeviceProperty.TRUST_TYPE}:
        yield "one property told twice"
    if len(held) < len(device.properties):
        yield "one property with two values"
    if device.trust_type != UNREGISTERED and asked.flow is Flow.DEVICE_CODE:
        yield "a device can't be shown to a device code"
    system = _system(asked)
    if device.trust_type == "ServerAD" and system not in (None, Platform.WINDOWS):
        yield "only Windows is hybrid joined"


def _system(asked: SignIn) -> Platform | None:
    """The platform of the operating system in the device's record."""
    told = dict(asked.device.properties).get(DeviceProperty.OPERATING_SYSTEM)
    begins = (
        p for word, p in _PLATFORMS.items() if isinstance(told, str) and told.casefold().startswith(word)
    )
    return next(begins, None)


def _by_place(tenant: Tenant, asked: SignIn) -> Iterator[str]:
    """FACTS.md 2 and 3.3.7: the public address of the request; the intranet's claim is in tokens of federated people."""
    assert asked.address is not None
    shown = any(asked.address in ipaddress.ip_network(each) for each in _SHOWN)
    if not (asked.address.is_global or shown or _is_ours(tenant, asked)):
        yield f"no request comes from {asked.address}"
    if asked.inside_corpnet and asked.credential is not Credential.FEDERATED:
        yield "the intranet's claim comes with a federated sign-in"
    if asked.country not in (None, NO_COUNTRY, UNKNOWN_COUNTRY) and asked.address.is_private and not shown:
        yield "an address that is nobody's is in no country"


def _is_ours(tenant: Tenant, asked: SignIn) -> bool:
    """Whether a place of the tenant's holds the address: that somebody wrote it down says that requests come from it."""
    ranges: list[object] = [
        each
        for place in tenant.named_locations.values()
        if isinstance(place, IpNamedLocation)
        for each in place.ranges
    ]
    if not isinstance(tenant.mfa_settings.trusted_ips, NotRead):
        ranges.extend(tenant.mfa_settings.trusted_ips)
    for each in ranges:
        with contextlib.suppress(ValueError):
            if isinstance(each, IpRange) and asked.address in ipaddress.ip_network(each.text, strict=False):
                return True
    return False


def _by_person(tenant: Tenant, asked: SignIn) -> Iterator[str]:
    """FACTS.md 2, 3.2 and 13.13: who is in the directory has an object, a stranger has none, no password and no app password here."""
    if asked.workload is not None:
        yield "a workload isn't a person"
    if asked.user is not None:
        user = tenant.users.get(asked.user)
        if user is None:
            yield "nobody with that id"
        elif asked.external is not None:
            yield from _as(user, asked.external.kind)
        return
    if asked.external is None:
        yield "nobody signs in"
        return
    if asked.external.kind in _OUR_GUESTS:
        yield f"{asked.external.kind} has an object in the directory"
    if asked.external.tenant is not None and asked.external.tenant == tenant.id:
        yield "somebody from outside is at home here"
    if asked.credential is Credential.APP_PASSWORD or asked.client in (
        ClientApp.ACTIVE_SYNC,
        ClientApp.OTHER,
    ):
        yield "somebody without an account here has no password here that a legacy client could send"


def _as(user: User, kind: ExternalKind | None) -> Iterator[str]:
    invited = user.creation_type == "Invitation" or "#EXT#" in (user.user_principal_name or "").upper()
    guest = (user.user_type or "").casefold() == "guest"
    told = {(True, True): ExternalKind.COLLABORATION_GUEST, (True, False): ExternalKind.COLLABORATION_MEMBER}
    if kind is not None and kind is not told.get(
        (invited, guest), ExternalKind.INTERNAL_GUEST if guest else None
    ):
        yield f"the account isn't {kind}"


def unlikely(tenant: Tenant, asked: SignIn) -> tuple[str, ...]:
    """What the user agent would have to lie for."""
    return tuple(_lies(tenant, asked))


def _lies(tenant: Tenant, asked: SignIn) -> Iterator[str]:
    system = _system(asked)
    if system is not None and system is not asked.platform:
        yield f"a device with {system} that says it is {asked.platform}"
    if asked.device.trust_type == "ServerAD" and asked.platform is not Platform.WINDOWS:
        yield f"a hybrid joined device that says it is {asked.platform}"
    if asked.credential is Credential.WINDOWS_HELLO and asked.platform is not Platform.WINDOWS:
        yield f"Windows Hello on {asked.platform}"
    if (
        asked.client is not ClientApp.BROWSER
        and asked.platform is Platform.UNKNOWN
        and asked.client is ClientApp.MODERN
    ):
        yield "an app that doesn't say its platform"
    state = tenant.users[asked.user].per_user_mfa if asked.user in tenant.users else PerUserState.DISABLED
    if (
        asked.credential is Credential.APP_PASSWORD
        and not isinstance(state, NotRead)
        and state is PerUserState.DISABLED
    ):
        yield "an app password of somebody who isn't enforced, kept from before"

"""Sentences in product words: a sign-in, a number of them, an answer's word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from perca.cli.blocks import Tone
from perca.model import (
    DIRECTORY,
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    NO_COUNTRY,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    AppGroup,
    AppId,
    ClientApp,
    Credential,
    Device,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    RoleId,
    Scopes,
    SignIn,
    StrengthId,
    Tenant,
    User,
    UserAction,
    UserId,
    Value,
)
from perca.policy import Coordinate, Decision, Target, Unknown, admin_tools, value_at
from perca.policy.administrators import ROLES
from perca.policy.app_groups import EXCHANGE
from perca.space import ANY_OTHER_APP, ANY_OTHER_TENANT

if TYPE_CHECKING:
    from perca.prove import Proof

_CLIENTS = {
    ClientApp.ALL: "any kind of client",
    ClientApp.BROWSER: "a browser",
    ClientApp.MODERN: "a mobile or desktop app",
    ClientApp.ACTIVE_SYNC: "Exchange ActiveSync",
    ClientApp.OTHER: "a legacy client",
}
_PLATFORMS = {
    Platform.WINDOWS_PHONE: "Windows Phone",
    Platform.UNKNOWN: "an unknown platform",
}
_CREDENTIALS = {
    Credential.PASSWORD: "the ordinary password",
    Credential.APP_PASSWORD: "an app password",
    Credential.PASSKEY: "a passkey",
    Credential.CERTIFICATE: "a certificate",
    Credential.FEDERATED: "a federated sign-in",
    Credential.WINDOWS_HELLO: "Windows Hello for Business",
    Credential.TEMPORARY_ACCESS_PASS: "a temporary access pass",
}
_FLOWS = {Flow.DEVICE_CODE: "device code flow", Flow.TRANSFER: "authentication transfer"}
_KINDS_OF_EXTERNALS = {
    ExternalKind.INTERNAL_GUEST: "a local guest",
    ExternalKind.COLLABORATION_GUEST: "a B2B collaboration guest",
    ExternalKind.COLLABORATION_MEMBER: "a B2B collaboration member",
    ExternalKind.DIRECT_CONNECT: "a B2B direct connect user",
    ExternalKind.OTHER: "another external user",
    ExternalKind.SERVICE_PROVIDER: "a service provider user",
}
_MICROSOFTS: dict[str, str] = {
    GRAPH: "Microsoft Graph",
    DIRECTORY: "Windows Azure Active Directory",
    EXCHANGE: "Office 365 Exchange Online",
    **{str(app): name for app, name in admin_tools.NAMES.items()},
}
"""Of what a tenant's data needn't hold."""
_SCOPES = {
    Scopes.OIDC: "the scopes of OpenID Connect",
    Scopes.BASELINE: "baseline scopes",
    Scopes.DIRECTORY: "the scopes for reading the directory",
}
_ACTIONS = {
    UserAction.REGISTER_SECURITY_INFORMATION: "registering security information",
    UserAction.REGISTER_DEVICE: "registering or joining a device",
}
_STRENGTHS = {
    "00000000-0000-0000-0000-000000000002": "Multifactor authentication",
    "00000000-0000-0000-0000-000000000003": "Passwordless MFA",
    "00000000-0000-0000-0000-000000000004": "Phishing-resistant MFA",
}
"""Microsoft's own, in every tenant."""
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

COORDINATES = {
    "people": "principals",
    "targets": "resources",
    "contexts": "authentication contexts",
    "channels": "kinds of client, first factor and flow",
    "networks": "addresses, countries and networks",
    "signInRisk": "sign-in risks",
    "userRisk": "user risks",
    "insiderRisk": "insider risks",
    "devices": "devices",
}

COVERAGE = {
    "always": ("always", Tone.GOOD),
    "sometimes": ("sometimes", Tone.UNSURE),
    "never": ("never", Tone.BAD),
    "notAssessed": ("not assessed", Tone.UNSURE),
}


_KINDS = {
    "emergency": "emergency access account",
    "synchronisation": "synchronisation account",
    "administrator": "administrator (tenant)",
    "unitAdministrator": "administrator (unit)",
    "blockedAccount": "blocked account",
    "enabledUnregistered": "enabled, not registered",
    "smsOnly": "phone number only",
    "appPassword": "uses an app password",
    "guest": "guest",
    "enforced": "enforced",
    "disabled": "no per-user MFA",
}


def kind(word: str) -> str:
    """A kind of person of the seed, in words."""
    return _KINDS.get(word, word)


def counted(number: int, one: str, more: str | None = None) -> str:
    """`1 person`, `2,000 people`."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def magnitude(number: int) -> str:
    """A number of sign-ins: whole where people can read it, else its leading digits and the power of ten."""
    if number < 10**12:
        return f"{number:,}"
    digits = str(number)
    return f"{digits[0]}.{digits[1:3]} × 10{str(len(digits) - 1).translate(_DIGITS)}"


def person(tenant: Tenant, id: UserId) -> str:
    """The person as people know them: the sign-in name, or else the id."""
    held = tenant.users.get(id)
    return name_of(held) if held is not None else id


def name_of(user: User) -> str:
    """Display name and sign-in name."""
    upn = user.user_principal_name or user.id
    return f"{user.display_name} ({upn})" if user.display_name else upn


def people(tenant: Tenant, ids: tuple[UserId, ...], most: int = 3) -> str:
    """Some of the people by name, and how many more there are."""
    names = ", ".join(person(tenant, id) for id in ids[:most])
    return f"{names} and {len(ids) - most:,} more" if len(ids) > most else names


def who(tenant: Tenant, asked: SignIn) -> str:
    """Who signs in."""
    if asked.user is not None:
        return person(tenant, asked.user)
    return external(asked.external) if asked.external is not None else f"service principal {asked.workload}"


def external(who: External) -> str:
    """Somebody from outside, by kind and home."""
    return externals([who])


def externals(who: Iterable[External]) -> str:
    """People from outside by kind and home; the home once for all kinds that have it."""
    by_home: dict[str | None, list[str]] = {}
    for each in who:
        kind = _KINDS_OF_EXTERNALS[each.kind] if each.kind is not None else "somebody from outside"
        by_home.setdefault(each.tenant, []).append(kind)
    return ", ".join(
        either(list(dict.fromkeys(kinds))) + ("" if home is None else f" of {_home(home)}")
        for home, kinds in by_home.items()
    )


def _home(tenant: str) -> str:
    return "any tenant that no policy names" if tenant == ANY_OTHER_TENANT else f"tenant {tenant}"


def either(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sizes(universe: Mapping[str, int]) -> list[str]:
    """The coordinates that have more than one value, with how many."""
    return [
        f"{magnitude(size)} {COORDINATES.get(name, name)}" for name, size in universe.items() if size != 1
    ]


def listed(names: Sequence[str], most: int = 5) -> str:
    """Some of the names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def application(tenant: Tenant, app: str | None) -> str:
    """The application's name."""
    if app is None:
        return "an unknown resource"
    if app == ANY_OTHER_APP:
        return "any application that no policy names"
    held = tenant.applications.get(AppId(app))
    named = (held.name if held is not None else "") or _MICROSOFTS.get(app)
    return admin_tools.quoted(named) if named else f"application {app}"


def target(tenant: Tenant, asked: Target) -> str:
    """What is asked for: a resource, or a user action."""
    if asked.action is not None:
        return _ACTIONS[asked.action]
    name = application(tenant, asked.app)
    return name if asked.scopes in (None, Scopes.MORE) else f"{name} for {_SCOPES[asked.scopes]} alone"


def device(record: Device) -> str:
    """The device, by what its record shows."""
    if record.trust_type == UNREGISTERED:
        return "a device that isn't registered"
    state = {True: "compliant ", False: "non-compliant ", None: ""}[record.compliant]
    shown = [f"trust type {record.trust_type}"] if record.trust_type else []
    shown += [
        f"{name.value} {_value(value)}" for name, value in sorted(record.properties, key=lambda p: p[0])
    ]
    if not (state or shown):
        return "some device"
    return f"a {state}device{' with ' if shown else ''}{', '.join(shown)}"


def _value(value: Value) -> str:
    if value is None:
        return "null"
    return value if isinstance(value, str) else "+".join(sorted(value))


def client(kind: ClientApp | None, platform: Platform | None) -> str:
    """The kind of client and its platform."""
    what = _CLIENTS[kind] if kind is not None else "an unknown client"
    if platform is None or platform is Platform.ALL:
        return what
    return f"{what} on {_platform(platform)}"


def _name(platform: Platform) -> str:
    """As its maker writes it: Graph's word where that has a capital somewhere, else with one in front."""
    return platform.value.capitalize() if platform.value.islower() else platform.value


def credential(kind: Credential | None) -> str:
    """The first factor."""
    return _CREDENTIALS[kind] if kind is not None else "an unknown first factor"


def flow(kind: Flow | None) -> str:
    """How the session began."""
    return flows([kind]) if kind is not None else "by an unknown authentication flow"


def flows(kinds: Collection[Flow]) -> str:
    """Which authentication flows: by these, or without the others."""
    ordinary = Flow.NONE in kinds
    return ("without " if ordinary else "by ") + either(
        [name for each, name in _FLOWS.items() if (each in kinds) is not ordinary]
    )


def platforms(kinds: Collection[Platform], whole: Collection[Platform]) -> str:
    """On which of all these platforms; the others, where they are few."""
    left = [_platform(each) for each in whole if each not in kinds]
    if 2 * len(left) < len(kinds):
        return f"on any platform but {either(left)}"
    return f"on {either([_platform(each) for each in kinds])}"


def _platform(kind: Platform) -> str:
    return _PLATFORMS.get(kind) or _name(kind)


def requester(tenant: Tenant, asked: Target) -> str:
    """Which client asks for it."""
    return "a public client" if asked.requester == NATIVE else application(tenant, asked.requester)


_BACKTICKED = re.compile(r"(?:resource )?`([0-9a-f]{8}-[-0-9a-f]{27})`")
_STRENGTH = re.compile(r"authenticationStrength:([-0-9a-f]{36})")


def fact(tenant: Tenant, said: str) -> str:
    """What is known or not, with the names of applications, strengths and app groups in place of their ids."""
    said = _BACKTICKED.sub(lambda found: _named(tenant, found), said)
    said = _STRENGTH.sub(lambda found: f"authentication strength {_strength(tenant, found[1])}", said)
    for group in (AppGroup.OFFICE_365, AppGroup.ADMIN_PORTALS):
        said = re.sub(rf"(?<= in ){group}\b", group.display_name, said)
    return said


def _named(tenant: Tenant, found: re.Match[str]) -> str:
    if role := ROLES.get(RoleId(found[1])):
        return f"`{role}`"
    name = application(tenant, found[1])
    return found[0] if name.startswith("application ") else name


def _strength(tenant: Tenant, id: str) -> str:
    held = tenant.strengths.get(StrengthId(id))
    return f"`{(held.display_name if held is not None else '') or _STRENGTHS.get(id, id)}`"


def unknowns(tenant: Tenant, decision: Decision) -> list[str]:
    """What an answer that isn't assessed hangs on; never nothing."""
    facts = decision.missing or [
        why for each in decision.rules if isinstance(each.answer, Unknown) for why in each.answer.facts
    ]
    return [fact(tenant, each) for each in dict.fromkeys(facts)] or [
        "which of the policies that may apply do"
    ]


def hanging(proofs: Iterable[Proof]) -> str:
    """That an answer hangs on facts that aren't known, and the first of these, with ids as they are."""
    facts = dict.fromkeys(f for proof in proofs for each in proof.witnesses for f in each.decision.missing)
    if not facts:
        return "facts are missing"
    return "it hangs on facts that are not known: " + "; ".join([*facts][:5])


def _target(asked: SignIn) -> Target:
    value = value_at(asked, Coordinate.TARGET)
    assert isinstance(value, Target)
    return value


def where(asked: SignIn) -> str:
    """From where somebody signs in."""
    said = [f"from {asked.address}" if asked.address is not None else "from an unknown place"]
    if asked.country is not None and asked.country not in (UNKNOWN_COUNTRY, NO_COUNTRY):
        said.append(f"in {asked.country.upper()}")
    if asked.inside_corpnet:
        said.append("with the federated intranet's claim")
    if asked.compliant_network:
        said.append("through the compliant network")
    return " ".join(said)


def sign_in(tenant: Tenant, asked: SignIn) -> str:
    """The sign-in in a sentence: who, where to, with what, from where, at which risk.

    Left out are no flow, no context, no record of the device and no insider risk.
    """
    parts = [
        f"{who(tenant, asked)} signs in to {target(tenant, _target(asked))} with {client(asked.client, asked.platform)}",
        f"using {credential(asked.credential)}",
        *([] if asked.flow in (None, Flow.NONE) else [flow(asked.flow)]),
        where(asked),
        *([] if asked.context in (None, NO_CONTEXT) else [f"asking for context {asked.context}"]),
        *([] if asked.device.trust_type in (None, UNREGISTERED) else [f"on {device(asked.device)}"]),
    ]
    insider = None if asked.insider_risk is InsiderRisk.NONE else asked.insider_risk
    risks = [
        f"{name} risk {level.value}"
        for name, level in (("sign-in", asked.sign_in_risk), ("user", asked.user_risk), ("insider", insider))
        if level is not None
    ]
    return ", ".join([*parts, *risks])

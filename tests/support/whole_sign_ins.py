"""Raw values for the sign-ins of a random tenant: a few coordinates rich, the others lean, and at most 20,000 sign-ins."""

from collections.abc import Hashable
from dataclasses import replace
from itertools import product
from math import prod

from perca.model import (
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    ClientApp,
    Credential,
    Device,
    DeviceProperty,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    RiskLevel,
    Scopes,
    Session,
    SignIn,
    UserAction,
)
from perca.policy import Channel, Coordinate, Network, Principal, Target, sign_in_of
from support import whole_names as names
from support.brute import Raw
from support.dice import Dice
from support.whole_filters import VALUES
from support.whole_policies import Theme

MOST = 20_000

PEOPLE = tuple(map(Principal, names.PEOPLE))
GUESTS = tuple(
    Principal(who, External(kind, home))
    for who in names.PEOPLE[:4]
    for kind in ExternalKind
    for home in names.HOMES
)
"""People of whom the question says what kind of guest they are; it wins over what the directory says."""
WORKLOADS = tuple(Principal(None, workload=app, risk=level) for app in names.OWN for level in RiskLevel)
STRANGERS = tuple(
    Principal(None, External(kind, home))
    for kind in ExternalKind
    if not kind.has_object
    for home in (*names.HOMES, names.ELSEWHERE)
)
TARGETS = (
    *(Target(app, scopes=Scopes.MORE, requester=NATIVE) for app in (*names.NAMEABLE, names.UNNAMED)),
    *(
        Target(GRAPH, scopes=scopes, requester=who)
        for scopes in Scopes
        for who in (NATIVE, names.OWN[0], names.MAIL)
    ),
    *(
        Target(names.OWN[0], frozenset(others), scopes=Scopes.MORE, requester=NATIVE)
        for others in ({names.MAIL}, {names.FILES, GRAPH})
    ),
)
ACTIONS = tuple(Target(None, action=action, scopes=Scopes.MORE, requester=NATIVE) for action in UserAction)
CHANNELS = (
    Channel(ClientApp.BROWSER, Platform.WINDOWS, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.BROWSER, Platform.MACOS, Credential.CERTIFICATE, Flow.NONE),
    Channel(ClientApp.BROWSER, Platform.ANDROID, Credential.PASSWORD, Flow.TRANSFER),
    Channel(ClientApp.MODERN, Platform.ANDROID, Credential.PASSKEY, Flow.NONE),
    Channel(ClientApp.MODERN, Platform.UNKNOWN, Credential.PASSWORD, Flow.DEVICE_CODE),
    Channel(ClientApp.MODERN, Platform.IOS, Credential.FEDERATED, Flow.TRANSFER),
    Channel(ClientApp.MODERN, Platform.WINDOWS, Credential.PASSWORD, Flow.DEVICE_CODE),
    Channel(ClientApp.ACTIVE_SYNC, Platform.IOS, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.OTHER, Platform.UNKNOWN, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.OTHER, Platform.WINDOWS, Credential.APP_PASSWORD, Flow.NONE),
)
NO_RECORD = Device(compliant=False, trust_type=UNREGISTERED, whole=True)


RICH = {
    Theme.PEOPLE: ("people", "targets", "channels"),
    Theme.RESOURCES: ("targets", "contexts", "people"),
    Theme.CHANNELS: ("channels", "insider risk", "sign-in risk"),
    Theme.PLACES: ("addresses", "countries", "corpnet", "compliant"),
    Theme.DEVICES: ("devices", "people", "channels"),
}


def raw_values(dice: Dice, theme: Theme) -> Raw:
    """All values of the coordinates that the theme is about, some of the others."""
    whole: dict[str, list[Hashable]] = {
        "people": [*PEOPLE, *dice.some(STRANGERS, 5)],
        "targets": [*TARGETS, *ACTIONS] if theme is Theme.RESOURCES else list(dice.some(TARGETS, 12, 12)),
        "contexts": [NO_CONTEXT, *names.CONTEXTS],
        "channels": list(CHANNELS),
        "addresses": list(names.ADDRESSES),
        "countries": [*names.COUNTRIES, UNKNOWN_COUNTRY, names.ABROAD],
        "corpnet": [False, True],
        "compliant": [False, True],
        "sign-in risk": list(RiskLevel),
        "user risk": list(RiskLevel),
        "insider risk": list(InsiderRisk),
        "devices": _devices(dice),
    }
    for values in whole.values():
        dice.dice.shuffle(values)
    sizes = _sizes(dice, {name: len(values) for name, values in whole.items()}, RICH[theme])
    cut = {name: values[: sizes[name]] for name, values in whole.items()}
    networks = product(cut["addresses"], cut["countries"], cut["corpnet"], cut["compliant"])
    return Raw(
        {
            Coordinate.PRINCIPAL: tuple(cut["people"]),
            Coordinate.TARGET: tuple(cut["targets"]),
            Coordinate.CONTEXT: tuple(cut["contexts"]),
            Coordinate.CHANNEL: tuple(cut["channels"]),
            Coordinate.NETWORK: tuple(Network(*each) for each in networks),
            Coordinate.SIGN_IN_RISK: tuple(cut["sign-in risk"]),
            Coordinate.USER_RISK: tuple(cut["user risk"]),
            Coordinate.INSIDER_RISK: tuple(cut["insider risk"]),
            Coordinate.DEVICE: tuple(cut["devices"]),
        }
    )


def random_sign_in(dice: Dice) -> SignIn:
    """One sign-in, now and then of somebody of whom the question says more, or of a workload; its session says something."""
    sign_in = sign_in_of(random_values(dice))
    legacy = sign_in.client is not None and sign_in.client.is_legacy
    return replace(sign_in, session=LEGACY if legacy else _session(dice))


LEGACY = Session(mfa=False, remembered=False, home_mfa=False)
"""No legacy client carries an MFA claim."""


def _session(dice: Dice) -> Session:
    return Session(
        mfa=dice.maybe(0.2),
        remembered=dice.maybe(0.2),
        home_mfa=dice.maybe(0.2),
        age=dice.one((5, 100, 5000)),
        accepted=frozenset(dice.some(("terms", "others"), 1)),
        methods=dice.one((None, frozenset({"fido2"}), frozenset({"password", "sms"}))),
    )


def random_values(dice: Dice) -> dict[Coordinate, Hashable]:
    """A value on each coordinate, all of it told."""
    return {
        Coordinate.PRINCIPAL: dice.one(dice.one((PEOPLE, PEOPLE, GUESTS, STRANGERS, WORKLOADS))),
        Coordinate.TARGET: dice.one((*TARGETS, *ACTIONS)),
        Coordinate.CONTEXT: dice.one((NO_CONTEXT, NO_CONTEXT, *names.CONTEXTS)),
        Coordinate.CHANNEL: dice.one(CHANNELS),
        Coordinate.NETWORK: Network(
            dice.one(names.ADDRESSES),
            dice.one((*names.COUNTRIES, UNKNOWN_COUNTRY, names.ABROAD)),
            dice.maybe(),
            dice.maybe(),
        ),
        Coordinate.SIGN_IN_RISK: dice.one(tuple(RiskLevel)),
        Coordinate.USER_RISK: dice.one(tuple(RiskLevel)),
        Coordinate.INSIDER_RISK: dice.one(tuple(InsiderRisk)),
        Coordinate.DEVICE: NO_RECORD if dice.maybe(0.2) else _device(dice),
    }


def _sizes(dice: Dice, most: dict[str, int], rich: tuple[str, ...]) -> dict[str, int]:
    """How many values of each: some as many as there are, then all of them grown in turn while there is room."""
    sizes = dict.fromkeys(most, 1)
    sizes["people"] = 4

    def grow(name: str, to: int) -> bool:
        others = prod(size for other, size in sizes.items() if other != name)
        wanted = min(to, most[name], MOST // others)
        grown = wanted > sizes[name]
        sizes[name] = max(wanted, sizes[name])
        return grown

    order = list(most)
    dice.dice.shuffle(order)
    for name in rich:
        grow(name, most[name])
    while True in [grow(name, sizes[name] + 1) for name in order]:
        pass
    return sizes


def _devices(dice: Dice) -> list[Hashable]:
    """Twenty device records, no two alike, among them none."""
    found: dict[Device, None] = {NO_RECORD: None}
    while len(found) < 20:
        found[_device(dice)] = None
    return list(found)


def _device(dice: Dice) -> Device:
    properties = frozenset(
        (name, frozenset(dice.some(texts, 2, 1)) if name.is_collection else dice.one(texts))
        for name, texts in VALUES.items()
        if name not in (DeviceProperty.IS_COMPLIANT, DeviceProperty.TRUST_TYPE) and dice.maybe()
    )
    trust = dice.one(VALUES[DeviceProperty.TRUST_TYPE])
    whole = not dice.unsure(0.3)
    return Device(dice.maybe(), trust if whole or dice.maybe() else None, properties, whole)

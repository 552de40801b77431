"""A region's words read back: which clients, targets, networks, risks, contexts and devices a sentence names, by words of our own.

The reading knows nothing of how the words were made. `misread` says what of a sentence isn't true of its region: a side that is named and not
there, or there and not named. Sides of which a sentence tells a few and how many more there are must hold the few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from perca.cli.region import sentence
from perca.model import (
    DIRECTORY,
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    AppId,
    ClientApp,
    Credential,
    Device,
    Flow,
    IpNamedLocation,
    NotRead,
    Platform,
    Scopes,
    Tenant,
    UserAction,
)
from perca.policy import Coordinate, Network, Target, admin_tools
from perca.prove import Budget, Verdict, about_always_mfa
from perca.prove.regions import Region, Side, regions
from perca.space import ANY_OTHER_APP, CHANNELS, Area, universe_of
from support.possible import EXCHANGE
from support.whole_cases import case

CLIENTS = {
    "a browser": ClientApp.BROWSER,
    "a mobile or desktop app": ClientApp.MODERN,
    "Exchange ActiveSync": ClientApp.ACTIVE_SYNC,
    "a legacy client": ClientApp.OTHER,
}
PLATFORMS = {
    "Android": Platform.ANDROID,
    "iOS": Platform.IOS,
    "Windows": Platform.WINDOWS,
    "Windows Phone": Platform.WINDOWS_PHONE,
    "macOS": Platform.MACOS,
    "Linux": Platform.LINUX,
    "an unknown platform": Platform.UNKNOWN,
}
CREDENTIALS = {
    "the ordinary password": Credential.PASSWORD,
    "an app password": Credential.APP_PASSWORD,
    "a passkey": Credential.PASSKEY,
    "a certificate": Credential.CERTIFICATE,
    "a federated sign-in": Credential.FEDERATED,
    "Windows Hello for Business": Credential.WINDOWS_HELLO,
    "a temporary access pass": Credential.TEMPORARY_ACCESS_PASS,
}
FLOWS = {"device code flow": Flow.DEVICE_CODE, "authentication transfer": Flow.TRANSFER}

SCOPES = {
    " for the scopes of OpenID Connect alone": Scopes.OIDC,
    " for baseline scopes alone": Scopes.BASELINE,
    " for the scopes for reading the directory alone": Scopes.DIRECTORY,
    "": Scopes.MORE,
}
PARTS = (
    ("clients", r"with (?!the federated)(?:.+?)"),
    ("targets", r"to (?:.+?)"),
    ("networks", r"(?:inside|outside|from|through|with the federated|without the federated) (?:.+?)"),
    ("signInRisk", r"at sign-in risk (?:.+?)"),
    ("userRisk", r"at user risk (?:.+?)"),
    ("insiderRisk", r"at insider risk (?:.+?)"),
    ("contexts", r"asking for (?:.+?)"),
    ("devices", r"on (?:.+?)"),
)
SENTENCE = re.compile("^" + "".join(rf"(?:(?:^|, )(?P<{name}>{pattern}))?" for name, pattern in PARTS) + "$")
RISKS = {
    "signInRisk": Coordinate.SIGN_IN_RISK,
    "userRisk": Coordinate.USER_RISK,
    "insiderRisk": Coordinate.INSIDER_RISK,
}


def named_apart(tenant: Tenant) -> Tenant:
    """The tenant, no two of its applications or places with one name."""
    return replace(
        tenant,
        applications={
            id: replace(app, name=f"App {n}") for n, (id, app) in enumerate(tenant.applications.items())
        },
        named_locations={
            id: replace(place, display_name=f"Place {n}")
            for n, (id, place) in enumerate(tenant.named_locations.items())
        },
    )


def misread(tenant: Tenant, region: Region[Any], which: str) -> list[str]:
    """What of the words isn't so; `which` is the sentence without whose sign-ins they are and what is said of them."""
    found = SENTENCE.match("" if which == "at any sign-in" else which)
    if found is None:
        return [f"not a sentence: {which}"]
    told = found.groupdict()
    wrong = []
    for name, coordinate, right in (
        ("clients", Coordinate.CHANNEL, _clients),
        ("targets", Coordinate.TARGET, lambda text, side: _targets(tenant, text, side)),
        ("networks", Coordinate.NETWORK, lambda text, side: _networks(tenant, text, side)),
        *((risk, at, _risks) for risk, at in RISKS.items()),
        ("contexts", Coordinate.CONTEXT, _contexts),
        ("devices", Coordinate.DEVICE, _devices),
    ):
        side = _without_what_cannot_be(region) if name == "clients" else region.sides[coordinate]
        if (told[name] is None) is not side.is_everything:
            wrong.append(f"{name}: named although they don't matter, or the other way round")
        elif told[name] is not None and not right(told[name], side):
            wrong.append(f"{name}: `{told[name]}` is not {len(side.values)} of {side.of}: {side.values[:3]}")
    return wrong


def _without_what_cannot_be(region: Region[Any]) -> Side:
    """The clients; where Exchange isn't among the targets, nobody has to be told that ActiveSync is left out."""
    side = region.sides[Coordinate.CHANNEL]
    if any(
        isinstance(each, Target) and each.app == EXCHANGE for each in region.sides[Coordinate.TARGET].values
    ):
        return side
    others = [each for each in side.others if getattr(each, "client", None) is not ClientApp.ACTIVE_SYNC]
    return replace(side, others=others, of=side.weight + len(others))


def _clients(text: str, side: Side) -> bool:
    """Each way is: clients, then on which platforms, using which first factors, by which flows."""
    ways, more = _more(text.removeprefix("with "), r", and \d+ other ways?$")
    read: set[object] = set()
    for way in ways.split(", or with "):
        found = WAY.match(way)
        if found is None:
            return False
        clients = _read_of(CLIENTS, found["clients"])
        platforms = _read_of(PLATFORMS, found["platforms"], "any platform but ")
        credentials = _read_of(CREDENTIALS, found["credentials"])
        flows = _flows(found["flows"])
        read.update(
            each
            for each in CHANNELS
            if each.client in clients
            and each.platform in platforms
            and each.credential in credentials
            and each.flow in flows
        )
    return bool(read) and (read < set(side.values) if more else read == set(side.values))


WAY = re.compile(
    r"(?P<clients>.+?)(?:, each)?(?: on (?P<platforms>.+?))?(?: using (?P<credentials>.+?))?"
    r"(?: (?P<flows>(?:by|without) .+))?$"
)


def _read_of(names: dict[str, Any], text: str | None, but: str = "only ") -> set[Any]:
    """The values whose names the list holds, or all but these; all of them where there is no list."""
    if text is None:
        return {*names.values()}
    held = {names[each] for each in _split(text.removeprefix(but))}
    return set(names.values()) - held if text.startswith(but) else held


def _split(text: str) -> list[str]:
    """The names of a list; a mobile or desktop app is one."""
    app = "a mobile or desktop app"
    return [each.replace("APP", app) for each in re.split(", | or ", text.replace(app, "APP"))]


def _flows(text: str | None) -> set[Flow]:
    if text is None:
        return set(Flow)
    held = {FLOWS[each] for each in text.split(" ", 1)[1].split(" or ")}
    return set(Flow) - held if text.startswith("without ") else held


def _more(text: str, pattern: str) -> tuple[str, bool]:
    """The text without how many more there are, and whether there are."""
    cut = re.sub(pattern, "", text)
    return cut, cut != text


def _targets(tenant: Tenant, text: str, side: Side) -> bool:
    negated = text.startswith("to any resource but ")
    text = text.removeprefix("to any resource but ").removeprefix("to ")
    text, signed_in = _more(text, r" \(sign-in with OpenID Connect alone included\)$")
    names, more = _more(text, r" and [\d,]+ more$")
    names = _each_requested(names)
    wanted, others = (side.others, side.values) if negated else (side.values, side.others)
    targets = [each for each in (*wanted, *others) if isinstance(each, Target)]
    read = [each for each in targets if _is_named(tenant, each, names)]
    if signed_in:
        named = {each.app for each in read}
        signs = [each for each in targets if each.app == GRAPH and each.scopes is Scopes.OIDC]
        if more:  # of those that aren't named, too
            named = {each.app for each in wanted if isinstance(each, Target)}
        read += [each for each in signs if each.requester in named - admin_tools.APPS and each not in read]
    return bool(read) and (set(read) < set(wanted) if more else set(read) == set(wanted))


def _each_requested(names: str) -> str:
    """The list with who requests said of each, where it is said once for all."""
    names, _, by = names.partition(" (each requested by ")
    return ", ".join(f"{each} requested by {by[:-1]}" for each in names.split(", ")) if by else names


PORTALS = "Microsoft's admin portals and tools"


def _is_named(tenant: Tenant, target: Target, names: str) -> bool:
    if PORTALS in names and target.app in admin_tools.APPS:
        return True
    action = {
        UserAction.REGISTER_SECURITY_INFORMATION: "registering security information",
        UserAction.REGISTER_DEVICE: "registering or joining a device",
    }
    name = action[target.action] if target.action is not None else _application(tenant, target.app)
    if target.action is None:
        name += next(words for words, scopes in SCOPES.items() if scopes is target.scopes)
    by = "a public client" if target.requester == NATIVE else _application(tenant, target.requester)
    return (
        re.search(rf"(?:^|, ){re.escape(name)}(?: requested by {re.escape(by)})?(?=, |$)", names) is not None
    )


def _application(tenant: Tenant, app: AppId | None) -> str:
    if app == ANY_OTHER_APP:
        return "any application that no policy names"
    held = tenant.applications.get(app) if app is not None else None
    name = (held.name if held is not None else "") or MICROSOFTS.get(str(app), "")
    return re.sub("^`the ", "the `", f"`{name}`") if name else f"application {app}"


MICROSOFTS = {
    GRAPH: "Microsoft Graph",
    DIRECTORY: "Windows Azure Active Directory",
    **{str(app): name for app, name in admin_tools.NAMES.items()},
}


def _risks(text: str, side: Side) -> bool:
    return set(re.split(", | or ", text.split(" risk ")[1])) == {str(each) for each in side.values}


def _contexts(text: str, side: Side) -> bool:
    names = text.removeprefix("asking for ").split(" or ")
    return set(names) == {"no context" if each == NO_CONTEXT else f"context {each}" for each in side.values}


def _devices(text: str, side: Side) -> bool:
    names, more = _more(text.removeprefix("on "), r" and \d+ other kinds of device$")
    records = {_device(each) for each in side.values if isinstance(each, Device)}
    read = set(names.split(" or "))
    return read < records if more else read == records


def _device(record: Device) -> str:
    if record.trust_type == UNREGISTERED:
        return "a device that isn't registered"
    words = {True: "a compliant device", False: "a non-compliant device", None: "a device"}[record.compliant]
    named = sorted(record.properties, key=lambda each: each[0])
    shown = [f"trust type {record.trust_type}"] if record.trust_type else []
    shown += [f"{name.value} {_said(value)}" for name, value in named]
    if shown:
        return f"{words} with {', '.join(shown)}"
    return words if record.compliant is not None else "some device"


def _said(value: object) -> str:
    return "null" if value is None else value if isinstance(value, str) else "+".join(sorted(value))  # type: ignore[call-overload, no-any-return]


# ------------------------------------------------------------------------------------------------------------ networks

ATOM = re.compile(
    r"(?P<place>(?:inside|outside) (?:`[^`]*`|the MFA trusted IPs|the trusted places))"
    r"|(?P<claim>(?:with|without) the federated intranet's claim|(?:through|outside) the compliant network)"
    r"|(?P<number>from [\d,.]+(?: × 10\S+)? (?:addresses|networks) such as \S+?(?=,? |$|,))"
    r"|(?P<country>from (?:any known country|any country|[A-Z]{2}|an unknown country)(?: but [A-Z]{2})?(?:(?:, | or )(?:[A-Z]{2}|an unknown country))*(?: and [\d,]+ more)?)"
)


def _networks(tenant: Tenant, text: str, side: Side) -> bool:
    """Each network is named iff it is in the side; of a number of them only the number is read."""
    atoms = list(ATOM.finditer(text))
    if ATOM.sub("", text).replace(", ", "").replace(" or ", ""):
        return False
    if any(each["number"] or "more" in each[0] for each in atoms):
        return True
    together = any if re.search(r" or (?=inside|outside|from|with|through)", text) else all
    named = [_network(tenant, each) for each in atoms]
    return all(
        together(is_so(network) for is_so in named) is inside
        for values, inside in ((side.values, True), (side.others, False))
        for area in values
        if isinstance(area, Area)
        for network in area
    )


def _network(tenant: Tenant, atom: re.Match[str]) -> Callable[[Network], bool]:
    text = atom[0]
    if atom["claim"]:
        on = text.startswith(("with ", "through "))
        return lambda at: (at.compliant if "compliant" in text else at.inside_corpnet) is on
    if atom["place"]:
        ranges = [ip_network(each, strict=False) for each in _ranges(tenant, text.split(" ", 1)[1])]
        return lambda at: any(at.address in each for each in ranges) is text.startswith("inside")
    names = {name.strip() for name in re.split(r" but |, | or ", text.removeprefix("from "))}
    first = text.removeprefix("from ")
    if not first.startswith("any "):
        return lambda at: _country(at.country) in names
    return lambda at: (
        _country(at.country) not in names
        and (at.country != UNKNOWN_COUNTRY or first.startswith("any country"))
    )


def _country(code: str | None) -> str:
    return "an unknown country" if code == UNKNOWN_COUNTRY else str(code).upper()


def _ranges(tenant: Tenant, name: str) -> Iterator[str]:
    trusted = tenant.mfa_settings.trusted_ips
    if name != "the trusted places" and name != "the MFA trusted IPs":
        held = [p for p in tenant.named_locations.values() if isinstance(p, IpNamedLocation)]
        yield from next([r.text for r in p.ranges] for p in held if f"`{p.display_name or p.id}`" == name)
        return
    yield from () if isinstance(trusted, NotRead) else (r.text for r in trusted)
    if name == "the trusted places":
        for place in tenant.named_locations.values():
            if isinstance(place, IpNamedLocation) and place.is_trusted:
                yield from (r.text for r in place.ranges)


def read_back(number: int) -> Iterator[tuple[Region[Any], str, list[str]]]:
    """The regions of a random tenant where MFA isn't always required, which sign-ins the words say, and what of them isn't so."""
    tenant = named_apart(case(number)[0])
    asked = about_always_mfa(tenant, universe_of(tenant), Budget(20_000, memory=100_000_000))
    for region in regions(asked, (Verdict.FAILS, Verdict.UNKNOWN), 5).regions:
        which = sentence(tenant, region, "so").split(": ", 1)[1].removesuffix(": so")
        yield region, which, misread(tenant, region, which)

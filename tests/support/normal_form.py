"""The normal form of docs/reference/normal-form.md, written from that page alone: JSON in, JSON out.

Of the model it takes one thing: which controls are known, as the page says without naming them.
"""

import copy
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from perca.model import BuiltIn

Json = dict[str, Any]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "normal-form.md"


def on_the_page(member: str) -> list[str]:
    """The words that the page lists for a member, in its order."""
    (row,) = re.findall(rf"^\| `{member}`[^|]*\|(.*)", PAGE.read_text("utf-8"), re.MULTILINE)
    return re.findall(r"`(\w+)`", row)


GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATES = "enabled disabled enabledForReportingButNotEnforced".split()
CLIENTS = on_the_page("clientAppTypes")
PLATFORMS = on_the_page("includePlatforms")
FLOWS = "deviceCodeFlow authenticationTransfer".split()
INSIDER_RISKS = "minor moderate elevated".split()
RISKS = on_the_page("signInRiskLevels")
CONTROLS = [each.value for each in BuiltIn]
METHODS = (
    "password voice hardwareOath softwareOath sms fido2 windowsHelloForBusiness microsoftAuthenticatorPush deviceBasedPush "
    "temporaryAccessPassOneTime temporaryAccessPassMultiUse email x509CertificateSingleFactor x509CertificateMultiFactor "
    "qrCodePin federatedMultiFactor federatedSingleFactor"
).split()

TOP = (
    "id displayName state conditions grantControls sessionControls createdDateTime modifiedDateTime description templateId "
    "policyApplies analysisReasons deletedDateTime partialEnablementStrategy"
).split()
CONDITIONS = (
    "users applications platforms locations clientAppTypes signInRiskLevels userRiskLevels servicePrincipalRiskLevels "
    "insiderRiskLevels agentIdRiskLevels devices deviceStates clientApplications agents agentContext times clients "
    "authenticationFlows"
).split()
SIDES = [
    f"{side}{kind}"
    for side in ("include", "exclude")
    for kind in ("Users", "Groups", "Roles", "GuestsOrExternalUsers")
]
EXTERNAL_KINDS = (
    "internalGuest b2bCollaborationGuest b2bCollaborationMember b2bDirectConnectUser otherExternalUser serviceProvider"
).split()
SERVICE_PRINCIPALS = (
    "includeServicePrincipals excludeServicePrincipals servicePrincipalFilter includeAgentIdServicePrincipals "
    "excludeAgentIdServicePrincipals agentIdServicePrincipalFilter"
).split()
AGENTS = "includeAgentUsers excludeAgentUsers agentFilter".split()
APPLICATIONS = (
    "includeApplications excludeApplications includeUserActions includeAuthenticationContextClassReferences networkAccess "
    "globalSecureAccess applicationFilter"
).split()
APP_GROUPS = "Office365 MicrosoftAdminPortals AllAgentIdResources".split()
USER_ACTIONS, CONTEXTS = "includeUserActions", "includeAuthenticationContextClassReferences"
ACTIONS = "urn:user:registersecurityinfo urn:user:registerdevice".split()
DEVICES = "includeDevices excludeDevices includeDeviceStates excludeDeviceStates deviceFilter".split()
GRANT = "operator builtInControls termsOfUse customAuthenticationFactors authenticationStrength".split()
SESSION = (
    "signInFrequency persistentBrowser applicationEnforcedRestrictions cloudAppSecurity continuousAccessEvaluation "
    "disableResilienceDefaults secureSignInSession"
).split()


def fold(text: str) -> str:
    return text.strip().casefold()


def normal_policy(policy: Json) -> Json:
    """The normal form of a policy."""
    known = _spell(policy, TOP)
    grant = known["grantControls"] = _spell(known.get("grantControls"), GRANT)
    conditions = known["conditions"] = _spell(known.get("conditions", {}), CONDITIONS)
    known["sessionControls"] = session = _spell(known.get("sessionControls"), SESSION)
    _in(session, "secureSignInSession", lambda it: _spell(it, ["isEnabled"]))
    _in(session, "signInFrequency", _frequency)
    _in(session, "persistentBrowser", _browser)
    _in(grant, "authenticationStrength", lambda it: _spell(it, ["id"]))
    _in(conditions, "users", lambda it: _spell(it, SIDES))
    for side in ("include", "exclude"):
        kinds = f"{side}GuestsOrExternalUsers"
        if isinstance(conditions, dict) and isinstance(conditions.get("users"), dict):
            _in(
                conditions["users"],
                kinds,
                lambda it: _spell(it, ["guestOrExternalUserTypes", "externalTenants"]),
            )
            _in(
                conditions["users"].get(kinds),
                "externalTenants",
                lambda it: _spell(it, ["membershipKind", "members"]),
            )
    _in(conditions, "clientApplications", lambda it: _spell(it, SERVICE_PRINCIPALS))
    _in(conditions, "agents", lambda it: _spell(it, AGENTS))
    _in(conditions, "applications", lambda it: _spell(it, APPLICATIONS))
    _in(conditions, "platforms", lambda it: _spell(it, ["includePlatforms", "excludePlatforms"]))
    _in(conditions, "locations", lambda it: _spell(it, ["includeLocations", "excludeLocations"]))
    _in(conditions, "authenticationFlows", lambda it: _spell(it, ["transferMethods"]))
    _in(conditions, "devices", lambda it: _spell(it, DEVICES))
    if isinstance(conditions, dict):
        _in(conditions.get("devices"), "deviceFilter", lambda it: _spell(it, ["mode", "rule"]))
    if isinstance(conditions, dict) and isinstance(conditions.get("applications"), dict):
        _in(conditions["applications"], "applicationFilter", lambda it: _spell(it, ["mode", "rule"]))
    ids = _Ids()
    _in(
        known,
        "id",
        lambda it: (
            ids(it) if isinstance(it, str) and ids(it) and not re.fullmatch(r"no-id-\d+", fold(it)) else it
        ),
    )
    _in(known, "state", lambda it: _word(STATES)(it) or it if isinstance(it, str) else it)
    if isinstance(conditions, dict):
        _conditions(conditions, ids)
    if isinstance(grant, dict) and not _silent(grant):
        _grant(grant, ids)
    return {k: v for k, v in known.items() if k in ("conditions",) or k in _spell(policy, TOP)}


def _conditions(conditions: Json, ids: "_Ids") -> None:
    users, apps, places = (conditions.get(name) for name in ("users", "applications", "locations"))
    if isinstance(users, dict):
        words = [_word(["GuestsOrExternalUsers"]), _word(["AllAgentIdUsers"])]
        _list(users, "includeUsers", [_word(["All"]), _word(["None"]), *words, _guid])
        for name in ("includeGroups", "includeRoles", "excludeGroups", "excludeRoles"):
            _list(users, name, [ids])
        _list(users, "excludeUsers", [*words, _guid])
        for side in ("include", "exclude"):
            _externals(users.get(f"{side}GuestsOrExternalUsers"))
    if isinstance(apps, dict):
        groups = [_word([each]) for each in APP_GROUPS]
        said = [name for name in APPLICATIONS if not _silent(apps.get(name))]
        whole = all(_metadata(name) or name in APPLICATIONS or _silent(it) for name, it in apps.items())
        if said == [USER_ACTIONS] and whole:
            _list(apps, USER_ACTIONS, [_word([each]) for each in ACTIONS])
        elif said == [CONTEXTS] and whole:
            _list(apps, CONTEXTS, [_word([f"c{number}"]) for number in range(1, 100)])
        _list(apps, "includeApplications", [_word(["All"]), _word(["None"]), *groups, _guid])
        _list(apps, "excludeApplications", [*groups, _guid])
    if isinstance(places, dict) and not _silent(places):
        _list(places, "includeLocations", [_word(["All"]), _word(["AllTrusted"]), ids])
        _list(
            places,
            "excludeLocations",
            [_word(["AllTrusted"]), lambda it: ids(it) if fold(it) != "all" else None],
        )
    platforms = conditions.get("platforms")
    if isinstance(platforms, dict) and not _silent(platforms):
        _list(platforms, "includePlatforms", [_word([each]) for each in PLATFORMS])
        _list(platforms, "excludePlatforms", [_word([each]) for each in PLATFORMS[1:]])
    if _silent(conditions.get("clientAppTypes")):
        conditions["clientAppTypes"] = ["all"]
    _list(conditions, "clientAppTypes", [_word([each]) for each in CLIENTS])
    _workloads(conditions)
    for name in ("signInRiskLevels", "userRiskLevels", "servicePrincipalRiskLevels"):
        _list(conditions, name, [_word([each]) for each in RISKS])
    _flags(conditions, "insiderRiskLevels", INSIDER_RISKS)
    if isinstance(conditions.get("authenticationFlows"), dict):
        _flags(conditions["authenticationFlows"], "transferMethods", FLOWS)


def _externals(kinds: Any) -> None:
    if not isinstance(kinds, dict) or not _flags(kinds, "guestOrExternalUserTypes", EXTERNAL_KINDS):
        return
    tenants = kinds.get("externalTenants")
    if isinstance(tenants, dict) and _is(tenants.get("membershipKind"), "enumerated"):
        _list(tenants, "members", [_guid], alphabetical=True)
        if any(isinstance(each, str) and _guid(each) for each in tenants.get("members") or ()):
            tenants["membershipKind"] = "enumerated"


def _is(value: Any, word: str) -> bool:
    return isinstance(value, str) and fold(value) == word


def _workloads(conditions: Json) -> None:
    apps, agents = conditions.get("clientApplications"), conditions.get("agents")
    if isinstance(apps, dict):
        _list(
            apps,
            "includeServicePrincipals",
            [_word(["ServicePrincipalsInMyTenant"]), _guid],
            alphabetical=True,
        )
        _list(apps, "excludeServicePrincipals", [_guid], alphabetical=True)
        _list(apps, "includeAgentIdServicePrincipals", [_word(["All"]), _guid], alphabetical=True)
        _list(apps, "excludeAgentIdServicePrincipals", [_guid], alphabetical=True)
    if isinstance(agents, dict):
        _list(agents, "includeAgentUsers", [_word(["All"])])
    _flags(conditions, "agentIdRiskLevels", RISKS[1:])


def _flags(whole: Json, name: str, words: list[str]) -> bool:
    """Words with commas between them, or a list of them, in Graph's order; anything else stays. Whether it was read."""
    value = whole.get(name)
    texts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    known = [_word(words)(text) if isinstance(text, str) else None for text in texts]
    if not known or None in known:
        return False
    whole[name] = ",".join(word for word in words if word in known)
    return True


def _grant(grant: Json, ids: "_Ids") -> None:
    _list(grant, "builtInControls", [_word(CONTROLS)])
    strength = grant.get("authenticationStrength")
    _in(strength, "id", lambda it: ids(it) or it if isinstance(it, str) else it)
    _list(grant, "termsOfUse", [ids])
    _list(grant, "customAuthenticationFactors", [ids])
    if not _silent({name: value for name, value in grant.items() if name != "operator"}):
        _in(grant, "operator", lambda it: _word(["AND", "OR"])(it) or it if isinstance(it, str) else it)


FREQUENCY = "isEnabled value type frequencyInterval authenticationType".split()


def _frequency(value: Any) -> Any:
    """One that is switched on and that can be read as a whole says everything; anything else stays."""
    known = _spell(value, FREQUENCY)
    if not isinstance(known, dict) or known.get("isEnabled") is not True:
        return known
    kind, factors, unit = (known.get(name) for name in ("frequencyInterval", "authenticationType", "type"))
    kind = "timeBased" if _silent(kind) else _one_of(["timeBased", "everyTime"], kind)
    both = "primaryAndSecondaryAuthentication"
    factors = both if _silent(factors) else _one_of([both, "secondaryAuthentication"], factors)
    told = {"frequencyInterval": kind, "authenticationType": factors}
    if kind == "timeBased":
        number = known.get("value")
        if type(number) is not int or number < 1:
            return known
        told["type"] = _one_of(["hours", "days"], unit)
    elif not _silent(unit) or not _silent(known.get("value")):
        return known
    others = {name: item for name, item in known.items() if name not in FREQUENCY}
    return known | told if None not in told.values() and _silent(others) else known


def _browser(value: Any) -> Any:
    known = _spell(value, ["isEnabled", "mode"])
    if not isinstance(known, dict) or known.get("isEnabled") is not True:
        return known
    mode = _one_of(["always", "never"], known.get("mode"))
    others = {name: item for name, item in known.items() if name not in ("isEnabled", "mode")}
    return known | {"mode": mode} if mode and _silent(others) else known


def _one_of(words: list[str], value: Any) -> str | None:
    return _word(words)(value) if isinstance(value, str) else None


LOCATION = (
    "@odata.type id displayName isTrusted createdDateTime modifiedDateTime ipRanges countriesAndRegions "
    "includeUnknownCountriesAndRegions countryLookupMethod compliantNetworkType"
).split()
PLACES = "ipNamedLocation countryNamedLocation compliantNetworkNamedLocation".split()
LOOKUPS = "clientIpAddress authenticatorAppGps".split()


def normal_location(location: Json) -> Json:
    """The normal form of a named location."""
    known = _spell(location, LOCATION)
    kind, prefix = known.get("@odata.type"), "#microsoft.graph."
    if isinstance(known.get("ipRanges"), list):
        known["ipRanges"] = [_spell(each, ["@odata.type", "cidrAddress"]) for each in known["ipRanges"]]
    if kind is None and "ipRanges" in known:
        known["@odata.type"] = prefix + PLACES[0]
    elif kind is None and "countriesAndRegions" in known:
        known["@odata.type"] = prefix + PLACES[1]
    elif isinstance(kind, str) and kind.startswith(prefix):
        known["@odata.type"] = prefix + (_word(PLACES)(kind[len(prefix) :]) or kind[len(prefix) :])
    kind = known.get("@odata.type")
    if kind == prefix + PLACES[0] and isinstance(known.get("ipRanges"), list):
        ranges = [(each, _range(each)) for each in known["ipRanges"]]
        known["ipRanges"] = [n for _, n in ranges if n is not None] + [
            each for each, n in ranges if n is None
        ]
    if kind == prefix + PLACES[1]:
        _in(known, "countryLookupMethod", lambda it: _word(LOOKUPS)(it) or it if isinstance(it, str) else it)
        if isinstance(known.get("countriesAndRegions"), list):
            codes = [(each, _country(each)) for each in known["countriesAndRegions"]]
            known["countriesAndRegions"] = sorted({code for _, code in codes if code}) + [
                each for each, code in codes if not code
            ]
    ids = _Ids()
    _in(known, "id", lambda it: ids(it) or it if isinstance(it, str) else it)
    return known


def _country(value: Any) -> str | None:
    code = fold(value) if isinstance(value, str) else ""
    return code.upper() if re.fullmatch("[a-z][a-z]", code) and code != "zz" else None


def _range(value: Any) -> Json | None:
    if not isinstance(value, dict) or not set(value) <= {"@odata.type", "cidrAddress"}:
        return None
    address, kind = value.get("cidrAddress"), value.get("@odata.type")
    version = _version(address) if isinstance(address, str) else None
    expected = f"#microsoft.graph.iPv{version}CidrRange"
    if version is None or not (kind is None or (isinstance(kind, str) and fold(kind) == fold(expected))):
        return None
    return {"@odata.type": expected, "cidrAddress": address}


def _version(address: str) -> int | None:
    import ipaddress

    for version, kind in ((4, ipaddress.IPv4Network), (6, ipaddress.IPv6Network)):
        try:
            network = kind(address, strict=False)
        except ValueError:
            continue
        written_as_6 = version == 6 and network.prefixlen >= 96 and network[0].ipv4_mapped
        return None if "%" in address or written_as_6 else version
    return None


def normal_strength(strength: Json) -> Json:
    """The normal form of an authentication strength."""
    known = _spell(
        strength,
        (
            "id displayName description policyType requirementsSatisfied allowedCombinations combinationConfigurations "
            "createdDateTime modifiedDateTime"
        ).split(),
    )
    ids = _Ids()
    _in(known, "id", lambda it: ids(it) or it if isinstance(it, str) else it)
    own = "id appliesToCombinations allowedAAGUIDs allowedIssuerSkis allowedPolicyOIDs".split()
    _in(
        known,
        "combinationConfigurations",
        lambda it: [_spell(each, own) for each in it] if isinstance(it, list) else _spell(it, own),
    )
    entries = known.get("allowedCombinations")
    if isinstance(entries, list):
        combinations: dict[frozenset[str], list[str]] = {}
        others = []
        for entry in entries:
            parts = (
                {fold(p): p.strip() for p in entry.split(",") if fold(p)} if isinstance(entry, str) else {}
            )
            if not parts or any(word.startswith("unrecognised:") for word in parts):
                others.append(entry)
            else:
                combinations.setdefault(frozenset(parts), [_word(METHODS)(p) or p for p in parts.values()])
        ordered = sorted(combinations, key=lambda words: (sorted(map(_rank, words)), sorted(words)))
        known["allowedCombinations"] = [",".join(combinations[words]) for words in ordered] + others
    return known


def _rank(word: str) -> int:
    folded = [fold(each) for each in METHODS]
    return folded.index(word) if word in folded else len(folded)


def _spell(value: Any, names: Iterable[str]) -> Any:
    if not isinstance(value, dict):
        return copy.deepcopy(value)
    by_case = {name.lower(): name for name in names}
    return {by_case.get(key.lower(), key): copy.deepcopy(item) for key, item in value.items()}


def _in(whole: Any, name: str, change: Callable[[Any], Any]) -> None:
    if isinstance(whole, dict) and name in whole:
        whole[name] = change(whole[name])


def _list(
    whole: Json, name: str, kinds: list[Callable[[str], str | None]], *, alphabetical: bool = False
) -> None:
    entries = whole.get(name)
    if not isinstance(entries, list):
        return
    meant: list[list[str]] = [[] for _ in kinds]
    others = []
    for entry in entries:
        for position, kind in enumerate(kinds):
            meaning = kind(entry) if isinstance(entry, str) else None
            if meaning:
                meant[position] += [] if meaning in meant[position] else [meaning]
                break
        else:
            others.append(entry)
    whole[name] = [*(each for found in meant for each in (sorted(found) if alphabetical else found)), *others]


def _word(words: list[str]) -> Callable[[str], str | None]:
    return lambda text: next((word for word in words if fold(word) == fold(text)), None)


def _guid(text: str) -> str | None:
    return fold(text) if GUID.fullmatch(fold(text)) else None


class _Ids:
    """Texts that stand where ids belong, as they were first spelled."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}

    def __call__(self, text: str) -> str | None:
        return _guid(text) or (self.first.setdefault(fold(text), text) if fold(text) else None)


def _silent(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_metadata(key) or _silent(item) for key, item in value.items())
    return value is None or (value in ("", []) and not isinstance(value, bool))


def _metadata(key: str) -> bool:
    annotation = key.casefold().rpartition("@odata.")
    about = "type context id etag editlink readlink navigationlink associationlink count".split()
    return annotation[2] in about if annotation[1] else key.startswith("#")

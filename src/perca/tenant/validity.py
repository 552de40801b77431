"""Which Conditional Access policies the service stores, what it refuses and how, and what it changes in those it takes.

Source: FACTS.md 3.2, 3.3.11, 3.6, 14.4.3 and 14.4.7 (recorded POST and GET pairs); what goes together is in `fitting`, what needs a
licence in `licences`. Promises that what is stored means what was sent: keywords in Graph's spelling, absent collections filled, nothing
dropped that could be a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perca.model import (
    MFA_TRUSTED_IPS,
    AppGroup,
    BuiltIn,
    ClientApp,
    ExternalKind,
    Operator,
    Platform,
    PolicyState,
    RiskLevel,
    fold,
    is_guid,
)
from perca.tenant.errors import GraphError, malformed
from perca.tenant.fitting import check_controls, check_device_filter, check_targets
from perca.tenant.json import Json
from perca.tenant.licences import licences
from perca.tenant.records import Reading

SCHEMA = (
    "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type. "
    "For examples, please see API documentation at https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies."
)
DEFAULTS_ON = (
    "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a "
    "Conditional Access policy."
)


def _words(*words: str) -> dict[str, str]:
    return {fold(word): str(word) for word in words}


STATES = _words(*PolicyState)
CLIENTS = _words(*ClientApp, "easSupported")
PLATFORMS = _words(*(each for each in Platform if each is not Platform.UNKNOWN))
RISKS = _words(*RiskLevel, "hidden")
CONTROLS = _words(*BuiltIn)
OPERATORS = _words(*Operator)
USER_WORDS = _words("All", "None", "GuestsOrExternalUsers", "AllAgentIdUsers")
APP_WORDS = _words("All", "None", *AppGroup)
LOCATION_WORDS = _words("All", "AllTrusted")
GUESTS = _words("none", *ExternalKind)
TENANTS = _words("all", "enumerated")

POLICY = frozenset(
    """id displayName state createdDateTime modifiedDateTime deletedDateTime description templateId conditions
    grantControls sessionControls partialEnablementStrategy""".split()
)
CONDITIONS = frozenset(
    """users applications clientAppTypes platforms locations devices deviceStates signInRiskLevels userRiskLevels
    servicePrincipalRiskLevels insiderRiskLevels clientApplications authenticationFlows agentIdRiskLevels agents
    agentContext clients times""".split()
)
USERS = frozenset(
    """includeUsers excludeUsers includeGroups excludeGroups includeRoles excludeRoles includeGuestsOrExternalUsers
    excludeGuestsOrExternalUsers""".split()
)
APPLICATIONS = frozenset(
    """includeApplications excludeApplications includeUserActions includeAuthenticationContextClassReferences
    applicationFilter networkAccess globalSecureAccess""".split()
)
GRANT = frozenset(
    "operator builtInControls customAuthenticationFactors termsOfUse authenticationStrength".split()
)
SESSION = frozenset(
    """applicationEnforcedRestrictions cloudAppSecurity persistentBrowser signInFrequency disableResilienceDefaults
    secureSignInSession continuousAccessEvaluation globalSecureAccessFilteringProfile networkAccessSecurity""".split()
)
DROPPED_WHEN_EMPTY = ("clients", "insiderRiskLevels", "authenticationFlows", "servicePrincipalRiskLevels")


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks policies against one tenant. `strict` refuses members that the schema doesn't know; an import keeps them."""

    now: Reading
    strict: bool = True

    def policy(self, body: Json) -> Json:
        """The policy as it is stored, but for its id and dates. GraphError when the service wouldn't take it."""
        licences(self.now).check(body)
        self._members(body, POLICY, "")
        name = body.get("displayName")
        if not isinstance(name, str) or not name.strip() or len(name) > 256:
            raise schema_error("displayName")
        state = _word(body.get("state"), STATES, "state")
        conditions = self._conditions(_object(body.get("conditions"), "conditions"))
        check_device_filter(conditions)
        grant = self._grant(body.get("grantControls"))
        check_controls(grant, conditions)
        session = self._session(body.get("sessionControls"))
        if grant is None and session is None:
            raise schema_error("grantControls")
        if state == "enabled" and security_defaults_on(self.now):
            raise malformed(DEFAULTS_ON)
        return {
            **{key: value for key, value in body.items() if key not in POLICY and "@" not in key},
            "description": body.get("description"),
            "displayName": name,
            "state": state,
            "templateId": body.get("templateId"),
            "partialEnablementStrategy": body.get("partialEnablementStrategy"),
            "sessionControls": session,
            "conditions": conditions,
            "grantControls": grant,
        }

    def _members(self, body: Json, known: frozenset[str], where: str) -> None:
        if not self.strict:
            return
        for name, value in body.items():
            if name not in known and "@" not in name and value not in (None, [], {}):
                raise schema_error(f"{where}{name}")

    def _conditions(self, sent: Json) -> Json:
        self._members(sent, CONDITIONS, "conditions.")
        clients = sent.get("clientAppTypes", ["all"])
        if clients == []:
            raise malformed(
                "1064: 'clientAppTypes' condition does not support []. If you want to target all client apps, use ['All']."
            )
        kept = {name: value for name, value in sent.items() if "@" not in name}
        for name in DROPPED_WHEN_EMPTY:
            if kept.get(name) in (None, [], {}, ""):
                kept.pop(name, None)
        return {
            "platforms": None,
            "locations": None,
            "devices": None,
            "clientApplications": None,
            "deviceStates": None,
            **kept,
            "userRiskLevels": _list(sent.get("userRiskLevels"), RISKS, "conditions.userRiskLevels"),
            "signInRiskLevels": _list(sent.get("signInRiskLevels"), RISKS, "conditions.signInRiskLevels"),
            "clientAppTypes": _list(clients, CLIENTS, "conditions.clientAppTypes"),
            **self._places(sent),
            "applications": self._applications(_object(sent.get("applications"), "conditions.applications")),
            "users": self._users(sent),
        }

    def _places(self, sent: Json) -> Json:
        made: Json = {}
        if (platforms := _optional(sent.get("platforms"), "conditions.platforms")) is not None:
            sides = ("includePlatforms", "excludePlatforms")
            made["platforms"] = platforms | {n: _list(platforms.get(n), PLATFORMS, n) for n in sides}
        if (locations := _optional(sent.get("locations"), "conditions.locations")) is not None:
            sides = ("includeLocations", "excludeLocations")
            made["locations"] = locations | {n: self._locations(locations.get(n), n) for n in sides}
        return made

    def _locations(self, value: object, where: str) -> list[str]:
        entries = _ids(value, LOCATION_WORDS, where)
        for entry in entries:
            held = fold(entry) in LOCATION_WORDS or entry == MFA_TRUSTED_IPS
            if not held and self.now.get("namedLocations", entry) is None:
                raise malformed(f"{where} names `{entry}`, which is no named location of this tenant.")
        return entries

    def _applications(self, sent: Json) -> Json:
        self._members(sent, APPLICATIONS, "conditions.applications.")
        kept = {name: value for name, value in sent.items() if "@" not in name}
        if not kept.get("globalSecureAccess"):
            kept.pop("globalSecureAccess", None)
        include = _ids(sent.get("includeApplications"), APP_WORDS, "includeApplications")
        exclude = _ids(sent.get("excludeApplications"), APP_WORDS, "excludeApplications")
        actions = _texts(sent.get("includeUserActions"), "includeUserActions")
        name = "includeAuthenticationContextClassReferences"
        contexts = _texts(sent.get(name), name)
        others = ("applicationFilter", "networkAccess", "globalSecureAccess")
        if not (include or actions or contexts or any(sent.get(other) for other in others)):
            raise malformed("1011: 'includeApplications' condition does not support [].")
        for app in (*include, *exclude):
            if fold(app) not in APP_WORDS and self.now.find("servicePrincipals", app) is None:
                raise malformed("1034: Policy contains invalid applications.")
        made = {
            "applicationFilter": None,
            **kept,
            "includeApplications": include,
            "excludeApplications": exclude,
            "includeUserActions": actions,
            "includeAuthenticationContextClassReferences": contexts,
        }
        check_targets(made)
        return made

    def _users(self, conditions: Json) -> Json | None:
        sent = _optional(conditions.get("users"), "conditions.users")
        if sent is None:
            if conditions.get("clientApplications") or conditions.get("agents"):
                return None
            raise schema_error("conditions.users")
        self._members(sent, USERS, "conditions.users.")
        made = {name: value for name, value in sent.items() if "@" not in name}
        for side in ("include", "exclude"):
            made[f"{side}Users"] = _ids(sent.get(f"{side}Users"), USER_WORDS, f"{side}Users")
            for noun in ("Groups", "Roles"):
                made[f"{side}{noun}"] = _ids(sent.get(f"{side}{noun}"), {}, f"{side}{noun}")
            made[f"{side}GuestsOrExternalUsers"] = _guests(sent.get(f"{side}GuestsOrExternalUsers"))
        names = ("includeUsers", "includeGroups", "includeRoles", "includeGuestsOrExternalUsers")
        if not any(made[name] for name in names) and not conditions.get("agents"):
            raise schema_error("conditions.users")
        return made

    def _grant(self, value: object) -> Json | None:
        sent = _optional(value, "grantControls")
        if sent is None:
            return None
        self._members(sent, GRANT, "grantControls.")
        controls = _list(sent.get("builtInControls"), CONTROLS, "grantControls.builtInControls")
        strength = self._strength(sent.get("authenticationStrength"))
        factors = _texts(sent.get("customAuthenticationFactors"), "customAuthenticationFactors")
        terms = _texts(sent.get("termsOfUse"), "termsOfUse")
        count = len(controls) + len(factors) + len(terms) + (strength is not None)
        if (
            not count
        ):  # nothing is asked for: as good as no grant controls, which are fine beside session controls
            return None
        told = sent.get("operator")
        if count > 1 and told is None:
            raise schema_error("grantControls.operator")
        operator = "OR" if told is None else _word(told, OPERATORS, "grantControls.operator")
        return {
            **{name: kept for name, kept in sent.items() if "@" not in name},
            "operator": "OR" if count == 1 else operator,
            "builtInControls": controls,
            "customAuthenticationFactors": factors,
            "termsOfUse": terms,
            "authenticationStrength": strength,
        }

    def _strength(self, value: object) -> Json | None:
        sent = _optional(value, "grantControls.authenticationStrength")
        if sent is None:
            return None
        id = sent.get("id")
        if not isinstance(id, str) or self.now.get("strengths", id) is None:
            raise malformed(
                f"grantControls names `{id}`, which is no authentication strength of this tenant."
            )
        return {"id": fold(id)}

    def _session(self, value: object) -> Json | None:
        sent = _optional(value, "sessionControls")
        if sent is None:
            return None
        self._members(sent, SESSION, "sessionControls.")
        empty = ("disableResilienceDefaults", "applicationEnforcedRestrictions", "cloudAppSecurity")
        more = ("signInFrequency", "persistentBrowser")
        return {**dict.fromkeys((*empty, *more)), **{name: v for name, v in sent.items() if "@" not in name}}


def known(sent: Json) -> None:
    """GraphError 1007 when a change names a member that a policy doesn't have."""
    for body, names in ((sent, POLICY), (sent.get("conditions"), CONDITIONS)):
        for name in body if isinstance(body, dict) else ():
            if name not in names and "@" not in name:
                raise schema_error(name)


class SchemaError(GraphError):
    """1007, and where: the service itself doesn't say it."""

    def __init__(self, where: str) -> None:
        super().__init__(400, "BadRequest", f"{SCHEMA} ({where})")
        self.where = where


def schema_error(where: str) -> SchemaError:
    """A policy that doesn't match the schema at that member."""
    return SchemaError(where)


def security_defaults_on(now: Reading) -> bool:
    """Whether Security Defaults are on."""
    (defaults,) = now.all("securityDefaults")
    return bool(defaults["isEnabled"])


def _object(value: object, where: str) -> Json:
    if not isinstance(value, dict):
        raise schema_error(where)
    return value


def _optional(value: object, where: str) -> Json | None:
    return None if value is None else _object(value, where)


def _texts(value: object, where: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise schema_error(where)
    return list(dict.fromkeys(value))


def _word(value: object, words: Mapping[str, str], where: str) -> str:
    known = words.get(fold(value)) if isinstance(value, str) else None
    if known is None:
        raise schema_error(where)
    return known


def _list(value: object, words: Mapping[str, str], where: str) -> list[str]:
    return [_word(entry, words, where) for entry in _texts(value, where)]


def _ids(value: object, words: Mapping[str, str], where: str) -> list[str]:
    def one(entry: str) -> str:
        if (known := words.get(fold(entry))) is not None:
            return known
        if not is_guid(entry):
            raise schema_error(f"{where} `{entry}`")
        return fold(entry)

    return [one(entry) for entry in _texts(value, where)]


def _guests(value: object) -> Json | None:
    sent = _optional(value, "GuestsOrExternalUsers")
    if sent is None:
        return None
    types = sent.get("guestOrExternalUserTypes")
    if not isinstance(types, str):
        raise schema_error("guestOrExternalUserTypes")
    spelt = ",".join(_word(part, GUESTS, "guestOrExternalUserTypes") for part in types.split(","))
    _check_tenants(_optional(sent.get("externalTenants"), "externalTenants"))
    return {**sent, "guestOrExternalUserTypes": spelt}


def _check_tenants(sent: Json | None) -> None:
    """Which tenants guests come from: all of them, or some that are named."""
    if sent is None:
        return
    kind = _word(sent.get("membershipKind"), TENANTS, "externalTenants.membershipKind")
    members = _texts(sent.get("members"), "externalTenants.members")
    if kind == "enumerated" and (not members or not all(map(is_guid, members))):
        raise schema_error("externalTenants.members")

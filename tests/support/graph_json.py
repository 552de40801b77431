"""Hypothesis strategies for JSON that looks like Graph's, in every way in which it may be wrong."""

from typing import Any

from hypothesis import strategies as st

from support import normal_form as known

Json = dict[str, Any]

GUIDS = [f"{n:08x}-0000-4000-8000-00000000000{n:x}" for n in range(10, 14)]
IDS = [
    *GUIDS,
    GUIDS[0].upper(),
    f" {GUIDS[1]} ",
    "<Group>",
    "<GROUP>",
    "%Group%",
    "a@b.example",
    "Some Name",
    "",
    "  ",
]
WORDS = [
    "All",
    "all",
    "None",
    "AllTrusted",
    "GuestsOrExternalUsers",
    "Office365",
    "hidden",
    "unknown",
    "easSupported",
]
ANNOTATIONS = [
    "@odata.type",
    "users@odata.type",
    "x@odata.bind",
    "#microsoft.graph.restore",
    "@odata.nextLink",
    "novel",
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(0, 1)
    | st.sampled_from(["", "x", "All", "none"])
)
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "@odata.type", "isEnabled"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def cased(draw: st.DrawFn, word: str) -> str:
    """The word, or the word in another case."""
    return draw(st.sampled_from([word, word, word, word.upper(), word[:1].upper() + word[1:]]))


def entries(words: list[str]) -> st.SearchStrategy[Any]:
    """A list such as policies hold: of words, ids and other things; or no list at all."""
    entry = st.sampled_from([*words, *words]).flatmap(cased) | st.sampled_from(IDS + WORDS) | scalars
    return st.lists(entry, max_size=4) | st.lists(st.sampled_from(words), max_size=3) | junk


def objects(members: dict[str, st.SearchStrategy[Any]], novel: bool = True) -> st.SearchStrategy[Json]:
    """An object with some of the members, spelled in any case, and some that nobody knows."""

    @st.composite
    def draw_object(draw: st.DrawFn) -> Json:
        names = draw(st.lists(st.sampled_from(sorted(members)), unique=True))
        drawn = {draw(cased(name)): draw(members[name]) for name in names}
        extra = draw(st.dictionaries(st.sampled_from(ANNOTATIONS), junk, max_size=2)) if novel else {}
        return {**drawn, **extra}

    return draw_object()


texts = st.sampled_from([*IDS, *WORDS, "A name"]) | junk
tenants = objects(
    {
        "membershipKind": st.sampled_from(["all", "enumerated", "Enumerated", "x"]) | junk,
        "members": entries(GUIDS),
    }
)
kinds = st.lists(st.sampled_from([*known.EXTERNAL_KINDS, "none", "novel"]).flatmap(cased), max_size=3)
externals = objects(
    {
        "guestOrExternalUserTypes": kinds | kinds.map(",".join) | junk,
        "externalTenants": tenants | junk,
    }
)
users = objects(
    {
        **{name: entries(["All", "None", "AllAgentIdUsers"]) for name in known.SIDES},
        "includeGuestsOrExternalUsers": externals | junk,
        "excludeGuestsOrExternalUsers": externals | junk,
    }
)
workloads = objects(
    {name: entries(["All", "ServicePrincipalsInMyTenant"]) for name in known.SERVICE_PRINCIPALS}
)
RULES = [
    "device.isCompliant -eq True",
    ' (device.model -eq "x") ',
    "-not (device.size -eq 1)",
    'CustomSecurityAttribute.A_B -eq "x"',
]
filters = junk | objects(
    {
        "mode": st.sampled_from(["include", "exclude", "Include", " exclude"]) | junk,
        "rule": st.sampled_from(RULES) | texts,
    }
)
applications = objects(
    {
        **{name: entries(["All", "None", *known.APP_GROUPS]) for name in known.APPLICATIONS},
        "applicationFilter": filters,
    }
) | st.one_of(
    objects({known.USER_ACTIONS: entries(known.ACTIONS), "excludeApplications": st.just([])}),
    objects({known.CONTEXTS: entries(["c1", "c99", "c10", "c100", "c0"]), "applicationFilter": st.none()}),
)
platforms = objects({name: entries(known.PLATFORMS) for name in ("includePlatforms", "excludePlatforms")})
locations = objects(
    {name: entries(["All", "AllTrusted"]) for name in ("includeLocations", "excludeLocations")}
)
devices = objects({**dict.fromkeys(known.DEVICES, junk), "deviceFilter": filters})
conditions = objects(
    {
        **dict.fromkeys(known.CONDITIONS, junk),
        "devices": devices | junk,
        "users": users | junk,
        "applications": applications | junk,
        "platforms": platforms | junk,
        "locations": locations | junk,
        "clientAppTypes": entries([*known.CLIENTS, "easSupported"]),
        "signInRiskLevels": entries([*known.RISKS, "hidden"]),
        "userRiskLevels": entries(known.RISKS),
        "clientApplications": workloads | junk,
        "agents": objects({name: entries(["All"]) for name in known.AGENTS}) | junk,
        "servicePrincipalRiskLevels": entries(known.RISKS),
        "agentIdRiskLevels": st.lists(st.sampled_from([*known.RISKS, "x"]), max_size=3).map(",".join) | junk,
        "authenticationFlows": objects({"transferMethods": texts}) | junk,
    }
)
grant = objects(
    {
        "operator": st.sampled_from(["AND", "OR", "or", "XOR"]) | junk,
        "builtInControls": entries([*known.CONTROLS, "compliantNetwork"]),
        "termsOfUse": entries(["Terms", "TERMS"]),
        "customAuthenticationFactors": entries(["Factor"]),
        "authenticationStrength": objects({"id": texts, "displayName": texts}) | junk,
    }
)
frequency = {
    "isEnabled": st.just(True) | junk,
    "value": st.integers(1, 50) | st.just(None) | junk,
    "type": st.sampled_from(["hours", "days", "Days", None, "weeks"]),
    "frequencyInterval": st.sampled_from(["timeBased", "everyTime", "EveryTime", None]) | junk,
    "authenticationType": st.sampled_from(
        ["primaryAndSecondaryAuthentication", "secondaryAuthentication", None, "x"]
    ),
}
browser = {"isEnabled": st.just(True) | junk, "mode": st.sampled_from(["always", "never", "Never", None])}
session = objects(
    {
        **dict.fromkeys(known.SESSION, junk),
        "signInFrequency": st.fixed_dictionaries(frequency) | objects(frequency) | junk,
        "persistentBrowser": st.fixed_dictionaries(browser) | objects(browser) | junk,
    }
)
policies = objects(
    {
        **dict.fromkeys(known.TOP, junk),
        "id": texts,
        "displayName": texts,
        "state": st.sampled_from(known.STATES) | junk,
        "conditions": conditions | junk,
        "grantControls": grant | junk,
        "sessionControls": session | junk,
    }
)
ranges = objects(
    {
        "@odata.type": st.sampled_from([f"#microsoft.graph.iPv{v}CidrRange" for v in (4, 6)]) | junk,
        "cidrAddress": st.sampled_from(
            [
                "192.0.2.0/24",
                "192.0.2.1",
                "2001:db8::/32",
                "::ffff:192.0.2.0/120",
                "10.0.0.0/99",
                "x",
                "fe80::%1/64",
            ]
        )
        | junk,
    }
)
named_locations = objects(
    {
        "@odata.type": st.sampled_from(
            [
                f"#microsoft.graph.{kind}"
                for kind in (*known.PLACES, "IPNAMEDLOCATION", "COUNTRYNAMEDLOCATION", "novel", "")
            ]
        )
        | junk,
        "id": texts,
        "displayName": texts,
        "isTrusted": st.booleans() | junk,
        "ipRanges": st.lists(ranges | junk, max_size=3) | junk,
        "countriesAndRegions": st.lists(
            st.sampled_from(["DE", "de", " No", "SE", "ZZ", "DEU", "1A", ""]) | junk, max_size=4
        )
        | junk,
        "includeUnknownCountriesAndRegions": st.booleans() | junk,
        "countryLookupMethod": st.sampled_from([*known.LOOKUPS, "AUTHENTICATORAPPGPS", "novel"]) | junk,
        "compliantNetworkType": st.sampled_from(["allTenantCompliantNetworks", "novel"]) | junk,
    }
)
combinations = st.lists(st.sampled_from([*known.METHODS[:6], "Novel", " sms ", ""]), max_size=3).map(",".join)
configurations = objects(
    {
        "id": texts,
        "appliesToCombinations": st.lists(combinations | scalars, max_size=2) | junk,
        "allowedAAGUIDs": st.lists(texts, max_size=2) | junk,
    }
)
strengths = objects(
    {
        "combinationConfigurations": st.lists(configurations | junk, max_size=2) | junk,
        "id": texts,
        "displayName": texts,
        "allowedCombinations": st.lists(combinations.flatmap(cased) | scalars, max_size=4) | junk,
        "policyType": junk,
    }
)

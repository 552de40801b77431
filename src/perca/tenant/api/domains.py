"""The tenant's domains and how federated ones treat MFA, to be read: they are what the organization says its verified domains are.

Source: GET /domains and /domains/{id}/federationConfiguration (v1.0, 2025). A federated domain has one configuration, or none that anybody gave.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.model import fold
from perca.tenant.api.exchange import Answer, Ask, Route
from perca.tenant.api.host import Host
from perca.tenant.api.odata import ITEM_OPTIONS, cut, item, options, page, shown
from perca.tenant.api.shapes import DOMAIN, FEDERATION
from perca.tenant.errors import bad_request, not_found
from perca.tenant.json import Json, dumps
from perca.tenant.records import Reading

PATH = "/domains"
_LISTED = frozenset({"$select", "$top", "$skiptoken"})


def list_domains(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The domains, in the order in which the organization lists them."""
    wanted = options(ask, DOMAIN, _LISTED, default=100, most=999, cap=host.switches.page_size)
    begin = wanted.after or "0"
    if not begin.isdigit() or len(begin) > 9:
        raise bad_request("The skip token belongs to another collection.")
    with host.store.reading() as now:
        rows = list(enumerate(_domains(now), 1))[int(begin) :]
    kept, after = cut(rows, wanted.top, lambda row: str(row[0]))
    return page(ask, "domains", [shown(dumps(body), DOMAIN, wanted.select) for _, body in kept], after)


def show_domain(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """One domain, by its name."""
    wanted = options(ask, DOMAIN, ITEM_OPTIONS, default=1, most=1, cap=None)
    with host.store.reading() as now:
        found = _named(now, values["id"])
    return item(ask, "domains", {name: found[name] for name in wanted.select or found})


def list_federations(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """How the domain is federated: one configuration, and none for a domain that isn't."""
    options(ask, FEDERATION, frozenset(), default=1, most=1, cap=None)
    with host.store.reading() as now:
        domain = _named(now, values["id"])
        held = now.get("federations", domain["id"]) if domain["authenticationType"] == "Federated" else None
    rows = [] if held is None else [dumps(held["configuration"])]
    return page(ask, f"domains('{domain['id']}')/federationConfiguration", rows, None)


def _domains(now: Reading) -> list[Json]:
    (organization,) = now.all("organization")
    return [_domain(each) for each in organization["verifiedDomains"]]


def _named(now: Reading, name: str) -> Json:
    found = next((each for each in _domains(now) if each["id"] == fold(name)), None)
    if found is None:
        raise not_found(name)
    return found


def _domain(verified: Json) -> Json:
    return {
        "id": fold(verified["name"]),
        "authenticationType": verified["type"],
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isDefault": verified["isDefault"],
        "isInitial": verified["isInitial"],
        "isRoot": True,
        "isVerified": True,
        "model": None,
        "passwordNotificationWindowInDays": 14,
        "passwordValidityPeriodInDays": 2147483647,
        "state": None,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"],
    }


ROUTES = (
    Route("GET", PATH, list_domains),
    Route("GET", f"{PATH}/{{id}}", show_domain),
    Route("GET", f"{PATH}/{{id}}/federationConfiguration", list_federations),
)

"""The authentication methods policy, to be read: which methods people may use, and who.

Source: GET /policies/authenticationMethodsPolicy (v1.0, 2025), which takes no query options and shows every configuration.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.builtin import METHODS_POLICY
from perca.tenant.errors import bad_request

PATH = "/policies/authenticationMethodsPolicy"


def show_policy(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The policy; nobody changes it here."""
    if ask.query:
        raise bad_request(f"The query option '{next(iter(ask.query))}' is not supported here.")
    with host.store.reading() as now:
        held = now.get("authenticationMethodsPolicy", METHODS_POLICY["id"]) or METHODS_POLICY
    return answer_with({"@odata.context": ask.context("authenticationMethodsPolicy"), **held})


ROUTES = (Route("GET", PATH, show_policy),)

"""Security Defaults: on or off, and never beside an enabled Conditional Access policy (FACTS.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping

from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.errors import bad_request, malformed

PATH = "/policies/identitySecurityDefaultsEnforcementPolicy"


def show_security_defaults(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Whether Security Defaults are on."""
    with host.store.reading() as now:
        (defaults,) = now.all("securityDefaults")
    context = ask.context("policies/identitySecurityDefaultsEnforcementPolicy/$entity")
    return answer_with({"@odata.context": context, **defaults})


def change_security_defaults(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Turns Security Defaults on or off; on is refused while a Conditional Access policy is enabled (FACTS.md 3.3.12)."""
    sent = ask.object()
    on = sent.get("isEnabled")
    if not isinstance(on, bool):
        raise bad_request("Invalid value specified for property 'isEnabled'.")
    with host.store.writing() as now:
        (defaults,) = now.all("securityDefaults")
        if on and any(policy["state"] == "enabled" for policy in now.all("policies")):
            raise malformed(
                "Security Defaults can't be enabled while a Conditional Access policy is enabled."
            )
        now.put("securityDefaults", defaults["id"], {**defaults, "isEnabled": on})
    return NO_CONTENT


ROUTES = (
    Route("GET", PATH, show_security_defaults),
    Route("PATCH", PATH, change_security_defaults),
)

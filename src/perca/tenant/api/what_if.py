"""What-If: `POST /identity/conditionalAccess/evaluate`, answered from the rules themselves.

Source: FACTS.md section 4. A condition that the request leaves out counts as none, so a policy that has it doesn't apply; the
reason is the first condition that isn't met. What isn't modelled is `notEnoughInformation`, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.errors import BadInput
from perca.model import LocationCondition, LocationScope, PolicyState, SignIn, Tenant
from perca.policy import No, Rule, Rulebook, Unknown, rulebook, value_at
from perca.policy.locations import Locations
from perca.tenant.api.conditional_access import POLICIES, ROOT, written_out
from perca.tenant.api.exchange import Answer, Ask, Route
from perca.tenant.api.host import Host
from perca.tenant.api.odata import page
from perca.tenant.errors import malformed
from perca.tenant.json import Json, dumps
from perca.wire import parse_question

PROVIDER = "multiConditionalAccess"
ANYWHERE = LocationCondition(LocationScope(anywhere=True))


def evaluate(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Which policies would apply to the sign-in, and of the others why not."""
    question = ask.object()
    only = question.pop("appliedPoliciesOnly", False)
    if not isinstance(only, bool) or "perca" in question:
        raise malformed("A parameter of the request is unknown or of the wrong type.")
    for name in ("signInIdentity", "signInContext", "signInConditions"):
        if not isinstance(question.get(name), dict):
            raise malformed(f"The parameter '{name}' is missing.")
    try:
        sign_in = parse_question(question, what_if_defaults=True)
    except BadInput as error:
        raise malformed(error.message) from error
    with host.store.reading() as now:
        tenant = host.present.tenant(now)
        country = question["signInConditions"].get("country") is not None
        reasons = analysis(tenant, sign_in, country=country)
        results = [
            written_out(now, ask, policy)
            | {"policyApplies": reason is None, "analysisReasons": reason or "notSet"}
            for policy in now.all(POLICIES.kind)
            for reason in (reasons.get(policy["id"], "policyNotEnabled"),)
        ]
    kept: list[Json] = [result for result in results if result["policyApplies"] or not only]
    return page(ask, "Collection(microsoft.graph.whatIfAnalysisResult)", map(dumps, kept), None)


def analysis(tenant: Tenant, sign_in: SignIn, *, country: bool = False) -> dict[str, str | None]:
    """For each policy that takes part, why it doesn't apply, or None when it does; `country`: the question names one."""
    book = rulebook(tenant)
    disabled = {policy.id for policy in tenant.policies if policy.state is PolicyState.DISABLED}
    return {
        rule.source.id: reason(rule, book, sign_in, country=country)
        for rule in book.rules
        if rule.source.provider == PROVIDER and rule.source.id not in disabled
    }


def reason(rule: Rule, book: Rulebook, sign_in: SignIn, *, country: bool) -> str | None:
    """The first condition that isn't met; else that too little is known; else None."""
    unclear = False
    for condition in rule.conditions:
        value = value_at(sign_in, condition.coordinate)
        if isinstance(condition, Locations) and value is None and condition.condition != ANYWHERE:
            if not country:
                return "location"
            unclear = True
            continue
        match condition.holds(book, value):
            case No(_, unmet):
                return unmet[0]
            case Unknown():
                unclear = True
    return "notEnoughInformation" if unclear else None


ROUTES = (Route("POST", f"{ROOT}/evaluate", evaluate),)

"""What-If: `POST /identity/conditionalAccess/evaluate`, answered from the rules themselves, in Graph's own terms.

Source: FACTS.md section 4 and 14.2. A condition that the request leaves out counts as none, so a policy that has it doesn't apply; the
reason is the first condition that isn't met. An app group in the place of an app matches no policy that names resources. A user action
is in all resources here, as Microsoft's sample shows, whatever the sign-in service does; a context is asked about by itself.
What isn't modelled is `notEnoughInformation`, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from perca.errors import BadInput
from perca.model import (
    NO_CONTEXT,
    NO_COUNTRY,
    AppId,
    LocationCondition,
    LocationScope,
    PolicyState,
    SignIn,
    Tenant,
    fold,
)
from perca.policy import Answer as Applies
from perca.policy import Condition, No, Rule, Rulebook, Target, Unknown, Yes, rulebook, value_at
from perca.policy.applications import Applications
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
        sign_in = asked(question)
    except BadInput as error:
        raise malformed(error.message) from error
    with host.store.reading() as now:
        reasons = analysis(host.present.tenant(now), sign_in)
        results = [
            written_out(now, ask, policy)
            | {"policyApplies": reason is None, "analysisReasons": reason or "notSet"}
            for policy in now.all(POLICIES.kind)
            for reason in (reasons.get(policy["id"], "policyNotEnabled"),)
        ]
    kept: list[Json] = [result for result in results if result["policyApplies"] or not only]
    return page(ask, "Collection(microsoft.graph.whatIfAnalysisResult)", map(dumps, kept), None)


def asked(question: Json) -> SignIn:
    """The sign-in that the body asks about, what it leaves out read as Graph does. Raises BadInput as `parse_question`."""
    sign_in = parse_question(question, what_if_defaults=True)
    if (
        question["signInConditions"].get("country") is None
    ):  # in no place, not even in one of unknown countries
        sign_in = replace(sign_in, country=NO_COUNTRY)
    apps = question["signInContext"].get("includeApplications")
    words = [AppId(fold(app)) for app in apps if isinstance(app, str)] if isinstance(apps, list) else []
    if sign_in.app is None and words:
        left = tuple(part for part in sign_in.unrecognised if "includeApplications" not in part)
        sign_in = replace(sign_in, app=words[0], audiences=frozenset(words[1:]), unrecognised=left)
    return sign_in


def analysis(tenant: Tenant, sign_in: SignIn) -> dict[str, str | None]:
    """For each policy that takes part, why it doesn't apply, or None when it does."""
    book = rulebook(tenant)
    disabled = {policy.id for policy in tenant.policies if policy.state is PolicyState.DISABLED}
    return {
        rule.source.id: reason(rule, book, sign_in)
        for rule in book.rules
        if rule.source.provider == PROVIDER and rule.source.id not in disabled
    }


def reason(rule: Rule, book: Rulebook, sign_in: SignIn) -> str | None:
    """The first condition that isn't met; else that too little is known; else None."""
    unclear = bool(sign_in.unrecognised)
    for condition in rule.conditions:
        match _answer(condition, book, sign_in):
            case No(_, unmet):
                return unmet[0]
            case Unknown():
                unclear = True
    return "notEnoughInformation" if unclear else None


def _answer(condition: Condition, book: Rulebook, sign_in: SignIn) -> Applies:
    match condition:
        case Locations() if sign_in.address is None and sign_in.country == NO_COUNTRY:
            return Yes() if condition.condition == ANYWHERE else No(unmet=("location",))
        case Applications() if _names_no_app(sign_in):
            everything = condition.condition.include.everything
            reached = everything and (sign_in.action is not None or sign_in.app is not None)
            return Yes() if reached else No(unmet=("application",))
        case Applications():
            target = value_at(sign_in, condition.coordinate)
            assert isinstance(target, Target)
            return condition.holds_by_itself(book, target)
    return condition.holds(book, value_at(sign_in, condition.coordinate))


def _names_no_app(sign_in: SignIn) -> bool:
    """Whether the question is about an action, a context alone, or an app group."""
    if sign_in.app is None:
        return sign_in.action is not None or sign_in.context != NO_CONTEXT
    return "-" not in sign_in.app


ROUTES = (Route("POST", f"{ROOT}/evaluate", evaluate),)

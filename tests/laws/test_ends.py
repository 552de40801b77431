"""How sign-ins end: more rules never end one better, a fact that is removed never opens a way, and policies don't share controls.

Over every control, first factor, session, device, flow, home and risk, and each of them unknown.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from perca.model import (
    BuiltIn,
    ClientApp,
    Credential,
    CrossTenantAccess,
    CustomFactor,
    Device,
    External,
    ExternalKind,
    Flow,
    InboundTrust,
    NotRead,
    Registration,
    RiskCondition,
    RiskLevel,
    Session,
    SessionControls,
    SignIn,
    SignInFrequency,
    StrengthControl,
    StrengthId,
    Tenant,
    TenantId,
    TermsOfUse,
    UnrecognisedControl,
    UserAction,
)
from perca.policy import Outcome, Rule, Source, outcome
from perca.policy.capability import Capability, capability_of
from perca.policy.coordinates import Coordinate
from perca.policy.outcome import unclear
from perca.policy.requirement import demand
from perca.policy.risks import Risk
from perca.policy.strengths import BUILT_IN, combinations
from support.small import ADA, MAIL, SOMETHING, person, tenant

GRANTED, PROMPT, BLOCKED, OPEN = Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED, Outcome.NOT_ASSESSED
WORSE = [GRANTED, PROMPT, OPEN, BLOCKED]
maybe = st.none() | st.booleans()

OWN = StrengthControl(
    StrengthId("own"), combinations("fido2; password,sms; narrowed:x,windowsHelloForBusiness")
)
controls = st.sampled_from(
    [
        *BuiltIn,
        *(StrengthControl(id, allowed) for id, allowed in BUILT_IN.items()),
        OWN,
        StrengthControl(StrengthId("unread")),
        TermsOfUse("terms"),
        CustomFactor("duo"),
        UnrecognisedControl("odd"),
    ]
)
clauses = st.frozensets(controls, min_size=1, max_size=3)
frequencies = st.builds(SignInFrequency, st.sampled_from([None, 60, 1440]), st.booleans())
sessions = st.sampled_from([SessionControls()] * 4) | st.builds(
    SessionControls, st.none() | frequencies, maybe, st.sampled_from([(), (), (SOMETHING,)])
)
RISKS = (
    Risk(RiskCondition(frozenset({RiskLevel.HIGH})), Coordinate.SIGN_IN_RISK),
    Risk(RiskCondition(frozenset({RiskLevel.HIGH})), Coordinate.USER_RISK),
)
rules = st.builds(
    lambda asked, risk, session: Rule("r", Source("x", "r", "R"), risk, tuple(asked), session=session),
    st.lists(clauses, max_size=2),
    st.sampled_from([(), (), *((each,) for each in RISKS)]),
    sessions,
)

methods = st.frozensets(
    st.sampled_from(["password", "sms", "fido2", "windowshelloforbusiness", "externalx"]), max_size=3
)
session_facts = st.just(Session()) | st.builds(
    Session,
    maybe,
    maybe,
    maybe,
    st.sampled_from([None, 0, 30, 90, 5000]),
    st.sampled_from([frozenset(), frozenset({"terms"})]),
    st.none() | methods,
)
devices = st.builds(Device, maybe, st.sampled_from([None, "AzureAD", "ServerAD", "none"]))
externals = st.none() | st.builds(
    External, st.none() | st.sampled_from(ExternalKind), st.sampled_from([None, TenantId("home")])
)
risk_levels = st.sampled_from([RiskLevel.NONE, RiskLevel.HIGH])


def possible(sign_in: SignIn) -> SignIn:
    """The sign-in without what can't be: a legacy client carries nothing of a session and begins by no flow."""
    if sign_in.user is None and sign_in.external is None:
        sign_in = replace(sign_in, external=External(ExternalKind.DIRECT_CONNECT))
    if sign_in.client is None or not sign_in.client.is_legacy:
        return sign_in
    kept = Session(age=sign_in.session.age, accepted=sign_in.session.accepted)
    return replace(sign_in, session=kept, flow=Flow.NONE, credential=Credential.PASSWORD)


sign_ins = st.builds(
    SignIn,
    user=st.sampled_from([ADA, ADA, None]),
    app=st.just(MAIL),
    client=st.sampled_from([ClientApp.BROWSER, ClientApp.MODERN, ClientApp.OTHER, ClientApp.ACTIVE_SYNC]),
    sign_in_risk=risk_levels,
    user_risk=risk_levels,
    credential=st.sampled_from(Credential),
    device=devices,
    session=session_facts,
    external=externals,
    flow=st.sampled_from(Flow),
    action=st.sampled_from([None, None, None, *UserAction]),
).map(possible)
trusts = st.builds(InboundTrust, st.booleans(), st.booleans(), st.booleans())
registrations = st.builds(
    Registration,
    st.just(ADA),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("mobilePhone",), ("mobilePhone", "passKeyDeviceBound")]),
)
tenants = st.builds(
    lambda synchronised, guest, trust, row: tenant(
        users={ADA: replace(person(ADA), synchronised=synchronised, **guest)},
        cross_tenant=CrossTenantAccess(trust),
        registrations={ADA: row},
    ),
    st.booleans(),
    st.sampled_from(
        [
            {"user_type": "Member", "creation_type": ""},
            {"user_type": "Guest", "creation_type": "Invitation"},
            {"user_type": "Guest", "creation_type": ""},
        ]
    ),
    trusts,
    registrations,
)


def ends(asking: list[Rule], able: Capability) -> Outcome:
    return outcome(demand(asking), able)


@given(st.lists(rules, max_size=3), rules, tenants, sign_ins)
def test_one_rule_more_never_ends_a_sign_in_better(
    asking: list[Rule], more: Rule, data: Tenant, sign_in: SignIn
) -> None:
    able = capability_of(data, sign_in)
    less, all_of_them = ends(asking, able), ends([*asking, more], able)
    assert WORSE.index(less) <= WORSE.index(all_of_them)


@given(st.lists(clauses, min_size=1, max_size=4), tenants, sign_ins)
def test_policies_do_not_share_controls(asked: list, data: Tenant, sign_in: SignIn) -> None:
    """What several ask for ends as the worst of them: no control of one answers for another's."""
    able = capability_of(data, sign_in)
    each = [Rule(str(n), Source("x", str(n), ""), (), (clause,)) for n, clause in enumerate(asked)]
    alone = [ends([rule], able) for rule in each]
    assert ends(each, able) is max(alone, key=WORSE.index)
    assert demand(each).clauses == frozenset(asked)


def is_consistent(data: Tenant, sign_in: SignIn) -> bool:
    """Whether the sign-in says nothing of the person that the directory contradicts."""
    if sign_in.external is None or sign_in.user is None:
        return True
    invited = data.users[ADA].creation_type == "Invitation"
    return invited and sign_in.external.kind in (None, ExternalKind.COLLABORATION_GUEST)


def without(data: Tenant, sign_in: SignIn, drop: frozenset[str]) -> tuple[Tenant, SignIn]:
    """The tenant and the sign-in without these facts."""
    user = data.users[ADA]
    if "synchronised" in drop:
        user = replace(user, synchronised=None)
    if "creation" in drop and user.user_type == "Guest":
        user = replace(user, creation_type=None)
    seen = replace(data, users={ADA: user})
    if "trust" in drop:
        seen = replace(seen, cross_tenant=NotRead("hidden"))
    if "row" in drop:
        seen = replace(seen, registrations={})
    if "capable" in drop:
        rows = {key: replace(row, is_mfa_capable=None) for key, row in seen.registrations.items()}
        seen = replace(seen, registrations=rows)
    names = drop & {"client", "flow"}
    asked = replace(sign_in, **dict.fromkeys(names))
    if "device" in drop:
        asked = replace(asked, device=Device())
    if "kind" in drop and asked.external is not None:
        asked = replace(asked, external=External(None, asked.external.tenant))
    if "tenant" in drop and asked.external is not None:
        asked = replace(asked, external=External(asked.external.kind, None))
    return seen, asked


FACTS = "synchronised creation trust row capable client flow device kind tenant".split()


@given(
    st.lists(rules, min_size=1, max_size=2),
    tenants,
    sign_ins,
    st.frozensets(st.sampled_from(FACTS), min_size=1),
)
@settings(max_examples=400)
def test_a_fact_that_is_removed_changes_no_claim(
    asking: list[Rule], data: Tenant, sign_in: SignIn, drop: frozenset[str]
) -> None:
    """Whatever is said without a fact is true with it: blocked stays blocked, and granted was granted."""
    if not is_consistent(data, sign_in):
        sign_in = replace(sign_in, external=None)
    true = ends(asking, capability_of(data, sign_in))
    claimed = ends(asking, capability_of(*without(data, sign_in, drop)))
    assert claimed in (OPEN, true)


@given(st.lists(rules, min_size=1, max_size=2), tenants, sign_ins)
def test_a_first_factor_or_a_session_that_is_not_told_opens_no_way(
    asking: list[Rule], data: Tenant, sign_in: SignIn
) -> None:
    """What isn't told of them is taken for nothing done; only a session's age is then that of a session that begins."""
    true = ends(asking, capability_of(data, sign_in))
    less = replace(sign_in, credential=None, session=Session(age=sign_in.session.age))
    claimed = ends(asking, capability_of(data, less))
    assert claimed is not GRANTED or true in (GRANTED, OPEN)


@given(st.lists(rules, min_size=1, max_size=2), tenants, sign_ins)
def test_whatever_is_open_has_a_name(asking: list[Rule], data: Tenant, sign_in: SignIn) -> None:
    able = capability_of(data, sign_in)
    asked = demand(asking)
    if outcome(asked, able) is OPEN and not asked.unread:
        assert all(unclear(asked, able))
        assert list(unclear(asked, able))

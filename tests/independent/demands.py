"""What is asked for at a sign-in: by policies, per-user MFA, Security Defaults and Microsoft's own mandatory MFA.

A demand is when it is made, and a set of things of which any one will do; a block is a demand that nothing meets. MFA is a set, too:
of the combinations of methods that are MFA, and of MFA that was done elsewhere. So one demand asks for no less than another iff its
set is within the other's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from independent import words
from independent.people import People
from independent.places import Places
from independent.sign_in import NO, YES, Bool, SignIn, Snapshot, both, either, opposite, sure
from independent.targets import Targets

Thing = str | frozenset[str]
"""A combination of methods; or `mfa`, for all that is MFA; or something else by its name."""
MFA = "mfa"
NOTHING: frozenset[Thing] = frozenset()


@dataclass(frozen=True)
class Demand:
    """Any one of these will do, where `when` holds."""

    when: Bool
    any_of: frozenset[Thing]


def is_mfa(thing: Thing) -> bool:
    """Whether whoever shows it has done MFA (FACTS 10.4)."""
    if isinstance(thing, str):
        return thing == MFA
    two = thing & words.FIRST_FACTORS and thing & words.SECOND_FACTORS
    return bool(thing & words.MFA_BY_ITSELF or two)


def is_no_less(one: frozenset[Thing], other: frozenset[Thing]) -> bool:
    """Whether all that meets the one meets the other."""
    return all(thing in other or (MFA in other and is_mfa(thing)) for thing in one)


def demands(sign_in: SignIn, snapshot: Snapshot) -> list[Demand]:
    """All demands of a tenant; each source stands for itself."""
    people, places = People(sign_in, snapshot), Places(sign_in, snapshot)
    targets = Targets(sign_in, snapshot)
    return [
        *(
            each
            for policy in snapshot["policies"]
            for each in of_policy(sign_in, snapshot, policy, people, places, targets)
        ),
        *of_per_user_mfa(sign_in, snapshot, places),
        *of_security_defaults(sign_in, snapshot, people),
        *of_mandatory_mfa(sign_in, snapshot),
    ]


# ------------------------------------------------------------------------------------------------ Conditional Access


def of_policy(
    sign_in: SignIn,
    snapshot: Snapshot,
    policy: dict[str, Any],
    people: People,
    places: Places,
    targets: Targets,
) -> Iterator[Demand]:
    """What a policy asks for where all of its conditions hold."""
    conditions = policy["conditions"]
    flows = flags((conditions.get("authenticationFlows") or {}).get("transferMethods"))
    when = both(
        is_on(sign_in, policy),
        people.are_meant(conditions["users"]),
        targets.are_meant(conditions["applications"]),
        places.are_meant(conditions.get("locations")),
        is_by_client(sign_in, conditions.get("clientAppTypes")),
        is_by_platform(sign_in, conditions.get("platforms")),
        sign_in.flow.is_one_of(flows or words.FLOWS),
        sign_in.sign_in_risk.is_one_of(conditions.get("signInRiskLevels") or words.RISKS),
        sign_in.user_risk.is_one_of(conditions.get("userRiskLevels") or words.RISKS),
        sign_in.insider_risk.is_one_of(flags(conditions.get("insiderRiskLevels")) or words.INSIDER_RISKS),
    )
    grant = policy.get("grantControls")
    if grant is None:
        return
    retired = sign_in.fact("approvedApplication isn't asked for any more")
    for guard, chosen in controls(sign_in, snapshot, grant, people):
        for any_of in clauses(grant["operator"], chosen):
            without = any_of - {"approvedApplication"}
            if without == any_of:
                yield Demand(both(when, guard), any_of)
            else:
                yield Demand(both(when, guard, opposite(retired)), any_of)
                if without:
                    yield Demand(both(when, guard, retired), without)


def is_on(sign_in: SignIn, policy: dict[str, Any]) -> Bool:
    """Only an enabled policy acts; one without a state may."""
    if policy.get("state") is None:
        return sign_in.fact(f"{policy['id']} is on")
    return sure(policy["state"] == "enabled")


def is_by_client(sign_in: SignIn, kinds: list[str] | None) -> Bool:
    """No kinds, or `all`, are all of them."""
    return sign_in.client.is_one_of(words.CLIENTS if not kinds or "all" in kinds else kinds)


def is_by_platform(sign_in: SignIn, platforms: dict[str, Any] | None) -> Bool:
    """What no list names is only in all platforms."""
    if not platforms:
        return YES
    include, exclude = platforms["includePlatforms"], platforms.get("excludePlatforms") or ()
    included = sign_in.platform.is_one_of(words.PLATFORMS if "all" in include else include)
    return both(included, opposite(sign_in.platform.is_one_of(exclude)))


def flags(text: str | None) -> list[str]:
    return text.split(",") if text else []


def clauses(operator: str, chosen: list[frozenset[Thing]]) -> list[frozenset[Thing]]:
    """OR makes one of all controls, AND one of each (3.3.3); a block is met by nothing."""
    if operator == "OR" and chosen:
        return [frozenset().union(*chosen)]
    return chosen


def controls(
    sign_in: SignIn, snapshot: Snapshot, grant: dict[str, Any], people: People
) -> Iterator[tuple[Bool, list[frozenset[Thing]]]]:
    """The sets of things that meet each control. Of people who don't sign in with Entra no strength is asked; whether they are
    asked for what a policy names besides, nobody says."""
    others: list[frozenset[Thing]] = [
        *(NOTHING if each == "block" else frozenset({each}) for each in grant.get("builtInControls") or ()),
        *(frozenset({f"terms {each}"}) for each in grant.get("termsOfUse") or ()),
        *(frozenset({f"factor {each}"}) for each in grant.get("customAuthenticationFactors") or ()),
    ]
    strength = grant.get("authenticationStrength")
    if strength is None:
        yield YES, others
        return
    besides = sign_in.fact("what stands beside a strength is asked of whom no strength is")
    yield people.sign_in_with_entra(), [*others, combinations(snapshot, strength["id"])]
    yield both(opposite(people.sign_in_with_entra()), besides), others


def combinations(snapshot: Snapshot, strength: str) -> frozenset[Thing]:
    """The combinations of methods that a strength allows."""
    held = {each["id"]: each["allowedCombinations"] for each in snapshot["authenticationStrengths"]}
    allowed = held.get(strength) or words.BUILT_IN_STRENGTHS[strength]
    return frozenset(frozenset(each.split(",")) for each in allowed)


# --------------------------------------------------------------------------------------------- per-user MFA and others


def of_per_user_mfa(sign_in: SignIn, snapshot: Snapshot, places: Places) -> Iterator[Demand]:
    """FACTS 1.4 and 2: MFA in every modern client, except from the trusted IPs. A legacy client's ordinary password is refused of
    somebody enforced, because no MFA can be done there; of somebody enabled not before registration is finished; an app password
    never. Inside the trusted IPs that hangs on whether an app password was ever made."""
    trusted = places.are_trusted_ips()
    registered = {row["id"]: row.get("isMfaRegistered") for row in snapshot["registrations"]}
    for user in snapshot["users"]:
        who = user["id"]
        enforced, enabled = states(sign_in, user)
        finished = sign_in.fact(f"{who} finished registering")
        if registered.get(who) is False:
            finished = NO
        cut_off = either([enforced, both(enabled, finished)])
        made_one = sign_in.fact(f"{who} ever made an app password")
        modern = both(opposite(sign_in.is_legacy()), either([enforced, enabled]), opposite(trusted))
        legacy = both(
            sign_in.is_legacy(),
            sign_in.credential.is_("password"),
            cut_off,
            either([opposite(trusted), made_one]),
        )
        yield Demand(both(sign_in.who.is_(who), either([modern, legacy])), frozenset({MFA}))


def states(sign_in: SignIn, user: dict[str, Any]) -> tuple[Bool, Bool]:
    """Whether the person is enforced, and whether enabled; of a state that nobody read, one, the other or neither."""
    state = user.get("perUserMfaState")
    if state is not None:
        return sure(state == "enforced"), sure(state == "enabled")
    one, other = sign_in.fact(f"{user['id']} isn't disabled"), sign_in.fact(f"{user['id']} is enforced")
    return both(one, other), both(one, opposite(other))


def of_security_defaults(sign_in: SignIn, snapshot: Snapshot, people: People) -> Iterator[Demand]:
    """FACTS 5. What no page says is open: roles at a unit, the mobile app, and whom else Microsoft asks when."""
    if not snapshot["securityDefaults"]["isEnabled"]:
        return
    concerned = opposite(people.hold_role([words.SYNCHRONISATION]))
    at_azure = sign_in.app.is_one_of((words.ARM, words.AZURE_PORTAL, words.AZURE_CLI, words.AZURE_POWERSHELL))
    at_phone = both(
        sign_in.app.is_(words.AZURE_MOBILE), sign_in.fact("the mobile app reaches Resource Manager")
    )
    of_a_unit = both(
        people.hold_role(words.ADMINISTRATORS, at_a_unit=True),
        sign_in.fact("roles of units count for Security Defaults"),
    )
    yield Demand(both(concerned, sign_in.is_legacy()), NOTHING)
    yield Demand(
        both(concerned, either([people.hold_role(words.ADMINISTRATORS), of_a_unit])), frozenset({MFA})
    )
    yield Demand(both(concerned, either([at_azure, at_phone])), frozenset({MFA}))
    yield Demand(both(concerned, sign_in.fact("Microsoft judges MFA necessary")), frozenset({MFA}))


def of_mandatory_mfa(sign_in: SignIn, snapshot: Snapshot) -> Iterator[Demand]:
    """FACTS 9 and 13.3: the portals ask; the tools do for creating, changing and deleting, which no sign-in shows."""
    changes = sign_in.fact("something will be created, changed or deleted")
    tools = (words.ARM, words.AZURE_CLI, words.AZURE_POWERSHELL, words.AZURE_MOBILE)
    if snapshot["takenAt"][:10] < "2025-10-01":
        raise ValueError("what held before mandatory MFA came isn't modelled")
    yield Demand(sign_in.app.is_(words.AZURE_PORTAL), frozenset({MFA}))
    yield Demand(both(sign_in.app.is_one_of(tools), changes), frozenset({MFA}))
    center = sign_in.fact("that application is the Microsoft 365 admin center")
    yield Demand(both(sign_in.app.is_(words.ADMIN_CENTER), center), frozenset({MFA}))

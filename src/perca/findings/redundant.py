"""Policies that decide nothing: that can never apply, or without which all is asked for just the same.

The exact questions are `prove.redundancy`'s; this chooses of which policies they are worth asking, within a budget, and says what was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.model import ConditionalAccessPolicy, PolicyId, PolicyState, Tenant
from perca.policy import Coordinate, Rule, entails, rulebook
from perca.policy.conditional_access import PROVIDER
from perca.prove.redundancy import instead_of, is_redundant, never_applies
from perca.space import Universe

MOST = 60
"""Of so many policies it is asked whether they are redundant; the others aren't told of."""


def redundant(tenant: Tenant, over: Universe) -> Iterator[Finding]:
    """The policies that can never apply, and those that could go and nothing would change."""
    asked = 0
    for rule, policy in _asking(tenant):
        nowhere = never_applies(tenant, rule, over)
        if nowhere is not None:
            yield finding(
                Kind.NEVER_APPLIES, Severity.LOW, policy.id, policies=(policy.id,), named=(_WORDS[nowhere],)
            )
            continue
        asked += 1
        if asked <= MOST and _may_be(tenant, rule) and is_redundant(tenant, policy.id, over):
            enough = instead_of(tenant, rule, over)
            yield finding(
                Kind.REDUNDANT,
                Severity.LOW,
                policy.id,
                policies=(policy.id,),
                named=tuple(each.source.display_name or each.key for each in enough),
            )


def _asking(tenant: Tenant) -> Iterator[tuple[Rule, ConditionalAccessPolicy]]:
    """The rules of policies for people that are on, read as a whole, and ask for something."""
    held = {policy.id: policy for policy in tenant.policies}
    for rule in rulebook(tenant).rules:
        policy = held.get(PolicyId(rule.source.id))
        if rule.source.provider != PROVIDER or policy is None or rule.key != policy.id:
            continue
        if policy.state is PolicyState.ENABLED and policy.workloads is None and not policy.unrecognised:
            yield rule, policy


def _may_be(tenant: Tenant, rule: Rule) -> bool:
    """Whether each of its demands is entailed by that of some other rule: else it is asked for nowhere else."""
    others = [
        frozenset(each.clauses) for each in rulebook(tenant).rules if each.enforced and each.key != rule.key
    ]
    return all(any(entails(given, clause) for given in others) for clause in rule.clauses)


_WORDS = {
    Coordinate.PRINCIPAL: "it is about nobody",
    Coordinate.TARGET: "it is about no resource",
    Coordinate.CONTEXT: "it is about no context",
    Coordinate.CHANNEL: "no client, platform and flow go together as it asks",
    Coordinate.NETWORK: "it is about no place",
    Coordinate.SIGN_IN_RISK: "it is about no risk",
    Coordinate.USER_RISK: "it is about no risk",
    Coordinate.INSIDER_RISK: "it is about no risk",
    Coordinate.DEVICE: "it is about no device that there can be",
    Coordinate.NOTHING: "its conditions exclude each other",
}

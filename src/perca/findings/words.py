"""What a finding says, and what would mend it, in product words: one text for each kind, with who and what put in."""

from __future__ import annotations

from collections.abc import Sequence

from perca.findings import gap_words
from perca.findings.finding import Finding, Kind
from perca.findings.methods import NOT_READ
from perca.findings.text import Text
from perca.findings.unnamed import groups_named_so
from perca.model import Tenant, UserId

MOST = 3
"""At most this many people or policies are named in a sentence."""


TEXTS: dict[Kind, Text] = {
    Kind.TOO_FEW_EMERGENCY_ACCOUNTS: Text(
        "fewer than two emergency access accounts are declared{only}",
        "",
        "keep two, and name each with --emergency",
    ),
    Kind.EMERGENCY_BARRED: Text(
        "emergency account{s} {who} {do}n't get in at some sign-ins",
        "emergency account{s} {who} may not get in",
        "look at what asks at that sign-in, and give the account what it needs for it",
    ),
    Kind.EMERGENCY_NOT_EXCLUDED: Text(
        "{policies} {is_p} about emergency account{s} {who}",
        "{policies} may be about emergency account{s} {who}",
        "exclude the account{s} from the policy by id",
    ),
    Kind.EMERGENCY_EXCLUDED_BY_GROUP: Text(
        "{policies} leave{p_s} emergency account{s} {who} out only as a member of {named}: whoever may edit the group may lock the account out",
        "",
        "exclude the account{s} from the policy by id, too",
    ),
    Kind.EMERGENCY_DISABLED: Text(
        "emergency account{s} {who} {is_w} disabled",
        "emergency account{s} {who} may be disabled",
        "enable the account{s}",
    ),
    Kind.EMERGENCY_SYNCHRONISED: Text(
        "emergency account{s} {who} come{verb_s} from a directory on premises",
        "emergency account{s} {who} may come from a directory on premises",
        "use an account that was made in the cloud",
    ),
    Kind.EMERGENCY_OUTSIDE_INITIAL_DOMAIN: Text(
        "emergency account{s} {who} {is_w} no account of the tenant's own on its onmicrosoft.com domain",
        "emergency account{s} {who} may not be on the onmicrosoft.com domain",
        "give it a name on the onmicrosoft.com domain, which no registrar and no federation can take away",
    ),
    Kind.EMERGENCY_FEDERATED: Text(
        "emergency account{s} {who} sign{verb_s} in through a federated domain",
        "emergency account{s} {who} may sign in through a federated domain",
        "move it to the onmicrosoft.com domain",
    ),
    Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR: Text(
        "emergency account{s} {who} {do}n't hold Global Administrator",
        "emergency account{s} {who} may not be a permanent Global Administrator",
        "assign the role to the account itself, permanently and active",
    ),
    Kind.EMERGENCY_WITHOUT_STRONG_METHOD: Text(
        "emergency account{s} {who} {has} neither a passkey nor a certificate that may be used, and Microsoft's own portals require MFA",
        "emergency account{s} {who} may have neither a passkey nor a certificate",
        "register a passkey, and keep it where two people can reach it",
    ),
    Kind.EMERGENCY_NEVER_TESTED: Text(
        "emergency account{s} {who} {was} never tested: no sign-in within 90 days",
        "whether emergency account{s} {who} {was} tested within 90 days isn't known",
        "sign in with it, and write down when",
    ),
    Kind.NO_ADMINISTRATOR_GETS_IN: Text(
        "apart from emergency accounts nobody who may change policies gets into the portal",
        "apart from emergency accounts it isn't certain that somebody who may change policies gets into the portal",
        "let one more administrator in before anything else is changed",
    ),
    Kind.ADMINISTRATOR_BARRED: Text(
        "{who} may change policies and can't get into the portal",
        "{who} may change policies, and may not get into the portal",
        "leave them out of {policies}, or give them what is asked for",
    ),
    Kind.NEVER_GETS_IN: Text(
        "{who} can't get in anywhere",
        "{who} may not get in anywhere",
        "leave them out of {policies}, or give them what is asked for",
    ),
    Kind.CANNOT_REGISTER: Text(
        "{who} {has} no method, and {policies} ask{p_s} for one before one can be registered",
        "{who} may have no method, and {policies} may keep them from registering one",
        "allow temporary access passes and issue one, or let {policies} leave out a trusted place",
    ),
    Kind.REGISTERS_ONLY_SOMEWHERE: Text(
        "{who} {has} no method, and by {policies} can register one only from some places, devices or with a pass",
        "{who} may have no method, and by {policies} may register one only from some places, devices or with a pass",
        "tell them where and with what to register, or issue temporary access passes",
    ),
    Kind.SYNCHRONISATION_CAUGHT: Text(
        "{policies} keep{p_s} out {who}: an account that synchronises directories answers no prompt",
        "{policies} may keep out an account that synchronises directories",
        "exclude the role Directory Synchronization Accounts from the policy",
    ),
    Kind.UNATTENDED_CAUGHT: Text(
        "{policies} keep{p_s} out {who}, where nobody is there to answer a prompt",
        "{who} {has_none} and {is_w} asked for MFA: a room, a shared mailbox, a device or a service among them would be locked out",
        "exclude such accounts by id, and cover them by a policy of their own (a place, a compliant device); name services with --unattended",
    ),
    Kind.STRENGTH_NOBODY_MEETS: Text(
        "nobody whom {policies} {is_p} about has the methods for {named}",
        "",
        "let people register these methods, and keep the policy off until they have",
    ),
    Kind.STRENGTH_NOT_MET: Text(
        "{who} {do}n't have the methods for {named}, which {policies} ask{p_s} for",
        "{who} may not have the methods for {named}, which {policies} ask{p_s} for",
        "let them register these methods, or leave them out of the policy",
    ),
    **gap_words.TEXTS,
}


def sentence(tenant: Tenant, finding: Finding) -> str:
    """What is so, or may be, in one sentence."""
    text = TEXTS[finding.kind]
    return _put(tenant, finding, text.so if finding.assessed else text.unsure)


def fix(tenant: Tenant, finding: Finding) -> str:
    """What would mend it."""
    return _put(tenant, finding, TEXTS[finding.kind].fix)


NONE_NAMED = "no emergency access accounts were named (--emergency): where a policy leaves them out on purpose, closing that gap may lock everybody out"


def warning(tenant: Tenant, finding: Finding) -> str:
    """Why it may be dangerous to mend it; empty where there is nothing to warn of."""
    return (
        "; ".join(filter(None, (NONE_NAMED, likeness(tenant, finding)))) if finding.may_be_emergency else ""
    )


def likeness(tenant: Tenant, finding: Finding) -> str:
    """By what some of a gap's people, or an excluded group, look like emergency access accounts; empty where none do."""
    said = []
    if finding.alike:
        who = _listed([_person(tenant, each) for each in finding.alike])
        hold = "holds" if len(finding.alike) == 1 else "hold"
        said.append(f"{who} {hold} Global Administrator on the onmicrosoft.com domain, as such accounts do")
    if groups := [f"`{each}`" for each in groups_named_so(tenant, finding)]:
        said.append(f"{_listed(groups)} is named after such accounts")
    return "; ".join(said) if finding.may_be_emergency else ""


def _put(tenant: Tenant, finding: Finding, text: str) -> str:
    names = {policy.id: policy.display_name or policy.id for policy in tenant.policies}
    policies = [f"`{names.get(each, each)}`" for each in finding.policies]
    who = [_person(tenant, each) for each in finding.people]
    one, one_policy = len(who) == 1, len(policies) < 2
    return text.format(
        s="" if one else "s",
        verb_s="s" if one else "",
        do="does" if one else "do",
        has="has" if one else "have",
        has_none="may have no method"
        if NOT_READ in finding.missing
        else f"{'has' if one else 'have'} no method",
        is_w="is" if one else "are",
        was="was" if one else "were",
        p_s="s" if one_policy else "",
        is_p="is" if one_policy else "are",
        who=_listed(who) or "somebody",
        policies=_listed(policies) or "some policy",
        named=_listed([f"`{each}`" for each in finding.named]),
        only=f": {_listed(who)}" if who else "",
        **gap_words.more(tenant, finding),
    )


def _person(tenant: Tenant, id: UserId) -> str:
    held = tenant.users.get(id)
    return (held.user_principal_name if held is not None else "") or id


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more

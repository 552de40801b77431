"""`perca status`: for each person, by which source MFA is required, and whether always, sometimes or never.

Coverage is `prove.coverage`'s, over all sign-ins to resources. What Security Defaults ask at Microsoft's discretion is never certain and
counts for nothing. Microsoft's own mandatory MFA is left out of the word for all sources and told beside it: no tenant sets it, and it covers its
portals and tools alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Table, Tone
from perca.cli.commands import TABLE
from perca.cli.files import tenant_in
from perca.cli.granted import granted
from perca.cli.options import AsJson, Snapshot
from perca.errors import BadInput
from perca.model import TENANT_SCOPE, GroupId, NotRead, ObjectId, Tenant, User, UserId
from perca.policy import Coordinate, No, Principal, Rule, Rulebook, covers, rulebook
from perca.policy.conditional_access import PROVIDER
from perca.policy.mandatory_mfa import PROVIDER as MANDATORY_MFA
from perca.policy.per_user import SOURCE as PER_USER
from perca.policy.security_defaults import DISCRETION
from perca.policy.security_defaults import PROVIDER as SECURITY_DEFAULTS
from perca.prove import Coverage, assumptions, coverage

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class Status:
    """Everybody's coverage by all sources that a tenant has a say in, by each of them alone, and by Microsoft's mandatory MFA."""

    tenant: Tenant
    all: Mapping[UserId, Coverage]
    conditional_access: Mapping[UserId, Coverage]
    security_defaults: Mapping[UserId, Coverage]
    mandatory_mfa: Mapping[UserId, Coverage]
    per_user: Mapping[UserId, Coverage]


@app.command(help=TABLE["status"])
def status(
    snapshot: Snapshot,
    people: Annotated[bool, typer.Option("--people", help="List each person, not only the numbers.")] = False,
    json: AsJson = False,
    json_lines: Annotated[bool, typer.Option("--json-lines", help="One JSON object a person.")] = False,
) -> Answer:
    """Exits 3 when somebody isn't assessed."""
    if json and json_lines:
        raise BadInput("--json and --json-lines at once", "choose one of them")
    found = status_of(tenant_in(snapshot))
    return Answer(
        "status",
        lambda: as_json(found),
        lambda: as_text(found, people),
        frozenset({3} if Coverage.NOT_ASSESSED in found.all.values() else ()),
        "walk",
        view_of(json, json_lines),
        lambda: rows(found),
    )


def status_of(tenant: Tenant) -> Status:
    """The status of everybody in the tenant; BadInput when it holds nobody."""
    if not tenant.users:
        raise BadInput(
            "a question about nobody: the file holds no people", "take a snapshot with `perca snapshot take`"
        )
    return Status(
        tenant,
        coverage(tenant, rules=lambda rule: _counts_for(rule) and rule.source.provider != MANDATORY_MFA),
        coverage(tenant, rules=lambda rule: rule.source.provider == PROVIDER),
        coverage(tenant, rules=lambda rule: _counts_for(rule) and rule.source.provider == SECURITY_DEFAULTS),
        coverage(tenant, rules=lambda rule: rule.source.provider == MANDATORY_MFA),
        coverage(tenant, rules=lambda rule: rule.source == PER_USER),
    )


def _counts_for(rule: Rule) -> bool:
    """Whether the rule can make a sign-in covered: what Microsoft may ask or not, as it judges, never does."""
    return not rule.key.startswith(DISCRETION)


def as_json(found: Status) -> Json:
    """The status in the words of CONTRACT."""
    return {"people": list(rows(found)), "summary": summary(found), "assumptions": list(taken(found.tenant))}


def taken(tenant: Tenant) -> Iterable[str]:
    """What the words take for granted."""
    yield "Microsoft's mandatory MFA for admin portals and tools is told for itself and not counted among all sources"
    if any(not _counts_for(rule) for rule in rulebook(tenant).rules):
        yield "what Security Defaults ask at Microsoft's discretion is not counted: it is never certain"
    yield from assumptions(tenant)


def summary(found: Status) -> Json:
    """How many people there are of each kind."""
    states = Counter(_state(user) or "notRead" for user in found.tenant.users.values())
    return {
        "people": len(found.tenant.users),
        "mfa": _counts(found.all),
        "conditionalAccess": _counts(found.conditional_access),
        "securityDefaults": _counts(found.security_defaults),
        "mandatoryMfa": _counts(found.mandatory_mfa),
        "perUserMfa": _counts(found.per_user),
        "perUserMfaState": {word: states[word] for word in ("disabled", "enabled", "enforced", "notRead")},
    }


def _counts(words: Mapping[UserId, Coverage]) -> Json:
    counted = Counter(words.values())
    return {word.value: counted[word] for word in Coverage}


def rows(found: Status) -> Iterator[Json]:
    """One object a person."""
    book = rulebook(found.tenant)
    chosen = [rule for rule in book.rules if rule.source.provider == PROVIDER and covers(rule)]
    roles = roles_of(found.tenant, book)
    return (_row(found, user, book, chosen, roles) for user in found.tenant.users.values())


def _row(
    found: Status, user: User, book: Rulebook, chosen: Iterable[Rule], roles: Mapping[UserId, list[str]]
) -> Json:
    registered = found.tenant.registrations.get(user.id)
    return {
        "id": user.id,
        "userPrincipalName": user.user_principal_name,
        "displayName": user.display_name,
        "perUserMfaState": _state(user),
        "perUserMfa": found.per_user[user.id].value,
        "securityDefaults": found.security_defaults[user.id].value,
        "mandatoryMfa": found.mandatory_mfa[user.id].value,
        "conditionalAccess": {
            "mfa": found.conditional_access[user.id].value,
            "policies": [rule.key for rule in chosen if _is_about(rule, book, user.id)],
        },
        "mfa": found.all[user.id].value,
        "registered": registered.is_mfa_registered if registered else None,
        "capable": registered.is_mfa_capable if registered else None,
        "methods": list(registered.methods) if registered else None,
        "roles": roles.get(user.id, []),
    }


def _state(user: User) -> str | None:
    return None if isinstance(user.per_user_mfa, NotRead) else user.per_user_mfa.value


def _is_about(rule: Rule, book: Rulebook, user: UserId) -> bool:
    """Whether the rule may be about this person, whatever else it asks of a sign-in."""
    return not any(
        isinstance(condition.holds(book, Principal(user)), No)
        for condition in rule.conditions
        if condition.coordinate is Coordinate.PRINCIPAL
    )


def roles_of(tenant: Tenant, book: Rulebook) -> Mapping[UserId, list[str]]:
    """The roles that people hold at the scope of the tenant, by themselves or through a group."""
    found: dict[UserId, dict[str, None]] = {}
    if isinstance(tenant.role_assignments, NotRead):
        return {}
    for each in tenant.role_assignments:
        if each.scope != TENANT_SCOPE:
            continue
        user = UserId(each.principal)
        holders: Iterable[ObjectId] = (
            [each.principal] if user in tenant.users else book.membership(GroupId(each.principal)).people
        )
        for holder in holders:
            found.setdefault(UserId(holder), {})[each.role] = None
    return {user: list(roles) for user, roles in found.items()}


_SOURCES = (
    ("all sources of the tenant", "mfa"),
    ("Conditional Access", "conditionalAccess"),
    ("per-user MFA", "perUserMfa"),
    ("Security Defaults", "securityDefaults"),
    ("Microsoft's mandatory MFA", "mandatoryMfa"),
)


def as_text(found: Status, people: bool) -> Iterator[Block]:
    """The numbers; each person when asked for."""
    tenant, count = found.tenant, summary(found)
    yield Line(
        f"{tenant.display_name or 'The tenant'}: {words.counted(len(tenant.users), 'person', 'people')}",
        Tone.STRONG,
    )
    yield Heading("MFA (or a block) is required")
    cells = tuple((name, *(f"{count[key][word.value]:,}" for word in Coverage)) for name, key in _SOURCES)
    yield Table(("by", *(f"#{words.COVERAGE[word.value][0]}" for word in Coverage)), cells)
    yield Heading("Per-user MFA")
    states = count["perUserMfaState"]
    yield Table(
        ("#disabled", "#enabled", "#enforced", "#not read"),
        (tuple(f"{number:,}" for number in states.values()),),
    )
    if people:
        yield Heading("Each person")
        yield Table(
            ("person", "MFA", "per-user", "Conditional Access", "registered"), tuple(map(_cells, rows(found)))
        )
    yield from granted(taken(tenant))


def _cells(row: Json) -> tuple[str, ...]:
    registered = {True: "yes", False: "no", None: "not known"}[row["registered"]]
    by_policies = words.COVERAGE[row["conditionalAccess"]["mfa"]][0]
    return (
        row["userPrincipalName"] or row["id"],
        words.COVERAGE[row["mfa"]][0],
        row["perUserMfaState"] or "not read",
        by_policies,
        registered,
    )

"""A plan: who is moved, in which waves, by which steps, what was proved of every state, what can't be undone.

Pure: a snapshot and a goal in, a plan out, or Refused with the reasons. A plan is a document (`perca/plan/1`); its steps follow from
its people and its order, so a document whose steps say otherwise is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from perca.errors import BadInput, Refused
from perca.migrate.goal import (
    NOT_REGISTERED,
    REGISTRATION_UNKNOWN,
    Choice,
    Held,
    LegacyUse,
    Moved,
    choose,
)
from perca.migrate.guard import has_passkey, locked_out
from perca.migrate.safe import StateProof, check
from perca.migrate.steps import Step, Wave, backward, change, forward
from perca.migrate.words import does, needs, seen, undoes
from perca.model import NotRead, PerUserState, PolicyState, Tenant, UserId, fold
from perca.prove import always_mfa, assumptions

Json = dict[str, Any]
FORMAT = "perca/plan/1"
MOST_POLICIES = 240
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator chose."""

    emergency: tuple[UserId, ...]
    without_emergency_accounts: bool = False
    waves: int = 1
    soak: float = DAY
    """Seconds to wait after the policy was seen to act, before anything is disabled."""


@dataclass(frozen=True)
class Plan:
    """Everything that is needed to carry the migration out, to check it and to take it back."""

    marker: str
    """Eight characters that make the plan's group and policy findable again after a crash."""
    tenant_id: str
    tenant_name: str
    made_at: str
    options: Options
    choice: Choice
    assumptions: tuple[str, ...]
    before: Json = field(repr=False)
    """The snapshot that the plan was made from."""
    proofs: tuple[StateProof, ...] = ()
    """What was proved when the plan was made; a plan read from a document carries its summary instead."""
    proved: tuple[Json, ...] = ()

    @property
    def name(self) -> str:
        """The name of the group and of the policy."""
        return f"Require MFA, moved from per-user MFA (Perca {self.marker})"

    @property
    def nickname(self) -> str:
        """The group's mail nickname, by which it is found."""
        return f"perca-{self.marker}"

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The people of each wave with the states they were in, in order."""
        return tuple(
            MappingProxyType({person.id: person.state for person in wave}) for wave in self.choice.waves
        )

    @property
    def moved(self) -> tuple[UserId, ...]:
        """Everybody who is moved."""
        return tuple(person.id for person in self.choice.moved)

    @property
    def concerned(self) -> tuple[UserId, ...]:
        """Everybody whom the promise is about: moved, held back, and staying."""
        return (*self.moved, *(h.id for h in self.choice.held), *(s.id for s in self.choice.stays))

    def steps(self) -> tuple[Step, ...]:
        """The way forward."""
        return forward(self.name, self.waves, self.options.emergency)

    def undo(self, only: tuple[int, ...] | None = None) -> tuple[Step, ...]:
        """The way back; `only` takes some waves back and leaves the rest."""
        return backward(self.waves, only)

    def exceptions(self) -> tuple[str, ...]:
        """What a rollback can't bring back exactly."""
        enabled = [person for person in self.choice.moved if person.state is PerUserState.ENABLED]
        found = [
            f"{p.user_principal_name}: `enabled` comes back as `enforced`, "
            + ("if" if REGISTRATION_UNKNOWN in p.flags else "since")
            + " an MFA method is registered"
            for p in enabled
            if NOT_REGISTERED not in p.flags
        ]
        unregistered = sum(NOT_REGISTERED in person.flags for person in enabled)
        if unregistered:
            found.append(
                f"{unregistered} who are `enabled` and not registered: "
                "whoever registers a method meanwhile comes back as `enforced`"
            )
        found.append("the policy and the group stay among the deleted objects for 30 days")
        found.append("turning per-user MFA back on ends people's sessions: they sign in again")
        return tuple(found)

    def digest(self) -> str:
        """A name for exactly this plan: the hash of its document without the proofs."""
        return str(replace(self, proofs=(), proved=()).to_json()["digest"])

    def to_json(self) -> Json:
        """The document."""
        summary = [_proof_json(each) for each in self.proofs] or list(self.proved)
        by_step: dict[str, list[Json]] = {}
        for each in summary:
            by_step.setdefault(each["step"], []).append(each)
        document: Json = {
            "format": FORMAT,
            "marker": self.marker,
            "tenantId": self.tenant_id,
            "tenantName": self.tenant_name,
            "madeAt": self.made_at,
            "goal": "group",
            "joiners": "people who join later are not in the group: they need a policy of their own",
            "options": {
                "emergency": list(self.options.emergency),
                "withoutEmergencyAccounts": self.options.without_emergency_accounts,
                "waves": self.options.waves,
                "soakSeconds": float(self.options.soak),
            },
            "group": {"displayName": self.name, "mailNickname": self.nickname, "owners": []},
            "people": [
                {**_person_json(person), "wave": number}
                for number, wave in enumerate(self.choice.waves, start=1)
                for person in wave
            ],
            "heldBack": [
                {"id": h.id, "userPrincipalName": h.user_principal_name, "reason": h.reason, "until": h.until}
                for h in self.choice.held
            ],
            "stays": [_person_json(person) for person in self.choice.stays],
            "steps": [{**step_json(step), "proof": by_step.get(step.id, [{}])[-1]} for step in self.steps()],
            "rollback": [
                {**step_json(step), "proof": by_step.get(step.id, [{}])[-1]} for step in self.undo()
            ],
            "exceptions": list(self.exceptions()),
            "assumptions": list(self.assumptions),
            "replay": "not replayed: past sign-ins were not run through the new policy",
            "promise": {
                "alwaysMfa": "everybody moved needs MFA at every sign-in to a resource",
                "neverWeaker": "at no moment does anybody need less than before",
                "people": len(self.moved),
            },
            "before": self.before,
        }
        return document | {"digest": _digest(document)}


def make(
    snapshot: Json,
    tenant: Tenant,
    options: Options,
    legacy: LegacyUse,
    *,
    marker: str,
    made_at: str,
) -> Plan:
    """The plan for the goal `group`, proved state by state in both directions; raises Refused with the reasons.

    `tenant` is what `wire` made of `snapshot`; `marker` comes from entropy, `made_at` from a clock.
    """
    _check_tenant(tenant, options)
    _check_emergency(tenant, options)
    choice = choose(tenant, options.emergency, legacy, options.waves)
    plan = Plan(
        marker=marker,
        tenant_id=tenant.id,
        tenant_name=tenant.display_name,
        made_at=made_at,
        options=options,
        choice=choice,
        assumptions=_assumptions(tenant, legacy),
        before=snapshot,
    )
    proofs = tuple(prove(plan, tenant))
    failing = [each for each in proofs if not each.holds]
    if failing:
        raise Refused(f"the plan can't be made safely: {failing[0].words(tenant)}", "nothing was written")
    return replace(plan, proofs=proofs)


def prove(plan: Plan, tenant: Tenant) -> Sequence[StateProof]:
    """Every state of the way forward and of the way back from its end; and that the end covers everybody moved."""
    steps = plan.steps()
    proofs = list(check(tenant, steps, plan.options.emergency))
    done = tuple((s.id, made, True) for s in steps if (made := change(s.action)) is not None)
    proofs += check(tenant, plan.undo(), plan.options.emergency, start=done)
    end = tenant
    for _, made, _ in done:
        end = made.on(end, True)
    proofs.append(StateProof("end", (), always_mfa(end, plan.moved), locked_out(end, plan.options.emergency)))
    return proofs


def _check_emergency(tenant: Tenant, options: Options) -> None:
    if len(set(options.emergency)) < 2 and not options.without_emergency_accounts:
        raise Refused(
            f"{len(set(options.emergency))} emergency accounts are declared, and two are needed",
            "name two with --emergency, or say --without-emergency-accounts",
        )
    for person in options.emergency:
        user = tenant.users.get(person)
        if user is None:
            raise BadInput(
                f"emergency account `{person}` is not in the data", "give a user principal name or an id"
            )
        if user.is_guest or user.synchronised:
            kind = "a guest" if user.is_guest else "synchronised from outside the cloud"
            raise Refused(
                f"emergency account `{user.user_principal_name}` is {kind}", "declare a cloud-only account"
            )
        if not has_passkey(tenant.registrations.get(person)):
            raise Refused(
                f"emergency account `{user.user_principal_name}` has no phishing-resistant method that we know of",
                "register a passkey for it: Microsoft's own mandatory MFA asks it for MFA at the admin portals",
            )
    refused = locked_out(tenant, options.emergency)
    if refused:
        raise Refused(
            refused[0], "exclude emergency accounts by id from that policy, or declare other accounts"
        )


def _check_tenant(tenant: Tenant, options: Options) -> None:
    if tenant.security_defaults is True:
        raise Refused(
            "Security Defaults are on: no Conditional Access policy can be turned on beside them",
            "turning them off first would open a gap for everybody; this goal does not do that",
        )
    enabled = any(policy.state is PolicyState.ENABLED for policy in tenant.policies)
    if isinstance(tenant.security_defaults, NotRead) and not enabled:
        raise Refused(
            f"whether Security Defaults are on is not known: {tenant.security_defaults}", "read them first"
        )
    unread = [gap for gap in tenant.missing if gap.what.split("/")[-1] in ("policies", "users")]
    if unread:
        raise Refused(
            f"{unread[0].what} could not be read: {unread[0].why}", "take the snapshot with enough rights"
        )
    if len(tenant.policies) >= MOST_POLICIES:
        raise Refused(f"the tenant has {len(tenant.policies)} policies and holds no more", "delete one first")
    if options.soak < 0:
        raise BadInput(f"a soak of {options.soak} seconds makes no sense", "give a time of zero or more")


def _assumptions(tenant: Tenant, legacy: LegacyUse) -> tuple[str, ...]:
    found = list(assumptions(tenant))
    if legacy.days is None:
        found.append(f"nobody's use of legacy clients is known: {legacy.why_not}")
    else:
        found.append(f"legacy clients: no row in {legacy.days} days is no evidence, not evidence of none")
    found.append("user actions (registering security info, joining a device) are outside the question")
    found.append("past sign-ins were not replayed against the new policy")
    found.append("anybody who may edit the group can take a person out of MFA; it is made without owners")
    return tuple(found)


def _person_json(person: Moved) -> Json:
    return {
        "id": person.id,
        "userPrincipalName": person.user_principal_name,
        "state": str(person.state),
        "flags": list(person.flags),
    }


def step_json(step: Step) -> Json:
    """The step as it stands in the document."""
    return {
        "id": step.id,
        "kind": step.kind,
        "wave": step.wave,
        "needs": needs(step),
        "does": does(step),
        **undoes(step),
        "seen": seen(step),
    }


def _proof_json(each: StateProof) -> Json:
    return {
        "step": each.step,
        "settling": list(each.open),
        "question": each.proof.question,
        "holds": each.proof.holds,
        "people": each.proof.people,
        "combinations": str(each.proof.combinations),
    }


def _digest(document: Mapping[str, Any]) -> str:
    """The hash of a document but for its `digest`: against careless edits, the snapshot's too, not against forgery."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read(document: Mapping[str, Any]) -> Plan:
    """The plan that a document holds. Raises BadInput for one of another format, or whose parts contradict each other."""
    if document.get("format") != FORMAT:
        raise BadInput(
            f"not a plan: format is `{document.get('format')}`", f"give a file of format `{FORMAT}`"
        )
    if document.get("digest") != _digest(document):
        raise BadInput("the plan was edited: it doesn't match its digest", "make the plan again")
    try:
        options = document["options"]
        waves: dict[int, list[Moved]] = {}
        for entry in document["people"]:
            waves.setdefault(int(entry["wave"]), []).append(_moved(entry))
        plan = Plan(
            marker=str(document["marker"]),
            tenant_id=str(document["tenantId"]),
            tenant_name=str(document["tenantName"]),
            made_at=str(document["madeAt"]),
            options=Options(
                emergency=tuple(UserId(fold(str(each))) for each in options["emergency"]),
                without_emergency_accounts=bool(options["withoutEmergencyAccounts"]),
                waves=int(options["waves"]),
                soak=float(options["soakSeconds"]),
            ),
            choice=Choice(
                tuple(tuple(waves[number]) for number in sorted(waves)),
                tuple(
                    Held(UserId(h["id"]), h["userPrincipalName"], h["reason"], h["until"])
                    for h in document["heldBack"]
                ),
                tuple(_moved(entry) for entry in document["stays"]),
            ),
            assumptions=tuple(document["assumptions"]),
            before=document["before"],
            proved=tuple(s["proof"] for s in (*document["steps"], *document["rollback"]) if s["proof"]),
        )
        steps = [{key: s[key] for key in s if key != "proof"} for s in document["steps"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            f"the plan can't be read: {type(error).__name__} {error}", "make the plan again"
        ) from error
    if steps != [step_json(step) for step in plan.steps()] or not plan.choice.moved:
        raise BadInput("the plan's steps don't follow from its people: it was edited", "make the plan again")
    return plan


def _moved(entry: Mapping[str, Any]) -> Moved:
    state = PerUserState(entry["state"])
    return Moved(UserId(entry["id"]), str(entry["userPrincipalName"]), state, tuple(entry["flags"]))

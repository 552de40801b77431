"""The steps in words: what each needs, does and undoes, and how it would be seen done. Text apart from logic."""

from __future__ import annotations

from typing import assert_never

from perca.migrate.steps import (
    AddMembers,
    CheckPolicy,
    CreateGroup,
    CreatePolicy,
    DeleteGroup,
    DeletePolicy,
    ReadStates,
    RemoveMembers,
    SeePolicyAct,
    SetPolicy,
    SetStates,
    Step,
)
from perca.model import PerUserState, PolicyState


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def does(step: Step) -> str:
    """What the step does, in one sentence without a full stop."""
    match step.action:
        case CreateGroup(name):
            return f"create the security group `{name}`, empty and without owners"
        case AddMembers(people):
            return f"make {_people(len(people))} members of the group"
        case CreatePolicy():
            return "create the policy in report-only: the group, all resources, all client types, require MFA"
        case CheckPolicy():
            return "read the policy back, compare its meaning with the plan, and ask What-If about one person"
        case SetPolicy(state):
            return "turn the policy on" if state is PolicyState.ENABLED else f"set the policy to {state}"
        case SeePolicyAct():
            return "wait for a sign-in in which this policy acts, then soak"
        case SetStates(states):
            off = all(state is PerUserState.DISABLED for state in states.values())
            word = "disable" if off else "turn back on"
            return f"{word} per-user MFA of {_people(len(states))}"
        case ReadStates(states):
            return f"read the per-user MFA states of {_people(len(states))} back"
        case RemoveMembers(people):
            return f"take {_people(len(people))} out of the group"
        case DeletePolicy():
            return "delete the policy"
        case DeleteGroup():
            return "delete the group"
        case _:
            assert_never(step.action)


def needs(step: Step) -> list[str]:
    """What must be true of the tenant just before; it is checked again then."""
    forward = [
        "with this step open, nobody concerned is weaker off than before",
        "the emergency accounts get in",
    ]
    back = [
        "with this step open, nobody concerned is weaker off than they would be without the migration",
        "no emergency account is locked out by it",
    ]
    match step.action:
        case CreateGroup() | CreatePolicy():
            return ["the tenant is the plan's", "nothing of that name is there", *forward]
        case AddMembers() | SetPolicy(PolicyState.ENABLED):
            return forward
        case SetStates(states) if all(state is PerUserState.DISABLED for state in states.values()):
            return [
                "the policy is on, means what the plan says, and was seen to act",
                "each person is in the group",
                *forward,
            ]
        case SetStates():
            return ["nothing: what somebody had is given back whatever else is broken"]
        case SetPolicy():
            return [
                "per-user MFA is back, and had a quarter of an hour to act",
                "the group holds nobody whom others put there",
                *back,
            ]
        case RemoveMembers() | DeletePolicy() | DeleteGroup():
            return back
        case CheckPolicy() | SeePolicyAct() | ReadStates():
            return ["the steps that it looks at were asked for"]
        case _:
            assert_never(step.action)


def undoes(step: Step) -> dict[str, str]:
    """How the step is taken back: `undoes`, or `cannotBeUndone`."""
    match step.action:
        case CreateGroup():
            return {"undoes": "delete the group"}
        case AddMembers():
            return {"undoes": "take them out again"}
        case CreatePolicy():
            return {"undoes": "delete the policy"}
        case SetPolicy():
            return {"undoes": "turn the policy off, once per-user MFA is back"}
        case SetStates():
            return {
                "undoes": "write each person's former state back; `enabled` of a registered person becomes `enforced`"
            }
        case RemoveMembers():
            return {"undoes": "make them members again"}
        case DeletePolicy() | DeleteGroup():
            return {"cannotBeUndone": "it is among the deleted objects for 30 days"}
        case CheckPolicy() | SeePolicyAct() | ReadStates():
            return {"undoes": "nothing: it only looks"}
        case _:
            assert_never(step.action)


def seen(step: Step) -> str:
    """How the step would be seen done."""
    match step.action:
        case CreateGroup():
            return "the group is found by its mail nickname"
        case AddMembers():
            return "the members are read back; a sign-in shows it later"
        case CreatePolicy():
            return "the policy is found by its name"
        case CheckPolicy():
            return "same meaning, and What-If answers that it would apply"
        case SetPolicy():
            return "the state is read back; a sign-in shows it later"
        case SeePolicyAct():
            return "a row of the sign-in log, newer than the change, in which this policy applied; its id is in the journal"
        case SetStates() | ReadStates():
            return "each person's state is read back"
        case RemoveMembers():
            return "the members are read back"
        case DeletePolicy() | DeleteGroup():
            return "it is no longer found"
        case _:
            assert_never(step.action)

"""Per-user MFA states, read and written in batches of twenty: there is no list of them and no filter on them.

INVARIANT: `disabled` is returned for a person only if the answer about that person was a success and said so. Everything else
is NotRead with its reason (FACTS.md section 1.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perca.graph import paths
from perca.graph.batching import Answered, Call, Part, Unanswered
from perca.graph.client import Graph
from perca.model import NotRead, PerUserState, UserId

_STATES = {state.value.casefold(): state for state in PerUserState}


async def read_states(graph: Graph, people: Sequence[UserId]) -> dict[UserId, PerUserState | NotRead]:
    """Everybody's state, or why it could not be read."""
    each = list(dict.fromkeys(people))
    parts = await graph.batch([Call("GET", paths.requirements(user)) for user in each], version="beta")
    return {user: state_of(part) for user, part in zip(each, parts, strict=True)}


async def write_states(graph: Graph, states: Mapping[UserId, PerUserState]) -> dict[UserId, str]:
    """Writes the states; returns why, for each person whose write did not certainly succeed."""
    calls = [
        Call("PATCH", paths.requirements(user), {"perUserMfaState": state.value})
        for user, state in states.items()
    ]
    parts = await graph.batch(calls, version="beta")
    return {
        user: _refusal(part)
        for user, part in zip(states, parts, strict=True)
        if not (isinstance(part, Answered) and part.succeeded)
    }


def state_of(part: Part) -> PerUserState | NotRead:
    """What one part of a batch says of a person's state."""
    match part:
        case Unanswered(why):
            return NotRead(why)
        case Answered() if not part.succeeded:
            return NotRead(str(part.fault))
    word = None if part.body is None else part.body.get("perUserMfaState")
    if not isinstance(word, str):
        return NotRead(f"{part.status} without perUserMfaState")
    state = _STATES.get(word.casefold())
    return NotRead("perUserMfaState is a word that isn't known") if state is None else state


def _refusal(part: Part) -> str:
    match part:
        case Unanswered(why):
            return why
        case Answered():
            text = part.fault.text
            return f"{part.fault} ({text})" if text else str(part.fault)

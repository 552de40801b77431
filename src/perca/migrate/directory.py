"""The port through which a migration reads and writes a tenant: what it needs of Microsoft Graph, in product words.

`perca.graph.directory.GraphDirectory` is the one implementation: it talks to the embedded tenant and to a real one in the
same way and isn't told which. What can't be read comes back as NotRead, never as a default; a write that fails raises
RemoteFailed (no answer, or 5xx, or throttled beyond patience), NotAssessed (403) or Refused (the service said no).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from perca.model import GroupId, NotRead, ObjectId, PerUserState, PolicyId, PolicyState, UserId

Json = dict[str, Any]
"""A Graph resource as Graph spells it: it goes through `perca.wire` before anything looks inside."""


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One row of the sign-in log, as far as a migration needs it."""

    id: str
    user: UserId
    at: datetime
    client: str
    """`clientAppUsed` as the log spells it."""
    applied: Mapping[PolicyId, str]
    """The applied policies' results (`success`, `failure`, `notApplied`, …) by policy id."""


class Account(StrEnum):
    """How somebody's account is just now."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    """It is there, and sign-in is blocked."""
    GONE = "gone"
    """The tenant certainly holds no such account."""


class Directory(Protocol):
    """A tenant's directory and policies, read and written through Graph."""

    async def snapshot(self) -> Json:
        """Reads the whole tenant as a `perca/snapshot/1` object; what could not be read is in `missing`."""
        ...

    async def policies(self) -> list[Json]:
        """All Conditional Access policies, every page."""
        ...

    async def policy(self, policy: PolicyId) -> Json | None:
        """One policy, or None when it isn't there."""
        ...

    async def named_locations(self) -> list[Json]:
        """All named locations."""
        ...

    async def strengths(self) -> list[Json]:
        """All authentication strengths."""
        ...

    async def security_defaults(self) -> bool | NotRead:
        """Whether Security Defaults are on."""
        ...

    async def members(self, group: GroupId) -> frozenset[ObjectId] | NotRead:
        """The direct members that are people or groups."""
        ...

    async def member_groups(self, group: GroupId) -> frozenset[GroupId] | NotRead:
        """Those direct members that are groups, or may be."""
        ...

    async def find_group(self, mail_nickname: str) -> GroupId | None:
        """The group with that mail nickname, or None."""
        ...

    async def create_group(self, display_name: str, mail_nickname: str, description: str) -> GroupId:
        """Creates an empty security group without owners."""
        ...

    async def delete_group(self, group: GroupId) -> None:
        """Deletes a group; one that isn't there is no error."""
        ...

    async def add_members(self, group: GroupId, people: Sequence[UserId]) -> None:
        """Makes all of them direct members; those who are already are left alone."""
        ...

    async def remove_members(self, group: GroupId, people: Sequence[UserId]) -> None:
        """Makes none of them direct members; those who aren't are left alone."""
        ...

    async def create_policy(self, body: Json) -> PolicyId:
        """Creates a policy."""
        ...

    async def set_policy_state(self, policy: PolicyId, state: PolicyState) -> None:
        """Changes a policy's state and nothing else."""
        ...

    async def delete_policy(self, policy: PolicyId) -> None:
        """Deletes a policy; one that isn't there is no error."""
        ...

    async def accounts(self, people: Sequence[UserId]) -> Mapping[UserId, Account | NotRead]:
        """Whether these people's accounts are there and may sign in; GONE only where that is certain."""
        ...

    async def per_user_states(self, people: Sequence[UserId]) -> Mapping[UserId, PerUserState | NotRead]:
        """Everybody's per-user MFA state, in batches; a part that failed is NotRead, never `disabled`."""
        ...

    async def set_per_user_states(self, states: Mapping[UserId, PerUserState]) -> Mapping[UserId, str]:
        """Writes the states, in batches; returns why, for each person whose write did not succeed."""
        ...

    async def what_if(self, question: Json) -> list[Json]:
        """Asks Graph's What-If (`evaluate`) and returns its results."""
        ...

    async def sign_ins(
        self, *, since: datetime, people: Iterable[UserId] | None = None
    ) -> list[SignInRow] | NotRead:
        """The sign-in log from `since` on, newest first; all people, or only those named."""
        ...

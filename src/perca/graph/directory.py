"""`GraphDirectory`: the port that a migration drives, over Microsoft Graph. It isn't told whose Graph that is.

Reads that are refused come back as NotRead; writes say what came of them, and doing one twice does it once, so that a run that
was killed can be taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from perca.errors import NotAssessed, Refused, RemoteFailed
from perca.graph import accounts, memberships, paths, per_user, sign_ins, snapshot
from perca.graph.client import Graph
from perca.graph.fault import NotThere, not_read
from perca.migrate.directory import Account, Json, SignInRow
from perca.model import (
    GroupId,
    NotRead,
    ObjectId,
    PerUserState,
    PolicyId,
    PolicyState,
    TenantId,
    UserId,
    fold,
)


class GraphDirectory:
    """A tenant behind a Graph client; `mfa_settings` are the operator's word on what Graph can't read."""

    def __init__(self, graph: Graph, *, mfa_settings: Json | None) -> None:
        self._graph = graph
        self._mfa_settings = mfa_settings

    async def organization(self) -> tuple[TenantId, str]:
        """The tenant's id and name."""
        row = await snapshot.read_organization(self._graph)
        return TenantId(fold(row["id"])), str(row.get("displayName") or "")

    async def snapshot(self) -> Json:
        """Reads the whole tenant as a `perca/snapshot/1` object; what could not be read is in `missing`."""
        return await snapshot.take(self._graph, self._mfa_settings)

    async def policies(self) -> list[Json]:
        """All Conditional Access policies, every page."""
        return await self._graph.pages(paths.POLICIES)

    async def policy(self, policy: PolicyId) -> Json | None:
        """One policy, or None when it isn't there."""
        try:
            return await self._graph.get(paths.policy(policy))
        except NotThere:
            return None

    async def named_locations(self) -> list[Json]:
        """All named locations."""
        return await self._graph.pages(paths.NAMED_LOCATIONS)

    async def strengths(self) -> list[Json]:
        """All authentication strengths."""
        return await self._graph.pages(paths.STRENGTHS)

    async def security_defaults(self) -> bool | NotRead:
        """Whether Security Defaults are on."""
        try:
            body = await self._graph.get(paths.SECURITY_DEFAULTS)
        except (NotAssessed, RemoteFailed) as error:
            return not_read(error, "security defaults")
        on = body.get("isEnabled")
        return on if isinstance(on, bool) else NotRead("security defaults: answered without isEnabled")

    async def members(self, group: GroupId) -> frozenset[ObjectId] | NotRead:
        """The direct members that are people or groups, or may be."""
        members = await memberships.read_members(self._graph, group)
        return members if isinstance(members, NotRead) else frozenset(members.principals)

    async def member_groups(self, group: GroupId) -> frozenset[GroupId] | NotRead:
        """Those direct members that are groups, or may be."""
        members = await memberships.read_members(self._graph, group)
        return members if isinstance(members, NotRead) else frozenset(map(GroupId, members.groups))

    async def find_group(self, mail_nickname: str) -> GroupId | None:
        """The group with that mail nickname, or None; Refused when there are two."""
        wanted = f"mailNickname eq {paths.literal(mail_nickname)}"
        rows = await self._graph.pages(paths.filtered(paths.GROUPS, wanted, "$select=id,mailNickname"))
        # Looked at again, so that a service that drops the filter doesn't hand us somebody else's group.
        ids = {
            GroupId(fold(str(row["id"])))
            for row in rows
            if isinstance(row.get("id"), str)
            and fold(str(row.get("mailNickname") or "")) == fold(mail_nickname)
        }
        if len(ids) > 1:
            raise Refused(
                f"{len(ids)} groups have the mail nickname `{mail_nickname}`",
                "delete those that aren't in use",
            )
        return next(iter(ids), None)

    async def create_group(self, display_name: str, mail_nickname: str, description: str) -> GroupId:
        """Creates an empty security group without owners."""
        body = {
            "displayName": display_name,
            "description": description,
            "mailEnabled": False,
            "mailNickname": mail_nickname,
            "securityEnabled": True,
            "groupTypes": [],
        }
        return GroupId(_created(await self._graph.post(paths.GROUPS, body), "group"))

    async def delete_group(self, group: GroupId) -> None:
        """Deletes a group; one that isn't there is no error."""
        await self._delete("/v1.0" + paths.group(group))

    async def add_members(self, group: GroupId, people: Sequence[UserId]) -> None:
        """Makes all of them direct members; those who are already are left alone."""
        await memberships.add(self._graph, group, people)

    async def remove_members(self, group: GroupId, people: Sequence[UserId]) -> None:
        """Makes none of them direct members; those who aren't are left alone."""
        await memberships.remove(self._graph, group, people)

    async def create_policy(self, body: Json) -> PolicyId:
        """Creates a policy."""
        return PolicyId(_created(await self._graph.post(paths.WRITTEN_POLICIES, body), "policy"))

    async def set_policy_state(self, policy: PolicyId, state: PolicyState) -> None:
        """Changes a policy's state and nothing else."""
        await self._graph.patch(paths.written_policy(policy), {"state": state.value}, settling=True)

    async def delete_policy(self, policy: PolicyId) -> None:
        """Deletes a policy; one that isn't there is no error."""
        await self._delete(paths.written_policy(policy))

    async def accounts(self, people: Sequence[UserId]) -> Mapping[UserId, Account | NotRead]:
        """Whether these people's accounts are there and may sign in."""
        return await accounts.read_accounts(self._graph, people)

    async def per_user_states(self, people: Sequence[UserId]) -> Mapping[UserId, PerUserState | NotRead]:
        """Everybody's per-user MFA state, in batches; a part that failed is NotRead, never `disabled`."""
        return await per_user.read_states(self._graph, people)

    async def set_per_user_states(self, states: Mapping[UserId, PerUserState]) -> Mapping[UserId, str]:
        """Writes the states, in batches; returns why, for each person whose write did not succeed."""
        return await per_user.write_states(self._graph, states)

    async def what_if(self, question: Json) -> list[Json]:
        """Asks Graph's What-If (`evaluate`) and returns its results."""
        page = await self._graph.post(paths.WHAT_IF, question, reading=True)
        return await self._graph.rest_of(page, paths.WHAT_IF)

    async def sign_ins(
        self, *, since: datetime, people: Iterable[UserId] | None = None
    ) -> list[SignInRow] | NotRead:
        """The sign-in log from `since` on, newest first; all people, or only those named."""
        return await sign_ins.read_sign_ins(self._graph, since, people)

    async def _delete(self, path: str) -> None:
        try:
            await self._graph.delete(path)
        except NotThere:
            return


def _created(answer: Json, what: str) -> str:
    id = answer.get("id")
    if not isinstance(id, str) or not id:
        raise RemoteFailed(f"a {what} was created and its id not told", "look for it before creating another")
    return fold(id)

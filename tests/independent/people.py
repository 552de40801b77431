"""Whom a policy is about: users, groups at any depth, roles, external people (FACTS 3.2, 3.3.4, 3.3.5, 13.10 and 13.13).

Each question is asked of every user by itself, so that an answer is a disjunction over people.
"""

from __future__ import annotations

from typing import Any

from independent import words
from independent.sign_in import NO, YES, Bool, SignIn, Snapshot, both, either, opposite, sure


class People:
    """Who is what in one tenant, of the people of a sign-in."""

    def __init__(self, sign_in: SignIn, snapshot: Snapshot) -> None:
        self.sign_in = sign_in
        self.snapshot = snapshot
        self.users = {user["id"]: user for user in snapshot["users"]}
        self.groups = {group["id"]: group.get("members") for group in snapshot["groups"]}
        self._members: dict[str, dict[str, Bool]] = {}

    def are_meant(self, users: dict[str, Any]) -> Bool:
        """Whether who signs in is included, and not excluded: exclude beats include."""
        return both(self._side(users, "include"), opposite(self._side(users, "exclude")))

    def _side(self, users: dict[str, Any], side: str) -> Bool:
        kinds = users.get(f"{side}GuestsOrExternalUsers")
        return either(
            [
                *map(self._is_meant, users.get(f"{side}Users") or ()),
                *map(self.are_members, users.get(f"{side}Groups") or ()),
                *(self.hold_role([role]) for role in users.get(f"{side}Roles") or ()),
                *([self._listed(kinds)] if kinds else []),
            ]
        )

    def _is_meant(self, entry: str) -> Bool:
        match entry:
            case "All":
                return YES
            case "GuestsOrExternalUsers":
                return self.are_external(words.EXTERNAL_KINDS, None)
        return self.sign_in.who.is_(entry)

    def _listed(self, kinds: dict[str, Any]) -> Bool:
        tenants = kinds.get("externalTenants") or {}
        members = tenants["members"] if tenants.get("membershipKind") == "enumerated" else None
        return self.are_external(kinds["guestOrExternalUserTypes"].split(","), members)

    def are_members(self, group: str) -> Bool:
        """Whether who signs in is in the group, through any nesting."""
        return either(both(self.sign_in.who.is_(user), self.is_member(group, user)) for user in self.users)

    def is_member(self, group: str, user: str) -> Bool:
        if user not in self._members:
            self._members[user] = self._groups_of(user)
        return self._members[user].get(group, NO)

    def _groups_of(self, user: str) -> dict[str, Bool]:
        """For each group whether the user is in it: as many rounds as there are groups reach through all nesting."""
        found = dict.fromkeys(self.groups, NO)
        for _ in self.groups:
            found = {
                group: either([self._holds(group, user), *self._through(group, found)]) for group in found
            }
        return found

    def _through(self, group: str, found: dict[str, Bool]) -> list[Bool]:
        return [both(self._holds(group, inner), fact) for inner, fact in found.items() if inner != group]

    def _holds(self, group: str, member: str) -> Bool:
        """Whether the member is one by itself; of a group whose members nobody read, who knows."""
        members = self.groups[group]
        if members is None:
            return self.sign_in.fact(f"{group} holds {member}")
        return YES if member in members else NO

    def hold_role(self, roles: Any, *, at_a_unit: bool = False) -> Bool:
        """Whether who signs in holds one of the roles at the scope of the tenant (or else at a unit), by itself or through a group."""
        rows = [row for row in self.snapshot["roleAssignments"] if row["roleDefinitionId"] in roles]
        chosen = [row["principalId"] for row in rows if (row["directoryScopeId"] != "/") is at_a_unit]
        return either([*map(self.sign_in.who.is_, chosen), *(self.are_members(each) for each in chosen)])

    def are_external(self, kinds: Any, tenants: list[str] | None) -> Bool:
        """Whether who signs in is from outside, of one of the kinds, and at home in one of the tenants (None: in any)."""
        found = [
            self.sign_in.who.is_(each)
            for each in self.sign_in.who.values
            if not isinstance(each, str) and each[0] in kinds and (tenants is None or each[1] in tenants)
        ]
        for user in self.users:
            homes = [self.sign_in.fact(f"{user} is at home in {each}") for each in tenants or ()]
            at_home = YES if tenants is None else either(homes)
            kind = either(fact for each, fact in self.kinds_of(user) if each in kinds)
            found.append(both(self.sign_in.who.is_(user), kind, at_home))
        return either(found)

    def kinds_of(self, user: str) -> list[tuple[str, Bool]]:
        """Whether the user is of each kind that has an account: who was invited a guest or a member, who wasn't a local guest.

        A member whose account nothing marks is the tenant's own, as docs/semantics.md has it.
        """
        told = self.users[user]
        invited, guest = sure(is_invited(told)), sure(told.get("userType") == "Guest")
        if invited is NO and "creationType" not in told and told.get("userType") != "Member":
            invited = self.sign_in.fact(f"{user} was invited")
        if "userType" not in told:
            guest = self.sign_in.fact(f"{user} is a guest")
        return [
            (words.GUEST, both(invited, guest)),
            (words.MEMBER, both(invited, opposite(guest))),
            (words.INTERNAL_GUEST, both(opposite(invited), guest)),
        ]

    def sign_in_with_entra(self) -> Bool:
        """Whether a strength can be asked of who signs in: of those invited only if their home is a tenant of Entra.

        Whoever has no account here comes from such a tenant; an account that nothing marks as a guest's is the tenant's own.
        """
        elsewhere = (both(self.sign_in.who.is_(user), self._is_elsewhere(user)) for user in self.users)
        return opposite(either(elsewhere))

    def _is_elsewhere(self, user: str) -> Bool:
        told = self.users[user]
        if told.get("userType") != "Guest" and not is_invited(told):
            return NO
        invited = either(fact for kind, fact in self.kinds_of(user) if kind != words.INTERNAL_GUEST)
        identities = told.get("identities")
        if identities:
            at_entra = sure(any(each["issuer"] == "ExternalAzureAD" for each in identities))
        else:
            at_entra = self.sign_in.fact(f"{user} signs in with Entra")
        return both(invited, opposite(at_entra))


def is_invited(user: dict[str, Any]) -> bool:
    """Whether the account shows that it was made by an invitation."""
    return "#EXT#" in user["userPrincipalName"] or user.get("creationType") == "Invitation"

"""The goal `group`: who is moved, in which wave, who is held back and why, and who stays as they are.

Held back means that moving is worse than staying: a legacy client or an app password in use would stop working, or the state could
not be read. Somebody who is merely unregistered, or has only a phone number, is moved in the last wave and flagged. Emergency
accounts are never moved, and their per-user state is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perca.errors import BadInput, Refused
from perca.model import NotRead, PerUserState, Registration, Tenant, User, UserId, fold

MODERN_CLIENTS = frozenset({"browser", "mobile apps and desktop clients", "modern clients"})
"""What the sign-in log calls clients that can do MFA; anything else is legacy (FACTS.md 6.2)."""

PHONE_METHODS = frozenset({"mobilephone", "alternatemobilephone", "officephone"})


@dataclass(frozen=True, slots=True)
class LegacyUse:
    """What the sign-in log shows of legacy clients: rows by person, over so many days; `days` is None when it wasn't read."""

    days: int | None = None
    rows: Mapping[UserId, int] | None = None
    why_not: str = "the sign-in log was not read"

    def of(self, person: UserId) -> int:
        """How many rows a person has; no row is no evidence, not evidence of none."""
        return (self.rows or {}).get(person, 0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A person to move: the state they are in, and what an administrator should know of them."""

    id: UserId
    user_principal_name: str
    state: PerUserState
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A person held back, still covered by per-user MFA: why, and what would free them."""

    id: UserId
    user_principal_name: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Everybody whom per-user MFA concerns: moved in waves, held back, or staying (emergency accounts)."""

    waves: tuple[tuple[Moved, ...], ...]
    held: tuple[Held, ...]
    stays: tuple[Moved, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Everybody who is moved, wave by wave."""
        return tuple(person for wave in self.waves for person in wave)


def choose(tenant: Tenant, emergency: Sequence[UserId], legacy: LegacyUse, waves: int) -> Choice:
    """Who is moved, held back and left alone, for the goal `group`.

    Raises BadInput when there is nobody to move, Refused when nobody's sign-in could show that the policy acts.
    """
    if waves < 1:
        raise BadInput(f"`{waves}` waves make no plan", "give one wave or more")
    moved: list[Moved] = []
    held: list[Held] = []
    stays: list[Moved] = []
    for user in sorted(tenant.users.values(), key=lambda each: each.id):
        state = user.per_user_mfa
        if user.id in emergency:
            if state in (PerUserState.ENABLED, PerUserState.ENFORCED):
                stays.append(Moved(user.id, user.user_principal_name, PerUserState(str(state))))
        elif isinstance(state, NotRead):
            why = f"per-user MFA state is not known: {state.why}"
            held.append(Held(user.id, user.user_principal_name, why, "the state can be read"))
        elif state is not PerUserState.DISABLED:
            rows = legacy.of(user.id)
            if rows:
                why = f"{rows} sign-ins by legacy clients in {legacy.days} days: a policy would cut them off"
                until = "the client is replaced by one that does modern authentication, or its use has ended"
                held.append(Held(user.id, user.user_principal_name, why, until))
            else:
                flags = flags_of(user, tenant.registrations.get(user.id))
                moved.append(Moved(user.id, user.user_principal_name, state, flags))
    if not moved:
        raise BadInput(
            "there is nobody to move",
            "nobody is enabled or enforced who isn't held back or an emergency account",
        )
    return Choice(_waves(tenant, moved, waves), tuple(held), tuple(stays))


NOT_REGISTERED = "not registered: protected by the password alone until the first sign-in that asks"
PHONE_ONLY = "phone number only: calls and messages end in February 2027"
SIGN_IN_BLOCKED = "sign-in is blocked"
GUEST = "guest"
REGISTRATION_UNKNOWN = "registration is not known"


def flags_of(user: User, registration: Registration | None) -> tuple[str, ...]:
    """What an administrator should know of a person before they are moved."""
    flags = []
    if user.account_enabled is False:
        flags.append(SIGN_IN_BLOCKED)
    if user.is_guest:
        flags.append(GUEST)
    if registration is None or registration.is_mfa_registered is None:
        flags.append(REGISTRATION_UNKNOWN)
    elif not registration.is_mfa_registered:
        flags.append(NOT_REGISTERED)
    elif registration.methods and {fold(method) for method in registration.methods} <= PHONE_METHODS:
        flags.append(PHONE_ONLY)
    return tuple(flags)


def can_show(user: User) -> bool:
    """Whether a sign-in of this person can show that the policy acts: the account must be able to sign in."""
    return user.account_enabled is not False


def _waves(tenant: Tenant, moved: list[Moved], waves: int) -> tuple[tuple[Moved, ...], ...]:
    """Evenly sized waves, the flagged last; in each, the last person is one whose sign-in can be seen.

    A wave in which nobody's sign-in can be seen could never be shown to hold, so it joins the one before it, or else the next.
    """
    last = (NOT_REGISTERED, PHONE_ONLY, REGISTRATION_UNKNOWN)
    ordered = sorted(moved, key=lambda person: (any(flag in last for flag in person.flags), person.id))
    size, more = divmod(len(ordered), min(waves, len(ordered)))
    cut: list[list[Moved]] = []
    start = 0
    for number in range(min(waves, len(ordered))):
        end = start + size + (number < more)
        cut.append(ordered[start:end])
        start = end
    joined: list[list[Moved]] = []
    waiting: list[Moved] = []
    for wave in cut:
        if any(can_show(tenant.users[person.id]) for person in wave):
            joined.append([*waiting, *wave])
            waiting = []
        else:
            (joined[-1] if joined else waiting).extend(wave)
    if waiting:
        raise Refused(
            "nobody who would be moved can sign in, so the policy could never be seen to act",
            "unblock the sign-in of one of them, or leave them as they are",
        )
    return tuple(tuple(sorted(w, key=lambda p: (can_show(tenant.users[p.id]), p.id))) for w in joined)

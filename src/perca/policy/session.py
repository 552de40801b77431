"""How long a session may last: what the session controls of all rules that apply come to, and whether a session is still fresh enough.

Source: concept-session-lifetime (03/2025), concepts-azure-multi-factor-authentication-prompts-session-lifetime (03/2025); FACTS.md 2, 13.7 and
14.5. Of several lifetimes the most restrictive counts. A lifetime shapes prompts: it is compared and told apart, and never counts
as MFA. "Every time" allows for five minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perca.model import ClientApp, PolicyState, Session, SessionControls, SignInFrequency, Tenant

TOLERANCE = 5
"""Minutes within which nobody is asked again, even where it is every time."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What a session may last, in minutes; None where nothing limits it."""

    both: int | None = None
    """Within how many minutes both factors must have been given."""
    second: int | None = None
    """Within how many minutes the second factor must have been given."""
    persistent: bool | None = None
    """Whether a browser's session outlives the browser: always, never, or as the person chooses."""


UNLIMITED = Lifetime()


def lifetime(controls: Iterable[SessionControls]) -> Lifetime:
    """The most restrictive of what they say; `never` beats `always`."""
    both: list[int] = []
    second: list[int] = []
    browser: list[bool] = []
    for each in controls:
        if each.frequency is not None:
            (second if each.frequency.secondary_only else both).append(_minutes(each.frequency))
        if each.persistent_browser is not None:
            browser.append(each.persistent_browser)
    return Lifetime(min(both, default=None), min([*second, *both], default=None), min(browser, default=None))


def _minutes(frequency: SignInFrequency) -> int:
    return TOLERANCE if frequency.minutes is None else frequency.minutes


def is_fresh(limit: Lifetime, session: Session, client: ClientApp | None) -> bool | None:
    """Whether nobody has to sign in again; None where that hangs on how old the session is, or on what isn't documented.

    A session of which nothing is told begins with this sign-in. A legacy client gives the password with each request.
    """
    if limit.second is None:
        return True
    if session.age is None:
        carries_something = session.mfa or session.remembered or session.methods
        return None if carries_something else True
    if session.age < limit.second:
        return True
    modern = client in (ClientApp.BROWSER, ClientApp.MODERN)
    return False if modern and limit.both is not None and session.age >= limit.both else None


def weaker_session(before: Lifetime, after: Lifetime) -> tuple[str, ...]:
    """In what a session may last longer after than before; empty where it may not."""
    return tuple(_longer(before, after))


def _longer(before: Lifetime, after: Lifetime) -> Iterator[str]:
    if _is_longer(before.both, after.both):
        yield f"both factors {_every(before.both)} before, {_every(after.both)} after"
    if _is_longer(before.second, after.second) and (before.second, after.second) != (before.both, after.both):
        yield f"the second factor {_every(before.second)} before, {_every(after.second)} after"
    if _RANK.index(after.persistent) > _RANK.index(before.persistent):
        yield f"browser sessions stay {_WORDS[before.persistent]} before, {_WORDS[after.persistent]} after"


def words_of(limit: Lifetime) -> str:
    """The lifetime in words."""
    parts = [f"both factors {_every(limit.both)}"] if limit.both is not None else []
    if limit.second not in (None, limit.both):
        parts.append(f"the second factor {_every(limit.second)}")
    if limit.persistent is not None:
        parts.append(f"a browser stays signed in {_WORDS[limit.persistent]}")
    return ", ".join(parts) or "without a limit"


_WORDS = {False: "never", None: "as the person chooses", True: "always"}
"""Whether a browser stays signed in, the most restrictive first."""
_RANK = (*_WORDS,)


def _is_longer(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


def _every(minutes: int | None) -> str:
    if minutes is None:
        return "without a limit"
    return "every time" if minutes <= TOLERANCE else f"every {minutes} minutes"


def remembering_beside_frequency(tenant: Tenant) -> tuple[str, ...]:
    """The policies with a sign-in frequency that are on, or may be, while devices remember MFA: the two must not be combined (13.7)."""
    if tenant.mfa_settings.remember_mfa_days is None:
        return ()
    off = (PolicyState.DISABLED, PolicyState.REPORT_ONLY)
    return tuple(
        each.display_name
        for each in tenant.policies
        if each.session.frequency is not None and (each.state not in off or not each.settled)
    )

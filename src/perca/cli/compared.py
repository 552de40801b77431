"""Two tenants beside one another: how many sign-ins change in which way, and the regions where they do."""

from __future__ import annotations

from dataclasses import dataclass, field

from perca.cli.budget import MOST_STATES
from perca.cli.change import missing
from perca.cli.prove import Space
from perca.model import Tenant, UserId
from perca.policy.unread import unread_people
from perca.prove import Budget, Change, Difference, Inquiry, Verdict, about_difference, about_sessions
from perca.prove.questions import DIFFERENCES
from perca.prove.regions import Regions, regions
from perca.prove.walk import BudgetSpent
from perca.space import at_user_actions, universe_of

LOSSES = (Change.WEAKER, Change.INCOMPARABLE)
CHANGES = (*LOSSES, Change.NOT_ASSESSED, Change.NEWLY_BLOCKED, Change.STRONGER)


@dataclass
class Amount:
    """How many sign-ins change in one way, and whose."""

    combinations: int = 0
    people: list[UserId] = field(default_factory=list)


@dataclass(frozen=True)
class Compared:
    """Two tenants beside one another. `not_decided` says why there is no answer, and is None where there is one."""

    before: Tenant
    after: Tenant
    asked: Inquiry[Difference]
    changes: dict[Change, Amount]
    found: Regions[Difference]
    sessions: Regions[Difference]
    may_lose: bool = False
    """Whether there are sign-ins of which nobody knows whether less is asked for."""
    not_decided: str | None = None
    unread: tuple[str, ...] = ()
    """Why there may be people whom nobody read."""

    @property
    def holds(self) -> bool | None:
        """Whether the tenant after is never weaker."""
        if self.not_decided is not None:
            return None
        if any(self.changes[each].combinations for each in LOSSES):
            return False
        return None if self.may_lose or self.unread else True


def compare(
    before: Tenant, after: Tenant, target: Space = Space.RESOURCES, budget: Budget | int = MOST_STATES
) -> Compared:
    """The two, compared for all people that both hold."""
    shared = tuple(user for user in before.users if user in after.users)
    over = universe_of(before, after, people=shared)
    if target is Space.USER_ACTIONS:
        over = at_user_actions(over)
    asked = about_difference(before, after, over, budget)
    changes = {change: Amount() for change in CHANGES}
    none: Regions[Difference] = Regions((), 0)
    try:
        may_lose = False
        for crowd, tally in asked.crowds():
            may_lose = may_lose or any(label.no_less is Verdict.UNKNOWN for label in tally.found)
            for label, (number, _) in tally.found.items():
                changes[label.change].combinations += crowd.weight * number
            for change in {label.change for label in tally.found}:
                changes[change].people.extend(crowd.people)
        found = regions(asked, DIFFERENCES)
        sessions = regions(about_sessions(before, after, over, budget), DIFFERENCES)
    except BudgetSpent as spent:
        return Compared(before, after, asked, changes, none, none, not_decided=str(spent))
    unread = tuple(dict.fromkeys((*unread_people(before), *unread_people(after))))
    return Compared(before, after, asked, changes, found, sessions, may_lose, unread=unread)


def unknown(result: Compared) -> str:
    """Why it isn't known whether the tenant after is never weaker."""
    if result.unread and not result.may_lose:
        return "; ".join(result.unread)
    facts = [fact for region in result.found.regions for fact in missing(region)]
    return "it hangs on facts that are not known: " + "; ".join(list(dict.fromkeys(facts))[:5])

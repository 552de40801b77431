"""By which of its conditions a rule misses sign-ins that it could have covered: what it excludes, or what alone it is about.

INVARIANT: each condition looks at one coordinate and a region is a product, so a rule that applies nowhere in a region misses all of it on
one coordinate at least; which these are is told by the masks, exactly. A policy that misses on one coordinate alone is what makes the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from perca.model import (
    BLOCK,
    ApplicationScope,
    ConditionalAccessPolicy,
    Credential,
    LocationScope,
    NotRead,
    ObjectId,
    RoleAssignment,
    RoleId,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import Channel, Condition, Coordinate, Network, No, Principal, Rule, Rulebook, Yes
from perca.policy.applications import Applications
from perca.policy.channels import ClientApps, Platforms
from perca.policy.contexts import Contexts
from perca.policy.devices import DeviceFilter
from perca.policy.flows import Flows
from perca.policy.locations import Locations
from perca.policy.per_user import SOURCE as PER_USER
from perca.policy.users import Users
from perca.prove.shut_out import ByDeviceCode, ShutOut
from perca.space import Area


class Way(StrEnum):
    """How a policy misses a sign-in; the first are exclusions, the last is that it is about others."""

    EXCLUDES_PERSON = "excludesPerson"
    EXCLUDES_GROUP = "excludesGroup"
    EXCLUDES_ROLE = "excludesRole"
    EXCLUDES_EXTERNALS = "excludesExternals"
    EXCLUDES_PLATFORM = "excludesPlatform"
    EXCLUDES_PLACE = "excludesPlace"
    EXCLUDES_RESOURCE = "excludesResource"
    SKIPS_TRUSTED_IPS = "skipsTrustedIps"
    TAKES_APP_PASSWORDS = "takesAppPasswords"
    ROLE_ONLY_ELIGIBLE = "roleOnlyEligible"
    ROLE_AT_A_UNIT = "roleAtAUnit"
    ONLY_CLIENTS = "onlyClients"
    ONLY_PLATFORMS = "onlyPlatforms"
    ONLY_PLACES = "onlyPlaces"
    ONLY_DEVICES = "onlyDevices"
    ONLY_RESOURCES = "onlyResources"
    ONLY_FLOWS = "onlyFlows"
    ONLY_RISKS = "onlyRisks"
    ONLY_CONTEXTS = "onlyContexts"
    OTHERWISE = "otherwise"
    ASKS_SOMETHING_ELSE = "asksSomethingElse"
    ABOUT_OTHERS = "aboutOthers"


_RANKS = {
    **dict.fromkeys(Way, 0),
    **dict.fromkeys((Way.ONLY_RESOURCES, Way.ONLY_FLOWS, Way.ONLY_RISKS, Way.ONLY_CONTEXTS), 1),
    Way.OTHERWISE: 2,
    Way.ASKS_SOMETHING_ELSE: 2,
    Way.ABOUT_OTHERS: 3,
}
"""What tells most of a gap comes first: an exclusion, or a narrow condition of a policy that is about everything else."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule and the condition by which it misses; `entries` are the ids or words of the policy that do it."""

    rule: str
    """The id of its source."""
    way: Way
    entries: tuple[str, ...] = ()
    through: str = ""
    """How somebody is a member of an excluded group, where that is through another."""

    @property
    def about(self) -> Iterator[str]:
        """What it is about, in ids and words that no number of people changes."""
        yield from (f"{self.rule}/{self.way}/{each}" for each in self.entries or ("",))


def telling(misses: Iterable[Miss]) -> tuple[Miss, ...]:
    """Those of the best rank, each once."""
    found = tuple(dict.fromkeys(misses))
    best = min((_RANKS[each.way] for each in found), default=0)
    return tuple(each for each in found if _RANKS[each.way] == best)


def misses_at(
    book: Rulebook,
    rule: Rule,
    policy: ConditionalAccessPolicy | None,
    coordinate: Coordinate,
    values: Iterable[object],
) -> tuple[Miss, ...]:
    """By which conditions on that coordinate, which isn't the person, the rule misses all of the values.

    A block is narrow on purpose: that it isn't about other clients or platforms makes no gap.
    """
    shown = [next(iter(each)) if isinstance(each, Area) else each for each in values]
    conditions = [each for each in rule.conditions if each.coordinate is coordinate]
    if rule.source == PER_USER:
        return tuple(_of_per_user(rule, coordinate, shown))
    if policy is None or (BLOCK in rule.clauses and coordinate is not Coordinate.NETWORK):
        return ()
    failing = {
        condition: [value for value in shown if isinstance(condition.holds(book, value), No)]
        for condition in conditions
    }
    wholly = [condition for condition, missed in failing.items() if len(missed) == len(shown)]
    chosen = wholly or [condition for condition, missed in failing.items() if missed]
    found = (_miss(book, rule, condition, failing[condition]) for condition in chosen)
    return tuple(each for each in found if BLOCK not in rule.clauses or each.way is Way.EXCLUDES_PLACE)


def _of_per_user(rule: Rule, coordinate: Coordinate, shown: list[object]) -> Iterator[Miss]:
    """Trusted IPs and app passwords are its only ways out for somebody whom it asks; its rules are about one kind of client each."""
    if coordinate is Coordinate.NETWORK:
        yield Miss(rule.source.id, Way.SKIPS_TRUSTED_IPS)
    channels = [each for each in shown if isinstance(each, Channel)]
    if channels and all(each.credential is Credential.APP_PASSWORD for each in channels):
        yield Miss(rule.source.id, Way.TAKES_APP_PASSWORDS)


def _miss(book: Rulebook, rule: Rule, condition: Condition, missed: list[object]) -> Miss:
    def out_or_only(excludes: Way, out: Iterable[str], only: Way, named: Iterable[str]) -> Miss:
        left_out = tuple(out)
        return Miss(rule.source.id, *((excludes, left_out) if left_out else (only, tuple(named))))

    match condition:
        case (
            ShutOut() | ByDeviceCode()
        ):  # the policy applies elsewhere, too, and is met there by other things than MFA
            return Miss(rule.source.id, Way.ASKS_SOMETHING_ELSE)
        case ClientApps(clients):
            return Miss(rule.source.id, Way.ONLY_CLIENTS, tuple(sorted(clients.types)))
        case Platforms(platforms):
            met = {each.platform for each in missed if isinstance(each, Channel)}
            out = sorted(each for each in platforms.exclude if each in met)
            only = sorted(platforms.include)
            return out_or_only(Way.EXCLUDES_PLATFORM, out, Way.ONLY_PLATFORMS, only)
        case Locations(places):
            within = _places_out(book, condition, missed)
            return out_or_only(Way.EXCLUDES_PLACE, within, Way.ONLY_PLACES, places.include.locations)
        case Applications(resources):
            left_out = _resources_out(book, condition, missed)
            return out_or_only(Way.EXCLUDES_RESOURCE, left_out, Way.ONLY_RESOURCES, resources.include.apps)
        case Flows():
            return Miss(rule.source.id, Way.ONLY_FLOWS)
        case Contexts():
            return Miss(rule.source.id, Way.ONLY_CONTEXTS)
        case DeviceFilter():
            return Miss(rule.source.id, Way.ONLY_DEVICES)
    return Miss(rule.source.id, Way.ONLY_RISKS if condition.coordinate in _RISKS else Way.OTHERWISE)


_RISKS = (Coordinate.SIGN_IN_RISK, Coordinate.USER_RISK, Coordinate.INSIDER_RISK)
TRUSTED = "AllTrusted"


def _places_out(book: Rulebook, condition: Locations, missed: list[object]) -> Iterator[str]:
    """The excluded places in which some of them are."""
    out = condition.condition.exclude
    anywhere = LocationScope(anywhere=True)

    def within(scope: LocationScope) -> bool:
        alone = Locations(replace(condition.condition, include=scope, exclude=LocationScope()))
        return any(isinstance(each, Network) and isinstance(alone.holds(book, each), Yes) for each in missed)

    if not within(condition.condition.include if not condition.condition.include.anywhere else anywhere):
        return
    if out.all_trusted and within(LocationScope(all_trusted=True)):
        yield TRUSTED
    yield from (each for each in sorted(out.locations) if within(LocationScope(locations=(each,))))


def _resources_out(book: Rulebook, condition: Applications, missed: list[object]) -> Iterator[str]:
    """The excluded resources among them; all of them where only what an exclusion brings with it is missed (baseline scopes)."""
    asked = condition.condition
    out = asked.exclude
    if not asked.include.everything and not _holds(book, condition, asked.include, missed):
        return
    alone = {
        **{str(each): ApplicationScope(apps=(each,)) for each in sorted(out.apps)},
        **{str(each): ApplicationScope(groups=frozenset({each})) for each in sorted(out.groups)},
    }
    if out.filter is not None:
        alone["filter"] = ApplicationScope(filter=out.filter)
    yield from [name for name, scope in alone.items() if _holds(book, condition, scope, missed)] or alone


def _holds(book: Rulebook, condition: Applications, scope: ApplicationScope, missed: list[object]) -> bool:
    alone = Applications(replace(condition.condition, include=scope, exclude=ApplicationScope()))
    return any(not isinstance(alone.holds(book, each), No) for each in missed)


def misses_of_people(
    book: Rulebook, rule: Rule, policy: ConditionalAccessPolicy | None, people: Iterable[UserId]
) -> Mapping[UserId, Miss]:
    """Why the rule, which is about none of these people, isn't: of each the exclusions that take the person out, or what is said of its role."""
    asked = tuple(people)
    others = Miss(rule.source.id, Way.ABOUT_OTHERS)
    whom = next((each.condition for each in rule.conditions if isinstance(each, Users)), None)
    if policy is None or whom is None:
        return dict.fromkeys(asked, others)
    included = Users(UserCondition(whom.include))
    found: dict[UserId, Miss] = {}
    out = _entries_out(book, whom.exclude, asked)
    near = _nearly_held(book, whom.include)
    for user in asked:
        if whom.include.everyone or not isinstance(included.holds(book, Principal(user)), No):
            found[user] = _excluded(book, rule, user, out.get(user, {}), whom.exclude)
        else:
            found[user] = next(
                (Miss(rule.source.id, way, (role,)) for way, role, who in near if who(user)), others
            )
    return found


Entries = dict[Way, tuple[str, ...]]


def _entries_out(book: Rulebook, out: UserScope, people: tuple[UserId, ...]) -> dict[UserId, Entries]:
    """For each of the people who is excluded, the entries that do it; by whole sets, since people may be very many."""
    found: dict[UserId, Entries] = {}

    def add(way: Way, entry: str, who: Iterable[str]) -> None:
        for each in who:
            mine = found.setdefault(UserId(each), {})
            mine[way] = (*mine.get(way, ()), entry)

    asked = frozenset(ObjectId(each) for each in people)
    add(Way.EXCLUDES_PERSON, "", asked & set(map(ObjectId, out.users)))
    for group in sorted(out.groups):
        add(Way.EXCLUDES_GROUP, group, asked & book.membership(group).people.keys())
    for role in sorted(out.roles):
        add(Way.EXCLUDES_ROLE, role, asked & book.holders(role).people.keys())
    for scope in out.externals:
        alone = Users(UserCondition(UserScope(externals=(scope,))))
        meant = [each for each in people if isinstance(alone.holds(book, Principal(each)), Yes)]
        add(Way.EXCLUDES_EXTERNALS, "+".join(sorted(scope.kinds)), meant)
    return found


def _excluded(book: Rulebook, rule: Rule, user: UserId, by: Entries, out: UserScope) -> Miss:
    """The exclusion of one person: each entry must go for the policy to be about the person, and the ids of groups say most."""
    source = rule.source.id
    for way in (Way.EXCLUDES_GROUP, Way.EXCLUDES_ROLE, Way.EXCLUDES_EXTERNALS):
        if way in by:
            return Miss(
                source, way, by[way], _through(book, user, by[way]) if way is Way.EXCLUDES_GROUP else ""
            )
    if Way.EXCLUDES_PERSON in by:
        return Miss(source, Way.EXCLUDES_PERSON)
    return Miss(source, Way.OTHERWISE)


def _through(book: Rulebook, user: UserId, groups: tuple[str, ...]) -> str:
    for group in groups:
        way = book.membership(next(g for g in book.tenant.groups if g == group)).people.get(ObjectId(user))
        steps = "" if way is None else way.because[0].partition(" › ")[2]
        if steps:
            return steps
    return ""


def _nearly_held(book: Rulebook, include: UserScope) -> list[tuple[Way, RoleId, Callable[[UserId], bool]]]:
    """The roles that a policy names, with who holds each but for being eligible alone, or at a unit alone."""
    tenant = book.tenant

    def among(
        rows: tuple[RoleAssignment, ...] | NotRead, role: RoleId, *, at_unit: bool
    ) -> Callable[[UserId], bool]:
        held = () if isinstance(rows, NotRead) else rows
        principals = {each.principal for each in held if each.role == role and (each.scope != "/") is at_unit}
        people = {UserId(each) for each in principals}
        for group in (each for each in tenant.groups if ObjectId(each) in principals):
            people |= {UserId(each) for each in book.membership(group).people}
        return people.__contains__

    return [
        each
        for role in include.roles
        for each in (
            (Way.ROLE_ONLY_ELIGIBLE, role, among(tenant.role_eligibilities, role, at_unit=False)),
            (Way.ROLE_AT_A_UNIT, role, among(tenant.role_assignments, role, at_unit=True)),
        )
    ]

"""Which applications one side of a policy's target resources holds: all, by id, by Microsoft's groups, by their attributes.

Source: concept-conditional-access-cloud-apps (01/2026) and concept-filter-for-applications (03/2026), FACTS.md 3.2. Entries are alternatives.
Microsoft Graph is an umbrella for other services that no policy can name; what one that names it all the same would do, nobody says.
Nor does anybody say what a negative operator makes of an attribute that an application doesn't have.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.model import (
    GRAPH,
    NATIVE,
    AppGroup,
    AppId,
    Application,
    ApplicationScope,
    Comparison,
    Filter,
    NotRead,
    Value,
    fold,
)
from perca.policy.answer import Answer, No, Unknown, Yes, either, every, may_mean
from perca.policy.app_groups import covered_by, in_app_group, may_be_owned
from perca.policy.directory import View
from perca.policy.filters import POSITIVE, folded, matches, negated

NOT_KNOWN = Unknown(("the resource of the sign-in is not known",))
GRAPH_NAMED = Unknown(("what a policy does that names Microsoft Graph, which the service lets none do",))


def within(
    scope: ApplicationScope, view: View, app: AppId | None, requester: AppId | None
) -> Iterator[Answer]:
    """What each entry of the side says of the application, asked by that client; an application of None is one that we don't know."""
    if scope.everything:
        yield Yes(("all resources",))
    if scope.apps:
        yield _named(scope.apps, app)
    for group in sorted(scope.groups):
        yield _in_group(view, group, app, requester)
    if scope.filter is not None:
        yield _filtered(scope.filter, view, app)
    if scope.unrecognised:
        yield may_mean(scope.unrecognised, "this resource")


def may_hold_owned(scope: ApplicationScope, view: View) -> bool:
    """Whether the side may hold some application that the tenant owns, by anything but the word for all."""
    return bool(
        scope.unrecognised
        or scope.filter is not None
        or AppGroup.AGENT_RESOURCES in scope.groups
        or any(may_be_owned(view, app) for app in scope.apps)
    )


def _named(apps: tuple[AppId, ...], app: AppId | None) -> Answer:
    if app is None:
        return NOT_KNOWN
    if app == GRAPH and app in apps:
        return GRAPH_NAMED
    by = next((each for each in apps if app in covered_by(each)), None)
    if by is None:
        return No(("not named",))
    return Yes((f"resource `{app}` is named" if by == app else f"resource `{app}` belongs to `{by}`",))


def _in_group(view: View, group: AppGroup, app: AppId | None, requester: AppId | None) -> Answer:
    """The admin portals are clients: what they ask for counts as theirs, too."""
    answers = [NOT_KNOWN if app is None else in_app_group(view, group, app)]
    if group is AppGroup.ADMIN_PORTALS and requester != NATIVE:
        if requester is None:
            answers.append(Unknown(("which client asks is not known",)))
        elif requester != app:
            answers.append(in_app_group(view, group, requester))
    return either(answers, f"not in {group}")


def _filtered(condition: Filter, view: View, app: AppId | None) -> Answer:
    if app is None:
        return NOT_KNOWN
    held = view.tenant.applications.get(app)
    if held is None:
        return Unknown((f"application `{app}` is not in the data",))
    name = f"`{held.name or app}`"

    def compared(comparison: Comparison) -> Answer:
        if comparison.operator in POSITIVE and attribute(held, comparison.attribute) is None:
            return Unknown(
                (f"what `{comparison.operator}` says of {name}, which has no {comparison.attribute}",)
            )
        return matches(comparison, lambda each: attribute(held, each), name)

    answer = folded(condition.expression, compared, negated, every)
    return GRAPH_NAMED if app == GRAPH and isinstance(answer, Yes) else answer


def attribute(application: Application, name: str) -> Value | NotRead:
    """The application's custom security attribute; None where it has none of that name."""
    if isinstance(application.attributes, NotRead):
        return application.attributes
    return next((value for known, value in application.attributes if fold(known) == fold(name)), None)

"""Baseline scopes: who is asked when Microsoft Graph is asked for next to nothing, by the old rule, the new one and in between."""

from typing import Any

import pytest

from perca.model import (
    DIRECTORY,
    GRAPH,
    NATIVE,
    NOBODY_CHOSE,
    AppGroup,
    AppId,
    Application,
    ApplicationCondition,
    ApplicationScope,
    Comparison,
    Filter,
    FilterMode,
    FilterOperator,
    NotRead,
    Scopes,
    TenantId,
)
from perca.policy.app_groups import EXCHANGE, SHAREPOINT
from support.small import (
    FILES,
    HERE,
    MAIL,
    OTHER_APP,
    OWN,
    SOMETHING,
    answer,
    applies,
    policy,
    sign_in,
    tenant,
)

ALL = ApplicationScope(everything=True)
NONE = ApplicationScope()
WITH_EXCLUSIONS = ApplicationScope(apps=(MAIL, EXCHANGE))
OLD, NEW = {"baseline_scopes": None}, {"baseline_scopes": DIRECTORY}
PLACEHOLDER = {"baseline_scopes": FILES}
BASELINES = (Scopes.OIDC, Scopes.BASELINE, Scopes.DIRECTORY)


def asks(
    settings: dict[str, Any],
    scopes: Scopes | None = Scopes.BASELINE,
    requester: AppId | None = NATIVE,
    include: ApplicationScope = ALL,
    exclude: ApplicationScope = WITH_EXCLUSIONS,
    app: AppId | None = GRAPH,
) -> bool | None:
    """Whether a policy on these resources applies to the request."""
    one = tenant(policy(applications=ApplicationCondition(include, exclude)), **settings)
    return applies(one, sign_in(app=app, scopes=scopes, requester=requester))


@pytest.mark.parametrize(
    ("scopes", "requester", "before", "after"),
    [
        (Scopes.OIDC, NATIVE, False, True),
        (Scopes.BASELINE, NATIVE, False, True),
        (Scopes.DIRECTORY, NATIVE, True, True),
        (Scopes.MORE, NATIVE, True, True),
        (Scopes.OIDC, MAIL, False, False),
        (Scopes.BASELINE, MAIL, False, True),
        (Scopes.DIRECTORY, MAIL, False, True),
        (Scopes.MORE, MAIL, True, True),
        (Scopes.OIDC, OTHER_APP, True, True),
        (Scopes.BASELINE, OTHER_APP, True, True),
        (Scopes.DIRECTORY, OTHER_APP, True, True),
    ],
)
def test_all_resources_with_exclusions_before_and_after_the_change(
    scopes: Scopes, requester: AppId, before: bool, after: bool
) -> None:
    """A confidential client is left out only where the policy leaves it out; asking for an ID token alone, it is asked for itself."""
    assert asks(OLD, scopes, requester) is before
    assert asks(NEW, scopes, requester) is after


@pytest.mark.parametrize(
    "settings", [OLD, NEW, PLACEHOLDER, {"baseline_scopes": NotRead("403"), "taken_at": ""}]
)
@pytest.mark.parametrize("scopes", [*Scopes, None])
@pytest.mark.parametrize("requester", [NATIVE, MAIL, OTHER_APP, None])
def test_all_resources_without_exclusions_never_depends_on_it(
    settings: dict[str, Any], scopes: Scopes | None, requester: AppId | None
) -> None:
    assert asks(settings, scopes, requester, exclude=NONE)


def test_a_policy_that_leaves_out_the_chosen_application_keeps_the_old_rule() -> None:
    without = ApplicationScope(apps=(MAIL, FILES))
    assert asks(PLACEHOLDER, exclude=without) is False
    assert asks(PLACEHOLDER)
    assert asks(PLACEHOLDER, Scopes.MORE, exclude=without)
    assert asks(PLACEHOLDER, Scopes.DIRECTORY, exclude=without) is None, (
        "more than native clients had, and baseline"
    )


def test_a_policy_on_the_directory_is_asked_after_the_change_and_perhaps_before() -> None:
    directory = ApplicationScope(apps=(DIRECTORY,))
    for scopes in (Scopes.OIDC, Scopes.BASELINE):
        assert asks(NEW, scopes, include=directory, exclude=NONE)
        assert asks(OLD, scopes, include=directory, exclude=NONE) is None
    assert asks(NEW, Scopes.MORE, include=directory, exclude=NONE) is False


def test_baseline_scopes_of_the_directory_itself_count_the_same() -> None:
    assert asks(OLD, app=DIRECTORY) is False
    assert asks(NEW, app=DIRECTORY)
    assert asks(OLD, app=SHAREPOINT), "a token for anything else is no baseline scope"


@pytest.mark.parametrize("exclude", [ApplicationScope(groups=frozenset({AppGroup.OFFICE_365}))])
def test_any_kind_of_exclusion_left_them_out(exclude: ApplicationScope) -> None:
    assert asks(OLD, exclude=exclude) is False
    assert asks(OLD, requester=EXCHANGE, exclude=exclude) is False
    assert asks(OLD, requester=MAIL, exclude=exclude)
    assert asks(OLD, requester=OTHER_APP, exclude=exclude) is None


def test_an_exclusion_that_nobody_can_read_may_be_one() -> None:
    assert asks(OLD, exclude=ApplicationScope(unrecognised=(SOMETHING,))) is None


@pytest.mark.parametrize(
    ("chosen", "day", "expected"),
    [
        (NotRead("403"), "2026-02-28", False),
        (NotRead("403"), "2026-03-01", None),
        (NotRead("403"), "2026-11-01", None),
        (NotRead("403"), "", None),
        (NOBODY_CHOSE, "2026-06-14T23:59:59Z", False),
        (NOBODY_CHOSE, "2026-06-15T00:00:00Z", None),
        (NOBODY_CHOSE, "2026-08-31", None),
        (NOBODY_CHOSE, "2026-09-01", True),
        (NOBODY_CHOSE, "yesterday", None),
        (NOBODY_CHOSE, "", None),
        (None, "2026-11-01", False),
        (DIRECTORY, "2026-04-01", True),
    ],
)
def test_the_date_decides_where_nobody_chose(
    chosen: AppId | NotRead | None, day: str, expected: bool | None
) -> None:
    assert asks({"baseline_scopes": chosen, "taken_at": day}) is expected


def test_an_unread_choice_may_name_any_application_of_the_tenant() -> None:
    unread = {"baseline_scopes": NotRead("403"), "taken_at": "2026-11-01"}
    owned = ApplicationScope(apps=(MAIL,))
    assert asks(unread, include=owned, exclude=NONE) is None
    theirs = {"applications": {MAIL: Application("Theirs", TenantId("another"))}}
    assert asks({**unread, **theirs}, include=owned, exclude=NONE) is False
    assert asks(unread, include=ApplicationScope(apps=(EXCHANGE,)), exclude=NONE) is False
    assert OWN.owner == HERE


TAGGED = Filter(FilterMode.INCLUDE, "", Comparison("A_B", FilterOperator.EQ, ("x",)))


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        (ApplicationScope(filter=TAGGED), None),
        (ApplicationScope(groups=frozenset({AppGroup.AGENT_RESOURCES})), None),
        (ApplicationScope(groups=frozenset({AppGroup.OFFICE_365})), False),
        (ApplicationScope(apps=(MAIL, EXCHANGE)), None),
        (ApplicationScope(unrecognised=(SOMETHING,)), None),
        (ApplicationScope(nothing=True), False),
    ],
)
def test_whether_an_application_of_the_tenant_may_be_protected(
    include: ApplicationScope, expected: bool | None
) -> None:
    """Neither Microsoft Graph nor the directory is, so the answer hangs on that application alone."""
    untagged = Application("Microsoft's", TenantId("another"), attributes=frozenset())
    unread = {
        "baseline_scopes": NotRead("403"),
        "taken_at": "2026-11-01",
        "applications": {GRAPH: untagged, DIRECTORY: untagged},
    }
    assert asks(unread, include=include, exclude=NONE) is expected


def test_an_unread_choice_may_be_the_old_rule_or_the_new() -> None:
    unread = {"baseline_scopes": NotRead("403"), "taken_at": "2026-11-01"}
    for named, scopes in ((GRAPH, Scopes.BASELINE), (DIRECTORY, Scopes.DIRECTORY)):
        assert asks(unread, scopes, include=ApplicationScope(apps=(named,)), exclude=NONE) is None


def test_an_unknown_client_may_be_a_native_one() -> None:
    without = ApplicationScope(apps=(MAIL, FILES))
    assert asks(PLACEHOLDER, Scopes.DIRECTORY, None, exclude=without) is None
    assert asks(PLACEHOLDER, Scopes.DIRECTORY, OTHER_APP, exclude=without) is False


def test_what_is_missing_is_named() -> None:
    one = policy(applications=ApplicationCondition(ALL, WITH_EXCLUSIONS))
    cases = (
        (NEW, {"scopes": None, "requester": MAIL}, "which scopes the sign-in asks for is not known"),
        (OLD, {"scopes": Scopes.BASELINE, "requester": None}, "which client asks is not known"),
        (
            {"baseline_scopes": NotRead("403"), "taken_at": ""},
            {"scopes": Scopes.OIDC},
            "how baseline scopes are enforced: 403",
        ),
    )
    for settings, asked, fact in cases:
        assert fact in answer(tenant(one, **settings), sign_in(app=GRAPH, **asked)).answer.facts  # type: ignore[union-attr]  # Unknown


@pytest.mark.parametrize("scopes", BASELINES)
def test_not_knowing_the_client_or_the_scopes_never_makes_an_answer_surer(scopes: Scopes) -> None:
    for settings in (OLD, NEW, PLACEHOLDER):
        for requester in (NATIVE, MAIL, OTHER_APP):
            known = asks(settings, scopes, requester)
            assert asks(settings, None, requester) in (None, known)
            assert asks(settings, scopes, None) in (None, known)

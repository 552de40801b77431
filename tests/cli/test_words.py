"""Whatever a region may hold has a name: one that had none ended the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from perca.cli import finding, words
from perca.cli.blocks import plain
from perca.cli.membership import whoever
from perca.cli.region import sentence
from perca.findings import Finding, Kind, Severity
from perca.findings.gap_words import because_of
from perca.findings.misses import Miss, Way
from perca.model import (
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    AppId,
    ClientApp,
    ContextId,
    Credential,
    Device,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    RiskLevel,
    Scopes,
    SignIn,
    Tenant,
    TenantId,
    User,
    UserId,
)
from perca.policy import Channel, Coordinate, Target
from perca.policy.admin_tools import MOBILE
from perca.policy.app_groups import EXCHANGE
from perca.prove import Verdict, about_always_mfa
from perca.prove.hypothetical import Somebody
from perca.prove.regions import Region, Side, regions
from perca.space import ANY_OTHER_APP, ANY_OTHER_TENANT, CHANNELS, universe_of


@pytest.mark.parametrize("credential", Credential)
def test_every_first_factor_has_a_name(credential: Credential) -> None:
    assert words.credential(credential)


@pytest.mark.parametrize("client", ClientApp)
@pytest.mark.parametrize("platform", Platform)
def test_every_client_has_a_name_on_every_platform(client: ClientApp, platform: Platform) -> None:
    assert words.client(client, platform)


@pytest.mark.parametrize("kind", ExternalKind)
def test_every_kind_of_people_from_outside_has_a_name(kind: ExternalKind) -> None:
    assert words.external(External(kind, None))


def test_an_example_tells_all_that_is_out_of_the_ordinary() -> None:
    plain = SignIn(
        None,
        AppId("mail"),
        external=External(ExternalKind.OTHER, None),
        flow=Flow.NONE,
        context=NO_CONTEXT,
        device=Device(False, "none", whole=True),
        insider_risk=InsiderRisk.NONE,
    )
    odd = replace(
        plain,
        flow=Flow.DEVICE_CODE,
        context=ContextId("c1"),
        device=Device(True, "AzureAD", whole=True),
        insider_risk=InsiderRisk.ELEVATED,
    )
    more = {
        "by device code flow",
        "asking for context c1",
        "on a compliant device with trust type AzureAD",
        "insider risk elevated",
    }
    assert (
        set(words.sign_in(Tenant(), odd).split(", ")) - set(words.sign_in(Tenant(), plain).split(", "))
        == more
    )


ANA = UserId("00000000-0000-4000-8000-000000000001")
TENANT = Tenant(users={ANA: User(ANA, "ana@x.example")})


@pytest.fixture(scope="module")
def anything() -> Region[Verdict]:
    """A region of a tenant without policies."""
    asked = about_always_mfa(TENANT, universe_of(TENANT, people=[ANA]))
    return regions(asked, (Verdict.FAILS, Verdict.UNKNOWN)).regions[0]


def told(region: Region[Verdict], at: Coordinate, chosen: Sequence[object], whole: Sequence[object]) -> str:
    """What the sentence says of one side: the values among all of these."""
    others = tuple(each for each in whole if each not in chosen)
    everything = {each: replace(side, others=()) for each, side in region.sides.items()}
    bare = {each: Side(side.values, (), side.of, side.of) for each, side in everything.items()}
    bare[at] = Side(tuple(chosen), others, len(chosen), len(chosen) + len(others))
    return (
        sentence(TENANT, replace(region, sides=bare), "so")
        .removeprefix("ana@x.example: ")
        .removesuffix(": so")
    )


MODERN = (ClientApp.BROWSER, ClientApp.MODERN)


def channels(chosen: Callable[[Channel], bool]) -> list[Channel]:
    return [each for each in CHANNELS if chosen(each)]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (lambda c: c.client in MODERN, "with a browser or a mobile or desktop app"),
        (
            lambda c: c.client in MODERN and c.platform in (Platform.IOS, Platform.MACOS),
            "with a browser or a mobile or desktop app, each on iOS or macOS",
        ),
        (
            lambda c: c.client is ClientApp.BROWSER and c.platform is not Platform.LINUX,
            "with a browser on any platform but Linux",
        ),
        (
            lambda c: c.client in MODERN and c.flow is Flow.NONE,
            "with a browser or a mobile or desktop app, each without device code flow or authentication transfer",
        ),
        (
            lambda c: c.client in MODERN or c.credential is Credential.APP_PASSWORD,
            "with Exchange ActiveSync or a legacy client, each using an app password, or with a browser or a mobile or desktop app",
        ),
    ],
)
def test_clients_that_are_told_alike_are_told_once(
    anything: Region[Verdict], chosen: Callable[[Channel], bool], words: str
) -> None:
    assert told(anything, Coordinate.CHANNEL, channels(chosen), CHANNELS) == words


@pytest.mark.parametrize(
    ("apps", "words"),
    [
        (["a", "b"], "to application a, application b"),
        (["a", EXCHANGE], "with a browser, a mobile or desktop app or a legacy client, to application a"),
    ],
    ids=["not at Exchange", "at Exchange"],
)
def test_a_client_that_cannot_be_there_is_not_missed(
    anything: Region[Verdict], apps: Sequence[str], words: str
) -> None:
    """Exchange ActiveSync reaches Exchange alone: elsewhere all clients but that one are all clients."""
    chosen = channels(lambda each: each.client is not ClientApp.ACTIVE_SYNC)
    others = channels(lambda each: each.client is ClientApp.ACTIVE_SYNC)
    targets = Side([app(each) for each in apps], (app("z"),), 2, 3)
    sides = {
        **anything.sides,
        Coordinate.CHANNEL: Side(chosen, others, len(chosen), len(CHANNELS)),
        Coordinate.TARGET: targets,
    }
    said = sentence(TENANT, replace(anything, sides=sides)).removeprefix("ana@x.example: ")
    assert said.startswith(words)


def test_in_a_question_about_one_first_factor_it_is_not_said(anything: Region[Verdict]) -> None:
    asked = channels(lambda c: c.credential is Credential.PASSWORD)
    browsers = [each for each in asked if each.client is ClientApp.BROWSER]
    assert told(anything, Coordinate.CHANNEL, browsers, asked) == "with a browser"


def test_risks_are_a_list_from_the_lowest(anything: Region[Verdict]) -> None:
    some = (RiskLevel.NONE, RiskLevel.MEDIUM, RiskLevel.LOW)
    said = told(anything, Coordinate.USER_RISK, some, tuple(RiskLevel))
    assert said == "at user risk none, low or medium"


def app(id: str, by: str = NATIVE) -> Target:
    return Target(AppId(id), scopes=Scopes.MORE, requester=AppId(by))


def test_who_requests_several_applications_is_said_once(anything: Region[Verdict]) -> None:
    chosen = [app("a"), app("b")]
    said = told(anything, Coordinate.TARGET, chosen, [*chosen, app("a", "web"), app("b", "web")])
    assert said == "to application a, application b (each requested by a public client)"


def test_the_sign_in_to_an_application_is_told_with_it(anything: Region[Verdict]) -> None:
    alone = Target(GRAPH, scopes=Scopes.OIDC, requester=AppId("a"))
    chosen, other = [app("a"), alone], replace(alone, requester=AppId("b"))
    said = told(anything, Coordinate.TARGET, chosen, [*chosen, app("b"), other])
    assert said == "to application a (sign-in with OpenID Connect alone included)"
    said = told(anything, Coordinate.TARGET, [app("a")], [*chosen, app("b"), other])
    assert said == "to application a"


def test_an_article_stands_before_the_backticks() -> None:
    assert words.application(TENANT, MOBILE) == "the `Azure mobile app`"


def test_stand_ins_are_told_as_what_they_stand_for() -> None:
    assert words.application(TENANT, ANY_OTHER_APP) == "any application that no policy names"
    known = words.fact(TENANT, f"whether resource `{ANY_OTHER_APP}` is in MicrosoftAdminPortals")
    assert known == "whether any application that no policy names is in Microsoft Admin Portals"
    strangers = [
        External(ExternalKind.DIRECT_CONNECT, ANY_OTHER_TENANT),
        External(ExternalKind.OTHER, ANY_OTHER_TENANT),
        External(ExternalKind.OTHER, TenantId("t")),
    ]
    assert words.externals(strangers) == (
        "a B2B direct connect user or another external user of any tenant that no policy names, another external user of tenant t"
    )


def test_a_strength_is_told_by_its_name() -> None:
    id = "00000000-0000-0000-0000-000000000004"
    said = words.fact(TENANT, f"whether the person has the methods for authenticationStrength:{id}")
    assert said == "whether the person has the methods for authentication strength `Phishing-resistant MFA`"


def test_a_policy_that_misses_in_two_ways_is_named_once() -> None:
    misses = (
        Miss("p", Way.ONLY_CLIENTS, ("browser",)),
        Miss("q", Way.EXCLUDES_RESOURCE, ("Office365", str(MOBILE), "a")),
        Miss("p", Way.EXCLUDES_PLATFORM, ("linux",)),
    )
    assert because_of(TENANT, misses) == (
        "`p` is about browsers alone and excludes Linux and "
        "`q` excludes Office 365, the `Azure mobile app` and application a"
    )


def test_what_an_answer_hangs_on_is_never_nothing(anything: Region[Verdict]) -> None:
    nothing = replace(anything.witness.decision, missing=(), rules=())
    assert words.unknowns(TENANT, nothing) == ["which of the policies that may apply do"]


def test_somebody_known_by_id_alone_is_told_as_such() -> None:
    assert whoever(TENANT, Somebody(named=UserId("x"))) == (
        "the person whom policies name as `x` in no group and with no role"
    )
    assert whoever(TENANT, Somebody(named=ANA)) == "`ana@x.example` in no group and with no role"


def test_a_finding_that_is_not_assessed_names_what_is_not_known() -> None:
    fact = f"whether resource `{ANY_OTHER_APP}` is in Office365"
    unsure = Finding(Kind.EMERGENCY_DISABLED, Severity.HIGH, people=(ANA,), missing=(fact,))
    lines = [line for block in finding.told(TENANT, [unsure]) for line in plain(block)]
    assert "  not known: whether any application that no policy names is in Office 365" in lines

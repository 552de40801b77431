"""The sign-in service of the embedded tenant: one plain attempt at a time, judged by what the service believes by now.

The first factor comes first: an account that is disabled, or a credential that isn't valid, ends the attempt before any policy
is asked. Then `policy.decide` is the judge, over the lagging picture. Nobody passes an MFA prompt here: a prompt is an answer.
What isn't assessed is refused. Codes follow FACTS.md 6.3; where they leave a choice:

* the ordinary password of somebody enforced, on a legacy client: 50076, the code that names per-user enforcement without a dialogue;
* an app password that isn't valid: 50126, like any wrong password;
* not assessed: 50131, the general failure of Conditional Access, with the policy and the condition in the details.

An app password is valid for whoever holds one and is not merely unenforced by the `wiped` option: after per-user MFA is
disabled existing ones still work, unless the tenant was told to wipe them (FACTS.md 14.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from perca.errors import BadInput
from perca.model import (
    ClientApp,
    Credential,
    Platform,
    SignIn,
    Tenant,
    UserId,
)
from perca.policy import Decision, Mfa, Outcome, Unknown, decide
from perca.tenant.json import Json, load_object
from perca.tenant.log import (
    CLIENT_APP_USED,
    CONDITIONAL_ACCESS,
    LEGACY_PROTOCOLS,
    Ended,
    Verdict,
    applied,
    asked_by,
    conditional_access_status,
    number_of,
    what,
)
from perca.tenant.picture import Picture
from perca.tenant.records import SignInRecord
from perca.tenant.store import Store
from perca.wire import as_what_if, parse_question

MAX_JUDGED = 100_000
"""How many verdicts are kept before all are forgotten."""
NOBODY = UserId("")
"""Somebody without an object in the directory."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in with every fact that the service itself would know, and the protocol that the log names."""

    sign_in: SignIn
    client: str


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended: the row of the log is `row`, and `message` says in words what a person would be told."""

    outcome: Outcome
    mfa: Mfa
    code: int
    row: str
    message: str

    def json(self) -> Json:
        """As the control path answers it."""
        return {
            "outcome": self.outcome.value,
            "mfa": self.mfa.value,
            "errorCode": self.code,
            "row": self.row,
            "message": self.message,
        }


@lru_cache(maxsize=30_000)
def attempt_of(text: str) -> Attempt:
    """The attempt that a question's JSON text describes; a prober asks the same ones again and again."""
    return attempt(load_object(text))


def attempt(question: Json) -> Attempt:
    """The attempt that a question describes. BadInput when it lacks what the service would have to know."""
    more = question.get("perca")
    client = None
    if isinstance(more, dict) and "protocol" in more:
        client = more["protocol"]
        question = {**question, "perca": {name: value for name, value in more.items() if name != "protocol"}}
        if client not in LEGACY_PROTOCOLS:
            raise BadInput(
                f"no legacy protocol is called `{client}`", f"one of {', '.join(LEGACY_PROTOCOLS)}"
            )
    asked = parse_question(question, what_if_defaults=False)
    if (
        asked.user is None
        or (asked.app is None and asked.action is None)
        or asked.client in (None, ClientApp.ALL)
        or asked.address is None
        or asked.unrecognised
    ):
        raise BadInput(
            "a sign-in needs a person, a resource or an action, a client type and an address, and nothing that isn't modelled",
            "userId, includeApplications with app ids, clientAppType and ipAddress",
        )
    platform = Platform.UNKNOWN if asked.platform in (None, Platform.ALL) else asked.platform
    sign_in = replace(as_what_if(asked), platform=platform)
    return Attempt(sign_in, client or CLIENT_APP_USED[sign_in.client or ClientApp.OTHER])


@dataclass(frozen=True, slots=True)
class Judged:
    """An attempt's verdict, with what its row says and the numbers of the two texts."""

    verdict: Verdict
    what: int
    text: str
    policies: int


@dataclass(slots=True)
class Judge:
    """Judges attempts in one state of the tenant.

    INVARIANT: a verdict hangs on the tenant's rules and on what belongs to the one person; so after a change that touches only some
    people, the others' verdicts stand.
    """

    tenant: Tenant
    app_passwords: Callable[[UserId], int]
    judged: dict[UserId, dict[Attempt, Judged]] = field(default_factory=dict)
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)
    """What each policy contributes to rows."""
    size: int = 0

    def move(self, tenant: Tenant, touched: Iterable[UserId] | None) -> None:
        """Goes on in another state of the tenant; None touched everybody."""
        self.tenant = tenant
        if touched is None or self.size > MAX_JUDGED:
            self.judged, self.fragments, self.size = {}, {}, 0
        else:
            for user in touched:
                self.size -= len(self.judged.pop(user, ()))

    def judge(self, asked: Attempt) -> Judged:
        """What becomes of the attempt."""
        mine = self.judged.setdefault(asked.sign_in.user or NOBODY, {})
        known = mine.get(asked)
        if known is None:
            known = mine[asked] = self._judge(asked)
            self.size += 1
        return known

    def answer(self, asked: Attempt, id: str, at: int) -> tuple[Result, SignInRecord]:
        """How the attempt ends at that time, and its row for the log."""
        judged = self.judge(asked)
        verdict = judged.verdict
        code = verdict.ended.code
        result = Result(verdict.outcome, verdict.mfa, code, id, verdict.ended.details or "")
        return result, SignInRecord(
            id, at, asked.sign_in.user or NOBODY, asked.client, code, judged.what, judged.policies
        )

    def texts(self, attempts: Iterable[Attempt]) -> dict[int, str]:
        """The texts of the attempts' rows, by number."""
        found: dict[int, str] = {}
        for judged in map(self.judge, attempts):
            found[judged.what] = judged.text
            found[judged.policies] = judged.verdict.policies
        return found

    def _judge(self, asked: Attempt) -> Judged:
        sign_in, tenant = asked.sign_in, self.tenant
        verdict = self._verdict(sign_in)
        app = tenant.applications.get(sign_in.app) if sign_in.app else None
        text = what(
            verdict,
            tenant=tenant.id,
            sign_in=sign_in,
            user=tenant.users.get(sign_in.user or NOBODY),
            app_name=app.name if app is not None else "",
            client=asked.client,
        )
        return Judged(verdict, number_of(text), text, number_of(verdict.policies))

    def _verdict(self, sign_in: SignIn) -> Verdict:
        decision = decide(self.tenant, sign_in)
        refused = self._first_factor(sign_in)
        if refused is not None:
            return Verdict(Outcome.BLOCKED, decision.mfa, refused)
        return Verdict(
            outcome=outcome_of(decision),
            mfa=decision.mfa,
            ended=end_of(decision, self.tenant, sign_in),
            conditional_access=conditional_access_status(decision),
            asked_by=asked_by(decision),
            policies=applied(decision, self.fragments),
        )

    def _first_factor(self, sign_in: SignIn) -> Ended | None:
        """How the attempt ends before any policy is asked, or None."""
        user = self.tenant.users.get(sign_in.user or NOBODY)
        if user is None:
            return Ended(50034)
        if not user.account_enabled:
            return Ended(50057)
        if sign_in.credential is Credential.APP_PASSWORD:
            legacy = sign_in.client is not None and sign_in.client.is_legacy
            if not legacy or not self.app_passwords(user.id):
                return Ended(50126, "No such app password, or not with this kind of client.")
        return None


class SignInService:
    """Answers sign-ins of one store. Keeps its picture of the tenant from one to the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._picture = Picture(lagging=True)
        self._judge = Judge(Tenant(), self._picture.app_passwords)

    def sign_in(self, attempts: Sequence[Attempt]) -> list[Result]:
        """Answers each attempt in order and writes them all to the log, in one transaction."""
        with self._store.writing() as now:
            tenant = self._picture.tenant(now)
            if tenant is not self._judge.tenant:
                self._judge.move(tenant, self._picture.touched())
            answered = [self._judge.answer(each, now.guid(), now.now) for each in attempts]
            now.log((record for _, record in answered), self._judge.texts(attempts))
        return [result for result, _ in answered]


def outcome_of(decision: Decision) -> Outcome:
    """What becomes of it here: whoever must register a method first isn't let in without (docs/decisions/0006)."""
    first = decision.outcome is Outcome.GRANTED and decision.registration
    return Outcome.PROMPT if first else decision.outcome


def end_of(decision: Decision, tenant: Tenant, sign_in: SignIn) -> Ended:
    """The error code of what was decided."""
    match outcome_of(decision):
        case Outcome.GRANTED:
            return Ended(0, _how(decision, sign_in))
        case Outcome.PROMPT:
            registration = tenant.registrations.get(sign_in.user or NOBODY)
            registered = registration is not None and registration.is_mfa_registered
            return Ended(50076 if registered else 50079)
        case Outcome.BLOCKED:
            return Ended(*_blocked(decision))
        case Outcome.NOT_ASSESSED:
            return Ended(50131, "not assessed: " + "; ".join(_unclear(decision)))


def _how(decision: Decision, sign_in: SignIn) -> str | None:
    if sign_in.credential is Credential.APP_PASSWORD:
        return "MFA requirement skipped due to app password"
    if decision.mfa is Mfa.REQUIRED:
        return "MFA requirement satisfied by claim in the token"
    return None


def _blocked(decision: Decision) -> tuple[int, str]:
    """Who blocked: a policy, Security Defaults, or per-user MFA that a legacy client can't answer."""
    failed = [answered.rule.source for answered in decision.rules if answered.result == "failure"]
    names = ", ".join(dict.fromkeys(source.display_name for source in failed))
    providers = {source.provider for source in failed}
    if CONDITIONAL_ACCESS in providers:
        return 53003, f"blocked by {names}"
    return (530035 if "securityDefaults" in providers else 50076), f"refused by {names}"


def _unclear(decision: Decision) -> Iterator[str]:
    """The policies and conditions on which the answer hangs."""
    found = False
    for answered in decision.rules:
        if isinstance(answered.answer, Unknown) and answered.rule.enforced:
            found = True
            yield f"`{answered.rule.source.display_name}`: {', '.join(answered.answer.facts)}"
    if not found:
        yield from decision.missing

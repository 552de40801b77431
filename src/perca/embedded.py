"""The embedded tenant as somebody who signs in: the canary of a migration, and the service that the prober tries.

Both go through the control path, in process or over a socket, and so ask the tenant's lagging state like any other sign-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perca.migrate.prober import APPS, ELSEWHERE, Ended
from perca.model import ClientApp, Credential, Platform, RiskLevel, SignIn, UserId
from perca.tenant import Control
from perca.wire import emit_question


@dataclass(frozen=True, slots=True)
class EmbeddedSignIns:
    """Sign-ins to one embedded tenant."""

    control: Control

    async def sign_ins(self, questions: Sequence[SignIn]) -> list[Ended]:
        """Tries these sign-ins in order and says how each ended."""
        answers = await self.control.sign_in([emit_question(question) for question in questions])
        return [Ended(answer.outcome, answer.row) for answer in answers]

    async def sign_in(self, person: UserId) -> None:
        """Has a person sign in once, in a browser, from outside."""
        await self.sign_ins([an_ordinary_sign_in(person)])


def an_ordinary_sign_in(person: UserId) -> SignIn:
    """A fresh sign-in to Exchange Online with the password, in a browser on Windows, from a place that nobody trusts."""
    return SignIn(
        user=person,
        app=APPS[0],
        client=ClientApp.BROWSER,
        platform=Platform.WINDOWS,
        address=ELSEWHERE[-1],
        sign_in_risk=RiskLevel.NONE,
        user_risk=RiskLevel.NONE,
        credential=Credential.PASSWORD,
    )

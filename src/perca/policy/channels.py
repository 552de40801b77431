"""Conditions on the channel: kinds of clients, and platforms as the user agent claims them.

Source: concept-conditional-access-conditions (06/2024), FACTS.md 3.3.6. A policy for particular kinds of clients doesn't
match a question about client type `all`; a platform list names platforms, and a claim it doesn't know is none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import ClientApp, ClientAppCondition, Platform, PlatformCondition, Unrecognised
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Channel, Coordinate
from perca.policy.directory import View


@dataclass(frozen=True, slots=True)
class ClientApps:
    """Holds for the kinds of clients that a policy names."""

    condition: ClientAppCondition
    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-conditions", "06/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this kind of client."""
        assert isinstance(value, Channel)
        types = self.condition.types
        if ClientApp.ALL in types or not (types or self.condition.unrecognised):
            return Yes(("all client types",))
        if value.client is None:
            return Unknown(("the client type of the sign-in is not known",))
        if value.client in types:
            return Yes((f"client type `{value.client}`",))
        if self.condition.unrecognised:
            return may_mean(self.condition.unrecognised, "this client")
        return No((f"client type `{value.client}` is not one of the policy's",), ("clientApps",))


@dataclass(frozen=True, slots=True)
class Platforms:
    """Holds for the platforms that a policy names; exclude beats include."""

    condition: PlatformCondition
    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-conditions", "06/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this platform."""
        assert isinstance(value, Channel)
        include = _named(self.condition.include, self.condition.include_unrecognised, value.platform)
        exclude = _named(self.condition.exclude, self.condition.exclude_unrecognised, value.platform)
        answer = included_but_not_excluded(include, exclude)
        return No(answer.because, ("devicePlatform",)) if isinstance(answer, No) else answer


def _named(
    names: frozenset[Platform], unclear: tuple[Unrecognised, ...], platform: Platform | None
) -> Answer:
    answers: list[Answer] = []
    if Platform.ALL in names:
        return Yes(("all platforms",))
    if names and platform is None:
        answers.append(Unknown(("the platform of the sign-in is not known",)))
    elif platform in names:
        answers.append(Yes((f"platform `{platform}`",)))
    if unclear:
        answers.append(may_mean(unclear, "this platform"))
    return either(answers, f"platform `{platform}` is not named")

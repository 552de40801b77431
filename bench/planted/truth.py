"""What was planted: whom it concerns, and at which of their sign-ins a password alone gets in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from planted.company import Company
from planted.graph import Json
from planted.sign_ins import Box, meet

ALWAYS: tuple[Box, ...] = ({},)
"""Every sign-in."""


@dataclass
class Planted:
    """A gap, or a near miss: then nothing is open, and `people` are those whom a naive tool accuses."""

    kind: str
    people: list[str]
    open: tuple[Box, ...]
    because: str
    """Why it is one: by construction."""
    group: str = ""
    """A group of exactly these people."""
    policies: list[Json] = field(default_factory=list)
    """Policies that name the group, exclude nobody, and leave open exactly `open` to whoever they are about."""
    lenders: list[str] = field(default_factory=list)
    """The kinds whose policies are about these people, too."""

    @property
    def is_gap(self) -> bool:
        """Whether anything is open."""
        return bool(self.open)

    def also_under(self, other: Planted) -> None:
        """Lets the other's policies be about these people, too.

        A sign-in gets in without MFA iff no policy asks for it, so what is open under both sets of policies is what is open under each.
        """
        assert self.group
        for policy in other.policies:
            policy["conditions"]["users"]["includeGroups"].append(self.group)
        self.open = meet(self.open, other.open)
        self.lenders.append(other.kind)


@dataclass(frozen=True)
class Kind:
    """A kind of gap, with its near miss."""

    name: str
    gap: Callable[[Company, str], Planted]
    """Plants the gap among people of its own, whom the text names."""
    near_miss: Callable[[Company, str], Planted]
    """Plants what looks like it."""

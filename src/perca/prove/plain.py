"""The classes of people for whom a question is answered at once: by a rule that certainly applies at whatever is left, or by there being
nothing to ask for. Where people are many these are nearly all of them, and are passed over without a look at each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from perca.prove.questions import AlwaysMfa, NeverWeaker
from perca.prove.walk import Label, Walk

if TYPE_CHECKING:
    from perca.space.many import Many


def in_question(walk: Walk[Label]) -> Iterable[int]:
    """The places of the classes of people, in order, but some of those at all of whose sign-ins the walk's answer is the fine one."""
    classes = walk.space.axes[0].classes
    if isinstance(classes, tuple):
        return range(len(classes))
    many = cast("Many", classes)  # whose module needs numpy, which nobody waits for in vain
    question: object = walk.question
    match question:
        case AlwaysMfa():
            return many.but(walk.rests[1].full & walk.space.must, None)
        case NeverWeaker(asking=asking):
            return many.but(0, asking & walk.space.may)
    return range(len(classes))

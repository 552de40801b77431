"""The two engines as one: the walk, and diagrams from where its budget is spent. Both give the same answers; only what they cost differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from perca.prove.boxes import Box, Boxes, Growth
from perca.prove.budget import BudgetSpent
from perca.prove.formulas import has_formulas
from perca.prove.walk import Label, Path, Tally, Walk

if TYPE_CHECKING:
    from perca.prove.diagram import Diagram


class Engine(Generic[Label]):
    """Answers for a walk's question over its space within its budget; each call raises BudgetSpent once both are at their end."""

    def __init__(self, walk: Walk[Label]) -> None:
        self.walk = walk
        self._diagram: Diagram[Label] | None = None
        self._spent: BudgetSpent | None = None

    @property
    def name(self) -> str:
        """Which of the two it was that came furthest."""
        return "walk" if self._diagram is None and self._spent is None else "bdd"

    def of_class(self, position: int) -> Tally[Label]:
        """The tally of one class of people, counted for one person of it."""
        if self._diagram is None:
            try:
                return self.walk.of_class(position)
            except BudgetSpent as spent:
                return self._turn(spent).of_class(position)
        return self._diagram.of_class(position)

    def outside(self, boxes: Boxes[Label]) -> Path | None:
        """A sign-in with the boxes' label that is in none of them, or None."""
        if self._diagram is None:
            try:
                return boxes.outside()
            except BudgetSpent as spent:
                self._turn(spent)
        assert self._diagram is not None
        return self._diagram.outside(boxes.label, boxes.all)

    def around(self, label: Label, start: Path) -> Box:
        """A box around that sign-in, in which each has the label."""
        if self._diagram is None:
            try:
                return Growth(self.walk, label).around(start)
            except BudgetSpent as spent:
                self._turn(spent)
        assert self._diagram is not None
        return self._diagram.around(label, start)

    def _turn(self, spent: BudgetSpent) -> Diagram[Label]:
        """The diagram, for good: what the walk holds is let go. Raises what was spent where there is none."""
        if self._spent is not None:
            raise self._spent
        if not has_formulas(self.walk.question):
            raise spent
        from perca.prove.diagram import Diagram  # it needs numpy and oxidd, which nobody waits for in vain

        self.walk.forget()
        try:
            self._diagram = Diagram(self.walk.space, self.walk.question, self.walk.budget)
        except BudgetSpent as both:
            self._spent = both
            raise
        return self._diagram

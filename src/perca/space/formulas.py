"""Formulas over things that are true or false, each one number: what is left of it when some of the things are known.

Promises that formulas which say the same in the same words are the same number, so that equal remainders are found by comparing numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

Node = int
FALSE: Node = 0
TRUE: Node = 1


class Formulas:
    """A store of formulas. INVARIANT: a formula's number is greater than those of its parts, so there is no need for recursion."""

    def __init__(self) -> None:
        self._parts: list[frozenset[Node]] = [frozenset(), frozenset()]
        self._denies: list[bool] = [False, False]
        self._known: dict[tuple[bool, frozenset[Node]], Node] = {}
        self._things: dict[Hashable, Node] = {}

    def thing(self, name: Hashable) -> Node:
        """The formula that says that the thing is true."""
        if name not in self._things:
            self._things[name] = self._new(False, frozenset())
        return self._things[name]

    def denied(self, node: Node) -> Node:
        """Its negation."""
        if node <= TRUE:
            return TRUE - node
        if self._denies[node]:
            (inner,) = self._parts[node]
            return inner
        return self._made(True, frozenset({node}))

    def together(self, nodes: Iterable[Node]) -> Node:
        """That all of them are true."""
        parts: set[Node] = set()
        for node in nodes:
            conjunction = self._parts[node] and not self._denies[node]
            parts |= self._parts[node] if conjunction else {node}
        parts.discard(TRUE)
        if FALSE in parts or any(self.denied(node) in parts for node in parts if self._denies[node]):
            return FALSE
        if len(parts) < 2:
            return next(iter(parts), TRUE)
        return self._made(False, frozenset(parts))

    def put(
        self, nodes: Sequence[Node], values: Mapping[Node, bool], memo: dict[Node, Node]
    ) -> tuple[Node, ...]:
        """What is left of the formulas once these things are known; `memo` is kept between calls with the same values."""
        for node in sorted(self._below(nodes, memo)):
            if node in values:
                memo[node] = TRUE if values[node] else FALSE
            elif not self._parts[node]:
                memo[node] = node
            elif self._denies[node]:
                (inner,) = self._parts[node]
                memo[node] = self.denied(memo[inner])
            else:
                memo[node] = self.together(memo[part] for part in self._parts[node])
        return tuple([memo[node] for node in nodes])

    def _below(self, nodes: Iterable[Node], memo: Mapping[Node, Node]) -> set[Node]:
        """The formulas and their parts, but for those that the memo holds."""
        found: set[Node] = set()
        waiting = [node for node in nodes if node not in memo]
        while waiting:
            node = waiting.pop()
            if node not in found and node not in memo:
                found.add(node)
                waiting.extend(self._parts[node])
        return found

    def _made(self, denies: bool, parts: frozenset[Node]) -> Node:
        key = (denies, parts)
        if key not in self._known:
            self._known[key] = self._new(denies, parts)
        return self._known[key]

    def _new(self, denies: bool, parts: frozenset[Node]) -> Node:
        self._parts.append(parts)
        self._denies.append(denies)
        return len(self._parts) - 1

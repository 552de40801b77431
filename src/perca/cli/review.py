"""What a command found, laid before those who review a change: with the findings that were accepted, and as documents for their tools."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from perca.cli.accepted import Accepted
from perca.cli.answer import Answer, Json, View, view_of
from perca.cli.junit import junit
from perca.cli.notice import Notice
from perca.cli.options import Shape
from perca.cli.policy_files import places
from perca.cli.sarif import files, sarif
from perca.errors import BadInput


def one_view(as_json: bool, shape: Shape | None) -> View:
    """The view that the options ask for; raises BadInput where they ask for two."""
    if as_json and shape is not None:
        raise BadInput(f"--json and --as {shape.value} at once", "ask for one of them")
    return view_of(as_json) if shape is None else View.DOCUMENT


@dataclass(frozen=True, slots=True)
class Review:
    """The notices of a command, which of them are accepted, and the files and folders that were given, the likeliest to be changed first."""

    notices: Sequence[Notice]
    accepted: Accepted
    given: Sequence[str]
    kinds: Sequence[str] = ()
    """All that the command looks for."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all that was found and may be accepted."""
        return frozenset(each.id for each in self.notices if each.id)

    @property
    def open(self) -> list[Notice]:
        """The notices on which the exit code hangs."""
        return [each for each in self.notices if each.counts and self.accepted.of(each.id) is None]

    @property
    def codes(self) -> frozenset[int]:
        """All exit codes that apply: 1 for what is certain, 3 for what isn't assessed."""
        return frozenset(1 if each.assessed else 3 for each in self.open)

    def told(self, answer: Answer, shape: Shape | None) -> Answer:
        """The answer with the accepted findings in each of its views; as a document, where a shape is asked for."""
        text, body = answer.text, answer.body
        whole = replace(
            answer,
            text=lambda: [*text(), *self.accepted.as_text(self.ids)],
            body=lambda: {**body(), "accepted": self.accepted.as_json(self.ids)},
        )
        if shape is None:
            return whole
        return replace(whole, document=lambda: self._document(answer.kind, shape, answer.code))

    def marked(self, found: Json, id: str) -> Json:
        """The finding for scripts, with whether it is accepted."""
        return {**found, "accepted": id in self.ids and self.accepted.of(id) is not None}

    def _document(self, command: str, shape: Shape, code: int) -> str:
        for each in self.accepted.remarks(self.ids):
            sys.stderr.write(f"perca: {each}\n")
        where = places(self.given, {id for each in self.notices for id in each.policies})
        if shape is Shape.JUNIT:
            return junit(command, self.kinds, self.notices, self.accepted, where)
        log = sarif(command, self.notices, self.accepted, where, files(self.given), code)
        return json.dumps(log, indent=1) + "\n"  # in ASCII, whatever the terminal's encoding is

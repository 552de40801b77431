"""A request and its answer, as the embedded tenant sees them: no sockets, so that a part of a batch is one like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perca.tenant.errors import malformed
from perca.tenant.json import Json, dump_bytes, loads

if TYPE_CHECKING:
    from perca.tenant.api.host import Host

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: `path` in decoded segments below the version, `root` the address in front of the version."""

    method: str
    root: str
    version: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""

    @property
    def base(self) -> str:
        """The address of the service in this version."""
        return f"{self.root}/{self.version}"

    def context(self, what: str) -> str:
        """The `@odata.context` of an answer."""
        return f"{self.base}/$metadata#{what}"

    def object(self) -> Json:
        """The JSON object in the body. GraphError 400 when there is none."""
        try:
            value = loads(self.body)
        except ValueError as error:
            raise malformed(f"Unable to read JSON request payload: {error}.") from error
        if not isinstance(value, dict):
            raise malformed("Unable to read JSON request payload: it is not an object.")
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    headers: Headers = ()


NO_CONTENT = Answer(204)


def answer_with(value: object, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, dump_bytes(value), headers)


Handler = Callable[["Host", Ask, Mapping[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """Which handler answers a method on a path; `{name}` in the path stands for any one segment."""

    method: str
    path: str
    handler: Handler
    versions: frozenset[str] = frozenset({"v1.0", "beta"})


BETA = frozenset({"beta"})

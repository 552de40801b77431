"""What of a snapshot is configuration: all but its activity, and when and from where it was read.

Activity changes by itself while nobody changes the tenant: when people last signed in, and how Entra's own renewal of a federated domain's
certificate went. So two snapshots show the same tenant iff their configurations are equal, and this is the one place that says so.
"""

from __future__ import annotations

from typing import Any

from perca.wire.authentication import is_activity
from perca.wire.values import Json

_ACTIVITY = frozenset({"signInActivity", "signingCertificateUpdateStatus"})
_ADDRESS = "@odata.context"


def configuration(snapshot: Json) -> Json:
    """The snapshot as far as somebody must have changed the tenant for it to differ; what could not be read of the rest is in `missing`.

    Lists of ids come in one order, since Graph promises none. What is given isn't changed.
    """
    kept: Json = {name: _standing(value) for name, value in snapshot.items() if name != "takenAt"}
    if isinstance(missing := kept.get("missing"), list):
        kept["missing"] = [gap for gap in missing if not is_activity(gap)]
    return kept


def _standing(value: Any) -> Any:
    match value:
        case dict():
            return {name: _standing(each) for name, each in value.items() if not _passes(name)}
        case list() if all(isinstance(each, str) for each in value):
            return sorted(value)
        case list():
            return [_standing(each) for each in value]
        case _:
            return value


def _passes(name: str) -> bool:
    return name in _ACTIVITY or name.endswith(_ADDRESS)

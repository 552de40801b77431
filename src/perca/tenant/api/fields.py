"""Members of a request's body, checked one by one."""

from __future__ import annotations

from perca.tenant.api.odata import Shape
from perca.tenant.errors import bad_request
from perca.tenant.json import Json


def only(body: Json, shape: Shape) -> None:
    """GraphError 400 for a member that the type doesn't have."""
    for name in body:
        if name not in shape.properties and not name.startswith("@"):
            raise bad_request(f"Invalid property '{name}'.")


def text_of(body: Json, name: str, most: int) -> str:
    """The text of a member that must be there, of at most so many characters."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise bad_request(f"Invalid value specified for property '{name}' of resource.")
    return value

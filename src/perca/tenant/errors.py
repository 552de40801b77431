"""What Graph answers when it won't: a status, a code and a text, and the body that carries them.

Promises the shape of FACTS.md section 8. Texts that Microsoft's service is known to send are exact; the others are ours
and say so where they stand.
"""

from __future__ import annotations

from perca.tenant.json import Json


class GraphError(Exception):
    """A refusal: it ends a request, never the service."""

    def __init__(
        self, status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def error_body(error: GraphError, *, date: str, request_id: str, client_request_id: str) -> Json:
    """The error as Graph writes it."""
    inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
    return {"error": {"code": error.code, "message": error.message, "innerError": inner}}


def bad_request(message: str) -> GraphError:
    """400 in the directory's words."""
    return GraphError(400, "Request_BadRequest", message)


def malformed(message: str) -> GraphError:
    """400 in the words of Conditional Access and of the gateway."""
    return GraphError(400, "BadRequest", message)


def not_found(what: str) -> GraphError:
    """404: no such object."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{what}' does not exist or one of its queried reference-property objects are not present.",
    )


def no_such_segment(segment: str) -> GraphError:
    """400: the path leads nowhere, in this version at least."""
    return malformed(f"Resource not found for the segment '{segment}'.")


def forbidden() -> GraphError:
    """403: the caller may not."""
    return GraphError(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    )

"""The live Graph client: transport, paging, batches, pacing, and the directory that a migration drives.

A missing answer is `NotRead` or an error, never a default. Whether a tenant is Microsoft's or the embedded one isn't known here.
"""

from perca.graph.client import Graph, TokenProvider, secret
from perca.graph.directory import GraphDirectory
from perca.graph.fault import Denied, Fault, NotThere
from perca.graph.patience import Patience
from perca.graph.transport import AnswerLost, HttpxTransport, NotSent, Request, Response, Transport

__all__ = [
    "AnswerLost",
    "Denied",
    "Fault",
    "Graph",
    "GraphDirectory",
    "HttpxTransport",
    "NotSent",
    "NotThere",
    "Patience",
    "Request",
    "Response",
    "TokenProvider",
    "Transport",
    "secret",
]

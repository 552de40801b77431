"""The embedded tenant: a directory and a sign-in service that speaks Microsoft Graph and really enforces its policies."""

from perca.tenant.api.app import application
from perca.tenant.control import Control, SignedIn, TenantClock, sending
from perca.tenant.serve import serve
from perca.tenant.store import Store

__all__ = [
    "Control",
    "SignedIn",
    "Store",
    "TenantClock",
    "application",
    "sending",
    "serve",
]

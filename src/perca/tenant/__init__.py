"""The embedded tenant: a directory and a sign-in service that speaks Microsoft Graph and really enforces its policies."""

from perca.tenant.api.app import application
from perca.tenant.control import Control, SignedIn, TenantClock, sending
from perca.tenant.importing import ImportResult, import_files
from perca.tenant.seed import SMALLEST, Kind, kinds, mfa_settings, seed, seeded
from perca.tenant.serve import serve
from perca.tenant.store import Store

__all__ = [
    "SMALLEST",
    "Control",
    "ImportResult",
    "Kind",
    "SignedIn",
    "Store",
    "TenantClock",
    "application",
    "import_files",
    "kinds",
    "mfa_settings",
    "seed",
    "seeded",
    "sending",
    "serve",
]

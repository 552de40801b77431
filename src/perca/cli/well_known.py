"""What has the same id in every tenant: Microsoft's own applications and strengths, built-in roles, the MFA trusted IPs."""

from __future__ import annotations

from collections.abc import Mapping

from perca.model import MFA_TRUSTED_IPS
from perca.policy.strengths import BUILT_IN
from perca.tenant.apps import FIRST_PARTY
from perca.tenant.builtin import ROLES
from perca.wire.naming import Thing

NAMES: Mapping[Thing, Mapping[str, str]] = {
    Thing.APPLICATION: FIRST_PARTY,
    Thing.ROLE: {id: name for name, id in ROLES.items()},
    Thing.LOCATION: {str(MFA_TRUSTED_IPS): "MFA trusted IPs"},
}
"""The names of those that a snapshot needn't hold."""

EVERYWHERE = frozenset(id for names in NAMES.values() for id in names) | frozenset(map(str, BUILT_IN))

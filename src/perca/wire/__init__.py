"""Graph JSON to the model and back. Total: reads, reads with the unrecognised parts named, or refuses with a reason."""

from perca.wire.configuration import configuration
from perca.wire.decode import decode, load
from perca.wire.exports import read_policies, resources
from perca.wire.named import unrecognised_parts
from perca.wire.organisations import parse_cross_tenant
from perca.wire.people import (
    parse_group,
    parse_per_user_state,
    parse_registration,
    parse_role_assignment,
    parse_user,
)
from perca.wire.places import emit_named_location, parse_named_location
from perca.wire.policies import emit_policy, has_own_id, parse_policy
from perca.wire.questions import as_what_if, emit_question, parse_question
from perca.wire.remarks import remarks
from perca.wire.settings import parse_mfa_settings, parse_security_defaults
from perca.wire.snapshots import FORMAT, bare_tenant, parse_snapshot, read_tenant
from perca.wire.strengths import emit_strength, parse_strength
from perca.wire.survey import NotReadable, Read, ReadInPart, Row, survey
from perca.wire.values import Json, JsonValue

__all__ = [
    "FORMAT",
    "Json",
    "JsonValue",
    "NotReadable",
    "Read",
    "ReadInPart",
    "Row",
    "as_what_if",
    "bare_tenant",
    "configuration",
    "decode",
    "emit_named_location",
    "emit_policy",
    "emit_question",
    "emit_strength",
    "has_own_id",
    "load",
    "parse_cross_tenant",
    "parse_group",
    "parse_mfa_settings",
    "parse_named_location",
    "parse_per_user_state",
    "parse_policy",
    "parse_question",
    "parse_registration",
    "parse_role_assignment",
    "parse_security_defaults",
    "parse_snapshot",
    "parse_strength",
    "parse_user",
    "read_policies",
    "read_tenant",
    "remarks",
    "resources",
    "survey",
    "unrecognised_parts",
]

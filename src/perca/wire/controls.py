"""What a policy asks for: grant controls to and from the model.

Source: Graph's conditionalAccessGrantControls. A control that can't be read is an UnrecognisedControl, which never counts as MFA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from perca.model import (
    BuiltIn,
    Control,
    CustomFactor,
    Grant,
    Operator,
    StrengthControl,
    StrengthId,
    TermsOfUse,
    Unrecognised,
    UnrecognisedControl,
    fold,
)
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_text, take_word
from perca.wire.values import JsonObject, JsonValue, says_nothing, shown

_BUILT_IN = {fold(control): control for control in BuiltIn}
_OPERATORS = {fold(operator): operator for operator in Operator}
GRANT = names(
    "operator builtInControls termsOfUse customAuthenticationFactors", authenticationStrength=names("id")
)


def take_grant(policy: JsonObject, ids: Spelling) -> Grant | None:
    """The grant controls; None where the policy asks for none."""
    grant = policy.get("grantControls")
    if says_nothing(grant):
        return None
    if not isinstance(grant, dict):
        return Grant(None, (UnrecognisedControl(f"grantControls {shown(grant)}"),))
    controls = tuple(dict.fromkeys(_controls(grant, ids)))
    return Grant(_operator(grant), controls) if controls else None


def _controls(grant: JsonObject, ids: Spelling) -> Iterator[Control]:
    yield from take_entries(grant, "builtInControls", lambda text: _BUILT_IN.get(fold(text)))
    yield from _strength(grant, ids)
    yield from map(TermsOfUse, take_entries(grant, "termsOfUse", ids.read))
    yield from map(CustomFactor, take_entries(grant, "customAuthenticationFactors", ids.read))
    for left in left_at(grant, "builtInControls", ""):
        yield UnrecognisedControl(left.value)
    for name in ("termsOfUse", "customAuthenticationFactors"):
        for left in left_at(grant, name, ""):
            yield UnrecognisedControl(f"{name} {left.value}")
    for left in left_besides(grant, GRANT, ""):
        yield UnrecognisedControl(f"{left.where} {left.value}")


def _strength(grant: JsonObject, ids: Spelling) -> Iterator[Control]:
    strength = grant.get("authenticationStrength")
    if isinstance(strength, dict) and (named := take_text(strength, "id")) is not None:
        yield StrengthControl(StrengthId(ids.read(named) or ""))
    elif not says_nothing(strength):
        yield UnrecognisedControl(f"authenticationStrength {shown(strength)}")


def _operator(grant: JsonObject) -> Operator | Unrecognised | None:
    operator = take_word(grant, "operator", _OPERATORS)
    if operator is not None or says_nothing(grant.get("operator")):
        return operator
    return Unrecognised("grantControls.operator", shown(grant["operator"]))


def grant_json(grant: Grant, ids: Spelling) -> JsonObject:
    """What `take_grant` took."""
    written: JsonObject = {}
    if isinstance(grant.operator, Operator):
        written["operator"] = grant.operator.value
    for control in grant.controls:
        match control:
            case BuiltIn():
                _append(written, "builtInControls", control.value)
            case StrengthControl(strength=strength):
                written["authenticationStrength"] = {"id": ids.write(strength)}
            case TermsOfUse(agreement=agreement):
                _append(written, "termsOfUse", ids.write(agreement))
            case CustomFactor(factor=factor):
                _append(written, "customAuthenticationFactors", ids.write(factor))
            case UnrecognisedControl():
                pass  # it was never taken: it is among the members that were kept
            case _:
                assert_never(control)
    return written


def _append(written: JsonObject, name: str, entry: JsonValue) -> None:
    entries = written.setdefault(name, [])
    assert isinstance(entries, list)
    entries.append(entry)

"""An authentication strength: Graph JSON to the model and back.

LAW: `emit_strength(parse_strength(x))` is the normal form of `x`, and parsing what was emitted gives the same strength. The
order inside a combination says nothing; it is written back as it was. A combination that can't be read counts as one that is
not MFA-grade: leaving it out would make the strength look stronger than it is. A configuration, by which only some keys or
issuers will do, is kept whole and read beside that; one that doesn't say of which combinations it is may be of any.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.model import UNREADABLE, AuthenticationStrength, Narrowing, StrengthId, fold
from perca.wire.kept import Spelling, keep, restored, spelling_of
from perca.wire.members import names, pruned, spelled, take_entries, take_text
from perca.wire.values import (
    Json,
    JsonObject,
    JsonValue,
    canonical,
    check_depth,
    is_metadata,
    says_nothing,
    shown,
)

_APPLIES_TO = "appliesToCombinations"
_NAMES = names(
    "id displayName description policyType requirementsSatisfied allowedCombinations createdDateTime modifiedDateTime",
    combinationConfigurations=names(f"id {_APPLIES_TO} allowedAAGUIDs allowedIssuerSkis allowedPolicyOIDs"),
)
_WORDS = tuple(
    names(
        "password voice hardwareOath softwareOath sms fido2 windowsHelloForBusiness microsoftAuthenticatorPush deviceBasedPush "
        "temporaryAccessPassOneTime temporaryAccessPassMultiUse email x509CertificateSingleFactor x509CertificateMultiFactor "
        "qrCodePin federatedMultiFactor federatedSingleFactor"
    )
)
_RANK = {fold(word): rank for rank, word in enumerate(_WORDS)}
_GRAPH_SPELLING = {fold(word): word for word in _WORDS}

Combination = frozenset[str]


def parse_strength(resource: Json) -> AuthenticationStrength:
    """The strength that a Graph resource describes; without an id it has the empty one."""
    check_depth(resource, "the authentication strength")
    whole, rest = spelled(resource, _NAMES), spelled(resource, _NAMES)
    ids = Spelling()
    return AuthenticationStrength(
        StrengthId(ids.read(take_text(rest, "id") or "") or ""),
        take_text(rest, "displayName") or "",
        _take_combinations(rest, ids),
        keep(pruned(rest, whole), ids),
        tuple(_narrowings(rest.get("combinationConfigurations"))),
    )


def emit_strength(strength: AuthenticationStrength) -> Json:
    """The strength as a Graph resource in normal form; of one that we made, the body that creates it."""
    ids = spelling_of(strength.kept)
    built: JsonObject = {"id": ids.write(strength.id)} if strength.id else {}
    if strength.display_name:
        built["displayName"] = strength.display_name
    read = [each for each in strength.allowed_combinations if not any(w.startswith(UNREADABLE) for w in each)]
    if read:
        built["allowedCombinations"] = [_text(each, ids) for each in sorted(read, key=_order)]
    return restored(built, strength.kept)


def _take_combinations(rest: JsonObject, ids: Spelling) -> frozenset[Combination]:
    def combination(text: str) -> Combination | None:
        parts = {fold(part): part.strip() for part in text.split(",") if fold(part)}
        if not parts or any(word.startswith(UNREADABLE) for word in parts):
            return None
        words = frozenset(parts)
        given = ",".join(_GRAPH_SPELLING.get(word, part) for word, part in parts.items())
        if given != _usual(words):
            ids.note(_key(words), given)
        return words

    read = take_entries(rest, "allowedCombinations", combination)
    left = rest.get("allowedCombinations")
    entries = left if isinstance(left, list) else [] if says_nothing(left) else [left]
    return frozenset([*read, *(frozenset({UNREADABLE + fold(shown(entry))}) for entry in entries)])


def _narrowings(configurations: JsonValue) -> Iterator[Narrowing]:
    if says_nothing(configurations):
        return
    for entry in configurations if isinstance(configurations, list) else [configurations]:
        concerned = _concerned(entry)
        silent = {"id"} if concerned is None else {"id", _APPLIES_TO}
        yield Narrowing(concerned, canonical(_asked(entry, silent)))


def _asked(entry: JsonValue, silent: set[str]) -> JsonValue:
    """What a configuration asks for: its kind and its lists, whatever its id."""
    if not isinstance(entry, dict):
        return entry
    return {k: v for k, v in entry.items() if k not in silent and (k == "@odata.type" or not is_metadata(k))}


def _concerned(entry: JsonValue) -> frozenset[Combination] | None:
    """The combinations that a configuration is about; None where that can't be read."""
    value = entry.get(_APPLIES_TO) if isinstance(entry, dict) else None
    if not isinstance(value, list) or not value:
        return None
    texts = [text for text in value if isinstance(text, str)]
    if len(texts) != len(value):
        return None
    return frozenset(frozenset(fold(part) for part in text.split(",") if fold(part)) for text in texts)


def _order(words: Combination) -> tuple[list[int], str]:
    return sorted(_RANK.get(word, len(_RANK)) for word in words), _key(words)


def _key(words: Combination) -> str:
    return "combination:" + ",".join(sorted(words))


def _text(words: Combination, ids: Spelling) -> str:
    return ids.noted(_key(words)) or _usual(words)


def _usual(words: Combination) -> str:
    ranked = sorted(words, key=lambda word: (_RANK.get(word, len(_RANK)), word))
    return ",".join(_GRAPH_SPELLING.get(word, word) for word in ranked)

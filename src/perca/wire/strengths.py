"""An authentication strength: Graph JSON to the model and back.

LAW: `emit_strength(parse_strength(x))` is the normal form of `x`, and parsing what was emitted gives the same strength. The
order inside a combination says nothing; it is written back as it was. A combination that can't be read counts as one that is
not MFA-grade: leaving it out would make the strength look stronger than it is.
"""

from __future__ import annotations

from perca.model import AuthenticationStrength, StrengthId, fold
from perca.wire.kept import Spelling, keep, restored, spelling_of
from perca.wire.members import names, pruned, spelled, take_entries, take_text
from perca.wire.values import Json, JsonObject, check_depth, says_nothing, shown

_NAMES = names(
    "id displayName description policyType requirementsSatisfied allowedCombinations combinationConfigurations "
    "createdDateTime modifiedDateTime"
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
_UNREAD = "unrecognised:"

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
    )


def emit_strength(strength: AuthenticationStrength) -> Json:
    """The strength as a Graph resource in normal form; of one that we made, the body that creates it."""
    ids = spelling_of(strength.kept)
    built: JsonObject = {"id": ids.write(strength.id)} if strength.id else {}
    if strength.display_name:
        built["displayName"] = strength.display_name
    read = [each for each in strength.allowed_combinations if not any(w.startswith(_UNREAD) for w in each)]
    if read:
        built["allowedCombinations"] = [_text(each, ids) for each in sorted(read, key=_order)]
    return restored(built, strength.kept)


def _take_combinations(rest: JsonObject, ids: Spelling) -> frozenset[Combination]:
    def combination(text: str) -> Combination | None:
        parts = {fold(part): part.strip() for part in text.split(",") if fold(part)}
        if not parts or any(word.startswith(_UNREAD) for word in parts):
            return None
        words = frozenset(parts)
        given = ",".join(_GRAPH_SPELLING.get(word, part) for word, part in parts.items())
        if given != _usual(words):
            ids.note(_key(words), given)
        return words

    read = take_entries(rest, "allowedCombinations", combination)
    left = rest.get("allowedCombinations")
    entries = left if isinstance(left, list) else [] if says_nothing(left) else [left]
    return frozenset([*read, *(frozenset({_UNREAD + fold(shown(entry))}) for entry in entries)])


def _order(words: Combination) -> tuple[list[int], str]:
    return sorted(_RANK.get(word, len(_RANK)) for word in words), _key(words)


def _key(words: Combination) -> str:
    return "combination:" + ",".join(sorted(words))


def _text(words: Combination, ids: Spelling) -> str:
    return ids.noted(_key(words)) or _usual(words)


def _usual(words: Combination) -> str:
    ranked = sorted(words, key=lambda word: (_RANK.get(word, len(_RANK)), word))
    return ",".join(_GRAPH_SPELLING.get(word, word) for word in ranked)

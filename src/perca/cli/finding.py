"""Findings for scripts and for people: the words of CONTRACT, and a list with the worst first.

In the list, what is said of several people in one way is said once; scripts get each finding with its own id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from perca.cli import region, words
from perca.cli.answer import Json
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.region import question, region_json
from perca.findings import Finding, Kind, Severity, because_of, fix, likeness, sentence, warning
from perca.model import SignIn, Tenant, UserId
from perca.policy import Coordinate, Target, value_at
from perca.prove import Witness
from perca.wire.policies import emit_policy

_TONES = {Severity.HIGH: Tone.BAD, Severity.MEDIUM: Tone.STRONG, Severity.LOW: Tone.PLAIN}
_HEADINGS = {
    Severity.HIGH: "Locked out, or one step from it",
    Severity.MEDIUM: "To mend",
    Severity.LOW: "To know",
}


def finding_json(tenant: Tenant, found: Finding) -> Json:
    """The finding in the words of CONTRACT, and more."""
    return {
        "id": found.id,
        "kind": found.kind.value,
        "severity": found.severity.word,
        "assessed": found.assessed,
        "words": says(tenant, found),
        "people": len(found.people),
        "who": [{"id": each, "userPrincipalName": _name(tenant, each)} for each in found.people],
        "about": list(found.about),
        "witness": None if found.witness is None else question(_sign_in(found.witness)),
        "policies": list(found.policies),
        "missing": list(found.missing),
        "fix": fix(tenant, found),
        "repair": None if found.repair is None else emit_policy(found.repair),
        **_of_a_gap(tenant, found),
    }


def _of_a_gap(tenant: Tenant, found: Finding) -> Json:
    """Where a gap is, and what to mind before it is closed; and at a near miss, which gaps it is near."""
    if found.kind is Kind.GAP:
        return {
            "regions": [region_json(tenant, each) for each in found.regions],
            "warning": warning(tenant, found) or None,
            "looksLikeEmergency": list(found.alike),
        }
    return {"gaps": list(found.of)} if found.of else {}


def says(tenant: Tenant, found: Finding, *, because: bool = True) -> str:
    """What is so, or may be; of a gap, at which sign-ins, too."""
    if found.kind is not Kind.GAP:
        return sentence(tenant, found)
    shown = found.regions[0]
    so = f"nothing requires MFA: {because_of(tenant, found.because)}" if found.assessed and because else ""
    more = len(found.regions) - 1
    also = f" (and {more:,} more {'region' if more == 1 else 'regions'})" if more else ""
    return region.sentence(tenant, shown, so) + also


def told(
    tenant: Tenant, found: Sequence[Finding], headings: Mapping[Severity, str] = _HEADINGS
) -> Iterator[Block]:
    """The findings by severity, then those that aren't assessed with what they hang on."""
    number = 0
    sure = together([each for each in found if each.assessed])
    for severity, alike in groupby(sure, key=lambda each: each.severity):
        yield Heading(headings[severity])
        for each in alike:
            number += 1
            yield Line(f"{number}. {says(tenant, each, because=False)}", _TONES[severity], 1)
            yield from _more(tenant, each)
    unsure = sorted(
        together([each for each in found if not each.assessed]), key=lambda each: (each.missing, each.kind)
    )
    if unsure:
        yield Heading("Not assessed")
    for missing, alike in groupby(unsure, key=lambda each: each.missing):
        facts = [words.fact(tenant, each) for each in missing]
        yield Line(f"not known: {words.listed(facts, 2)}", Tone.UNSURE, 1)
        yield from (Line(says(tenant, each), depth=2) for each in alike)


def _more(tenant: Tenant, found: Finding) -> Iterator[Block]:
    if found.kind is Kind.GAP:
        yield Line(f"because {because_of(tenant, found.because)}", depth=2)
    if found.witness is not None:
        yield Line(f"for example: {_example(tenant, found, _sign_in(found.witness))}", Tone.FAINT, 2)
    yield Line(f"to do: {fix(tenant, found)}", depth=2)
    if like := likeness(tenant, found):
        yield Line(f"careful: {like}", Tone.BAD, 2)


def _example(tenant: Tenant, found: Finding, shown: SignIn) -> str:
    """The sign-in without what is the same at each of these: no risk; and without the person where there is but one."""
    asked = value_at(shown, Coordinate.TARGET)
    assert isinstance(asked, Target)
    what = words.target(tenant, asked)
    who = f"{words.who(tenant, shown)}, " if len(found.people) > 1 else ""
    how = f"with {words.client(shown.client, shown.platform)} and {words.credential(shown.credential)}"
    return f"{who}{what if asked.action is not None else f'to {what}'} {how}, {words.where(shown)}"


def together(found: Iterable[Finding]) -> list[Finding]:
    """The findings, those that differ in the person alone as one about all of them; and so of groups that may be edited, or are empty."""
    alike: dict[tuple[object, ...], Finding] = {}
    for each in found:
        of_a_gap = each.about if each.kind is Kind.GAP else ()
        by = () if each.kind in _OF_ANY else (each.policies, each.named)
        key = (each.kind, each.severity, by, each.missing, of_a_gap)
        before = alike.get(key)
        alike[key] = each if before is None else _both(before, each)
    return list(alike.values())


def _both(one: Finding, other: Finding) -> Finding:
    return replace(
        one,
        people=tuple(dict.fromkeys((*one.people, *other.people))),
        policies=tuple(dict.fromkeys((*one.policies, *other.policies))),
        named=tuple(dict.fromkeys((*one.named, *other.named))),
    )


_OF_ANY = (Kind.EDITORS_TAKE_OUT, Kind.DANGLING, Kind.EMPTY_GROUP, Kind.EMPTY_PLACE)
"""Said of all groups, places and ids together."""


def _sign_in(witness: Witness | SignIn) -> SignIn:
    return witness.sign_in if isinstance(witness, Witness) else witness


def _name(tenant: Tenant, id: UserId) -> str | None:
    held = tenant.users.get(id)
    return None if held is None else held.user_principal_name

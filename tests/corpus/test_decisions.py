"""Every case of corpus/decisions through `decide`, through masks, through the walk and through the other engine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from perca.model import Flow, SignIn, Tenant
from perca.policy import (
    Decision,
    Mfa,
    No,
    Outcome,
    Unknown,
    Yes,
    can_be,
    decide,
    is_blocked,
    rulebook,
    value_at,
)
from perca.prove import always_mfa, exhaust
from perca.space import ORDER, columns, masks, space
from support.cases import CASES, FOLDER, GRADES, Case
from support.engines import alone, engines, is_whole

EACH = [
    pytest.param(case.tenant, sign_in, expected, id=f"{name}-{number}")
    for name, case in CASES.items()
    for number, (sign_in, expected) in enumerate(case.sign_ins, 1)
]
WORDS = {
    "but", "mfa", "outcome", "applies", "results", "requirement", "sources", "blockedBy", "unmet", "because", "missing",
}  # fmt: skip
TRUE_OF = {Yes: True, No: False, Unknown: None}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_case_says_who_says_so_and_how_sure_that_is(case: Case) -> None:
    assert case.grade in GRADES
    assert case.sign_ins
    assert case.engines == engines(case), "the engines that it names are those that can run it"
    for _, expected in case.sign_ins:
        assert expected.keys() <= WORDS, "a word that nothing checks"
        assert {"mfa", "outcome"} <= expected.keys()


@pytest.mark.parametrize(("tenant", "sign_in", "expected"), EACH)
def test_decide(tenant: Tenant, sign_in: SignIn, expected: dict[str, Any]) -> None:
    decision = decide(tenant, sign_in)
    assert {"mfa": decision.mfa.value, "outcome": decision.outcome.value} == {
        "mfa": expected["mfa"],
        "outcome": expected["outcome"],
    }
    open_answer = "notAssessed" in (expected["mfa"], expected["outcome"])
    assert bool(decision.missing) == open_answer
    for word, said in details(decision).items():
        if word in expected:
            assert {key: said.get(key) for key in expected[word]} == expected[word]
    if "sources" in expected:
        assert {each.id for each in decision.sources} == set(expected["sources"])
    if "blockedBy" in expected:
        assert {each.id for each in decision.blocked_by} == set(expected["blockedBy"])
    if "requirement" in expected:
        assert sorted(sorted(map(str, clause)) for clause in decision.guaranteed) == expected["requirement"]
    for part in expected.get("missing", ()):
        assert part in "; ".join(decision.missing)
    for key, part in expected.get("because", {}).items():
        assert part in "; ".join(getattr(answers(decision)[key].answer, "because", ()))


def answers(decision: Decision) -> dict[str, Any]:
    return {each.rule.key: each for each in decision.rules}


def details(decision: Decision) -> dict[str, dict[str, Any]]:
    """What is said of each rule, by its key."""
    rules = answers(decision)
    return {
        "applies": {key: TRUE_OF[type(each.answer)] for key, each in rules.items()},
        "results": {key: each.result for key, each in rules.items()},
        "unmet": {key: [*getattr(each.answer, "unmet", ())] for key, each in rules.items()},
    }


WHOLE = [param for param in EACH if is_whole(*param.values[:2])]


@pytest.mark.parametrize(("tenant", "sign_in", "expected"), WHOLE)
def test_masks_say_of_each_rule_what_decide_says(
    tenant: Tenant, sign_in: SignIn, expected: dict[str, Any]
) -> None:
    sides = columns(rulebook(tenant))
    cut = space(sides, alone(sign_in))
    must, may = cut.must, cut.may
    for coordinate in ORDER:
        one_must, one_may = masks(sides, coordinate, value_at(sign_in, coordinate))
        must, may = must & one_must, may & one_may
    said = answers(decide(tenant, sign_in))
    for position, column in enumerate(sides):
        found = (bool(must >> position & 1), bool(may >> position & 1))
        assert (
            found
            == {True: (True, True), False: (False, False), None: (False, True)}[
                TRUE_OF[type(said[column.rule.key].answer)]
            ]
        )


@pytest.mark.parametrize(("tenant", "sign_in", "expected"), WHOLE)
def test_the_walk_and_the_other_engine_say_whether_anybody_gets_in_without_mfa(
    tenant: Tenant, sign_in: SignIn, expected: dict[str, Any]
) -> None:
    decision = decide(tenant, sign_in)
    is_legacy = sign_in.client is not None and sign_in.client.is_legacy
    cannot_meet = is_legacy or sign_in.flow is Flow.DEVICE_CODE
    covered = decision.mfa is Mfa.REQUIRED or is_blocked(decision.guaranteed)
    covered = covered or (cannot_meet and decision.outcome is Outcome.BLOCKED)
    perhaps = decision.mfa is Mfa.NOT_ASSESSED or is_blocked(decision.possible)
    perhaps = perhaps or (cannot_meet and decision.outcome is Outcome.NOT_ASSESSED)
    holds = True if covered else None if perhaps else False
    assert always_mfa(tenant, universe=alone(sign_in)).holds is holds
    count = exhaust.always_mfa(tenant, [sign_in])
    assert (count.fails, count.unassessed) == (int(holds is False), int(holds is None))


@pytest.mark.parametrize(("tenant", "sign_in", "expected"), WHOLE)
def test_a_sign_in_that_is_told_whole_can_be(
    tenant: Tenant, sign_in: SignIn, expected: dict[str, Any]
) -> None:
    assert can_be(sign_in)


def test_most_sign_ins_are_whole() -> None:
    """Else the engines would be checked against little."""
    assert len(WHOLE) > len(EACH) / 2
    assert {param.values[2]["mfa"] for param in WHOLE} == {word.value for word in Mfa}
    assert {param.values[2]["outcome"] for param in EACH} == {word.value for word in Outcome}


def test_every_documented_outcome_has_a_case_or_says_what_it_waits_for(shared_fixtures: Path) -> None:
    documented = json.loads((shared_fixtures / "cases" / "documented-cases.json").read_text("utf-8"))
    ids = {each["id"] for each in documented}
    waiting = set(re.findall(r"\b[MDT][0-9]{2}\b", (FOLDER / "README.md").read_text("utf-8")))
    here = {id for case in CASES.values() for id in case.documented}
    assert here | waiting == ids
    assert here & waiting == set()


def test_a_documented_outcome_is_graded_no_better_than_it_is_documented(shared_fixtures: Path) -> None:
    documented = json.loads((shared_fixtures / "cases" / "documented-cases.json").read_text("utf-8"))
    grades = {each["id"]: each["grade"] for each in documented}
    for case in CASES.values():
        best = min((grades[id] for id in case.documented), default="A")
        assert case.grade == "ours" or case.grade >= best

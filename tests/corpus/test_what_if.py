"""The corpus through the What-If of an embedded tenant that holds the same data, wherever its request can say the sign-in."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from perca.model import SignIn
from perca.policy import decide
from perca.tenant import application
from perca.wire import emit_question
from support.cases import CASES, Case
from support.engines import is_sayable, told
from support.stored import stored

SECRET = "a-secret-of-this-test"
ABLE = [
    pytest.param(case, id=name)
    for name, case in CASES.items()
    if any(is_sayable(case.tenant, sign_in) for sign_in, _ in case.sign_ins)
]


async def served(app: Any, questions: list[Any]) -> list[Any]:
    """The answers of the app to What-If questions."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://tenant", headers=headers) as client:
        said = [await client.post("/v1.0/identity/conditionalAccess/evaluate", json=q) for q in questions]
    assert [each.status_code for each in said] == [200] * len(said), said[0].text
    return [each.json()["value"] for each in said]


@pytest.mark.parametrize("case", ABLE)
def test_the_served_what_if_says_of_each_policy_what_decide_says(case: Case, tmp_path: Path) -> None:
    asked = [sign_in for sign_in, _ in case.sign_ins if is_sayable(case.tenant, sign_in)]
    store = stored(case.snapshot, tmp_path / "tenant.db")
    try:
        answers = asyncio.run(served(application(store, secret=SECRET), [*map(question, asked)]))
    finally:
        store.close()
    for sign_in, rows in zip(asked, answers, strict=True):
        known = told(case.tenant, sign_in)
        said = {row["id"]: row["policyApplies"] for row in rows}
        assert {id: said[id] for id in known} == known
        for row in rows:
            if known.get(row["id"]) is False:
                assert row["analysisReasons"] in unmet(case, sign_in, row["id"])


def question(sign_in: SignIn) -> dict[str, Any]:
    """The request, without our own member."""
    return {name: part for name, part in emit_question(sign_in).items() if name != "perca"}


def unmet(case: Case, sign_in: SignIn, policy: str) -> tuple[str, ...]:
    """The words of every condition that isn't met."""
    for each in decide(case.tenant, sign_in).rules:
        if each.rule.source.id == policy:
            return getattr(each.answer, "unmet", ())
    raise AssertionError(f"no rule for {policy}")


def test_what_if_can_be_asked_about_most_cases() -> None:
    """Else it would be checked against little."""
    assert len(ABLE) > len(CASES) / 2

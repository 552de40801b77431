"""A plan is a document: what is written is what is read, and one that was edited is refused."""

import copy
import json

import pytest

from migrate.test_safe import PLAN
from perca.errors import BadInput
from perca.migrate.plan import read


def document() -> dict[str, object]:
    return json.loads(json.dumps(PLAN.to_json()))  # type: ignore[no-any-return]


def test_a_plan_read_back_is_the_same_plan() -> None:
    again = read(document())
    assert again.digest() == PLAN.digest()
    assert again.steps() == PLAN.steps()
    assert again.undo() == PLAN.undo()
    assert again.to_json() == document()


def test_each_step_says_what_it_needs_does_and_undoes_how_it_is_seen_and_what_was_proved() -> None:
    written = document()
    for step in (*written["steps"], *written["rollback"]):  # type: ignore[misc]
        assert step["does"]
        assert step["needs"]
        assert step["seen"]
        assert step.get("undoes") or step.get("cannotBeUndone")
        assert step["proof"]["holds"] is True
        assert int(step["proof"]["combinations"]) > 0


@pytest.mark.parametrize(
    "edit",
    [
        lambda plan: plan["steps"].pop(3),
        lambda plan: plan["steps"].reverse(),
        lambda plan: plan["people"].clear(),
        lambda plan: plan["people"][0].update(wave=2),
        lambda plan: plan["people"][0].update(state="sometimes"),
        lambda plan: plan.pop("options"),
        lambda plan: plan.update(format="perca/plan/2"),
        lambda plan: plan.update(people=None),
        lambda plan: plan.update(digest="0" * 64),
        lambda plan: plan.update(tenantId="another"),
        lambda plan: plan["before"].update(users=[]),
        lambda plan: plan["options"].update(emergency=[]),
        lambda plan: plan["options"].update(soakSeconds=0.0),
        lambda plan: plan["heldBack"].clear(),
        lambda plan: plan.pop("digest"),
    ],
)
def test_an_edited_plan_is_refused(edit) -> None:  # type: ignore[no-untyped-def]
    broken = copy.deepcopy(document())
    edit(broken)
    with pytest.raises(BadInput):
        read(broken)


def test_what_cannot_come_back_is_listed_beforehand() -> None:
    exceptions = PLAN.exceptions()
    assert any(line.startswith("dora@example.com") and "enforced" in line for line in exceptions)
    assert not any(line.startswith("cleo@example.com") for line in exceptions)
    assert any(line.startswith("1 who are `enabled` and not registered") for line in exceptions)

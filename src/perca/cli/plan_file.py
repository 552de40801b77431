"""A plan and its journal as files: where they lie, and what the plan was made from."""

from __future__ import annotations

from pathlib import Path

from perca.cli.files import object_in
from perca.errors import BadInput
from perca.migrate import plan as plans
from perca.migrate.plan import Plan
from perca.model import Tenant, UserId
from perca.wire.snapshots import parse_snapshot


def plan_in(name: str) -> Plan:
    """The plan in a file; raises BadInput when it is none, or its snapshot can't be read."""
    plan = plans.read(object_in(name))
    if not isinstance(plan.before, dict):
        raise BadInput(f"`{name}` holds no snapshot of the tenant before", "make the plan again")
    return plan


def before_of(plan: Plan) -> Tenant:
    """The tenant that the plan was made from."""
    return parse_snapshot(plan.before)


def people_of(name: str) -> tuple[UserId, ...]:
    """The people whom the plan in a file moves."""
    return plan_in(name).moved


def journal_of(plan: str, option: Path | None) -> Path:
    """Where the plan's journal is: as given, or beside the plan."""
    return option if option is not None else Path(f"{plan}.journal.jsonl")

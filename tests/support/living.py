"""A living tenant for tests: a seeded embedded one, in process, with its lagging sign-in service and its virtual clock."""

import asyncio
import contextlib
import functools
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from perca import app
from perca.embedded import EmbeddedSignIns
from perca.migrate import plan as plans
from perca.migrate.evidence import legacy_use
from perca.migrate.journal import Journal
from perca.migrate.plan import Options, Plan
from perca.migrate.prober import Prober
from perca.migrate.run import Outcome, Run
from perca.model import GroupId, PerUserMfa, PolicyId, Tenant, UserId
from perca.tenant import Control, Store
from perca.tenant.seed import kinds, mfa_settings, seed
from perca.wire import parse_snapshot

T = TypeVar("T")
PEOPLE = 60
NUMBER = 7
POLICY_LAG = 240.0
MEMBERS_LAG = 1200.0


@functools.cache
def seeded(people: int = PEOPLE, number: int = NUMBER) -> Path:
    """A seeded database, made once; copy it, never open it."""
    path = Path(tempfile.mkdtemp(prefix="perca-seeded-")) / "tenant.db"
    with contextlib.closing(Store.create(path)) as store:
        seed(store, people, number)
    return path


def copy_of(folder: Path, people: int = PEOPLE, number: int = NUMBER) -> Path:
    """A seeded database of one's own, in the folder."""
    return Path(shutil.copy(seeded(people, number), folder / "tenant.db"))


@dataclass
class Living:
    """The tenant, what was known of it before, and how to reach it."""

    folder: Path
    store: Store
    connection: app.Connection
    control: Control
    sign_ins: EmbeddedSignIns
    snapshot: dict[str, Any]
    before: Tenant
    emergency: tuple[UserId, ...]

    async def plan(self, waves: int = 3, soak: float = 3600.0) -> Plan:
        """A plan from the snapshot, as the command makes it."""
        return plans.make(
            self.snapshot,
            self.before,
            Options(self.emergency, waves=waves, soak=soak),
            await legacy_use(self.connection.directory, self.connection.clock),
            marker="0a1b2c3d",
            made_at=self.connection.clock.now().isoformat(),
        )

    def prober(self, people: Sequence[UserId]) -> Prober:
        """A prober of these people."""
        return Prober(self.before, people, self.emergency, self.sign_ins)

    @contextlib.contextmanager
    def run(self, plan: Plan, name: str = "journal", **more: Any) -> Any:
        """A run of the plan with its journal open."""
        with Journal(self.folder / name, self.connection.clock) as journal:
            yield Run(
                plan,
                self.before,
                self.connection.directory,
                journal,
                self.connection.clock,
                self.sign_ins,
                **more,
            )

    async def now(self) -> Tenant:
        """The tenant read again."""
        return parse_snapshot(await self.connection.directory.snapshot())

    async def apply(self, plan: Plan, wave: int | None = None, **more: Any) -> Outcome:
        """Carries the plan out, up to a wave."""
        with self.run(plan, **more) as run:
            return await run.apply(wave=wave)  # type: ignore[no-any-return]

    async def roll_back(self, plan: Plan, wave: int | None = None, **more: Any) -> Outcome:
        """Takes the plan back, or one wave of it."""
        with self.run(plan, **more) as run:
            return await run.rollback(wave=wave)  # type: ignore[no-any-return]

    async def states(self, people: Iterable[UserId]) -> dict[UserId, PerUserMfa]:
        """The per-user MFA states of those who are there."""
        users = (await self.now()).users
        return {person: users[person].per_user_mfa for person in people if person in users}

    async def policy_of(self, plan: Plan) -> PolicyId:
        """The id of the plan's policy."""
        return next(p.id for p in (await self.now()).policies if p.display_name == plan.name)

    async def group_of(self, plan: Plan) -> GroupId:
        """The id of the plan's group."""
        return next(g.id for g in (await self.now()).groups.values() if g.display_name == plan.name)

    def change(self, kind: str, id: str, **members: Any) -> None:
        """Somebody else changes a document of the tenant."""
        with self.store.writing() as now:
            document = now.get(kind, id)
            assert document is not None
            now.put(kind, id, {**document, **members}, document.get("userPrincipalName"))

    def lose(self, person: UserId) -> None:
        """Somebody's account is deleted."""
        with self.store.writing() as now:
            assert now.remove_object("users", person)
            now.remove("registrations", person)


@contextlib.asynccontextmanager
async def living(folder: Path, people: int = PEOPLE, number: int = NUMBER) -> AsyncIterator[Living]:
    """A seeded tenant, in process, with lags as a real one has them."""
    with contextlib.closing(Store.open(copy_of(folder, people, number))) as store:
        async with app.embedded(store, mfa_settings(store)) as connection:
            assert connection.control is not None
            await connection.control.lag(policy=POLICY_LAG, members=MEMBERS_LAG)
            snapshot = await connection.directory.snapshot()
            yield Living(
                folder,
                store,
                connection,
                connection.control,
                EmbeddedSignIns(connection.control),
                snapshot,
                parse_snapshot(snapshot),
                tuple(kinds(store)["emergency"]),
            )


def live(folder: Path, story: Callable[[Living], Awaitable[T]], **options: int) -> T:
    """Runs a story in a living tenant."""

    async def tell() -> T:
        async with living(folder, **options) as tenant:
            return await story(tenant)

    return asyncio.run(tell())

"""Brings a database to the tables this code expects; safe when several processes start at once."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from typing import Final

from tortoise.backends.base import executor
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.migration import Migration
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.migrations.writer import MigrationWriter

from domain.kernel.db.config import APP, CONNECTION, tortoise_config
from domain.kernel.db.failures import DatabaseUnavailable, raise_if_unavailable
from domain.kernel.db.schema_editors import schema_editor
from domain.kernel.db.statements import execute, rows
from domain.kernel.db.transaction import transaction

# SQLite rebuilds a table to change it. With foreign keys on, that would delete the rows that refer to it.
_PRAGMAS: Final = {"foreign_keys": "OFF", "legacy_alter_table": "ON", "busy_timeout": "600000"}
_LOCK: Final = 0x6361726E6574  # any number that nothing else locks: "carnet"
_RARELY: Final = (50_000, 20, 20)


class DatabaseIsNewer(DatabaseUnavailable):
    """The database was migrated by a later version of Carnet than this one."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(f"The database has migrations this Carnet does not know: {', '.join(unknown)}. Update it.")
        self.unknown = unknown


class _Tables(StateApps):
    """The tables as they are at a step of the history; nothing asks these models for rows."""

    def _build_initial_querysets(self) -> None:
        """Leave out what only queries need: for each step and table it would take most of the time."""


class _Before(State):
    """What the tables were before an operation; worked out when it asks, since most do not and each costs them all."""

    def __init__(self, models: dict[tuple[str, str], ModelState], tables: StateApps) -> None:
        self.models, self._tables = models, tables

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        """The tables as models that can be asked."""
        return self._tables.clone(model_states=self.models)


class _History(State):
    """The tables, step by step."""

    def clone(self) -> State:
        """As they are now, whatever happens to them later."""
        return _Before({name: model.clone() for name, model in self.models.items()}, self.apps)


async def migrate(url: str) -> list[str]:
    """Apply what is missing, each migration whole or not at all, and return the names of what was applied."""
    with _collecting_rarely():
        async with _database(url):
            return await _migrated(url)


async def drift() -> list[str]:
    """What the models say and the migrations do not; empty when they agree. Needs no database."""
    return [operation.describe() for change in await changes() for operation in change.operations]


async def changes() -> list[MigrationWriter]:
    """The migrations that would bring the tables to the models."""
    config = tortoise_config("sqlite:///")
    context = TortoiseContext()
    with context:
        await context.init(config=config)
        assert context.apps is not None
        return await MigrationAutodetector(context.apps, config["apps"]).changes()


async def _migrated(url: str) -> list[str]:
    loader = await _loader(url)
    recorded = await _recorded()
    if unknown := sorted(recorded - {key.name for key in loader.graph.nodes}):
        raise DatabaseIsNewer(unknown)
    history = _in_order(loader)
    if all(migration.name in recorded for migration in history):
        return []  # every start asks: what the tables were step by step is worked out only where one is to change
    state = _History(models={}, apps=_Tables(default_connections={APP: CONNECTION}))
    return [
        migration.name for migration in history if await _apply(migration, state, already=migration.name in recorded)
    ]


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Every step makes many objects that stay, and looking through them for garbage takes longer than the step."""
    usual = gc.get_threshold()
    if usual == _RARELY:  # another is at it, and ends it
        yield
        return
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[None]:
    context = TortoiseContext()
    with context:
        try:
            await context.init(config=tortoise_config(url, _PRAGMAS))
            yield
        except Exception as error:
            raise_if_unavailable(error)
            raise
        finally:
            await context.close_connections()
            executor.EXECUTOR_CACHE.clear()  # it may hold the columns of tables as they were


async def _loader(url: str) -> MigrationLoader:
    loader = MigrationLoader(tortoise_config(url)["apps"], MigrationRecorder(get_connection(CONNECTION)))
    await loader.build_graph()
    return loader


def _in_order(loader: MigrationLoader) -> list[Migration]:
    keys: dict[MigrationKey, None] = {}
    for leaf in loader.graph.leaf_nodes():
        keys |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    found = (loader.graph.nodes[key] for key in keys)
    return [migration for migration in found if isinstance(migration, Migration)]


async def _recorded() -> set[str]:
    async with transaction():
        await _lock()
        client = get_connection(CONNECTION)
        recorder = MigrationRecorder(client)
        await recorder.ensure_schema(schema_editor(client))
        return {key.name for key in await recorder.applied_migrations()}


async def _apply(migration: Migration, state: State, already: bool) -> bool:
    """Apply one migration unless it is there or another process has just done it; say whether we did."""
    if already:
        await migration.apply(state, dry_run=True)
        return False
    async with transaction():
        await _lock()
        client = get_connection(CONNECTION)
        recorder = MigrationRecorder(client)
        if MigrationKey(APP, migration.name) in await recorder.applied_migrations():
            await migration.apply(state, dry_run=True)
            return False
        await migration.apply(state, schema_editor=schema_editor(client))
        await _refuse_orphans()
        await recorder.record_applied(APP, migration.name)
        return True


async def _lock() -> None:
    """One process migrates at a time: on SQLite the transaction is the lock already."""
    if get_connection(CONNECTION).capabilities.dialect == "postgres":
        await execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def _refuse_orphans() -> None:
    if get_connection(CONNECTION).capabilities.dialect == "sqlite":
        orphans = await rows("PRAGMA foreign_key_check")
        assert not orphans, f"the migration left rows that refer to nothing: {orphans[:5]}"

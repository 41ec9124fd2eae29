"""A database is migrated whole or not at all, once, and without losing anything."""

import asyncio
import importlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.kernel.db import IntegrityError, config, connect, disconnect, execute, insert, rows
from domain.kernel.db.migrate import DatabaseIsNewer, drift, migrate

pytestmark = pytest.mark.anyio

PARENT = {"id": "p1", "code": "LIS", "open": 1, "size": 5}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    """The database, open as long as the block runs."""
    await connect(url)
    try:
        yield
    finally:
        await disconnect()


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history of two small tables in place of Carnet's."""
    monkeypatch.setattr(config, "MIGRATIONS", "tests.migrations.example")


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty history, to which a test adds the steps of the example one by one."""
    package = tmp_path / f"history_of_{tmp_path.name}"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(config, "MIGRATIONS", package.name)
    return package


def add_step(history: Path, name: str) -> None:
    """Let a later version of the program know one more migration."""
    shutil.copy(Path(__file__).parent / "example" / f"{name}.py", history)
    importlib.invalidate_caches()


async def test_the_models_and_the_migrations_agree() -> None:
    assert await drift() == []


async def test_a_second_run_has_nothing_to_apply(blank_database_url: str) -> None:
    first = await migrate(blank_database_url)

    assert first[0] == "0001_initial"
    assert first == sorted(first)
    assert await migrate(blank_database_url) == []


async def test_of_two_that_start_at_once_one_applies_each_migration(blank_database_url: str, example: None) -> None:
    first, second = await asyncio.gather(migrate(blank_database_url), migrate(blank_database_url))

    assert sorted(first + second) == ["0001_tables", "0002_wider"]


async def test_a_table_is_made_with_its_constraints(blank_database_url: str, history: Path) -> None:
    add_step(history, "0001_tables")
    await migrate(blank_database_url)
    async with connected(blank_database_url):
        await insert("parent", [PARENT])

        for wrong in (
            {**PARENT, "id": "p2", "code": "MAD", "size": 0},
            {**PARENT, "id": "p2", "open": 0},
            {**PARENT, "id": "p2", "size": 6},
        ):
            with pytest.raises(IntegrityError):
                await insert("parent", [wrong])
        await insert("parent", [{**PARENT, "id": "p2", "open": 0, "size": 6}])

        assert await rows("SELECT id FROM parent ORDER BY id") == [{"id": "p1"}, {"id": "p2"}]


async def test_a_table_that_is_made_anew_keeps_rows_children_indexes_and_triggers(
    blank_database_url: str, history: Path
) -> None:
    add_step(history, "0001_tables")
    await migrate(blank_database_url)
    async with connected(blank_database_url):
        await insert("parent", [PARENT])

    add_step(history, "0002_wider")
    assert await migrate(blank_database_url) == ["0002_wider"]

    async with connected(blank_database_url):
        await insert("parent", [{"id": "p3", "code": None, "open": 0, "size": 1}])
        assert await rows("SELECT id, code FROM parent ORDER BY id") == [
            {"id": "p1", "code": "LIS"},
            {"id": "p3", "code": None},
        ]
        assert await rows("SELECT id FROM child ORDER BY id") == [{"id": "logged; p1"}, {"id": "logged; p3"}]
        with pytest.raises(IntegrityError):
            await insert("parent", [{**PARENT, "id": "p4", "size": 9}])
        await execute("DROP INDEX ix_parent_size")


async def test_a_migration_that_fails_leaves_nothing_and_the_ones_before_it_stay(
    blank_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "MIGRATIONS", "tests.migrations.broken")

    with pytest.raises(Exception, match="nowhere"):
        await migrate(blank_database_url)

    async with connected(blank_database_url):
        assert await rows("SELECT id FROM first_step") == []
        assert await rows("SELECT name FROM tortoise_migrations") == [{"name": "0001_first"}]
        await execute("CREATE TABLE second_step (id TEXT)")


async def test_a_database_of_a_newer_carnet_is_left_alone(blank_database_url: str, example: None) -> None:
    await migrate(blank_database_url)
    async with connected(blank_database_url):
        await execute("UPDATE tortoise_migrations SET name = '0003_future' WHERE name = '0002_wider'")

    with pytest.raises(DatabaseIsNewer, match="does not know: 0003_future"):
        await migrate(blank_database_url)

    async with connected(blank_database_url):
        assert await rows("SELECT name FROM tortoise_migrations ORDER BY name") == [
            {"name": "0001_tables"},
            {"name": "0003_future"},
        ]

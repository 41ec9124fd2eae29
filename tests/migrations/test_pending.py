"""A database that lacks migrations is known before anything else is asked of it, and it is said in one sentence."""

import pytest

from carnet.database import opened
from carnet.failures import CannotStart
from domain.kernel.db import config, connect, counting, disconnect, execute
from domain.kernel.db.migrate import migrate
from domain.kernel.db.pending import pending
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

LACKING = "The database lacks 2 migrations of this version, from 0003_time on: run `carnet migrate`."


async def forget(*names: str) -> None:
    """Let the open database say that it is as it was before these migrations."""
    for name in names:
        assert await execute("DELETE FROM tortoise_migrations WHERE name = $1", name) == 1


async def test_a_migrated_database_lacks_nothing(db: str) -> None:
    assert await pending() == []


async def test_a_database_without_tables_lacks_every_migration_in_its_order(
    blank_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "MIGRATIONS", "tests.migrations.example")
    await connect(blank_database_url)
    try:
        assert await pending() == ["0001_tables", "0002_wider"]
    finally:
        await disconnect()


async def test_a_process_does_not_start_on_a_database_that_lacks_migrations(database_url: str) -> None:
    async with opened(database_url):
        await forget("0003_time", "0004_time_guards")

    with pytest.raises(CannotStart) as refused:
        async with opened(database_url):
            pass

    assert str(refused.value) == LACKING


async def test_a_single_migration_is_named(database_url: str) -> None:
    async with opened(database_url):
        await forget("0004_time_guards")

    with pytest.raises(CannotStart, match=r"lacks a migration of this version, from 0004_time_guards on: run `carnet"):
        async with opened(database_url):
            pass


async def test_a_later_version_of_carnet_may_have_migrated_already(database_url: str) -> None:
    async with opened(database_url):
        await execute("UPDATE tortoise_migrations SET name = '0099_future' WHERE name = '0001_initial'")
        await execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at)"
            " SELECT app, '0001_initial', applied_at FROM tortoise_migrations WHERE name = '0099_future'"
        )

    async with opened(database_url):
        assert await pending() == []


async def test_readyz_says_what_to_do_until_the_database_is_migrated(blank_database_url: str) -> None:
    async with graph() as app:
        await connect(blank_database_url)
        answers = [await app.http.get("/readyz")]
        await disconnect()
        await migrate(blank_database_url)
        await connect(blank_database_url)
        try:
            await forget("0003_time", "0004_time_guards")
            answers.append(await app.http.get("/readyz"))
            await execute(
                "INSERT INTO tortoise_migrations (app, name, applied_at)"
                " SELECT app, later.name, applied_at FROM tortoise_migrations,"
                " (SELECT '0003_time' AS name UNION SELECT '0004_time_guards') AS later"
                " WHERE tortoise_migrations.name = '0001_initial'"
            )
            answers.append(await app.http.get("/readyz"))
            with counting() as counter:
                answers.append(await app.http.get("/readyz"))
        finally:
            await disconnect()

    assert [(answer.status_code, answer.json().get("reason")) for answer in answers] == [
        (503, "The database has no tables yet: run `carnet migrate`."),
        (503, LACKING),
        (200, None),
        (200, None),
    ]
    assert counter.statements == ["SELECT 1 AS answer"]

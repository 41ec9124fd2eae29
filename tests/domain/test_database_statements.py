"""Plain statements answer the same on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from tortoise.exceptions import OperationalError

from domain.branches.models import Chain
from domain.kernel.db import IntegrityError, counting, execute, execute_many, fetch, insert, rows, transaction
from domain.people.models import ApiKey

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
CHAIN: dict[str, Any] = {
    "id": "chn_1",
    "name": "Harbour Wellness",
    "currency": "EUR",
    "created_at": NOON,
    "backdate_days": 7,
    "reversal_hours": 48,
}
KEY: dict[str, Any] = {
    "id": "key_1",
    "chain_id": "chn_1",
    "name": "Ledger sync",
    "secret_hash": "0f",
    "scopes": ["journal:read", {"branches": ["LIS"]}],
    "created_at": NOON,
    "revoked_at": None,
}


async def test_a_row_comes_back_as_it_was_inserted(db: str) -> None:
    await insert("chain", [CHAIN])
    await insert("api_key", [KEY])

    assert await rows("SELECT * FROM api_key") == [KEY]


async def test_fetch_gives_the_model_that_the_row_is(db: str) -> None:
    await insert("chain", [CHAIN])
    await insert("api_key", [KEY])

    [key] = await fetch(ApiKey, "SELECT * FROM api_key WHERE chain_id = $1", "chn_1")

    assert {name: getattr(key, name) for name in KEY} == KEY
    assert type(key.created_at) is datetime


async def test_what_the_models_write_plain_statements_read(db: str) -> None:
    await Chain.create(**CHAIN)
    await ApiKey.create(**KEY)

    assert await rows("SELECT * FROM api_key") == [KEY]


async def test_days_come_back_as_dates(db: str) -> None:
    await execute("CREATE TABLE closure (day DATE)")
    await insert("closure", [{"day": date(2026, 12, 25)}, {"day": None}])

    assert await rows("SELECT day FROM closure ORDER BY day IS NULL") == [
        {"day": date(2026, 12, 25)},
        {"day": None},
    ]


async def test_any_takes_a_list(tally: str) -> None:
    await insert("tally", [{"name": "c", "n": 3}])

    found = await rows("SELECT name FROM tally WHERE name = ANY($1) AND n >= $2 ORDER BY name", ["c", "a"], 0)

    assert found == [{"name": "a"}, {"name": "c"}]
    assert await rows("SELECT name FROM tally WHERE name = ANY($1)", []) == []


async def test_execute_says_how_many_rows_it_affected(tally: str) -> None:
    assert await execute("UPDATE tally SET n = n + 1") == 2
    assert await execute("UPDATE tally SET n = 9 WHERE name = $1", "a") == 1
    assert await execute("DELETE FROM tally WHERE name = $1", "nobody") == 0


async def test_instants_sort_by_time_whatever_zone_they_were_given_in(db: str) -> None:
    azores = timezone(timedelta(hours=-1))
    named = {
        "first": NOON,
        "second": NOON + timedelta(microseconds=1),
        "third": (NOON + timedelta(seconds=1)).astimezone(azores),
        "fourth": NOON + timedelta(seconds=1, milliseconds=500),
    }
    await insert("chain", [{**CHAIN, "id": name, "name": name, "created_at": at} for name, at in named.items()])

    found = await rows("SELECT id, created_at FROM chain WHERE created_at >= $1 ORDER BY created_at", NOON)

    assert [row["id"] for row in found] == list(named)
    assert [row["created_at"] for row in found] == list(named.values())


async def test_an_instant_without_a_zone_is_refused_by_sqlite(sqlite_db: str) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        await insert("chain", [{**CHAIN, "created_at": NOON.replace(tzinfo=None)}])

    assert await rows("SELECT id FROM chain") == []


async def test_a_second_row_with_the_same_key_is_refused(tally: str) -> None:
    with pytest.raises(IntegrityError):
        await insert("tally", [{"name": "c", "n": 1}, {"name": "a", "n": 1}])

    assert await rows("SELECT name FROM tally ORDER BY name") == [{"name": "a"}, {"name": "b"}]


MANY = 100


def many(**changed: Any) -> list[dict[str, Any]]:
    """More keys than are inserted by one statement with all their values."""
    return [KEY | {"id": f"key_{number:05}", "secret_hash": str(number)} | changed for number in range(MANY)]


@pytest.mark.parametrize("count", [49, 500, 20_000])
async def test_however_many_records_are_one_statement(tally: str, count: int) -> None:
    with counting() as counter:
        await insert("tally", [{"name": f"x{number}", "n": number} for number in range(count)])

    assert len(counter) == 1
    assert await rows("SELECT count(*) AS n FROM tally") == [{"n": count + 2}]


async def test_many_rows_come_back_as_they_were_inserted(db: str) -> None:
    await insert("chain", [CHAIN])
    async with transaction():
        await insert("api_key", many())

    assert await rows("SELECT * FROM api_key ORDER BY id") == many()


@pytest.mark.parametrize("value", [12, "text", "1", "null", [], {}, {"a": ["é", None]}])
async def test_every_kind_of_json_comes_back_from_few_and_from_many(db: str, value: object) -> None:
    await insert("chain", [CHAIN])
    written = orjson.dumps(value).decode() if isinstance(value, str) else value
    await insert("api_key", [KEY | {"scopes": written}])
    await insert("api_key", many(scopes=written))

    found = await rows("SELECT scopes FROM api_key")

    assert found == (MANY + 1) * [{"scopes": value}]


async def test_columns_that_many_records_leave_out_get_their_defaults(db: str) -> None:
    await insert("chain", [CHAIN | {"id": f"chn_{number}", "name": str(number)} for number in range(MANY)])

    assert await rows("SELECT DISTINCT shortfall, reinstatement_days FROM chain") == [
        {"shortfall": "REFUSE", "reinstatement_days": 90}
    ]


async def test_of_many_records_all_are_inserted_or_none(db: str) -> None:
    await insert("chain", [CHAIN])
    for wrong in (many()[0], KEY | {"chain_id": "chn_nowhere"}, KEY | {"name": None}):
        with pytest.raises(IntegrityError):
            await insert("api_key", [*many(), wrong])

        assert await rows("SELECT id FROM api_key") == []


async def test_many_records_are_inserted_with_the_transaction_or_not_at_all(db: str) -> None:
    await insert("chain", [CHAIN])
    with pytest.raises(KeyError):
        async with transaction():
            await insert("api_key", many())
            raise KeyError

    assert await rows("SELECT id FROM api_key") == []


async def test_many_records_for_a_table_that_is_not_there_are_refused_alike(db: str) -> None:
    for count in (1, MANY):
        with pytest.raises(OperationalError):
            await insert("nowhere", count * [{"n": 1}])


async def test_one_statement_with_many_arguments_is_one_statement(tally: str) -> None:
    with counting() as counter:
        await execute_many("UPDATE tally SET n = n + $2 WHERE name = $1", [("a", 1), ("b", 2), ("a", 4)])
        await execute_many("UPDATE tally SET n = $1", [])

    assert len(counter) == 1
    assert await rows("SELECT name, n FROM tally ORDER BY name") == [{"name": "a", "n": 5}, {"name": "b", "n": 2}]


async def test_of_many_arguments_all_take_effect_or_none(tally: str) -> None:
    with pytest.raises(IntegrityError):
        await execute_many("UPDATE tally SET n = $2 WHERE name = $1", [("a", 1), ("b", None)])

    assert await rows("SELECT SUM(n) AS n FROM tally") == [{"n": 0}]


async def test_nothing_is_sent_to_insert_nothing(tally: str) -> None:
    with counting() as counter:
        await insert("tally", [])

    assert counter.statements == []


async def test_counting_sees_the_statements_of_querysets_too(db: str) -> None:
    with counting() as counter:
        await Chain.create(**CHAIN)
        await Chain.all()
        await Chain.filter(id="chn_1").values("name")
        await rows("SELECT 1")

    assert len(counter) == 4

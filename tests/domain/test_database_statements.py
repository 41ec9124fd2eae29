"""Plain statements answer the same on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from domain.branches.models import Chain
from domain.kernel.db import IntegrityError, counting, execute, fetch, insert, rows
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


async def test_many_records_are_one_statement_and_thousands_are_few(tally: str) -> None:
    with counting() as counter:
        await insert("tally", [{"name": f"x{number}", "n": number} for number in range(500)])
    assert len(counter) == 1

    with counting() as counter:
        await insert("tally", [{"name": f"y{number}", "n": number} for number in range(16_500)])
    assert len(counter) == 2
    assert await rows("SELECT count(*) AS n FROM tally") == [{"n": 17_002}]


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

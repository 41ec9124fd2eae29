"""What Tortoise cannot say about the tables of 0003: append-only ones, what sweeps look for, last days to start."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("booking_change", "charge")

DUE = """CREATE INDEX ix_lot_due ON lot (lapses_at) WHERE available > 0;
CREATE INDEX ix_booking_open ON booking (ends_at) WHERE state = 'CONFIRMED';
CREATE INDEX ix_bulk_extension_open ON bulk_extension (id) WHERE finished_at IS NULL;"""


def sqlite_guards() -> str:
    """Triggers that refuse every change and removal, also the one that INSERT OR REPLACE makes."""
    return "".join(
        f"""CREATE TRIGGER {table}_refuse_{verb} BEFORE {event} BEGIN
        SELECT RAISE(ABORT, '{table} is append-only'); END;"""
        for table in APPEND_ONLY
        for verb, event in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            ("replace", f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),
        )
    )


def postgres_guards() -> str:
    """The function is the one of 0002."""
    return "".join(
        f"""CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
        for table in APPEND_ONLY
    )


async def guard(_apps: Any, editor: Any) -> None:
    """Create triggers and partial indexes in the database's own dialect."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_script((sqlite_guards() if sqlite else postgres_guards()) + DUE)


async def note_last_days_to_start(_apps: Any, editor: Any) -> None:
    """Packages whose validity starts with their first use bear the last day to start from now on."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    sold = await editor.client.execute_query_dict(
        "SELECT p.id, p.sold_at, p.terms, b.time_zone FROM package p JOIN branch b ON b.id = p.home_branch_id"
    )
    for row in sold:
        terms = orjson.loads(row["terms"]) if isinstance(row["terms"], str) else row["terms"]
        validity = terms["validity"]
        if validity["starts"] == "FIRST_USE":
            day = _sold_on(row) + timedelta(days=validity["start_within_days"] or 0)
            marks = ("?", "?") if sqlite else ("$1", "$2")
            await editor.client.execute_query_dict(
                f"UPDATE package SET start_by = {marks[0]} WHERE id = {marks[1]} RETURNING id", [day, row["id"]]
            )


def _sold_on(row: dict[str, Any]) -> date:
    sold_at = row["sold_at"]
    instant = datetime.fromisoformat(sold_at) if isinstance(sold_at, str) else sold_at
    return instant.astimezone(ZoneInfo(row["time_zone"])).date()


class Migration(migrations.Migration):
    """Triggers, partial indexes and one column filled in; no table changes."""

    dependencies = (("models", "0003_time"),)
    operations = (ops.RunPython(guard), ops.RunPython(note_last_days_to_start))

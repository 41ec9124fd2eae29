"""Days that wait to be summed get a row each, with the instant at which they are over; documents are found by page."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

_AFTER = timedelta(minutes=5)


async def keep(_apps: Any, editor: Any) -> None:
    """What waits goes on waiting, until its day is over at its branch."""
    client = editor.client
    zones = {row["id"]: row["time_zone"] for row in await client.select("SELECT id, time_zone FROM branch", ())}
    waiting = [
        (row["id"], branch_id, day, _over_at(day, zones[branch_id]))
        for row in await client.select("SELECT id, waiting_days FROM accounting_connection", ())
        for branch_id, day in ((branch_id, date.fromisoformat(day)) for branch_id, day in row["waiting_days"])
    ]
    await client.run_many(
        "INSERT INTO sync_waiting_day (connection_id, branch_id, day, over_at) VALUES ($1, $2, $3, $4)", waiting
    )


def _over_at(day: date, time_zone: str) -> datetime:
    """A midnight that is skipped reads as the instant of the change; one that comes twice as the first."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC) + _AFTER


class Migration(migrations.Migration):
    """A table instead of a column, filled with what stood there, and an index."""

    dependencies = (("models", "0013_integration_guards"),)

    operations = (
        ops.CreateModel(
            name="WaitingDay",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "connection",
                    fields.ForeignKeyField(
                        "models.Connection",
                        source_field="connection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("over_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sync_waiting_day",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("connection_id", "day", "branch_id"), name="uq_sync_waiting_day")
                ],
                "indexes": [Index(fields=["connection_id", "over_at", "branch_id"], name="ix_sync_waiting_day_over")],
                "pk_attr": "id",
                "table_description": "A day of a branch on which something was posted that is summed when the day is over there, at `over_at`.",
            },
            bases=["Model"],
        ),
        ops.RunPython(keep),
        ops.RemoveField(model_name="Connection", name="waiting_days"),
        ops.AddIndex(
            model_name="SyncDocument",
            index=Index(fields=["connection_id", "id"], name="ix_sync_document_page"),
        ),
    )

"""What Tortoise cannot say about the tables of 0008: append-only ones, what there may be only one of, what is due."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("transfer_lot", "settlement_rate", "denial", "redaction")

INDEXES = """CREATE UNIQUE INDEX uq_branch_transfer_requested ON branch_transfer (package_id) WHERE state = 'REQUESTED';
CREATE INDEX ix_branch_transfer_due ON branch_transfer (lapses_at) WHERE state = 'REQUESTED';
CREATE INDEX ix_branch_closing_open ON branch_closing (id) WHERE finished_at IS NULL;
CREATE UNIQUE INDEX uq_settlement_follows ON settlement (chain_id, COALESCE(previous_id, ''))
    WHERE state <> 'CANCELLED';
CREATE INDEX ix_journal_line_due ON journal_line
    (entry_id, branch_id, counterparty_id, account, debit_minor, credit_minor)
    WHERE account IN ('DUE_TO_BRANCH', 'DUE_FROM_BRANCH');
CREATE INDEX ix_journal_line_due_pair ON journal_line (branch_id, counterparty_id, id)
    WHERE account IN ('DUE_TO_BRANCH', 'DUE_FROM_BRANCH');
CREATE UNIQUE INDEX uq_share_person ON share (package_id, customer_id) WHERE revoked_at IS NULL;"""

# The guardian of a household that was formed before there were any is the member who was registered first.
FILLS = """
UPDATE customer SET guardian = TRUE WHERE household_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customer e
    WHERE e.household_id = customer.household_id AND (e.registered_at, e.id) < (customer.registered_at, customer.id));
"""

WORDS = {"operation": ("reason", "idempotency_key", "outcome"), "booking_change": ("note",)}
"""What may be erased of append-only tables: words only, and only by taking them away."""

SQLITE_ERASED = {
    "operation": """NEW.reason IN ('', OLD.reason)
        AND (NEW.idempotency_key IS NULL OR NEW.idempotency_key IS OLD.idempotency_key)
        AND (NEW.outcome IS OLD.outcome OR (json_extract(OLD.outcome, '$.attachments') IS NOT NULL
            AND json(NEW.outcome) = json_set(OLD.outcome, '$.attachments', json('[]'))))""",
    "booking_change": "NEW.note = ''",
}

POSTGRES_ERASED = {
    "operation": """NEW.reason IN ('', OLD.reason)
        AND (NEW.idempotency_key IS NULL OR NEW.idempotency_key = OLD.idempotency_key)
        AND (NEW.outcome = OLD.outcome OR (OLD.outcome -> 'attachments' IS NOT NULL
            AND NEW.outcome = jsonb_set(OLD.outcome, '{attachments}', '[]')))""",
    "booking_change": "NEW.note = ''",
}


async def sqlite_erasable(client: Any) -> str:
    """The update guards of these tables anew: they let words go, and nothing else change."""
    guards = ""
    for table, words in WORDS.items():
        found = await client.execute_query_dict(f"SELECT name FROM pragma_table_info('{table}')")
        columns = [row["name"] for row in found]
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name not in words)
        less = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in words)
        guards += f"""DROP TRIGGER {table}_refuse_update;
        CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table}
        WHEN ({same} AND ({less}) AND {SQLITE_ERASED[table]}) IS NOT TRUE BEGIN
        SELECT RAISE(ABORT, '{table} is append-only'); END;"""
    return guards


def postgres_erasable() -> str:
    """The same in PostgreSQL, which compares whole rows."""
    guards = ""
    for table, words in WORDS.items():
        rest = f"- '{{{','.join(words)}}}'::text[]"
        guards += f"""CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW IS DISTINCT FROM OLD AND (to_jsonb(NEW) {rest}) = (to_jsonb(OLD) {rest})
                AND {POSTGRES_ERASED[table]} THEN RETURN NEW; END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END $body$;
        DROP TRIGGER {table}_refuse_change ON {table};
        CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_{table}();"""
    return guards


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
    """Create triggers and partial indexes in the database's own dialect, and fill what older rows lack."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_script((sqlite_guards() if sqlite else postgres_guards()) + INDEXES + FILLS)
    erasable = await sqlite_erasable(editor.client) if sqlite else postgres_erasable()
    await editor.client.execute_script(erasable)


class Migration(migrations.Migration):
    """Triggers, partial indexes and fills; no table changes."""

    dependencies = (("models", "0008_branches_and_people"),)
    operations = (ops.RunPython(guard),)

"""A parent with a constraint of each kind, an index and a trigger; a child that refers to it."""

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SQLITE = """CREATE TRIGGER parent_log AFTER INSERT ON parent
    BEGIN INSERT INTO child (id, parent_id) VALUES ('logged; ' || NEW.id, NEW.id); END;"""
POSTGRES = """CREATE FUNCTION log_parent() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN INSERT INTO child (id, parent_id) VALUES ('logged; ' || NEW.id, NEW.id); RETURN NULL; END $body$;
    CREATE TRIGGER parent_log AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION log_parent();"""


async def create_trigger(_apps: Any, editor: Any) -> None:
    """The same trigger in each dialect."""
    await editor.client.execute_script(SQLITE if editor.client.capabilities.dialect == "sqlite" else POSTGRES)


class Migration(migrations.Migration):
    """What the autodetector writes, and a trigger."""

    initial = True
    operations = (
        ops.CreateModel(
            name="Parent",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32)),
                ("code", fields.CharField(max_length=20)),
                ("open", fields.IntField()),
                ("size", fields.IntField()),
            ],
            options={
                "table": "parent",
                "app": "models",
                "indexes": [Index(fields=["size"], name="ix_parent_size")],
                "constraints": [
                    CheckConstraint(check="size > 0", name="ck_parent_size"),
                    UniqueConstraint(fields=("code", "size"), name="uq_parent_code_size"),
                    UniqueConstraint(fields=("code",), name="uq_parent_open", condition="open = 1"),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Child",
            fields=[
                ("id", fields.CharField(primary_key=True, max_length=32)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Parent", source_field="parent_id", to_field="id", on_delete=OnDelete.CASCADE
                    ),
                ),
            ],
            options={"table": "child", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(create_trigger),
    )

"""Tortoise's schema editors, cured: a table is made with its constraints, and remaking one loses nothing."""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_editor.base_postgres import BasePostgresSchemaEditor
from tortoise.migrations.schema_editor.sqlite import SqliteSchemaEditor
from tortoise.models import Model

Constraint = CheckConstraint | UniqueConstraint


def schema_editor(client: BaseDBAsyncClient) -> BaseSchemaEditor:
    """The editor for the running transaction of a migration."""
    editor = _Sqlite if client.capabilities.dialect == "sqlite" else _Postgres
    return editor(client, atomic=True)


class _Postgres(BasePostgresSchemaEditor):
    """PostgreSQL; a new table gets the constraints that Tortoise leaves out."""

    async def create_model(self, model: type[Model]) -> None:
        await super().create_model(model)
        for constraint in model._meta.constraints:
            await self.add_constraint(model, constraint)


class _Sqlite(SqliteSchemaEditor):
    """SQLite; the same, and a table that is remade keeps its indexes and triggers."""

    _checks: tuple[str, ...] = ()

    async def create_model(self, model: type[Model]) -> None:
        checks = (each for each in model._meta.constraints if isinstance(each, CheckConstraint))
        self._checks = tuple(f'CONSTRAINT "{each.name}" CHECK ({each.check})' for each in checks)
        await super().create_model(model)
        self._checks = ()
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                await self.add_constraint(model, constraint)

    def _get_inner_statements(self) -> list[str]:
        return [*super()._get_inner_statements(), *self._checks]

    async def add_constraint(self, model: type[Model], constraint: Constraint) -> None:
        if isinstance(constraint, UniqueConstraint) and constraint.condition:
            columns = ", ".join(self.quote(each) for each in self._columns(model, constraint))
            await self._run_sql(
                f'CREATE UNIQUE INDEX "{constraint.name}" ON {self.quote(model._meta.db_table)} '
                f"({columns}) WHERE {constraint.condition}"
            )
        else:
            await super().add_constraint(model, constraint)

    async def _remake_table(self, model: type[Model], *args: Any, **changes: Any) -> None:
        kept = await self.client.execute_query_dict(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type <> 'table' AND sql IS NOT NULL",
            [model._meta.db_table],
        )
        await super()._remake_table(model, *args, **changes)
        for each in kept:
            await self._run_sql(each["sql"])

    async def _run_sql(self, sql: str) -> None:
        await self.client.execute_script(sql)  # the engine splits scripts without breaking triggers

    def _columns(self, model: type[Model], constraint: UniqueConstraint) -> list[str]:
        return self._resolve_fields_to_columns(model, constraint.fields)

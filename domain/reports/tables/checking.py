"""Makes sure, before any row is read, that a report can be asked what it is asked."""

from datetime import datetime

from domain.branches import store as branches
from domain.catalog import store as catalog
from domain.kernel.access import Actor
from domain.kernel.clock import now
from domain.kernel.errors import FieldProblem, InvalidInput, NotFound
from domain.reports.figures import InvertedPeriod
from domain.reports.tables.table import PARTS, Asked, Table


async def check(actor: Actor, name: str, table: Table, asked: Asked) -> None:
    """Refuse whoever may not read it, what makes no difference to it, and what there is not."""
    table.refuse_reader(actor)
    problems = [problem for part in PARTS for problem in _problems(name, table, asked, part)]
    problems += ahead(asked.as_of)
    if problems:
        raise InvalidInput(*problems)
    if asked.first_day and asked.last_day and asked.last_day < asked.first_day:
        raise InvertedPeriod(asked.first_day, asked.last_day)
    if asked.branch_id is not None:
        await branches.branch(actor, asked.branch_id, "branchId")
    if asked.definition_id is not None and not await catalog.definitions(actor.chain_id, [asked.definition_id]):
        raise NotFound("package definition", asked.definition_id, "definitionId")


def ahead(as_of: datetime | None) -> list[FieldProblem]:
    """The problem with an instant to come, if it is one."""
    if as_of is None or as_of <= now():
        return []
    return [FieldProblem(("asOf",), "What will be known later cannot be told yet: ask as of an instant past.")]


def _problems(name: str, table: Table, asked: Asked, part: str) -> list[FieldProblem]:
    field, words = PARTS[part]
    if getattr(asked, part) is None or part in table.takes:
        return []
    return [FieldProblem((field,), f"The report {name} does not take {words}: leave it out.")]

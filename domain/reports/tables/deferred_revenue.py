"""The roll-forward of deferred revenue as a table: a row for each branch and package definition."""

from domain.kernel.access import Actor
from domain.kernel.money import Money
from domain.reports.deferred_revenue import RollForward, deferred_revenue
from domain.reports.tables.codes import branch_codes, definition_codes
from domain.reports.tables.table import Asked, Rows, of_books

_FIGURES = RollForward.__slots__


async def _rows(actor: Actor, asked: Asked) -> Rows:
    found = await deferred_revenue(actor, asked.span, asked.branch_id, asked.definition_id)
    branches = await branch_codes(actor, (row.branch_id for row in found.rows))
    definitions = await definition_codes(actor, (row.definition_id for row in found.rows))
    yield [
        (
            branches[row.branch_id],
            definitions[row.definition_id],
            *(Money(getattr(row.figures, name).value, found.currency) for name in _FIGURES),
            found.currency,
        )
        for row in sorted(found.rows, key=lambda row: (branches[row.branch_id], definitions[row.definition_id]))
    ]


DEFERRED_REVENUE = of_books("deferred revenue", ("branch", "definition", *_FIGURES, "currency"), _rows, "definition_id")

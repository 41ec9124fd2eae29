"""The reconciliation as a table: a row for each term of the equation, each side, and their difference."""

from domain.kernel.access import Actor
from domain.kernel.money import Money
from domain.reports.reconciliation import View, reconciliation
from domain.reports.tables.table import Asked, Rows, of_books


async def _rows(actor: Actor, asked: Asked) -> Rows:
    found = await reconciliation(actor, asked.span, asked.branch_id)
    terms = [(term.view, term.kind, term.sign, term.figure) for term in found.terms]
    sides = [(View.CASH, "TOTAL", 1, found.cash), (View.ACCRUAL, "TOTAL", 1, found.accrual)]
    yield [
        (view, kind, figure.label, sign, Money(figure.value, found.currency), found.currency)
        for view, kind, sign, figure in (*terms, *sides, ("", "DIFFERENCE", 1, found.difference))
    ]


RECONCILIATION = of_books("the reconciliation", ("view", "kind", "label", "sign", "amount", "currency"), _rows)

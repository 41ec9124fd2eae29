"""Collections as a table: a row for each day, branch and payment method."""

from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.money import Money
from domain.reports import collections
from domain.reports.tables.codes import branch_codes
from domain.reports.tables.table import Asked, Rows, of_books

_CHUNK = 1_000


async def _rows(actor: Actor, asked: Asked) -> Rows:
    currency = (await branches.chain(actor.chain_id)).currency
    lines = collections.money_in(asked.span, asked.branch_id, asked.payment_method)
    after = None
    while found := await collections.page(actor, lines, currency, _CHUNK, after):
        codes = await branch_codes(actor, (row.branch_id for row in found))
        yield [
            (
                row.day,
                codes[row.branch_id],
                row.method,
                *(Money(each.value, currency) for each in (row.figure, row.refunded)),
                currency,
            )
            for row in found
        ]
        after = found[-1].day, found[-1].branch_id, found[-1].method.value


COLLECTIONS = of_books(
    "collections", ("day", "branch", "method", "collected", "refunded", "currency"), _rows, "payment_method"
)

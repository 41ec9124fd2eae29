"""Package profit as a table: a row for each package, definition, branch or month, whichever is asked for."""

from datetime import date

from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.kernel.money import Money
from domain.reports import profit
from domain.reports.profit import Profit, ProfitPage
from domain.reports.profit_store import Asked as OfProfit
from domain.reports.profit_store import GroupBy
from domain.reports.tables.codes import branch_codes, definition_codes
from domain.reports.tables.table import Asked, Rows, of_books

_CHUNK = 1_000
_KEYS = {
    GroupBy.PACKAGE: "package_id",
    GroupBy.DEFINITION: "definition",
    GroupBy.BRANCH: "branch",
    GroupBy.MONTH: "month",
}
_AMOUNTS = tuple(name for name in Profit.__slots__ if name not in ("key", "sessions_without_cost"))


async def _rows(actor: Actor, asked: Asked) -> Rows:
    by = asked.group_by or GroupBy.PACKAGE
    of_profit, after = OfProfit(asked.span, by, asked.branch_id), None
    while (found := await profit.page(actor, of_profit, _CHUNK, after)).rows:
        yield await _chunk(actor, by, found)
        after = found.rows[-1].key


async def _chunk(actor: Actor, by: GroupBy, found: ProfitPage) -> list[list[Cell]]:
    keys = await _shown(actor, by, [row.key for row in found.rows])
    return [
        [
            *(keys[row.key] if each is by else None for each in _KEYS),
            *(Money(getattr(row, name).value, found.currency) for name in _AMOUNTS),
            row.sessions_without_cost.value,
            found.currency,
        ]
        for row in found.rows
    ]


async def _shown(actor: Actor, by: GroupBy, keys: list[str]) -> dict[str, str | date]:
    """The keys as people read them: codes of definitions and branches, the first day of a month."""
    match by:
        case GroupBy.DEFINITION:
            return {**await definition_codes(actor, keys)}
        case GroupBy.BRANCH:
            return {**await branch_codes(actor, keys)}
        case GroupBy.MONTH:
            return {key: date.fromisoformat(f"{key}-01") for key in keys}
        case GroupBy.PACKAGE:
            return {key: key for key in keys}


PACKAGE_PROFIT = of_books(
    "package profit", (*_KEYS.values(), *_AMOUNTS, "sessions_without_cost", "currency"), _rows, "group_by"
)

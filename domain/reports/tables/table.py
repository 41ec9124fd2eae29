"""What a report that is handed over as rows may be asked, and what it then is."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.ledger.accounts import PaymentMethod
from domain.ledger.journal import accounts_branches
from domain.reports.figures import Span
from domain.reports.profit_store import GroupBy

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 12, 31)
"""Where an end is left open: no book reaches further, and every day in between begins and ends by every clock."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a report; a part that is not given leaves nothing out.

    `as_of` leaves out what was recorded after that instant.
    """

    first_day: date | None = None
    last_day: date | None = None
    branch_id: str | None = None
    definition_id: str | None = None
    payment_method: PaymentMethod | None = None
    group_by: GroupBy | None = None
    as_of: datetime | None = None

    @property
    def span(self) -> Span:
        """The days and the instant, as reports take them."""
        return Span(self.first_day or _FIRST_DAY, self.last_day or _LAST_DAY, self.as_of)


PARTS = {
    "first_day": ("from", "a first day"),
    "last_day": ("to", "a last day"),
    "branch_id": ("branchId", "a branch"),
    "definition_id": ("definitionId", "a package definition"),
    "payment_method": ("method", "a payment method"),
    "group_by": ("groupBy", "what its rows are about"),
    "as_of": ("asOf", "an instant as of which it was known"),
}
"""How each part is called as an input field, and in words."""

Rows = AsyncIterator[Sequence[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A report as rows: chunks of them, under columns that stay the same whatever is asked."""

    columns: tuple[str, ...]
    rows: Callable[[Actor, Asked], Rows]
    refuse_reader: Callable[[Actor], object]
    """Raises for whoever may not read it."""
    takes: frozenset[str]
    """The parts of what is asked that make a difference to it."""


def of_books(
    what: str, columns: tuple[str, ...], rows: Callable[[Actor, Asked], Rows], *more: str, without: str = ""
) -> Table:
    """A report from the books, by days, branch and instant; for those who may read the books of any branch."""
    takes = {"first_day", "last_day", "branch_id", "as_of", *more} - {without}
    return Table(columns, rows, lambda actor: accounts_branches(actor, what), frozenset(takes))


def books(actor: Actor, asked: Asked, what: str) -> list[str] | None:
    """The branches whose books are shown: of those that the actor may read, the one asked for; None means all."""
    readable = accounts_branches(actor, what)
    if asked.branch_id is None:
        return readable
    return [asked.branch_id] if readable is None or asked.branch_id in readable else []

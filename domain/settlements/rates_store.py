"""Every statement about settlement rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.commands import Work
from domain.kernel.db import Where, insert, rows
from domain.ledger.journal import accounts_branches, readable_books
from domain.settlements.rates import Basis, Rate

_RATE = "r.id, r.home_id, r.performing_id, r.basis, r.percent_bp, r.starts_on"


@dataclass(frozen=True, slots=True)
class RateView:
    """A rate and the operation that set it."""

    rate: Rate
    operation_id: str


def _rate(row: dict[str, Any]) -> Rate:
    return Rate(**row | {"basis": Basis(row["basis"])})


async def rates_between(
    chain_id: str, home_id: str, performing_id: str, service_id: str, day: date
) -> tuple[list[Rate], int | None]:
    """Every rate that may count between two branches on a day, and today's list price of the service at the second.

    Without a rate the price is left out: nothing is reckoned with it.
    """
    found = await rows(
        f"""SELECT {_RATE}, (SELECT p.list_price_minor FROM service_price p
            WHERE p.service_id = $4 AND p.branch_id = $3) AS list_price_minor
        FROM settlement_rate r WHERE r.chain_id = $1 AND (r.home_id IS NULL OR r.home_id = $2)
        AND (r.performing_id IS NULL OR r.performing_id = $3) AND r.starts_on <= $5""",
        chain_id,
        home_id,
        performing_id,
        service_id,
        day,
    )
    prices = [row.pop("list_price_minor") for row in found]
    return [_rate(row) for row in found], prices[0] if prices else None


async def insert_rate(work: Work, rate: Rate) -> None:
    """A rate that nothing changes any more; a later one may count instead."""
    names = Rate.__slots__
    own = {"chain_id": work.chain_id, "operation_id": work.operation_id}
    await insert("settlement_rate", [own | {name: getattr(rate, name) for name in names}])


async def rates_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, RateView]:
    """Those of the rates that the actor may see, by id."""
    where = _concerning(actor, readable_books(actor))
    where.add("r.id = ANY({ids})", ids=list(ids))
    return {view.rate.id: view for view in await _views(where)}


async def rates_page(
    actor: Actor, limit: int, before_id: str | None = None, branch_id: str | None = None
) -> list[RateView]:
    """The rates that concern a branch whose books the actor may read, newest first, before an id."""
    where = _concerning(actor, accounts_branches(actor, "settlement rates"))
    if branch_id is not None:
        _add_concerning(where, [branch_id])
    where.add_given("r.id < {value}", before_id)
    return await _views(where, f"ORDER BY r.id DESC LIMIT {where.value(limit)}")


async def _views(where: Where, order: str = "") -> list[RateView]:
    found = await rows(f"SELECT {_RATE}, r.operation_id FROM settlement_rate r WHERE {where} {order}", *where.args)
    operations = [row.pop("operation_id") for row in found]
    return [RateView(_rate(row), operation_id) for row, operation_id in zip(found, operations, strict=True)]


def _concerning(actor: Actor, branches: list[str] | None) -> Where:
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    if branches is not None:
        _add_concerning(where, branches)
    return where


def _add_concerning(where: Where, branches: list[str]) -> None:
    """A rate that leaves one of its branches out concerns every branch: as its home, or as the one that performs."""
    where.add(
        "r.home_id IS NULL OR r.performing_id IS NULL OR r.home_id = ANY({ids}) OR r.performing_id = ANY({ids})",
        ids=branches,
    )

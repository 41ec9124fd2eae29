"""Every statement that lets packages lapse."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.branches.settings import LapseTax
from domain.expiry.rules import lapsing
from domain.expiry.rules.lapsing import Came, Late
from domain.kernel.db import Where, execute, rows
from domain.ledger.rules import Lot
from domain.ledger.store import LOT_ALONE, lots_from


@dataclass(frozen=True, slots=True)
class Due:
    """A package, locked, of which something lapses."""

    id: str
    version: int
    chain_id: str
    holder_id: str
    home_branch_id: str
    time_zone: str
    currency: str
    disputed_at: datetime | None
    lapse_tax: LapseTax
    homed_at: datetime | None = None


async def lock_due(at: datetime, at_most: int, without: Collection[str] = (), only: str | None = None) -> list[Due]:
    """Lock packages with lots that lapsed by then, oldest lapse first, without those that another act has locked.

    Only what these rows say of the package itself is certain: its lots must be read after this. The index of what
    is due is walked in its order, so that the rest of the lots costs nothing.
    """
    where = Where()
    where.add("l.available > 0 AND l.lapses_at <= {at}", at=at)
    where.add("p.disputed_at IS NULL OR l.lapses_at <= p.disputed_at")
    where.add_given("p.id = {value}", only)
    if without:
        where.add("NOT (p.id = ANY({ids}))", ids=sorted(without))
    found = await rows(
        f"""SELECT p.id, p.version, p.chain_id, p.holder_id, p.home_branch_id, b.time_zone, p.currency, p.disputed_at,
        p.homed_at, (SELECT c.lapse_tax FROM chain c WHERE c.id = p.chain_id) AS lapse_tax
        FROM lot l JOIN package p ON p.id = l.package_id JOIN branch b ON b.id = p.home_branch_id
        WHERE {where} ORDER BY l.lapses_at LIMIT {where.value(at_most)} FOR NO KEY UPDATE OF p SKIP LOCKED""",
        *where.args,
    )
    return list({row["id"]: Due(**row | {"lapse_tax": LapseTax(row["lapse_tax"])}) for row in found}.values())


async def lots_due(package_ids: Sequence[str], at: datetime) -> list[Lot]:
    """The lots of locked packages that lapsed by then and have sessions left; what they are for does not matter."""
    return lots_from(
        await rows(
            f"""SELECT {LOT_ALONE}, NULL AS service_id FROM lot l
            WHERE l.package_id = ANY($1) AND l.available > 0 AND l.lapses_at <= $2 ORDER BY l.id""",
            list(package_ids),
            at,
        )
    )


async def came_late(lots: Sequence[Lot]) -> dict[str, list[Came]]:
    """Those of the lots to which sessions came after they had lapsed, with these sessions."""
    # Looked up row by row: joined, all operations and lots would be read through for a few hundred of them.
    found = await rows(
        """SELECT lot_id, source, target, sessions, effective_at, recorded_at, lapses_at FROM (
            SELECT m.id, m.lot_id, m.source, m.target, m.sessions, m.effective_at,
            (SELECT o.recorded_at FROM operation o WHERE o.id = m.operation_id) AS recorded_at,
            (SELECT l.lapses_at FROM lot l WHERE l.id = m.lot_id) AS lapses_at
            FROM movement m WHERE m.lot_id = ANY($1) AND (m.source = 'AVAILABLE' OR m.target = 'AVAILABLE')) AS moved
        WHERE recorded_at > lapses_at ORDER BY id""",
        [lot.id for lot in lots],
    )
    movements: defaultdict[str, list[Late]] = defaultdict(list)
    for row in found:
        movements[row.pop("lot_id")].append(Late(**row))
    return {lot.id: lapsing.came_late(lot.available, movements[lot.id]) for lot in lots if lot.id in movements}


async def next_version(package_ids: Sequence[str]) -> None:
    """Give locked packages the version that their operation makes."""
    await execute("UPDATE package SET version = version + 1 WHERE id = ANY($1)", list(package_ids))

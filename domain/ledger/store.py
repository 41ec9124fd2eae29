"""Every statement that posts to the ledgers, about lots, movements, journal entries and payments."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.kernel.db import MANY, execute, execute_many, insert, rows
from domain.kernel.errors import NotFound
from domain.ledger.accounts import Account, Charged, Event, Line, PaymentMethod, Purpose
from domain.ledger.draft import Movement, Occasion, Revaluation
from domain.ledger.persons import person
from domain.ledger.rules import Bucket, Carried, Lot, Origin

LOT_ALONE = """l.id AS lot_id, l.package_id, l.origin, l.bonus, l.item, l.issued_at, l.last_day, l.expires_at,
    l.lapses_at, l.priority, l.issued, l.available, l.held, l.consumed, l.expired, l.refunded, l.moved,
    l.value_issued_minor, l.value_left_minor, l.tax_left_minor, l.recognised_minor, l.tax_recognised_minor,
    l.breakage_bp, l.revalued_at"""
LOT_COLUMNS = f"{LOT_ALONE}, s.service_id"
"""What `lots_from` needs of `lot l JOIN lot_service s`, for statements that read lots along with something else."""

_PLAIN = [name for name in Lot.__slots__ if name not in ("id", "origin", "bonus", "services")]


async def lots_of(package_ids: Sequence[str]) -> list[Lot]:
    """The lots of these packages with their services, in the order of their ids."""
    return lots_from(
        await rows(
            f"""SELECT {LOT_COLUMNS} FROM lot l JOIN lot_service s ON s.lot_id = l.id
            WHERE l.package_id = ANY($1) ORDER BY l.id""",
            list(package_ids),
        )
    )


def lots_from(found: Sequence[dict[str, Any]]) -> list[Lot]:
    """The lots in rows of one lot and one of its services each, or none where they do not matter."""
    services: dict[str, set[str | None]] = {}
    for row in found:
        services.setdefault(row["lot_id"], set()).add(row["service_id"])
    first = {row["lot_id"]: row for row in reversed(found)}
    return [_lot(first[lot_id], frozenset(name for name in names if name)) for lot_id, names in services.items()]


def _lot(row: dict[str, Any], services: frozenset[str]) -> Lot:
    return Lot(
        id=row["lot_id"],
        origin=Origin(row["origin"]),
        bonus=bool(row["bonus"]),
        services=services,
        **{name: row[name] for name in _PLAIN},
    )


async def insert_lots(lots: Sequence[Lot]) -> None:
    """New lots with the counts they have after their first movements, and the services they are for."""
    await insert("lot", [_record(lot) for lot in lots])
    await insert(
        "lot_service",
        [{"lot_id": lot.id, "service_id": service} for lot in lots for service in sorted(lot.services)],
    )


def _record(lot: Lot) -> dict[str, Any]:
    names = [name for name in Lot.__slots__ if name != "services"]
    return {name: getattr(lot, name) for name in names} | {"origin": lot.origin.value}


_COUNTS = (
    "issued",
    "available",
    "held",
    "consumed",
    "expired",
    "refunded",
    "moved",
    "value_issued_minor",
    "value_left_minor",
    "tax_left_minor",
    "recognised_minor",
    "tax_recognised_minor",
    "breakage_bp",
    "revalued_at",
)
_UPDATE = f"UPDATE lot SET {', '.join(f'{name} = ${place}' for place, name in enumerate(_COUNTS, 2))} WHERE id = $1"


async def update_counts(lots: Sequence[Lot]) -> None:
    """Write the cached counts of lots whose package is locked, as one statement.

    A lot that were not there would be found by the foreign key of its movement.
    """
    await execute_many(_UPDATE, [(lot.id, *(getattr(lot, name) for name in _COUNTS)) for lot in lots])


async def lines_of(operation_id: str, events: Sequence[Event] = tuple(Event)) -> list[Line]:
    """The journal lines that an operation posted, or those in entries of some kinds, in the order they were written.

    Customers are who they are by now.
    """
    found = await rows(
        f"""SELECT l.account, l.branch_id, l.debit_minor - l.credit_minor AS amount_minor, l.counterparty_id,
        l.package_id, l.service_id, l.payment_method, {person("l.customer_id")} AS customer_id
        FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE e.operation_id = $1 AND e.event = ANY($2) ORDER BY l.id""",
        operation_id,
        [event.value for event in events],
    )
    return [_line(row) for row in found]


def _line(row: dict[str, Any]) -> Line:
    method = row.pop("payment_method")
    row["account"] = Account(row["account"])
    return Line(**row, payment_method=PaymentMethod(method) if method else None)


_MOVEMENT = """lot_id, package_id, source, target, sessions, value_minor, tax_minor, breakage_minor, effective_at,
    service_id, branch_id, practitioner_id, booking_id"""


async def uses_of(operation_id: str) -> list[Movement]:
    """The sessions that an operation used, oldest movement first."""
    found = await rows(
        f"SELECT {_MOVEMENT} FROM movement WHERE operation_id = $1 AND target = 'CONSUMED' ORDER BY id",
        operation_id,
    )
    return [_movement(row) for row in found]


def _movement(row: dict[str, Any]) -> Movement:
    return Movement(
        row["lot_id"],
        row["package_id"],
        Bucket(row["source"]),
        Bucket(row["target"]),
        row["sessions"],
        Carried(row["value_minor"], row["tax_minor"], row["breakage_minor"]),
        Occasion(row["effective_at"], row["service_id"], row["branch_id"], row["practitioner_id"], row["booking_id"]),
    )


async def insert_movements(movements: Sequence[tuple[str, int, Movement]]) -> None:
    """Append movements, each with its operation and the version of the package that the operation made."""
    await insert(
        "movement",
        [
            {
                "operation_id": operation_id,
                "package_id": movement.package_id,
                "package_version": package_version,
                "lot_id": movement.lot_id,
                "source": movement.source.value,
                "target": movement.target.value,
                "sessions": movement.sessions,
                "value_minor": movement.carried.value_minor,
                "tax_minor": movement.carried.tax_minor,
                "breakage_minor": movement.carried.breakage_minor,
                "effective_at": movement.occasion.effective_at,
                "service_id": movement.occasion.service_id,
                "branch_id": movement.occasion.branch_id,
                "practitioner_id": movement.occasion.practitioner_id,
                "booking_id": movement.occasion.booking_id,
            }
            for operation_id, package_version, movement in movements
        ],
    )


async def expired_of(lot_ids: Sequence[str]) -> dict[str, list[Movement]]:
    """By lot the movements by which its sessions lapsed that have not come back; those come back all at once."""
    found = await rows(
        f"""SELECT {_MOVEMENT} FROM movement m WHERE lot_id = ANY($1) AND target = 'EXPIRED' AND NOT EXISTS
            (SELECT 1 FROM movement b WHERE b.lot_id = m.lot_id AND b.source = 'EXPIRED' AND b.id > m.id)
        ORDER BY id""",
        list(lot_ids),
    )
    lapsed: dict[str, list[Movement]] = {}
    for row in found:
        lapsed.setdefault(row["lot_id"], []).append(_movement(row))
    return lapsed


async def held_for(booking_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many sessions of which lot each booking holds: what its movements put into HELD and not out of it."""
    found = await rows(
        """SELECT booking_id, lot_id, SUM(CASE WHEN target = 'HELD' THEN sessions ELSE -sessions END) AS held
        FROM movement WHERE booking_id = ANY($1) AND (source = 'HELD' OR target = 'HELD')
        GROUP BY booking_id, lot_id ORDER BY booking_id, MIN(id)""",
        list(booking_ids),
    )
    held: dict[str, dict[str, int]] = {booking_id: {} for booking_id in booking_ids}
    for row in found:
        if row["held"]:
            held[row["booking_id"]][row["lot_id"]] = int(row["held"])
    return held


async def redate_lots(lots: Sequence[Lot]) -> None:
    """Write the last days of lots whose package is locked, and the instants that follow; a statement for each day."""
    by_day: dict[tuple[date, datetime, datetime], list[str]] = {}
    for lot in lots:
        by_day.setdefault((lot.last_day, lot.expires_at, lot.lapses_at), []).append(lot.id)
    for (last_day, expires_at, lapses_at), ids in by_day.items():
        await execute(
            "UPDATE lot SET last_day = $2, expires_at = $3, lapses_at = $4 WHERE id = ANY($1)",
            ids,
            last_day,
            expires_at,
            lapses_at,
        )


async def insert_entries(entries: Sequence[dict[str, Any]], lines: Sequence[dict[str, Any]]) -> None:
    """Append journal entries and their lines; what falls into closed books is posted on the first open day.

    The operations must have been written before: they hold the chain, so that no period closes until this is done.
    """
    if entries and len(entries) < MANY:
        sql, args = _in_open_books(entries)
        await execute(sql, *args)
    elif entries:
        opened = await rows("SELECT id, books_open_from FROM chain WHERE books_open_from IS NOT NULL")
        first_days = {row["id"]: row["books_open_from"] for row in opened}
        await insert("journal_entry", [_posted_in(entry, first_days.get(entry["chain_id"])) for entry in entries])
    await insert("journal_line", lines)


def _posted_in(entry: dict[str, Any], open_from: date | None) -> dict[str, Any]:
    return entry if open_from is None else entry | {"posted_on": max(entry["posted_on"], open_from)}


def _in_open_books(entries: Sequence[dict[str, Any]]) -> tuple[str, list[Any]]:
    """One statement for all entries, which looks the first open day up by itself."""
    columns = tuple(entries[0])
    args: list[Any] = []
    records: list[str] = []
    for entry in entries:
        place = {name: f"${len(args) + number}" for number, name in enumerate(columns, 1)}
        day = place["posted_on"]
        place["posted_on"] = f"""(SELECT CASE WHEN c.books_open_from > {day} THEN c.books_open_from ELSE {day} END
            FROM chain c WHERE c.id = CAST({place["chain_id"]} AS VARCHAR))"""
        records.append(f"({', '.join(place.values())})")
        args += [entry[name] for name in columns]
    return f"INSERT INTO journal_entry ({', '.join(columns)}) VALUES {', '.join(records)}", args


async def insert_payments(records: Sequence[dict[str, Any]]) -> None:
    """Append payments."""
    await insert("payment", records)


async def insert_payment_reversals(records: Sequence[dict[str, Any]]) -> None:
    """Append what takes payments back; none twice."""
    await insert("payment_reversal", records)


async def note_paid(package_id: str, paid_minor: int, credited_minor: int, refunded_minor: int) -> None:
    """Add to what is paid for a package, to what of its price is owed no more, and to what went back."""
    await execute(
        """UPDATE package SET paid_minor = paid_minor + $2, credited_minor = credited_minor + $3,
        refunded_minor = refunded_minor + $4 WHERE id = $1""",
        package_id,
        paid_minor,
        credited_minor,
        refunded_minor,
    )


async def insert_revaluations(revaluations: Sequence[tuple[str, Revaluation]]) -> None:
    """Append what the values left of lots were estimated to be, each with its operation."""
    await insert(
        "revaluation",
        [
            {
                "operation_id": operation_id,
                "package_id": change.package_id,
                "lot_id": change.lot_id,
                "value_change_minor": change.value_change_minor,
                "breakage_bp": change.breakage_bp,
                "effective_at": change.effective_at,
            }
            for operation_id, change in revaluations
        ],
    )


async def insert_charges(records: Sequence[dict[str, Any]]) -> None:
    """Append to the accounts of customers what they owe for sessions that no package had, or as a fee.

    Refuses who was merged into somebody else while this act waited: their account is the other's.
    """
    charged = sorted({record["customer_id"] for record in records})
    sql = "SELECT id FROM customer WHERE id = ANY($1) AND merged_into_id IS NULL ORDER BY id FOR KEY SHARE"
    found = {row["id"] for row in await rows(sql, charged)} if charged else set()
    if missing := set(charged) - found:
        raise NotFound("customer", min(missing), "customerId")
    await insert("charge", records)


async def charges_of(operation_id: str) -> list[Charged]:
    """What an operation charged, and to whom by now."""
    found = await rows(
        f"""SELECT {person("charge.customer_id")} AS customer_id, branch_id, service_id, sessions,
        amount_minor - tax_minor AS net_minor, tax_minor, booking_id, purpose FROM charge
        WHERE operation_id = $1 ORDER BY id""",
        operation_id,
    )
    return [Charged(**row | {"purpose": Purpose(row["purpose"])}) for row in found]

"""Every statement by which acts find bookings and what belongs to them; what the graph reads stands in `reading.py`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from domain.bookings.booked import Attachment, Booked, ExternalRef, Offered
from domain.bookings.rules import AttachmentKind, State
from domain.kernel.db import Where, rows

_OWN = """bk.id, bk.branch_id, bk.service_id, bk.practitioner_id, bk.customer_id, bk.package_id, bk.series_id,
    bk.source, bk.external_ref, bk.told_at, bk.starts_at, bk.ends_at, bk.sessions, bk.charged, bk.state, bk.version,
    bk.reschedules, bk.booked_at, bk.ended_at, bk.flagged_at, bk.attachments"""
COLUMNS = f"{_OWN}, b.time_zone"
_BOOKED = f"SELECT {COLUMNS} FROM booking bk JOIN branch b ON b.id = bk.branch_id"


def booked_of(row: dict[str, Any]) -> Booked:
    """A booking in a row with these columns."""
    attachments = tuple(attachment_of(attachment) for attachment in row["attachments"])
    return Booked(**row | {"state": State(row["state"]), "attachments": attachments})


def attachment_of(kept: dict[str, str]) -> Attachment:
    """An attachment as a booking keeps it."""
    return Attachment(**kept | {"kind": AttachmentKind(kept["kind"])})  # type: ignore[arg-type]


async def booking(chain_id: str, booking_id: str) -> Booked | None:
    """A booking of the chain, not locked."""
    found = await rows(f"{_BOOKED} WHERE bk.chain_id = $1 AND bk.id = $2", chain_id, booking_id)
    return booked_of(found[0]) if found else None


async def referred(chain_id: str, ref: ExternalRef) -> Booked | None:
    """The booking that a source knows by a reference, not locked."""
    found = await rows(
        f"{_BOOKED} WHERE bk.chain_id = $1 AND bk.source = $2 AND bk.external_ref = $3",
        chain_id,
        ref.source,
        ref.reference,
    )
    return booked_of(found[0]) if found else None


async def lock(chain_id: str, booking_ids: Sequence[str]) -> list[Booked]:
    """Lock bookings until the act ends, in the order of their ids; their packages must be locked before.

    The clock is looked up, not joined: PostgreSQL re-reads only the locked row after waiting, and one that has moved
    to another branch meanwhile would no longer match the row of the old one.
    """
    found = await rows(
        f"""SELECT {_OWN}, (SELECT b.time_zone FROM branch b WHERE b.id = bk.branch_id) AS time_zone FROM booking bk
        WHERE bk.chain_id = $1 AND bk.id = ANY($2) ORDER BY bk.id FOR UPDATE""",
        chain_id,
        list(booking_ids),
    )
    return [booked_of(row) for row in found]


async def time_zones(chain_id: str, branch_id: str | None = None) -> list[str]:
    """The clocks by which the chain goes, or that one of its branches goes by."""
    where = Where()
    where.add("chain_id = {chain}", chain=chain_id)
    where.add_given("id = {value}", branch_id)
    found = await rows(f"SELECT DISTINCT time_zone FROM branch WHERE {where} ORDER BY time_zone", *where.args)
    return [row["time_zone"] for row in found]


async def expected(
    chain_id: str,
    time_zone: str,
    from_: datetime | None,
    until: datetime | None,
    limit: int,
    branch_id: str | None = None,
    practitioner_id: str | None = None,
) -> list[Booked]:
    """Confirmed bookings that start in a time at branches with this clock, some of them, soonest first; not locked."""
    where = Where()
    where.add("bk.chain_id = {chain}", chain=chain_id)
    where.add("b.time_zone = {time_zone}", time_zone=time_zone)
    where.add("bk.state = 'CONFIRMED'")
    where.add_given("bk.branch_id = {value}", branch_id)
    where.add_given("bk.practitioner_id = {value}", practitioner_id)
    where.add_given("bk.starts_at >= {value}", from_)
    where.add_given("bk.starts_at < {value}", until)
    found = await rows(f"{_BOOKED} WHERE {where} ORDER BY bk.starts_at, bk.id LIMIT {where.value(limit)}", *where.args)
    return [booked_of(row) for row in found]


async def offered(service_id: str, branch_id: str) -> Offered | None:
    """The service as the branch offers it; None when it does not."""
    found = await rows(
        """SELECT s.duration_minutes, p.list_price_minor, b.currency FROM service s
        JOIN service_price p ON p.service_id = s.id AND p.branch_id = $2 JOIN branch b ON b.id = p.branch_id
        WHERE s.id = $1""",
        service_id,
        branch_id,
    )
    return Offered(**found[0]) if found else None


async def currency(branch_id: str) -> str:
    """The currency of the branch's books."""
    found: str = (await rows("SELECT currency FROM branch WHERE id = $1", branch_id))[0]["currency"]
    return found


async def lock_packages(package_ids: Sequence[str]) -> None:
    """Lock packages in the order of their ids; no new version yet."""
    await rows("SELECT id FROM package WHERE id = ANY($1) ORDER BY id FOR UPDATE", sorted(package_ids))


async def first_expected(package_id: str, but: str = "") -> datetime | None:
    """The start of the first confirmed booking of a package, but for one."""
    found = await rows(
        """SELECT starts_at FROM booking WHERE package_id = $1 AND state = 'CONFIRMED' AND id <> $2
        ORDER BY starts_at LIMIT 1""",
        package_id,
        but,
    )
    return found[0]["starts_at"] if found else None


async def coming_on(package_id: str, at: datetime) -> list[str]:
    """The confirmed bookings of a package that start later than the instant, not locked."""
    found = await rows(
        "SELECT id FROM booking WHERE package_id = $1 AND state = 'CONFIRMED' AND starts_at > $2 ORDER BY id",
        package_id,
        at,
    )
    return [row["id"] for row in found]


async def changed_by(operation_id: str, kind: str) -> list[str]:
    """The bookings whose stories tell this of an operation."""
    found = await rows(
        "SELECT booking_id FROM booking_change WHERE operation_id = $1 AND kind = $2 ORDER BY booking_id",
        operation_id,
        kind,
    )
    return [row["booking_id"] for row in found]


async def left_open(at: datetime, limit: int, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """Confirmed bookings whose end has passed, of every chain, oldest end first; what is flagged waits for a person."""
    where = Where()
    where.add("bk.state = 'CONFIRMED' AND bk.ends_at <= {at} AND bk.flagged_at IS NULL", at=at)
    if without:
        where.add("NOT (bk.id = ANY({ids}))", ids=sorted(without))
    return await rows(
        f"""SELECT bk.id, bk.chain_id, c.open_bookings FROM booking bk JOIN chain c ON c.id = bk.chain_id
        WHERE {where} ORDER BY bk.ends_at, bk.id LIMIT {where.value(limit)}""",
        *where.args,
    )

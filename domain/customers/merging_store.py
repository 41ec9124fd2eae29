"""Every statement by which what one customer has goes to another, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.customers.merging import Before
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers who were said to be one."""

    id: str
    kept_id: str
    merged_id: str
    merged_at: datetime
    undone_at: datetime | None
    before: Before


async def insert_merge(work: Work, merge_id: str, kept_id: str, merged_id: str, before: Before) -> None:
    """Write down that two customers are one, and what was so before."""
    record = {
        "id": merge_id,
        "chain_id": work.chain_id,
        "kept_id": kept_id,
        "merged_id": merged_id,
        "operation_id": work.operation_id,
        "merged_at": work.now,
        "before": _written(before),
    }
    await insert("customer_merge", [record])


def _written(before: Before) -> dict[str, Any]:
    written = asdict(before)
    for name, values in before.fields.items():
        written["fields"][name] = [value.isoformat() if name == "birthday" and value else value for value in values]
    return written


async def lock_merge(work: Work, merge_id: str) -> Merge:
    """A merge of the chain, which nobody else undoes until the act ends."""
    found = await rows(
        """SELECT id, kept_id, merged_id, merged_at, undone_at, before FROM customer_merge
        WHERE chain_id = $1 AND id = $2 FOR UPDATE""",
        work.chain_id,
        merge_id,
    )
    if not found:
        raise NotFound("merge", merge_id, "mergeId")
    return Merge(**found[0] | {"before": Before(**found[0]["before"])})


async def note_undone(work: Work, merge_id: str) -> None:
    """The merge counts no more."""
    await execute("UPDATE customer_merge SET undone_at = $2 WHERE id = $1", merge_id, work.now)


async def holding(customer_id: str) -> tuple[str, ...]:
    """The packages that the customer, who is locked, holds; in the order of their ids."""
    return _ids(await rows("SELECT id FROM package WHERE holder_id = $1 ORDER BY id", customer_id))


async def held_still(package_ids: Sequence[str], customer_id: str) -> tuple[str, ...]:
    """Those of the packages, and of what they were upgraded to, that the customer, who is locked, holds now."""
    sql = """WITH RECURSIVE line AS (SELECT id FROM package WHERE id = ANY($1)
            UNION SELECT u.into_package_id FROM line JOIN upgrade u ON u.package_id = line.id)
        SELECT id FROM package WHERE id IN (SELECT id FROM line) AND holder_id = $2 ORDER BY id"""
    return _ids(await rows(sql, list(package_ids), customer_id))


async def give_packages(package_ids: Sequence[str], customer_id: str) -> None:
    """Locked packages belong to another customer from now on."""
    await execute("UPDATE package SET holder_id = $1 WHERE id = ANY($2)", customer_id, list(package_ids))


async def change_bookings(from_id: str, to_id: str) -> tuple[str, ...]:
    """What one has booked, the other has booked; answers which visits."""
    found = _ids(await rows("SELECT id FROM booking WHERE customer_id = $1 ORDER BY id FOR UPDATE", from_id))
    await give_bookings(found, from_id, to_id)
    return found


async def give_bookings(booking_ids: Sequence[str], from_id: str, to_id: str) -> None:
    """Of these visits, those that one has booked, the other has booked."""
    sql = "UPDATE booking SET customer_id = $1 WHERE id = ANY($2) AND customer_id = $3"
    await execute(sql, to_id, list(booking_ids), from_id)


async def change_visits(from_id: str, to_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where one comes, the other comes; answers to which visits, and to which both had been coming."""
    found = await rows(
        """SELECT a.booking_id, b.id AS other FROM booking_person a
        LEFT JOIN booking_person b ON b.booking_id = a.booking_id AND b.customer_id = $2
        WHERE a.customer_id = $1 ORDER BY a.booking_id""",
        from_id,
        to_id,
    )
    alone = tuple(row["booking_id"] for row in found if row["other"] is None)
    doubled = tuple(row["booking_id"] for row in found if row["other"] is not None)
    await execute("DELETE FROM booking_person WHERE customer_id = $1 AND booking_id = ANY($2)", from_id, list(doubled))
    await give_visits(alone, from_id, to_id)
    return alone, doubled


async def give_visits(booking_ids: Sequence[str], from_id: str, to_id: str) -> None:
    """To these visits the other comes instead of the one."""
    await execute(
        "UPDATE booking_person SET customer_id = $1 WHERE booking_id = ANY($2) AND customer_id = $3",
        to_id,
        list(booking_ids),
        from_id,
    )


async def come_again(booking_ids: Sequence[str], customer_id: str) -> None:
    """The customer comes to these visits too, besides whoever comes."""
    await insert(
        "booking_person", [{"booking_id": booking_id, "customer_id": customer_id} for booking_id in booking_ids]
    )


async def change_shares(work: Work, from_id: str, to_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What others share with one they share with the other; answers which shares, and which ended instead.

    They end where it is the same person's by now, or shared with that person anyway.
    """
    found = await rows(
        """SELECT s.id, CASE WHEN p.holder_id IN ($1, $2) OR EXISTS (SELECT 1 FROM share o
            WHERE o.package_id = s.package_id AND o.customer_id = $2 AND o.id <> s.id AND o.revoked_at IS NULL)
            THEN 1 ELSE 0 END AS ends
        FROM share s JOIN package p ON p.id = s.package_id
        WHERE (s.customer_id = $1 OR (s.customer_id = $2 AND p.holder_id = $1)) AND s.revoked_at IS NULL
        ORDER BY s.id""",
        from_id,
        to_id,
    )
    ended = tuple(row["id"] for row in found if row["ends"])
    await execute(
        "UPDATE share SET revoked_at = $2, revoked_by = $3 WHERE id = ANY($1)", list(ended), work.now, work.actor.id
    )
    moved = tuple(row["id"] for row in found if not row["ends"])
    await give_shares(moved, from_id, to_id)
    return moved, ended


async def give_shares(share_ids: Sequence[str], from_id: str, to_id: str) -> None:
    """Of these shares, those of one are the other's."""
    await execute(
        "UPDATE share SET customer_id = $1 WHERE id = ANY($2) AND customer_id = $3", to_id, list(share_ids), from_id
    )


async def renew_shares(share_ids: Sequence[str], ended_at: datetime) -> None:
    """Shares that the merge ended, at this instant, hold again where no other has taken their place."""
    await execute(
        """UPDATE share SET revoked_at = NULL, revoked_by = NULL WHERE id = ANY($1) AND revoked_at = $2
        AND NOT EXISTS (SELECT 1 FROM share o WHERE o.package_id = share.package_id
            AND o.customer_id = share.customer_id AND o.revoked_at IS NULL)""",
        list(share_ids),
        ended_at,
    )


async def change_references(from_id: str, to_id: str) -> tuple[int, ...]:
    """Who asks for one by a reference finds the other; answers which references."""
    found = await rows("SELECT id FROM customer_reference WHERE customer_id = $1 ORDER BY id", from_id)
    ids = tuple(row["id"] for row in found)
    await give_references(ids, from_id, to_id)
    return ids


async def give_references(ids: Sequence[int], from_id: str, to_id: str) -> None:
    """Of these references, those of one are the other's."""
    await execute(
        "UPDATE customer_reference SET customer_id = $1 WHERE id = ANY($2) AND customer_id = $3",
        to_id,
        list(ids),
        from_id,
    )


async def change_transfers(work: Work, from_id: str, to_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Transfers that wait for approval are the other's; answers which were sent and which are received.

    Nobody hands anything on to himself: what waits between the two is withdrawn.
    """
    await execute(
        """UPDATE transfer SET state = 'WITHDRAWN', decided_by = $3, decided_at = $4 WHERE state = 'REQUESTED'
        AND ((sender_id = $1 AND recipient_id = $2) OR (sender_id = $2 AND recipient_id = $1))""",
        from_id,
        to_id,
        work.actor.id,
        work.now,
    )
    waiting = "FROM transfer WHERE state = 'REQUESTED' AND"
    sent = _ids(await rows(f"SELECT id {waiting} sender_id = $1 ORDER BY id", from_id))
    received = _ids(await rows(f"SELECT id {waiting} recipient_id = $1 ORDER BY id", from_id))
    await give_transfers(sent, received, from_id, to_id)
    return sent, received


async def give_transfers(sent: Sequence[str], received: Sequence[str], from_id: str, to_id: str) -> None:
    """Of the transfers that wait, these of one are the other's."""
    for column, ids in (("sender_id", sent), ("recipient_id", received)):
        await execute(
            f"UPDATE transfer SET {column} = $1 WHERE id = ANY($2) AND {column} = $3 AND state = 'REQUESTED'",
            to_id,
            list(ids),
            from_id,
        )


async def give_refunds(package_ids: Sequence[str], from_id: str, to_id: str) -> None:
    """What is asked for or still owed of these packages goes to the other."""
    await execute(
        """UPDATE refund SET customer_id = $1 WHERE package_id = ANY($2) AND customer_id = $3
        AND state IN ('REQUESTED', 'APPROVED')""",
        to_id,
        list(package_ids),
        from_id,
    )


async def change_merged(from_id: str, to_id: str) -> tuple[str, ...]:
    """Who was merged into one is the other by now; answers who."""
    found = _ids(await rows("SELECT id FROM customer WHERE merged_into_id = $1 ORDER BY id", from_id))
    await give_merged(found, from_id, to_id)
    return found


async def give_merged(customer_ids: Sequence[str], from_id: str, to_id: str) -> None:
    """Of these customers, those merged into one are merged into the other."""
    await execute(
        "UPDATE customer SET merged_into_id = $1 WHERE id = ANY($2) AND merged_into_id = $3",
        to_id,
        list(customer_ids),
        from_id,
    )


async def note_merged(customer_id: str, into_id: str, merged_at: datetime) -> None:
    """The customer is somebody else from now on, and a member of no household."""
    await execute(
        """UPDATE customer SET merged_into_id = $2, merged_at = $3, household_id = NULL, guardian = $4
        WHERE id = $1""",
        customer_id,
        into_id,
        merged_at,
        False,
    )


async def keep_guarded(household_ids: Sequence[str]) -> None:
    """A household that has lost its only guardian has the member who was registered first for one."""
    await execute(
        """UPDATE customer SET guardian = $2 WHERE household_id = ANY($1)
        AND NOT EXISTS (SELECT 1 FROM customer o WHERE o.household_id = customer.household_id
            AND (o.guardian OR (o.registered_at, o.id) < (customer.registered_at, customer.id)))""",
        list(household_ids),
        True,
    )


async def note_parted(customer_id: str, household_id: str | None, guardian: bool) -> None:
    """The customer is a person of their own again, in the household they came from."""
    await execute(
        "UPDATE customer SET merged_into_id = NULL, merged_at = NULL, household_id = $2, guardian = $3 WHERE id = $1",
        customer_id,
        household_id,
        guardian,
    )


async def change_fields(customer_id: str, fields: Mapping[str, Any]) -> None:
    """Fields of a locked customer, by the names of their columns."""
    if not fields:
        return
    columns = ", ".join(f"{name} = ${number}" for number, name in enumerate(fields, start=2))
    values = [list(value) if isinstance(value, tuple) else value for value in fields.values()]
    await execute(f"UPDATE customer SET {columns} WHERE id = $1", customer_id, *values)


def _ids(found: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["id"] for row in found)

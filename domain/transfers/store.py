"""Every statement about sessions handed on that the acts need; what the graph reads stands in `reading.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import NotFound
from domain.transfers.asked import Asked, FeePayer, State


@dataclass(frozen=True, slots=True)
class Person:
    """A customer who was not merged, as far as it matters to whom sessions may go."""

    id: str
    household_id: str | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as it was written down."""

    id: str
    package_id: str
    into_package_id: str | None
    recipient_id: str
    branch_id: str
    sessions: int | None
    moved: int | None
    with_bookings: bool
    fee_payer: FeePayer
    state: State
    requested_by: str
    requested_at: datetime
    decided_at: datetime | None
    done_at: datetime | None
    undone_at: datetime | None
    operation_id: str | None
    into_operation_id: str | None

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return Asked(
            self.package_id,
            self.recipient_id,
            self.sessions,
            self.with_bookings,
            self.into_package_id,
            self.branch_id,
        )

    @property
    def since(self) -> datetime:
        """Since when it is in its state."""
        return self.undone_at or self.done_at or self.decided_at or self.requested_at


@dataclass(frozen=True, slots=True)
class Gone:
    """Sessions that left one lot and arrived in another, with what they carried."""

    lot_id: str
    into_lot_id: str
    sessions: int
    value_minor: int
    tax_minor: int


async def versions(chain_id: str, package_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Who holds each of the packages, by what was read before any lock, and of which version of a definition it is."""
    found = await rows(
        "SELECT id, holder_id, definition_version_id FROM package WHERE chain_id = $1 AND id = ANY($2)",
        chain_id,
        list(package_ids),
    )
    return {row["id"]: (row["holder_id"], row["definition_version_id"]) for row in found}


async def persons(chain_id: str, customer_ids: Sequence[str]) -> dict[str, Person]:
    """Customers who stay members of their households until the act ends; whoever was merged is none."""
    found = await rows(
        """SELECT id, household_id, erased_at FROM customer WHERE chain_id = $1 AND id = ANY($2)
        AND merged_into_id IS NULL ORDER BY id FOR SHARE""",
        chain_id,
        list(customer_ids),
    )
    return {row["id"]: Person(**row) for row in found}


async def closed_at(branch_id: str) -> datetime | None:
    """Since when a branch is closed; one that is not stays open until the act ends."""
    found = await rows("SELECT closed_at FROM branch WHERE id = $1 FOR KEY SHARE", branch_id)
    closed: datetime | None = found[0]["closed_at"]
    return closed


async def handed_on(package_id: str) -> int:
    """How often sessions of the package, or of those that it was opened from, were handed on and not taken back."""
    found = await rows(
        """WITH RECURSIVE line AS (SELECT CAST($1 AS VARCHAR(32)) AS id UNION SELECT t.package_id FROM line
            JOIN transfer t ON t.into_package_id = line.id AND t.opened)
        SELECT COUNT(*) AS times FROM transfer t JOIN line ON line.id = t.package_id WHERE t.state = 'DONE'""",
        package_id,
    )
    times: int = found[0]["times"]
    return times


_COLUMNS = ", ".join(name for name in Transfer.__slots__)


async def transfer(chain_id: str, transfer_id: str) -> Transfer:
    """A transfer of the chain, or the refusal that there is none; who decides about it locks its package before."""
    found = await rows(f"SELECT {_COLUMNS} FROM transfer WHERE chain_id = $1 AND id = $2", chain_id, transfer_id)
    if not found:
        raise NotFound("transfer", transfer_id, "transferId")
    return _transfer(found[0])


async def waiting(package_id: str) -> list[Transfer]:
    """What is asked for of a package and not decided, oldest first; the package is locked."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM transfer WHERE package_id = $1 AND state = 'REQUESTED' ORDER BY id", package_id
    )
    return [_transfer(row) for row in found]


def _transfer(row: dict[str, Any]) -> Transfer:
    known = {"with_bookings": bool(row["with_bookings"]), "state": State(row["state"])}
    return Transfer(**row | known | {"fee_payer": FeePayer(row["fee_payer"])})


async def insert_transfer(record: dict[str, Any]) -> None:
    """A transfer, as it was done or requested."""
    await insert("transfer", [record])


async def change(transfer_id: str, changed: dict[str, Any]) -> None:
    """Write down what has become of a transfer whose package is locked."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(changed, 2))
    await execute(f"UPDATE transfer SET {names} WHERE id = $1", transfer_id, *changed.values())


async def insert_lots(transfer_id: str, gone: Sequence[Gone]) -> None:
    """Which lots the sessions left and arrived in."""
    await insert(
        "transfer_lot",
        [
            {
                "transfer_id": transfer_id,
                "lot_id": each.lot_id,
                "into_lot_id": each.into_lot_id,
                "sessions": each.sessions,
                "value_minor": each.value_minor,
                "tax_minor": each.tax_minor,
            }
            for each in gone
        ],
    )


async def lots(transfer_id: str) -> list[Gone]:
    """The same of a transfer that was done, in the order in which they left."""
    found = await rows(
        """SELECT lot_id, into_lot_id, sessions, value_minor, tax_minor FROM transfer_lot WHERE transfer_id = $1
        ORDER BY id""",
        transfer_id,
    )
    return [Gone(**row) for row in found]

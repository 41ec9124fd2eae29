"""Every statement about refunds and their parts that the acts need; what the graph reads stands in `reading.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.ledger.accounts import PaymentMethod
from domain.ledger.persons import person
from domain.refunds.asked import Asked, State
from domain.refunds.rules import PaidBack


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as it was written down; the customer is who they are by now."""

    id: str
    package_id: str
    customer_id: str
    home_branch_id: str
    sessions: int | None
    booking_ids: tuple[str, ...]
    to_credit: bool
    hardship: str
    goodwill_minor: int
    state: State
    quote_hash: str
    currency: str
    refund_minor: int
    requested_by: str
    requested_at: datetime
    decided_at: datetime | None
    agreed_at: datetime | None
    completed_at: datetime | None

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return Asked(
            self.package_id, self.sessions, self.booking_ids, self.hardship, self.goodwill_minor, self.to_credit
        )

    @property
    def since(self) -> datetime:
        """Since when it is in its state."""
        return self.completed_at or self.agreed_at or self.decided_at or self.requested_at


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a refund that was agreed, and when it was paid out, if it was."""

    id: str
    method: PaymentMethod
    branch_id: str
    amount_minor: int
    paid_out_at: datetime | None


_COLUMNS = ", ".join(
    f"{person('refund.customer_id')} AS customer_id" if name == "customer_id" else name for name in Refund.__slots__
)


async def refund(chain_id: str, refund_id: str) -> Refund:
    """A refund of the chain, or the refusal that there is none; who decides about it locks its package before."""
    found = await rows(f"SELECT {_COLUMNS} FROM refund WHERE chain_id = $1 AND id = $2", chain_id, refund_id)
    if not found:
        raise NotFound("refund", refund_id, "refundId")
    return _refund(found[0])


def _refund(row: dict[str, Any]) -> Refund:
    known = {
        "booking_ids": tuple(row["booking_ids"]),
        "to_credit": bool(row["to_credit"]),
        "state": State(row["state"]),
    }
    return Refund(**row | known)


async def insert_refund(record: dict[str, Any]) -> None:
    """A refund, as it was agreed or requested."""
    await insert("refund", [record])


async def change(refund_id: str, changed: dict[str, Any]) -> None:
    """Write down what has become of a refund whose package is locked."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(changed, 2))
    await execute(f"UPDATE refund SET {names} WHERE id = $1", refund_id, *changed.values())


async def insert_parts(refund_id: str, parts: Sequence[PaidBack]) -> None:
    """The parts in which a refund that was agreed is to be paid out, in order."""
    await insert(
        "refund_part",
        [
            {
                "id": new_id("rfp"),
                "refund_id": refund_id,
                "number": number,
                "payment_id": part.payment_id,
                "method": part.method.value,
                "branch_id": part.branch_id,
                "amount_minor": part.amount_minor,
            }
            for number, part in enumerate(parts, 1)
        ],
    )


async def parts_of(refund_id: str) -> list[Part]:
    """The parts of a refund whose package is locked, in order."""
    found = await rows(
        "SELECT id, method, branch_id, amount_minor, paid_out_at FROM refund_part WHERE refund_id = $1 ORDER BY number",
        refund_id,
    )
    return [Part(**row | {"method": PaymentMethod(row["method"])}) for row in found]


async def paid_out(parts: Sequence[Part], by: str, at: datetime, operation_id: str) -> None:
    """Write down that these parts were paid out, how and where; a statement for each."""
    for part in parts:
        await execute(
            """UPDATE refund_part SET method = $2, branch_id = $3, paid_out_at = $4, paid_out_by = $5,
            operation_id = $6 WHERE id = $1""",
            part.id,
            part.method.value,
            part.branch_id,
            at,
            by,
            operation_id,
        )

"""What the graph reads of customers' accounts, scoped by the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows


@dataclass(frozen=True, slots=True)
class ChargeView:
    """Sessions that no package had, put to a customer's account; negative where it takes a charge back."""

    id: str
    customer_id: str
    operation_id: str
    branch_id: str
    service_id: str
    booking_id: str | None
    sessions: int
    amount_minor: int
    tax_minor: int
    currency: str
    charged_at: datetime


async def charges_of(actor: Actor, customer_ids: Sequence[str]) -> dict[str, list[ChargeView]]:
    """What was charged to each customer, newest first: their own to customers, to the staff what their branches did."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add("customer_id = ANY({ids})", ids=list(customer_ids))
    if actor.kind is Principal.CUSTOMER:
        where.add("customer_id = {own}", own=actor.id)
    elif actor.visible_branches is not None:
        where.add("branch_id = ANY({branches})", branches=sorted(actor.visible_branches))
    columns = ", ".join(ChargeView.__slots__)
    found: dict[str, list[ChargeView]] = {customer_id: [] for customer_id in customer_ids}
    for row in await rows(f"SELECT {columns} FROM charge WHERE {where} ORDER BY id DESC", *where.args):
        found[row["customer_id"]].append(ChargeView(**row))
    return found

"""Every statement by which the graph looks customers up, each limited to what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.customers.store import COLUMNS, Customer, customer_of, visible_to
from domain.kernel.access import Actor
from domain.kernel.db import rows


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers; what is left out does not limit. Phone and e-mail are given in their normal form."""

    phone: str | None = None
    email: str | None = None
    reference: str | None = None
    home_branch_id: str | None = None
    household_id: str | None = None


async def page(
    actor: Actor, which: CustomerFilter, after: str | None, limit: int, newest_first: bool = False
) -> list[Customer]:
    """Customers that the actor may see, in the order of their registration, from the one after this id."""
    visible, args = visible_to(actor)
    conditions = [visible]
    for condition, value in _conditions(which, after, newest_first):
        args.append(value)
        conditions.append(condition.format(f"${len(args)}"))
    found = await rows(
        f"SELECT {COLUMNS} FROM customer c WHERE {' AND '.join(conditions)}"
        f" ORDER BY c.id {'DESC' if newest_first else 'ASC'} LIMIT ${len(args) + 1}",
        *args,
        limit,
    )
    return [customer_of(row) for row in found]


def _conditions(which: CustomerFilter, after: str | None, newest_first: bool) -> list[tuple[str, str]]:
    conditions = {
        "c.phone = {}": which.phone,
        "c.email = {}": which.email,
        "c.id IN (SELECT r.customer_id FROM customer_reference r"
        " WHERE r.chain_id = c.chain_id AND r.reference = {})": which.reference,
        "c.home_branch_id = {}": which.home_branch_id,
        "c.household_id = {}": which.household_id,
        "c.id < {}" if newest_first else "c.id > {}": after,
    }
    return [(condition, value) for condition, value in conditions.items() if value is not None]


async def references_of(actor: Actor, customer_ids: Sequence[str]) -> list[tuple[str, str]]:
    """(customer, reference) pairs by which other systems know these customers, of those the actor may see."""
    visible, args = visible_to(actor)
    found = await rows(
        f"""SELECT r.customer_id, r.reference FROM customer_reference r JOIN customer c ON c.id = r.customer_id
        WHERE {visible} AND r.customer_id = ANY(${len(args) + 1}) ORDER BY r.id""",
        *args,
        list(customer_ids),
    )
    return [(row["customer_id"], row["reference"]) for row in found]

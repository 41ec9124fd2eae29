"""Every statement that changes who is in a household, and who of them is a guardian."""

from collections.abc import Collection, Sequence

from domain.customers.store import COLUMNS, LIVING, Customer, customer_of
from domain.kernel.commands import Work
from domain.kernel.db import execute, rows


async def lock(work: Work, household_id: str) -> None:
    """Let the acts that change who is in a household pass one by one."""
    await rows("SELECT id FROM household WHERE chain_id = $1 AND id = $2 FOR UPDATE", work.chain_id, household_id)


async def lock_members(work: Work, household_id: str) -> list[Customer]:
    """Everybody in a household, whoever may see them, in the order of registration; they stay as they are."""
    found = await rows(
        f"""SELECT {COLUMNS} FROM customer c WHERE c.chain_id = $1 AND c.household_id = $2 AND {LIVING}
        ORDER BY c.id FOR UPDATE OF c""",
        work.chain_id,
        household_id,
    )
    return [customer_of(row) for row in found]


async def join(household_id: str, customer_ids: Sequence[str]) -> None:
    """Customers, locked by this act, become members."""
    changed = await execute(
        "UPDATE customer SET household_id = $1, guardian = FALSE WHERE id = ANY($2)", household_id, list(customer_ids)
    )
    assert changed == len(customer_ids), "a customer vanished under its lock"


async def leave(customer_ids: Sequence[str]) -> None:
    """Customers, locked by this act, are in no household any more."""
    await execute("UPDATE customer SET household_id = NULL, guardian = FALSE WHERE id = ANY($1)", list(customer_ids))


async def appoint(household_id: str, guardian_ids: Collection[str]) -> None:
    """These members of the household are its guardians, and nobody else."""
    await execute(
        "UPDATE customer SET guardian = CASE WHEN id = ANY($2) THEN TRUE ELSE FALSE END WHERE household_id = $1",
        household_id,
        sorted(guardian_ids),
    )


async def guards(chain_id: str, guardian_id: str, customer_id: str) -> bool:
    """Whether the one is a guardian of the household in which the other is."""
    found = await rows(
        """SELECT 1 AS yes FROM customer g JOIN customer c ON c.household_id = g.household_id
        WHERE g.chain_id = $1 AND g.id = $2 AND g.guardian AND c.id = $3""",
        chain_id,
        guardian_id,
        customer_id,
    )
    return bool(found)

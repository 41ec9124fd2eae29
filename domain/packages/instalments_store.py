"""Every statement about plans of instalments; the newest plan of a package is the one that counts."""

from collections.abc import Sequence

from domain.kernel.db import insert, rows
from domain.kernel.ids import new_id
from domain.packages.rules import Instalment


async def insert_plan(package_id: str, operation_id: str, plan: int, instalments: Sequence[Instalment]) -> None:
    """Write down what was agreed by an operation on the package, which is locked or new."""
    await insert(
        "instalment",
        [
            {
                "id": new_id("ins"),
                "package_id": package_id,
                "operation_id": operation_id,
                "plan": plan,
                "number": each.number,
                "due_on": each.due_on,
                "overdue_at": each.overdue_at,
                "amount_minor": each.amount_minor,
            }
            for each in instalments
        ],
    )


async def plans_agreed(package_id: str) -> int:
    """How many plans were agreed for the package so far."""
    (found,) = await rows("SELECT COALESCE(MAX(plan), 0) AS plans FROM instalment WHERE package_id = $1", package_id)
    return int(found["plans"])


async def plans_of(package_ids: Sequence[str]) -> dict[str, list[Instalment]]:
    """The instalments of each package by the plan that counts, in their order; none where none were agreed."""
    found = await rows(
        """SELECT package_id, number, due_on, overdue_at, amount_minor FROM instalment i
        WHERE package_id = ANY($1) AND plan = (SELECT MAX(n.plan) FROM instalment n WHERE n.package_id = i.package_id)
        ORDER BY package_id, number""",
        list(package_ids),
    )
    plans: dict[str, list[Instalment]] = {package_id: [] for package_id in package_ids}
    for row in found:
        plans[row.pop("package_id")].append(Instalment(**row))
    return plans

"""Every statement about the business days of branches."""

from collections.abc import Sequence
from datetime import date

from domain.branches.business_days import Holiday
from domain.kernel.access import Actor
from domain.kernel.db import Where, execute, insert, rows


async def replace_days(branch_id: str, weekend: str, holidays: Sequence[Holiday]) -> None:
    """Give a branch another weekend and other holidays; who comes at the same time waits for the branch."""
    await execute("UPDATE branch SET weekend = $2 WHERE id = $1", branch_id, weekend)
    await execute("DELETE FROM holiday WHERE branch_id = $1", branch_id)
    await insert("holiday", [{"branch_id": branch_id, "day": each.day, "name": each.name} for each in holidays])


async def holidays(
    actor: Actor, branch_ids: Sequence[str], first: date | None, last: date | None
) -> dict[str, list[Holiday]]:
    """The holidays of branches of the actor's chain from a day to another, in order: one statement for all of them."""
    where = Where()
    where.add("b.chain_id = {chain}", chain=actor.chain_id)
    where.add("h.branch_id = ANY({ids})", ids=list(branch_ids))
    where.add_given("h.day >= {value}", first)
    where.add_given("h.day <= {value}", last)
    found = await rows(
        f"""SELECT h.branch_id, h.day, h.name FROM holiday h JOIN branch b ON b.id = h.branch_id
        WHERE {where} ORDER BY h.branch_id, h.day""",
        *where.args,
    )
    by_branch: dict[str, list[Holiday]] = {branch_id: [] for branch_id in branch_ids}
    for row in found:
        by_branch[row["branch_id"]].append(Holiday(row["day"], row["name"]))
    return by_branch

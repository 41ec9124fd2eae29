"""What customers owe for sessions that no package had, and what becomes of that when such a charge is taken back."""

from collections.abc import Mapping, Sequence

from domain.kernel.db import rows
from domain.ledger.accounts import Charged
from domain.ledger.persons import persons


async def owed_by(customer_id: str) -> dict[str, int]:
    """What the customer owes each branch outside of packages; lock the customer before settling it."""
    found = await rows(
        """SELECT branch_id, SUM(debit_minor - credit_minor) AS owed FROM journal_line
        WHERE customer_id = $1 AND account = 'RECEIVABLE' AND package_id IS NULL
        GROUP BY branch_id ORDER BY branch_id""",
        customer_id,
    )
    return {row["branch_id"]: int(row["owed"]) for row in found if row["owed"]}


async def charged_to(customer_id: str) -> dict[str, int]:
    """What was charged to the customer at each branch and not taken back, paid or not."""
    found = await rows(
        f"""SELECT branch_id, SUM(amount_minor) AS charged FROM charge WHERE customer_id IN {persons("$1")}
        GROUP BY branch_id""",
        [customer_id],
    )
    return {row["branch_id"]: int(row["charged"]) for row in found}


def taken_back(charges: Sequence[Charged], owed: Mapping[str, int]) -> tuple[Charged, ...]:
    """The mirrors of charges of one customer; what is not owed any more has been paid, and becomes credit."""
    left = dict(owed)
    mirrors = []
    for charged in charges:
        unpaid = max(0, min(charged.amount_minor, left.get(charged.branch_id, 0)))
        left[charged.branch_id] = left.get(charged.branch_id, 0) - unpaid
        mirrors.append(charged.mirrored(charged.amount_minor - unpaid))
    return tuple(mirrors)

"""Credit of customers: money that the chain owes them, at the branches that took it in; the journal is its record."""

from collections.abc import Mapping

from domain.kernel.db import rows


async def credit_of(customer_id: str) -> dict[str, int]:
    """What each branch owes the customer, in the order of the branches; lock the customer before spending it."""
    found = await rows(
        """SELECT branch_id, SUM(credit_minor - debit_minor) AS credit FROM journal_line
        WHERE customer_id = $1 AND account = 'CUSTOMER_CREDIT' GROUP BY branch_id ORDER BY branch_id""",
        customer_id,
    )
    return {row["branch_id"]: int(row["credit"]) for row in found if row["credit"]}


def spent(credit: Mapping[str, int], amount_minor: int, first_branch_id: str) -> list[tuple[str, int]]:
    """From which branches an amount is taken: from the one named first, then in the order given."""
    assert amount_minor <= sum(credit.values())
    parts: list[tuple[str, int]] = []
    for branch_id in sorted(credit, key=lambda branch_id: branch_id != first_branch_id):
        part = min(credit[branch_id], amount_minor - sum(taken for _, taken in parts))
        if part > 0:
            parts.append((branch_id, part))
    return parts

"""Every statement about the payments for a package that stand, since nothing has taken them back."""

from dataclasses import dataclass

from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.persons import person


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment for a package, made at a branch, or with credit that stood there."""

    id: str
    branch_id: str
    received: Received


async def standing(package_id: str) -> list[Standing]:
    """The payments for the package, which is locked, that were not taken back, in the order they were made."""
    found = await rows(
        f"""SELECT id, {person("y.customer_id")} AS customer_id, branch_id, method, amount_minor, kept_minor
        FROM payment y WHERE package_id = $1 AND NOT EXISTS (SELECT 1 FROM payment_reversal r WHERE r.payment_id = y.id)
        ORDER BY id""",
        package_id,
    )
    return [
        Standing(
            row["id"],
            row["branch_id"],
            Received(
                PaymentMethod(row["method"]),
                row["amount_minor"],
                row["kept_minor"],
                row["customer_id"],
                row["branch_id"],
            ),
        )
        for row in found
    ]

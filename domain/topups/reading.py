"""What the graph reads of top-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import rows


@dataclass(frozen=True, slots=True)
class TopUpView:
    """Sessions that were added to a package, and what for."""

    id: str
    package_id: str
    lot_id: str
    branch_id: str
    operation_id: str
    sessions: int
    amount_minor: int
    tax_minor: int
    currency: str
    topped_up_at: datetime


_OWN = ", ".join(f"t.{name}" for name in TopUpView.__slots__ if name != "currency")


async def of_packages(package_ids: Sequence[str]) -> dict[str, list[TopUpView]]:
    """The top-ups of packages that the actor was already shown, oldest first: one statement for all."""
    found = await rows(
        f"""SELECT {_OWN}, p.currency FROM top_up t JOIN package p ON p.id = t.package_id
        WHERE t.package_id = ANY($1) ORDER BY t.package_id, t.id""",
        list(package_ids),
    )
    grouped: dict[str, list[TopUpView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row["package_id"]].append(TopUpView(**row))
    return grouped

"""What belongs to one customer belongs to another from now on: packages one by one, credit and account in one entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.customers import merging_store as merging
from domain.customers.store import Customer
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, record_together
from domain.ledger import accounts
from domain.ledger.post import Posting, post
from domain.packages import store as packages


@dataclass(frozen=True, slots=True)
class HolderChanged:
    """A package whose holder is known as another customer from now on; nothing else about it has changed."""

    package_id: str
    from_customer_id: str
    to_customer_id: str


@dataclass(frozen=True, slots=True)
class Handing:
    """Which packages, and how much of credit and of what is owed at which branch."""

    from_customer: Customer
    to_customer: Customer
    package_ids: tuple[str, ...]
    credit: Mapping[str, int]
    owed: Mapping[str, int]
    currency: str
    reason: str


async def hand_over(work: Work, handing: Handing, outcome: Any, branch_id: str) -> None:
    """Record the act with its entry, and an operation of its own for each package, which is locked here."""
    place = await packages.place(work, branch_id)
    sold = await packages.lock_together(work, handing.package_ids) if handing.package_ids else []
    await merging.give_packages([each.id for each in sold], handing.to_customer.id)
    from_id, to_id = handing.from_customer.id, handing.to_customer.id
    posting = Posting(
        package_id=None,
        package_version=None,
        currency=handing.currency,
        posted_on=local_date(work.now, place.time_zone),
        entries=(accounts.merge(from_id, to_id, handing.credit, handing.owed),),
        customer_id=to_id,
    )
    await post(work, posting, Recorded(outcome, branch_id=branch_id, customer_id=to_id, reason=handing.reason))
    changed = (
        Recorded(
            HolderChanged(each.id, from_id, to_id),
            branch_id=each.home_branch_id,
            package_id=each.id,
            package_version=each.version,
            customer_id=to_id,
        )
        for each in sold
    )
    await record_together([(work.another(), recorded) for recorded in changed])

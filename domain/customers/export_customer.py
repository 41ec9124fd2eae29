"""Hand out everything that is kept about a person; that it was done stands in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from domain.customers import store
from domain.customers.merging_errors import refuse_gone
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ExportCustomer:
    """About whom."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class CustomerExported:
    """Since when it was allowed to hand it out; the document itself is not kept."""

    customer_id: str
    exported_at: datetime


@act
async def export_customer(work: Work, command: ExportCustomer) -> CustomerExported:
    """Record that everything about the customer is handed out: to them, or to who manages their home branch.

    Refuses NotFound, CustomerMerged, CustomerErased.
    """
    found = await store.by_ids(work.actor, [command.customer_id])
    if not found:
        raise NotFound("customer", command.customer_id, "customerId")
    (customer,) = found
    work.authorise(customer.home_branch_id, customer.id)
    refuse_gone(customer, "customerId")
    outcome = CustomerExported(customer.id, work.now)
    await record(work, Recorded(outcome, branch_id=customer.home_branch_id, customer_id=customer.id))
    return outcome

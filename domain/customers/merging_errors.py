"""Why customers cannot be merged, parted again, or erased."""

from datetime import datetime

from domain.customers.store import Customer
from domain.kernel.errors import Refusal
from domain.kernel.money import Money
from domain.packages.errors import CustomerMerged as CustomerMerged


class SameCustomer(Refusal):
    """Both are the same customer."""

    code = "SAME_CUSTOMER"

    def __init__(self, customer_id: str) -> None:
        self.customer_id = customer_id

    @property
    def message(self) -> str:
        return "This is one and the same customer. Name the other one, who is to be merged into this one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("mergeId",)


class CustomerErased(Refusal):
    """Who the customer was has been erased."""

    code = "CUSTOMER_ERASED"

    def __init__(self, customer_id: str, erased_at: datetime, *path: str) -> None:
        self.customer_id, self.erased_at, self._path = customer_id, erased_at, path

    @property
    def message(self) -> str:
        return "Who the customer was has been erased, and nothing brings it back. Register the person anew."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class MergeUndone(Refusal):
    """The merge was undone before."""

    code = "MERGE_UNDONE"

    def __init__(self, merge_id: str, undone_at: datetime) -> None:
        self.merge_id, self.undone_at = merge_id, undone_at

    @property
    def message(self) -> str:
        return (
            "The merge was undone already; both are customers again. Merge them anew if they are one person after all."
        )


class MergeTooOld(Refusal):
    """The days within which a merge can be undone are over."""

    code = "MERGE_TOO_OLD"

    def __init__(self, merge_id: str, until: datetime) -> None:
        self.merge_id, self.until = merge_id, until

    @property
    def message(self) -> str:
        return f"The merge could be undone until {self.until:%Y-%m-%d %H:%M} UTC. Register the other person anew."


class CustomerStillHolds(Refusal):
    """The customer still has sessions, credit or visits to come, or owes something."""

    code = "CUSTOMER_STILL_HOLDS"

    def __init__(self, customer_id: str, sessions: int, credit: Money, owed: Money, bookings: int) -> None:
        self.customer_id, self.sessions = customer_id, sessions
        self.credit, self.owed, self.bookings = credit, owed, bookings

    @property
    def message(self) -> str:
        return "The customer still holds or owes something. Wind that up first, or confirm that it is to stay as it is."

    @property
    def path(self) -> tuple[str, ...]:
        return ("confirm",)


def refuse_gone(customer: Customer, *path: str) -> None:
    """Refuse who was merged into somebody else, and who was erased."""
    if customer.merged_into_id is not None:
        raise CustomerMerged(customer.id, customer.merged_into_id, *path)
    if customer.erased_at is not None:
        raise CustomerErased(customer.id, customer.erased_at, *path)

"""Customers as they are read: what is hidden from whoever asks is None."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.customers.store import Customer
from domain.kernel.access import Actor, Principal
from domain.kernel.reads import WORDS


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer as one actor sees them."""

    id: str
    first_name: str
    last_name: str
    phone: str | None = None
    email: str | None = None
    country: str | None = None
    birthday: date | None = None
    tags: tuple[str, ...] | None = None
    whatsapp_consent: bool | None = None
    notes: str | None = None
    home_branch_id: str | None = None
    household_id: str | None = None
    registered_at: datetime | None = None
    merged_into_id: str | None = None
    erased_at: datetime | None = None
    guardian: bool = False


def seen_by(actor: Actor, customer: Customer) -> CustomerView:
    """The staff see all of it; a customer sees no tags and notes, and of others in the household their names."""
    if actor.kind is Principal.CUSTOMER and actor.id not in (customer.id, customer.merged_into_id):
        return CustomerView(
            customer.id,
            customer.first_name,
            customer.last_name,
            household_id=customer.household_id,
            guardian=customer.guardian,
        )
    view = CustomerView(**{name: getattr(customer, name) for name in Customer.__slots__})
    return view if WORDS.lets(actor) else replace(view, tags=None, notes=None)

"""Reading customers and households."""

from enum import StrEnum
from functools import partial

import strawberry

from domain.customers import reading
from domain.customers.reading import CustomerFilter
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer, Household, customer_of, household_of, household_shown
from schema.enums import enum


class CustomerOrder(StrEnum):
    """In which order customers come."""

    REGISTERED_FIRST_FIRST = "REGISTERED_FIRST_FIRST"
    REGISTERED_LAST_FIRST = "REGISTERED_LAST_FIRST"


enum(
    CustomerOrder,
    description="The order in which customers come.",
    REGISTERED_FIRST_FIRST="The oldest registration first.",
    REGISTERED_LAST_FIRST="The newest registration first.",
)


@strawberry.input(
    description="Which customers; every part that is given must hold. Whoever gives a phone, an e-mail address or a "
    "reference is found in the whole chain by staff of the front desk and above; other lists show customers of your "
    "branches."
)
class CustomerFilterInput:
    """The filter of customers."""

    phone: str | None = strawberry.field(
        default=None, description="With this phone, in any spelling, with or without the country's code."
    )
    country: str | None = strawberry.field(
        default=None, description="The country (ISO 3166) whose phone it is; left out, any."
    )
    email: str | None = strawberry.field(default=None, description="With this e-mail address.")
    reference: str | None = strawberry.field(default=None, description="Known to another system by this reference.")
    home_branch_id: strawberry.ID | None = strawberry.field(default=None, description="Registered at this branch.")
    household_id: strawberry.ID | None = strawberry.field(default=None, description="A member of this household.")
    with_credit: bool | None = strawberry.field(
        default=None, description="True for those whose money the chain keeps, and has to look after; false for others."
    )


@strawberry.type
class CustomerQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One customer; null when there is none that you may see.")
    async def customer(self, info: Info, id: strawberry.ID) -> Customer | None:
        return await info.context.load(CUSTOMER, id)

    @strawberry.field(
        description="Customers you may see: for staff those registered at their branches or with a package sold or at "
        "home there; for a customer the own household."
    )
    async def customers(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: CustomerFilterInput | None = None,
        order_by: CustomerOrder = CustomerOrder.REGISTERED_FIRST_FIRST,
    ) -> Connection[Customer] | None:
        which = CustomerFilter(**vars(filter)) if filter else CustomerFilter()
        asked = page(first, after, "customers", which, order_by)
        actor, newest_first = info.context.actor, order_by is CustomerOrder.REGISTERED_LAST_FIRST
        behind = asked.after[0] if asked.after else None
        found = await reading.page(actor, which, behind, asked.size + 1, newest_first)
        return connection(found, asked, customer_of, lambda view: [view.id], partial(reading.count, actor, which))

    @strawberry.field(description="One household; null when you may see none of its members.")
    async def household(self, info: Info, id: strawberry.ID) -> Household | None:
        return await household_shown(info, id)

    @strawberry.field(description="Households with a member whom you may see, in the order in which they formed.")
    async def households(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Household] | None:
        asked = page(first, after, "households")
        behind = asked.after[0] if asked.after else None
        found = await reading.households_page(info.context.actor, behind, asked.size + 1)
        return connection(found, asked, household_of, lambda household: [household.id])

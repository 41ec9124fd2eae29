"""Customers and households as the graph shows them; what the viewer may not see of somebody is null."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.customers.store import Household as DomainHousehold
from domain.customers.view import CustomerView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import Connection
from schema.context import Info
from schema.customers.merges import MERGES, CustomerMerge, merge_of
from schema.customers.related import HOUSEHOLD, MEMBERS, REFERENCES
from schema.interfaces import Node
from schema.reports.arguments import AsOf, From, To

if TYPE_CHECKING:
    from schema.bookings.types import Booking
    from schema.packages.types import Package
    from schema.payments.account import Charge, CustomerAccount
    from schema.reports.customer_value import CustomerValue


@strawberry.type(description="A person who holds or shares packages; customers see of others their names only.")
class Customer(Node):
    """A customer."""

    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name; may be empty.")
    name: str = strawberry.field(description="The whole name.")
    phone: str | None = strawberry.field(description="The phone in international form, such as +351922925005.")
    email: str | None = strawberry.field(description="The e-mail address in lower case.")
    country: str | None = strawberry.field(description="The country of the phone, an ISO 3166 code such as PT.")
    birthday: date | None = strawberry.field(description="The day of birth.")
    tags: list[str] | None = strawberry.field(description="The business's own labels.")
    whatsapp_consent: bool | None = strawberry.field(
        description="Whether messages by WhatsApp are allowed; null while nobody has asked."
    )
    notes: str | None = strawberry.field(description="The business's own notes.")
    registered_at: datetime | None = strawberry.field(description="Since when the person is a customer.")
    home_branch_id: strawberry.Private[str | None]
    household_id: strawberry.Private[str | None]
    merged_into_id: strawberry.Private[str | None]
    erased_at: datetime | None = strawberry.field(
        description="Since when who this was is forgotten; null for everybody else."
    )
    is_guardian: bool = strawberry.field(
        description="Whether the person is a guardian of the household, who may share and revoke for its members."
    )

    @strawberry.field(
        description="Who this customer turned out to be, who holds everything by now; null for everybody else."
    )
    async def merged_into(self, info: Info) -> "Customer | None":
        from schema.customers.loaders import CUSTOMER

        return await info.context.load(CUSTOMER, self.merged_into_id) if self.merged_into_id else None

    @strawberry.field(description="Every time the person was merged with somebody, oldest first, undone ones too.")
    async def merges(self, info: Info) -> list[CustomerMerge]:
        return [merge_of(merge) for merge in await info.context.load(MERGES, self.id) or []]

    @strawberry.field(description="The branch where the person was registered.")
    async def home_branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.home_branch_id) if self.home_branch_id else None

    @strawberry.field(description="The household in which packages may be shared; null when in none.")
    async def household(self, info: Info) -> "Household | None":
        return await household_shown(info, self.household_id) if self.household_id else None

    @strawberry.field(description="The references by which other systems know the person; empty for customers.")
    async def references(self, info: Info) -> list[str]:
        return await info.context.load(REFERENCES, self.id) or []

    @strawberry.field(
        description="What was put to the person's account for sessions that no package had, newest first: all of it to "
        "the person, to the staff what their branches charged."
    )
    async def charges(self, info: Info) -> list[Annotated["Charge", strawberry.lazy("schema.payments.account")]]:
        from schema.payments.account import charges_shown

        return await charges_shown(info, self.id)

    @strawberry.field(
        description="How the person stands with the chain outside of packages; null when you may not see that: open to "
        "the person and to the staff."
    )
    async def account(
        self, info: Info
    ) -> Annotated["CustomerAccount", strawberry.lazy("schema.payments.account")] | None:
        from schema.payments.account import account_shown

        return await account_shown(info, self.id)

    @strawberry.field(
        description="What the person was worth in a period: money spent, the last visit, the services used. It "
        "tells of the branches where a role that may read it is held."
    )
    async def value(
        self, info: Info, from_: From, to: To, as_of: AsOf = None
    ) -> Annotated["CustomerValue", strawberry.lazy("schema.reports.customer_value")] | None:
        from schema.reports.customer_value import value_shown

        return await value_shown(info, self.id, from_, to, as_of)

    @strawberry.field(
        description="The packages the person holds, as far as you may see them, the newest sale first; `packages` with "
        "the filter `holderId` pages through all of them."
    )
    async def packages(
        self, info: Info, first: int | None = None
    ) -> list[Annotated["Package", strawberry.lazy("schema.packages.types")]]:
        from schema.packages.holding import packages_held

        return await packages_held(info, self.id, first)

    @strawberry.field(
        description="The packages that others share with the person, by household or by name, as far as you may see "
        "them, the newest sale first; how much of each the person may use stands in its `shares`."
    )
    async def shared_packages(
        self, info: Info, first: int | None = None
    ) -> list[Annotated["Package", strawberry.lazy("schema.packages.types")]]:
        from schema.sharing.types import packages_shared_with

        return await packages_shared_with(info, self.id, first)

    @strawberry.field(
        description="The visits the person booked or comes along to, as far as you may see them: those `coming`, which "
        "are confirmed and have not ended by the clock, the soonest first; the others, or all, the latest first."
    )
    async def bookings(
        self, info: Info, coming: bool | None = None, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["Booking", strawberry.lazy("schema.bookings.types")]]:
        from schema.bookings.queries import bookings_of_customer

        return await bookings_of_customer(info, self.id, coming, first, after)


@strawberry.type(description="Customers who may share packages whose terms allow it.")
class Household(Node):
    """A household."""

    name: str = strawberry.field(description="Its name.")
    reference: str | None = strawberry.field(description="The reference by which another system knows it.")

    @strawberry.field(description="Those of its members whom you may see, in the order of their registration.")
    async def members(self, info: Info) -> list[Customer]:
        return [customer_of(member) for member in await info.context.load(MEMBERS, self.id) or []]

    @strawberry.field(description="Those of the members whom you may see who may share and revoke for the others.")
    async def guardians(self, info: Info) -> list[Customer]:
        return [customer_of(member) for member in await info.context.load(MEMBERS, self.id) or [] if member.guardian]


def customer_of(view: CustomerView) -> Customer:
    """A customer as the graph shows them."""
    return Customer(
        id=strawberry.ID(view.id),
        first_name=view.first_name,
        last_name=view.last_name,
        name=f"{view.first_name} {view.last_name}".strip(),
        phone=view.phone,
        email=view.email,
        country=view.country,
        birthday=view.birthday,
        tags=None if view.tags is None else list(view.tags),
        whatsapp_consent=view.whatsapp_consent,
        notes=view.notes,
        registered_at=view.registered_at,
        home_branch_id=view.home_branch_id,
        household_id=view.household_id,
        merged_into_id=view.merged_into_id,
        erased_at=view.erased_at,
        is_guardian=view.guardian,
    )


def household_of(household: DomainHousehold) -> Household:
    """A household as the graph shows it."""
    return Household(id=strawberry.ID(household.id), name=household.name, reference=household.reference)


async def household_shown(info: Info, household_id: str) -> Household | None:
    """A household as the actor may see it."""
    found = await info.context.load(HOUSEHOLD, household_id)
    return household_of(found) if found else None

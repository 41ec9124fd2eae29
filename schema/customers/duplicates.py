"""Reading who may be one person."""

import strawberry

from domain.customers import duplicates
from domain.customers.duplicates import Pair, Shared
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.customers.types import Customer, customer_of
from schema.enums import enum

enum(
    Shared,
    name="SharedByCustomers",
    description="What two customers have in common.",
    PHONE="The phone.",
    EMAIL="The e-mail address.",
)


@strawberry.type(description="Two customers who may be one person.")
class CustomerPair:
    """Proposed to mergeCustomers."""

    one: Customer = strawberry.field(description="The customer who was registered first.")
    other: Customer = strawberry.field(description="The customer who was registered later.")
    because: list[Shared] = strawberry.field(description="What they have in common.")


@strawberry.type
class DuplicateQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="Pairs of customers who share a phone or an e-mail address and may be one person, by the order of "
        "their registration; staff of single branches are told of pairs of whom they see both."
    )
    async def duplicate_customers(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[CustomerPair] | None:
        asked = page(first, after, "duplicateCustomers")
        found = await duplicates.page(info.context.actor, asked.after, asked.size + 1)
        return connection(found, asked, _pair_of, lambda pair: [pair.one.id, pair.other.id])


def _pair_of(pair: Pair) -> CustomerPair:
    return CustomerPair(one=customer_of(pair.one), other=customer_of(pair.other), because=list(pair.because))

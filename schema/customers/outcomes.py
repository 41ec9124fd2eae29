"""What the outcomes of acts on customers' accounts have in common."""

import strawberry

from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer


@strawberry.type
class OfCustomer:
    """Mixed into the outcomes of acts on a customer's account, who is read only when asked for."""

    customer_id: strawberry.ID = strawberry.field(description="The customer's id.")

    @strawberry.field(description="The customer, as they are now; null when you may act for them but not see them.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.customer_id)

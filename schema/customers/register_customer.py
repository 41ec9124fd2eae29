"""The mutation registerCustomer."""

from datetime import date
from typing import Annotated

import strawberry

from domain.customers.register_customer import RegisterCustomer
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.refusals import CustomerExists, CustomerReferenceTaken
from schema.customers.types import Customer
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="The person as the desk writes them down.")
class RegisterCustomerInput:
    """The input of registerCustomer."""

    first_name: str = strawberry.field(description="The first name, at most 120 characters.")
    home_branch_id: strawberry.ID = strawberry.field(description="The branch where the person is registered.")
    last_name: str = strawberry.field(default="", description="The last name, at most 120 characters.")
    phone: str | None = strawberry.field(
        default=None, description="The phone in any spelling; without + it needs the country."
    )
    email: str | None = strawberry.field(default=None, description="The e-mail address.")
    country: str | None = strawberry.field(default=None, description="The phone's country, ISO 3166, such as PT.")
    birthday: date | None = strawberry.field(default=None, description="The day of birth.")
    tags: list[str] = strawberry.field(default_factory=list, description="At most 50 labels of the business.")
    whatsapp_consent: bool | None = strawberry.field(
        default=None, description="Whether messages by WhatsApp are allowed; unknown unless given."
    )
    household_id: strawberry.ID | None = strawberry.field(default=None, description="A household to join.")
    references: list[str] = strawberry.field(
        default_factory=list, description="At most 50 references by which other systems know the person."
    )
    notes: str = strawberry.field(default="", description="Notes of the business, at most 10,000 characters.")
    even_if_exists: bool = strawberry.field(
        default=False, description="Whether this is somebody else than the customer with the same phone and name."
    )


@strawberry.type(description="The person is a customer.")
class RegisterCustomerPayload:
    """The outcome of registerCustomer."""

    customer: Customer | None = strawberry.field(description="The customer.")
    operation_id: strawberry.ID = operation_id()


RegisterCustomerResult = Annotated[
    RegisterCustomerPayload | InvalidInput | NotFound | CustomerExists | CustomerReferenceTaken,
    strawberry.union("RegisterCustomerResult", description="The customer registered, or why not."),
]


async def resolve(info: Info, input: RegisterCustomerInput) -> RegisterCustomerResult:
    """Build the command and carry it out."""
    lists = {"tags": tuple(input.tags), "references": tuple(input.references)}
    done = await carry_out(info, RegisterCustomer(**{**vars(input), **lists}))
    return RegisterCustomerPayload(
        customer=await info.context.load(CUSTOMER, done.outcome.customer_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "register_customer",
        "Registers a customer. The same phone and the same name are the same person: sent again it is refused with "
        "that customer, unless you say that this is somebody else.",
    ),
)

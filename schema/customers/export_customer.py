"""The mutation exportCustomer."""

from typing import Annotated

import strawberry

from domain.customers.export_customer import ExportCustomer
from domain.customers.exporting import document
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.customers.refusals import CustomerErased, CustomerMerged
from schema.refusals import NotFound


@strawberry.input(description="About whom everything is asked for.")
class ExportCustomerInput:
    """The input of exportCustomer."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")


@strawberry.type(description="Everything that is kept about a person.")
class ExportCustomerPayload(OfCustomer):
    """The outcome of exportCustomer."""

    document: str = strawberry.field(
        description="One JSON object: the record, household, references, packages with their lots, visits, "
        "bookings, payments, instalments, freezes, charges, account by branch, transfers, shares, merges, denials, "
        "what other systems told of the person, and the operations about them. Money is in minor units of the "
        "currency beside it, instants are in UTC."
    )
    operation_id: strawberry.ID = operation_id()


ExportCustomerResult = Annotated[
    ExportCustomerPayload | NotFound | CustomerMerged | CustomerErased,
    strawberry.union("ExportCustomerResult", description="The document, or why there is none."),
]


async def resolve(info: Info, input: ExportCustomerInput) -> ExportCustomerResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ExportCustomer(input.customer_id))
    customer_id = done.outcome.customer_id
    return ExportCustomerPayload(
        customer_id=customer_id,
        document=await document(customer_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "export_customer",
        "Hands out everything that is kept about a person, also of those merged into them, as one JSON document. "
        "That it was handed out, and to whom, is recorded; the document itself is not kept. Each call is one "
        "export.",
    ),
)

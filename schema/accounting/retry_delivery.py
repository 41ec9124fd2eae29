"""The mutation retryDelivery."""

from typing import Annotated

import strawberry

from domain.accounting.sync.retry_delivery import RetryDelivery
from schema.accounting.sync_documents import SyncDocument, document_shown
from schema.accounting.sync_refusals import DeliveryUnderWay
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import NotFound


@strawberry.input(description="Which document is tried again.")
class RetryDeliveryInput:
    """The input of retryDelivery."""

    document_id: strawberry.ID = strawberry.field(description="The document.")


@strawberry.type(description="It is sent in a moment, or looked for first.")
class RetryDeliveryPayload:
    """The outcome of retryDelivery."""

    document: SyncDocument | None = strawberry.field(description="The document.")
    operation_id: strawberry.ID = operation_id()


RetryDeliveryResult = Annotated[
    RetryDeliveryPayload | NotFound | DeliveryUnderWay,
    strawberry.union("RetryDeliveryResult", description="The document under way again, or why not."),
]


async def resolve(info: Info, input: RetryDeliveryInput) -> RetryDeliveryResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RetryDelivery(input.document_id))
    return RetryDeliveryPayload(
        document=await document_shown(info, done.outcome.document_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "retry_delivery",
        "Tries a document again without waiting. One that was rejected is written anew by the present mapping; one "
        "that waits is tried now; one that was sent, or may have been, is looked for in the other system, and sent "
        "again only where it is not there. So it is booked once however often this is sent.",
    ),
)

"""The mutation revokeApiKey."""

from typing import Annotated

import strawberry

from domain.people.revoke_api_key import RevokeApiKey
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.people.loaders import API_KEY
from schema.people.refusals import AlreadyRevoked
from schema.people.types import ApiKey
from schema.refusals import NotFound


@strawberry.input(description="The key to revoke.")
class RevokeApiKeyInput:
    """The input of revokeApiKey."""

    api_key_id: strawberry.ID = strawberry.field(description="The key.")


@strawberry.type(description="The key may be used no more.")
class RevokeApiKeyPayload:
    """The outcome of revokeApiKey."""

    api_key: ApiKey | None = strawberry.field(description="The key.")
    operation_id: strawberry.ID = operation_id()


RevokeApiKeyResult = Annotated[
    RevokeApiKeyPayload | NotFound | AlreadyRevoked,
    strawberry.union("RevokeApiKeyResult", description="The key revoked, or why not."),
]


async def resolve(info: Info, input: RevokeApiKeyInput) -> RevokeApiKeyResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RevokeApiKey(input.api_key_id))
    return RevokeApiKeyPayload(
        api_key=await info.context.load(API_KEY, done.outcome.api_key_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "revoke_api_key",
        "Ends a key at once and for ever; what was done with it stays. Sent again it is refused as revoked.",
    ),
)

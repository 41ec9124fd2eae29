"""The mutation createApiKey."""

from typing import Annotated

import strawberry

from domain.kernel.access import Scope
from domain.people.create_api_key import CreateApiKey
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.people.loaders import API_KEY
from schema.people.types import ApiKey
from schema.refusals import InvalidInput


@strawberry.input(description="The key to create.")
class CreateApiKeyInput:
    """The input of createApiKey."""

    name: str = strawberry.field(description="The name to recognise it by, at most 120 characters.")
    scopes: list[Scope] = strawberry.field(description="What it is trusted with, at least one.")


@strawberry.type(description="The key may be used.")
class CreateApiKeyPayload:
    """The outcome of createApiKey."""

    api_key: ApiKey | None = strawberry.field(description="The key.")
    secret: str = strawberry.field(
        description="What the integration sends as its bearer token. Told this once, never again: only a hash is kept."
    )
    operation_id: strawberry.ID = operation_id()


CreateApiKeyResult = Annotated[
    CreateApiKeyPayload | InvalidInput,
    strawberry.union("CreateApiKeyResult", description="The key with its secret, or why not."),
]


async def resolve(info: Info, input: CreateApiKeyInput) -> CreateApiKeyResult:
    """Build the command and carry it out."""
    done = await carry_out(info, CreateApiKey(input.name, tuple(input.scopes)))
    return CreateApiKeyPayload(
        api_key=await info.context.load(API_KEY, done.outcome.api_key_id),
        secret=done.outcome.secret,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "create_api_key",
        "Creates a key by which an integration signs in to the whole chain. Sent again it creates another key; revoke "
        "the one whose secret was lost.",
    ),
)

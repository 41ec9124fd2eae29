"""The mutation retirePackageDefinition."""

from typing import Annotated

import strawberry

from domain.catalog.retire_package_definition import RetirePackageDefinition
from schema.acts import carry_out, describe, operation_id
from schema.catalog.loaders import DEFINITION, VERSION
from schema.catalog.refusals import AlreadyRetired, NotPublished
from schema.catalog.types import PackageDefinition, PackageDefinitionVersion
from schema.context import Info
from schema.refusals import NotFound


@strawberry.input(description="What to take off sale.")
class RetirePackageDefinitionInput:
    """The input of retirePackageDefinition."""

    definition_id: strawberry.ID = strawberry.field(description="The package definition to take off sale.")


@strawberry.type(description="The definition is sold no more.")
class RetirePackageDefinitionPayload:
    """The outcome of retirePackageDefinition."""

    definition: PackageDefinition | None = strawberry.field(description="The definition.")
    version: PackageDefinitionVersion | None = strawberry.field(description="The version that is sold no more.")
    operation_id: strawberry.ID = operation_id()


RetirePackageDefinitionResult = Annotated[
    RetirePackageDefinitionPayload | NotFound | NotPublished | AlreadyRetired,
    strawberry.union("RetirePackageDefinitionResult", description="The version retired, or why not."),
]


async def resolve(info: Info, input: RetirePackageDefinitionInput) -> RetirePackageDefinitionResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RetirePackageDefinition(input.definition_id))
    return RetirePackageDefinitionPayload(
        definition=await info.context.load(DEFINITION, done.outcome.definition_id),
        version=await info.context.load(VERSION, done.outcome.version_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "retire_package_definition",
        "Takes a package off sale; packages that were sold go on, and a draft may be published later. Sent again it is "
        "refused as retired.",
    ),
)

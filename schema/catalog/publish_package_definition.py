"""The mutation publishPackageDefinition."""

from typing import Annotated

import strawberry

from domain.catalog.publish_package_definition import PublishPackageDefinition
from schema.acts import carry_out, describe, operation_id
from schema.catalog.loaders import DEFINITION, VERSION
from schema.catalog.refusals import NothingToPublish
from schema.catalog.types import PackageDefinition, PackageDefinitionVersion
from schema.context import Info
from schema.refusals import NotFound


@strawberry.input(description="Which draft to put on sale.")
class PublishPackageDefinitionInput:
    """The input of publishPackageDefinition."""

    definition_id: strawberry.ID = strawberry.field(description="The package definition whose draft goes on sale.")


@strawberry.type(description="The draft is on sale.")
class PublishPackageDefinitionPayload:
    """The outcome of publishPackageDefinition."""

    definition: PackageDefinition | None = strawberry.field(description="The definition.")
    version: PackageDefinitionVersion | None = strawberry.field(description="The version that is sold from now on.")
    operation_id: strawberry.ID = operation_id()


PublishPackageDefinitionResult = Annotated[
    PublishPackageDefinitionPayload | NotFound | NothingToPublish,
    strawberry.union("PublishPackageDefinitionResult", description="The version on sale, or why not."),
]


async def resolve(info: Info, input: PublishPackageDefinitionInput) -> PublishPackageDefinitionResult:
    """Build the command and carry it out."""
    done = await carry_out(info, PublishPackageDefinition(input.definition_id))
    return PublishPackageDefinitionPayload(
        definition=await info.context.load(DEFINITION, done.outcome.definition_id),
        version=await info.context.load(VERSION, done.outcome.version_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "publish_package_definition",
        "Puts the draft on sale and retires the version that was; packages that were sold keep their rules. Sent "
        "again it is refused, for there is no draft left.",
    ),
)

"""The mutation agreeInstalments."""

from typing import Annotated

import strawberry

from domain.packages.agree_instalments import AgreeInstalments
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.packages import refusals
from schema.packages.instalments import InstalmentInput, planned
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="When what is owed for a package is due.")
class AgreeInstalmentsInput:
    """The input of agreeInstalments."""

    package_id: strawberry.ID = strawberry.field(description="The package that is not paid yet.")
    instalments: list[InstalmentInput] = strawberry.field(
        description="All that is outstanding; this plan takes the place of the one before."
    )
    idempotency_key: str = idempotency_key()
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The plan was agreed.")
class AgreeInstalmentsPayload(OfPackage):
    """The outcome of agreeInstalments."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


AgreeInstalmentsResult = Annotated[
    AgreeInstalmentsPayload
    | InvalidInput
    | NotFound
    | refusals.PackageClosed
    | refusals.InstalmentsDiffer
    | WrongCurrency,
    strawberry.union("AgreeInstalmentsResult", description="The plan agreed, or why not."),
]


async def resolve(info: Info, input: AgreeInstalmentsInput) -> AgreeInstalmentsResult:
    """Build the command and carry it out."""
    amounts = parsed(
        *((each.amount, ("instalments", str(index), "amount")) for index, each in enumerate(input.instalments))
    )
    command = AgreeInstalments(input.package_id, planned(input.instalments, amounts), input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return AgreeInstalmentsPayload(
        package_id=done.outcome.package_id, operation_id=strawberry.ID(done.operation_id), replayed=done.replayed
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "agree_instalments",
        "Agrees by when what is outstanding on a package is to be paid, in place of any plan before; no money moves. "
        "Payments settle the instalments in their order.",
    ),
)

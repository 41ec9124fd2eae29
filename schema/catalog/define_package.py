"""The mutation definePackage."""

from typing import Annotated

import strawberry

from domain.catalog.define_package import DefinePackage
from domain.catalog.terms import Terms
from schema.acts import carry_out, describe, operation_id
from schema.branches.refusals import WrongCurrency
from schema.catalog import terms_input as given
from schema.catalog import terms_input_later as later
from schema.catalog.amounts import Amounts
from schema.catalog.loaders import DEFINITION, VERSION
from schema.catalog.refund_input import RefundInput
from schema.catalog.refusals import ServiceNotPriced
from schema.catalog.types import PackageDefinition, PackageDefinitionVersion
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="The package with the complete rules it is to be sold on.")
class DefinePackageInput:
    """The input of definePackage."""

    code: str = strawberry.field(description="1 to 20 of A-Z, 0-9 and hyphens; a known one gets its next version.")
    name: str = strawberry.field(description="What packages sold from it are called, at most 120 characters.")
    recommended: bool = strawberry.field(default=False, description="Whether customers are shown it first.")
    items: list[given.ItemInput] = strawberry.field(description="What the sessions are for.")
    price: given.PriceInput = strawberry.field(description="What it costs.")
    validity: given.ValidityInput = strawberry.field(description="How long it may be used.")
    where: given.WhereInput = strawberry.field(
        default_factory=given.WhereInput, description="Where and with whom it may be used."
    )
    who: given.WhoInput = strawberry.field(default_factory=given.WhoInput, description="Sharing and transfer.")
    cancellation: given.CancellationInput = strawberry.field(
        default_factory=given.CancellationInput, description="What cancelling a booking costs."
    )
    change: later.ChangeInput = strawberry.field(default_factory=later.ChangeInput, description="Top-ups and upgrades.")
    refund: RefundInput = strawberry.field(
        default_factory=RefundInput, description="What comes back when it is given back."
    )
    use: later.UseInput = strawberry.field(default_factory=later.UseInput, description="When it may be used.")

    def terms(self) -> Terms:
        """The rules as the domain knows them; refuses every number that is none at once."""
        amounts, currency = Amounts(), self.price.currency
        read = Terms(
            items=tuple(item.read() for item in self.items),
            price=self.price.read(amounts),
            validity=self.validity.read(),
            where=self.where.read(),
            who=self.who.read(amounts, currency),
            cancellation=self.cancellation.read(),
            change=self.change.read(amounts, currency),
            refund=self.refund.read(amounts, currency),
            use=self.use.read(),
        )
        amounts.passed()
        return read


@strawberry.type(description="The draft waits to be published.")
class DefinePackagePayload:
    """The outcome of definePackage."""

    definition: PackageDefinition | None = strawberry.field(description="The definition.")
    version: PackageDefinitionVersion | None = strawberry.field(description="The draft.")
    operation_id: strawberry.ID = operation_id()


DefinePackageResult = Annotated[
    DefinePackagePayload | InvalidInput | NotFound | WrongCurrency | ServiceNotPriced,
    strawberry.union("DefinePackageResult", description="The draft, or why not."),
]


async def resolve(info: Info, input: DefinePackageInput) -> DefinePackageResult:
    """Build the command and carry it out."""
    done = await carry_out(info, DefinePackage(input.code, input.name, input.terms(), input.recommended))
    return DefinePackagePayload(
        definition=await info.context.load(DEFINITION, done.outcome.definition_id),
        version=await info.context.load(VERSION, done.outcome.version_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "define_package",
        "Writes the rules of a package down as a draft, in place of an earlier draft; what is on sale or was sold "
        "stays as it is. Impossible rules are refused together, each with its reason. The same input again changes "
        "nothing.",
    ),
)

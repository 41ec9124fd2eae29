"""The mutation sellPackage."""

from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.sell_package import SellPackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.packages.instalments import InstalmentInput, planned
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput


@strawberry.input(description="Money received together with the sale.")
class PaymentInput:
    """One payment."""

    method: PaymentMethod = strawberry.field(description="How it came in.")
    amount: MoneyInput = strawberry.field(description="How much came in.")


@strawberry.input(description="What to sell to whom.")
class SellPackageInput:
    """The input of sellPackage."""

    definition_id: strawberry.ID = strawberry.field(
        description="The package definition; its published version is sold."
    )
    customer_id: strawberry.ID = strawberry.field(description="Who will hold the package.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that sells, and becomes the package's home.")
    idempotency_key: str = idempotency_key()
    payments: list[PaymentInput] = strawberry.field(
        default_factory=list, description="What is paid at once; the rest is owed."
    )
    reference: str | None = strawberry.field(default=None, description="Your own unique reference for the package.")
    reason: str = strawberry.field(default="", description="A note for the audit log.")
    confirm_duplicate: bool = strawberry.field(
        default=False, description="Sell it though the same was sold to the customer a moment ago."
    )
    instalments: list[InstalmentInput] = strawberry.field(
        default_factory=list, description="When the rest is due, all of it; empty for no plan."
    )


@strawberry.type(description="A package in its grace that the sale renewed.")
class RenewedPackage:
    """An old package."""

    package_id: strawberry.ID = strawberry.field(description="The package that had been in grace.")
    sessions: int = strawberry.field(description="How many of its sessions moved into the new one.")


@strawberry.type(description="The package was sold.")
class SellPackagePayload(OfPackage):
    """The outcome of sellPackage."""

    renewed: list[RenewedPackage] = strawberry.field(
        description="Packages in grace whose unused sessions moved into it, where their terms say so."
    )
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


SellPackageResult = Annotated[
    SellPackagePayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | refusals.NotOnSale
    | refusals.LimitPerCustomerReached
    | refusals.DuplicateSale
    | refusals.BranchClosed
    | refusals.ReferenceTaken
    | refusals.PaymentExceedsOutstanding
    | refusals.PaymentAboveLimit
    | refusals.NotEnoughCredit
    | refusals.InstalmentsDiffer
    | WrongCurrency,
    strawberry.union("SellPackageResult", description="The package sold, or why not."),
]


async def resolve(info: Info, input: SellPackageInput) -> SellPackageResult:
    """Build the command and carry it out."""
    amounts = parsed(
        *((payment.amount, ("payments", str(index), "amount")) for index, payment in enumerate(input.payments)),
        *((each.amount, ("instalments", str(index), "amount")) for index, each in enumerate(input.instalments)),
    )
    paid, due = amounts[: len(input.payments)], amounts[len(input.payments) :]
    command = SellPackage(
        definition_id=input.definition_id,
        customer_id=input.customer_id,
        branch_id=input.branch_id,
        payments=tuple(
            Received(payment.method, amount.amount_minor) for payment, amount in zip(input.payments, paid, strict=True)
        ),
        currencies=tuple(amount.currency for amount in paid),
        reference=input.reference,
        reason=input.reason,
        confirmed_duplicate=input.confirm_duplicate,
        instalments=planned(input.instalments, due),
    )
    done = await carry_out(info, command, input.idempotency_key)
    return SellPackagePayload(
        package_id=done.outcome.package_id,
        renewed=[
            RenewedPackage(package_id=strawberry.ID(old.package_id), sessions=old.sessions)
            for old in done.outcome.renewed
        ],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "sell_package",
        "Sells a package: copies the published terms into it for good, issues its sessions, and posts the sale and "
        "what is paid with it; the rest may be agreed to be due in instalments. What the customer's packages of the "
        "same definition still have in their grace moves into it, where their terms say so.",
    ),
)

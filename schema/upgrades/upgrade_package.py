"""The mutation upgradePackage."""

from typing import Annotated

import strawberry

from domain.ledger.accounts import Received
from domain.upgrades.asked import Asked
from domain.upgrades.posting import PackageUpgraded
from domain.upgrades.upgrade_package import UpgradePackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.customers.refusals import CustomerErased
from schema.packages import refusals as of_packages
from schema.packages.instalments import InstalmentInput, planned
from schema.packages.sell_package import PaymentInput
from schema.packages.types import OfPackage, Package, shown
from schema.refunds.deciding_refusals import RefundPending
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of
from schema.transfers.refusals import TransferPending
from schema.upgrades import refusals


@strawberry.input(description="Which package is changed for one of which definition, and what is paid.")
class UpgradePackageInput:
    """The input of upgradePackage."""

    package_id: strawberry.ID = strawberry.field(description="The package that is closed.")
    definition_id: strawberry.ID = strawberry.field(
        description="The definition of the new one, which the terms of the old one name; its published version is sold."
    )
    branch_id: strawberry.ID = strawberry.field(
        description="The branch that does it: its tax and list prices count, and it becomes the new package's home."
    )
    idempotency_key: str = idempotency_key()
    payments: list[PaymentInput] = strawberry.field(
        default_factory=list, description="What is paid at once of what is due; the rest is owed."
    )
    instalments: list[InstalmentInput] = strawberry.field(
        default_factory=list, description="When the rest is due, all of it; empty for no plan."
    )
    quote_hash: str | None = strawberry.field(
        default=None, description="The hash of the quote that was shown; another outcome is refused then."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The package was changed for another one; `package` is the one that was closed.")
class UpgradePackagePayload(OfPackage):
    """The outcome of upgradePackage."""

    upgrade_id: strawberry.ID = strawberry.field(description="The record of it, as both packages show it.")
    into_package_id: strawberry.ID = strawberry.field(name="newPackageId", description="The package that was opened.")
    difference: Money = strawberry.field(
        name="priceDifference", description="The new price less what the old package counts for; may be below zero."
    )
    outstanding_carried: Money = strawberry.field(
        name="outstandingCarriedOver", description="What was unpaid of the old package, and is owed for this."
    )
    due: Money = strawberry.field(
        name="amountDue", description="What is owed for the new package, paid at once or not."
    )
    paid: Money = strawberry.field(name="amountPaid", description="What of that was paid at once.")
    credit: Money = strawberry.field(
        name="amountCredited", description="What was put to the customer's account at the branch instead."
    )
    sessions_after: int = strawberry.field(
        name="sessionsAfter", description="Sessions of the new package to be used, but for granted ones."
    )
    booking_ids: list[strawberry.ID] = strawberry.field(description="The bookings that moved along.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The new package, as it is now; null when you may act on it but not see it.")
    async def new_package(self, info: Info) -> Package | None:
        return await shown(info, self.into_package_id)


UpgradePackageResult = Annotated[
    UpgradePackagePayload
    | InvalidInput
    | NotFound
    | CustomerErased
    | WrongCurrency
    | refusals.UpgradeNotAllowed
    | refusals.UsedBeyondNew
    | refusals.BookingsDoNotFit
    | refusals.UpgradeQuoteChanged
    | of_packages.NotOnSale
    | of_packages.LimitPerCustomerReached
    | of_packages.PackageExpired
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.BranchClosed
    | of_packages.NotPaidFor
    | of_packages.PaymentExceedsOutstanding
    | of_packages.PaymentAboveLimit
    | of_packages.NotEnoughCredit
    | of_packages.InstalmentsDiffer
    | TransferPending
    | RefundPending,
    strawberry.union("UpgradePackageResult", description="The package changed for another one, or why not."),
]


async def resolve(info: Info, input: UpgradePackageInput) -> UpgradePackageResult:
    """Build the command and carry it out."""
    amounts = parsed(
        *((payment.amount, ("payments", str(index), "amount")) for index, payment in enumerate(input.payments)),
        *((each.amount, ("instalments", str(index), "amount")) for index, each in enumerate(input.instalments)),
    )
    paid, due = amounts[: len(input.payments)], amounts[len(input.payments) :]
    command = UpgradePackage(
        asked=Asked(input.package_id, input.definition_id, input.branch_id),
        payments=tuple(
            Received(payment.method, amount.amount_minor) for payment, amount in zip(input.payments, paid, strict=True)
        ),
        currencies=tuple(amount.currency for amount in paid),
        instalments=planned(input.instalments, due),
        quote_hash=input.quote_hash,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    outcome: PackageUpgraded = done.outcome
    return UpgradePackagePayload(
        package_id=strawberry.ID(outcome.package_id),
        upgrade_id=strawberry.ID(outcome.upgrade_id),
        into_package_id=strawberry.ID(outcome.into_package_id),
        difference=money_of(outcome.difference_minor, outcome.currency),
        outstanding_carried=money_of(outcome.outstanding_carried_minor, outcome.currency),
        due=money_of(outcome.due_minor, outcome.currency),
        paid=money_of(outcome.paid_minor, outcome.currency),
        credit=money_of(outcome.credit_minor, outcome.currency),
        sessions_after=outcome.sessions_after,
        booking_ids=[strawberry.ID(each) for each in outcome.booking_ids],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "upgrade_package",
        "Changes a package for one of another definition that its terms name, a larger or a smaller one: the old one "
        "is closed as UPGRADED and the new one opened on today's published terms, both or neither. By CREDIT_UNUSED "
        "what is unused of the old price counts towards the new one, which has all its sessions; by CARRY_USAGE the "
        "whole old price counts, and used sessions stay used. What was unpaid is owed for the new one; what the old "
        "one is worth beyond it is the customer's credit at the branch. Used sessions stay recognised, lapsed ones "
        "lapsed; sessions that were granted, or handed on by others, move along with their last days, and so do visits "
        "to come. The plan of instalments of the old package ends; persons named to share it do not follow.",
    ),
)


@strawberry.type
class UpgradeMutations:
    """Mixed into the root mutation."""

    upgrade_package: UpgradePackageResult = MUTATION

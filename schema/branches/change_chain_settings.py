"""The mutation changeChainSettings."""

from typing import Annotated

import strawberry

from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import NUMBERS, LapseTax, OpenBookings, Shortfall
from schema.acts import carry_out, describe, operation_id, parsed
from schema.branches.chain import Chain, chain_shown
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.refusals import InvalidInput
from schema.scalars import MoneyInput

_MOST = {name: f"0 to {most}." for name, (_, most) in NUMBERS.items()}


@strawberry.input(description="The settings that get another value; what is left out stays as it is.")
class ChangeChainSettingsInput:
    """The input of changeChainSettings."""

    shortfall: Shortfall | None = strawberry.field(
        default=None, description="What happens when a package has too few sessions."
    )
    open_bookings: OpenBookings | None = strawberry.field(
        default=None, description="What happens to bookings left open after their end."
    )
    reinstatement_days: int | None = strawberry.field(
        default=None,
        description=f"For how many days sessions that lapsed may come back, {_MOST['reinstatement_days']}",
    )
    desk_extension_days: int | None = strawberry.field(
        default=None,
        description="By how many days in all the front desk alone may extend a package, "
        f"{_MOST['desk_extension_days']}",
    )
    backdate_days: int | None = strawberry.field(
        default=None, description=f"How many days back a visit may be recorded, {_MOST['backdate_days']}"
    )
    reversal_hours: int | None = strawberry.field(
        default=None, description=f"For how many hours the desk may reverse a redemption, {_MOST['reversal_hours']}"
    )
    lapse_tax: LapseTax | None = strawberry.field(
        default=None, description="What lapses do from now on with tax that was not due yet."
    )
    duplicate_sale_minutes: int | None = strawberry.field(
        default=None,
        description="For how many minutes the same package is sold to the same customer again only when confirmed, "
        f"{_MOST['duplicate_sale_minutes']}",
    )
    largest_payment: MoneyInput | None = strawberry.field(
        default=None, description="The largest amount that one payment may have, in the currency of the chain."
    )
    unlimited_payments: bool = strawberry.field(
        default=False, description="Takes the limit of payments away; not together with largestPayment."
    )


@strawberry.type(description="The settings hold from now on.")
class ChangeChainSettingsPayload:
    """The outcome of changeChainSettings."""

    chain: Chain = strawberry.field(description="The chain with its settings.")
    operation_id: strawberry.ID = operation_id()


ChangeChainSettingsResult = Annotated[
    ChangeChainSettingsPayload | InvalidInput | WrongCurrency,
    strawberry.union("ChangeChainSettingsResult", description="The settings changed, or why not."),
]


async def resolve(info: Info, input: ChangeChainSettingsInput) -> ChangeChainSettingsResult:
    """Build the command and carry it out."""
    done = await carry_out(info, _command(input))
    return ChangeChainSettingsPayload(chain=await chain_shown(info), operation_id=strawberry.ID(done.operation_id))


def _command(input: ChangeChainSettingsInput) -> ChangeChainSettings:
    given = dict(vars(input))
    limit: MoneyInput | None = given.pop("largest_payment")
    if limit is None:
        return ChangeChainSettings(**given)
    (money,) = parsed((limit, ("largestPayment",)))
    return ChangeChainSettings(**given, largest_payment_minor=money.amount_minor, currency=money.currency)


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "change_chain_settings",
        "Changes how the chain is run, where the rules leave it open. What was done before stays as it is.",
    ),
)

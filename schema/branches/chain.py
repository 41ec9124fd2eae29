"""The chain as the graph shows it, with what it has decided for itself."""

from dataclasses import fields
from datetime import date

import strawberry

from domain.branches import store
from domain.branches.settings import BreakageMethod, LapseTax, OpenBookings, Shortfall
from schema.context import Info
from schema.enums import enum
from schema.scalars import CurrencyCode, Money, money_of

ShortfallPolicy = enum(
    Shortfall,
    name="Shortfall",
    description="What the chain does when a package has fewer sessions than are asked for.",
    REFUSE="Nothing is booked or used.",
    CHARGE="What there is is taken, and the rest is put to the customer's account at list price.",
)

OpenBookingsPolicy = enum(
    OpenBookings,
    name="OpenBookings",
    description="What the chain does with bookings that are still confirmed after their end.",
    FLAG="They are flagged for somebody to look at.",
    COMPLETE="They are completed.",
)

LapseTaxPolicy = enum(
    LapseTax,
    name="LapseTax",
    description="What a lapse does with tax that would have fallen due with the use of the sessions.",
    NONE="Nothing: nothing was supplied, and all of the value becomes breakage revenue.",
    DUE="It falls due, and only the rest of the value becomes breakage revenue.",
)

BreakageMethodChosen = enum(
    BreakageMethod,
    name="BreakageMethod",
    description="When the value of sessions that are never going to be used becomes revenue.",
    AT_LAPSE="When they lapse.",
    PROPORTIONAL="Along with each session that is used, by the share of a definition's sessions that is expected to "
    "lapse.",
)


@strawberry.type(description="What the chain has decided for itself, where the rules leave it open.")
class ChainSettings:
    """The settings of a chain."""

    shortfall: Shortfall = strawberry.field(description="What happens when a package has too few sessions.")
    open_bookings: OpenBookings = strawberry.field(description="What happens to bookings left open after their end.")
    reinstatement_days: int = strawberry.field(description="For how many days sessions that lapsed may come back.")
    desk_extension_days: int = strawberry.field(
        description="By how many days in all the front desk alone may extend a package."
    )
    backdate_days: int = strawberry.field(description="How many days back a visit may be recorded.")
    reversal_hours: int = strawberry.field(
        description="For how many hours the desk may reverse a redemption; from then on it takes a manager."
    )
    lapse_tax: LapseTax = strawberry.field(description="What a lapse does with tax that was not due yet.")
    breakage_method: BreakageMethod = strawberry.field(
        description="When value that is never going to be used becomes revenue; changed by changeBreakageMethod."
    )
    duplicate_sale_minutes: int = strawberry.field(
        description="For how many minutes the same package is sold to the same customer again only when confirmed."
    )
    largest_payment: Money | None = strawberry.field(
        description="The largest amount that one payment may have; null where there is no limit."
    )


@strawberry.type(description="The business as a whole.")
class Chain:
    """The tenant."""

    name: str = strawberry.field(description="Its name.")
    currency: CurrencyCode = strawberry.field(description="The currency of all its prices.")
    settings: ChainSettings | None = strawberry.field(description="How it is run.")
    books_open_from: date | None = strawberry.field(
        description="The first day whose books are open; null when they were never closed."
    )


async def chain_shown(info: Info) -> Chain:
    """The chain of whoever asks."""
    actor = info.context.actor
    chain = await store.chain(actor.chain_id)
    return Chain(
        name=chain.name,
        currency=CurrencyCode(chain.currency),
        settings=_settings(chain) if actor.reads_business else None,
        books_open_from=chain.books_open_from if actor.reads_business else None,
    )


def _settings(chain: store.Chain) -> ChainSettings:
    values = {each.name: getattr(chain.settings, each.name) for each in fields(chain.settings)}
    limit = values.pop("largest_payment_minor")
    return ChainSettings(**values, largest_payment=None if limit is None else money_of(limit, chain.currency))

"""The money of a package in its explanation: what the books hold of it, or what a step changed in them."""

import strawberry

from domain.packages.trace_books import Books
from schema.scalars import Money, money_of


@strawberry.type(
    description="The money of a package in the books, as it stood or by how much it changed; amounts in the package's "
    "currency. Always: price - credited + movedIn = recognised + breakage + tax + deferred + usedBefore + refunded + "
    "fees - badDebt - concessions, and price - credited - brought = paid + outstanding."
)
class PackageMoney:
    """Figures of the money journal."""

    price: Money = strawberry.field(description="What was agreed, with tax.")
    credited: Money = strawberry.field(
        description="What of the price is owed no more without being paid: the sale was voided, a refund cleared what "
        "was still owed, or an upgrade took it along."
    )
    brought: Money = strawberry.field(
        description="What of the price was paid with the package that an upgrade closed for this one."
    )
    paid: Money = strawberry.field(description="What was paid, less payments that were taken back.")
    outstanding: Money = strawberry.field(description="What is still to be paid.")
    deferred: Money = strawberry.field(description="The value still owed as sessions.")
    recognised: Money = strawberry.field(description="Revenue of sessions that were used.")
    breakage: Money = strawberry.field(
        description="Revenue of sessions that lapsed, or that are expected never to be used."
    )
    tax: Money = strawberry.field(description="Tax that has fallen due, less what of it is owed no more.")
    refunded: Money = strawberry.field(
        description="What of the payments goes back, from when a refund is agreed, or went back by a lost dispute."
    )
    fees: Money = strawberry.field(description="What was kept of a refund as a fee.")
    bad_debt: Money = strawberry.field(description="What was lost and no session taken away covers.")
    concessions: Money = strawberry.field(description="What was given back beyond the value of the sessions.")
    moved_in: Money = strawberry.field(
        description="Value that came along from a package that this one renews, or that was handed on; negative where "
        "it moved on, as by an upgrade with the tax in it."
    )
    used_before: Money = strawberry.field(
        description="Value of sessions used before the package was brought into Carnet, or of the package that was "
        "upgraded to it where they stay used."
    )
    disputed: Money = strawberry.field(description="What the payment provider keeps back until a dispute is settled.")
    provider_fees: Money = strawberry.field(description="What the payment provider took for disputes.")


def package_money_of(books: Books, currency: str) -> PackageMoney:
    """The books in the currency of the package."""
    return PackageMoney(
        price=money_of(books.price_minor, currency),
        credited=money_of(books.credited_minor, currency),
        brought=money_of(books.brought_minor, currency),
        paid=money_of(books.paid_minor, currency),
        outstanding=money_of(books.outstanding_minor, currency),
        deferred=money_of(books.deferred_minor, currency),
        recognised=money_of(books.recognised_minor, currency),
        breakage=money_of(books.breakage_minor, currency),
        tax=money_of(books.tax_minor, currency),
        refunded=money_of(books.refunded_minor, currency),
        fees=money_of(books.fees_minor, currency),
        bad_debt=money_of(books.bad_debt_minor, currency),
        concessions=money_of(books.concessions_minor, currency),
        moved_in=money_of(books.moved_in_minor, currency),
        used_before=money_of(books.used_before_minor, currency),
        disputed=money_of(books.disputed_minor, currency),
        provider_fees=money_of(books.provider_fees_minor, currency),
    )

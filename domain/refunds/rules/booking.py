"""How a refund by contract meets what the books carry: tax share, fee, and where the difference goes."""

from dataclasses import dataclass

from domain.kernel.money import round_half_up
from domain.ledger.accounts import Refunded
from domain.refunds.rules.quoting import Quote


@dataclass(frozen=True, slots=True)
class Settling:
    """What the books know of a package: price and tax due at sale, and what the sessions given back carry.

    `credited_before_minor` was settled by earlier refunds and lost disputes, with the tax that they took back in it;
    `kept_before_minor` the former kept. `fee_tax_bp` is the rate of a fee that is taxed. Tax that falls due with the
    use is in `tax_carried_minor`, and then none was due at sale.
    """

    home_branch_id: str
    package_id: str
    price_minor: int
    tax_minor: int
    value_minor: int
    tax_carried_minor: int = 0
    credited_before_minor: int = 0
    fee_tax_bp: int = 0
    kept_before_minor: int = 0


def tax_share(price_minor: int, tax_minor: int, amount_minor: int, before_minor: int = 0) -> int:
    """The tax in a part of the price, proportional to the net; the parts have together what their sum has."""
    if price_minor == 0:
        return 0
    by_now = round_half_up(tax_minor * (before_minor + amount_minor), price_minor)
    return by_now - round_half_up(tax_minor * before_minor, price_minor)


def agreed(settling: Settling, quote: Quote, goodwill_minor: int = 0) -> Refunded:
    """What is booked when a refund is agreed; goodwill is refunded on top of the quote, untaxed.

    The contract may reckon the used sessions dearer or cheaper than the books have recognised them: that is revenue,
    more or less of it, for they are sold at another price now. Only what the contract does not give is a concession.
    """
    kept_before = settling.kept_before_minor
    fee_tax = _fee_tax(kept_before + quote.fee_minor, settling) - _fee_tax(kept_before, settling)
    credit = quote.credit_minor
    tax = tax_share(settling.price_minor, settling.tax_minor, credit, settling.credited_before_minor)
    return Refunded(
        home_branch_id=settling.home_branch_id,
        package_id=settling.package_id,
        value_minor=settling.value_minor,
        tax_minor=tax + later_tax(settling.value_minor, settling.tax_carried_minor, credit),
        fee_minor=quote.fee_minor - fee_tax,
        fee_tax_minor=fee_tax,
        cleared_minor=quote.cleared_minor,
        concession_minor=goodwill_minor,
        refund_minor=quote.refund_minor + goodwill_minor,
    )


def _fee_tax(kept_minor: int, settling: Settling) -> int:
    """The tax in all that is kept by now: what a waiver gives back of it is not owed any more."""
    return round_half_up(kept_minor * settling.fee_tax_bp, 10_000 + settling.fee_tax_bp)


def later_tax(value_minor: int, tax_carried_minor: int, credit_minor: int) -> int:
    """Tax due with the use: re-pricing what was used makes more of it due, or less, in proportion to its value."""
    if tax_carried_minor == 0:
        return 0
    repriced = value_minor - credit_minor
    sign = 1 if repriced < 0 else -1
    return sign * round_half_up(abs(repriced) * tax_carried_minor, value_minor)

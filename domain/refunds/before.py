"""What an upgrade keeps of the refund terms of the package that it closes: the new one gets round none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.ledger.rules import Lot
from domain.packages.sold import Sold
from domain.refunds import reckoning
from domain.refunds.reckoning_store import Facts
from domain.refunds.rules import Moment, Reckoning


@dataclass(frozen=True, slots=True)
class Before:
    """What giving all of the package back would bring now, and above what refunds of it and of those before wait.

    `left_minor` is what its terms leave of what was paid, if nothing was missing of what had been paid for those
    before: what is missing when the new package is given back is taken off only then. Below zero it is what they would
    ask for, and so what of later payments pays for the past; `kept_minor` of that would not be kept in hardship.
    """

    refundable_minor: int
    left_minor: int
    kept_minor: int
    approval_above_minor: int | None


def before(sold: Sold, own: Sequence[Lot], facts: Facts, moment: Moment) -> Before:
    """By its own terms; held sessions come back too, as bookings move along with an upgrade."""
    giving_back = {lot.id: left for lot in own if (left := moment.left(lot))}

    def reckoned(facts: Facts, *, waived: bool = False) -> Reckoning:
        standing = reckoning.standing(sold, own, giving_back, facts, moment)
        return reckoning.grounds(sold, facts, standing, moment.now, waived=waived).quoted(sold.terms.refund).binding

    paid = replace(facts, unpaid_before_minor=0, lost_minor=0, lost_as_paid_minor=0)
    left = reckoned(paid).left_minor
    return Before(
        refundable_minor=reckoned(facts).refund_minor,
        left_minor=left,
        kept_minor=reckoned(paid, waived=True).left_minor - left,
        approval_above_minor=least(sold.terms.refund.approval_above_minor, facts.approval_above_minor),
    )


def least(*amounts: int | None) -> int | None:
    """The least of the amounts that there are."""
    return min((each for each in amounts if each is not None), default=None)

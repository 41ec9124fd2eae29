"""Pure: which terms of top-ups, upgrades and refunds cannot be honoured together, or say what can never count."""

from collections.abc import Iterator

from domain.catalog.terms import Change, RefundBasis, Refunding, TopUpPrice
from domain.kernel.errors import FieldProblem
from domain.kernel.money import Money


def impossible_change(change: Change) -> Iterator[FieldProblem]:
    """What cannot be so of top-ups and upgrades, each with its own reason."""
    least, most = change.top_up_minimum, change.top_up_maximum
    if not _price_fits(change):
        yield _of_change("topUpPrice", "A fixed top-up price goes with FIXED, and only with it.")
    if most is not None and 1 <= most < least:
        yield _of_change(
            "topUpMaximum",
            f"A top-up adds at least {least} sessions and all of them together at most {most}, so none could be. "
            "Choose a higher topUpMaximum, or a lower topUpMinimum.",
        )
    if not change.top_up:
        yield from _without_top_up(change)
    if len(set(change.upgrade_to)) < len(change.upgrade_to):
        yield _of_change("upgradeTo", "upgradeTo names a definition twice.")


def _without_top_up(change: Change) -> Iterator[FieldProblem]:
    """A price that does not fit is told already."""
    plain = Change()
    given = {
        "topUpMinimum": change.top_up_minimum != plain.top_up_minimum,
        "topUpMaximum": change.top_up_maximum is not None,
        "topUpPrice": change.top_up_price is not plain.top_up_price and _price_fits(change),
        "topUpDays": change.top_up_days != plain.top_up_days,
    }
    for name, is_given in given.items():
        if is_given:
            yield _of_change(name, f"No sessions can be added, so {name} never counts. Set topUp, or leave it out.")


def _price_fits(change: Change) -> bool:
    return (change.top_up_price is TopUpPrice.FIXED) == (change.top_up_fixed_minor is not None)


def impossible_refund(refund: Refunding, currency: str) -> Iterator[FieldProblem]:
    """What cannot be so of refunds, each with its own reason."""
    if refund.cooling_off_business_days and refund.cooling_off_days == 0:
        yield _of_refund("coolingOffDays", "Business days need a number of cooling-off days.")
    least, most = refund.penalty_at_least_minor, refund.penalty_at_most_minor
    if least is not None and most is not None and 0 <= most < least:
        yield _of_refund(
            "penaltyAtMost",
            f"The penalty is at least {Money(least, currency)} and at most {Money(most, currency)}, which no penalty "
            "is. Choose a higher penaltyAtMost, or a lower penaltyAtLeast.",
        )
    if refund.basis is RefundBasis.NONE:
        yield from _kept_of_nothing(refund)
    else:
        yield from _of_no_penalty(refund)


def _kept_of_nothing(refund: Refunding) -> Iterator[FieldProblem]:
    """Cooling-off gives all of it back, and what is beyond it nothing."""
    given = {
        "penaltyFixed": refund.penalty_fixed_minor,
        "penaltyPercent": refund.penalty_bp,
        "penaltyAtLeast": refund.penalty_at_least_minor is not None,
        "penaltyAtMost": refund.penalty_at_most_minor is not None,
        "penaltyUnusedAtMost": refund.penalty_unused_at_most_minor is not None,
        "adminFee": refund.admin_fee_minor,
        "feeTaxed": refund.fee_taxed,
    }
    for name, is_given in given.items():
        if is_given:
            yield _of_refund(
                name, f"By NONE nothing comes back, so {name} never counts. Choose another basis, or leave it out."
            )


def _of_no_penalty(refund: Refunding) -> Iterator[FieldProblem]:
    penalty = refund.penalty_fixed_minor or refund.penalty_bp or refund.penalty_at_least_minor
    if refund.penalty_unused_at_most_minor is not None and not penalty:
        yield _of_refund(
            "penaltyUnusedAtMost", "There is no penalty that penaltyUnusedAtMost could bound. Set one, or leave it out."
        )
    if refund.fee_taxed and not penalty and not refund.admin_fee_minor:
        yield _of_refund("feeTaxed", "There is no penalty or fee that could be taxed. Set one, or leave feeTaxed out.")


def _of_change(name: str, message: str) -> FieldProblem:
    return FieldProblem(("change", name), message)


def _of_refund(name: str, message: str) -> FieldProblem:
    return FieldProblem(("refund", name), message)

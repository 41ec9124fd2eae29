"""What refunds would have come to under another policy: each reckoned anew from what was stored with it.

Later refunds of a package follow the simulated earlier ones: what these would have paid back, kept and cleared is what
they start from. What the customer paid, used and gave back is as it was, and so is goodwill.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.catalog.terms import Refunding
from domain.refunds.rules import Standing
from domain.refunds.standing_json import from_json
from domain.reports.simulated import Agreed, Compared, LeftOut, OfCustomer, Rerun, Simulation


@dataclass(frozen=True, slots=True)
class _Changed:
    """By how much more the refunds of a package so far would have paid back, kept, cleared, and freed of penalty."""

    came_back_minor: int = 0
    kept_minor: int = 0
    cleared_minor: int = 0
    free_minor: int = 0

    def after(self, standing: Standing) -> Standing:
        """Where the package would have stood."""
        return replace(
            standing,
            refunded_minor=standing.refunded_minor + self.came_back_minor,
            kept_before_minor=standing.kept_before_minor + self.kept_minor,
            free_before_minor=standing.free_before_minor + self.free_minor,
            outstanding_minor=max(0, standing.outstanding_minor - self.cleared_minor),
        )


def simulated(agreed: Sequence[Agreed], policy: Refunding, currency: str) -> Simulation:
    """Refunds in the order in which they were agreed, under a policy whose amounts are in the currency."""
    reruns = _rerun((each for each in agreed if each.currency == currency), policy)
    return Simulation(
        currency=currency,
        reruns=tuple(reruns),
        customers=_by_customer(reruns),
        came_back=summed(each.came_back for each in reruns),
        cash=summed(each.came_back for each in reruns if not each.agreed.to_credit),
        credit=summed(each.came_back for each in reruns if each.agreed.to_credit),
        kept=summed(each.kept for each in reruns),
        cleared=summed(each.cleared for each in reruns),
        left_out=_left_out([each for each in agreed if each.currency != currency]),
    )


def _rerun(agreed: Iterable[Agreed], policy: Refunding) -> list[Rerun]:
    changed: dict[str, _Changed] = {}
    reruns = []
    for each in agreed:
        rerun, changed[each.package_id] = _again(each, policy, changed.get(each.package_id, _Changed()))
        reruns.append(rerun)
    return reruns


def _again(agreed: Agreed, policy: Refunding, before: _Changed) -> tuple[Rerun, _Changed]:
    """All that comes back, goodwill too, is never more than what was paid and is still there."""
    stored = from_json(agreed.grounds)
    grounds = replace(stored, standing=before.after(stored.standing))
    quote = grounds.quoted(policy, in_words=False)
    amount = min(quote.refund_minor + agreed.goodwill_minor, max(0, grounds.standing.net_paid_minor))
    rerun = Rerun(
        agreed=agreed,
        came_back=Compared(1, agreed.came_back_minor, amount),
        kept=Compared(1, agreed.fee_minor, quote.fee_minor),
        cleared=Compared(1, agreed.cleared_minor, quote.cleared_minor),
        reckoned_by=quote.binding.by,
        grounds=grounds,
        policy=policy,
    )
    return rerun, _Changed(
        before.came_back_minor + rerun.came_back.difference_minor,
        before.kept_minor + rerun.kept.difference_minor,
        before.cleared_minor + rerun.cleared.difference_minor,
        before.free_minor + (quote.refund_minor + quote.cleared_minor) * quote.cooling_off - agreed.free_minor,
    )


def summed(several: Iterable[Compared]) -> Compared:
    """All of them together."""
    refunds, actual, again = 0, 0, 0
    for each in several:
        refunds, actual, again = refunds + each.refunds, actual + each.actual_minor, again + each.simulated_minor
    return Compared(refunds, actual, again)


def _by_customer(reruns: Sequence[Rerun]) -> tuple[OfCustomer, ...]:
    grouped: dict[str, list[Compared]] = {}
    for each in reruns:
        grouped.setdefault(each.agreed.customer_id, []).append(each.came_back)
    found = [OfCustomer(customer_id, summed(several)) for customer_id, several in grouped.items()]
    return tuple(sorted(found, key=lambda each: (-abs(each.came_back.difference_minor), each.customer_id)))


def _left_out(agreed: Sequence[Agreed]) -> tuple[LeftOut, ...]:
    currencies = sorted({each.currency for each in agreed})
    return tuple(
        LeftOut(currency, len(own), sum(each.came_back_minor for each in own))
        for currency in currencies
        for own in ([each for each in agreed if each.currency == currency],)
    )

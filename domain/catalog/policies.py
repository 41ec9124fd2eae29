"""Pure: the terms in sentences that a customer can read before buying."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.catalog.terms import (
    Activation,
    BranchScope,
    Cancellation,
    Change,
    Expiry,
    GraceAllows,
    Missed,
    PenaltyOf,
    RefundBasis,
    Refunding,
    Sharing,
    Terms,
    TopUpPrice,
    TransferTo,
    UpgradeMethod,
    Use,
    Validity,
    ValidityStart,
    Where,
    Who,
)
from domain.kernel.money import Money


class Topic(StrEnum):
    """What a sentence is about."""

    SESSIONS = "SESSIONS"
    VALIDITY = "VALIDITY"
    WHERE = "WHERE"
    SHARING = "SHARING"
    TRANSFER = "TRANSFER"
    CANCELLATION = "CANCELLATION"
    TOP_UP = "TOP_UP"
    UPGRADE = "UPGRADE"
    REFUND = "REFUND"
    USE = "USE"


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule in a sentence."""

    topic: Topic
    text: str


def policies(terms: Terms) -> list[Policy]:
    """Every rule that a buyer should know, in the order in which it matters to him."""
    currency = terms.price.currency
    by_topic = {
        Topic.SESSIONS: _sessions(terms),
        Topic.VALIDITY: _validity(terms.validity),
        Topic.WHERE: _where(terms.where),
        Topic.SHARING: _sharing(terms.who.sharing),
        Topic.TRANSFER: _transfer(terms.who, currency),
        Topic.CANCELLATION: _cancellation(terms.cancellation),
        Topic.TOP_UP: _top_up(terms.change, currency),
        Topic.UPGRADE: _upgrade(terms.change),
        Topic.REFUND: _refund(terms.refund, currency),
        Topic.USE: _use(terms.use),
    }
    return [Policy(topic, text) for topic, texts in by_topic.items() for text in texts]


def refund_policies(refund: Refunding, currency: str) -> list[Policy]:
    """The rules of a refund alone, in the same sentences."""
    return [Policy(Topic.REFUND, text) for text in _refund(refund, currency)]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _sessions(terms: Terms) -> Iterator[str]:
    free = f", {terms.bonus_sessions} of them free" if terms.bonus_sessions else ""
    yield f"{_count(terms.sessions, 'session')}{free}, for {Money(terms.price.amount_minor, terms.price.currency)}."


def _validity(validity: Validity) -> Iterator[str]:
    start = "the day of purchase" if validity.starts is ValidityStart.PURCHASE else "the first use"
    if validity.until is not None:
        yield f"Sessions may be used until {validity.until}."
    else:
        span = _count(validity.months, "month") if validity.months else _count(validity.days or 0, "day")
        yield f"Sessions may be used for {span} from {start}."
    if validity.start_within_days is not None:
        yield f"The first use must be within {_count(validity.start_within_days, 'day')} from the day of purchase."
    yield from _after_the_last_day(validity)


def _after_the_last_day(validity: Validity) -> Iterator[str]:
    if validity.expiry is Expiry.HARD:
        yield "Sessions left after the last day are lost."
        return
    what = "sessions booked before" if validity.grace_allows is GraceAllows.BOOKED_ONLY else "sessions left"
    yield f"For {_count(validity.grace_days, 'day')} after the last day {what} may still be used; then they are lost."
    if validity.renewal_in_grace:
        yield "A new package bought in these days takes over the sessions left."


def _where(where: Where) -> Iterator[str]:
    yield {
        BranchScope.SELLING_BRANCH: "Sessions may be used at the branch that sold the package.",
        BranchScope.LISTED: "Sessions may be used at the branches listed, and at the home branch.",
        BranchScope.CHAIN: "Sessions may be used at every branch.",
    }[where.scope]
    if where.practitioner_ids:
        yield "Sessions are tied to the practitioners listed."


def _sharing(sharing: Sharing) -> Iterator[str]:
    yield {
        Sharing.NONE: "Only the holder may use the package.",
        Sharing.HOUSEHOLD: "Members of the holder's household may use the package too.",
        Sharing.NAMED: "People whom the holder names may use the package too.",
    }[sharing]


def _transfer(who: Who, currency: str) -> Iterator[str]:
    if who.transfer is TransferTo.NONE:
        yield "The package cannot be handed on."
        return
    to = "members of the holder's household" if who.transfer is TransferTo.HOUSEHOLD else "any customer"
    what = "The package, or some of its sessions," if who.partial_transfer else "The package as a whole"
    often = f", at most {_count(who.maximum_transfers, 'time')}" if who.maximum_transfers else ""
    fee = f", for {Money(who.transfer_fee_minor, currency)}" if who.transfer_fee_minor else ""
    asks = ", once a manager has approved it" if who.transfer_needs_approval else ""
    yield f"{what} can be handed on to {to}{often}{fee}{asks}."


def _cancellation(cancellation: Cancellation) -> Iterator[str]:
    late, no_show = _becomes(cancellation.late), _becomes(cancellation.no_show)
    ahead = _count(cancellation.free_until_hours, "hour")
    yield f"A booking can be cancelled free until {ahead} before it starts, by the branch's clock."
    yield f"Cancelled later, the session is {late}; missed, it is {no_show}."
    yield "Cancelled by the business, the session is always returned."
    yield from _moving(cancellation)


def _moving(cancellation: Cancellation) -> Iterator[str]:
    """Where a late cancellation costs the session, moving the booking must not be a way round that."""
    often = "" if cancellation.reschedules is None else f" at most {_count(cancellation.reschedules, 'time')}"
    long = " as long as it can be cancelled free" if cancellation.late is Missed.CONSUME else ""
    if cancellation.reschedules == 0:
        yield "A booking cannot be moved."
    elif often or long:
        yield f"A booking can be moved{often}{',' if often and long else ''}{long}."


def _becomes(missed: Missed) -> str:
    return "used" if missed is Missed.CONSUME else "returned"


def _top_up(change: Change, currency: str) -> Iterator[str]:
    if not change.top_up:
        yield "Sessions cannot be added later."
        return
    price = {
        TopUpPrice.PACKAGE_RATE: "at the package's price per session",
        TopUpPrice.LIST: "at the list price of the day",
        TopUpPrice.FIXED: f"for {Money(change.top_up_fixed_minor or 0, currency)} each",
    }[change.top_up_price]
    most = f" at once, at most {change.top_up_maximum} in all," if change.top_up_maximum else ""
    yield f"{change.top_up_minimum} or more sessions{most} can be added {price}."
    if change.top_up_days:
        days = _count(change.top_up_days, "day")
        yield f"Sessions added last {days} longer than the package, or {days} from then on where it has lapsed."


def _upgrade(change: Change) -> Iterator[str]:
    if not change.upgrade_to:
        return
    yield {
        UpgradeMethod.CREDIT_UNUSED: "In a change to a larger package, unused sessions are credited at their value.",
        UpgradeMethod.CARRY_USAGE: "In a change to a larger package, its price is credited; used sessions stay used.",
    }[change.upgrade_method]


def _refund(refund: Refunding, currency: str) -> Iterator[str]:
    if refund.cooling_off_days:
        days = _count(refund.cooling_off_days, "business day" if refund.cooling_off_business_days else "day")
        yield f"Given back within {days} from the day of purchase, what is unused is refunded without any penalty."
    yield {
        RefundBasis.PAID_SESSIONS: "A refund is what was paid less the sessions used, at the price of a paid session.",
        RefundBasis.ALL_SESSIONS: "A refund is what was paid less the sessions used, at the price spread over all.",
        RefundBasis.LIST_PRICE: "A refund is what was paid less the sessions used, at their list price.",
        RefundBasis.NONE: "Nothing is refunded.",
    }[refund.basis]
    if refund.basis is not RefundBasis.NONE:
        yield from _penalty(refund, currency)
    if refund.approval_above_minor is not None:
        yield f"A refund above {Money(refund.approval_above_minor, currency)} is paid once a manager has approved it."


def _penalty(refund: Refunding, currency: str) -> Iterator[str]:
    of = "the price" if refund.penalty_of is PenaltyOf.PRICE else "what is left"
    parts = [str(Money(refund.penalty_fixed_minor, currency))] if refund.penalty_fixed_minor else []
    if refund.penalty_bp:
        parts.append(f"{refund.penalty_bp // 100}.{refund.penalty_bp % 100:02d} % of {of}")
    if not parts and refund.penalty_at_least_minor:
        yield f"A penalty of {Money(refund.penalty_at_least_minor, currency)} is kept{_unused(refund, currency)}."
    if parts:
        yield f"A penalty of {' and '.join(parts)} is kept{_at_most(refund, currency)}."
    if refund.admin_fee_minor:
        yield f"A fee of {Money(refund.admin_fee_minor, currency)} is kept."
    if refund.fee_taxed and (parts or refund.penalty_at_least_minor or refund.admin_fee_minor):
        yield "What is kept is taxed like the package."


def _at_most(refund: Refunding, currency: str) -> str:
    """The bounds of a penalty, as far as there are any."""
    least, most = refund.penalty_at_least_minor, refund.penalty_at_most_minor
    told = [f", at least {Money(least, currency)}"] if least else []
    if most is not None:
        told.append(f", at most {Money(most, currency)}")
    return "".join((*told, _unused(refund, currency)))


def _unused(refund: Refunding, currency: str) -> str:
    most = refund.penalty_unused_at_most_minor
    return "" if most is None else f", before the first use at most {Money(most, currency)}"


def _use(use: Use) -> Iterator[str]:
    if use.activation is not Activation.AT_SALE:
        paid = "something" if use.activation is Activation.FIRST_PAYMENT else "all of it"
        yield f"The package may be used once {paid} is paid."
    if use.up_to_paid:
        yield "Sessions may be used as far as they are paid for."
    if use.limit_per_customer is not None:
        yield f"A customer may buy it at most {_count(use.limit_per_customer, 'time')}."
    if use.freeze_days:
        yield f"It can be frozen {_count(use.freeze_times, 'time')}, for {_count(use.freeze_days, 'day')} in all."
        yield "While it is frozen it cannot be used; the days are added to its last day."

"""Agreeing to a refund: sessions leave the package, what comes back is owed, and all of it is written down."""

from dataclasses import replace
from typing import Any

from domain.bookings import writing_store
from domain.bookings.rules import State as Booking
from domain.catalog.terms import TaxPoint
from domain.kernel.commands import Work
from domain.ledger import accounts
from domain.ledger.accounts import Refunded
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.packages import closing_store
from domain.packages import store as packages
from domain.packages.sold import Closing, Sold
from domain.payments.activation import activates
from domain.refunds import rules, store
from domain.refunds.asked import State
from domain.refunds.moving import moved
from domain.refunds.rules import Moment
from domain.refunds.situation import Situation
from domain.refunds.written import RefundAsked, asked_for, recorded


async def agree(work: Work, situation: Situation, refund_id: str, reason: str) -> tuple[RefundAsked, dict[str, Any]]:
    """Post the refund, call the bookings off, and close the package of which nothing is left.

    Tells what to write down of the refund; its parts are to follow once it is there.
    """
    sold = situation.sold
    home = Occasion(work.now, branch_id=sold.home_branch_id)
    draft = moved(situation.lots, situation.released, situation.given_back, home).draft
    refunded = _refunded(situation)
    state = State.APPROVED if situation.total_minor else State.COMPLETED
    outcome = asked_for(situation, refund_id, state)
    await post(work, _posting(situation, draft, refunded), recorded(outcome, situation, reason))
    await _call_off(work, situation, refund_id)
    moment = Moment(work.now, sold.disputed_at)
    if not situation.asked.keeps_all and not any(moment.left(lot) for lot in draft.after):
        await closing_store.close(sold.id, Closing.REFUNDED, work.now)
    elif sold.activated_at is None and await _is_paid(sold, refunded.cleared_minor):
        await packages.activate(sold.id, work.now)
    return outcome, {
        "state": state.value,
        "home_branch_id": sold.home_branch_id,
        "value_minor": refunded.value_minor,
        "tax_minor": refunded.tax_minor,
        "agreed_at": work.now,
        "completed_at": work.now if state is State.COMPLETED else None,
        "operation_id": work.operation_id,
    }


async def _is_paid(sold: Sold, cleared_minor: int) -> bool:
    """What it waited for is paid where the rest is owed no more."""
    cleared = replace(sold, credited_minor=sold.credited_minor + cleared_minor)
    return cleared_minor > 0 and await activates(cleared, sold.paid_minor)


def _refunded(situation: Situation) -> Refunded:
    """What is booked; tax that was due at sale is owed no more where the package was sold."""
    found = rules.agreed(situation.settling, situation.quote, situation.asked.goodwill_minor)
    at_sale = situation.sold.terms.price.tax_point is TaxPoint.AT_SALE
    return replace(found, taxed_at_id=situation.sold.selling_branch_id) if at_sale else found


def _posting(situation: Situation, draft: Draft, refunded: Refunded) -> Posting:
    sold = situation.sold
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=sold.posted_on(situation.now),
        draft=draft,
        entries=(
            accounts.reestimate(sold.home_branch_id, sold.id, draft.revalued_minor),
            accounts.refund(refunded),
        ),
        credited_minor=refunded.cleared_minor,
        refunded_minor=refunded.refund_minor,
    )


async def _call_off(work: Work, situation: Situation, refund_id: str) -> None:
    """The bookings released are cancelled without anything being used; their story names the refund."""
    bookings = [replace(each, state=Booking.CANCELLED, ended_at=work.now) for each in situation.released.bookings]
    if bookings:
        await writing_store.end_together([each.id for each in bookings], Booking.CANCELLED, work.now)
        told = [
            (work.operation_id, each, Booking.CANCELLED.value, f"Given back with refund {refund_id}.")
            for each in bookings
        ]
        await writing_store.note_changes(told)


async def write_parts(situation: Situation, refund_id: str) -> None:
    """In which parts it is to be paid out."""
    await store.insert_parts(refund_id, situation.parts)

"""What is told and written down of a refund: as it was asked for, and the figures that it comes to."""

from dataclasses import asdict, dataclass
from typing import Any

from domain.kernel.commands import Recorded, Work
from domain.refunds.asked import State
from domain.refunds.situation import Situation
from domain.refunds.standing_json import to_json


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """What was agreed, or is to be once somebody else approves it; `refund_minor` comes back besides goodwill."""

    refund_id: str
    package_id: str
    state: str
    sessions: int
    refund_minor: int
    goodwill_minor: int
    fee_minor: int
    cleared_minor: int
    currency: str
    booking_ids: tuple[str, ...] = ()


def asked_for(situation: Situation, refund_id: str, state: State) -> RefundAsked:
    """What is told of it."""
    quote = situation.quote
    return RefundAsked(
        refund_id=refund_id,
        package_id=situation.sold.id,
        state=state.value,
        sessions=quote.sessions,
        refund_minor=quote.refund_minor,
        goodwill_minor=situation.asked.goodwill_minor,
        fee_minor=quote.fee_minor,
        cleared_minor=quote.cleared_minor,
        currency=quote.currency,
        booking_ids=tuple(booked.id for booked in situation.released.bookings),
    )


def requested(work: Work, situation: Situation, refund_id: str, quote_hash: str, reason: str) -> dict[str, Any]:
    """What is written down of a refund as it was asked for, whether or not somebody has to approve it."""
    asked, sold = situation.asked, situation.sold
    return {
        "id": refund_id,
        "chain_id": work.chain_id,
        "package_id": sold.id,
        "customer_id": sold.holder_id,
        "home_branch_id": sold.home_branch_id,
        "sessions": asked.sessions,
        "booking_ids": list(asked.booking_ids),
        "to_credit": asked.to_credit,
        "hardship": asked.hardship,
        "goodwill_minor": asked.goodwill_minor,
        "state": State.REQUESTED.value,
        "reason": reason,
        "currency": sold.currency,
        "requested_by": work.actor.id,
        "requested_at": work.now,
    } | figures(situation, quote_hash)


def figures(situation: Situation, quote_hash: str) -> dict[str, Any]:
    """What it comes to, what that was reckoned from, and how."""
    quote = situation.quote
    return {
        "quote_hash": quote_hash,
        "reckoned_by": quote.binding.by.value,
        "cooling_off": quote.cooling_off,
        "given_back": quote.sessions,
        "refund_minor": quote.refund_minor,
        "fee_minor": quote.fee_minor,
        "waived_minor": quote.waived_minor,
        "cleared_minor": quote.cleared_minor,
        "standing": to_json(situation.grounds),
        "steps": [asdict(step) for step in quote.binding.steps],
    }


def recorded(outcome: RefundAsked, situation: Situation, reason: str) -> Recorded:
    """The operation at the package, about whoever gives sessions back."""
    sold = situation.sold
    return Recorded(
        outcome,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=reason,
    )

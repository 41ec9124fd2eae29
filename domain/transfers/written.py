"""What is written down of a transfer: as it was asked for, as it was done, and the package that it opens."""

from typing import Any

from domain.catalog import terms as terms_of
from domain.kernel.commands import Work
from domain.kernel.ids import new_id
from domain.transfers.asked import State
from domain.transfers.handing import Handing
from domain.transfers.situation import Situation


def done(handing: Handing, work: Work, other: Work) -> dict[str, Any]:
    """What is written down of a transfer that was carried out."""
    return {
        "state": State.DONE.value,
        "into_package_id": handing.into_package_id,
        "opened": handing.situation.into is None,
        "moved": handing.situation.sessions,
        "value_minor": handing.moved.value_minor,
        "fee_minor": handing.fee_minor,
        "done_at": work.now,
        "operation_id": work.operation_id,
        "into_operation_id": other.operation_id,
    }


def requested(work: Work, handing: Handing, reason: str) -> dict[str, Any]:
    """What is written down of a transfer as it was asked for, whether or not somebody has to approve it."""
    asked, sold = handing.situation.asked, handing.situation.sold
    return {
        "id": new_id("trf"),
        "chain_id": work.chain_id,
        "package_id": sold.id,
        "into_package_id": asked.into_package_id,
        "sender_id": sold.holder_id,
        "recipient_id": asked.recipient_id,
        "branch_id": asked.branch_id,
        "sessions": asked.sessions,
        "with_bookings": asked.with_bookings,
        "fee_minor": handing.fee_minor,
        "fee_payer": handing.fee_payer.value,
        "state": State.REQUESTED.value,
        "reason": reason,
        "requested_by": work.actor.id,
        "requested_at": work.now,
    }


def opened(work: Work, situation: Situation, package_id: str) -> dict[str, object]:
    """The recipient's package: the same as the sender's, but free, for that one was paid for.

    Where validity has started it cannot start again, so there is no last day to start any more.
    """
    sold = situation.sold
    return {
        "id": package_id,
        "chain_id": work.chain_id,
        "definition_id": sold.definition_id,
        "definition_version_id": situation.version_id,
        "name": sold.name,
        "holder_id": situation.asked.recipient_id,
        "home_branch_id": sold.home_branch_id,
        "selling_branch_id": sold.selling_branch_id,
        "currency": sold.currency,
        "price_minor": 0,
        "tax_minor": 0,
        "paid_minor": 0,
        "terms": terms_of.to_json(sold.terms),
        "sharing": sold.terms.who.sharing.value,
        "sold_at": work.now,
        "activated_at": work.now,
        "first_used_on": sold.first_used_on,
        "start_by": None if sold.first_used_on else sold.start_by,
        "extended_days": sold.extended_days,
        "version": 1,
    }

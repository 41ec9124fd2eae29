"""Handing on, once it is decided: both packages change at once, the fee is charged, and all of it is written down."""

from dataclasses import replace
from datetime import date

from domain.bookings import carrying
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger import accounts
from domain.ledger.accounts import Entry
from domain.ledger.post import Posted, Posting, post_together
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.transfers.asked import PackageTransferred, State
from domain.transfers.handing import Handing
from domain.transfers.situation import Situation
from domain.transfers.written import opened


def transferred(handing: Handing, transfer_id: str, state: State) -> PackageTransferred:
    """What is told of it."""
    situation = handing.situation
    return PackageTransferred(
        transfer_id=transfer_id,
        package_id=situation.sold.id,
        into_package_id=handing.into_package_id if state is State.DONE else situation.asked.into_package_id,
        state=state.value,
        sessions=situation.sessions,
        value_minor=handing.moved.value_minor,
        fee_minor=handing.fee_minor,
        currency=situation.sold.currency,
        booking_ids=tuple(booked.id for booked in situation.carrying.bookings),
    )


async def hand_on(work: Work, handing: Handing, transfer_id: str, reason: str) -> tuple[PackageTransferred, Work]:
    """Post both sides, the package opened for the recipient where there is none; what was told, and the other side."""
    situation = handing.situation
    outcome, other = transferred(handing, transfer_id, State.DONE), work.another()
    into = situation.into
    if into is None:
        await packages.insert_packages([opened(work, situation, handing.into_package_id)])
    today = local_date(work.now, situation.sold.home_time_zone)
    await post_together(
        [
            Posted(work, _leaving(handing, today), recorded(outcome, situation, situation.sold, reason)),
            Posted(other, _arriving(handing, today), recorded(outcome, situation, into, reason)),
        ]
    )
    await carrying.write_down(situation.carrying, handing.into_package_id, other.operation_id, reason)
    return outcome, other


def _leaving(handing: Handing, today: date) -> Posting:
    """The sender's side, which tells of the value that moves and of the fee."""
    sold, place = handing.situation.sold, handing.situation.place
    home, value = sold.home_branch_id, handing.moved.value_minor
    charges = (handing.fee,) if handing.fee else ()
    charged_on = local_date(handing.situation.now, place.time_zone) if place else today
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=today,
        draft=handing.moved.leaving,
        entries=(
            accounts.transfer(home, sold.id, home, handing.into_package_id, value),
            *(_on(accounts.charge(each), charged_on) for each in charges),
        ),
        charges=charges,
    )


def _on(entry: Entry | None, day: date) -> Entry | None:
    return replace(entry, posted_on=day) if entry else None


def _arriving(handing: Handing, today: date) -> Posting:
    into, sold = handing.situation.into, handing.situation.sold
    return Posting(
        package_id=handing.into_package_id,
        package_version=into.version if into else 1,
        currency=sold.currency,
        posted_on=today,
        draft=handing.moved.arriving,
    )


def recorded(outcome: PackageTransferred, situation: Situation, side: Sold | None, reason: str) -> Recorded:
    """The operation at one of both packages; the recipient's may be opened by it."""
    return Recorded(
        outcome,
        branch_id=situation.asked.branch_id,
        package_id=side.id if side else outcome.into_package_id,
        package_version=side.version if side else 1,
        customer_id=side.holder_id if side else situation.asked.recipient_id,
        reason=reason,
    )

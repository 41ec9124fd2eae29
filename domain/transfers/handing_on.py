"""Handing on, once it is decided: both packages change at once, the fee is charged, and all of it is written down."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.bookings import carrying
from domain.catalog import terms as terms_of
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.ledger import accounts
from domain.ledger.accounts import Charged, Entry
from domain.ledger.post import Posted, Posting, post_together
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.transfers import rules
from domain.transfers.asked import Asked, FeePayer, PackageTransferred, State
from domain.transfers.errors import QuoteChanged
from domain.transfers.moving import Moved, moved
from domain.transfers.situation import Situation


@dataclass(frozen=True, slots=True)
class Handing:
    """Sessions about to be handed on: the situation, what moves, where to, and the fee."""

    situation: Situation
    moved: Moved
    into_package_id: str
    fee: Charged | None
    fee_payer: FeePayer

    @property
    def fee_minor(self) -> int:
        """What it costs, with tax."""
        return self.fee.amount_minor if self.fee else 0

    @property
    def quote_hash(self) -> str:
        """Binds an act to this: other sessions, values, last days, bookings or another fee give another one."""
        lots = {lot.id: lot for lot in self.situation.lots}
        parts = [
            (each.lot_id, each.sessions, each.value_minor, each.tax_minor, lots[each.lot_id].last_day)
            for each in self.moved.gone
        ]
        bookings = [booked.id for booked in self.situation.carrying.bookings]
        asked, sold = self.situation.asked, self.situation.sold
        return rules.quote_hash(asked.package_id, asked.recipient_id, sold.holder_id, parts, bookings, self.fee_minor)

    def refuse_other(self, quote_hash: str | None) -> None:
        """Refuse when something else was quoted."""
        if quote_hash is not None and quote_hash != self.quote_hash:
            currency = self.situation.sold.currency
            value, fee = Money(self.moved.value_minor, currency), Money(self.fee_minor, currency)
            raise QuoteChanged(self.quote_hash, self.situation.sessions, value, fee)


def planned(situation: Situation, fee_payer: FeePayer) -> Handing:
    """What is going to happen; refuses what is not paid for."""
    asked, sold = situation.asked, situation.sold
    into_package_id = asked.into_package_id or new_id("pkg")
    payer_id = sold.holder_id if fee_payer is FeePayer.SENDER else asked.recipient_id
    fee = rules.fee(sold, payer_id, asked.branch_id or sold.home_branch_id, situation.sessions)
    return Handing(situation, moved(situation, into_package_id), into_package_id, fee, fee_payer)


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
        await packages.insert_packages([_opened(work, situation, handing.into_package_id)])
    today = local_date(work.now, situation.sold.home_time_zone)
    await post_together(
        [
            Posted(work, _leaving(handing, today), recorded(outcome, situation, situation.sold, reason)),
            Posted(other, _arriving(handing, today), recorded(outcome, situation, into, reason)),
        ]
    )
    await carrying.write_down(situation.carrying, handing.into_package_id, other.operation_id, reason)
    return outcome, other


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


def requested(work: Work, asked: Asked, sold: Sold, handing: Handing, reason: str) -> dict[str, Any]:
    """What is written down of a transfer as it was asked for, whether or not somebody has to approve it."""
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


def _opened(work: Work, situation: Situation, package_id: str) -> dict[str, object]:
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

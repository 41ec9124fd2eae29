"""The quote of what is about to be given back, and the hash that binds an act to it."""

from collections.abc import Iterator
from dataclasses import replace

from domain.bookings.carrying import Carrying
from domain.kernel.quotes import quote_hash
from domain.refunds import rules
from domain.refunds.errors import RefundQuoteChanged
from domain.refunds.quote import GivenBack, HeldBooking, RefundQuote
from domain.refunds.situation import Situation


def quoted(situation: Situation, version: int | None = None) -> RefundQuote:
    """The quote; its hash is of the version of the package that was read, or of another one that is to come.

    What is told of it besides, as who has to approve it, is no figure of it and leaves the hash alone.
    """
    sold, asked, quote = situation.sold, situation.asked, situation.quote
    told = RefundQuote(
        package_id=sold.id,
        quote_hash="",
        currency=sold.currency,
        sessions=quote.sessions,
        cooling_off=quote.cooling_off,
        reckonings=quote.reckonings,
        lots=tuple(_lots(situation)),
        refund_minor=quote.refund_minor,
        goodwill_minor=asked.goodwill_minor,
        fee_minor=quote.fee_minor,
        waived_minor=quote.waived_minor,
        cleared_minor=quote.cleared_minor,
        tax_minor=rules.agreed(situation.settling, quote, asked.goodwill_minor).tax_minor,
        parts=situation.parts,
        bookings=tuple(_bookings(situation.released, situation.kept)),
        cooling_off_until=situation.cooling_off_until,
        policy_version_id=situation.facts.version_id,
        policy_version=situation.facts.version,
    )
    bound = situation.version if version is None else version
    return replace(told, quote_hash=quote_hash(bound, (sold.holder_id, told)))


def refuse_other(situation: Situation, given: str | None) -> None:
    """Refuse when something else was quoted."""
    if given is not None and given != (quote := quoted(situation)).quote_hash:
        raise RefundQuoteChanged(quote)


def _lots(situation: Situation) -> Iterator[GivenBack]:
    lots = {lot.id: lot for lot in situation.lots}
    for lot_id, sessions in situation.given_back.items():
        yield GivenBack(lot_id, sessions, lots[lot_id].bonus)


def _bookings(released: Carrying, kept: Carrying) -> list[HeldBooking]:
    found = [
        HeldBooking(booked.id, booked.starts_at, sum((part.held or {})[booked.id].values()), part is released)
        for part in (released, kept)
        for booked in part.bookings
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.booking_id))

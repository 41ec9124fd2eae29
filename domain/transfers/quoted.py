"""The quote of what is planned: what would go and stay, what it is worth and costs, and how that comes about."""

from collections.abc import Iterator
from dataclasses import replace

from domain.kernel.money import to_decimal_string
from domain.kernel.quotes import DerivationStep, quote_hash
from domain.ledger.accounts import Charged
from domain.transfers import rules
from domain.transfers.moving import Moved
from domain.transfers.quote import QuotedLot, TransferQuote
from domain.transfers.situation import Situation


def quoted(situation: Situation, moved: Moved, fee: Charged | None) -> TransferQuote:
    """The quote; another state of the package, or another figure of it, gives another hash."""
    sold = situation.sold
    quote = TransferQuote(
        package_id=sold.id,
        recipient_id=situation.asked.recipient_id,
        quote_hash="",
        sessions=situation.sessions,
        stays=rules.staying(moved.leaving.after, situation.now),
        value_minor=moved.value_minor,
        fee_minor=fee.amount_minor if fee else 0,
        fee_tax_minor=fee.tax_minor if fee else 0,
        currency=sold.currency,
        needs_approval=sold.terms.who.transfer_needs_approval,
        lots=tuple(_lots(situation, moved)),
        booking_ids=tuple(booked.id for booked in situation.carrying.bookings),
        steps=tuple(_steps(situation, moved, fee)),
    )
    return replace(quote, quote_hash=quote_hash(situation.version, (sold.holder_id, quote)))


def _lots(situation: Situation, moved: Moved) -> Iterator[QuotedLot]:
    lots = {lot.id: lot for lot in situation.lots}
    for gone in moved.gone:
        lot = lots[gone.lot_id]
        yield QuotedLot(lot.id, gone.sessions, lot.bonus, gone.value_minor, gone.tax_minor, lot.last_day)


def _steps(situation: Situation, moved: Moved, fee: Charged | None) -> Iterator[DerivationStep]:
    """Of each lot its part of the value left, then their sum, then the fee."""
    lots, currency = {lot.id: lot for lot in situation.lots}, situation.sold.currency

    def money(minor: int) -> str:
        return to_decimal_string(minor, currency)

    for gone in moved.gone:
        lot, value = lots[gone.lot_id], gone.value_minor
        what = "Bonus sessions" if lot.bonus else "Paid sessions"
        exact = lot.value_left_minor * gone.sessions == value * lot.left
        told = f"{money(lot.value_left_minor)} × {gone.sessions} / {lot.left} {'=' if exact else '≈'} {money(value)}"  # noqa: RUF001
        yield DerivationStep(f"{what}, usable until {lot.last_day}", told, value, gone.sessions)
    values = [each.value_minor for each in moved.gone]
    if len(values) > 1:
        whole = f"{' + '.join(map(money, values))} = {money(sum(values))}"
        yield DerivationStep("Together", whole, sum(values), situation.sessions)
    if fee is not None:
        told = f"{money(fee.net_minor)} + {money(fee.tax_minor)} tax = {money(fee.amount_minor)}"
        yield DerivationStep("Fee by the terms", told, fee.amount_minor)

"""The quote of a transfer: what would go where, what it is worth and what it costs, and how that comes about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.kernel.access import Actor, Principal, refuse_outright
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound
from domain.kernel.money import to_decimal_string
from domain.packages import reading
from domain.transfers.asked import Asked, FeePayer
from domain.transfers.handing import Handing, planned
from domain.transfers.situation import judged


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One step of how a figure came about."""

    label: str
    formula: str
    amount_minor: int | None = None
    sessions: int | None = None


@dataclass(frozen=True, slots=True)
class QuotedLot:
    """Sessions that would leave a lot."""

    lot_id: str
    sessions: int
    bonus: bool
    value_minor: int
    tax_minor: int
    last_day: date


@dataclass(frozen=True, slots=True)
class TransferQuote:
    """What a transfer comes to as things stand; its hash binds the act to it."""

    package_id: str
    recipient_id: str
    quote_hash: str
    sessions: int
    stays: int
    value_minor: int
    fee_minor: int
    fee_tax_minor: int
    currency: str
    needs_approval: bool
    lots: tuple[QuotedLot, ...]
    booking_ids: tuple[str, ...]
    steps: tuple[DerivationStep, ...]


async def transfer_quote(actor: Actor, asked: Asked) -> TransferQuote:
    """What handing on would do now, or the refusal with which it would end; nothing is written."""
    refuse_outright(actor, "transfer_package")
    checks = Checks()
    asked.check(checks)
    checks.passed()
    # A key that hands sessions on is told what that comes to, whether or not it is also trusted with reading.
    if actor.kind is not Principal.INTEGRATION and not await reading.by_ids(actor, [asked.package_id]):
        raise NotFound("package", asked.package_id, "packageId")
    work = Work(actor, "transfer_package", None, None)
    handing = planned(await judged(work, asked, lock=False), FeePayer.SENDER)
    situation, sold = handing.situation, handing.situation.sold
    return TransferQuote(
        package_id=sold.id,
        recipient_id=asked.recipient_id,
        quote_hash=handing.quote_hash,
        sessions=situation.sessions,
        stays=sum(lot.left for lot in handing.moved.leaving.after),
        value_minor=handing.moved.value_minor,
        fee_minor=handing.fee_minor,
        fee_tax_minor=handing.fee.tax_minor if handing.fee else 0,
        currency=sold.currency,
        needs_approval=sold.terms.who.transfer_needs_approval,
        lots=tuple(_lots(handing)),
        booking_ids=tuple(booked.id for booked in situation.carrying.bookings),
        steps=tuple(_steps(handing)),
    )


def _lots(handing: Handing) -> Iterator[QuotedLot]:
    lots = {lot.id: lot for lot in handing.situation.lots}
    for gone in handing.moved.gone:
        lot = lots[gone.lot_id]
        yield QuotedLot(lot.id, gone.sessions, lot.bonus, gone.value_minor, gone.tax_minor, lot.last_day)


def _steps(handing: Handing) -> Iterator[DerivationStep]:
    """Of each lot its part of the value left, then their sum, then the fee."""
    lots, currency = {lot.id: lot for lot in handing.situation.lots}, handing.situation.sold.currency

    def money(minor: int) -> str:
        return to_decimal_string(minor, currency)

    for gone in handing.moved.gone:
        lot, value = lots[gone.lot_id], gone.value_minor
        what = "Bonus sessions" if lot.bonus else "Paid sessions"
        exact = lot.value_left_minor * gone.sessions == value * lot.left
        told = f"{money(lot.value_left_minor)} × {gone.sessions} / {lot.left} {'=' if exact else '≈'} {money(value)}"  # noqa: RUF001
        yield DerivationStep(f"{what}, usable until {lot.last_day}", told, value, gone.sessions)
    values = [each.value_minor for each in handing.moved.gone]
    if len(values) > 1:
        whole = f"{' + '.join(map(money, values))} = {money(sum(values))}"
        yield DerivationStep("Together", whole, sum(values), handing.situation.sessions)
    fee = handing.fee
    if fee is not None:
        told = f"{money(fee.net_minor)} + {money(fee.tax_minor)} tax = {money(fee.amount_minor)}"
        yield DerivationStep("Fee by the terms", told, fee.amount_minor)

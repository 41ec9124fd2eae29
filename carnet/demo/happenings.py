"""What customers of the demo lived through, in few words; told in the order in which it happened."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from inspect import isawaitable
from typing import Any

from carnet.demo.stage import Moment, Stage
from domain.bookings.book_session import BookSession
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.mark_no_show import MarkNoShow
from domain.bookings.rules import Start
from domain.customers.form_household import FormHousehold
from domain.customers.register_customer import RegisterCustomer
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.freeze_package import FreezePackage
from domain.kernel.commands import Done
from domain.kernel.errors import Refusal
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment


@dataclass(frozen=True, slots=True)
class Happening:
    """One act of the past: what it is called, when and by whom it was done, and the id that the name stands for.

    A command may have to be awaited. After a refusal for which it may wait, the next start tries again.
    """

    name: str
    moment: Moment
    by: str
    command: Callable[[Stage], Any]
    id: Callable[[Done[Any]], str]
    may_wait: tuple[type[Refusal], ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where customers are served, and by whom."""

    branch: str
    by: str
    practitioner: str


async def tell(stage: Stage, happenings: Iterable[Happening]) -> None:
    """Carry out everything, the longest ago first."""
    for each in sorted(happenings, key=lambda happening: stage.past.instant(happening.moment)):
        command = each.command(stage)
        if isawaitable(command):
            command = await command
        with suppress(*each.may_wait):
            done = await stage.act(each.name, each.by, each.moment, command)
            stage.know(each.name, each.id(done))


def registration(key: str, name: str, at: Desk, days_ago: int, **rest: Any) -> Happening:
    """Somebody becomes a customer."""
    first, _, last = name.partition(" ")
    return Happening(
        key,
        Moment(days_ago),
        at.by,
        lambda stage: RegisterCustomer(first, stage.id(at.branch), last, **rest),
        lambda done: str(done.outcome.customer_id),
    )


def household(name: str, at: Desk, days_ago: int, *customers: str) -> Happening:
    """Customers become a household."""
    return Happening(
        f"household {name}",
        Moment(days_ago, time(9, 30)),
        at.by,
        lambda stage: FormHousehold(name, tuple(stage.id(customer) for customer in customers)),
        lambda done: str(done.outcome.household_id),
    )


def sale(key: str, definition: str, customer: str, at: Desk, days_ago: int, *paid: Received) -> Happening:
    """A package is sold, with what is paid at once."""
    return Happening(
        key,
        Moment(days_ago, time(10)),
        at.by,
        lambda stage: SellPackage(stage.id(definition), stage.id(customer), stage.id(at.branch), paid),
        lambda done: str(done.outcome.package_id),
    )


def payment(package: str, at: Desk, days_ago: int, received: Received, currency: str) -> Happening:
    """An instalment comes in."""
    return Happening(
        f"{package}, payment {days_ago}",
        Moment(days_ago, time(10, 30)),
        at.by,
        lambda stage: RecordPayment(
            stage.id(package), stage.id(at.branch), received.method, received.amount_minor, currency
        ),
        lambda done: done.operation_id,
    )


def visit(package: str, service: str, at: Desk, days_ago: int, customer: str | None = None) -> Happening:
    """A session of the package is used, by its holder unless another customer came."""
    return Happening(
        f"{package}, visit {days_ago}",
        Moment(days_ago, time(11)),
        at.by,
        lambda stage: RedeemSession(
            stage.id(service),
            stage.id(at.branch),
            stage.id(package),
            stage.id(customer) if customer else None,
            practitioner_id=stage.id(at.practitioner),
        ),
        lambda done: done.operation_id,
    )


def visits(package: str, service: str, at: Desk, *days_ago: int) -> list[Happening]:
    """The holder comes on each of these days."""
    return [visit(package, service, at, days) for days in days_ago]


def reversal(of: Happening, at: Desk, fault: Fault, reason: str) -> Happening:
    """A visit was written down by mistake, and is taken back an hour later."""
    return Happening(
        f"{of.name}, reversed",
        Moment(of.moment.days_ago, time(12)),
        at.by,
        lambda stage: ReverseRedemption(stage.id(of.name), fault, reason),
        lambda done: done.operation_id,
    )


def goodwill(package: str, by: str, days_ago: int, reason: str) -> Happening:
    """The manager gives a session away."""
    return Happening(
        f"{package}, goodwill {days_ago}",
        Moment(days_ago, time(16)),
        by,
        lambda stage: GrantGoodwill(stage.id(package), 1, reason),
        lambda done: done.operation_id,
    )


def booking(
    key: str,
    package: str,
    service: str,
    customer: str,
    at: Desk,
    days_ago: int,
    in_days: int,
    hour: int,
    times: int = 1,
) -> Happening:
    """A visit is booked for a day from today, at this hour of the branch; or every week so many times."""
    return Happening(
        key,
        Moment(days_ago, time(15)),
        at.by,
        lambda stage: BookSession(
            stage.id(service),
            stage.id(at.branch),
            stage.id(customer),
            (Start(local=stage.past.local(in_days, time(hour))),),
            every_days=7 if times > 1 else None,
            times=times,
            package_id=stage.id(package),
            practitioner_id=stage.id(at.practitioner),
        ),
        lambda done: str(done.outcome.bookings[0].booking_id),
    )


def completed(booked: str, at: Desk, days_ago: int, hour: int) -> Happening:
    """The visit took place."""
    return Happening(
        f"{booked}, completed",
        Moment(days_ago, time(hour, 55)),
        at.by,
        lambda stage: CompleteBooking(stage.id(booked)),
        lambda done: done.operation_id,
    )


def missed(booked: str, at: Desk, days_ago: int, hour: int) -> Happening:
    """Nobody came."""
    return Happening(
        f"{booked}, missed",
        Moment(days_ago, time(hour, 55)),
        at.by,
        lambda stage: MarkNoShow(stage.id(booked)),
        lambda done: done.operation_id,
    )


def cancelled(booked: str, at: Desk, days_ago: int, reason: str) -> Happening:
    """The customer called the visit off."""
    return Happening(
        f"{booked}, cancelled",
        Moment(days_ago, time(16)),
        at.by,
        lambda stage: CancelBooking(stage.id(booked), reason),
        lambda done: done.operation_id,
    )


def freeze(package: str, by: str, days_ago: int, thaws_in: int, reason: str) -> Happening:
    """The package is frozen from that day on until a day from today."""
    return Happening(
        f"{package}, frozen",
        Moment(days_ago, time(11)),
        by,
        lambda stage: FreezePackage(stage.id(package), reason, thaws_on=stage.past.day(thaws_in)),
        lambda done: done.operation_id,
    )


def extension(package: str, by: str, days_ago: int, in_days: int, reason: str) -> Happening:
    """The last day becomes a day from today."""
    return Happening(
        f"{package}, extended",
        Moment(days_ago, time(11, 30)),
        by,
        lambda stage: ExtendPackage(stage.id(package), reason, stage.past.day(in_days)),
        lambda done: done.operation_id,
    )


def cash(amount_minor: int) -> Received:
    """Paid in notes and coins."""
    return Received(PaymentMethod.CASH, amount_minor)


def card(amount_minor: int) -> Received:
    """Paid by card at the desk."""
    return Received(PaymentMethod.CARD, amount_minor)


def online(amount_minor: int) -> Received:
    """Paid by a link."""
    return Received(PaymentMethod.ONLINE_LINK, amount_minor)


def transfer(amount_minor: int) -> Received:
    """Paid from bank to bank."""
    return Received(PaymentMethod.BANK_TRANSFER, amount_minor)

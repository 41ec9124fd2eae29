"""What became of money in the demo: plans, payments above the price or by mistake, void sales, disputes, the books."""

from datetime import time, timedelta
from typing import Any

from carnet.demo.happenings import Desk, Happening
from carnet.demo.stage import Moment, Past, Stage
from domain.accounting.close_period import ClosePeriod
from domain.accounting.errors import PeriodUnfinished
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.catalog.set_delivery_cost import SetDeliveryCost
from domain.kernel.commands import Done
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.rules import Planned
from domain.packages.sell_package import SellPackage
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.reading import payments_for
from domain.payments.record_payment import RecordPayment
from domain.payments.record_payout import RecordPayout
from domain.payments.reverse_payment import ReversePayment
from domain.payments.void_sale import VoidSale

CURRENCY = "EUR"


def credit(amount_minor: int) -> Received:
    """Paid from what the chain keeps for the customer."""
    return Received(PaymentMethod.CUSTOMER_CREDIT, amount_minor)


def sale_by_instalments(
    key: str, definition: str, customer: str, at: Desk, days_ago: int, deposit: Received, *due: tuple[int, int]
) -> Happening:
    """A package is sold for a deposit; so much of the rest is due in so many days from today, or was so long ago."""

    def command(stage: Stage) -> SellPackage:
        plan = tuple(Planned(stage.past.day(in_days), amount, CURRENCY) for in_days, amount in due)
        return SellPackage(stage.id(definition), stage.id(customer), stage.id(at.branch), (deposit,), instalments=plan)

    return Happening(key, Moment(days_ago, time(10)), at.by, command, lambda done: str(done.outcome.package_id))


def payment_in_excess(package: str, at: Desk, days_ago: int, received: Received) -> Happening:
    """More than is owed comes in; the rest is kept as credit."""
    return _operation(
        f"{package}, payment {days_ago}",
        Moment(days_ago, time(10, 30)),
        at.by,
        lambda stage: RecordPayment(
            stage.id(package), stage.id(at.branch), received.method, received.amount_minor, CURRENCY, keep_excess=True
        ),
    )


def payment_reversal(of: Happening, package: str, at: Desk, reason: str) -> Happening:
    """A payment was written down by mistake, and is taken back half an hour later."""

    async def command(stage: Stage) -> ReversePayment:
        found = await payments_for([stage.id(package)])
        paid = next(each for each in found[stage.id(package)] if each.operation_id == stage.id(of.name))
        return ReversePayment(paid.id, reason)

    return _operation(f"{of.name}, reversed", Moment(of.moment.days_ago, time(11)), at.by, command)


def void(package: str, at: Desk, days_ago: int, reason: str) -> Happening:
    """The sale was a mistake, and somebody noticed on the same day."""
    name, moment = f"{package}, void", Moment(days_ago, time(10, 45))
    return _operation(name, moment, at.by, lambda stage: VoidSale(stage.id(package), reason))


def dispute(package: str, by: str, days_ago: int, amount_minor: int, fee_minor: int, reason: str) -> Happening:
    """The customer's bank takes the money back until it is clear who is right."""
    return _operation(
        f"{package}, disputed",
        Moment(days_ago, time(14)),
        by,
        lambda stage: OpenDispute(stage.id(package), amount_minor, CURRENCY, reason, fee_minor, CURRENCY),
    )


def lost_dispute(package: str, by: str, days_ago: int, reason: str) -> Happening:
    """The bank decides for the customer."""
    name, moment = f"{package}, dispute lost", Moment(days_ago, time(14))
    return _operation(name, moment, by, lambda stage: LoseDispute(stage.id(package), reason))


def payout(branch: str, by: str, days_ago: int, gross_minor: int, fee_minor: int) -> Happening:
    """The provider pays out what it collected, less its fee."""
    return _operation(
        f"payout {branch} {days_ago}",
        Moment(days_ago, time(17)),
        by,
        lambda stage: RecordPayout(stage.id(branch), gross_minor, CURRENCY, fee_minor, CURRENCY),
    )


def delivery_cost(service: str, branch: str, by: str, days_ago: int, cost_minor: int) -> Happening:
    """From that day on a session costs the branch another amount."""
    return _operation(
        f"cost {service} {branch} {days_ago}",
        Moment(days_ago, time(8)),
        by,
        lambda stage: SetDeliveryCost(
            stage.id(service), stage.id(branch), cost_minor, CURRENCY, stage.past.day(-days_ago)
        ),
    )


def estimate(definition: str, by: str, days_ago: int, rate_bp: int, reason: str) -> Happening:
    """So many of ten thousand sessions of the definition are expected never to be used."""
    name, moment = f"estimate {definition}", Moment(days_ago, time(17))
    return _operation(name, moment, by, lambda stage: EstimateBreakage(stage.id(definition), rate_bp, reason))


def closing(by: str, past: Past, reason: str) -> Happening:
    """The books of the quarter before last are closed twelve days after its end.

    In a home that stood still for long, lapses of that time are posted by the worker first; the next start closes.
    """
    last_day = past.quarter_before_last()
    days_ago = (past.today - last_day - timedelta(days=12)).days
    moment = Moment(days_ago, time(18))
    return _operation("books closed", moment, by, lambda _: ClosePeriod(last_day, reason), (PeriodUnfinished,))


def _operation(name: str, moment: Moment, by: str, command: Any, may_wait: Any = ()) -> Happening:
    return Happening(name, moment, by, command, _operation_id, may_wait)


def _operation_id(done: Done[Any]) -> str:
    return done.operation_id

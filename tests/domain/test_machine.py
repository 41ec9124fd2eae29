"""Whatever is done in whatever order, both ledgers agree with a clerk's exercise book after every act."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.catalog.terms import Item, Price, TaxPoint
from domain.kernel import db
from domain.kernel.calendar import end_of_day, local_date
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import (
    AlreadyReversed,
    NotEnoughSessions,
    PackageExpired,
    PaymentExceedsOutstanding,
)
from domain.packages.explanation import explain
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on
from tests.fixtures.plain import PlainLot, PlainPackage, PlainUse, give_back, use

T = TypeVar("T")

_SEARCH = settings(
    max_examples=60,
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_ZONE = "Europe/Lisbon"


class Desk:
    """An open database with a chain, its definitions, and an event loop that lasts."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self._runner = runner
        self.wait(db.connect(url))
        with on(MONDAY):
            self.house: Harbour = self.wait(harbour(url))
            uneven = terms(Item((self.house.massage,), 7), price_minor=10000, days=60)
            price = Price(10000, "EUR", tax_rate_bp=2300, tax_point=TaxPoint.AT_REDEMPTION)
            self.uneven = self.wait(published(self.house.owner, "UNEVEN", replace(uneven, price=price)))

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of asynchronous work."""
        return self._runner.run(work)


@contextmanager
def opened(url: str) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        try:
            yield Desk(url, runner)
        finally:
            runner.run(db.disconnect())


class Histories(RuleBasedStateMachine):
    """Random histories of packages of massages, all on one chain."""

    packages = Bundle("packages")
    uses = Bundle("uses")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.house, self.now = desk, desk.house, MONDAY
        self.known: list[PlainPackage] = []

    def act(self, command: Any) -> Any:
        """The operation, or the refusal, of an act that is done now."""
        with on(self.now):
            return self.desk.wait(self._act(command))

    async def _act(self, command: Any) -> Any:
        try:
            return await run_command(self.house.owner, command)
        except (NotEnoughSessions, PackageExpired, AlreadyReversed, PaymentExceedsOutstanding) as refusal:
            return refusal

    @precondition(lambda self: len(self.known) < 2)
    @rule(target=packages, uneven=st.booleans(), paid=st.integers(0, 10000))
    def sell(self, uneven: bool, paid: int) -> PlainPackage:
        definition = self.desk.uneven if uneven else self.house.buy_3_free_1
        done = self.act(SellPackage(definition, self.house.ana, self.house.lis, cash(paid) if paid else ()))
        lapse = self._end_after(60 if uneven else 127)
        if uneven:
            lots = [PlainLot(7, 10000, 1870, False, lapse)]
        else:
            lots = [PlainLot(3, 13500, 0, False, lapse), PlainLot(1, 4500, 0, True, lapse)]
        package = PlainPackage(done.outcome.package_id, 10000 if uneven else 18000, paid, lots)
        self.known.append(package)
        return package

    def _end_after(self, days: int) -> datetime:
        return end_of_day(local_date(self.now, _ZONE) + timedelta(days=days), _ZONE)

    @rule(package=packages, amount=st.integers(1, 9000), at_home=st.booleans())
    def pay(self, package: PlainPackage, amount: int, at_home: bool) -> None:
        branch = self.house.lis if at_home else self.house.mad
        done = self.act(RecordPayment(package.id, branch, PaymentMethod.CARD, amount, "EUR"))
        if package.paid + amount > package.price:
            assert isinstance(done, PaymentExceedsOutstanding)
        else:
            package.paid += amount
            assert done.outcome.outstanding_minor == package.price - package.paid

    @rule(target=uses, package=packages, sessions=st.integers(1, 4), at_home=st.booleans())
    def redeem(self, package: PlainPackage, sessions: int, at_home: bool) -> Any:
        branch = self.house.lis if at_home else self.house.mad
        done = self.act(RedeemSession(self.house.massage, branch, package.id, sessions=sessions))
        if package.remaining(self.now) < sessions:
            assert isinstance(done, NotEnoughSessions | PackageExpired)
            return multiple()
        taken = use(package, done.operation_id, sessions, self.now)
        assert [(lot.sessions, lot.value_minor) for lot in done.outcome.lots] == [(n, v) for _, n, v, _ in taken.taken]
        assert done.outcome.remaining == package.remaining(self.now)
        return taken

    @rule(done=uses, fault=st.sampled_from(Fault))
    def reverse(self, done: PlainUse, fault: Fault) -> None:
        answer = self.act(ReverseRedemption(done.id, fault, "a mistake"))
        if done.reversed:
            assert isinstance(answer, AlreadyReversed)
            return
        give_back(done, fault is Fault.BUSINESS, self.now, self._end_after(30))
        assert answer.outcome.remaining == done.package.remaining(self.now)

    @rule(package=packages, sessions=st.integers(1, 2))
    def grant(self, package: PlainPackage, sessions: int) -> None:
        self.act(GrantGoodwill(package.id, sessions, "sorry"))
        package.lots.append(PlainLot(sessions, 0, 0, True, self._end_after(30)))

    @rule(hours=st.sampled_from([1, 24 * 29, 24 * 61, 24 * 61]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def agrees_with_the_book(self) -> None:
        with on(self.now):
            for package in self.known:
                self.desk.wait(_compare(self.house, package))

    def teardown(self) -> None:
        assert self.desk.wait(audit_ledgers(self.house.chain_id)) == []


async def _compare(house: Harbour, package: PlainPackage) -> None:
    lots = await rows(
        """SELECT issued, available, consumed, moved, held, expired, refunded, value_left_minor, tax_left_minor FROM lot
        WHERE package_id = $1 ORDER BY id""",
        package.id,
    )
    assert [tuple(lot.values()) for lot in lots] == [
        (lot.left + lot.used + lot.moved, lot.left, lot.used, lot.moved, 0, 0, 0, lot.value, lot.tax)
        for lot in package.lots
    ]
    await _compare_journal(package)
    explanation = await explain(house.owner, package.id)
    assert explanation is not None and explanation.balance == explanation.steps[-1].after
    assert explanation.balance.available == sum(lot.left for lot in package.lots)
    assert explanation.balance.value_left_minor == sum(lot.value for lot in package.lots)
    assert explanation.balance.outstanding_minor == package.price - package.paid


async def _compare_journal(package: PlainPackage) -> None:
    found = await rows(
        """SELECT account, SUM(debit_minor - credit_minor) AS net FROM journal_line
        WHERE package_id = $1 GROUP BY account""",
        package.id,
    )
    net = {row["account"]: int(row["net"]) for row in found}
    assert sum(net.values()) == 0
    assert net["DEFERRED_REVENUE"] == -sum(lot.value for lot in package.lots)
    assert net["RECEIVABLE"] == package.price - package.paid
    assert net.get("DUE_FROM_BRANCH", 0) == -net.get("DUE_TO_BRANCH", 0)


def test_histories(database_url: str) -> None:
    with opened(database_url) as desk:

        class OnThisDesk(Histories):
            def __init__(self) -> None:
                super().__init__(desk)

        run_state_machine_as_test(OnThisDesk, settings=_SEARCH)

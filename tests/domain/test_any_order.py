"""What does not depend on each other may be done in any order: the books come to the same, to the unit and branch."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalog.terms import Item, Price, TaxPoint, Terms, Validity
from domain.kernel import db
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.win_dispute import WinDispute
from tests.fixtures.chain import Harbour, customer, harbour, published
from tests.fixtures.closing import assert_reports_close
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.invariants import assert_books_hold

Step = tuple[str, Any]
Net = Counter[tuple[int, str, str]]

THREADS: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (0, (("pay", (PaymentMethod.CASH, 3001, True)),)),
    (0, (("pay", (PaymentMethod.CARD, 2999, False)),)),
    (0, (("pay", (PaymentMethod.ONLINE_LINK, 1000, True)),)),
    (0, (("use", (3, True)), ("use", (1, False)), ("undo", 0), ("use", (2, True)))),
    (1, (("pay", (PaymentMethod.ONLINE_LINK, 9999, True)), ("dispute", 5000), ("win", None))),
    (1, (("grant", 1),)),
    (2, (("use", (1, True)), ("undo", 0), ("use", (2, False)))),
    (2, (("pay", (PaymentMethod.BANK_TRANSFER, 10000, False)),)),
    (2, (("pay", (PaymentMethod.CASH, 7, True)),)),
)
"""What happens to which of three packages; the steps of one thread follow each other."""

ORDER = [number for number, (_, steps) in enumerate(THREADS) for _ in steps]
KINDS = (
    Price(10000, "EUR", 2300, tax_point=TaxPoint.AT_REDEMPTION),
    Price(9999, "EUR", 600),
    Price(31999, "EUR", 1900, tax_included=False),
)


class Books:
    """A chain with three packages for each order that is tried, and what the first order came to."""

    def __init__(self, house: Harbour, definitions: Sequence[str]) -> None:
        self.house, self.definitions = house, definitions

    async def net(self, order: Sequence[int]) -> Net:
        """What stands where after the threads were taken up in this order."""
        with on(MONDAY):
            ana = await customer(self.house.owner, "Ana", "Nova", self.house.lis)
            packages = [await sold(self.house, each, customer_id=ana) for each in self.definitions]
            going = [iter(steps) for _, steps in THREADS]
            uses: dict[int, list[str]] = {number: [] for number in range(len(packages))}
            for thread in order:
                number = THREADS[thread][0]
                await self._take(packages[number], uses[number], *next(going[thread]))
        await assert_books_hold(packages)
        return await _net(packages)

    async def _take(self, package: str, uses: list[str], what: str, how: Any) -> None:
        done = await run_command(self.house.owner, self._command(package, uses, what, how))
        if what == "use":
            uses.append(done.operation_id)

    def _command(self, package: str, uses: list[str], what: str, how: Any) -> Any:
        house = self.house
        if what == "pay":
            method, amount, at_home = how
            return RecordPayment(package, house.lis if at_home else house.mad, method, amount, "EUR")
        if what == "use":
            sessions, at_home = how
            return RedeemSession(house.physio, house.lis if at_home else house.mad, package, sessions=sessions)
        if what == "undo":
            return ReverseRedemption(uses[how], Fault.CUSTOMER, "typed twice")
        if what == "dispute":
            return OpenDispute(package, how, "EUR", "not recognised", fee_minor=700)
        return GrantGoodwill(package, how, "sorry") if what == "grant" else WinDispute(package, "signature shown")


async def _net(packages: Sequence[str]) -> Net:
    found = await rows(
        """SELECT package_id, account, branch_id, debit_minor - credit_minor AS amount FROM journal_line
        WHERE package_id = ANY($1)""",
        packages,
    )
    net: Net = Counter()
    for row in found:
        net[packages.index(row["package_id"]), row["account"], row["branch_id"]] += row["amount"]
    return net


async def opened_books() -> Books:
    """Harbour with a definition of each price: 7, 5 and 9 sessions, so that no price divides."""
    with on(MONDAY):
        house = await harbour("")
        sessions = zip(KINDS, (7, 5, 9), strict=True)
        terms = [Terms((Item((house.physio,), count),), price, Validity(days=90)) for price, count in sessions]
        return Books(house, [await published(house.owner, f"KIND{n}", each) for n, each in enumerate(terms)])


@pytest.fixture
def books(database_url: str) -> Iterator[tuple[asyncio.Runner, Books, Net]]:
    with asyncio.Runner() as runner:
        runner.run(db.connect(database_url))
        made = runner.run(opened_books())
        yield runner, made, runner.run(made.net(ORDER))
        assert runner.run(audit_ledgers(made.house.chain_id)) == []
        runner.run(assert_reports_close(made.house.owner, [MONDAY.date()]))
        runner.run(db.disconnect())


@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(ORDER))
def test_the_order_of_what_does_not_depend_on_each_other_does_not_matter(
    books: tuple[asyncio.Runner, Books, Net], order: list[int]
) -> None:
    runner, made, expected = books
    assert runner.run(made.net(order)) == expected

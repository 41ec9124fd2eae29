"""The cash view and the accrual view come to the same, term by term, and so does the trial balance."""

from dataclasses import dataclass
from datetime import date

import pytest

from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden
from domain.ledger.accounts import Account, Event, PaymentMethod, Received
from domain.ledger.seal import seal_operations
from domain.ledger.total import total_journal
from domain.payments.open_dispute import OpenDispute
from domain.reports.figures import Lines, span
from domain.reports.reconciliation import ACCRUAL, CASH, Reconciliation, reconciliation
from domain.reports.trial_balance import trial_balance
from tests.fixtures.desk import on, sold
from tests.fixtures.figure_rows import added_up
from tests.fixtures.two_winters import day, two_winters

pytestmark = pytest.mark.anyio

DECEMBER = span(date(2025, 12, 1), date(2025, 12, 31))
JANUARY = span(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = span(date(2026, 2, 1), date(2026, 2, 28))
MARCH = span(date(2026, 3, 1), date(2026, 3, 31))


def told(found: Reconciliation) -> dict[str, int]:
    """The terms that are not zero, with the signs that they have in the equation."""
    assert found.difference.value == 0
    return {term.kind.lower(): term.sign * term.figure.value for term in found.terms if term.figure.value}


async def assert_open(actor: Actor, found: Reconciliation) -> None:
    """Every figure is the sum of its rows."""
    for figure in (*(term.figure for term in found.terms), found.cash, found.accrual, found.difference):
        assert await added_up(actor, figure) == figure.value, figure.label


async def test_what_was_collected_is_what_it_became(db: str) -> None:
    there = await two_winters(db)
    accountant = there.house.accountant
    december = await reconciliation(accountant, DECEMBER)
    assert told(december) == {
        "collected": 20000, "recognised": 7800, "deferred_revenue": 37200, "receivable": -25000,
    }  # fmt: skip
    assert december.accrual.formula == "78.00 + 372.00 - 250.00 = 200.00"
    assert december.difference.formula == "200.00 - 200.00 = 0.00"
    assert told(await reconciliation(accountant, JANUARY)) == {
        "recognised": 9000, "deferred_revenue": 22990, "receivable": -31990,
    }  # fmt: skip
    assert told(await reconciliation(accountant, FEBRUARY)) == {
        "recognised": 9000, "breakage": 6600, "deferred_revenue": -15600,
    }  # fmt: skip
    for each in (DECEMBER, JANUARY, FEBRUARY, MARCH):
        await assert_open(accountant, await reconciliation(accountant, each))


async def test_branches_reconcile_by_themselves(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    madrid = await reconciliation(house.owner, JANUARY, house.mad)
    assert told(madrid) == {
        "recognised": 4500, "deferred_revenue": 31990, "receivable": -31990, "between_branches": -4500,
    }  # fmt: skip
    lisbon = await reconciliation(house.manager_lis, JANUARY)
    assert told(lisbon) == {"recognised": 4500, "deferred_revenue": -9000, "between_branches": 4500}
    await assert_open(house.manager_lis, lisbon)


async def test_what_providers_keep_back_is_a_term_of_its_own(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    with on(day(2026, 3, 20)):
        paid = (Received(PaymentMethod.ONLINE_LINK, 18000),)
        package_id = await sold(house, house.buy_3_free_1, payments=paid)
        await run_command(house.owner, OpenDispute(package_id, 18000, "EUR", "stolen card"))
    found = await reconciliation(house.owner, span(date(2026, 3, 20), date(2026, 3, 20)))
    assert told(found) == {"collected": 18000, "deferred_revenue": 18000, "disputes": -18000, "providers": 18000}
    assert found.accrual.formula == "180.00 - 180.00 - (-180.00) = 180.00"
    await assert_open(house.owner, found)


def test_every_account_stands_in_one_term_by_every_event() -> None:
    placed = [
        (account, event)
        for _, kind in (*CASH.values(), *ACCRUAL.values())
        for account in kind.accounts
        for event in kind.events or tuple(Event)
    ]
    assert len(placed) == len(set(placed))
    assert set(placed) == {(account, event) for account in Account for event in Event}


@dataclass(frozen=True, slots=True)
class Balance:
    """A row of the trial balance without its figure."""

    branch_id: str
    account: Account
    debit: int
    credit: int


async def balances(actor: Actor, *asked: object) -> list[Balance]:
    """The trial balance, each balance the sum of its rows."""
    found = await trial_balance(actor, *asked)  # type: ignore[arg-type]
    for row in found.rows:
        assert row.balance.value == row.debit_minor - row.credit_minor == await added_up(actor, row.balance)
    return [Balance(row.branch_id, row.account, row.debit_minor, row.credit_minor) for row in found.rows]


async def test_the_trial_balance_up_to_a_day_as_it_was_known(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    expected = [
        Balance(house.lis, Account.CASH, 29900, 0),
        Balance(house.lis, Account.DEFERRED_REVENUE, 7800, 54900),
        Balance(house.lis, Account.RECEIVABLE, 54900, 29900),
        Balance(house.lis, Account.REVENUE, 0, 7800),
    ]
    assert await balances(house.accountant, date(2025, 12, 31)) == expected
    await seal_operations()
    await total_journal()
    assert await balances(house.accountant, date(2025, 12, 31)) == expected
    assert await balances(house.accountant, None, None, day(2025, 12, 31)) == expected
    madrid = await balances(house.accountant, date(2026, 1, 31), house.mad)
    assert madrid == await balances(house.manager_mad, date(2026, 1, 31)) == [
        Balance(house.mad, Account.DEFERRED_REVENUE, 0, 31990),
        Balance(house.mad, Account.DUE_FROM_BRANCH, 4500, 0),
        Balance(house.mad, Account.RECEIVABLE, 31990, 0),
        Balance(house.mad, Account.REVENUE, 0, 4500),
    ]  # fmt: skip
    everything = await balances(house.accountant)
    assert sum(row.debit for row in everything) == sum(row.credit for row in everything) > 0


async def test_a_balance_says_how_it_came_about(db: str) -> None:
    there = await two_winters(db)
    cash, *_ = (await trial_balance(there.house.owner, date(2025, 12, 31))).rows
    assert cash.balance.formula == "299.00 debited - 0.00 credited = 299.00"
    assert isinstance(cash.balance.source, Lines)


async def test_only_for_readers_of_the_books(db: str) -> None:
    there = await two_winters(db)
    for actor in (there.house.desk_lis, there.house.practitioner_lis):
        with pytest.raises(Forbidden):
            await reconciliation(actor, MARCH)
        with pytest.raises(Forbidden):
            await trial_balance(actor)

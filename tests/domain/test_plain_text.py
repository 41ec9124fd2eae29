"""The journal of a chain as plain text: all of it, some days of it, and only the books that one may read."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.accounting.plain_text import reading
from domain.accounting.plain_text.journal import hledger_journal
from domain.accounting.plain_text.view import PostedEntry
from domain.branches.open_branch import OpenBranch
from domain.kernel.access import Actor, system
from domain.kernel.calendar import Days
from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.kernel.errors import Forbidden
from domain.ledger.accounts import Event
from domain.ledger.store import insert_entries
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold
from tests.fixtures.hledger import hledger_check_text
from tests.fixtures.ledgers import traded, traded_with_two_taxes
from tests.fixtures.plain_text import asserted, bean_check, beancount_text

pytestmark = pytest.mark.anyio

DUE = {"Assets:DueFromBranch:MAD:LIS": "45.00", "Liabilities:DueToBranch:LIS:MAD": "-45.00"}
BALANCES = {
    "Assets:Cash:LIS": "200.00",
    "Assets:Receivable:LIS": "250.00",
    "Income:Revenue:LIS": "-45.00",
    "Income:Revenue:MAD": "-45.00",
    "Liabilities:DeferredRevenue:LIS": "-360.00",
} | DUE


async def read(actor: Actor, days: Days, chunk: int) -> list[list[PostedEntry]]:
    return [found async for found in reading.entries(actor, days, chunk)]


async def two_months(db: str) -> Harbour:
    """What `traded` posts on 2 March, and another package sold and paid on 10 April."""
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    with on(MONDAY + timedelta(days=39)):
        await sold(house, house.ten, payments=cash(45000))
    return house


async def test_the_journal_comes_to_the_balances_of_the_books(db: str, tmp_path: Path) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    text = await beancount_text(house.accountant)
    assert text.count("2026-03-02 * ") == 6
    assert text.count("2026-03-03 balance ") == len(BALANCES)
    assert asserted(text) == BALANCES
    assert bean_check(text, tmp_path) == ""


async def test_the_same_journal_is_written_for_hledger(db: str, tmp_path: Path) -> None:
    house = await two_months(db)
    for days, transactions in ((Days(), 8 + 2), (Days(date(2026, 4, 1)), 3 + 2)):
        text = "".join([piece async for piece in hledger_journal(house.accountant, days)])
        assert text.count(" * ") == transactions
        assert hledger_check_text(text, tmp_path) == ""
        assert "    Assets:Cash:LIS  0.00 EUR = 200.00 EUR\n" in text


async def test_tax_is_told_with_its_code_and_rate(db: str, tmp_path: Path) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded_with_two_taxes(house)
    text = await beancount_text(house.accountant)
    assert '  Liabilities:TaxPayable:LIS  -75.00 EUR\n    tax-code: "STANDARD"\n    tax-rate: "20.00"\n' in text
    assert '  Liabilities:TaxPayable:MAD  -40.91 EUR\n    tax-code: "REDUCED"\n    tax-rate: "10.00"\n' in text
    assert "  Assets:Receivable:LIS  450.00 EUR\n  Liabilities" in text
    assert (text.count("tax-code: "), text.count("tax-rate: ")) == (6, 6)
    assert bean_check(text, tmp_path) == ""


async def test_a_journal_of_some_days_begins_with_the_balances_before_them(db: str, tmp_path: Path) -> None:
    house = await two_months(db)
    everything = await beancount_text(house.owner)
    march = await beancount_text(house.owner, Days(last=date(2026, 3, 31)))
    april = await beancount_text(house.owner, Days(date(2026, 4, 1), date(2026, 4, 30)))
    assert [asserted(march), asserted(april)] == [BALANCES, asserted(everything)]
    assert (everything.count(" * "), march.count(" * "), april.count(" * ")) == (8, 6, 3)
    assert '2026-03-31 * "Balances brought forward"\n  Assets:Cash:LIS  200.00 EUR\n' in april
    assert [bean_check(text, tmp_path) for text in (everything, march, april)] == ["", "", ""]


async def test_before_the_first_day_there_is_nothing_to_bring_forward(db: str, tmp_path: Path) -> None:
    house = await two_months(db)
    everything = await beancount_text(house.owner)
    assert await beancount_text(house.owner, Days(date.min)) == everything
    assert await beancount_text(house.owner, Days(date(2026, 3, 2))) == everything
    nothing = await beancount_text(house.owner, Days(last=date(2026, 3, 1)))
    assert everything.startswith(nothing)
    assert bean_check(nothing, tmp_path) == ""


@pytest.mark.parametrize("chunk", [1, 3, 8, 1000])
async def test_every_entry_is_read_once_in_the_order_of_its_day(db: str, chunk: int) -> None:
    house = await two_months(db)
    found = await read(house.owner, Days(), chunk)
    entries = [entry for each in found for entry in each]
    assert entries == sorted(entries, key=lambda entry: (entry.posted_on, entry.id))
    assert len({entry.id for entry in entries}) == len(entries) == 8
    assert all(len(each) == chunk for each in found[:-1])
    assert [entry.event for entry in entries[-2:]] == [Event.SALE, Event.PAYMENT]


async def test_a_chunk_takes_three_statements_whatever_it_holds(db: str) -> None:
    house = await two_months(db)
    with counting() as statements:
        await read(house.owner, Days(), 4)
    assert len(statements) == 3 + 3 + 1  # the last finds nothing


async def test_the_manager_of_a_branch_is_handed_its_books_alone(db: str, tmp_path: Path) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    text = await beancount_text(house.manager_mad)
    assert asserted(text) == {"Assets:DueFromBranch:MAD:LIS": "45.00", "Income:Revenue:MAD": "-45.00"}
    assert text.count(" * ") == 1
    assert bean_check(text, tmp_path) == ""
    later = await beancount_text(house.manager_mad, Days(date(2026, 4, 1)))
    assert later.count(" * ") == 1
    assert asserted(later) == asserted(text)


async def test_nobody_else_is_handed_anything(db: str) -> None:
    house = await harbour(db)
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden, match="You may not read journal entries here"):
            await beancount_text(actor)


async def test_another_chain_has_a_journal_of_its_own(db: str) -> None:
    house = await two_months(db)
    theirs = await beancount_text(house.other_owner)
    assert theirs.startswith('option "title" "Thames Clinics"\noption "operating_currency" "GBP"\n')
    assert " * " not in theirs


async def test_what_took_effect_is_dated_by_the_clock_of_the_home_branch(db: str, tmp_path: Path) -> None:
    """Half past midnight in Lisbon is still the day before on the Azores, whose package it is."""
    with on(MONDAY):
        house = await harbour(db)
        sale = await run_command(house.owner, SellPackage(house.ten, house.ana, house.pdl))
    entry = {
        "id": "jrn_late",
        "chain_id": house.chain_id,
        "operation_id": sale.operation_id,
        "event": Event.REVERSAL.value,
        "posted_on": date(2026, 4, 1),
        "effective_at": datetime(2026, 3, 5, 0, 30, tzinfo=UTC),
        "currency": "EUR",
    }
    sides = [("DEFERRED_REVENUE", 100, 0), ("REVENUE", 0, 100)]
    names = ("account", "debit_minor", "credit_minor")
    lines = [dict(zip(names, side, strict=True)) | {"entry_id": "jrn_late", "branch_id": house.pdl} for side in sides]
    await insert_entries([entry], lines)
    text = await beancount_text(house.owner)
    assert '2026-04-01 * "Redemption reversed"\n  entry: "jrn_late"\n' in text
    assert text.count("  effective: ") == text.count("  effective: 2026-03-04\n") == 1
    assert bean_check(text, tmp_path) == ""


async def test_a_branch_whose_code_begins_with_a_hyphen_has_accounts_too(db: str, tmp_path: Path) -> None:
    with on(MONDAY):
        house = await harbour(db)
        opened = await run_command(system(house.chain_id), OpenBranch("-X", "Nowhere", "Europe/Lisbon"))
        await sold(house, house.ten, branch_id=opened.outcome.branch_id)
    text = await beancount_text(house.owner)
    assert asserted(text) == {
        "Assets:Receivable:Branch-X": "450.00",
        "Liabilities:DeferredRevenue:Branch-X": "-450.00",
    }
    assert bean_check(text, tmp_path) == ""

"""Money of the year in Porto, which opens in spring: a deposit, credit, a void sale, a lost dispute, closed books."""

from datetime import date
from typing import Any

from domain.accounting.breakage_runs import carry_on, unfinished
from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.close_period import ClosePeriod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.branches.errors import BooksClosed
from domain.branches.open_branch import OpenBranch
from domain.branches.settings import BreakageMethod
from domain.catalog.terms import Item, Price, Terms, Validity
from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.packages.reading import page
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Planned, Status
from domain.packages.sell_package import SellPackage
from domain.packages.view import PackageFilter, PackageOrder
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.record_payout import RecordPayout
from domain.payments.void_sale import VoidSale
from domain.reports.trial_balance import trial_balance
from tests.fixtures.chain import customer, published
from tests.fixtures.desk import cash, package, posted, refused
from tests.fixtures.year import Year, azores, lisbon

SWIM = Price(60000, "EUR", tax_rate_bp=2000)
"""10 sessions for 600.00 with 20 % in it: each carries 50.00, and 10.00 of tax were due with the sale."""

AUTUMN = {
    "CASH": 65000,
    "CUSTOMER_CREDIT": -5000,
    "DEFERRED_REVENUE": -30000,
    "TAX_PAYABLE": -12000,
    "REVENUE": -30000,
    "BAD_DEBT": 12000,
}
"""What stands in Porto when autumn begins: six sessions of Nuno's, and what Marta's bank has cost."""


async def after_winter(there: Year) -> None:
    """Porto opens; Nuno pays a third of his ten sessions and agrees on when the rest is due."""
    house = there.house
    with there.on(lisbon("2026-03-31 09:00")):
        porto = (await run_command(house.owner, OpenBranch("OPO", "Porto Foz", "Europe/Lisbon"))).outcome.branch_id
        terms = Terms((Item((house.physio,), 10),), SWIM, Validity(days=365))
        there.swim, there.porto = await published(house.owner, "SWIM10", terms), porto
        there.nuno = await customer(house.owner, "Nuno", "Reis", porto)
    with there.on(lisbon("2026-03-31 10:00")):
        rest = tuple(Planned(day, 20000, "EUR") for day in (date(2026, 4, 30), date(2026, 5, 31)))
        there.bought["nuno's swim"] = await sold(there, there.nuno, cash(20000), instalments=rest)
        assert await books(there) == {
            "CASH": 20000,
            "RECEIVABLE": 40000,
            "DEFERRED_REVENUE": -50000,
            "TAX_PAYABLE": -10000,
        }


async def after_spring(there: Year) -> None:
    """Nuno is late, and pays too much then; what was typed twice is void; Marta pays online; the first books close."""
    with there.on(lisbon("2026-06-30 22:00")):
        overdue = await page(there.house.owner, PackageFilter(overdue=True), PackageOrder.SOLD_FIRST_FIRST, 10)
        assert [each.id for each in overdue] == [there.bought["nuno's swim"]]
        late = RecordPayment(
            there.bought["nuno's swim"], there.porto, PaymentMethod.CARD, 45000, "EUR", keep_excess=True
        )
        assert (await run_command(there.house.owner, late)).outcome.kept_minor == 5000
        await used(there, "nuno's swim", 4)
        both = (Received(PaymentMethod.CUSTOMER_CREDIT, 5000), *cash(1000))
        again = await sold(there, there.nuno, both)
        await run_command(there.house.owner, VoidSale(again, "he only wanted the receipt"))
        there.marta = await customer(there.house.owner, "Marta", "Reis", there.porto)
        online = (Received(PaymentMethod.ONLINE_LINK, 60000),)
        there.bought["marta's swim"] = await sold(there, there.marta, online)
        await used(there, "marta's swim", 2)
        await close(there, date(2026, 3, 31))
        assert await books(there) == {
            "CASH": 65000,
            "PROVIDER_CLEARING": 60000,
            "CUSTOMER_CREDIT": -5000,
            "DEFERRED_REVENUE": -70000,
            "TAX_PAYABLE": -20000,
            "REVENUE": -30000,
        }


async def after_summer(there: Year) -> None:
    """Marta's bank takes its money back for good; from autumn on a fifth of Porto's sessions is expected to lapse."""
    owner, marta = there.house.owner, there.bought["marta's swim"]
    with there.on(lisbon("2026-09-30 22:00")):
        await run_command(owner, OpenDispute(marta, 60000, "EUR", "stolen card"))
        lost = (await run_command(owner, LoseDispute(marta, "nobody signed"))).outcome
        assert (lost.sessions, lost.value_minor, lost.tax_minor, lost.bad_debt_minor) == (8, 40000, 8000, 12000)
        assert (await package(there.house, marta)).status is Status.CHARGED_BACK
    with there.on(lisbon("2026-10-01 12:00")):
        await close(there, date(2026, 6, 30))
        await close(there, date(2026, 9, 30))
        await run_command(owner, ChangeBreakageMethod(BreakageMethod.PROPORTIONAL, "the auditor asked for it"))
        await run_command(owner, EstimateBreakage(there.swim, 2000, "what other pools see"))
        for run_id in await unfinished():
            while await carry_on(run_id) is not None:
                pass
        # Four of the eight that will ever be used have earned half of it.
        assert await books(there, date(2026, 9, 30)) == AUTUMN
        assert await books(there) == AUTUMN | {"DEFERRED_REVENUE": -25000, "BREAKAGE_REVENUE": -5000}


async def after_autumn(there: Year) -> None:
    """Two more sessions release what goes with them; the provider pays out in the Azores; the year is closed."""
    owner, swim = there.house.owner, there.bought["nuno's swim"]
    with there.on(azores("2027-01-31 22:00")):
        session = await used(there, "nuno's swim", 2)
        assert await posted(session) == [
            ("DEFERRED_REVENUE", there.porto, 12500),
            ("BREAKAGE_REVENUE", there.porto, -2500),
            ("REVENUE", there.porto, -10000),
        ]
        await run_command(owner, RecordPayout(there.house.pdl, 43500, "EUR", fee_minor=500))
        await close(there, date(2027, 1, 30))
        forgotten = RedeemSession(there.house.physio, there.porto, swim, visited_at=lisbon("2027-01-30 18:00"))
        assert (await refused(BooksClosed, owner, forgotten)).open_from == date(2027, 1, 31)
        assert await books(there) == {
            "CASH": 65000,
            "CUSTOMER_CREDIT": -5000,
            "DEFERRED_REVENUE": -12500,
            "TAX_PAYABLE": -12000,
            "REVENUE": -40000,
            "BREAKAGE_REVENUE": -7500,
            "BAD_DEBT": 12000,
        }


async def sold(there: Year, customer_id: str, paid: tuple[Received, ...], **rest: Any) -> str:
    """Ten sessions that somebody buys in Porto now."""
    sale = SellPackage(there.swim, customer_id, there.porto, paid, confirmed_duplicate=True, **rest)
    return str((await run_command(there.house.owner, sale)).outcome.package_id)


async def used(there: Year, name: str, sessions: int) -> str:
    """Sessions that are used in Porto now; the id of the operation."""
    redeem = RedeemSession(there.house.physio, there.porto, there.bought[name], sessions=sessions)
    return (await run_command(there.house.owner, redeem)).operation_id


async def close(there: Year, last_day: date) -> None:
    """The owner closes the books up to a day."""
    await run_command(there.house.owner, ClosePeriod(last_day, "the quarter is done"))


async def books(there: Year, until: date | None = None) -> dict[str, int]:
    """The trial balance of Porto over what was posted up to the day; all is audited first."""
    assert await audit_ledgers(there.house.chain_id) == []
    found = (await trial_balance(there.house.accountant, until, there.porto)).rows
    nets = {row.account.value: row.debit_minor - row.credit_minor for row in found}
    return {account: net for account, net in nets.items() if net}

"""Where a chain charges what a package lacks, the rest of a visit goes to the customer's account at list price."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.branches.change_chain_settings import ChangeChainSettings
from domain.catalog.terms import Item, Price
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import AlreadyReversed, NotEnoughSessions, PackageExpired
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sold import Shortfall
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, left, on, posted, refused, sold, used

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        house = await harbour(db)
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
        return house


async def charges() -> list[tuple[int, int, int]]:
    """What was charged: sessions, amount, tax."""
    found = await rows("SELECT sessions, amount_minor, tax_minor FROM charge ORDER BY id")
    return [(row["sessions"], row["amount_minor"], row["tax_minor"]) for row in found]


async def test_the_package_gives_what_it_has_and_the_rest_is_owed_where_the_visit_was(house: Harbour) -> None:
    taxed = terms(Item((house.physio,), 2), price_minor=9000)
    special = replace(taxed, price=Price(9000, "EUR", tax_rate_bp=2500))
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "TWO", special))
        done = await used(house, package_id, branch_id=house.mad, sessions=3, customer_id=house.ana)
    assert (done.outcome.charged, done.outcome.charged_minor, done.outcome.remaining) == (1, 5000, 0)
    assert sum(lot.sessions for lot in done.outcome.lots) == 2
    assert (await posted(done.operation_id))[-3:] == [
        ("RECEIVABLE", house.mad, 5000),
        ("REVENUE", house.mad, -4000),
        ("TAX_PAYABLE", house.mad, -1000),
    ]
    assert await charges() == [(1, 5000, 1000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_the_reversal_takes_the_charge_back(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        done = await used(house, package_id, sessions=12)
        back = ReverseRedemption(done.operation_id, Fault.BUSINESS, "the others did not come")
        reversed_ = await run_command(house.owner, back)
        assert (reversed_.outcome.sessions, reversed_.outcome.remaining) == (12, 10)
        await refused(AlreadyReversed, house.owner, back)
    assert await charges() == [(2, 10000, 0), (-2, -10000, 0)]
    assert await left(package_id) == [(10, 45000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_an_empty_package_is_charged_and_a_package_that_has_enough_comes_first(house: Harbour) -> None:
    with on(MONDAY):
        empty = await sold(house, house.ten)
        await used(house, empty, sessions=10)
        alone = await used(house, empty, customer_id=house.ana)
        assert (alone.outcome.lots, alone.outcome.charged_minor) == ((), 5000)
        full = await sold(house, house.ten)
        both = await run_command(
            house.owner, RedeemSession(house.physio, house.lis, customer_id=house.ana, sessions=10)
        )
        assert (both.outcome.package_id, both.outcome.charged) == (full, 0)


async def test_only_a_lack_of_sessions_is_charged(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.trial)
    with on(MONDAY + timedelta(days=100)):
        refusal = await refused(PackageExpired, house.owner, RedeemSession(house.facial, house.lis, package_id))
        assert refusal.package_id == package_id


async def test_a_chain_that_refuses_still_refuses(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.REFUSE))
        package_id = await sold(house, house.ten)
        use = RedeemSession(house.physio, house.lis, package_id, sessions=11)
        assert (await refused(NotEnoughSessions, house.owner, use)).remaining == 10

"""What a top-up books: where, with which tax and payments, and how the explanation tells it."""

from datetime import date
from typing import Any

import pytest

from domain.catalog.terms import Change, Item, TaxPoint, TopUpPrice
from domain.imports.import_package import FormerLot, FormerUse, ImportPackage
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.topups.asked import Asked
from domain.topups.quoting import top_up_quote
from tests.fixtures.branch_moves import moved
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, sold, used
from tests.fixtures.estimates import expecting
from tests.fixtures.explained import as_booked
from tests.fixtures.topped_up import (
    added,
    assert_sound,
    credited,
    from_credit,
    growing,
    growing_terms,
    lots,
)

pytestmark = pytest.mark.anyio

LIST = Change(top_up=True, top_up_price=TopUpPrice.LIST)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_the_list_price_is_that_of_the_branch_which_adds_them(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, LIST, payments=cash(45000))
        dear = await sold(house, await _bundle(house))
        assert (await added(house, mine, 2)).outcome.amount_minor == 10000
        asked = Asked(dear, 2, house.mad, house.facial)
        quote = await top_up_quote(house.owner, asked)
        assert [step.formula for step in quote.steps[:1]] == ["2 × 58.00 = 116.00"]  # noqa: RUF001
        online = (Received(PaymentMethod.ONLINE_LINK, 1600), *cash(10000))
        given = {"branch_id": house.mad, "service_id": house.facial, "payments": online}
        done = await added(house, dear, 2, house.owner, **given)
        # The package is at home in Lisbon, which owes the sessions; the money came in at Madrid.
        assert done.outcome.outstanding_minor == 31990
        assert await posted(done.operation_id) == [
            ("RECEIVABLE", house.lis, 11600),
            ("DEFERRED_REVENUE", house.lis, -11600),
            ("PROVIDER_CLEARING", house.mad, 1600),
            ("DUE_TO_BRANCH", house.mad, -1600),
            ("DUE_FROM_BRANCH", house.lis, 1600),
            ("RECEIVABLE", house.lis, -1600),
            ("CASH", house.mad, 10000),
            ("DUE_TO_BRANCH", house.mad, -10000),
            ("DUE_FROM_BRANCH", house.lis, 10000),
            ("RECEIVABLE", house.lis, -10000),
        ]
        await used(house, dear, service_id=house.facial, sessions=4)
    await assert_sound(house)


async def _bundle(house: Harbour) -> str:
    items = Item((house.massage,), 4), Item((house.facial,), 2)
    return await published(house.owner, "BUNDLE", terms(*items, price_minor=31990, change=LIST))


async def test_the_provider_pays_at_home_and_credit_from_where_it_stands(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, payments=cash(45000))
        await credited(house, 2500, house.mad)
        paid = (Received(PaymentMethod.ONLINE_LINK, 20000), *from_credit(2500))
        done = await added(house, mine, payments=paid)
        assert done.outcome.outstanding_minor == 0
        assert await posted(done.operation_id) == [
            ("RECEIVABLE", house.lis, 2500),
            ("PROVIDER_CLEARING", house.lis, 20000),
            ("DEFERRED_REVENUE", house.lis, -22500),
            ("CUSTOMER_CREDIT", house.mad, 2500),
            ("DUE_TO_BRANCH", house.mad, -2500),
            ("DUE_FROM_BRANCH", house.lis, 2500),
            ("RECEIVABLE", house.lis, -2500),
        ]
    await assert_sound(house)


@pytest.mark.parametrize("point", TaxPoint)
async def test_tax_stays_with_the_branch_that_sold_the_package(house: Harbour, point: TaxPoint) -> None:
    with on(MONDAY):
        taxed: dict[str, Any] = {"tax_rate_bp": 2000, "tax_point": point}
        mine = await growing(house, of_price=taxed, payments=cash(45000))
        await moved(house, mine)
        done = await added(house, mine, actor=house.owner, branch_id=house.mad, payments=cash(22500))
        assert (done.outcome.amount_minor, done.outcome.tax_minor) == (22500, 3750)
        at_sale = [
            ("RECEIVABLE", house.mad, 22500),
            ("DEFERRED_REVENUE", house.mad, -18750),
            ("TAX_PAYABLE", house.lis, -3750),
            ("DUE_TO_BRANCH", house.mad, -3750),
            ("DUE_FROM_BRANCH", house.lis, 3750),
        ]
        later = [("RECEIVABLE", house.mad, 22500), ("DEFERRED_REVENUE", house.mad, -22500)]
        paid = [("CASH", house.mad, 22500), ("RECEIVABLE", house.mad, -22500)]
        lines = await posted(done.operation_id)
        assert sorted(lines) == sorted((at_sale if point is TaxPoint.AT_SALE else later) + paid)
        assert (await package(house, mine)).tax_minor == 7500 + 3750
        await used(house, mine, sessions=15, branch_id=house.mad)
    step = next(each for each in (await as_booked(house, mine, MONDAY)).steps if each.act == "top_up_package")
    assert step.label == "5 sessions were added by a top-up at Madrid Salamanca."
    assert step.formula == "5 × 45.00 = 225.00; 187.50 + 37.50 tax = 225.00"  # noqa: RUF001
    await assert_sound(house)


async def test_the_explanation_tells_a_top_up_with_its_arithmetic(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, of_price={"tax_rate_bp": 2000, "tax_included": False}, payments=cash(45000))
        await added(house, mine, payments=cash(10000))
        await used(house, mine, sessions=12)
    told = await as_booked(house, mine, MONDAY)
    top_up, paid = [step for step in told.steps if step.act == "top_up_package"]
    assert top_up.formula == "5 × 45.00 = 225.00; 225.00 + 45.00 tax = 270.00"  # noqa: RUF001
    assert (top_up.sessions_change, top_up.available_after, top_up.change.price_minor) == (5, 15, 27000)
    assert paid.formula == "360.00 - 100.00 = 260.00 outstanding"


async def test_what_was_added_to_an_imported_package_was_not_paid_before(house: Harbour) -> None:
    [version] = await rows("SELECT id FROM definition_version WHERE definition_id = $1", house.ten)
    former = ImportPackage(
        reference="OLD-1",
        definition_id=house.ten,
        definition_version_id=version["id"],
        name="Ten",
        customer_id=house.ana,
        branch_id=house.lis,
        sold_on=date(2026, 1, 5),
        expires_on=date(2026, 7, 4),
        terms=growing_terms(house),
        paid_minor=10000,
        lots=(FormerLot(0, house.physio, bonus=False, sessions=10, value_minor=45000),),
        uses=(FormerUse(0, 4, 18000, visit=None),),
    )
    with on(MONDAY):
        mine = (await run_command(house.owner, former)).outcome.package_id
        assert (await added(house, mine)).outcome.outstanding_minor == 35000 + 22500
        assert await lots(mine) == [("IMPORT", 6, 27000, "2026-07-04"), ("TOP_UP", 5, 22500, "2026-08-03")]
    told = await as_booked(house, mine, MONDAY)
    assert (told.balance.books.price_minor, told.balance.books.paid_minor) == (67500, 10000)
    await assert_sound(house)


async def test_what_is_expected_to_lapse_is_recognised_of_a_top_up_as_of_a_sale(house: Harbour) -> None:
    with on(MONDAY):
        definition = await published(house.owner, "GROW", growing_terms(house))
        await expecting(house, definition, 2000)
        mine = await sold(house, definition)
        await added(house, mine)
        found = await rows("SELECT origin, breakage_bp FROM lot WHERE package_id = $1 ORDER BY id", mine)
        assert [(row["origin"], row["breakage_bp"]) for row in found] == [("PURCHASE", 2000), ("TOP_UP", 2000)]
        await used(house, mine, sessions=12)
        # Of five for 225.00 four are expected to be used, so that each use recognises 56.25.
        assert (await lots(mine))[1][1:3] == (3, 11250)
    await as_booked(house, mine, MONDAY)
    await assert_sound(house)

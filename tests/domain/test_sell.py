"""A sale copies the terms, issues the sessions with their share of the price, and posts what is owed and paid."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.branches.errors import WrongCurrency
from domain.catalog.define_package import DefinePackage
from domain.catalog.define_service import DefineService
from domain.catalog.publish_package_definition import PublishPackageDefinition
from domain.catalog.retire_package_definition import RetirePackageDefinition
from domain.catalog.terms import BranchTax, Item, Price, TaxPoint, Terms, Validity, ValidityStart
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import BonusValue, Origin
from domain.packages.errors import (
    BranchClosed,
    LimitPerCustomerReached,
    NotOnSale,
    PaymentExceedsOutstanding,
    ReferenceTaken,
)
from domain.packages.sell_package import PackageSold, SellPackage
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, locked, on, package, posted, refused, sold, used

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_ten_sessions_for_450_are_owed_deferred_and_paid(house: Harbour) -> None:
    with on(MONDAY):
        command = SellPackage(house.ten, house.ana, house.lis, cash(20000), reference=" H-1 ", reason=" walk-in ")
        done = await run_command(house.desk_lis, command)
        bought = await package(house, done.outcome.package_id)

    assert done.outcome == PackageSold(bought.id, 45000, 20000, "EUR", 10)
    assert (bought.reference, bought.holder_id, bought.version) == ("H-1", house.ana, 1)
    assert (bought.home_branch_id, bought.selling_branch_id) == (house.lis, house.lis)
    assert (bought.price_minor, bought.tax_minor, bought.outstanding) == (45000, 0, Money(25000, "EUR"))
    assert bought.activated_at == bought.sold_at == MONDAY
    (lot,) = bought.lots
    assert (lot.origin, lot.available, lot.value_left_minor) == (Origin.PURCHASE, 10, 45000)
    assert (lot.last_day, lot.expires_at) == (date(2026, 8, 29), datetime(2026, 8, 29, 23, tzinfo=UTC))
    assert lot.lapses_at == datetime(2026, 9, 12, 23, tzinfo=UTC)
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, 45000),
        ("DEFERRED_REVENUE", house.lis, -45000),
        ("CASH", house.lis, 20000),
        ("RECEIVABLE", house.lis, -20000),
    ]


async def test_what_is_paid_through_the_provider_waits_in_its_account(house: Harbour) -> None:
    payments = (Received(PaymentMethod.ONLINE_LINK, 40000), Received(PaymentMethod.CARD, 5000))
    done = await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis, payments))
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, 5000),
        ("PROVIDER_CLEARING", house.lis, 40000),
        ("DEFERRED_REVENUE", house.lis, -45000),
        ("CASH", house.lis, 5000),
        ("RECEIVABLE", house.lis, -5000),
    ]


async def test_tax_on_top_is_owed_at_sale(house: Harbour) -> None:
    taxed = _taxed(house, included=False, point=TaxPoint.AT_SALE)
    package_id = await sold(house, await published(house.owner, "TAX", taxed))
    assert await left(package_id) == [(10, 45000)]
    bought = await package(house, package_id)
    assert (bought.price_minor, bought.tax_minor) == (54000, 9000)


async def test_tax_in_the_price_leaves_the_net_deferred(house: Harbour) -> None:
    definition = await published(house.owner, "TAX", _taxed(house, included=True, point=TaxPoint.AT_SALE))
    done = await run_command(house.owner, SellPackage(definition, house.ana, house.lis))
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, 45000),
        ("DEFERRED_REVENUE", house.lis, -37500),
        ("TAX_PAYABLE", house.lis, -7500),
    ]


async def test_each_branch_sells_with_the_tax_that_it_has(house: Harbour) -> None:
    taxed = _taxed(house, included=True, point=TaxPoint.AT_SALE)
    madrid = replace(taxed.price, branch_taxes=(BranchTax(house.mad, 1000, "REDUCED"),))
    definition = await published(house.owner, "TAX", replace(taxed, price=madrid))
    bought = {branch: await sold(house, definition, branch_id=branch) for branch in (house.lis, house.mad)}
    assert (await package(house, bought[house.lis])).tax_minor == 7500
    assert (await package(house, bought[house.mad])).tax_minor == 4091
    price = (await locked(house, bought[house.mad])).price
    assert (price.tax_rate_bp, price.tax_code, price.branch_taxes) == (1000, "REDUCED", ())
    assert (await locked(house, bought[house.lis])).price == taxed.price


async def test_tax_due_session_by_session_splits_unevenly_and_to_the_cent(house: Harbour) -> None:
    uneven = replace(
        _taxed(house, included=True, point=TaxPoint.AT_REDEMPTION),
        items=(Item((house.physio,), 3),),
        price=Price(10000, "EUR", tax_rate_bp=2300, tax_point=TaxPoint.AT_REDEMPTION),
    )
    package_id = await sold(house, await published(house.owner, "TAX", uneven))
    assert await left(package_id) == [(3, 10000)]

    uses = [await posted((await used(house, package_id)).operation_id) for _ in range(3)]

    # 100.00 holds 18.70 tax; 33.33 + 33.34 + 33.33 of value with 6.23 + 6.24 + 6.23 of tax.
    assert uses == [
        [("DEFERRED_REVENUE", house.lis, value), ("TAX_PAYABLE", house.lis, -tax), ("REVENUE", house.lis, tax - value)]
        for value, tax in ((3333, 623), (3334, 624), (3333, 623))
    ]


async def test_a_pooled_bonus_carries_its_share_and_a_free_one_nothing(house: Harbour) -> None:
    assert await left(await sold(house, house.buy_3_free_1)) == [(3, 13500), (1, 4500)]
    free = terms(Item((house.massage,), 3, 1), price_minor=18000)
    free = replace(free, price=replace(free.price, bonus_value=BonusValue.ZERO))
    assert await left(await sold(house, await published(house.owner, "ZERO", free))) == [(3, 18000), (1, 0)]


async def test_a_mixed_bundle_is_shared_by_list_prices_of_the_day(house: Harbour) -> None:
    assert await left(await sold(house, house.bundle)) == [(4, 21936), (2, 10054)]
    assert await left(await sold(house, house.bundle, branch_id=house.mad)) == [(4, 22121), (2, 9869)]


async def test_a_service_that_is_offered_nowhere_any_more_still_sells_in_its_package(house: Harbour) -> None:
    await run_command(house.owner, DefineService("PHY45", "Physiotherapy 45", 45, ()))
    assert await left(await sold(house, house.ten)) == [(10, 45000)]


async def test_a_free_package_posts_nothing_and_is_active(house: Harbour) -> None:
    free = await published(house.owner, "FREE", terms(Item((house.physio,), 0, 2), price_minor=0))
    done = await run_command(house.owner, SellPackage(free, house.ana, house.lis))
    assert await posted(done.operation_id) == []
    assert (await package(house, done.outcome.package_id)).activated_at is not None


async def test_terms_are_locked_at_sale(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await run_command(house.owner, DefinePackage("PHY10", "Dearer", terms(Item((house.physio,), 5), price_minor=90000)))
    await run_command(house.owner, PublishPackageDefinition(house.ten))
    before, after = await package(house, package_id), await package(house, await sold(house, house.ten))
    assert (before.name, before.price_minor, (await locked(house, before.id)).sessions) == ("Package PHY10", 45000, 10)
    assert (await locked(house, before.id)).items == (Item((house.physio,), 10, 0, (5000,)),)
    assert (after.name, after.price_minor, (await locked(house, after.id)).sessions) == ("Dearer", 90000, 5)


async def test_validity_from_first_use_waits_for_the_last_day_to_start(house: Harbour) -> None:
    starts = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    on_first_use = replace(terms(Item((house.physio,), 3), price_minor=9000), validity=starts)
    definition = await published(house.owner, "FIRST", on_first_use)
    with on(MONDAY):
        package_id = await sold(house, definition)
    assert (await package(house, package_id)).expires_on == date(2026, 5, 31)


async def test_a_definition_that_is_not_on_sale(house: Harbour) -> None:
    await run_command(house.owner, RetirePackageDefinition(house.ten))
    refusal = await refused(NotOnSale, house.desk_lis, SellPackage(house.ten, house.ana, house.lis))
    assert refusal.definition_id == house.ten


async def test_a_fixed_last_day_that_has_passed_in_the_branch(house: Harbour) -> None:
    until = replace(terms(Item((house.physio,), 3), price_minor=9000), validity=Validity(until=date(2026, 12, 31)))
    definition = await published(house.owner, "XMAS", until)
    with on(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)):
        assert (await package(house, await sold(house, definition))).expires_on == date(2026, 12, 31)
        # In Madrid the new year has begun.
        await refused(NotOnSale, house.owner, SellPackage(definition, house.ana, house.mad))


async def test_a_customer_at_the_limit(house: Harbour) -> None:
    await sold(house, house.trial)
    refusal = await refused(LimitPerCustomerReached, house.desk_lis, SellPackage(house.trial, house.ana, house.lis))
    assert (refusal.definition_id, refusal.limit) == (house.trial, 1)
    await sold(house, house.trial, customer_id=house.rui)


async def test_a_reference_in_use(house: Harbour) -> None:
    package_id = await sold(house, house.ten, reference="H-1")
    again = SellPackage(house.ten, house.rui, house.lis, reference="H-1")
    refusal = await refused(ReferenceTaken, house.desk_lis, again)
    assert (refusal.reference, refusal.taken_by_package_id) == ("H-1", package_id)


async def test_more_than_the_price(house: Harbour) -> None:
    too_much = SellPackage(house.ten, house.ana, house.lis, cash(40000) + cash(5001))
    refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, too_much)
    assert (refusal.outstanding, refusal.offered) == (Money(45000, "EUR"), Money(45001, "EUR"))


async def test_money_of_another_currency(house: Harbour) -> None:
    in_pounds = SellPackage(house.ten, house.ana, house.lis, cash(100) + cash(100), ("EUR", "GBP"))
    refusal = await refused(WrongCurrency, house.desk_lis, in_pounds)
    assert (refusal.currency, refusal.expected) == ("GBP", "EUR")


async def test_a_closed_branch(house: Harbour) -> None:
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", MONDAY, house.lis)
    refusal = await refused(BranchClosed, house.desk_lis, SellPackage(house.ten, house.ana, house.lis))
    assert (refusal.branch_id, refusal.closed_at) == (house.lis, MONDAY)


async def test_what_belongs_to_another_chain_is_not_there(house: Harbour) -> None:
    for command, noun in (
        (SellPackage(house.ten, house.ana, house.lis), "branch"),
        (SellPackage("def_none", house.ana, house.lis), "package definition"),
        (SellPackage(house.ten, "cus_none", house.lis), "customer"),
        (SellPackage(house.ten, house.ana, "brn_none"), "branch"),
    ):
        actor = house.other_owner if command.definition_id == house.ten and noun == "branch" else house.owner
        assert (await refused(NotFound, actor, command)).noun == noun


async def test_another_branch_and_other_roles_may_not_sell(house: Harbour) -> None:
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
        await refused(Forbidden, actor, SellPackage(house.ten, house.ana, house.lis))


async def test_everything_wrong_with_the_input_is_told_at_once(house: Harbour) -> None:
    payments = cash(0) + cash(-1) + cash(10**15)
    bad = SellPackage(house.ten, house.ana, house.lis, payments, reference="  ", reason="x" * 501)
    refusal = await refused(InvalidInput, house.desk_lis, bad)
    assert [problem.path for problem in refusal.problems] == [
        ("payments", "0", "amount"),
        ("payments", "1", "amount"),
        ("payments", "2", "amount"),
        ("reference",),
        ("reason",),
    ]
    many = SellPackage(house.ten, house.ana, house.lis, cash(1) * 21)
    assert (await refused(InvalidInput, house.desk_lis, many)).path == ("payments",)


def _taxed(house: Harbour, included: bool, point: TaxPoint) -> Terms:
    price = Price(45000, "EUR", tax_rate_bp=2000, tax_included=included, tax_point=point)
    return replace(terms(Item((house.physio,), 10), price_minor=45000), price=price)

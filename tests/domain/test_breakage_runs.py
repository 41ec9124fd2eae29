"""Runs that catch packages up: who else is at work, what fails, and what is sold in the meantime."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.accounting import breakage_runs, breakage_store
from domain.accounting.breakage_runs import carry_on, unfinished
from domain.accounting.breakage_store import Estimated
from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.branches.settings import BreakageMethod
from domain.catalog import store as catalog
from domain.catalog.terms import Item
from domain.kernel.commands import run_command
from domain.kernel.db import DatabaseUnavailable, rows
from domain.ledger.audit import audit_ledgers
from domain.ledger.post import Posted, post_together
from domain.packages.redeem_session import RedeemSession
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.estimates import (
    caught_up,
    changed,
    estimated,
    expected_of,
    expecting,
    newest_run,
    reestimated,
)
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import LAPSES
from tests.fixtures.unchanged import unchanged
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    house = await harbour(db)
    await expecting(house, house.ten, 2000)
    return house


async def sold_and_used(house: Harbour, times: int) -> list[str]:
    """Packages of ten of which four sessions each were used."""
    packages = [await sold(house, house.ten) for _ in range(times)]
    for package_id in packages:
        await used(house, package_id, sessions=4)
    return packages


async def test_three_at_once_catch_each_package_up_once(house: Harbour) -> None:
    packages = await sold_and_used(house, 7)
    run_id = (await estimated(house, house.ten, 0)).outcome.run_id

    async def worker() -> int:
        count = 0
        while run_id in await unfinished():
            count += await carry_on(run_id, 2) or 0
            await asyncio.sleep(0)
        return count

    assert sum(await asyncio.gather(worker(), worker(), worker())) == 7
    run = await newest_run(house)
    assert (run.packages, run.done, run.failed, run.changed_minor) == (7, 7, 0, 7 * 4500)
    for package_id in packages:
        assert len(await reestimated(package_id)) == 1
    assert await audit_ledgers(house.chain_id) == []


async def test_a_package_with_which_carnet_fails_is_counted_and_the_rest_goes_on(
    house: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = await sold_and_used(house, 4)

    async def failing(posted: Sequence[Posted]) -> None:
        assert packages[1] not in [each.posting.package_id for each in posted]
        await post_together(posted)

    monkeypatch.setattr(breakage_runs, "post_together", failing)
    await estimated(house, house.ten, 0)
    assert await caught_up(2) == 3

    run = await newest_run(house)
    assert (run.packages, run.done, run.failed, run.finished_at is not None) == (4, 3, 1, True)
    assert [(await expected_of(package_id))[0][0] for package_id in packages] == [0, 2000, 0, 0]
    assert await audit_ledgers(house.chain_id) == []

    monkeypatch.setattr(breakage_runs, "post_together", post_together)
    await estimated(house, house.ten, 0)
    assert await caught_up() == 1
    assert await expected_of(packages[1]) == [(0, 18000, 27000)]


async def test_while_the_database_is_away_nothing_is_counted_as_failed(
    house: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sold_and_used(house, 1)
    run_id = (await estimated(house, house.ten, 0)).outcome.run_id

    async def away(_posted: Sequence[Posted]) -> None:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(breakage_runs, "post_together", away)
    async with unchanged():
        with pytest.raises(DatabaseUnavailable):
            await carry_on(run_id)


async def test_two_estimates_on_the_way_lead_to_the_newer_one(house: Harbour) -> None:
    (package_id,) = await sold_and_used(house, 1)
    await estimated(house, house.ten, 0)
    await estimated(house, house.ten, 1000)

    assert await caught_up() == 1
    assert await expected_of(package_id) == [(1000, 20000, 25000)]


async def test_under_one_key_an_estimate_is_made_once(house: Harbour) -> None:
    command = EstimateBreakage(house.ten, 1000, "last year's figures")
    first = await run_command(house.owner, command, "estimate of the tens")
    async with unchanged():
        again = await run_command(house.owner, command, "estimate of the tens")

    assert (again.replayed, again.outcome) == (True, first.outcome)


async def test_another_chain_is_left_alone(house: Harbour) -> None:
    (package_id,) = await sold_and_used(house, 1)
    async with unchanged(but=("breakage_run", "operation", "unsealed_operation", "chain", "sqlite_sequence")):
        done = await run_command(house.other_owner, ChangeBreakageMethod(BreakageMethod.PROPORTIONAL, "as advised"))
        assert await carry_on(done.outcome.run_id) == 0

    assert await expected_of(package_id) == [(2000, 22500, 22500)]


@pytest.mark.parametrize("number", range(3))
async def test_what_is_sold_and_used_while_an_estimate_changes_goes_by_the_new_one(house: Harbour, number: int) -> None:
    packages = await sold_and_used(house, 3)
    sale = SellPackage(house.ten, house.ana, house.lis, confirmed_duplicate=True)
    uses = [RedeemSession(house.physio, house.lis, package_id) for package_id in packages]
    estimate = EstimateBreakage(house.ten, 0, "last year's figures")
    commands: list[Any] = [sale, *uses, sale]
    commands.insert(number, estimate)
    answers = await at_once(*(run_command(house.owner, command) for command in commands), caught_up())

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    await caught_up()
    for package_id in packages:
        assert await expected_of(package_id) == [(0, 22500, 22500)]
    for command, answer in zip(commands, answers, strict=False):
        if command is sale:
            assert await expected_of(answer.outcome.package_id) == [(0, 0, 45000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_an_estimate_waits_for_the_sale_that_has_read_the_one_before(
    house: Harbour, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = asyncio.Event()
    list_prices = catalog.list_prices

    async def estimating() -> None:
        await read.wait()
        await estimated(house, house.ten, 0)
        await caught_up()

    async def slow(service_ids: Sequence[str], branch_id: str) -> dict[str, int]:
        async def waits() -> bool:
            waiting = "SELECT 1 AS one FROM pg_locks WHERE NOT granted"
            return db.startswith("sqlite") or estimate.done() or bool(await rows(waiting))

        read.set()
        await eventually_so(waits)
        return await list_prices(service_ids, branch_id)

    monkeypatch.setattr(catalog, "list_prices", slow)
    estimate = asyncio.create_task(estimating())
    package_id = await sold(house, house.ten)
    await estimate

    assert await expected_of(package_id) == [(0, 0, 45000)]


async def test_what_a_sale_takes_over_just_before_it_would_be_caught_up_is_caught_up_too(
    postgres_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(postgres_db)
    plain = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14)
    renewing = replace(plain, validity=replace(plain.validity, renewal_in_grace=True))
    definition = await published(house.owner, "RENEW", renewing)
    with on(MONDAY):
        await expecting(house, definition, 2000)
        old = await sold(house, definition)
        await used(house, old, sessions=4)
    found, renewed = asyncio.Event(), asyncio.Event()
    lock_packages = breakage_store.lock_packages

    async def renewing_it() -> str:
        await found.wait()
        new = await sold(house, definition)
        renewed.set()
        return new

    async def late(package_ids: Sequence[str]) -> list[Estimated]:
        found.set()
        await renewed.wait()
        return await lock_packages(package_ids)

    monkeypatch.setattr(breakage_store, "lock_packages", late)
    with on(LAPSES - timedelta(days=1)):
        await estimated(house, definition, 5000)
        renewal = asyncio.create_task(renewing_it())
        await caught_up(50)
        assert await expected_of(await renewal) == [(5000, 0, 45000), (5000, 0, 22500)]
    assert await audit_ledgers(house.chain_id) == []


async def test_the_method_waits_for_the_sales_that_are_on_their_way(db: str) -> None:
    house = await harbour(db)
    await estimated(house, house.ten, 2000)
    answers = await at_once(
        changed(house), *(run_command(house.owner, _sale(house, who)) for who in (house.ana, house.eva))
    )

    refusals = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(refusal).__name__ for refusal in refusals] in ([], ["MidPeriod"])
    await caught_up()
    expected = 0 if refusals else 2000
    for answer in answers[1:]:
        assert [share for share, *_ in await expected_of(answer.outcome.package_id)] == [expected]


def _sale(house: Harbour, customer_id: str) -> SellPackage:
    return SellPackage(house.ten, customer_id, house.lis)

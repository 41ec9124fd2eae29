"""One act extends many packages: each once, whatever happens meanwhile, and what failed is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.catalog.rules import LAST_YEAR
from domain.expiry.carry_on import carry_on, unfinished
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.extend_packages import ExtendPackages, ExtensionOrdered
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import DatabaseUnavailable, execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.audit import audit_ledgers
from domain.packages.grant_goodwill import GrantGoodwill
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold, used
from tests.fixtures.extended_many import counts, failures, finished, ordered, progress, times_extended
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import LAPSES, LAST_DAY, TICK, last_days, sold_monday, swept

pytestmark = pytest.mark.anyio

LATER = LAST_DAY + timedelta(days=14)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_the_act_writes_down_what_is_to_be_done_and_the_rest_follows(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(5)]
    with on(MONDAY):
        done = await run_command(house.owner, ExtendPackages(14, "closed for works"), "closure of March")
        extension_id = done.outcome.bulk_extension_id
        assert done.outcome == ExtensionOrdered(extension_id, 5)
        assert await counts(house, extension_id) == (5, 0, 0, False)
        assert set((await times_extended()).values()) == {0}
        assert await carry_on(extension_id, at_most=3) == 3
        assert await counts(house, extension_id) == (5, 3, 0, False)
        assert await unfinished() == [extension_id]
        assert await carry_on(extension_id, at_most=3) == 2
        assert await counts(house, extension_id) == (5, 5, 0, True)
        assert (await carry_on(extension_id), await unfinished()) == (None, [])
        again = await run_command(house.owner, ExtendPackages(14, "closed for works"), "closure of March")
        assert (again.outcome, again.replayed) == (done.outcome, True)
    assert [await last_days(house, one) for one in packages] == [[LATER]] * 5
    (operation,) = await rows(
        "SELECT principal, reason, package_version FROM operation WHERE package_id = $1 AND act = 'extend_package'",
        packages[0],
    )
    assert operation == {"principal": "SYSTEM", "reason": "closed for works", "package_version": 2}


async def test_of_one_branch_or_of_one_definition(house: Harbour) -> None:
    here = await sold_monday(house, house.ten)
    there = await sold_monday(house, house.ten, branch_id=house.mad, customer_id=house.eva)
    other = await sold_monday(house, house.trial)
    with on(MONDAY):
        command = ExtendPackages(14, "closed for works", branch_id=house.mad)
        done = await run_command(house.manager_mad, command)
        await finished(done.outcome.bulk_extension_id)
        assert await times_extended() == {here: 0, there: 1, other: 0}
        await finished(await ordered(house, branch_id=house.lis, definition_id=house.trial))
        assert await times_extended() == {here: 0, there: 1, other: 1}


async def test_what_was_sold_later_lapsed_before_or_was_used_up_is_not_extended(house: Harbour) -> None:
    lapsed, used_up = await sold_monday(house, house.ten), await sold_monday(house, house.ten)
    with on(MONDAY):
        await used(house, used_up, sessions=10)
    with on(LAPSES):
        alive = await sold(house, house.ten)
        extension_id = await ordered(house)
    with on(LAPSES + TICK):
        await run_command(house.owner, GrantGoodwill(lapsed, 1, "sorry"))
        later = await sold(house, house.ten)
        await finished(extension_id)
    assert await times_extended() == {lapsed: 0, used_up: 0, alive: 1, later: 0}
    assert await counts(house, extension_id) == (1, 1, 0, True)


async def test_what_lapses_before_its_turn_comes_back(house: Harbour) -> None:
    swept_one, other = await sold_monday(house, house.ten), await sold_monday(house, house.ten)
    with on(LAPSES - TICK):
        extension_id = await ordered(house)
        granted = await run_command(house.owner, GrantGoodwill(other, 1, "sorry", last_day=date(2026, 12, 24)))
    with on(LAPSES + timedelta(days=3)):
        await swept()
        await finished(extension_id)
        assert await last_days(house, swept_one) == [LATER]
        assert await last_days(house, other) == [LATER, date(2027, 1, 7)], granted.outcome
        assert await swept() == 0
    assert await audit_ledgers(house.chain_id) == []


async def test_what_cannot_be_extended_is_listed_and_the_rest_goes_on(house: Harbour) -> None:
    late, good = await sold_monday(house, house.ten), await sold_monday(house, house.ten)
    with on(LAPSES - TICK):
        extension_id = await ordered(house, days=2)
        await run_command(house.owner, ExtendPackage(good, "was ill", days=30))
    with on(LAPSES + timedelta(days=2)):
        await finished(extension_id)
    assert await counts(house, extension_id) == (2, 1, 1, True)
    (failure,) = await failures(extension_id)
    assert (failure.package_id, failure.code) == (late, "BAD_LAST_DAY")
    assert failure.message.startswith("The new last day would be 2026-08-31; it must lie between 2026-09-15 and")
    assert str(LAST_YEAR) in failure.message


async def test_a_package_with_which_carnet_fails_is_listed_and_the_rest_goes_on(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(3)]
    with on(MONDAY):
        extension_id = await ordered(house)
        await execute(
            "UPDATE package SET version = 0 WHERE id = $1", packages[0]
        )  # its next operation is there already
        await finished(extension_id)
    assert await counts(house, extension_id) == (3, 2, 1, True)
    (failure,) = await failures(extension_id)
    assert (failure.package_id, failure.code) == (packages[0], "INTERNAL")
    assert [await last_days(house, one) for one in packages] == [[LAST_DAY], [LATER], [LATER]]


async def test_while_the_database_is_away_nothing_is_written_down_as_failed(
    house: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sold_monday(house, house.ten)

    async def away(*_: object) -> None:
        raise DatabaseUnavailable("PostgreSQL does not answer.")

    with on(MONDAY):
        extension_id = await ordered(house)
        with monkeypatch.context() as broken, pytest.raises(DatabaseUnavailable):
            broken.setattr("domain.expiry.carry_on.run_command", away)
            await carry_on(extension_id)
        assert await counts(house, extension_id) == (1, 0, 0, False)
        await finished(extension_id)
    assert await counts(house, extension_id) == (1, 1, 0, True)


async def test_what_an_earlier_version_extended_under_another_wording_is_extended(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        extension_id = await ordered(house)
        before = ExtendPackage(package_id, "closed for works", days=14)
        await run_command(system(house.chain_id), before, f"{extension_id}:{package_id}")
        await finished(extension_id)
    assert await counts(house, extension_id) == (1, 1, 0, True)
    assert await times_extended() == {package_id: 1}


async def test_what_is_used_up_before_its_turn_counts_no_more(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(3)]
    with on(MONDAY):
        extension_id = await ordered(house)
        await used(house, packages[1], sessions=10)
        await finished(extension_id)
    assert await counts(house, extension_id) == (2, 2, 0, True)


async def test_what_was_extended_and_used_up_before_it_was_noted_counts_once(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        extension_id = await ordered(house)
        await carry_on(extension_id)
        await execute("UPDATE bulk_extension SET done_until = '', extended = 0, finished_at = NULL")
        await used(house, package_id, sessions=10)
        await finished(extension_id)
    assert await counts(house, extension_id) == (1, 1, 0, True)
    assert await times_extended() == {package_id: 1}


async def test_three_at_once_extend_each_package_once(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(7)]
    with on(MONDAY):
        extension_id = await ordered(house)
        answers = await at_once(*(finished(extension_id, 2) for _ in range(3)))
        assert answers == [None, None, None]
        await finished(extension_id)
    assert await times_extended() == dict.fromkeys(packages, 1)
    assert await counts(house, extension_id) == (7, 7, 0, True)


async def test_what_is_malformed_and_who_may(house: Harbour) -> None:
    good = ExtendPackages(14, "closed for works", branch_id=house.lis)
    for bad, path in (
        (replace(good, days=0), "days"),
        (replace(good, days=3661), "days"),
        (replace(good, reason=" "), "reason"),
    ):
        assert (await refused(InvalidInput, house.owner, bad)).path == (path,)
    for actor in (house.desk_lis, house.practitioner_lis, house.manager_mad, house.accountant, house.integrator):
        await refused(Forbidden, actor, good)
    await refused(Forbidden, house.manager_lis, replace(good, branch_id=None))
    await run_command(house.manager_lis, good)
    for bad, path in (
        (replace(good, branch_id=house.other_branch), "branchId"),
        (replace(good, definition_id="def_none"), "definitionId"),
    ):
        assert (await refused(NotFound, house.owner, bad)).path == (path,)


async def test_another_chain_is_left_alone(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        done = await run_command(house.other_owner, ExtendPackages(14, "closed for works"))
        await finished(done.outcome.bulk_extension_id)
        assert done.outcome.packages == 0
    assert await times_extended() == {package_id: 0}
    with pytest.raises(KeyError):
        await progress(house, done.outcome.bulk_extension_id)

"""What spreadsheets promise comes out of Carnet to the row and to the cent, even of an import that was killed."""

import asyncio
import gc
import signal
import sys
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.branches.errors import WrongCurrency
from domain.catalog.define_package import DefinePackage
from domain.catalog.store import State
from domain.catalog.terms import BranchScope, Expiry, Item, RefundBasis, Sharing
from domain.customers.register_customer import RegisterCustomer
from domain.imports import store
from domain.imports.errors import BranchesMissing
from domain.imports.files import Sheet
from domain.imports.read import Step
from domain.imports.run import open_directory
from domain.imports.write import Written, write
from domain.kernel.access import Role
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden
from domain.ledger.rules import Origin
from domain.packages import reading
from domain.people.found_chain import ensure_chain
from tests.fixtures import killed_import
from tests.fixtures.chain import harbour, terms
from tests.fixtures.desk import on
from tests.fixtures.imported import (
    NOTHING_LAPSED,
    assert_as_promised,
    chain_actor,
    import_into,
    package_with,
    same_person,
)
from tests.fixtures.spreadsheets import SMALL, append, ignore, small_directory
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


async def test_a_small_chain_moves_in_and_a_second_import_changes_nothing(db: str) -> None:
    before = datetime.now(UTC)
    assert await import_into() == Written(customers=37, packages=52)
    await assert_as_promised(SMALL)
    await a_package_goes_on_with_what_its_row_says_was_agreed()
    await the_value_left_lies_in_the_sessions_left_and_the_used_ones_carry_the_rest()
    await history_posts_no_revenue_but_one_opening_entry()
    await used_sessions_keep_the_date_branch_and_practitioner_of_their_visit()
    await sessions_that_no_visit_tells_of_are_used_by_the_day_of_the_import(before)
    await practitioners_work_where_their_visits_were()
    await a_household_has_the_members_of_its_reference()
    async with unchanged():
        assert await import_into() == Written(customers=0, packages=0)


@pytest.mark.parametrize(("act", "times"), [("import_customer", 25), ("import_package", 30)])
async def test_an_import_that_was_killed_goes_on_where_it_stopped(db: str, act: str, times: int) -> None:
    script = Path(killed_import.__file__)
    options = (db, str(SMALL), act, str(times))
    killed = await asyncio.create_subprocess_exec(sys.executable, str(script), *options, cwd=script.parents[2])

    assert await killed.wait() == -signal.SIGKILL
    # Twenty are committed together.
    left = (17, 52) if act == "import_customer" else (0, 32)
    assert await import_into() == Written(*left)
    await assert_as_promised(SMALL)


async def test_of_two_imports_at_once_each_row_is_written_by_one(db: str) -> None:
    one, other = await asyncio.gather(import_into(), import_into())
    assert (one.customers + other.customers, one.packages + other.packages) == (37, 52)
    await assert_as_promised(SMALL)


async def a_package_goes_on_with_what_its_row_says_was_agreed() -> None:
    actor = await chain_actor()
    package = await package_with(actor, "LIS-00003")
    massage = (await store.services(actor.chain_id))["MAS60"]
    assert (package.price_minor, package.paid_minor, package.currency) == (17950, 8975, "EUR")
    assert package.sold_at == package.activated_at == datetime(2025, 12, 11, tzinfo=UTC)
    locked = (await reading.terms_by_ids(actor, [package.id]))[package.id]
    assert locked.items == (Item((massage,), 3, 1, (6000,)),)
    assert (locked.price.amount_minor, locked.refund.basis) == (17950, RefundBasis.PAID_SESSIONS)
    assert (locked.validity.expiry, locked.validity.grace_days) == (Expiry.SOFT, 7)
    assert (locked.where.scope, locked.who.sharing) == (BranchScope.CHAIN, Sharing.HOUSEHOLD)
    assert {(lot.last_day, lot.expires_at, lot.lapses_at) for lot in package.lots} == {
        (date(2026, 4, 10), datetime(2026, 4, 10, 23, tzinfo=UTC), datetime(2026, 4, 17, 23, tzinfo=UTC))
    }


async def the_value_left_lies_in_the_sessions_left_and_the_used_ones_carry_the_rest() -> None:
    with on(NOTHING_LAPSED):
        package = await package_with(await chain_actor(), "LIS-00003")
    assert [(lot.origin, lot.bonus, lot.issued, lot.available, lot.consumed) for lot in package.lots] == [
        (Origin.IMPORT, False, 3, 2, 1),
        (Origin.IMPORT, True, 1, 1, 0),
    ]
    # 179.50 for 4, one used: 134.62 is left, 89.75 for two and 44.87 for one.
    assert [(lot.value_issued_minor, lot.value_left_minor) for lot in package.lots] == [(13463, 8975), (4487, 4487)]


async def history_posts_no_revenue_but_one_opening_entry() -> None:
    package = await package_with(await chain_actor(), "LIS-00003")
    lines = await rows(
        """SELECT e.id, e.event, l.account, l.debit_minor, l.credit_minor FROM journal_line l
        JOIN journal_entry e ON e.id = l.entry_id WHERE l.package_id = $1 ORDER BY l.id""",
        package.id,
    )
    assert {(line["id"], line["event"]) for line in lines} == {(lines[0]["id"], "OPENING")}
    assert [(line["account"], line["debit_minor"], line["credit_minor"]) for line in lines] == [
        ("OPENING_BALANCE", 13462, 0),
        ("DEFERRED_REVENUE", 0, 13462),
        ("RECEIVABLE", 8975, 0),
        ("OPENING_BALANCE", 0, 8975),
    ]


async def used_sessions_keep_the_date_branch_and_practitioner_of_their_visit() -> None:
    actor = await chain_actor()
    package = await package_with(actor, "LIS-00015")
    used = await _uses(package.id)
    assert len(used) == 8
    assert used[4] == (1, datetime(2026, 8, 14, 12, 15, tzinfo=UTC), "PDL", "PHY45", "Diego Silva")
    assert {branch for _, _, branch, _, _ in used} == {"LIS", "PDL"}


async def sessions_that_no_visit_tells_of_are_used_by_the_day_of_the_import(before: datetime) -> None:
    package = await package_with(await chain_actor(), "LIS-00007")
    told, untold = (await _uses(package.id))[:3], (await _uses(package.id))[3:]
    assert [branch for _, _, branch, _, _ in told] == ["LIS", "LIS", "LIS"]
    [(sessions, at, branch, service, practitioner)] = untold
    assert (sessions, branch, service, practitioner) == (2, None, "OST50", None)
    assert at >= before


async def _uses(package_id: str) -> list[tuple[int, datetime, str | None, str, str | None]]:
    found = await rows(
        """SELECT m.sessions, m.effective_at, b.code AS branch, s.code AS service, p.name FROM movement m
        JOIN service s ON s.id = m.service_id LEFT JOIN branch b ON b.id = m.branch_id
        LEFT JOIN staff p ON p.id = m.practitioner_id
        WHERE m.package_id = $1 AND m.target = 'CONSUMED' ORDER BY m.id""",
        package_id,
    )
    return [(row["sessions"], row["effective_at"], row["branch"], row["service"], row["name"]) for row in found]


async def test_the_notes_of_a_pack_are_the_reason_of_its_import(db: str, tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    append(directory, Sheet.PACKS, "NEW-1,C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30," + "long " * 200)
    await import_into(directory=directory)
    found = await rows("SELECT reason FROM operation WHERE act = 'import_package' ORDER BY seq")
    assert found[0]["reason"] == "rest in instalments"
    assert found[-1]["reason"] == "long " * 100


async def practitioners_work_where_their_visits_were() -> None:
    actor = await chain_actor()
    async with open_directory(SMALL, ignore) as workbook:
        worked_at = set(workbook.practitioners())
    found = await rows(
        """SELECT s.name, b.code, g.role FROM role_grant g JOIN staff s ON s.id = g.staff_id
        JOIN branch b ON b.id = g.branch_id WHERE g.chain_id = $1""",
        actor.chain_id,
    )
    assert {(row["name"], row["code"]) for row in found} == worked_at
    assert {row["role"] for row in found} == {Role.PRACTITIONER}


async def a_household_has_the_members_of_its_reference() -> None:
    found = await rows(
        """SELECT h.reference, h.name, c.first_name FROM household h JOIN customer c ON c.household_id = h.id
        WHERE h.reference = 'H-0001' ORDER BY c.first_name"""
    )
    assert [(row["name"], row["first_name"]) for row in found] == [
        ("Monteiro Sousa", "Catarina"),
        ("Monteiro Sousa", "Felipa"),
        ("Monteiro Sousa", "Mariana"),
    ]


async def test_what_the_chain_has_stays_as_it_is(db: str) -> None:
    house = await harbour(db)
    hilayda = RegisterCustomer("Hilayda", house.pdl, "Erdoğan", phone="+90 580 660 88 62", email="own@example.com")
    known = (await run_command(house.owner, hilayda)).outcome.customer_id
    prices = await rows("SELECT * FROM service_price WHERE service_id = $1 ORDER BY id", house.physio)

    assert await import_into() == Written(customers=36, packages=52)

    package = await package_with(house.owner, "PDL-00001")
    assert package.holder_id == known
    assert package.home_branch_id == house.pdl
    assert ["C-00012", "C-00030", "C-00040"] in await same_person(house.chain_id)
    assert await rows("SELECT email FROM customer WHERE id = $1", known) == [{"email": "own@example.com"}]
    assert await rows("SELECT * FROM service_price WHERE service_id = $1 ORDER BY id", house.physio) == prices
    assert (await store.definitions(house.chain_id))["PHY10"].id == house.ten


async def test_a_definition_that_was_only_drafted_goes_on_sale_as_it_is(db: str) -> None:
    house = await harbour(db)
    drafted = DefinePackage("FAC5", "Five facials", terms(Item((house.facial,), 5), price_minor=20000))
    definition_id = (await run_command(house.owner, drafted)).outcome.definition_id

    await import_into()

    found = (await store.definitions(house.chain_id))["FAC5"]
    assert (found.id, found.state, found.name) == (definition_id, State.PUBLISHED, "Five facials")
    assert (await package_with(house.owner, "PDL-00004")).price_minor == 24900


async def test_another_currency_than_the_chains_is_refused(db: str) -> None:
    await ensure_chain("Thames Clinics", "GBP")
    async with unchanged():
        with pytest.raises(WrongCurrency) as refusal:
            await import_into("Thames Clinics")
    assert (refusal.value.currency, refusal.value.expected) == ("EUR", "GBP")


async def test_without_a_good_branch_there_is_no_chain_to_found(db: str, tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    (directory / Sheet.BRANCHES).write_text("code,name,timezone,currency,city,country\nlis,Lisbon,here,EUR,Lisboa,PT\n")
    services = (directory / Sheet.SERVICES).read_text()
    (directory / Sheet.SERVICES).write_text(services.replace("list_price_LIS", "price"))
    async with unchanged():
        with pytest.raises(BranchesMissing):
            await import_into(directory=directory)


async def test_only_an_owner_imports(db: str) -> None:
    house = await harbour(db)
    async with open_directory(SMALL, ignore) as workbook:
        for actor in (house.manager_lis, house.desk_lis, house.accountant, house.integrator):
            async with unchanged():
                with pytest.raises(Forbidden):
                    await write(actor, workbook, ignore)
        assert await write(house.owner, workbook, ignore) == Written(customers=37, packages=52)


async def test_memory_does_not_grow_with_what_is_written(sqlite_db: str, tmp_path: Path) -> None:
    await import_into()
    short, long = await _peak(tmp_path / "short", 40), await _peak(tmp_path / "long", 140)
    # Kept whole, 100 more packages would take three times this.
    assert long - short < 100_000


async def _peak(directory: Path, packs: int) -> int:
    """The most memory that Python held while writing so many customers, each with a package."""
    directory.mkdir()
    sheets, name = small_directory(directory), directory.name
    people = (f"{name}-{i},Ana {i},Reis,9{i:08},,PT,,,,LIS,,2025-01-01" for i in range(packs))
    sold = (f"{name}-{i},{name}-{i},PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,{'x' * 500}" for i in range(packs))
    append(sheets, Sheet.CUSTOMERS, *people)
    append(sheets, Sheet.PACKS, *sold)
    async with open_directory(sheets, ignore) as workbook:
        tracemalloc.start()
        try:
            assert (await write(await chain_actor(), workbook, _tidy)).packages == packs
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def _tidy(_: Step) -> None:
    """What only waits to be collected is not kept."""
    gc.collect()

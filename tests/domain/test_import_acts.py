"""The acts of an import stay inside the actor's chain, and nobody but an owner carries them out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.catalog.terms import Item
from domain.imports.import_customer import ImportCustomer
from domain.imports.import_package import FormerLot, FormerUse, ImportPackage
from domain.kernel.access import system
from domain.kernel.commands import run_command, run_together
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, NotFound
from domain.packages.errors import ReferenceTaken
from domain.payments.errors import BadPaymentTime
from tests.fixtures.chain import Harbour, harbour, terms
from tests.fixtures.desk import MONDAY, on, package, refused
from tests.fixtures.money_acts import paying
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


def joana(house: Harbour, *references: str) -> ImportCustomer:
    """Joana Reis, whom the old system knew in Lisbon."""
    return ImportCustomer(
        references=references,
        first_name="Joana",
        last_name="Reis",
        phone="+351922925006",
        email="joana@example.com",
        country="PT",
        birthday=None,
        tags=("vip",),
        whatsapp_consent=None,
        home_branch_id=house.lis,
        household_reference="H-1",
        registered_on=date(2025, 1, 1),
    )


async def pack(house: Harbour, reference: str = "OLD-1") -> ImportPackage:
    """Ana's 10 for 450.00, sold in Lisbon before Carnet: 4 are used and 100.00 is paid."""
    [version] = await rows("SELECT id FROM definition_version WHERE definition_id = $1", house.ten)
    return ImportPackage(
        reference=reference,
        definition_id=house.ten,
        definition_version_id=version["id"],
        name="Ten",
        customer_id=house.ana,
        branch_id=house.lis,
        sold_on=date(2026, 1, 5),
        expires_on=date(2026, 7, 4),
        terms=terms(Item((house.physio,), 10, 0, (5000,)), price_minor=45000),
        paid_minor=10000,
        lots=(FormerLot(0, house.physio, bonus=False, sessions=10, value_minor=45000),),
        uses=(FormerUse(0, 4, 18000, visit=None),),
    )


async def test_an_imported_package_tells_what_is_left_and_what_is_unpaid(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, await pack(house))
    assert (done.outcome.sessions_left, done.outcome.value_left_minor, done.outcome.outstanding_minor) == (
        6,
        27000,
        35000,
    )


async def test_a_reference_is_imported_once(db: str) -> None:
    house = await harbour(db)
    first = await run_command(house.owner, await pack(house))
    async with unchanged():
        with pytest.raises(ReferenceTaken) as refusal:
            await run_command(house.owner, await pack(house))
    assert refusal.value.taken_by_package_id == first.outcome.package_id


async def test_of_packages_imported_together_all_are_or_none(db: str) -> None:
    house = await harbour(db)
    one, other = await pack(house), await pack(house, "OLD-2")
    async with unchanged():
        with pytest.raises(ReferenceTaken):
            await run_together(house.owner, [one, other, one])
    outcomes = await run_together(house.owner, [one, other])
    assert [outcome.reference for outcome in outcomes] == ["OLD-1", "OLD-2"]
    operations = await rows("SELECT package_id FROM operation WHERE act = 'import_package' ORDER BY seq")
    assert [operation["package_id"] for operation in operations] == [outcome.package_id for outcome in outcomes]


async def test_what_belongs_to_another_chain_does_not_exist(db: str) -> None:
    house = await harbour(db)
    known = await pack(house)
    strange = (
        replace(known, branch_id="unknown"),
        replace(known, customer_id="unknown"),
        replace(known, definition_id="unknown"),
    )
    async with unchanged():
        with pytest.raises(NotFound):
            await run_command(system(house.other_owner.chain_id), known)
        for command in strange:
            with pytest.raises(NotFound, match="'unknown'"):
                await run_command(house.owner, command)


async def test_a_person_who_is_known_by_one_reference_gets_the_others(db: str) -> None:
    house = await harbour(db)
    first = await run_command(house.owner, joana(house, "C-1"))
    again = await run_command(house.owner, replace(joana(house, "C-1", "C-2"), phone=None))
    assert (first.outcome.created, again.outcome.created) == (True, False)
    assert again.outcome.customer_id == first.outcome.customer_id
    found = await rows("SELECT customer_id, reference FROM customer_reference ORDER BY id")
    assert [(row["customer_id"], row["reference"]) for row in found] == [
        (first.outcome.customer_id, "C-1"),
        (first.outcome.customer_id, "C-2"),
    ]


async def test_a_person_is_at_home_in_a_branch_of_the_chain(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(NotFound):
            await run_command(system(house.other_owner.chain_id), joana(house, "C-1"))


async def test_nobody_but_an_owner_carries_them_out(db: str) -> None:
    house = await harbour(db)
    for actor in (house.manager_lis, house.desk_lis, house.practitioner_lis, house.accountant, house.integrator):
        async with unchanged():
            for command in (joana(house, "C-1"), await pack(house)):
                with pytest.raises(Forbidden):
                    await run_command(actor, command)


async def test_what_came_in_before_the_import_was_counted_by_it(db: str) -> None:
    """What is unpaid stands in the books from the day of the import on: before that there is nothing to pay."""
    with on(MONDAY):
        house = await harbour(db)
        package_id = (await run_command(house.owner, await pack(house))).outcome.package_id
    with on(MONDAY + timedelta(days=3)):
        early = paying(house, package_id, 5000, received_at=MONDAY - timedelta(days=1))
        refusal = await refused(BadPaymentTime, house.owner, early)
        assert (refusal.earliest, refusal.latest) == (MONDAY, MONDAY + timedelta(days=3))
        await run_command(house.owner, paying(house, package_id, 5000, received_at=MONDAY + timedelta(hours=1)))
        assert (await package(house, package_id)).paid_minor == 15000

"""A definition has a draft, at most one version on sale, and a past that never changes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from domain.branches.errors import WrongCurrency
from domain.catalog import reading, store
from domain.catalog.define_package import DefinePackage
from domain.catalog.define_service import DefineService
from domain.catalog.errors import AlreadyRetired, NothingToPublish, NotPublished, ServiceNotPriced
from domain.catalog.publish_package_definition import PublishPackageDefinition
from domain.catalog.reading import DefinitionFilter
from domain.catalog.retire_package_definition import RetirePackageDefinition
from domain.catalog.store import BranchPrice, State
from domain.catalog.terms import BranchScope, BranchTax, Change, Item, Price, Terms, Validity, Where
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, customer_actor, harbour, terms
from tests.fixtures.races import at_once
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


def _five(house: Harbour, **rest: Any) -> DefinePackage:
    return DefinePackage("PHY5", "Physio 5-pack", terms(Item((house.physio,), 5), price_minor=24000, **rest))


def _five_taxed_at(house: Harbour, branch_id: str) -> DefinePackage:
    five = _five(house)
    price = replace(five.terms.price, branch_taxes=(BranchTax(branch_id, 1000),))
    return replace(five, terms=replace(five.terms, price=price))


async def _states(house: Harbour, definition_id: str) -> list[tuple[int, State]]:
    versions = await reading.versions_of(house.owner, [definition_id])
    return [(version.version, version.state) for _, version in versions]


async def test_a_new_definition_is_a_draft_that_is_not_on_sale(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, replace(_five(house), recommended=True))
    assert done.outcome.version == 1
    offer = await store.published(house.chain_id, done.outcome.definition_id)
    assert offer == store.Offer(done.outcome.definition_id, None, "PHY5", None)
    (draft,) = await reading.versions_by_ids(house.owner, [done.outcome.version_id])
    assert (draft.state, draft.name, draft.recommended) == (State.DRAFT, "Physio 5-pack", True)
    assert draft.terms == _five(house).terms


async def test_defining_again_replaces_the_draft(db: str) -> None:
    house = await harbour(db)
    first = await run_command(house.owner, _five(house))
    cheaper = replace(_five(house), terms=terms(Item((house.physio,), 5), price_minor=22000))
    second = await run_command(house.owner, cheaper)
    assert second.outcome == first.outcome
    (draft,) = await reading.versions_by_ids(house.owner, [first.outcome.version_id])
    assert draft.terms.price.amount_minor == 22000


async def test_publishing_puts_the_draft_on_sale_and_retires_what_was(db: str) -> None:
    house = await harbour(db)
    defined = await run_command(house.owner, _five(house))
    definition_id = defined.outcome.definition_id
    with time_machine.travel(datetime(2030, 1, 2, 3, 4, tzinfo=UTC), tick=False):
        await run_command(house.owner, PublishPackageDefinition(definition_id))
    again = await run_command(house.owner, replace(_five(house), name="Physio five"))
    assert await _states(house, definition_id) == [(2, State.DRAFT), (1, State.PUBLISHED)]
    done = await run_command(house.owner, PublishPackageDefinition(definition_id))
    assert (done.outcome.version_id, done.outcome.version) == (again.outcome.version_id, 2)
    assert await _states(house, definition_id) == [(2, State.PUBLISHED), (1, State.RETIRED)]
    offer = await store.published(house.chain_id, definition_id)
    assert offer == store.Offer(definition_id, again.outcome.version_id, "Physio five", _five(house).terms)
    (first,) = await reading.versions_by_ids(house.owner, [defined.outcome.version_id])
    assert first.published_at == datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    assert first.retired_at is not None


async def test_sold_packages_keep_the_terms_they_were_sold_on(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis))
    before = await rows("SELECT * FROM package")
    dearer = DefinePackage("PHY10", "Physio ten", terms(Item((house.physio,), 10), price_minor=50000))
    await run_command(house.owner, dearer)
    await run_command(house.owner, PublishPackageDefinition(house.ten))
    assert await rows("SELECT * FROM package") == before


async def test_without_a_draft_there_is_nothing_to_publish(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(NothingToPublish) as refused:
            await run_command(house.owner, PublishPackageDefinition(house.ten))
    assert (refused.value.definition_id, refused.value.published_version) == (house.ten, 1)


async def test_a_draft_that_is_published_twice_at_once_is_published_once(db: str) -> None:
    house = await harbour(db)
    definition_id = (await run_command(house.owner, _five(house))).outcome.definition_id
    command = PublishPackageDefinition(definition_id)
    answers = await at_once(*(run_command(house.owner, command) for _ in range(5)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done"] + ["NothingToPublish"] * 4
    assert await _states(house, definition_id) == [(1, State.PUBLISHED)]


async def test_one_code_defined_twice_at_once_is_one_definition(db: str) -> None:
    house = await harbour(db)
    answers = await at_once(*(run_command(house.owner, _five(house)) for _ in range(4)))
    assert len({answer.outcome.definition_id for answer in answers}) == 1
    assert await _states(house, answers[0].outcome.definition_id) == [(1, State.DRAFT)]


async def test_a_retired_definition_is_sold_no_more_until_a_draft_is_published(db: str) -> None:
    house = await harbour(db)
    with time_machine.travel(datetime(2030, 1, 2, 3, 4, tzinfo=UTC), tick=False):
        await run_command(house.owner, RetirePackageDefinition(house.ten))
    assert await _states(house, house.ten) == [(1, State.RETIRED)]
    async with unchanged():
        with pytest.raises(AlreadyRetired) as refused:
            await run_command(house.owner, RetirePackageDefinition(house.ten))
    assert refused.value.retired_at == datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    await run_command(house.owner, replace(_five(house), code="PHY10"))
    await run_command(house.owner, PublishPackageDefinition(house.ten))
    assert await _states(house, house.ten) == [(2, State.PUBLISHED), (1, State.RETIRED)]


async def test_what_was_never_on_sale_cannot_be_retired(db: str) -> None:
    house = await harbour(db)
    definition_id = (await run_command(house.owner, _five(house))).outcome.definition_id
    async with unchanged():
        with pytest.raises(NotPublished):
            await run_command(house.owner, RetirePackageDefinition(definition_id))


async def test_a_definition_of_another_chain_is_as_unknown_as_none(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        for unknown in (house.ten, new_id("def"), "nonsense"):
            for command in (PublishPackageDefinition(unknown), RetirePackageDefinition(unknown)):
                with pytest.raises(NotFound) as refused:
                    await run_command(house.other_owner, command)
                assert (refused.value.noun, refused.value.path) == ("package definition", ("definitionId",))
    assert await store.published(house.other_owner.chain_id, house.ten) is None
    assert await reading.definitions_by_ids(house.other_owner, [house.ten]) == []
    assert await reading.versions_of(house.other_owner, [house.ten]) == []


async def test_impossible_terms_are_refused_with_every_reason(db: str) -> None:
    house = await harbour(db)
    impossible = Terms((), Price(-1, "EUR"), Validity(days=0))
    async with unchanged():
        with pytest.raises(InvalidInput) as refused:
            await run_command(house.owner, DefinePackage("phy 5", "", impossible))
    assert [problem.path for problem in refused.value.problems] == [
        ("code",),
        ("name",),
        ("items",),
        ("price", "amount"),
        ("validity", "days"),
    ]


async def test_a_package_is_not_changed_for_one_of_its_own_definition(db: str) -> None:
    house = await harbour(db)
    itself = replace(_five(house, change=Change(upgrade_to=(house.ten,))), code="PHY10")
    async with unchanged():
        with pytest.raises(
            InvalidInput, match=r"^A package cannot be changed to one of its own definition\.$"
        ) as refused:
            await run_command(house.owner, itself)
    assert refused.value.path == ("change", "upgradeTo")
    await run_command(house.owner, replace(itself, code="OTHER"))


async def test_everything_that_terms_name_belongs_to_the_chain(db: str) -> None:
    house = await harbour(db)
    strangers: list[tuple[DefinePackage, str, tuple[str, ...]]] = [
        (
            replace(_five(house), terms=terms(Item((house.physio,), 1), Item((new_id("srv"),), 1), price_minor=1)),
            "service",
            ("items", "1", "services"),
        ),
        (
            _five(house, where=Where(BranchScope.LISTED, (house.lis, house.other_branch))),
            "branch",
            ("where", "branches"),
        ),
        (
            _five_taxed_at(house, house.other_branch),
            "branch",
            ("price", "branchTaxes"),
        ),
        (
            _five(house, where=Where(practitioner_ids=(house.other_owner.id,))),
            "practitioner",
            ("where", "practitioners"),
        ),
        (_five(house, change=Change(upgrade_to=(new_id("def"),))), "package definition", ("change", "upgradeTo")),
    ]
    async with unchanged():
        for command, noun, path in strangers:
            with pytest.raises(NotFound) as refused:
                await run_command(house.owner, command)
            assert (refused.value.noun, refused.value.path) == (noun, path)


async def test_terms_may_name_branches_practitioners_and_upgrades_of_the_chain(db: str) -> None:
    house = await harbour(db)
    where = Where(BranchScope.LISTED, (house.lis, house.pdl), (house.practitioner_lis.id,))
    done = await run_command(house.owner, _five(house, where=where, change=Change(upgrade_to=(house.ten,))))
    (draft,) = await reading.versions_by_ids(house.owner, [done.outcome.version_id])
    assert (draft.terms.where, draft.terms.change.upgrade_to) == (where, (house.ten,))


async def test_a_definition_is_in_the_currency_of_its_chain(db: str) -> None:
    house = await harbour(db)
    pounds = replace(_five(house).terms, price=Price(24000, "GBP"))
    async with unchanged():
        with pytest.raises(WrongCurrency) as refused:
            await run_command(house.owner, DefinePackage("PHY5", "Physio", pounds))
    assert (refused.value.expected, refused.value.path) == ("EUR", ("price", "currency"))


async def test_every_service_needs_a_price_where_the_package_is_sold(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, DefineService("DEN40", "Dental", 40, (BranchPrice(house.lis, 6500),)))
    dental = Item((done.outcome.service_id,), 2)
    at_mad = Where(BranchScope.LISTED, (house.mad,))
    async with unchanged():
        with pytest.raises(ServiceNotPriced) as refused:
            command = DefinePackage("DEN2", "Dental", terms(dental, price_minor=11900, where=at_mad))
            await run_command(house.owner, command)
    assert (refused.value.service_id, refused.value.service_code) == (done.outcome.service_id, "DEN40")
    await run_command(house.owner, DefinePackage("DEN2", "Dental", terms(dental, price_minor=11900)))


async def test_a_manager_of_one_branch_does_not_change_the_catalogue_of_the_chain(db: str) -> None:
    house = await harbour(db)
    commands = (_five(house), PublishPackageDefinition(house.ten), RetirePackageDefinition(house.ten))
    async with unchanged():
        for actor in (house.manager_lis, house.desk_lis, house.accountant, house.integrator):
            for command in commands:
                with pytest.raises(Forbidden):
                    await run_command(actor, command)


async def test_staff_see_every_definition_and_customers_what_is_on_sale(db: str) -> None:
    house = await harbour(db)
    draft = (await run_command(house.owner, _five(house))).outcome
    ana = await customer_actor(house, house.ana)
    on_sale = [house.ten, house.buy_3_free_1, house.trial, house.bundle]
    assert await _page(house.desk_lis) == [*on_sale, draft.definition_id]
    assert await _page(ana) == on_sale
    assert await reading.definitions_by_ids(ana, [draft.definition_id]) == []
    assert await reading.versions_by_ids(ana, [draft.version_id]) == []


async def test_customers_still_see_what_they_bought_before_it_was_retired(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, RetirePackageDefinition(house.ten))
    await run_command(house.owner, replace(_five(house), code="PHY10", name="Not yet on sale"))
    ana = await customer_actor(house, house.ana)
    (seen,) = await reading.definitions_by_ids(ana, [house.ten])
    (known,) = await reading.definitions_by_ids(house.owner, [house.ten])
    assert (seen.current.state, seen.current.name) == (State.RETIRED, "Package PHY10")
    assert (known.current.state, known.current.name) == (State.DRAFT, "Not yet on sale")
    assert house.ten not in await _page(ana)


async def test_definitions_are_found_by_state_service_and_recommendation(db: str) -> None:
    house = await harbour(db)
    draft = (await run_command(house.owner, replace(_five(house), recommended=True))).outcome.definition_id
    assert await _page(house.owner, state=State.DRAFT) == [draft]
    assert await _page(house.owner, service_id=house.facial) == [house.trial, house.bundle]
    assert await _page(house.owner, service_id=house.physio, state=State.PUBLISHED) == [house.ten]
    assert await _page(house.owner, recommended=True) == [draft]
    for nonsense in ("%", "", new_id("srv"), "srv_%"):
        assert await _page(house.owner, service_id=nonsense) == []


async def test_definitions_come_page_by_page(db: str) -> None:
    house = await harbour(db)
    first = await reading.definitions_page(house.owner, DefinitionFilter(), None, 3)
    rest = await reading.definitions_page(house.owner, DefinitionFilter(), first[-1].id, 3)
    assert [each.id for each in first + rest] == [house.ten, house.buy_3_free_1, house.trial, house.bundle]


async def _page(actor: Actor, **which: Any) -> list[str]:
    return [each.id for each in await reading.definitions_page(actor, DefinitionFilter(**which), None, 10)]

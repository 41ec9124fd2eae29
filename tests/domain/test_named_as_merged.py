"""Acts that name a customer who turned out to be another one say who that is, to those who may name that customer."""

from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.rules import Start
from domain.customers.change_household import ChangeHousehold
from domain.customers.form_household import FormHousehold
from domain.kernel.commands import run_command
from domain.kernel.errors import NotFound
from domain.packages.errors import CustomerMerged
from domain.packages.redeem_session import RedeemSession
from domain.packages.sell_package import SellPackage
from domain.sharing.revoke_sharing import RevokeSharing
from domain.sharing.share_package import SharePackage
from tests.fixtures import handed
from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.families import family
from tests.fixtures.money_acts import depositing
from tests.fixtures.persons import merged

pytestmark = pytest.mark.anyio

TOMORROW = (Start(MONDAY + timedelta(days=1)),)


def _acts(house: Harbour, given: str, named: str, gone: str) -> list[tuple[Any, tuple[str, ...]]]:
    """Every act that may name them, and the path of the input where it does."""
    return [
        (SellPackage(house.ten, gone, house.lis), ("customerId",)),
        (RedeemSession(house.physio, house.lis, customer_id=gone), ("customerId",)),
        (RedeemSession(house.physio, house.lis, given, gone), ("customerId",)),
        (BookSession(house.physio, house.lis, gone, TOMORROW), ("customerId",)),
        (
            BookSession(house.physio, house.lis, house.rui, TOMORROW, sessions=2, companion_ids=(gone,)),
            ("companionIds", "0"),
        ),
        (depositing(house, 1000, customer_id=gone), ("customerId",)),
        (FormHousehold("Two", (house.eva, gone)), ("customerIds",)),
        (ChangeHousehold(house.household, (gone,)), ("add",)),
        (ChangeHousehold(house.household, remove=(gone,)), ("remove",)),
        (handed.to_eva(house, given, 1, recipient_id=gone), ("recipientId",)),
        (SharePackage(named, gone), ("customerId",)),
        (RevokeSharing(named, gone), ("customerId",)),
    ]


async def test_who_is_named_as_they_were_before_a_merge_is_told_who_they_are(db: str) -> None:
    with on(MONDAY):
        known = await family(db)
        house = known.house
        given = await handed.paid(house, await handed.giving(house))
        twin = await customer(house.owner, "Eva", "Ruiz-Sol", house.mad)
        await merged(house, keep_id=house.eva, merge_id=twin)
        for command, path in _acts(house, given, known.named, twin):
            refusal = await refused(CustomerMerged, house.owner, command)
            assert (refusal.customer_id, refusal.merged_into_id, refusal.path) == (twin, house.eva, path)
        for command, path in _acts(house, given, known.named, house.other_customer):
            assert (await refused(NotFound, house.owner, command)).path == path
        wanted = SellPackage(house.ten, house.eva, house.lis)
        assert (await run_command(house.desk_lis, wanted)).outcome.package_id


async def test_whom_they_were_merged_into_is_not_told_to_who_may_not_know_them(db: str) -> None:
    with on(MONDAY):
        known = await family(db)
        house = known.house
        twin = await customer(house.owner, "Eva", "Ruiz-Sol", house.mad)
        await merged(house, keep_id=house.eva, merge_id=twin)
        await refused(NotFound, house.desk_lis, ChangeHousehold(house.household, (twin,)))
        ana = await customer_actor(house, house.ana)
        await refused(NotFound, ana, SharePackage(known.named, twin))
        booked = BookSession(house.physio, house.lis, house.ana, TOMORROW, sessions=2, companion_ids=(twin,))
        await refused(NotFound, ana, booked)


async def test_sessions_are_used_under_the_id_that_stayed(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await sold(house, house.ten, customer_id=house.eva)
        await merged(house)
        used = RedeemSession(house.physio, house.lis, package, house.eva)
        assert (await refused(CustomerMerged, house.desk_lis, used)).merged_into_id == house.ana
        used = RedeemSession(house.physio, house.lis, package, house.ana)
        assert (await run_command(house.desk_lis, used)).outcome.remaining == 9

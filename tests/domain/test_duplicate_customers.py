"""Who shares a phone or an e-mail address may be one person: pairs are proposed to those who may merge them."""

import pytest

from domain.customers import duplicates
from domain.customers.duplicates import Shared
from domain.kernel.access import Actor
from tests.fixtures.chain import customer, customer_actor, harbour
from tests.fixtures.persons import merged

pytestmark = pytest.mark.anyio

PHONE = "+351922925005"


Proposed = list[tuple[str, str, tuple[Shared, ...]]]


async def _pairs(actor: Actor, after: list[str] | None = None, limit: int = 10) -> Proposed:
    return [(pair.one.id, pair.other.id, pair.because) for pair in await duplicates.page(actor, after, limit)]


async def test_pairs_are_proposed_with_what_they_share_until_they_are_merged(db: str) -> None:
    house = await harbour(db)
    anna = await customer(house.owner, "Anna", "Silva", house.lis, phone=PHONE, email="ANA@example.com")
    anita = await customer(house.owner, "Anita", "S", house.mad, email="Ana@Example.com")
    both, email = (Shared.PHONE, Shared.EMAIL), (Shared.EMAIL,)
    everybody = [(house.ana, anna, both), (house.ana, anita, email), (anna, anita, email)]
    assert await _pairs(house.owner) == everybody
    assert await _pairs(house.owner, limit=2) == everybody[:2]
    assert await _pairs(house.owner, [house.ana, anita]) == everybody[2:]
    await merged(house, merge_id=anna)
    assert await _pairs(house.owner) == [(house.ana, anita, email)]


async def test_staff_of_a_branch_are_told_of_pairs_of_whom_they_see_both_and_others_of_none(db: str) -> None:
    house = await harbour(db)
    await customer(house.owner, "Anita", "S", house.mad, email="ana@example.com")
    near = await customer(house.owner, "Anna", "Silva", house.lis, phone=PHONE)
    assert await _pairs(house.manager_lis) == [(house.ana, near, (Shared.PHONE,))]
    for nobody in (house.manager_mad, house.desk_lis, house.other_owner, await customer_actor(house, house.ana)):
        assert await _pairs(nobody) == []

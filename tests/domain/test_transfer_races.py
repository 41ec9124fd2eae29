"""Sessions that go back and forth at the same time are neither lost nor doubled, and everybody gets an answer."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.catalog.terms import Item
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect, rows, transaction
from domain.packages.errors import NotEnoughSessions
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.transfers.asked import Asked
from domain.transfers.transfer_package import TransferPackage
from domain.transfers.undo_transfer import UndoTransfer
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, sold
from tests.fixtures.handed import ANYONE, assert_sound, giving, handed_on, lots, paid, to_eva
from tests.fixtures.races import at_once
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio

SECONDS = float(os.environ.get("BANK_SECONDS", "5"))
"""How long sessions go back and forth between the packages of the bank."""

CLIENTS, DAY = 16, timedelta(days=1)

_SUMS = """SELECT SUM(l.available + l.held) AS all_of_them, MIN(l.available) AS least, SUM(l.value_left_minor) AS value
    FROM lot l"""


@pytest.fixture
async def bank(postgres_url: str) -> AsyncIterator[str]:
    """A database to which every client has a connection of its own, and the readers too."""
    sign = "&" if "?" in postgres_url else "?"
    await connect(f"{postgres_url}{sign}minsize={CLIENTS + 2}&maxsize={CLIENTS + 2}")
    yield postgres_url
    await disconnect()


async def test_the_bank_of_eight_packages_always_has_eight_hundred_sessions(bank: str) -> None:
    house = await harbour(bank)
    hundred = terms(Item((house.physio,), 100), price_minor=450000, who=ANYONE)
    definition = await published(house.owner, "BANK", hundred)
    people = [await customer(house.owner, f"Client {number}", "Bank", house.lis) for number in range(8)]
    accounts = {person: await sold(house, definition, customer_id=person, payments=cash(450000)) for person in people}
    until, answers, reads = time.monotonic() + SECONDS, Counter[str](), Counter[tuple[int, int]]()

    async def hand_on(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < until:
            giver, taker = chance.sample(people, 2)
            asked = Asked(
                accounts[giver], taker, chance.randint(1, 5), into_package_id=accounts[taker], branch_id=house.lis
            )
            try:
                await run_command(house.desk_lis, TransferPackage(asked))
            except NotEnoughSessions:
                answers["refused"] += 1
            else:
                answers["done"] += 1

    async def read() -> None:
        while time.monotonic() < until:
            (found,) = await rows(_SUMS)
            assert found["least"] >= 0
            reads[int(found["all_of_them"]), int(found["value"])] += 1
            await asyncio.sleep(0)

    await asyncio.gather(*(hand_on(number) for number in range(CLIENTS)), read(), read())
    print(f"{answers['done'] / SECONDS:.0f} transfers a second, {reads.total()} reads")  # noqa: T201 - the figure
    assert set(reads) == {(800, 3600000)}
    assert answers["done"] > SECONDS
    (few,) = await rows("SELECT COUNT(*) AS lots FROM lot")
    assert few["lots"] <= 16, "what comes back joins what is there"
    await assert_sound(house)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_handing_on_against_using_lapsing_and_moving_home(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        gift = GrantGoodwill(mine, sessions=2, reason="waited long", last_day=(MONDAY + DAY).date())
        await run_command(house.owner, gift)
    with on(MONDAY + 3 * DAY):  # the gift has lapsed, and no sweep has written that down
        asked = await run_command(house.manager_lis, RequestBranchTransfer(mine, house.mad, "she has moved"))
        accept = AcceptBranchTransfer(asked.outcome.branch_transfer_id)
        use = RedeemSession(house.physio, house.lis, mine, sessions=3)
        answers = await at_once(
            run_command(house.desk_lis, to_eva(house, mine, 4)),
            run_command(house.desk_lis, use),
            lapse_packages(),
            run_command(house.manager_mad, accept),
            run_command(house.desk_lis, to_eva(house, mine, 4)),
            lapse_packages(),
        )
        await lapse_packages()
    kinds = [type(answers[index]).__name__ for index in (0, 1, 4)]
    assert Counter(kinds) == {"Done": 2, "NotEnoughSessions": 1}
    assert type(answers[3]).__name__ == "Done"
    assert not any(isinstance(answers[index], BaseException) for index in (2, 5))
    gone = 4 * (kinds[0] == "Done") + 4 * (kinds[2] == "Done")
    used_up = 3 * (kinds[1] == "Done")
    found = await rows("SELECT available, consumed, expired, moved FROM lot WHERE package_id = $1 ORDER BY id", mine)
    assert [tuple(row.values()) for row in found] == [(10 - gone - used_up, used_up, 0, gone), (0, 0, 2, 0)]
    await assert_sound(house)


async def test_taking_back_against_using_happens_once(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        done = (await handed_on(house, mine, 1)).outcome
        undo = UndoTransfer(done.transfer_id, "the wrong Eva")
        use = RedeemSession(house.physio, house.lis, done.into_package_id)
        answers = await at_once(*(run_command(house.owner, each) for each in (undo, use, undo)))
        used = type(answers[1]).__name__ == "Done"
        expected = {"TransferUsed": 2} if used else {"Done": 1, "WrongTransferState": 1}
        assert Counter(type(answers[index]).__name__ for index in (0, 2)) == expected
        assert used or isinstance(answers[1], NotEnoughSessions)
    await assert_sound(house)


async def test_a_visit_that_is_called_off_while_its_package_goes_ends_once_where_it_is(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        visits = [await booked(house, MONDAY + days * DAY, package_id=mine) for days in (2, 3, 4)]
        whole = to_eva(house, mine, with_bookings=True)
        answers = await at_once(
            run_command(house.desk_lis, whole), *(run_command(house.owner, CancelBooking(visit)) for visit in visits)
        )
    assert [type(answer).__name__ for answer in answers] == ["Done"] * 4
    found = await rows("SELECT SUM(held) AS held, SUM(available) AS available FROM lot")
    assert (int(found[0]["held"]), int(found[0]["available"])) == (0, 10)
    await assert_sound(house)


async def test_who_waited_while_a_booking_went_along_finds_it_at_its_new_package(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        mine = await paid(house, await giving(house))
        visit = await booked(house, MONDAY + 2 * DAY, package_id=mine)
    held, free = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            await rows("SELECT id FROM package WHERE id = $1 FOR UPDATE", mine)
            held.set()
            await free.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    with on(MONDAY):
        going = asyncio.create_task(run_command(house.desk_lis, to_eva(house, mine, with_bookings=True)))
        await eventually_so(lambda: _waiting(1))
        cancelling = asyncio.create_task(run_command(house.owner, CancelBooking(visit)))
        await eventually_so(lambda: _waiting(2))
        free.set()
        _, done, cancelled = await asyncio.gather(holding, going, cancelling)
    assert cancelled.outcome.package_id == done.outcome.into_package_id
    assert await lots(done.outcome.into_package_id) == [("TRANSFER", 10, 0, 0, 45000)]
    await assert_sound(house)


async def _waiting(count: int) -> bool:
    return len(await rows("SELECT 1 AS one FROM pg_locks WHERE NOT granted")) == count

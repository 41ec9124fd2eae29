"""A disputed payment is kept back by the provider and freezes the package; winning gives both back, but for the fee."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.branches.errors import WrongCurrency
from domain.catalog.terms import Item, Validity, ValidityStart
from domain.expiry.rules import LotDated
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import PackageDisputed, PackageFrozen
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.payments.errors import AlreadyDisputed, DisputeExceedsPaid, NotDisputed
from domain.payments.open_dispute import OpenDispute
from domain.payments.win_dispute import WinDispute
from tests.fixtures.blocked import frozen
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import LAPSES, extended

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = (Received(PaymentMethod.ONLINE_LINK, 45000),)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def disputing(package_id: str, amount_minor: int = 45000, **rest: Any) -> OpenDispute:
    return OpenDispute(package_id, amount_minor, "EUR", "card holder says no", **rest)


def won(package_id: str) -> WinDispute:
    return WinDispute(package_id, "the signed terms were shown")


async def freezes(package_id: str) -> list[dict[str, Any]]:
    return await rows(
        "SELECT cause, starts_on, thaws_on, frozen_from, thaws_at, days_added, lots"
        ' FROM "freeze" WHERE package_id = $1 ORDER BY frozen_from',
        package_id,
    )


async def test_what_is_kept_back_and_the_fee_are_posted_and_mirrored_without_the_fee(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        opened = await run_command(house.manager_lis, disputing(package_id, fee_minor=1500))
    assert await posted(opened.operation_id) == [
        ("DISPUTES", house.lis, 45000),
        ("PROVIDER_CLEARING", house.lis, -45000),
        ("PROVIDER_FEES", house.lis, 1500),
        ("PROVIDER_CLEARING", house.lis, -1500),
    ]
    assert await freezes(package_id) == [
        {
            "cause": "DISPUTE",
            "starts_on": date(2026, 3, 2),
            "thaws_on": None,
            "frozen_from": MONDAY,
            "thaws_at": None,
            "days_added": 0,
            "lots": [],
        }
    ]
    with on(MONDAY + 20 * DAY):
        done = await run_command(house.manager_lis, won(package_id))
        after = await package(house, package_id)
    assert await posted(done.operation_id) == [("DISPUTES", house.lis, -45000), ("PROVIDER_CLEARING", house.lis, 45000)]
    assert (after.status, after.disputed_at, after.frozen_from, after.thaws_at) == (
        Status.ACTIVE,
        None,
        MONDAY,
        MONDAY + 20 * DAY,
    )
    (lot,) = after.lots
    assert done.outcome.lots == (LotDated(lot.id, date(2026, 8, 29), date(2026, 9, 18)),)
    assert lot.last_day == date(2026, 8, 29) + 20 * DAY
    (freeze,) = await freezes(package_id)
    assert (freeze["thaws_on"], freeze["days_added"], freeze["lots"]) == (date(2026, 3, 22), 20, [lot.id])
    assert await audit_ledgers(house.chain_id) == []


async def test_nothing_can_be_used_while_it_lasts_and_all_of_it_afterwards(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, disputing(package_id))
    use = RedeemSession(house.physio, house.lis, package_id)
    with on(MONDAY + 400 * DAY):
        assert (await package(house, package_id)).status is Status.DISPUTED
        refusal = await refused(PackageDisputed, house.owner, use)
        assert refusal.disputed_at == MONDAY
        await run_command(house.owner, won(package_id))
        view = await package(house, package_id)
        assert (view.status, view.expires_on) == (Status.ACTIVE, date(2026, 8, 29) + 400 * DAY)
        assert (await run_command(house.owner, use)).outcome.remaining == 9


async def test_a_visit_in_the_time_of_a_dispute_that_was_won_since_is_refused(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
    with on(MONDAY + DAY):
        await run_command(house.owner, disputing(package_id))
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, won(package_id))
    with on(MONDAY + 3 * DAY):
        then = RedeemSession(house.physio, house.lis, package_id, visited_at=MONDAY + DAY)
        assert (await refused(PackageFrozen, house.owner, then)).thaws_at == MONDAY + 2 * DAY
        for at in (MONDAY, MONDAY + 2 * DAY):
            await run_command(house.owner, replace(then, visited_at=at))


async def test_so_is_one_when_the_package_bears_a_freeze_to_come(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        other = await sold(house, house.ten)
        await frozen(package_id, MONDAY + 20 * DAY, MONDAY + 30 * DAY)
        await run_command(house.owner, disputing(package_id))
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, won(package_id))
    with on(MONDAY + 3 * DAY):
        then = RedeemSession(house.physio, house.lis, package_id, visited_at=MONDAY + DAY)
        assert (await refused(PackageFrozen, house.owner, then)).thaws_at == MONDAY + 2 * DAY
        any_package = replace(then, package_id=None, customer_id=house.ana)
        assert (await run_command(house.owner, any_package)).outcome.package_id == other


async def test_only_what_was_there_and_alive_when_it_began_lives_longer(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        lapsed = (await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=MONDAY.date()))).outcome
        alive = (await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))).outcome
    with on(MONDAY + DAY):
        await run_command(house.owner, disputing(package_id))
    with on(MONDAY + 2 * DAY):
        later = (await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))).outcome
    with on(MONDAY + 41 * DAY):
        done = await run_command(house.owner, won(package_id))
        lots = {lot.id: lot for lot in (await package(house, package_id)).lots}
    assert {lot.lot_id: lot.last_day for lot in done.outcome.lots} == {
        min(lots): date(2026, 8, 29) + 40 * DAY,
        alive.lot_id: date(2026, 4, 1) + 40 * DAY,
    }
    assert lots[lapsed.lot_id].last_day == MONDAY.date()
    assert lots[later.lot_id].last_day == date(2026, 4, 3)
    assert lots[alive.lot_id].expires_at == lots[alive.lot_id].lapses_at, "goodwill has no grace"
    assert done.outcome.remaining == 11


async def test_what_had_lapsed_and_is_reinstated_meanwhile_gets_the_days_since(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
    with on(LAPSES + 10 * DAY):
        await run_command(house.owner, disputing(package_id))
    with on(LAPSES + 30 * DAY):
        await extended(house, package_id, date(2026, 11, 11))
    with on(LAPSES + 40 * DAY):
        (lot,) = (await run_command(house.owner, won(package_id))).outcome.lots
    assert (lot.was, lot.last_day) == (date(2026, 11, 11), date(2026, 11, 21))


async def test_days_that_were_frozen_anyway_are_added_once(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        (lot,) = (await package(house, package_id)).lots
        await frozen(package_id, MONDAY + 3 * DAY, MONDAY + 30 * DAY)
        await execute('UPDATE "freeze" SET lots = $1 WHERE package_id = $2', [lot.id], package_id)
        await run_command(house.owner, disputing(package_id))
    with on(MONDAY + 10 * DAY):
        done = await run_command(house.owner, won(package_id))
        view = await package(house, package_id)
    # Of ten days seven were frozen; the freeze, which lasts longer, stays what the package bears.
    assert done.outcome.lots == (LotDated(lot.id, date(2026, 8, 29), date(2026, 9, 1)),)
    assert (view.frozen_from, view.thaws_at) == (MONDAY + 3 * DAY, MONDAY + 30 * DAY)


async def test_a_dispute_won_on_the_day_it_began_adds_nothing(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, disputing(package_id))
    with on(MONDAY + timedelta(hours=13, minutes=59)):  # a minute to midnight in Lisbon
        assert (await run_command(house.owner, won(package_id))).outcome.lots == ()


async def test_the_last_day_to_start_moves_too(house: Harbour) -> None:
    validity = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
    first_use = replace(terms(Item((house.physio,), 5), price_minor=20000), validity=validity)
    with on(MONDAY):
        definition = await published(house.owner, "FIRST", first_use)
        package_id = await sold(house, definition, payments=(Received(PaymentMethod.ONLINE_LINK, 20000),))
        await run_command(house.owner, disputing(package_id, 20000))
    with on(MONDAY + 5 * DAY):
        await run_command(house.owner, won(package_id))
        view = await package(house, package_id)
        assert (view.start_by, view.lots[0].last_day) == (date(2026, 4, 6), date(2026, 4, 6))


async def test_also_when_the_first_use_turns_out_to_be_a_mistake(house: Harbour) -> None:
    validity = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
    first_use = replace(terms(Item((house.physio,), 5), price_minor=20000), validity=validity)
    with on(MONDAY):
        definition = await published(house.owner, "FIRST", first_use)
        package_id = await sold(house, definition, payments=(Received(PaymentMethod.ONLINE_LINK, 20000),))
        mistake = await used(house, package_id)
        await run_command(house.owner, disputing(package_id, 20000))
    with on(MONDAY + 5 * DAY):
        await run_command(house.owner, won(package_id))
        assert (await package(house, package_id)).lots[0].last_day == date(2026, 6, 5)
        await run_command(house.owner, ReverseRedemption(mistake.operation_id, Fault.BUSINESS, "typed twice"))
        view = await package(house, package_id)
        assert (view.start_by, view.lots[0].last_day) == (date(2026, 4, 6), date(2026, 4, 6))


async def test_a_second_dispute_waits_for_the_first(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, disputing(package_id, 100))
        assert (await refused(AlreadyDisputed, house.owner, disputing(package_id, 100))).disputed_at == MONDAY
    with on(MONDAY + DAY):
        await run_command(house.owner, won(package_id))
        assert (await refused(NotDisputed, house.owner, won(package_id))).package_id == package_id
        await run_command(house.owner, disputing(package_id, 200))
    with on(MONDAY + 2 * DAY):
        done = await run_command(house.owner, won(package_id))
        assert done.outcome.disputed_at == MONDAY + DAY
        assert await posted(done.operation_id) == [("DISPUTES", house.lis, -200), ("PROVIDER_CLEARING", house.lis, 200)]


async def test_no_more_is_disputed_than_came_through_the_provider(house: Harbour) -> None:
    mixed = (Received(PaymentMethod.ONLINE_LINK, 10000), *cash(20000), Received(PaymentMethod.ONLINE_LINK, 5000))
    package_id = await sold(house, house.ten, payments=mixed)
    refusal = await refused(DisputeExceedsPaid, house.owner, disputing(package_id, 15001))
    assert (refusal.paid, refusal.disputed) == (Money(15000, "EUR"), Money(15001, "EUR"))
    await run_command(house.owner, disputing(package_id, 15000))


async def test_money_that_cannot_be(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=ONLINE)
    for wrong, path in (
        (replace(disputing(package_id), currency="GBP"), "amount"),
        (disputing(package_id, fee_minor=1, fee_currency="GBP"), "fee"),
    ):
        assert (await refused(WrongCurrency, house.owner, wrong)).path == (path, "currency")
    for blank, path in (
        (disputing(package_id, 0), "amount"),
        (disputing(package_id, fee_minor=-1), "fee"),
        (replace(disputing(package_id), reason="  "), "reason"),
        (replace(won(package_id), reason=""), "reason"),
    ):
        assert (await refused(InvalidInput, house.owner, blank)).path == (path,)


async def test_who_may(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=ONLINE)
    ana = await customer_actor(house, house.ana)
    for actor in (house.desk_lis, house.manager_mad, house.practitioner_lis, house.accountant, ana):
        for command in (disputing(package_id), won(package_id)):
            await refused(Forbidden, actor, command)
    await refused(NotFound, house.other_owner, disputing(package_id))
    await refused(NotFound, house.owner, won("pkg_none"))
    await run_command(house.integrator, disputing(package_id))
    await run_command(house.integrator, won(package_id))


async def test_of_several_at_once_one_opens_and_one_wins(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=ONLINE)
    opened = await at_once(*(run_command(house.owner, disputing(package_id)) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in opened) == ["AlreadyDisputed"] * 3 + ["Done"]
    settled = await at_once(*(run_command(house.owner, won(package_id)) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in settled) == ["Done"] + ["NotDisputed"] * 3
    assert len(await freezes(package_id)) == 1
    assert await audit_ledgers(house.chain_id) == []


async def test_the_same_key_opens_one_dispute(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=ONLINE)
    first = await run_command(house.owner, disputing(package_id), "dispute of the tests")
    again = await run_command(house.owner, disputing(package_id), "dispute of the tests")
    assert (again.replayed, again.outcome) == (True, first.outcome)
    used_anyway = RedeemSession(house.physio, house.lis, package_id)
    await refused(PackageDisputed, house.owner, used_anyway)
    await run_command(house.owner, won(package_id))
    await used(house, package_id)

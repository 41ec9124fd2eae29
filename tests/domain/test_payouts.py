"""What a provider collected stays with it until it pays out, less its fee; never more than it collected."""

from datetime import date, timedelta

import pytest

from domain.branches.errors import BooksClosed, WrongCurrency
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.payments.errors import BadPayoutDay, PayoutExceedsCollected
from domain.payments.record_payout import PayoutRecorded, RecordPayout
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, posted, refused, sold
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        house = await harbour(db)
    with on(MONDAY + DAY):
        await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
    return house


def payout(house: Harbour, gross_minor: int, fee_minor: int = 0, **rest: object) -> RecordPayout:
    return RecordPayout(house.lis, gross_minor, "EUR", fee_minor, **rest)  # type: ignore[arg-type]


async def test_what_arrives_and_what_the_provider_keeps_clear_what_it_collected(house: Harbour) -> None:
    with on(FRIDAY):
        done = await run_command(house.manager_lis, payout(house, 45000, 1596))
    assert done.outcome == PayoutRecorded(house.lis, 45000, 1596, "EUR", date(2026, 3, 6))
    assert await posted(done.operation_id) == [
        ("CASH", house.lis, 43404),
        ("PROVIDER_FEES", house.lis, 1596),
        ("PROVIDER_CLEARING", house.lis, -45000),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_it_is_posted_on_the_day_it_arrived(house: Harbour) -> None:
    with on(FRIDAY):
        done = await run_command(house.accountant, payout(house, 100, paid_out_on=date(2026, 3, 4)))
    (entry,) = await rows("SELECT posted_on, event FROM journal_entry WHERE operation_id = $1", done.operation_id)
    assert entry == {"posted_on": date(2026, 3, 4), "event": "PAYOUT"}


async def test_more_than_was_collected_by_then(house: Harbour) -> None:
    with on(FRIDAY):
        refusal = await refused(PayoutExceedsCollected, house.owner, payout(house, 45001))
        assert (refusal.branch_id, refusal.collected, refusal.gross) == (
            house.lis,
            Money(45000, "EUR"),
            Money(45001, "EUR"),
        )
        before = payout(house, 1, paid_out_on=date(2026, 3, 2))
        assert (await refused(PayoutExceedsCollected, house.owner, before)).collected == Money(0, "EUR")
        await run_command(house.owner, payout(house, 40000))
        assert (await refused(PayoutExceedsCollected, house.owner, payout(house, 5001))).collected == Money(5000, "EUR")


async def test_two_payouts_of_the_same_money_at_once(house: Harbour) -> None:
    with on(FRIDAY):
        answers = await at_once(*(run_command(house.owner, payout(house, 30000)) for _ in range(3)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["PayoutExceedsCollected"] * 2]


async def test_bad_payouts(house: Harbour) -> None:
    with on(FRIDAY):
        for asked, path in ((payout(house, 0), "gross"), (payout(house, 9, 10), "fee"), (payout(house, 9, -1), "fee")):
            assert (await refused(InvalidInput, house.owner, asked)).path == (path,)
        pounds = RecordPayout(house.lis, 100, "GBP")
        assert (await refused(WrongCurrency, house.owner, pounds)).path == ("gross", "currency")
        of_pounds = payout(house, 100, 1, fee_currency="GBP")
        assert (await refused(WrongCurrency, house.owner, of_pounds)).path == ("fee", "currency")
        tomorrow = payout(house, 100, paid_out_on=date(2026, 3, 7))
        refusal = await refused(BadPayoutDay, house.owner, tomorrow)
        assert (refusal.paid_out_on, refusal.latest) == (date(2026, 3, 7), date(2026, 3, 6))
        await execute("UPDATE chain SET books_open_from = $1", date(2026, 3, 5))
        closed = await refused(BooksClosed, house.owner, payout(house, 100, paid_out_on=date(2026, 3, 4)))
        assert (closed.day, closed.open_from, closed.path) == (date(2026, 3, 4), date(2026, 3, 5), ("paidOutOn",))


async def test_unknown_branches_and_those_without_a_grant(house: Harbour) -> None:
    assert (await refused(NotFound, house.owner, RecordPayout(house.other_branch, 1, "EUR"))).noun == "branch"
    for actor in (house.manager_mad, house.desk_lis, house.practitioner_lis):
        await refused(Forbidden, actor, payout(house, 1))

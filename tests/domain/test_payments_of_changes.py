"""Payments for packages that were topped up, upgraded or given back: what can be taken back, disputed, void or owed."""

from datetime import timedelta
from typing import Any

import pytest

from domain.catalog.terms import Activation, Use
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import PackageClosed
from domain.packages.rules import Status
from domain.payments.closing_errors import NoSaleToVoid, SaleUsed
from domain.payments.errors import DisputeExceedsPaid, PaymentRefunded
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.void_sale import VoidSale
from domain.payments.win_dispute import WinDispute
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.asked import Asked
from domain.refunds.quoting import refund_quote
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used
from tests.fixtures.given_back import assert_sound, given_back, paid_out, returnable
from tests.fixtures.given_back import paid as paid_for
from tests.fixtures.money_acts import mistaken, paid, paying
from tests.fixtures.races import at_once
from tests.fixtures.topped_up import added, growing
from tests.fixtures.upgraded import bought, changing, larger, upgraded

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = PaymentMethod.ONLINE_LINK


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def disputing(package_id: str, amount_minor: int) -> OpenDispute:
    return OpenDispute(package_id, amount_minor, "EUR", "card holder says no")


async def changed(house: Harbour, **rest: Any) -> tuple[str, str]:
    """A package of 5 for 450.00, one used, and the one of 10 for 800.00 that it was changed for."""
    to = await larger(house)
    definition = await changing(house, to, use=Use(up_to_paid=True))
    package_id = await bought(house, definition, **rest)
    await used(house, package_id)
    return package_id, (await upgraded(house, package_id, to)).outcome.into_package_id


async def payments(house: Harbour, package_id: str, *amounts: int) -> list[str]:
    """Payments in cash, each a minute after the one before."""
    return [await paid(house, package_id, amount) for amount in amounts]


async def test_what_went_back_of_a_payment_keeps_it_and_the_others_can_be_taken_back(house: Harbour) -> None:
    package_id = await sold(house, await returnable(house))
    first, second = await payments(house, package_id, 20000, 25000)
    await used(house, package_id, sessions=6)
    await given_back(house, package_id, 2)

    refusal = await refused(PaymentRefunded, house.owner, mistaken(second))
    assert (refusal.paid, refusal.refunded) == (Money(0, "EUR"), Money(9000, "EUR"))
    await run_command(house.owner, mistaken(first))
    assert (await package(house, package_id)).outstanding == Money(20000, "EUR")
    await assert_sound(house)


async def test_a_payment_that_bounces_after_all_was_given_back_is_owed_again(house: Harbour) -> None:
    package_id = await sold(house, await returnable(house))
    first, _ = await payments(house, package_id, 20000, 25000)
    await used(house, package_id, sessions=6)
    await paid_out(house, (await given_back(house, package_id)).outcome.refund_id)
    await refused(PackageClosed, house.owner, paying(house, package_id, 100))

    await run_command(house.owner, mistaken(first))
    view = await package(house, package_id)
    assert (view.status, view.outstanding) == (Status.REFUNDED, Money(20000, "EUR"))
    await run_command(house.owner, paying(house, package_id, 20000))
    assert (await package(house, package_id)).outstanding == Money(0, "EUR")
    await assert_sound(house)


async def test_a_payment_that_bounces_after_an_upgrade_is_owed_for_the_old_package(house: Harbour) -> None:
    package_id, into_id = await changed(house, paid_minor=0, payments=cash(44000) + cash(1000))
    first, _ = await _of(package_id)
    await paid(house, into_id, 44000)
    before = await refund_quote(house.owner, Asked(into_id))

    done = await run_command(house.owner, mistaken(first))
    assert await posted(done.operation_id) == [("CASH", house.lis, -44000), ("RECEIVABLE", house.lis, 44000)]
    old, new = await package(house, package_id), await package(house, into_id)
    assert (old.status, old.outstanding, new.outstanding) == (
        Status.UPGRADED,
        Money(44000, "EUR"),
        Money(0, "EUR"),
    )
    after = await refund_quote(house.owner, Asked(into_id))
    assert (before.total_minor, after.total_minor) == (80000, 36000)
    await run_command(house.owner, paying(house, package_id, 44000))
    await assert_sound(house)


async def test_what_the_new_package_gave_back_keeps_a_payment_for_the_old_one(house: Harbour) -> None:
    package_id, into_id = await changed(house)
    await paid(house, into_id, 44000)
    await given_back(house, into_id, goodwill_minor=0)
    (payment_id,) = await _of(package_id)
    refusal = await refused(PaymentRefunded, house.owner, mistaken(payment_id))
    assert (refusal.paid, refusal.refunded) == (Money(0, "EUR"), Money(36000, "EUR"))
    await assert_sound(house)


async def test_what_is_given_back_and_taken_back_at_once_is_not_both(house: Harbour) -> None:
    package_id, into_id = await changed(house)
    await paid(house, into_id, 44000)
    (payment_id,) = await _of(package_id)
    answers = await at_once(given_back(house, into_id), run_command(house.owner, mistaken(payment_id)))
    refused_ = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, PaymentRefunded) for answer in refused_)
    assert (await package(house, into_id)).refunded_minor == (80000 if refused_ else 35000)
    await assert_sound(house)


async def test_no_sale_is_void_of_what_was_topped_up_or_came_of_an_upgrade(house: Harbour) -> None:
    package_id = await growing(house)
    await added(house, package_id)
    refusal = await refused(SaleUsed, house.owner, VoidSale(package_id, "typed twice"))
    assert (refusal.used, refusal.added) == (0, 5)
    assert "5 were added by top-ups" in refusal.message
    old, new = await changed(house)
    await refused(PackageClosed, house.owner, VoidSale(old, "typed twice"))
    await refused(NoSaleToVoid, house.owner, VoidSale(new, "typed twice"))


async def test_what_was_paid_before_an_upgrade_is_disputed_after_it(house: Harbour) -> None:
    package_id, into_id = await changed(house, payments=(Received(ONLINE, 45000),))
    await paid(house, into_id, 44000)
    await refused(PackageClosed, house.owner, disputing(package_id, 45000))
    refusal = await refused(DisputeExceedsPaid, house.owner, disputing(into_id, 45001))
    assert refusal.paid == Money(45000, "EUR")

    await run_command(house.owner, disputing(into_id, 45000))
    done = await run_command(house.owner, LoseDispute(into_id, "the bank believes her"))
    assert (done.outcome.sessions, done.outcome.value_minor, done.outcome.bad_debt_minor) == (5, 40000, 5000)
    assert await left(into_id) == [(5, 40000)]
    (payment_id,) = await _of(package_id)
    refusal_ = await refused(PaymentRefunded, house.owner, mistaken(payment_id))
    assert (refusal_.paid, refusal_.refunded) == (Money(0, "EUR"), Money(45000, "EUR"))
    assert (await refund_quote(house.owner, Asked(into_id))).total_minor == 35000
    await assert_sound(house)


async def test_only_what_has_not_gone_back_can_be_disputed_also_when_all_was_given_back(house: Harbour) -> None:
    package_id = await paid_for(house, await returnable(house), Received(ONLINE, 45000))
    await used(house, package_id, sessions=4)
    await given_back(house, package_id)
    refusal = await refused(DisputeExceedsPaid, house.owner, disputing(package_id, 18001))
    assert refusal.paid == Money(18000, "EUR")

    await run_command(house.owner, disputing(package_id, 18000))
    await run_command(house.owner, WinDispute(package_id, "signed"))
    await run_command(house.owner, disputing(package_id, 18000))
    done = await run_command(house.owner, LoseDispute(package_id, "the bank believes her"))
    assert (done.outcome.sessions, done.outcome.bad_debt_minor) == (0, 18000)
    assert (await package(house, package_id)).status is Status.REFUNDED
    await refused(DisputeExceedsPaid, house.owner, disputing(package_id, 1))
    await assert_sound(house)


async def test_what_an_upgrade_brought_counts_towards_activation_and_what_was_added_later_does_not(
    house: Harbour,
) -> None:
    full = Use(activation=Activation.FULL_PAYMENT)
    to = await larger(house, use=full)
    package_id = await bought(house, await changing(house, to))
    new = (await upgraded(house, package_id, to)).outcome.into_package_id
    assert (await package(house, new)).status is Status.PENDING
    payment_id = await paid(house, new, 35000)
    assert (await package(house, new)).status is Status.ACTIVE
    await run_command(house.owner, mistaken(payment_id))
    assert (await package(house, new)).status is Status.PENDING

    grown = await growing(house, use=full)
    await paid(house, grown, 45000)
    await added(house, grown)
    part = await paid(house, grown, 1000)
    await run_command(house.owner, mistaken(part))
    assert (await package(house, grown)).status is Status.ACTIVE


async def test_a_package_of_which_all_that_was_unpaid_is_given_back_waits_no_more(house: Harbour) -> None:
    waits = await returnable(house, use=Use(activation=Activation.FULL_PAYMENT))
    package_id = await sold(house, waits, payments=cash(22500))
    await given_back(house, package_id, 5)
    view = await package(house, package_id)
    assert (view.status, view.outstanding) == (Status.ACTIVE, Money(0, "EUR"))
    await used(house, package_id, sessions=5)


async def test_goodwill_takes_nothing_off_what_is_paid_for(house: Harbour) -> None:
    strict = await returnable(house, use=Use(up_to_paid=True))
    package_id = await paid_for(house, strict)
    await run_command(house.manager_lis, _approving(await given_back(house, package_id, 2, goodwill_minor=900)))
    await used(house, package_id, sessions=8)
    assert await left(package_id) == [(0, 0)]


def _approving(done: Any) -> Any:
    return ApproveRefund(done.outcome.refund_id)


async def _of(package_id: str) -> list[str]:
    found = await rows("SELECT id FROM payment WHERE package_id = $1 ORDER BY id", package_id)
    return [row["id"] for row in found]

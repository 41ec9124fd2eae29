"""A payment entered by mistake is mirrored, once, as long as nothing was used or spent on the strength of it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.catalog.terms import Activation, Item, Use
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.credit import credit_of
from domain.packages.errors import PackageClosed
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.packages.view import PaymentState
from domain.payments.errors import (
    AlreadyDisputed,
    CreditSpent,
    PaymentAlreadyReversed,
    PaymentRefunded,
    PaymentReversalTooLate,
    PaymentUsedUp,
)
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.reverse_payment import PaymentReversed, ReversePayment
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold, used
from tests.fixtures.money_acts import CREDIT, deposited, mistaken, paid, paying, payments_of
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = Received(PaymentMethod.ONLINE_LINK, 20000)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def at_sale(package_id: str) -> list[str]:
    """The payments for a package, in the order in which they were recorded."""
    found = await rows("SELECT id FROM payment WHERE package_id = $1 ORDER BY id", package_id)
    return [row["id"] for row in found]


async def test_its_own_lines_are_mirrored_and_the_price_is_owed_again(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    payment_id = await paid(house, package_id, 20000, branch_id=house.mad, method=PaymentMethod.CARD)

    done = await run_command(house.manager_mad, mistaken(payment_id))

    assert done.outcome == PaymentReversed(payment_id, package_id, house.ana, 20000, 0, "EUR")
    assert await posted(done.operation_id) == [
        ("CASH", house.mad, -20000),
        ("DUE_TO_BRANCH", house.mad, 20000),
        ("DUE_FROM_BRANCH", house.lis, -20000),
        ("RECEIVABLE", house.lis, 20000),
    ]
    (entry,) = await rows("SELECT event FROM journal_entry WHERE operation_id = $1", done.operation_id)
    assert entry == {"event": "PAYMENT_REVERSAL"}
    view = await package(house, package_id)
    assert (view.paid_minor, view.payment_state, view.version) == (0, PaymentState.OPEN, 3)
    assert await audit_ledgers(house.chain_id) == []


async def test_of_several_payments_of_a_sale_only_the_one_that_is_meant(house: Harbour) -> None:
    desk = (*cash(10000), Received(PaymentMethod.CARD, 15000))
    package_id = await sold(house, house.ten, payments=(ONLINE, *desk))
    by_method = {
        row["method"]: row["id"]
        for row in await rows("SELECT id, method FROM payment WHERE package_id = $1", package_id)
    }
    expected = {"CARD": ("CASH", 15000), "ONLINE_LINK": ("PROVIDER_CLEARING", 20000), "CASH": ("CASH", 10000)}
    for method, (account, amount) in expected.items():
        done = await run_command(house.manager_lis, mistaken(by_method[method]))
        assert sorted(await posted(done.operation_id)) == sorted(
            [(account, house.lis, -amount), ("RECEIVABLE", house.lis, amount)]
        )
    assert (await package(house, package_id)).outstanding == Money(45000, "EUR")
    assert await audit_ledgers(house.chain_id) == []


async def test_what_was_paid_from_credit_is_credit_again_where_it_was(house: Harbour) -> None:
    await deposited(house, 1000)
    await deposited(house, 3000, branch_id=house.mad)
    package_id = await sold(house, house.ten)
    done = await run_command(house.owner, paying(house, package_id, 2500, method=CREDIT))
    of_lisbon, of_madrid = await payments_of(done)
    await run_command(house.manager_mad, mistaken(of_madrid))
    assert await credit_of(house.ana) == {house.mad: 3000}
    await run_command(house.manager_lis, mistaken(of_lisbon))
    assert await credit_of(house.ana) == {house.lis: 1000, house.mad: 3000}
    assert await audit_ledgers(house.chain_id) == []


async def test_what_was_kept_is_credit_no_more_and_cannot_be_taken_back_when_it_is_spent(house: Harbour) -> None:
    full, other = await sold(house, house.ten), await sold(house, house.ten)
    payment_id = await paid(house, full, 50000, keep_excess=True)
    spending = await run_command(house.owner, paying(house, other, 2000, method=CREDIT))

    refusal = await refused(CreditSpent, house.owner, mistaken(payment_id))
    assert (refusal.payment_id, refusal.customer_id) == (payment_id, house.ana)
    assert (refusal.kept, refusal.available) == (Money(5000, "EUR"), Money(3000, "EUR"))

    await run_command(house.owner, mistaken((await payments_of(spending))[0]))
    done = await run_command(house.owner, mistaken(payment_id))
    assert (done.outcome.amount_minor, done.outcome.kept_minor) == (50000, 5000)
    assert await credit_of(house.ana) == {}
    assert (await package(house, full)).outstanding == Money(45000, "EUR")
    assert await audit_ledgers(house.chain_id) == []


async def test_a_second_reversal(house: Harbour) -> None:
    payment_id = await paid(house, await sold(house, house.ten), 20000)
    with on(MONDAY):
        done = await run_command(house.owner, mistaken(payment_id))
    refusal = await refused(PaymentAlreadyReversed, house.owner, mistaken(payment_id))
    assert (refusal.payment_id, refusal.reversal_id, refusal.reversed_at) == (payment_id, done.operation_id, MONDAY)


async def test_reversals_at_once(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    payment_id = await paid(house, package_id, 20000)
    answers = await at_once(*(run_command(house.owner, mistaken(payment_id)) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["PaymentAlreadyReversed"] * 3]
    assert (await package(house, package_id)).paid_minor == 0
    assert await audit_ledgers(house.chain_id) == []


async def test_reversals_at_once_of_what_was_paid_into_an_account(house: Harbour) -> None:
    payment_id = await deposited(house, 20000)
    answers = await at_once(*(run_command(house.owner, mistaken(payment_id)) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["PaymentAlreadyReversed"] * 3]
    assert await credit_of(house.ana) == {}


@pytest.mark.parametrize(
    ("activation", "amounts", "index", "pending"),
    [
        (Activation.AT_SALE, (45000,), 0, False),
        (Activation.FIRST_PAYMENT, (20000,), 0, True),
        (Activation.FIRST_PAYMENT, (20000, 1), 0, False),
        (Activation.FULL_PAYMENT, (20000, 25000), 0, True),
    ],
)
async def test_a_package_waits_again_where_only_this_payment_activated_it(
    house: Harbour, activation: Activation, amounts: tuple[int, ...], index: int, pending: bool
) -> None:
    waits = terms(Item((house.physio,), 10), price_minor=45000, use=Use(activation=activation))
    package_id = await sold(house, await published(house.owner, "WAITS", waits))
    payments = [await paid(house, package_id, amount) for amount in amounts]
    done = await run_command(house.owner, mistaken(payments[index]))
    assert done.outcome.pending is pending
    assert (await package(house, package_id)).status is (Status.PENDING if pending else Status.ACTIVE)


async def test_sessions_that_this_payment_pays_for_are_reversed_first(house: Harbour) -> None:
    strict = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    package_id = await sold(house, await published(house.owner, "STRICT", strict), payments=cash(9000))
    payment_id = await paid(house, package_id, 9000)
    uses = [(await used(house, package_id)).operation_id for _ in range(4)]

    refusal = await refused(PaymentUsedUp, house.owner, mistaken(payment_id))
    assert (refusal.package_id, refusal.redemption_ids) == (package_id, (uses[3], uses[2]))

    for operation_id in refusal.redemption_ids:
        await run_command(house.owner, ReverseRedemption(operation_id, Fault.BUSINESS, "not paid"))
    await run_command(house.owner, mistaken(payment_id))
    assert (await package(house, package_id)).paid_minor == 9000


async def test_a_payment_that_is_disputed(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=(ONLINE,))
        (payment_id,) = await at_sale(package_id)
        await run_command(house.owner, OpenDispute(package_id, 20000, "EUR", "stolen card"))
    refusal = await refused(AlreadyDisputed, house.owner, mistaken(payment_id))
    assert (refusal.package_id, refusal.disputed_at) == (package_id, MONDAY)


async def test_what_went_back_of_a_payment_keeps_it(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    first, second = await paid(house, package_id, 20000), await paid(house, package_id, 5000)
    await execute("UPDATE package SET refunded_minor = 6000 WHERE id = $1", package_id)
    refusal = await refused(PaymentRefunded, house.owner, mistaken(first))
    assert (refusal.paid, refusal.refunded) == (Money(5000, "EUR"), Money(6000, "EUR"))
    await run_command(house.owner, mistaken(second))


async def test_what_the_provider_keeps_for_good_it_had_collected_whatever_else_was_paid(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=(*cash(15000), ONLINE))
    _, online = await at_sale(package_id)
    other = await paid(house, package_id, 8000, method=PaymentMethod.ONLINE_LINK)
    await run_command(house.owner, OpenDispute(package_id, 9000, "EUR", "stolen card"))
    await run_command(house.owner, LoseDispute(package_id, "the bank believes the card holder"))
    refusal = await refused(PaymentRefunded, house.owner, mistaken(online))
    assert (refusal.paid, refusal.refunded) == (Money(8000, "EUR"), Money(9000, "EUR"))
    await run_command(house.owner, mistaken(other))
    (cleared,) = await rows(
        "SELECT SUM(debit_minor - credit_minor) AS left FROM journal_line WHERE account = 'PROVIDER_CLEARING'"
    )
    assert cleared["left"] == 11000
    assert await audit_ledgers(house.chain_id) == []


async def test_a_void_sale_keeps_its_payments(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    payment_id = await paid(house, package_id, 20000)
    await execute("UPDATE package SET closed_at = $1, closed_as = 'VOIDED' WHERE id = $2", MONDAY, package_id)
    await refused(PackageClosed, house.owner, mistaken(payment_id))


async def test_the_desk_may_until_midnight_and_a_manager_later(house: Harbour) -> None:
    with on(MONDAY):
        payment_id = await paid(house, await sold(house, house.ten), 20000)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    with on(midnight):
        refusal = await refused(PaymentReversalTooLate, house.desk_lis, mistaken(payment_id))
        assert (refusal.payment_id, refusal.until) == (payment_id, midnight)
    with on(midnight - timedelta(seconds=1)):
        await run_command(house.desk_lis, mistaken(payment_id))
    with on(MONDAY):
        payment_id = await paid(house, await sold(house, house.ten), 20000)
    with on(MONDAY + 30 * DAY):
        await run_command(house.manager_lis, mistaken(payment_id))


async def test_unknown_payments_no_reason_and_those_without_a_grant(house: Harbour) -> None:
    payment_id = await paid(house, await sold(house, house.ten), 20000)
    assert (await refused(NotFound, house.owner, mistaken("pay_none"))).path == ("paymentId",)
    await refused(NotFound, house.other_owner, mistaken(payment_id))
    assert (await refused(InvalidInput, house.owner, ReversePayment(payment_id, " "))).path == ("reason",)
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
        await refused(Forbidden, actor, mistaken(payment_id))

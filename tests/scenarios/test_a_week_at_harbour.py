"""A week at Harbour Wellness, told as the people there would tell it, and what the books say on Sunday."""

from datetime import timedelta

import pytest

from domain.kernel.commands import run_command
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.seal import seal_operations
from domain.packages.errors import NotEnoughSessions, PersonMayNotUse, WrongBranch
from domain.packages.explanation import explain
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment
from domain.reports.trial_balance import trial_balance
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, package, refused

pytestmark = pytest.mark.anyio

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in range(1, 7))


async def test_a_week_at_harbour(db: str) -> None:
    with on(MONDAY - timedelta(days=1)):
        house = await harbour(db)

    with on(MONDAY):
        # Ana buys ten sessions of physiotherapy in Lisbon and pays 200.00 of 450.00; Dora takes the money.
        sale = SellPackage(house.ten, house.ana, house.lis, cash(20000), reference="H-1001")
        ten = (await run_command(house.desk_lis, sale, "till-1-0001")).outcome.package_id
        # The till did not hear the answer and asks again: nothing is sold twice.
        assert (await run_command(house.desk_lis, sale, "till-1-0001")).outcome.package_id == ten
        # Rui takes three massages and a free one, for the whole family, and pays online.
        online = (Received(PaymentMethod.ONLINE_LINK, 18000),)
        family = SellPackage(house.buy_3_free_1, house.rui, house.lis, online)
        four = (await run_command(house.integrator, family, "web-7f21a")).outcome.package_id

    with on(TUESDAY):
        # Ana comes for her first session; Paulo treats her and checks her in himself.
        first = RedeemSession(house.physio, house.lis, ten, house.ana, practitioner_id=house.practitioner_lis.id)
        assert (await run_command(house.practitioner_lis, first)).outcome.remaining == 9
        # She has a massage too, out of Rui's package; her own has none.
        massage = RedeemSession(house.massage, house.lis, customer_id=house.ana)
        assert (await run_command(house.desk_lis, massage)).outcome.package_id == four

    with on(WEDNESDAY):
        # On a trip to Madrid she has two sessions and leaves 100.00 there.
        trip = RedeemSession(house.physio, house.mad, ten, house.ana, sessions=2)
        in_madrid = await run_command(house.manager_mad, trip)
        await run_command(house.manager_mad, RecordPayment(ten, house.mad, PaymentMethod.CARD, 10000, "EUR"))
        # Eva is not of the family.
        stranger = RedeemSession(house.massage, house.mad, four, house.eva)
        assert (await refused(PersonMayNotUse, house.manager_mad, stranger)).person_id == house.eva

    with on(THURSDAY):
        # It was one session, not two: Maria takes both back and enters the one.
        await run_command(house.manager_mad, ReverseRedemption(in_madrid.operation_id, Fault.BUSINESS, "one, not two"))
        one = RedeemSession(house.physio, house.mad, ten, house.ana, visited_at=WEDNESDAY)
        assert (await run_command(house.manager_mad, one)).outcome.remaining == 8

    with on(FRIDAY):
        # Rui and Ana use up the massages; a fourth visit finds nothing left.
        both = RedeemSession(house.massage, house.lis, four, house.rui, sessions=3)
        assert (await run_command(house.desk_lis, both)).outcome.remaining == 0
        again = RedeemSession(house.massage, house.lis, four, house.rui)
        assert (await refused(NotEnoughSessions, house.desk_lis, again)).remaining == 0
        # The heating had failed: Luis gives one away, which is worth nothing in the books.
        await run_command(house.manager_lis, GrantGoodwill(four, 1, "the heating had failed"))
        # Eva's trial is for Madrid, where she bought it.
        trial = await run_command(house.owner, SellPackage(house.trial, house.eva, house.mad, cash(9900)))
        elsewhere = RedeemSession(house.facial, house.lis, trial.outcome.package_id)
        assert (await refused(WrongBranch, house.desk_lis, elsewhere)).usable_at == (house.mad,)

    with on(SATURDAY):
        # Ana pays the rest.
        rest = await run_command(house.desk_lis, RecordPayment(ten, house.lis, PaymentMethod.CASH, 15000, "EUR"))
        assert rest.outcome.outstanding_minor == 0

    with on(SUNDAY):
        await _what_ana_sees(house, ten)
        await _what_the_books_say(house)


async def _what_ana_sees(house: Harbour, ten: str) -> None:
    mine = await package(house, ten)
    assert (mine.remaining, mine.outstanding, mine.reference) == (8, Money(0, "EUR"), "H-1001")
    explanation = await explain(await customer_actor(house, house.ana), ten)
    assert explanation is not None
    assert [(step.label, step.available_after) for step in explanation.steps] == [
        ("10 sessions were bought at Lisbon Chiado.", 10),
        ("200.00 EUR was paid in cash at Lisbon Chiado.", 10),
        ("1 session of Physiotherapy 45 was used at Lisbon Chiado.", 9),
        ("2 sessions of Physiotherapy 45 were used at Madrid Salamanca.", 7),
        ("100.00 EUR was paid by card at Madrid Salamanca.", 7),
        ("2 sessions of Physiotherapy 45 were given back at Madrid Salamanca.", 9),
        ("1 session of Physiotherapy 45 was used at Madrid Salamanca.", 8),
        ("150.00 EUR was paid in cash at Lisbon Chiado.", 8),
    ]


async def _what_the_books_say(house: Harbour) -> None:
    balance = (await trial_balance(house.accountant)).rows
    net = {(row.branch_id, row.account.value): row.debit_minor - row.credit_minor for row in balance}
    assert {key: amount for key, amount in net.items() if amount} == {
        (house.lis, "CASH"): 35000,
        (house.lis, "PROVIDER_CLEARING"): 18000,
        # Madrid took 100.00 for Lisbon, and performed 45.00 for it.
        (house.lis, "DUE_FROM_BRANCH"): 10000,
        (house.lis, "DUE_TO_BRANCH"): -4500,
        (house.lis, "DEFERRED_REVENUE"): -36000,
        (house.lis, "REVENUE"): -22500,
        (house.mad, "CASH"): 19900,
        (house.mad, "DUE_FROM_BRANCH"): 4500,
        (house.mad, "DUE_TO_BRANCH"): -10000,
        (house.mad, "DEFERRED_REVENUE"): -9900,
        (house.mad, "REVENUE"): -4500,
    }
    await seal_operations()
    assert await audit_ledgers(house.chain_id) == []

"""What changed packages come to: sessions that others handed on, fees that are waived, money that disputes lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.bookings.errors import BookingStarted
from domain.catalog.terms import Change, Price, Terms, UpgradeMethod
from domain.imports.import_package import FormerLot, ImportPackage
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import Check, Finding, audit_ledgers
from domain.ledger.credit import credit_of
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.errors import AlreadyDisputed
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.reverse_payment import ReversePayment
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.errors import NothingToRefund
from domain.refunds.refuse_refund import RefuseRefund
from tests.fixtures import handed
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold, used
from tests.fixtures.explained import as_booked
from tests.fixtures.given_back import approved, assert_sound, back, by, given_back, paid_out, returnable
from tests.fixtures.given_back import paid as paid_for
from tests.fixtures.money_acts import paid
from tests.fixtures.persons import holder, merged, parted
from tests.fixtures.topped_up import added
from tests.fixtures.upgraded import bought, changing, larger, upgraded
from tests.fixtures.visits import booked

pytestmark = pytest.mark.anyio

ONLINE = PaymentMethod.ONLINE_LINK


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def _imported(house: Harbour, definition_id: str, terms: Terms) -> str:
    """The id of Ana's 10 for 450.00, bought before Carnet and not used."""
    [version] = await rows("SELECT id FROM definition_version WHERE definition_id = $1", definition_id)
    former = ImportPackage(
        reference="OLD-1",
        definition_id=definition_id,
        definition_version_id=version["id"],
        name="Ten",
        customer_id=house.ana,
        branch_id=house.lis,
        sold_on=date(2026, 1, 5),
        expires_on=date(2026, 12, 4),
        terms=terms,
        paid_minor=45000,
        lots=(FormerLot(0, house.physio, bonus=False, sessions=10, value_minor=45000),),
        uses=(),
    )
    package_id: str = (await run_command(house.owner, former)).outcome.package_id
    return package_id


async def _changing(house: Harbour, method: UpgradeMethod) -> tuple[str, str, Terms]:
    """The ids of 10 for 450.00 that may be handed on, and of another 10 for 450.00 that it may be changed for."""
    to = await published(house.owner, "OTHER", handed.ten(house))
    terms = replace(handed.ten(house), change=Change(upgrade_to=(to,), upgrade_method=method, top_up=True))
    return await published(house.owner, "GIVING", terms), to, terms


@pytest.mark.parametrize("used_sessions", [0, 5])
async def test_imported_sessions_that_others_handed_on_were_not_paid_for_here(
    house: Harbour, used_sessions: int
) -> None:
    with on(MONDAY):
        terms = handed.ten(house)
        definition = await published(house.owner, "GIVING", terms)
        old = await _imported(house, definition, terms)
        hers = await paid_for(house, definition, customer_id=house.eva)
        if used_sessions:
            await used(house, hers, sessions=used_sessions)
        await handed.handed_on(house, old, 5, into_package_id=hers)
        done = await given_back(house, hers)
        assert (done.outcome.sessions, done.outcome.refund_minor) == (10 - used_sessions, 45000 - used_sessions * 4500)
        assert await handed.lots(hers) == [("PURCHASE", 0, 0, 0, 0), ("IMPORT", 5, 0, 0, 22500)]
    await assert_sound(house)


@pytest.mark.parametrize("method", list(UpgradeMethod))
@pytest.mark.parametrize(("kind", "due_minor"), [("opened", 45000), ("sold", 0), ("topped up", 36000)])
async def test_what_others_handed_on_moves_along_in_an_upgrade_and_counts_neither_as_paid_nor_as_used(
    house: Harbour, method: UpgradeMethod, kind: str, due_minor: int
) -> None:
    with on(MONDAY):
        definition, to, terms = await _changing(house, method)
        old = await _imported(house, definition, terms)
        into: dict[str, Any] = {}
        if kind == "sold":
            into["into_package_id"] = await paid_for(house, definition, customer_id=house.eva)
        hers = (await handed.handed_on(house, old, 4, **into)).outcome.into_package_id
        if kind == "topped up":
            await added(house, hers, 2, actor=house.owner, payments=cash(9000))
        done = (await upgraded(house, hers, to)).outcome
        assert (done.used, done.due_minor, done.credit_minor, done.sessions_after) == (0, due_minor, 0, 10)
        assert await handed.lots(done.into_package_id) == [("PURCHASE", 10, 0, 0, 45000), ("TRANSFER", 4, 0, 0, 18000)]
    await assert_sound(house)


async def test_the_tax_of_a_fee_is_owed_no_more_once_the_fee_is_waived(house: Harbour) -> None:
    with on(MONDAY):
        refund = {"penalty_fixed_minor": 1200, "fee_taxed": True}
        definition = await returnable(house, price=Price(54000, "EUR", 2000, "STANDARD"), refund=refund)
        mine = await paid_for(house, definition, *cash(54000))
        await given_back(house, mine, 5)
        asked = await given_back(house, mine, actor=house.manager_lis, hardship="lost the job")
        done = await approved(house, asked.outcome.refund_id, house.owner)
        assert await posted(done.operation_id) == [
            ("TAX_PAYABLE", house.lis, 4500),
            ("DEFERRED_REVENUE", house.lis, 22500),
            ("FEE_INCOME", house.lis, 1000),
            ("TAX_PAYABLE", house.lis, 200),
            ("REFUND_PAYABLE", house.lis, -28200),
        ]
    await assert_sound(house)


async def _unpaid(house: Harbour) -> str:
    """The id of 5 for 240.00 to which 10 for 984.00 was changed, half used and 100.00 paid: 632.00 are due for it."""
    to = await larger(house, 5, 24000)
    mine = await bought(house, await changing(house, to, 10, 98400), 10000)
    await used(house, mine, sessions=5)
    done = (await upgraded(house, mine, to)).outcome
    assert (done.due_minor, (await package(house, done.into_package_id)).brought_minor) == (63200, -39200)
    return str(done.into_package_id)


async def test_a_payment_can_be_taken_back_also_where_more_was_owed_before_the_upgrade(house: Harbour) -> None:
    with on(MONDAY):
        new = await _unpaid(house)
        payment_id = await paid(house, new, 10000)
        await run_command(house.owner, ReversePayment(payment_id, "bounced"))
        assert (await package(house, new)).paid_minor == 0
    await assert_sound(house)


async def test_a_dispute_can_be_lost_also_where_more_was_owed_before_the_upgrade(house: Harbour) -> None:
    with on(MONDAY):
        new = await _unpaid(house)
        await paid(house, new, 10000, method=ONLINE)
        await _charged_back(house, new, 10000)
        await paid(house, new, 53200)
        # 2 of the 5 sessions went with the 100.00; of 732.00 paid and 100.00 of it lost, 492.00 were used before.
        assert (await given_back(house, new)).outcome.refund_minor == 14000
    await assert_sound(house)


async def test_what_was_used_before_an_upgrade_and_charged_back_after_it_does_not_come_back(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await sold(house, await changing(house, to), payments=(by(ONLINE, 45000),))
        await used(house, mine, sessions=2)
        new = (await upgraded(house, mine, to)).outcome.into_package_id
        await _charged_back(house, new, 45000)
        await paid(house, new, 53000)
        assert (await package(house, new)).refunded_minor == 27000
        # Of 980.00 paid 450.00 were lost, and 180.00 were used before the upgrade.
        assert (await given_back(house, new)).outcome.refund_minor == 35000
    await assert_sound(house)


async def _charged_back(house: Harbour, package_id: str, amount_minor: int) -> None:
    await run_command(house.owner, OpenDispute(package_id, amount_minor, "EUR", "card holder says no"))
    await run_command(house.owner, LoseDispute(package_id, "the bank says so"))


async def test_a_dispute_can_be_lost_at_a_package_to_which_an_upgrade_brought_nothing(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await sold(house, await changing(house, to), payments=(by(ONLINE, 9000),))
        await used(house, mine, sessions=1)
        new = (await upgraded(house, mine, to)).outcome.into_package_id
        brought = (await package(house, new)).brought_minor
        await _charged_back(house, new, 9000)
        assert (brought, (await package(house, new)).refunded_minor) == (0, 0)
    await assert_sound(house)


async def test_what_had_paid_before_an_upgrade_stays_while_it_is_disputed_at_the_new_package(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await sold(house, await changing(house, to), payments=(by(ONLINE, 45000),))
        [payment] = await rows("SELECT id FROM payment WHERE package_id = $1", mine)
        new = (await upgraded(house, mine, to)).outcome.into_package_id
        await run_command(house.owner, OpenDispute(new, 45000, "EUR", "card holder says no"))
        kept = await refused(AlreadyDisputed, house.owner, ReversePayment(payment["id"], "bounced"))
        assert (kept.package_id, kept.disputed_at) == (new, MONDAY)


async def test_what_a_package_became_and_what_is_owed_of_it_go_back_as_a_merge_is_undone(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to), customer_id=house.eva)
        merge = await merged(house)
        new = (await upgraded(house, mine, to, payments=cash(35000))).outcome.into_package_id
        refund_id = (await given_back(house, new, 3)).outcome.refund_id
        back = await parted(house, merge.merge_id)
        assert back.package_ids == tuple(sorted((mine, new)))
        assert [(await holder(each))[0] for each in (mine, new)] == [house.eva, house.eva]
        await paid_out(house, refund_id, to_credit=True)
        assert (await credit_of(house.eva), await credit_of(house.ana)) == ({house.lis: 24000}, {})
    await assert_sound(house)


async def test_a_visit_that_has_begun_is_not_called_off_to_give_its_session_back(house: Harbour) -> None:
    visit = MONDAY + timedelta(days=7)
    with on(MONDAY):
        mine = await paid_for(house, await returnable(house))
        booking_id = await booked(house, visit, package_id=mine)
        waits = await given_back(house, mine, actor=house.manager_lis, booking_ids=(booking_id,), hardship="lost a job")
    with on(visit):
        begun = await refused(BookingStarted, house.owner, ApproveRefund(waits.outcome.refund_id))
        assert (begun.booking_id, begun.starts_at) == (booking_id, visit)
        await run_command(house.owner, RefuseRefund(waits.outcome.refund_id, "came after all"))
        await refused(BookingStarted, house.desk_lis, back(mine, booking_ids=(booking_id,)))
        assert (await given_back(house, mine)).outcome.sessions == 9
    await assert_sound(house)


async def test_what_was_replaced_within_the_package_was_not_handed_on(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid_for(house, await returnable(house))
    with on(MONDAY + timedelta(days=190)):
        use = await used(house, mine, sessions=2)
    with on(MONDAY + timedelta(days=195)):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "was not looked after"))
        assert [(origin, left) for origin, left, *_ in await handed.lots(mine)] == [("PURCHASE", 8), ("GOODWILL", 2)]
        nothing = await refused(NothingToRefund, house.desk_lis, back(mine))
        assert (nothing.remaining, nothing.held) == (0, 0)


@pytest.mark.parametrize("asked_for", [True, False])
async def test_what_was_refunded_as_credit_can_be_charged_back_by_the_provider_too(
    house: Harbour, asked_for: bool
) -> None:
    """It never sent anything back, so that all of it may be disputed; the package has lost no more than all."""
    with on(MONDAY):
        mine = await paid_for(house, await returnable(house), by(ONLINE, 45000))
        refund_id = (await given_back(house, mine, 5, to_credit=asked_for)).outcome.refund_id
        await paid_out(house, refund_id, to_credit=True)
        await _charged_back(house, mine, 45000)
        assert (await package(house, mine)).refunded_minor == 45000
        assert await credit_of(house.ana) == {house.lis: 22500}
        await as_booked(house, mine, MONDAY)
    await assert_sound(house)
    await execute("UPDATE package SET refunded_minor = 44999")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.REFUNDED, mine, "REFUNDED", 67500, 44999)]

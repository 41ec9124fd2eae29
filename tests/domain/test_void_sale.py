"""A sale that was a mistake is void: everything is mirrored and what was paid goes back, if nothing was used."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Item, Price, TaxPoint
from domain.imports.import_package import FormerLot, ImportPackage
from domain.kernel.access import system
from domain.kernel.commands import Done, Recorded, Work, run_command
from domain.kernel.db import execute, rows, transaction
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger import store as ledger
from domain.ledger.accounts import PaymentMethod, Received, reestimate
from domain.ledger.audit import audit_ledgers
from domain.ledger.credit import credit_of
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.packages import store as packages
from domain.packages.errors import PackageClosed, PackageDisputed
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.packages.view import PaymentState
from domain.payments.closing_errors import (
    NoSaleToVoid,
    PackageBooked,
    PromisedVisit,
    SaleRenewed,
    SaleUsed,
    VoidTooLate,
)
from domain.payments.errors import CreditSpent
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.void_sale import PaidBack, SaleVoided, VoidSale
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used
from tests.fixtures.money_acts import CREDIT, deposited, mistaken, paid, paying
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import LAPSES, booked

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def voiding(package_id: str) -> VoidSale:
    return VoidSale(package_id, "sold to the wrong Ana")


async def void(house: Harbour, package_id: str) -> Done[Any]:
    return await run_command(house.owner, voiding(package_id))


async def taxed(house: Harbour, price_minor: int = 45000) -> str:
    """Ten sessions for 450.00 and 20 per cent of tax on top, due at sale."""
    plain = terms(Item((house.physio,), 10), price_minor=price_minor)
    price = Price(price_minor, "EUR", tax_rate_bp=2000, tax_included=False, tax_point=TaxPoint.AT_SALE)
    return await published(house.owner, "TAXED", replace(plain, price=price))


async def events(operation_id: str) -> list[str]:
    found = await rows("SELECT event FROM journal_entry WHERE operation_id = $1 ORDER BY id", operation_id)
    return [row["event"] for row in found]


async def test_a_sale_that_was_not_paid_is_mirrored(house: Harbour) -> None:
    """The case JR27 of the accountants."""
    with on(MONDAY):
        package_id = await sold(house, await taxed(house))
        done = await void(house, package_id)
        closed = await package(house, package_id)
    assert done.outcome == SaleVoided(package_id, 54000, 0, "EUR", 10, ())
    assert await events(done.operation_id) == ["VOID"]
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, -54000),
        ("DEFERRED_REVENUE", house.lis, 45000),
        ("TAX_PAYABLE", house.lis, 9000),
    ]
    assert (closed.status, closed.closed_at, closed.version) == (Status.VOIDED, MONDAY, 2)
    assert (closed.credited_minor, closed.outstanding) == (54000, Money(0, "EUR"))
    assert closed.payment_state is PaymentState.REFUNDED
    (lot,) = closed.lots
    assert (lot.available, lot.moved, lot.value_left_minor) == (0, 10, 0)
    assert await audit_ledgers(house.chain_id) == []


async def test_a_sale_that_was_paid_is_mirrored_with_its_payment(house: Harbour) -> None:
    """The case JR28 of the accountants."""
    package_id = await sold(house, await taxed(house), payments=cash(54000))
    done = await void(house, package_id)
    assert await events(done.operation_id) == ["VOID", "PAYMENT_REVERSAL"]
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, -54000),
        ("DEFERRED_REVENUE", house.lis, 45000),
        ("TAX_PAYABLE", house.lis, 9000),
        ("CASH", house.lis, -54000),
        ("RECEIVABLE", house.lis, 54000),
    ]
    (payment,) = await rows("SELECT id FROM payment")
    assert done.outcome.payments == (PaidBack(payment["id"], PaymentMethod.CASH, house.lis, 54000, 0),)
    assert (done.outcome.paid_minor, (await package(house, package_id)).paid_minor) == (54000, 0)
    assert await audit_ledgers(house.chain_id) == []


async def test_the_operation_reverses_that_of_the_sale_and_says_why(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    done = await void(house, package_id)
    sale, voided = await rows(
        "SELECT id, act, reason, reverses FROM operation WHERE package_id = $1 ORDER BY seq", package_id
    )
    assert (sale["act"], voided["act"], voided["id"]) == ("sell_package", "void_sale", done.operation_id)
    assert (voided["reverses"], voided["reason"]) == (sale["id"], "sold to the wrong Ana")


async def test_tax_due_at_redemption_was_never_owed(house: Harbour) -> None:
    price = Price(54000, "EUR", tax_rate_bp=2000, tax_point=TaxPoint.AT_REDEMPTION)
    later = replace(terms(Item((house.physio,), 10), price_minor=54000), price=price)
    done = await void(house, await sold(house, await published(house.owner, "LATER", later)))
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, -54000),
        ("DEFERRED_REVENUE", house.lis, 54000),
    ]


async def test_every_payment_goes_back_the_way_it_came(house: Harbour) -> None:
    await deposited(house, 5000, branch_id=house.mad)
    mixed = (Received(PaymentMethod.ONLINE_LINK, 10000), Received(CREDIT, 5000), *cash(1000))
    package_id = await sold(house, house.ten, payments=mixed)
    await paid(house, package_id, 2000, branch_id=house.mad, method=PaymentMethod.CARD)
    await run_command(house.owner, mistaken(await paid(house, package_id, 700)))
    assert await credit_of(house.ana) == {}
    done = await void(house, package_id)
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, -45000),
        ("DEFERRED_REVENUE", house.lis, 45000),
        ("PROVIDER_CLEARING", house.lis, -10000),
        ("RECEIVABLE", house.lis, 10000),
        ("CUSTOMER_CREDIT", house.mad, -5000),
        ("DUE_TO_BRANCH", house.mad, 5000),
        ("DUE_FROM_BRANCH", house.lis, -5000),
        ("RECEIVABLE", house.lis, 5000),
        ("CASH", house.lis, -1000),
        ("RECEIVABLE", house.lis, 1000),
        ("CASH", house.mad, -2000),
        ("DUE_TO_BRANCH", house.mad, 2000),
        ("DUE_FROM_BRANCH", house.lis, -2000),
        ("RECEIVABLE", house.lis, 2000),
    ]
    assert [(each.method.value, each.amount_minor) for each in done.outcome.payments] == [
        ("ONLINE_LINK", 10000),
        ("CUSTOMER_CREDIT", 5000),
        ("CASH", 1000),
        ("CARD", 2000),
    ]
    assert await credit_of(house.ana) == {house.mad: 5000}
    assert await audit_ledgers(house.chain_id) == []
    for account in ("CASH", "PROVIDER_CLEARING", "RECEIVABLE", "DUE_TO_BRANCH", "DUE_FROM_BRANCH"):
        (left_over,) = await rows(
            "SELECT SUM(debit_minor - credit_minor) AS amount FROM journal_line WHERE account = $1", account
        )
        # Only the deposit in Madrid is still there.
        assert int(left_over["amount"]) == (5000 if account == "CASH" else 0)


async def test_kept_credit_is_taken_back_while_it_is_there(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await run_command(house.owner, paying(house, package_id, 46000, keep_excess=True))
    assert await credit_of(house.ana) == {house.lis: 1000}
    done = await void(house, package_id)
    assert (await posted(done.operation_id))[2:] == [
        ("CASH", house.lis, -46000),
        ("CUSTOMER_CREDIT", house.lis, 1000),
        ("RECEIVABLE", house.lis, 45000),
    ]
    assert await credit_of(house.ana) == {}
    assert await audit_ledgers(house.chain_id) == []


async def test_kept_credit_that_is_spent_keeps_the_sale(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    payment = await paid(house, package_id, 46000, keep_excess=True)
    await sold(house, house.trial, payments=(Received(CREDIT, 1),))
    refusal = await refused(CreditSpent, house.owner, voiding(package_id))
    assert (refusal.payment_id, refusal.kept, refusal.available) == (payment, Money(1000, "EUR"), Money(999, "EUR"))


async def test_goodwill_on_it_goes_too(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await run_command(house.owner, GrantGoodwill(package_id, 2, "waited long"))
    done = await void(house, package_id)
    assert (done.outcome.sessions, await left(package_id)) == (12, [(0, 0), (0, 0)])
    assert await audit_ledgers(house.chain_id) == []


async def test_what_was_used_and_given_back_was_not_used(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = await used(house, package_id)
    refusal = await refused(SaleUsed, house.owner, voiding(package_id))
    assert (refusal.used, refusal.lapsed, refusal.moved, refusal.refunded) == (1, 0, 0, 0)
    await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
    await void(house, package_id)
    assert await audit_ledgers(house.chain_id) == []


async def test_what_has_lapsed_by_the_clock_keeps_the_sale(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(LAPSES):
        assert (await refused(SaleUsed, house.owner, voiding(package_id))).lapsed == 10


async def test_a_second_void_and_whatever_else_is_refused(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await void(house, package_id)
    with on(MONDAY + HOUR):
        for command in (
            voiding(package_id),
            RedeemSession(house.physio, house.lis, package_id),
            RecordPayment(package_id, house.lis, PaymentMethod.CASH, 1, "EUR"),
            GrantGoodwill(package_id, 1, "waited long"),
        ):
            refusal = await refused(PackageClosed, house.owner, command)
            assert (refusal.closed_as, refusal.closed_at) == ("VOIDED", MONDAY)


async def test_confirmed_bookings_are_named(house: Harbour) -> None:
    at = MONDAY + timedelta(days=2)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, at)
        refusal = await refused(PackageBooked, house.owner, voiding(package_id))
    assert refusal.bookings == (PromisedVisit(booking, at),)
    assert refusal.message.startswith("1 confirmed booking counts on sessions")


async def test_a_disputed_sale_waits(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
    await run_command(house.owner, OpenDispute(package_id, 45000, "EUR", "stolen card"))
    await refused(PackageDisputed, house.owner, voiding(package_id))


async def test_a_sale_that_renewed_another_stays(house: Harbour) -> None:
    plain = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14)
    renewing = replace(plain, validity=replace(plain.validity, renewal_in_grace=True))
    definition = await published(house.owner, "RENEW", renewing)
    with on(MONDAY):
        old = await sold(house, definition)
        await used(house, old, sessions=7)
    with on(LAPSES - HOUR):
        new = await sold(house, definition)
        refusal = await refused(SaleRenewed, house.owner, voiding(new))
        assert (refusal.package_id, refusal.sessions) == (new, 3)
        gone = await refused(SaleUsed, house.owner, voiding(old))
    assert (gone.used, gone.moved) == (7, 3)


async def test_what_was_not_sold_here_has_no_sale_to_void(house: Harbour) -> None:
    [version] = await rows("SELECT id FROM definition_version WHERE definition_id = $1", house.ten)
    former = ImportPackage(
        reference="OLD-1",
        definition_id=house.ten,
        definition_version_id=version["id"],
        name="Ten",
        customer_id=house.ana,
        branch_id=house.lis,
        sold_on=date(2026, 1, 5),
        expires_on=date(2026, 7, 4),
        terms=terms(Item((house.physio,), 10, 0, (5000,)), price_minor=45000),
        paid_minor=45000,
        lots=(FormerLot(0, house.physio, bonus=False, sessions=10, value_minor=45000),),
        uses=(),
    )
    with on(MONDAY):
        package_id = (await run_command(house.owner, former)).outcome.package_id
        await refused(NoSaleToVoid, house.owner, voiding(package_id))


async def test_the_desk_may_for_two_days_and_a_manager_after_that(house: Harbour) -> None:
    with on(MONDAY):
        soon, late = await sold(house, house.ten), await sold(house, house.ten)
    with on(MONDAY + 48 * HOUR):
        await run_command(house.desk_lis, voiding(soon))
    with on(MONDAY + 48 * HOUR + timedelta(microseconds=1)):
        refusal = await refused(VoidTooLate, house.desk_lis, voiding(late))
        assert (refusal.package_id, refusal.until) == (late, MONDAY + 48 * HOUR)
        await run_command(house.manager_lis, voiding(late))


async def test_who_may(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    ana = await customer_actor(house, house.ana)
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant, house.integrator, ana):
        await refused(Forbidden, actor, voiding(package_id))
    await refused(NotFound, house.other_owner, voiding(package_id))
    await refused(NotFound, house.owner, voiding("pkg_none"))
    assert (await refused(InvalidInput, house.owner, VoidSale(package_id, "  "))).path == ("reason",)


async def test_a_void_against_a_use_at_once_one_wins(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id)
    answers = await at_once(run_command(house.owner, voiding(package_id)), run_command(house.owner, use))
    assert _names(answers) in (["Done", "PackageClosed"], ["SaleUsed", "Done"])
    assert await audit_ledgers(house.chain_id) == []


async def test_of_several_voids_and_payments_at_once_the_books_stay_right(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    pay = RecordPayment(package_id, house.lis, PaymentMethod.CASH, 1000, "EUR")
    answers = await at_once(
        *(run_command(house.owner, voiding(package_id)) for _ in range(3)), run_command(house.owner, pay)
    )
    assert sorted(_names(answers[:3])) == ["Done", "PackageClosed", "PackageClosed"]
    assert _names(answers[3:]) in (["Done"], ["PackageClosed"])
    assert (await package(house, package_id)).paid_minor == 0
    assert await audit_ledgers(house.chain_id) == []


async def test_the_same_key_voids_once(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=cash(100))
    first = await run_command(house.owner, voiding(package_id), "void of the tests")
    again = await run_command(house.owner, voiding(package_id), "void of the tests")
    assert (again.replayed, again.outcome) == (True, first.outcome)


async def test_nothing_that_an_estimate_had_released_is_left_behind(house: Harbour) -> None:
    """Used as expected, estimated anew and given back: all of its value is there again, and goes."""
    package_id = await sold(house, house.ten)
    await execute("UPDATE lot SET breakage_bp = 2000 WHERE package_id = $1", package_id)
    use = await used(house, package_id, sessions=4)
    await reestimated(house, package_id, 4000)
    await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
    done = await void(house, package_id)
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, -45000),
        ("DEFERRED_REVENUE", house.lis, 45000),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def reestimated(house: Harbour, package_id: str, breakage_bp: int) -> None:
    """Another share of the package is expected to lapse from now on."""
    async with transaction():
        work = Work(system(house.chain_id), "lapse_package", None, None)
        work.authorise(None)
        held = await packages.lock(work, package_id)
        draft = Draft(await ledger.lots_of([package_id]))
        change = sum(draft.revalue(lot.id, breakage_bp, work.now).value_change_minor for lot in draft.after)
        entries = (reestimate(house.lis, package_id, change),)
        posting = Posting(package_id, held.version, "EUR", work.now.date(), draft, entries)
        await post(work, posting, Recorded(None, package_id=package_id, package_version=held.version))


def _names(answers: Sequence[Any]) -> list[str]:
    return [type(answer).__name__ for answer in answers]

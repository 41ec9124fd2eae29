"""What keeps a package from being changed for another one: each with its facts, and nothing is written."""

from datetime import timedelta

import pytest

from domain.branch_transfers.close_branch import CloseBranch
from domain.branches.errors import WrongCurrency
from domain.catalog.define_package import DefinePackage
from domain.catalog.define_service import DefineService
from domain.catalog.retire_package_definition import RetirePackageDefinition
from domain.catalog.store import BranchPrice
from domain.catalog.terms import Activation, Change, Item, Price, Terms, TransferTo, Use, Validity, Who
from domain.expiry.freeze_package import FreezePackage
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.errors import Forbidden, IdempotencyMismatch, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import (
    BranchClosed,
    InstalmentsDiffer,
    LimitPerCustomerReached,
    NotEnoughCredit,
    NotOnSale,
    NotPaidFor,
    PackageClosed,
    PackageDisputed,
    PackageExpired,
    PackageFrozen,
    PackagePending,
    PaymentExceedsOutstanding,
)
from domain.packages.rules import Planned
from domain.payments.closing_errors import NoSaleToVoid
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.reverse_payment import ReversePayment
from domain.payments.void_sale import VoidSale
from domain.refunds.asked import Asked as GivenBack
from domain.refunds.deciding_errors import RefundPending
from domain.refunds.request_refund import RequestRefund
from domain.transfers.errors import TransferPending
from domain.upgrades.asked import Asked
from domain.upgrades.errors import UpgradeNotAllowed, UpgradeQuoteChanged, UsedBeyondNew
from domain.upgrades.quoting import upgrade_quote
from domain.upgrades.upgrade_package import UpgradePackage
from tests.fixtures.chain import Harbour, customer_actor, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, refused, used
from tests.fixtures.handed import handed_on
from tests.fixtures.upgraded import CARRY, bought, changing, larger, quoted, sessions, upgrade, upgraded

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_what_the_terms_do_not_name_is_not_on_sale_or_is_not_there(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        with pytest.raises(UpgradeNotAllowed) as asked:
            await quoted(house, mine, house.ten)
        assert asked.value.allowed == (to,)
        no = await refused(UpgradeNotAllowed, house.desk_lis, upgrade(house, mine, house.ten))
        assert (no.package_id, no.definition_id, no.allowed) == (mine, house.ten, (to,))
        define = DefineService("YOG60", "Yoga", 60, (BranchPrice(house.other_branch, 5000),))
        yoga = (await run_command(house.other_owner, define)).outcome.service_id
        terms = Terms((Item((yoga,), 10),), Price(80000, "GBP"), Validity(days=180))
        theirs = await published(house.other_owner, "THEIRS", terms)
        absent, foreign = [
            await refused(NotFound, house.owner, upgrade(house, mine, each)) for each in ("def_nothing", theirs)
        ]
        assert foreign.message.replace(theirs, "def_nothing") == absent.message
        assert (await refused(NotFound, house.owner, upgrade(house, mine, theirs))).path == ("definitionId",)
        await run_command(house.owner, RetirePackageDefinition(to))
        assert (await refused(NotOnSale, house.owner, upgrade(house, mine, to))).definition_id == to


async def test_to_customers_a_draft_is_no_definition_at_all(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        drafted = await run_command(house.owner, DefinePackage("DRAFT", "Draft", sessions(house, 20, 99900)))
        draft: str = drafted.outcome.definition_id
        ana = await customer_actor(house, house.ana)
        hidden, absent = [await _unknown(ana, Asked(mine, each, house.lis)) for each in (draft, "def_nothing")]
        assert hidden == absent.replace("def_nothing", draft)
        with pytest.raises(NotOnSale):
            await upgrade_quote(house.owner, Asked(mine, draft, house.lis))
        await run_command(house.owner, RetirePackageDefinition(to))
        with pytest.raises(NotOnSale):
            await upgrade_quote(ana, Asked(mine, to, house.lis))


async def _unknown(actor: Actor, asked: Asked) -> str:
    with pytest.raises(NotFound) as caught:
        await upgrade_quote(actor, asked)
    return caught.value.message


async def test_more_used_than_the_new_one_holds_and_as_many(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, 3, 30000)
        mine = await bought(house, await changing(house, to, method=CARRY))
        await used(house, mine, sessions=2)
        assert (await quoted(house, mine, to)).sessions_after == 1
        await used(house, mine)
        as_many = await refused(UsedBeyondNew, house.desk_lis, upgrade(house, mine, to))
        assert (as_many.used, as_many.sessions) == (3, 3)
        await used(house, mine)
        no = await refused(UsedBeyondNew, house.desk_lis, upgrade(house, mine, to))
    assert (no.used, no.sessions, no.definition_id) == (4, 3, to)


async def test_a_package_that_is_blocked_waits_or_is_over(house: Harbour) -> None:
    who = Who(transfer=TransferTo.ANYONE, transfer_needs_approval=True)
    with on(MONDAY):
        to = await larger(house)
        giving_up = await changing(house, to, who=who, use=Use(freeze_days=60, freeze_times=2))
        frozen, planned, asked_for, given_back, done = [await bought(house, giving_up) for _ in range(5)]
        online = (Received(PaymentMethod.ONLINE_LINK, 45000),)
        disputed = await bought(house, giving_up, payments=online)
        waits = sessions(house, 5, 45000, use=Use(Activation.FULL_PAYMENT), change=Change(upgrade_to=(to,)))
        unpaid = await bought(house, await published(house.owner, "PENDING", waits), 100)
        await run_command(house.owner, FreezePackage(frozen, "knee", thaws_on=(MONDAY + 9 * DAY).date()))
        await run_command(
            house.owner,
            FreezePackage(planned, "knee", starts_on=(MONDAY + 2 * DAY).date(), thaws_on=(MONDAY + 9 * DAY).date()),
        )
        await run_command(house.owner, OpenDispute(disputed, 100, "EUR", "stolen card"))
        transfer = (await handed_on(house, asked_for)).outcome.transfer_id
        await run_command(await customer_actor(house, house.ana), RequestRefund(GivenBack(given_back), "moves away"))
        await upgraded(house, done, to)
        for package_id, refusal in (
            (unpaid, PackagePending),
            (frozen, PackageFrozen),
            (planned, PackageFrozen),
            (disputed, PackageDisputed),
            (given_back, RefundPending),
            (done, PackageClosed),
        ):
            await refused(refusal, house.desk_lis, upgrade(house, package_id, to))
            with pytest.raises(refusal):
                await quoted(house, package_id, to)
        waiting = await refused(TransferPending, house.desk_lis, upgrade(house, asked_for, to))
        assert waiting.transfer_id == transfer


async def test_a_package_that_has_lapsed_by_the_clock(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
    with on(MONDAY + 190 * DAY):
        assert (await quoted(house, mine, to)).unused_value_minor == 45000
    with on(MONDAY + 195 * DAY):
        no = await refused(PackageExpired, house.desk_lis, upgrade(house, mine, to))
    assert str(no.expired_on) == "2026-08-29"


async def test_an_old_quote_is_refused_with_the_new_one(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        quote = await quoted(house, mine, to)
        assert quote == await quoted(house, mine, to)
        await used(house, mine)
        no = await refused(UpgradeQuoteChanged, house.desk_lis, upgrade(house, mine, to, quote_hash=quote.quote_hash))
        assert (no.quote, no.due.amount_minor) == (await quoted(house, mine, to), 44000)
        assert no.quote_hash != quote.quote_hash
        await upgraded(house, mine, to, quote_hash=no.quote_hash)


async def test_money_that_does_not_fit(house: Harbour) -> None:
    """530.00 are due."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        await used(house, mine, sessions=2)
        above = await refused(PaymentExceedsOutstanding, house.desk_lis, upgrade(house, mine, to, payments=cash(53001)))
        assert above.outstanding.amount_minor == 53000
        credit = (Received(PaymentMethod.CUSTOMER_CREDIT, 1),)
        await refused(NotEnoughCredit, house.desk_lis, upgrade(house, mine, to, payments=credit))
        plan = (Planned((MONDAY + DAY).date(), 53000, "EUR"),)
        command = upgrade(house, mine, to, payments=cash(1000), instalments=plan)
        assert (await refused(InstalmentsDiffer, house.desk_lis, command)).outstanding.amount_minor == 52000
        wrong = UpgradePackage(Asked(mine, to, house.lis), cash(100), ("USD",))
        await refused(WrongCurrency, house.desk_lis, wrong)
        await refused(InvalidInput, house.desk_lis, upgrade(house, mine, to, payments=cash(0)))


async def test_a_customer_at_the_limit_of_the_new_definition(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, use=Use(limit_per_customer=1))
        giving_up = await changing(house, to)
        first, second = [await bought(house, giving_up) for _ in range(2)]
        await upgraded(house, first, to)
        no = await refused(LimitPerCustomerReached, house.desk_lis, upgrade(house, second, to))
        assert (no.definition_id, no.limit) == (to, 1)
        with pytest.raises(LimitPerCustomerReached):
            await quoted(house, second, to)


async def test_who_may_not_and_where_nothing_is_sold(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        ana = await customer_actor(house, house.ana)
        for actor in (house.practitioner_lis, house.accountant, ana, house.manager_mad):
            await refused(Forbidden, actor, upgrade(house, mine, to))
        assert (await upgrade_quote(ana, Asked(mine, to, house.lis))).due_minor == 35000
        rui = await customer_actor(house, house.rui)
        for actor, asked in (
            (rui, Asked(mine, to, house.lis)),
            (house.other_owner, Asked(mine, to, house.other_branch)),
            (house.owner, Asked("pkg_nothing", to, house.lis)),
        ):
            with pytest.raises(NotFound) as absent:
                await upgrade_quote(actor, asked)
            assert (absent.value.noun, absent.value.path) == ("package", ("packageId",))
        await refused(NotFound, house.other_owner, upgrade(house, mine, to, branch_id=house.other_branch))
        await run_command(house.owner, CloseBranch(house.pdl, house.lis, "the lease ended"))
        await refused(BranchClosed, house.owner, upgrade(house, mine, to, branch_id=house.pdl))


async def test_what_a_bounced_payment_paid_is_not_credited_until_it_is_paid_again(house: Harbour) -> None:
    with on(MONDAY):
        small = await published(house.owner, "SMALL", sessions(house, 2, 20000))
        large = await larger(house, change=Change(upgrade_to=(small,)))
        mine = await bought(house, await changing(house, large))
        into = (await upgraded(house, mine, large)).outcome.into_package_id
        [payment] = await rows("SELECT id FROM payment")
        await run_command(house.owner, ReversePayment(payment["id"], "bounced"))

        refusal = await refused(NotPaidFor, house.owner, upgrade(house, into, small))
        with pytest.raises(NotPaidFor):
            await quoted(house, into, small)
        await run_command(house.owner, RecordPayment(mine, house.lis, PaymentMethod.CASH, 45000, "EUR"))
        again = (await upgraded(house, into, small)).outcome

    assert (refusal.package_id, refusal.paid, refusal.outstanding) == (mine, Money(0, "EUR"), Money(45000, "EUR"))
    assert refusal.message.endswith("this would credit more than is paid for. Record a payment first.")
    assert again.credit_minor == 25000


async def test_a_key_that_is_used_again(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        command = upgrade(house, mine, to)
        first = await run_command(house.desk_lis, command, "the same key")
        again = await run_command(house.desk_lis, command, "the same key")
        assert (again.outcome, again.replayed) == (first.outcome, True)
        with pytest.raises(IdempotencyMismatch):
            await run_command(house.desk_lis, upgrade(house, mine, to, reason="more"), "the same key")
        void = await refused(NoSaleToVoid, house.owner, VoidSale(first.outcome.into_package_id, "a mistake"))
        assert void.package_id == first.outcome.into_package_id


async def test_a_quote_is_at_most_seven_statements_and_locks_nothing(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, use=Use(limit_per_customer=2))
        mine = await bought(house, await changing(house, to))
        with counting() as counter:
            await upgrade_quote(house.manager_lis, Asked(mine, to, house.lis))
    assert len(counter) <= 7, counter.statements
    assert not any("FOR " in f"{statement}".upper().replace("FOREIGN", "") for statement in counter.statements)

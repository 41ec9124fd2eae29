"""What the accountants wrote down for each event is what the acts post for it, from the sale on, in both databases."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.branches.settings import BreakageMethod
from domain.catalog.terms import UpgradeMethod
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.pay_account import PayAccount
from domain.payments.record_payment import RecordPayment
from domain.payments.record_payout import RecordPayout
from domain.payments.void_sale import VoidSale
from domain.payments.win_dispute import WinDispute
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.topups.asked import Asked
from domain.topups.top_up_package import TopUpPackage
from domain.transfers.asked import Asked as Handed
from domain.transfers.transfer_package import TransferPackage
from tests.fixtures.branch_moves import moved
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.given_back import golden_refund
from tests.fixtures.golden import cases
from tests.fixtures.golden_desk import AFTER_ALL, GoldenDesk, Net, golden
from tests.fixtures.settled import approved, march
from tests.fixtures.upgraded import bought, changing, larger, upgraded

pytestmark = pytest.mark.anyio


async def sale_then_payment(desk: GoldenDesk) -> list[Net]:
    sold = await desk.sold()
    paid = await desk.paid(sold.outcome.package_id, desk.given["payment"])
    return await desk.entries(sold.operation_id, paid.operation_id)


async def sale_through_provider(desk: GoldenDesk) -> list[Net]:
    sold = await desk.sold(_online(desk.given["sale"]["gross"]))
    return await desk.entries(sold.operation_id)


async def sale_payment_and_session(desk: GoldenDesk) -> list[Net]:
    sold = await desk.sold()
    paid = await desk.paid(sold.outcome.package_id, desk.given["payment"])
    used = await desk.used(sold.outcome.package_id)
    return await desk.entries(sold.operation_id, paid.operation_id, used.operation_id)


async def session(desk: GoldenDesk) -> list[Net]:
    used = await desk.used((await desk.sold()).outcome.package_id)
    return await desk.entries(used.operation_id)


async def session_taken_back(desk: GoldenDesk) -> list[Net]:
    used = await desk.used((await desk.sold()).outcome.package_id)
    back = await desk.done(ReverseRedemption(used.operation_id, Fault.CUSTOMER, "typed twice"))
    return await desk.entries(back.operation_id)


async def lapse(desk: GoldenDesk) -> list[Net]:
    return await desk.entries(await _lapsed(await desk.sold_and_used()))


async def reinstatement(desk: GoldenDesk) -> list[Net]:
    package_id = await desk.sold_and_used()
    await _lapsed(package_id)
    with on(AFTER_ALL):
        back = await run_command(desk.house.owner, ExtendPackage(package_id, "was ill", last_day=AFTER_ALL.date()))
    return await desk.entries(back.operation_id)


async def dispute(desk: GoldenDesk) -> list[Net]:
    opened = await _disputed(desk, (await desk.sold(_online(desk.given["amount"]))).outcome.package_id)
    entries = await desk.entries(opened)
    assert len(entries) == 2
    return entries


async def dispute_won(desk: GoldenDesk) -> list[Net]:
    package_id = (await desk.sold(_online(desk.given["amount"]))).outcome.package_id
    await _disputed(desk, package_id)
    won = await desk.done(WinDispute(package_id, "signature shown"))
    return await desk.entries(won.operation_id)


async def dispute_lost(desk: GoldenDesk) -> list[Net]:
    package_id = await desk.sold_and_used(_online(desk.given["amount"]))
    await _disputed(desk, package_id)
    lost = await desk.done(LoseDispute(package_id, "no signature"))
    return await desk.entries(lost.operation_id)


async def void(desk: GoldenDesk) -> list[Net]:
    paid = desk.given["paid"]
    package_id = await desk.sold_and_used(*([Received(PaymentMethod.CASH, paid)] if paid else []))
    voided = await desk.done(VoidSale(package_id, "typed for the wrong customer"))
    return await desk.entries(voided.operation_id)


async def overpayment_then_credit(desk: GoldenDesk) -> list[Net]:
    house, amount, branch = desk.house, desk.given["amount"], desk.branch(desk.given["seller"])
    kept = await desk.done(PayAccount(house.ana, branch, PaymentMethod.CASH, amount, "EUR", keep_excess=True))
    with on(MONDAY):
        package_id = await sold(house, house.ten, branch_id=branch)
    used = await desk.done(RecordPayment(package_id, branch, PaymentMethod.CUSTOMER_CREDIT, amount, "EUR"))
    return await desk.entries(kept.operation_id, used.operation_id)


async def session_with_expected_breakage(desk: GoldenDesk) -> list[Net]:
    sale = desk.given["sale"]
    rate_bp = 10_000 - desk.given["expected_sessions"] * 10_000 // sale["sessions"]
    await desk.done(ChangeBreakageMethod(BreakageMethod.PROPORTIONAL, "as the accountant wishes"))
    await desk.done(EstimateBreakage(await desk.on_sale(), rate_bp, "last year"))
    return await session(desk)


async def payout(desk: GoldenDesk) -> list[Net]:
    house, given = desk.house, desk.given
    with on(MONDAY):
        for _ in range(2):
            await sold(house, house.ten, payments=(_online(45000),))
    paid_out = RecordPayout(desk.branch(given["branch"]), given["gross"], given["currency"], given["fee"])
    return await desk.entries((await desk.done(paid_out)).operation_id)


async def transfer_of_the_holder(desk: GoldenDesk) -> list[Net]:
    """What moves between two packages of one branch is nothing, account by account."""
    package_id = await desk.sold_and_used(Received(PaymentMethod.CASH, desk.given["sale"]["gross"]))
    house = desk.house
    handed_on = await desk.done(TransferPackage(Handed(package_id, house.rui, branch_id=house.lis)))
    return [net for net in await desk.entries(handed_on.operation_id) if net]


async def settlement(desk: GoldenDesk) -> list[Net]:
    house, given = desk.house, desk.given
    debtor, creditor = desk.branch(given["from"]), desk.branch(given["to"])
    with on(MONDAY):
        await used(house, await sold(house, house.ten, branch_id=debtor), branch_id=creditor)
    with on(AFTER_ALL):
        settlement_id = await approved(house, march())
        await run_command(house.owner, ConfirmSettlement(settlement_id))
    (line,) = await rows("SELECT operation_id FROM settlement_line")
    return await desk.entries(line["operation_id"])


async def extension(desk: GoldenDesk) -> list[Net]:
    package_id = await desk.sold_and_used()
    longer = await desk.done(ExtendPackage(package_id, "was ill", days=10))
    return await desk.entries(longer.operation_id)


def _online(amount: int) -> Received:
    return Received(PaymentMethod.ONLINE_LINK, amount)


async def _lapsed(package_id: str) -> str:
    with on(AFTER_ALL):
        assert await lapse_packages() == 1
    lapse_of = "SELECT id FROM operation WHERE act = 'lapse_package' AND package_id = $1"
    return str((await rows(lapse_of, package_id))[0]["id"])


async def _disputed(desk: GoldenDesk, package_id: str) -> str:
    fee = desk.given.get("dispute_fee", 0)
    opened = await desk.done(
        OpenDispute(package_id, desk.given["amount"], desk.given["currency"], "not recognised", fee_minor=fee)
    )
    return opened.operation_id


async def sessions_added_and_paid(desk: GoldenDesk) -> list[Net]:
    package_id = (await desk.sold()).outcome.package_id
    asked = Asked(package_id, desk.given["top_up"]["sessions"], desk.branch(desk.given["sale"]["seller"]))
    added = await desk.done(TopUpPackage(asked))
    paid = await desk.paid(package_id, desk.given["payment"])
    return await desk.entries(added.operation_id, paid.operation_id)


async def changed_for_another_and_used(desk: GoldenDesk) -> list[Net]:
    given, house = desk.given, desk.house
    sale, new = given["sale"], given["new"]
    with on(MONDAY):
        to = await larger(house, new["sessions"], new["net"])
        method = UpgradeMethod(given["method"])
        giving_up = await changing(house, to, sale["sessions"], sale["gross"], method=method)
        mine = await bought(house, giving_up, sale["gross"])
        await used(house, mine, sessions=given["used"])
        changed = await upgraded(house, mine, to)
    if "payment" not in given:
        return await desk.entries(changed.operation_id)
    into = changed.outcome.into_package_id
    paid = await desk.paid(into, given["payment"])
    return await desk.entries(changed.operation_id, paid.operation_id, (await desk.used(into)).operation_id)


async def move_to_another_home(desk: GoldenDesk) -> list[Net]:
    assert desk.given["from"] == desk.given["sale"]["seller"]
    package_id = await desk.sold_and_used(Received(PaymentMethod.CASH, desk.given["sale"]["gross"]))
    with on(MONDAY):
        done = await moved(desk.house, package_id, desk.branch(desk.given["to"]), by=desk.house.owner)
    return await desk.entries(done.operation_id)


ACTED: dict[str, Callable[[GoldenDesk], Awaitable[list[Net]]]] = {
    "JR01": sale_then_payment,
    "JR02": sale_through_provider,
    "JR04": sale_then_payment,
    "JR06": sale_payment_and_session,
    "JR07": session,
    "JR08": session,
    "JR09": session,
    "JR10": session_taken_back,
    "JR11": session_taken_back,
    "JR12": session_taken_back,
    "JR13": settlement,
    "JR14": move_to_another_home,
    "JR15": sessions_added_and_paid,
    "JR16": changed_for_another_and_used,
    "JR17": changed_for_another_and_used,
    **dict.fromkeys(("JR18", "JR19", "JR20", "JR21", "JR22", "JR23"), golden_refund),
    "JR24": lapse,
    "JR25": lapse,
    "JR26": reinstatement,
    "JR27": void,
    "JR28": void,
    "JR29": dispute,
    "JR30": dispute_lost,
    "JR31": dispute_won,
    "JR32": overpayment_then_credit,
    "JR33": changed_for_another_and_used,
    "JR34": session_with_expected_breakage,
    "JR35": payout,
    "JR37": transfer_of_the_holder,
    "JR38": extension,
}


@pytest.mark.parametrize(
    ("id", "given", "expect"),
    [pytest.param(case.id, *case.values, id=case.id) for case in cases("journals", *ACTED)],
)
async def test_acts_post_what_the_accountants_wrote_down(
    db: str, id: str, given: dict[str, Any], expect: dict[str, Any]
) -> None:
    with on(MONDAY):
        desk = GoldenDesk(await harbour(db), given)

    assert await ACTED[id](desk) == [golden(entry) for entry in expect["entries"]]
    assert await audit_ledgers(desk.house.chain_id) == []


def test_every_case_is_acted_out() -> None:
    written = json.loads((Path(__file__).parents[1] / "golden" / "journals.json").read_text())["cases"]
    assert sorted(ACTED) == [case["id"] for case in written]

"""Each event posts the lines that the accountants wrote down for it, and every branch balances by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import accounts
from domain.ledger.accounts import Account, Entry, Event, Line, PaymentMethod, Performed, Received, Settled
from domain.ledger.draft import Draft
from domain.ledger.rules import Bucket
from tests.fixtures.golden import cases
from tests.fixtures.journal_lines import golden_lines, lines_of, net
from tests.fixtures.lots import EMPTY, ONCE, a_lot
from tests.fixtures.properties import steadily

Asked = dict[str, Any]
PACKAGE = "pkg_a"


def _sale(asked: Asked, through_provider: int = 0) -> Entry | None:
    sale = asked["sale"]
    at_sale = sale["tax_point"] == "at_sale"
    deferred, tax = (sale["net"], sale["tax"]) if at_sale else (sale["gross"], 0)
    return accounts.sale(sale["seller"], PACKAGE, deferred, tax, through_provider)


def _payment(asked: Asked) -> Entry | None:
    seller = asked["sale"]["seller"]
    received = Received(PaymentMethod.CASH, asked["payment"])
    return accounts.payment(seller, received, [Settled(seller, asked["payment"], PACKAGE)])


def _session(asked: Asked) -> Entry | None:
    sale = asked["sale"]
    tax = sale["tax"] // sale["sessions"] if sale["tax_point"] == "at_redemption" else 0
    value = sale["net"] // sale["sessions"] + tax
    rate = asked.get("transfer_price")
    return accounts.session(Performed(PACKAGE, "srv_a", sale["seller"], asked["performed_at"], value, tax, 0, rate))


def _lapse(asked: Asked) -> Entry | None:
    return accounts.lapse(asked["sale"]["seller"], PACKAGE, asked["deferred_before"])


def _moved_on(asked: Asked) -> Entry | None:
    return accounts.renewal(asked["from"], PACKAGE, asked["to"], "pkg_b", asked["deferred_before"])


def _dispute(asked: Asked) -> Entry | None:
    return accounts.dispute(asked["sale"]["seller"], PACKAGE, asked["amount"])


def _kept(asked: Asked) -> Entry | None:
    return accounts.payment(
        asked["seller"], Received(PaymentMethod.CASH, asked["amount"], asked["amount"], "cus_a"), []
    )


def _spent(asked: Asked) -> Entry | None:
    used = Received(PaymentMethod.CUSTOMER_CREDIT, asked["amount"], 0, "cus_a")
    return accounts.payment(asked["seller"], used, [Settled(asked["seller"], asked["amount"], PACKAGE)])


def _mirrored(event: Event, posted: Entry | None) -> Entry | None:
    assert posted is not None
    return accounts.mirror(event, posted.lines)


POSTED: dict[str, Callable[[Asked], list[Entry | None]]] = {
    "JR01": lambda asked: [_sale(asked), _payment(asked)],
    "JR02": lambda asked: [_sale(asked, through_provider=asked["sale"]["gross"])],
    "JR04": lambda asked: [_sale(asked), _payment(asked)],
    "JR06": lambda asked: [_sale(asked), _payment(asked), _session(asked)],
    "JR07": lambda asked: [_session(asked)],
    "JR08": lambda asked: [_session(asked)],
    "JR09": lambda asked: [_session(asked)],
    "JR10": lambda asked: [_mirrored(Event.REVERSAL, _session(asked))],
    "JR11": lambda asked: [_mirrored(Event.REVERSAL, _session(asked))],
    "JR12": lambda asked: [_mirrored(Event.REVERSAL, _session(asked))],
    "JR14": lambda asked: [_moved_on(asked)],
    "JR24": lambda asked: [_lapse(asked)],
    "JR25": lambda asked: [_lapse(asked)],
    "JR29": lambda asked: [
        _dispute(asked),
        accounts.dispute_fee(asked["sale"]["seller"], PACKAGE, asked["dispute_fee"]),
    ],
    "JR32": lambda asked: [_kept(asked), _spent(asked)],
    "JR35": lambda asked: [accounts.payout(asked["branch"], asked["gross"], asked["fee"])],
    "JR31": lambda asked: [_mirrored(Event.DISPUTE_WON, _dispute(asked))],
    "JR26": lambda asked: [_mirrored(Event.REVERSAL, _lapse(asked | {"deferred_before": 36000}))],
}


@pytest.mark.parametrize(
    ("id", "asked", "expect"),
    [pytest.param(case.id, *case.values, id=case.id) for case in cases("journals", *POSTED)],
)
def test_golden_journals(id: str, asked: Asked, expect: Asked) -> None:
    found = [net(lines_of(entry)) for entry in POSTED[id](asked)]
    assert found == [net(golden_lines(entry)) for entry in expect["entries"]]


@pytest.mark.parametrize(("asked", "expect"), cases("journals", "JR37"))
def test_a_transfer_of_the_holder_moves_sessions_but_no_deferred_revenue(asked: Asked, expect: Asked) -> None:
    assert expect["entries"] == []
    draft = Draft([a_lot(10, asked["sale"]["net"])])
    draft.move(EMPTY.id, Bucket.AVAILABLE, Bucket.CONSUMED, asked["used"], ONCE)
    left = draft.lots[EMPTY.id]
    given_up = draft.move(EMPTY.id, Bucket.AVAILABLE, Bucket.MOVED, left.available, ONCE)
    taken_over = Draft()
    issued = taken_over.issue(EMPTY, left.available, given_up.carried, ONCE)
    assert (given_up.deferred_change, issued.deferred_change) == (-27000, 27000)


@pytest.mark.parametrize(("asked", "expect"), cases("journals", "JR38"))
def test_nothing_moved_is_nothing_posted(asked: Asked, expect: Asked) -> None:
    assert expect["entries"] == []
    assert accounts.mirror(Event.REVERSAL, []) is None


def test_sessions_without_value_post_nothing() -> None:
    assert accounts.session(Performed(PACKAGE, "srv_a", "A", "B", 0)) is None


def test_money_taken_at_another_branch_is_owed_to_the_home_branch() -> None:
    paid = accounts.payment("B", Received(PaymentMethod.CARD, 5000), [Settled("A", 5000, PACKAGE)])
    assert net(lines_of(paid)) == {
        (Account.CASH, "B", None): 5000,
        (Account.DUE_TO_BRANCH, "B", "A"): -5000,
        (Account.DUE_FROM_BRANCH, "A", "B"): 5000,
        (Account.RECEIVABLE, "A", None): -5000,
    }


def test_value_that_moves_on_inside_a_branch_is_owed_to_nobody() -> None:
    moved_on = accounts.renewal("A", PACKAGE, "A", "pkg_b", 31500)
    assert [(line.account, line.package_id, line.amount_minor) for line in lines_of(moved_on)] == [
        (Account.DEFERRED_REVENUE, PACKAGE, 31500),
        (Account.DEFERRED_REVENUE, "pkg_b", -31500),
    ]


def test_an_imported_package_opens_with_its_value_left_and_what_is_unpaid() -> None:
    assert net(lines_of(accounts.opening("A", PACKAGE, 27000, 5000))) == {
        (Account.DEFERRED_REVENUE, "A", None): -27000,
        (Account.RECEIVABLE, "A", None): 5000,
        (Account.OPENING_BALANCE, "A", None): 22000,
    }


def test_lines_that_balance_in_all_but_not_for_each_branch_are_a_fault() -> None:
    lines = [Line(Account.CASH, "A", 100), Line(Account.REVENUE, "B", -100)]
    with pytest.raises(AssertionError, match="unbalanced"):
        accounts.entry(Event.SESSION, lines)


@given(
    value=st.integers(0, 10**12),
    tax=st.integers(0, 10**12),
    rate=st.none() | st.integers(0, 10**12),
    performing=st.sampled_from(["A", "B"]),
)
@steadily
def test_a_session_balances_for_both_branches_and_its_mirror_undoes_it(
    value: int, tax: int, rate: int | None, performing: str
) -> None:
    performed = Performed(PACKAGE, "srv_a", "A", performing, value, min(tax, value), 0, rate)
    lines = lines_of(accounts.session(performed))
    assert net(lines + lines_of(accounts.mirror(Event.REVERSAL, lines))) == {}
    due = sum(line.amount_minor for line in lines if line.account in {Account.DUE_FROM_BRANCH, Account.DUE_TO_BRANCH})
    assert due == 0

"""Refunds, top-ups and upgrades post the lines that the accountants wrote down, reckoned from their quotes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.terms import Item, Price, RefundBasis, Refunding, Terms, UpgradeMethod, Validity
from domain.ledger import accounts
from domain.ledger.accounts import (
    Account,
    Entry,
    PaymentMethod,
    Performed,
    Received,
    Refunded,
    Settled,
    Upgraded,
    check_balanced,
)
from domain.refunds.rules import Settling, agreed, quote, tax_share
from domain.topups import rules as topups
from domain.upgrades import rules as upgrades
from tests.fixtures.golden import cases
from tests.fixtures.journal_lines import golden_lines, lines_of, net
from tests.fixtures.lots import EMPTY
from tests.fixtures.properties import steadily
from tests.fixtures.refunds import standing

Asked = dict[str, Any]
HOME, OLD, NEW = "A", "pkg_a", "pkg_b"


def _paid(amount: int, package_id: str = NEW) -> Entry | None:
    return accounts.payment(HOME, Received(PaymentMethod.CASH, amount), [Settled(HOME, amount, package_id)])


def _top_up(asked: Asked) -> list[Entry | None]:
    sale = asked["sale"]
    price = Price(sale["net"], "EUR", sale["tax_percent"] * 100, tax_included=False)
    terms = Terms((Item(("srv_a",), sale["sessions"]),), price, Validity(days=180))
    added = topups.added(terms, asked["top_up"]["sessions"], 5000, EMPTY.last_day, False, EMPTY.last_day)
    assert (added.net_minor, added.tax_minor) == (asked["top_up"]["net"], asked["top_up"]["tax"])
    top_up = accounts.top_up(HOME, OLD, added.carried.value_minor, added.tax_at_sale_minor)
    return [top_up, _paid(asked["payment"], OLD)]


def _upgraded(asked: Asked) -> tuple[Upgraded, upgrades.Quote]:
    sale, method = asked["sale"], UpgradeMethod(asked["method"])
    old = upgrades.Old(sale["gross"], 0, sale["sessions"], asked["used"])
    new = upgrades.New(asked["new"]["net"], asked["new"]["sessions"])
    told = upgrades.quote(method, old, new, "EUR")
    value = upgrades.new_value(method, new.price_minor, asked["deferred_before"], told.difference_minor)
    return (
        Upgraded(
            HOME,
            OLD,
            asked["deferred_before"],
            0,
            0,
            HOME,
            NEW,
            value.value_minor,
            0,
            told.due_minor,
            told.credit_minor,
            value.concession_minor,
            "cus_a",
        ),
        told,
    )


def _upgrade(asked: Asked) -> list[Entry | None]:
    upgraded, told = _upgraded(asked)
    if not told.due_minor:
        return [accounts.upgrade(upgraded)]
    session = upgraded.new_value_minor // told.sessions_after
    next_session = accounts.session(Performed(NEW, "srv_a", HOME, HOME, session))
    return [accounts.upgrade(upgraded), _paid(told.due_minor), next_session]


def _refund(asked: Asked) -> list[Entry | None]:
    sale, tax_bp = asked["sale"], asked["sale"]["tax_percent"] * 100
    fee_tax_bp = tax_bp if asked.get("fee_taxed") else 0
    list_price = asked.get("list_price", 0) * (10_000 + tax_bp) // 10_000
    terms = Refunding(
        RefundBasis(asked.get("basis", "PAID_SESSIONS")),
        admin_fee_minor=asked.get("fee", 0) * (10_000 + fee_tax_bp) // 10_000,
    )
    told = quote(standing(sale["gross"], used=asked["used"], list_price=list_price), terms)
    goodwill = asked["refund"] - told.refund_minor if "refund" in asked else asked.get("goodwill", 0)
    settling = Settling(HOME, OLD, sale["gross"], sale["tax"], asked["deferred_before"], fee_tax_bp=fee_tax_bp)
    booked = agreed(settling, told, goodwill)
    return [
        accounts.refund(booked),
        accounts.refund_paid(HOME, OLD, HOME, PaymentMethod.CASH, booked.refund_minor),
    ]


POSTED: dict[str, Callable[[Asked], list[Entry | None]]] = {
    "JR15": _top_up,
    **dict.fromkeys(("JR16", "JR17", "JR33"), _upgrade),
    **dict.fromkeys(("JR18", "JR19", "JR20", "JR21", "JR22", "JR23"), _refund),
}


@pytest.mark.parametrize(
    ("id", "asked", "expect"),
    [pytest.param(case.id, *case.values, id=case.id) for case in cases("journals", *POSTED)],
)
def test_golden_journals_of_change(id: str, asked: Asked, expect: Asked) -> None:
    found = [net(lines_of(entry)) for entry in POSTED[id](asked)]
    assert found == [net(golden_lines(entry)) for entry in expect["entries"]]


def _accounts(entry: Entry | None) -> dict[tuple[Account, str, str | None], int]:
    return net(lines_of(entry))


def test_what_is_still_owed_is_cleared_before_anything_is_to_be_paid_out() -> None:
    """540.00 with 90.00 tax, 180.00 paid, 2 of 10 used."""
    told = quote(standing(54000, 18000, used=2), Refunding(admin_fee_minor=2000))
    booked = agreed(Settling(HOME, OLD, 54000, 9000, 36000), told)
    assert _accounts(accounts.refund(booked)) == {
        (Account.DEFERRED_REVENUE, HOME, None): 36000,
        (Account.TAX_PAYABLE, HOME, None): 7200,
        (Account.RECEIVABLE, HOME, None): -36000,
        (Account.FEE_INCOME, HOME, None): -2000,
        (Account.REFUND_PAYABLE, HOME, None): -5200,
    }


def test_more_refunded_than_the_sessions_carry_is_less_revenue_where_the_contract_says_so() -> None:
    """Buy 3 Free 1, the free one first: it carried 75.00 of the 300.00, and the contract reckons it as free."""
    told = quote(standing(30000, sessions=(3, 0)), Refunding())
    booked = agreed(Settling(HOME, OLD, 30000, 0, 22500), told)
    assert (booked.revenue_minor, booked.concession_minor, booked.refund_minor) == (-7500, 0, 30000)


def test_tax_due_with_the_use_follows_what_the_used_sessions_turn_out_to_cost() -> None:
    """540.00 with the tax in the value; 4 used at 60.00 instead of 54.00: 24.00 more, 4.00 of it tax."""
    told = quote(standing(54000, used=4, list_price=6000), Refunding(RefundBasis.LIST_PRICE))
    booked = agreed(Settling(HOME, OLD, 54000, 0, 32400, tax_carried_minor=5400), told)
    assert _accounts(accounts.refund(booked)) == {
        (Account.DEFERRED_REVENUE, HOME, None): 32400,
        (Account.TAX_PAYABLE, HOME, None): -400,
        (Account.REVENUE, HOME, None): -2000,
        (Account.REFUND_PAYABLE, HOME, None): -30000,
    }


def test_paid_out_elsewhere_the_home_branch_owes_it_to_that_branch() -> None:
    assert _accounts(accounts.refund_paid(HOME, OLD, "B", PaymentMethod.ONLINE_LINK, 5000)) == {
        (Account.REFUND_PAYABLE, HOME, None): 5000,
        (Account.DUE_TO_BRANCH, HOME, "B"): -5000,
        (Account.DUE_FROM_BRANCH, "B", HOME): 5000,
        (Account.PROVIDER_CLEARING, "B", None): -5000,
    }


def test_what_becomes_credit_is_the_customers() -> None:
    paid = accounts.refund_paid(HOME, OLD, HOME, PaymentMethod.CUSTOMER_CREDIT, 5000, "cus_a")
    assert [(line.account, line.amount_minor, line.customer_id) for line in lines_of(paid)] == [
        (Account.REFUND_PAYABLE, 5000, None),
        (Account.CUSTOMER_CREDIT, -5000, "cus_a"),
    ]
    with pytest.raises(AssertionError, match="belongs to a customer"):
        accounts.refund_paid(HOME, OLD, HOME, PaymentMethod.CUSTOMER_CREDIT, 5000)


def test_an_upgrade_at_another_home_takes_along_what_is_unpaid_and_what_is_carried() -> None:
    """5 for 450.00, 2 used, 200.00 paid, to 10 for 800.00 at B: 780.00 to be paid there."""
    old = upgrades.Old(45000, 25000, 5, 2)
    told = upgrades.quote(UpgradeMethod.CREDIT_UNUSED, old, upgrades.New(80000, 10), "EUR")
    upgraded = Upgraded(HOME, OLD, 27000, 0, 25000, "B", NEW, 80000, 0, told.due_minor)
    assert _accounts(accounts.upgrade(upgraded)) == {
        (Account.DEFERRED_REVENUE, HOME, None): 27000,
        (Account.RECEIVABLE, HOME, None): -25000,
        (Account.DUE_TO_BRANCH, HOME, "B"): -2000,
        (Account.DUE_FROM_BRANCH, "B", HOME): 2000,
        (Account.RECEIVABLE, "B", None): 78000,
        (Account.DEFERRED_REVENUE, "B", None): -80000,
    }


def test_a_downgrade_that_credits_more_than_the_old_sessions_carry_gives_the_excess_up() -> None:
    """10 for 800.00, 9 used, to 10 for 450.00: 350.00 of credit, and only 80.00 were still owed as sessions."""
    old = upgrades.Old(80000, 0, 10, 9)
    told = upgrades.quote(UpgradeMethod.CARRY_USAGE, old, upgrades.New(45000, 10), "EUR")
    value = upgrades.new_value(UpgradeMethod.CARRY_USAGE, 45000, 8000, told.difference_minor)
    assert (told.credit_minor, value) == (35000, upgrades.NewValue(0, 27000))
    upgraded = Upgraded(HOME, OLD, 8000, 0, 0, HOME, NEW, 0, 0, 0, 35000, 27000, "cus_a")
    assert _accounts(accounts.upgrade(upgraded)) == {
        (Account.DEFERRED_REVENUE, HOME, None): 8000,
        (Account.PRICE_CONCESSION, HOME, None): 27000,
        (Account.CUSTOMER_CREDIT, HOME, None): -35000,
    }


AMOUNTS = st.integers(0, 10**12)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
@steadily
def test_a_refund_balances_whatever_it_comes_to(
    value: int, tax: int, refund: int, fee: int, cleared: int, given_up: int
) -> None:
    told = accounts.refund(Refunded(HOME, OLD, value, tax, refund, fee, 0, cleared, given_up))
    check_balanced(lines_of(told))


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from([HOME, "B"]))
@steadily
def test_an_upgrade_balances_for_both_branches(
    value: int, tax: int, unpaid: int, new_value: int, due: int, credit: int, home: str
) -> None:
    upgraded = Upgraded(HOME, OLD, value, tax, unpaid, home, NEW, new_value, tax, due, credit, 0, "cus_a")
    check_balanced(lines_of(accounts.upgrade(upgraded)))


@pytest.mark.parametrize("used", range(8))
def test_uneven_prices_leave_their_odd_units_in_revenue(used: int) -> None:
    """100.00 for 7: the lot releases 14.29, 14.28 and so on; the quote values what is used in one step."""
    left = 10000
    for count in range(7, 7 - used, -1):
        left -= (2 * left + count) // (2 * count)
    told = quote(standing(10000, sessions=(7, 0), used=used), Refunding())
    booked = agreed(Settling(HOME, OLD, 10000, 0, left), told)
    assert abs(booked.revenue_minor) <= 1


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
@steadily
def test_the_tax_of_parts_is_that_of_their_sum(price: int, tax_bp: int, cuts: list[int]) -> None:
    tax, before, shares = price * tax_bp // 20_000, 0, []
    ends = sorted(price * cut // 10_000 for cut in cuts)
    for end in ends:
        shares.append(tax_share(price, tax, end - before, before))
        before = end
    assert sum(shares) == tax_share(price, tax, ends[-1])
    assert tax_share(price, tax, price) == tax


def test_a_second_part_takes_back_the_tax_that_the_first_has_left() -> None:
    """100.00 with 16.67 of tax, for 3: each by itself would take back 5.56, which is a cent too much for three."""
    shares = []
    for before in range(3):
        rest = standing(10000, sessions=(3, 0), kept=2 - before, refunded_sessions=before, refunded_minor=before * 3333)
        told = quote(rest, Refunding())
        settling = Settling(HOME, OLD, 10000, 1667, 2778, credited_before_minor=before * 3333)
        shares.append(agreed(settling, told).tax_minor)
    assert (shares, sum(shares)) == ([556, 555, 556], 1667)

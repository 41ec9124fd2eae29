"""The journal in beancount's words: ids, days and balances, and beancount itself finds nothing to say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.accounting.plain_text.beancount import Beancount
from domain.accounting.plain_text.view import Leg, PostedEntry
from domain.ledger.accounts import Account, Event, PaymentMethod
from tests.fixtures.plain_text import asserted, bean_check

PACKAGE = "pkg_a"


def leg(account: Account, minor: int, branch: str = "LIS", **rest: str | PaymentMethod | bool | None) -> Leg:
    return Leg(account, f"brn_{branch.lower()}", branch, minor, **{"package_id": PACKAGE} | rest)  # type: ignore[arg-type]


def posted(event: Event, day: str, *legs: Leg, effective: str | None = None, id: str = "jrn_a") -> PostedEntry:
    on = date.fromisoformat(day)
    return PostedEntry(id, "op_a", event, on, date.fromisoformat(effective) if effective else on, legs)


def sale(day: str, minor: int, **rest: str) -> PostedEntry:
    return posted(
        Event.SALE, day, leg(Account.RECEIVABLE, minor), leg(Account.DEFERRED_REVENUE, -minor), effective=None, **rest
    )


def written(entries: Sequence[PostedEntry], currency: str = "EUR") -> str:
    text = Beancount('Harbour "Wellness" \\ Spa', currency)
    return text.head() + "".join(map(text.entry, entries)) + text.end()


IN_MADRID = posted(
    Event.SESSION,
    "2026-04-01",
    leg(Account.DEFERRED_REVENUE, 4500, service="PHY45"),
    leg(Account.DUE_TO_BRANCH, -4500, counterparty="MAD", service="PHY45", intercompany=True),
    leg(Account.DUE_FROM_BRANCH, 4500, "MAD", counterparty="LIS", service="PHY45", intercompany=True),
    leg(Account.REVENUE, -4500, "MAD", service="PHY45"),
    effective="2026-03-31",
    id="jrn_b",
)
TEXT = r"""option "title" "Harbour \"Wellness\" \\ Spa"
option "operating_currency" "EUR"

1970-01-01 commodity EUR
  precision: 2

2026-03-02 open Assets:Receivable:LIS EUR
  role: "RECEIVABLE"
  branch: "brn_lis"

2026-03-02 open Liabilities:DeferredRevenue:LIS EUR
  role: "DEFERRED_REVENUE"
  branch: "brn_lis"

2026-03-02 * "Package sold"
  entry: "jrn_a"
  operation: "op_a"
  package: "pkg_a"
  Assets:Receivable:LIS  450.00 EUR
  Liabilities:DeferredRevenue:LIS  -450.00 EUR

2026-03-03 balance Assets:Receivable:LIS  450.00 ~ 0 EUR
2026-03-03 balance Liabilities:DeferredRevenue:LIS  -450.00 ~ 0 EUR

2026-04-01 open Liabilities:DueToBranch:LIS:MAD EUR
  role: "DUE_TO_BRANCH"
  branch: "brn_lis"

2026-04-01 open Assets:DueFromBranch:MAD:LIS EUR
  role: "DUE_FROM_BRANCH"
  branch: "brn_mad"

2026-04-01 open Income:Revenue:MAD EUR
  role: "REVENUE"
  branch: "brn_mad"

2026-04-01 * "Session performed"
  entry: "jrn_b"
  operation: "op_a"
  effective: 2026-03-31
  package: "pkg_a"
  Liabilities:DeferredRevenue:LIS  45.00 EUR
    service: "PHY45"
  Liabilities:DueToBranch:LIS:MAD  -45.00 EUR
    counterparty: "MAD"
    service: "PHY45"
    intercompany: TRUE
  Assets:DueFromBranch:MAD:LIS  45.00 EUR
    counterparty: "LIS"
    service: "PHY45"
    intercompany: TRUE
  Income:Revenue:MAD  -45.00 EUR
    service: "PHY45"

2026-04-02 balance Assets:DueFromBranch:MAD:LIS  45.00 ~ 0 EUR
2026-04-02 balance Assets:Receivable:LIS  450.00 ~ 0 EUR
2026-04-02 balance Income:Revenue:MAD  -45.00 ~ 0 EUR
2026-04-02 balance Liabilities:DeferredRevenue:LIS  -405.00 ~ 0 EUR
2026-04-02 balance Liabilities:DueToBranch:LIS:MAD  -45.00 ~ 0 EUR
"""


def test_a_sale_and_a_session_at_another_branch_are_told_with_ids_days_and_balances(tmp_path: Path) -> None:
    text = written([sale("2026-03-02", 45000), IN_MADRID])
    assert text == TEXT
    assert bean_check(text, tmp_path) == ""


@pytest.mark.parametrize(
    ("currency", "precision", "amount"), [("EUR", 2, "10000.01"), ("JPY", 0, "1000001"), ("KWD", 3, "1000.001")]
)
def test_amounts_have_the_digits_of_the_currency(currency: str, precision: int, amount: str, tmp_path: Path) -> None:
    text = written([sale("2026-03-02", 1_000_001), sale("2026-12-31", -1, id="jrn_b")], currency)
    assert f"1970-01-01 commodity {currency}\n  precision: {precision}\n" in text
    assert f"  Assets:Receivable:LIS  {amount} {currency}\n" in text
    assert bean_check(text, tmp_path) == ""


@pytest.mark.parametrize(
    ("currency", "right", "wrong"), [("EUR", "4.50", "4.51"), ("JPY", "450", "451"), ("KWD", "0.450", "0.451")]
)
def test_a_balance_that_is_wrong_by_the_smallest_unit_is_found(
    currency: str, right: str, wrong: str, tmp_path: Path
) -> None:
    asked = f"balance Assets:Receivable:LIS  {right} ~"
    text = written([sale("2026-03-02", 450)], currency)
    assert asked in text
    assert f"expected {wrong} {currency}" in bean_check(text.replace(asked, asked.replace(right, wrong)), tmp_path)


def test_an_empty_journal_is_a_journal(tmp_path: Path) -> None:
    text = written([])
    assert text.endswith("precision: 2\n")
    assert bean_check(text, tmp_path) == ""


def test_how_money_came_in_and_whose_credit_it_is_are_told_and_packages_of_several_are_told_line_by_line() -> None:
    paid = posted(
        Event.PAYMENT,
        "2026-03-02",
        leg(Account.CASH, 100, payment_method=PaymentMethod.CARD),
        leg(Account.RECEIVABLE, -90, package_id="pkg_b"),
        leg(Account.CUSTOMER_CREDIT, -10, package_id=None, customer_id="cus_a"),
    )
    text = written([paid])
    assert '  Assets:Cash:LIS  1.00 EUR\n    package: "pkg_a"\n    payment-method: "CARD"\n' in text
    assert '  Assets:Receivable:LIS  -0.90 EUR\n    package: "pkg_b"\n' in text
    assert '  Liabilities:CustomerCredit:LIS  -0.10 EUR\n    customer: "cus_a"\n' in text
    assert "\n  package:" not in text


def test_what_has_no_package_tells_of_none() -> None:
    charged = sale("2026-03-02", 100)
    charged = replace(charged, legs=tuple(replace(each, package_id=None) for each in charged.legs))
    assert "package" not in written([charged])


def test_balances_that_are_brought_forward_are_the_first_transaction(tmp_path: Path) -> None:
    text = Beancount("Harbour", "EUR")
    before = [leg(Account.CASH, 500, package_id=None), leg(Account.OPENING_BALANCE, -500, package_id=None)]
    whole = text.head() + text.brought_forward(date(2026, 3, 31), before)
    whole += text.entry(sale("2026-04-05", 100)) + text.end()
    assert '2026-03-31 * "Balances brought forward"\n  Assets:Cash:LIS  5.00 EUR\n' in whole
    assert "2026-04-01 balance Equity:OpeningBalance:LIS  -5.00 ~ 0 EUR\n" in whole
    assert asserted(whole) == {
        "Assets:Cash:LIS": "5.00",
        "Assets:Receivable:LIS": "1.00",
        "Equity:OpeningBalance:LIS": "-5.00",
        "Liabilities:DeferredRevenue:LIS": "-1.00",
    }
    assert bean_check(whole, tmp_path) == ""


def test_entries_out_of_order_are_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="in the order of their days"):
        written([sale("2026-03-02", 1), sale("2026-03-01", 1)])


@pytest.mark.parametrize(
    ("code", "name"),
    [("LIS", "LIS"), ("1-A", "1-A"), ("A-", "A-"), ("-LIS", "Branch-LIS"), ("-", "Branch-"), ("BRANCH-LIS",) * 2],
)
def test_a_branch_is_called_by_its_code_where_account_names_may_begin_so(code: str, name: str, tmp_path: Path) -> None:
    moved = posted(
        Event.PAYMENT,
        "2026-03-02",
        leg(Account.CASH, 1, code),
        leg(Account.DUE_TO_BRANCH, -1, code, counterparty=code),
    )
    text = written([moved])
    assert f"Assets:Cash:{name} " in text
    assert f"Liabilities:DueToBranch:{name}:{name} " in text
    assert bean_check(text, tmp_path) == ""

"""The journal in hledger's words: ids, days and balances, and a reader finds nothing to say."""

from pathlib import Path

import pytest

from domain.accounting.plain_text.hledger import Hledger
from domain.ledger.accounts import Account, Event, PaymentMethod
from tests.fixtures.hledger import hledger_check_text
from tests.rules.test_beancount import IN_MADRID, leg, posted, sale

TEXT = """; Harbour, "Wellness" Spa
decimal-mark .
commodity 1000.00 EUR

account Assets:Receivable:LIS
    ; role:RECEIVABLE, branch:brn_lis

account Liabilities:DeferredRevenue:LIS
    ; role:DEFERRED_REVENUE, branch:brn_lis

2026-03-02 * Package sold
    ; entry:jrn_a
    ; operation:op_a
    ; package:pkg_a
    Assets:Receivable:LIS  450.00 EUR
    Liabilities:DeferredRevenue:LIS  -450.00 EUR

2026-03-02 * Balances at the end of the day
    Assets:Receivable:LIS  0.00 EUR = 450.00 EUR
    Liabilities:DeferredRevenue:LIS  0.00 EUR = -450.00 EUR

account Liabilities:DueToBranch:LIS:MAD
    ; role:DUE_TO_BRANCH, branch:brn_lis

account Assets:DueFromBranch:MAD:LIS
    ; role:DUE_FROM_BRANCH, branch:brn_mad

account Income:Revenue:MAD
    ; role:REVENUE, branch:brn_mad

2026-04-01 * Session performed
    ; entry:jrn_b
    ; operation:op_a
    ; effective:2026-03-31
    ; package:pkg_a
    Liabilities:DeferredRevenue:LIS  45.00 EUR  ; service:PHY45
    Liabilities:DueToBranch:LIS:MAD  -45.00 EUR  ; counterparty:MAD, service:PHY45, intercompany:true
    Assets:DueFromBranch:MAD:LIS  45.00 EUR  ; counterparty:LIS, service:PHY45, intercompany:true
    Income:Revenue:MAD  -45.00 EUR  ; service:PHY45

2026-04-01 * Balances at the end of the day
    Assets:DueFromBranch:MAD:LIS  0.00 EUR = 45.00 EUR
    Assets:Receivable:LIS  0.00 EUR = 450.00 EUR
    Income:Revenue:MAD  0.00 EUR = -45.00 EUR
    Liabilities:DeferredRevenue:LIS  0.00 EUR = -405.00 EUR
    Liabilities:DueToBranch:LIS:MAD  0.00 EUR = -45.00 EUR
"""


def test_a_sale_and_a_session_at_another_branch_are_told_with_ids_days_and_balances(tmp_path: Path) -> None:
    text = Hledger('Harbour; "Wellness"  Spa', "EUR")
    whole = text.head() + text.entry(sale("2026-03-02", 45000)) + text.entry(IN_MADRID) + text.end()
    assert whole == TEXT
    assert hledger_check_text(whole, tmp_path) == ""


@pytest.mark.parametrize(
    ("currency", "shown", "amount"),
    [("EUR", "1000.00", "10000.01"), ("JPY", "1000.", "1000001"), ("KWD", "1000.000", "1000.001")],
)
def test_amounts_have_the_digits_of_the_currency(currency: str, shown: str, amount: str, tmp_path: Path) -> None:
    text = Hledger("Harbour", currency)
    whole = text.head() + text.entry(sale("2026-03-02", 1_000_001)) + text.end()
    assert f"commodity {shown} {currency}\n" in whole
    assert f"    Assets:Receivable:LIS  {amount} {currency}\n" in whole
    assert hledger_check_text(whole, tmp_path) == ""


def test_a_balance_that_is_wrong_by_the_smallest_unit_is_found(tmp_path: Path) -> None:
    wrong = TEXT.replace("= 450.00", "= 450.01", 1)
    assert "Assets:Receivable:LIS is 450.00 EUR, not 450.01" in hledger_check_text(wrong, tmp_path)
    unbalanced = TEXT.replace("LIS  450.00 EUR\n", "LIS  450.01 EUR\n", 1)
    assert "does not balance" in hledger_check_text(unbalanced, tmp_path)


def test_an_empty_journal_is_a_journal(tmp_path: Path) -> None:
    text = Hledger("Harbour", "EUR")
    assert hledger_check_text(text.head() + text.end(), tmp_path) == ""


def test_packages_of_several_and_whose_credit_it_is_are_told_line_by_line() -> None:
    text = Hledger("Harbour", "EUR")
    told = text.entry(
        posted(
            Event.PAYMENT,
            "2026-03-02",
            leg(Account.CASH, 100, payment_method=PaymentMethod.CARD),
            leg(Account.RECEIVABLE, -90, package_id="pkg_b"),
            leg(Account.CUSTOMER_CREDIT, -10, package_id=None, customer_id="cus_a"),
        )
    )
    assert "    Assets:Cash:LIS  1.00 EUR  ; package:pkg_a, payment-method:CARD\n" in told
    assert "    Assets:Receivable:LIS  -0.90 EUR  ; package:pkg_b\n" in told
    assert "    Liabilities:CustomerCredit:LIS  -0.10 EUR  ; customer:cus_a\n" in told

"""What roles of accounts and events are called: each has a name, and no two branches share one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounting.plain_text.chart import NARRATIONS, account_name
from domain.accounting.plain_text.view import Leg
from domain.ledger.accounts import Account, Event
from tests.fixtures.properties import steadily

KINDS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
DUE = (Account.DUE_FROM_BRANCH, Account.DUE_TO_BRANCH)


def name_of(account: Account, branch: str = "LIS", counterparty: str | None = None) -> str:
    return account_name(Leg(account, "brn_a", branch, 1, counterparty))


@pytest.mark.parametrize("account", Account)
def test_every_role_has_an_account_of_its_own(account: Account) -> None:
    name = name_of(account)
    kind, role, branch = name.split(":")
    assert kind in KINDS
    assert role.lower() == account.replace("_", "").lower()
    assert branch == "LIS"
    between = name_of(account, counterparty="MAD")
    assert between == (f"{name}:MAD" if account in DUE else name)


def test_every_event_is_told_in_plain_words() -> None:
    assert set(NARRATIONS) == set(Event)
    assert len(set(NARRATIONS.values())) == len(Event)
    assert all(re.fullmatch("[A-Z][a-z ]+", words) for words in NARRATIONS.values())


codes = st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True)


@given(codes, codes)
@steadily
def test_no_two_branches_share_an_account(one: str, other: str) -> None:
    names = {name_of(Account.CASH, code) for code in (one, other)}
    assert len(names) == len({one, other})
    assert all(re.fullmatch(r"Assets:Cash:[A-Z0-9][A-Za-z0-9-]*", name) for name in names)

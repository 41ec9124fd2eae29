"""What roles of accounts and events are called where people read them."""

from domain.accounting.plain_text.view import Leg
from domain.ledger.accounts import Account, Event

_ROOTS = {
    Account.CASH: "Assets",
    Account.PROVIDER_CLEARING: "Assets",
    Account.RECEIVABLE: "Assets",
    Account.DEFERRED_REVENUE: "Liabilities",
    Account.REVENUE: "Income",
    Account.BREAKAGE_REVENUE: "Income",
    Account.FEE_INCOME: "Income",
    Account.TAX_PAYABLE: "Liabilities",
    Account.CUSTOMER_CREDIT: "Liabilities",
    Account.REFUND_PAYABLE: "Liabilities",
    Account.PRICE_CONCESSION: "Expenses",
    Account.DUE_FROM_BRANCH: "Assets",
    Account.DUE_TO_BRANCH: "Liabilities",
    Account.DISPUTES: "Assets",
    Account.BAD_DEBT: "Expenses",
    Account.PROVIDER_FEES: "Expenses",
    Account.OPENING_BALANCE: "Equity",
}
_BETWEEN_BRANCHES = (Account.DUE_FROM_BRANCH, Account.DUE_TO_BRANCH)

NARRATIONS = {
    Event.SALE: "Package sold",
    Event.VOID: "Sale voided",
    Event.PAYMENT: "Payment received",
    Event.PAYMENT_REVERSAL: "Payment reversed",
    Event.PAYOUT: "Paid out by the provider",
    Event.SESSION: "Session performed",
    Event.REVERSAL: "Redemption reversed",
    Event.LAPSE: "Sessions lapsed",
    Event.REINSTATEMENT: "Lapsed sessions reinstated",
    Event.REESTIMATE: "Breakage estimated anew",
    Event.RENEWAL: "Sessions moved into a renewed package",
    Event.TRANSFER: "Sessions handed on to another customer",
    Event.BRANCH_TRANSFER: "Package moved to another home branch",
    Event.SETTLEMENT: "Settlement between branches",
    Event.MERGE: "Customers merged or parted",
    Event.TOP_UP: "Sessions added to a package",
    Event.UPGRADE: "Package changed for another",
    Event.REFUND: "Refund agreed",
    Event.REFUND_PAID: "Refund paid out",
    Event.CHARGE: "Sessions or a fee charged to a customer",
    Event.DISPUTE: "Payment disputed",
    Event.DISPUTE_WON: "Dispute won",
    Event.DISPUTE_LOST: "Dispute lost",
    Event.OPENING: "Package taken over from the system before",
}
"""Each event in plain words."""


def account_name(leg: Leg) -> str:
    """Kind, role and branch, such as `Assets:Cash:LIS`; between branches also the other one."""
    role = "".join(word.capitalize() for word in leg.account.split("_"))
    name = f"{_ROOTS[leg.account]}:{role}:{_part(leg.branch)}"
    if leg.counterparty and leg.account in _BETWEEN_BRANCHES:
        return f"{name}:{_part(leg.counterparty)}"
    return name


def _part(code: str) -> str:
    """The code of a branch so that no other one can have it, beginning as parts of account names must.

    A code may begin with a hyphen, which they may not; none has the small letters that this one is given.
    """
    return f"Branch{code}" if code.startswith("-") else code

"""The chart of accounts that the demo's accounting systems have, each called as its system calls accounts."""

from dataclasses import dataclass, field

from domain.accounting.connectors.protocol import System
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.rules import Mode
from domain.ledger.accounts import Account

CHART = (
    (Account.CASH, 1000, "Assets", "Cash"),
    (Account.PROVIDER_CLEARING, 1050, "Assets", "Card clearing"),
    (Account.RECEIVABLE, 1100, "Assets", "Trade debtors"),
    (Account.DUE_FROM_BRANCH, 1200, "Assets", "Due from branches"),
    (Account.DISPUTES, 1300, "Assets", "Disputed payments"),
    (Account.DEFERRED_REVENUE, 2000, "Liabilities", "Contract liabilities"),
    (Account.TAX_PAYABLE, 2100, "Liabilities", "Tax payable"),
    (Account.CUSTOMER_CREDIT, 2200, "Liabilities", "Customer credit"),
    (Account.REFUND_PAYABLE, 2300, "Liabilities", "Refunds payable"),
    (Account.DUE_TO_BRANCH, 2400, "Liabilities", "Due to branches"),
    (Account.OPENING_BALANCE, 3000, "Equity", "Opening balances"),
    (Account.REVENUE, 4000, "Income", "Sessions"),
    (Account.BREAKAGE_REVENUE, 4100, "Income", "Breakage"),
    (Account.FEE_INCOME, 4200, "Income", "Fees"),
    (Account.PRICE_CONCESSION, 5000, "Expenses", "Price concessions"),
    (Account.BAD_DEBT, 5100, "Expenses", "Bad debt"),
    (Account.PROVIDER_FEES, 5200, "Expenses", "Provider fees"),
)
"""Role, number, kind and name."""


@dataclass(frozen=True, slots=True)
class Books:
    """An accounting system of the demo: what becomes a document there, and how accounts and branches are called."""

    name: str
    system: System
    mode: Mode
    dimension: str
    account: str
    branch: str
    settings: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)

    def accounts(self) -> dict[Account, str]:
        """What each role is called there."""
        return {
            role: self.account.format(
                number=number, kind=kind, name=name, word="".join(map(str.capitalize, name.split()))
            )
            for role, number, kind, name in CHART
        }

    def branches(self, names: dict[str, str]) -> dict[str, str]:
        """What each branch is called there, by its id."""
        return {
            branch_id: self.branch.format(number=number, name=name)
            for number, (branch_id, name) in enumerate(names.items(), 1)
        }

    def mapping(self, branches: dict[str, str]) -> tuple[Mapped, ...]:
        """Every role, and at each branch with its name there."""
        called = self.branches(branches)
        return tuple(
            row
            for role, account in self.accounts().items()
            for row in (
                Mapped(role, account),
                *(Mapped(role, account, branch, dimensions={self.dimension: name}) for branch, name in called.items()),
            )
        )


_LENT = {"clientId": "carnet", "clientSecret": "s3cret/with:signs", "refreshToken": "refresh-0"}

# What opens them is what the fakes let in, and no secret.
XERO = Books(
    "Xero",
    System.XERO,
    Mode.DAILY_SUMMARY,
    "Branch",
    "{number}",
    "{name}",
    {
        "tenantId": "5f5b7f0e-0d4a-4c2c-9d0e-2f5a3f1f7c11",
        "api": "{url}/xero/api.xro/2.0",
        "tokenUrl": "{url}/xero/token",
        "currency": "EUR",
    },
    _LENT,
)
QUICKBOOKS = Books(
    "QuickBooks",
    System.QUICKBOOKS,
    Mode.PER_ENTRY,
    "location",
    "{number}",
    "{number}",
    {
        "realmId": "9130357992221046",
        "api": "{url}/quickbooks",
        "tokenUrl": "{url}/quickbooks/token",
        "currency": "EUR",
    },
    _LENT,
)
ERPNEXT = Books(
    "ERPNext",
    System.ERPNEXT,
    Mode.PER_ENTRY,
    "cost_center",
    "{number} - {name} - HW",
    "{name} - HW",
    {"url": "{url}/erpnext", "company": "Harbour Wellness", "currency": "EUR"},
    {"apiKey": "key", "apiSecret": "secret"},
)
ODOO = Books(
    "Odoo",
    System.ODOO,
    Mode.DAILY_SUMMARY,
    "branch",
    "{number}",
    "5{number}",
    {"url": "{url}/odoo", "journalId": "3", "database": "harbour", "currency": "EUR"},
    {"apiKey": "6578616d706c65"},
)
PLAIN_TEXT = Books(
    "Plain text",
    System.PLAIN_TEXT,
    Mode.PER_ENTRY,
    "branch",
    "{kind}:{word}",
    "{name}",
    {"format": "beancount"},
)
FAKED = (XERO, QUICKBOOKS, ERPNEXT, ODOO)

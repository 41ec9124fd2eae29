"""Who reads what: the table of reads that answers, the descriptions of the graph and the tests come from.

Whatever can be asked for stands here by its name, and by its type and name where it is part of something.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.access import POLICIES, Role, Scope
from domain.kernel.principals import BUSINESS, RECORDS, At, Policy, policy


class Otherwise(StrEnum):
    """What whoever may not read it is answered, in words."""

    REFUSED = "everybody else is refused as FORBIDDEN"
    NOTHING = "to everybody else there is nothing"


@dataclass(frozen=True, slots=True)
class Read:
    """Who may read something, and what everybody else is answered."""

    policy: Policy
    otherwise: Otherwise = Otherwise.NOTHING
    household: bool = False

    @property
    def who(self) -> str:
        """One sentence for the description of the graph."""
        shared = " or, of what is shared, of the same household" if self.household else ""
        return f"Needs {self.policy.needs}{shared}; {self.otherwise}."


_ACCOUNTS = (Role.OWNER, Role.MANAGER, Role.ACCOUNTANT)

BOOKS = policy(*_ACCOUNTS, Scope.ACCOUNTING)
"""Who reads journal entries, balances and reports, of the branches where the role is held."""

ALL_BOOKS = policy(*_ACCOUNTS, Scope.ACCOUNTING, at=At.CHAIN)
"""Who reads what of the books is about no branch in particular."""

KEYS = policy(Role.OWNER, at=At.CHAIN)
"""Keys open the whole chain, so they are for who owns all of it."""

HOOKS = policy(Role.OWNER, at=At.CHAIN)
"""Webhooks are told of the whole chain, and inbound hooks tell of it."""

DENIALS = policy(Role.OWNER, at=At.CHAIN)
"""What somebody tried tells of all branches at once."""

PEOPLE = policy(*Role, Scope.READ, customers=True)
"""Customers, what they hold and what was done for them: for the branches concerned, and for themselves."""

VISITS = policy(*Role, Scope.READ, Scope.BOOK, customers=True)
"""Schedulers read what is booked besides those who read all other records."""

WORDS = policy(*Role, Scope.READ, Scope.BOOK, at=At.ANYWHERE)
"""Who reads what the staff wrote for themselves, of what they see at all."""

OWN_WORDS = policy(*Role, Scope.READ, Scope.BOOK, at=At.ANYWHERE, customers=True)
"""Who reads what may have been said by the staff for themselves, or by a customer, who reads their own."""

QUOTES = policy(*Role, Scope.READ, Scope.SELL, customers=True)
"""Who is told what a change of a package would come to: whoever sees it, its holder, and keys that sell."""

DUPLICATES = policy(Role.OWNER, Role.MANAGER)
"""Who is proposed customers who may be one person: whoever may merge them, of those they see."""

HOMES = policy(Role.OWNER, Role.MANAGER, Scope.READ, at=At.EITHER)
"""Who reads which packages move, or are to move: whoever may at one end, in the lists of the other branch, too."""

_BOOKS, _PEOPLE, _BUSINESS = Read(BOOKS, Otherwise.REFUSED), Read(PEOPLE, household=True), Read(BUSINESS)
_BOOKED, _RECORDS, _ALL_BOOKS = Read(VISITS), Read(RECORDS), Read(ALL_BOOKS)
_WORDS = Read(WORDS)

READS: dict[str, Read | None] = {
    "viewer": None,
    "node": None,
    "nodes": None,
    "branch": None,
    "branches": None,
    "service": None,
    "services": None,
    "packageDefinition": None,
    "packageDefinitions": None,
    "refundPolicyPresets": None,
    "staff": _BUSINESS,
    "apiKeys": Read(KEYS),
    "webhooks": Read(HOOKS),
    "webhookDeliveries": Read(HOOKS),
    "inboundHooks": Read(HOOKS),
    "inboundEvents": Read(HOOKS),
    "denials": Read(DENIALS, Otherwise.REFUSED),
    "customer": _PEOPLE,
    "customers": _PEOPLE,
    "duplicateCustomers": Read(DUPLICATES),
    "household": _PEOPLE,
    "households": _PEOPLE,
    "package": _PEOPLE,
    "packages": _PEOPLE,
    "operations": _PEOPLE,
    "transfer": Read(PEOPLE),
    "transfers": Read(PEOPLE),
    "refund": Read(PEOPLE),
    "refunds": Read(PEOPLE),
    "refundLimits": _BUSINESS,
    "transferQuote": Read(POLICIES["transfer_package"], Otherwise.REFUSED),
    "topUpQuote": Read(QUOTES),
    "upgradeQuote": Read(QUOTES),
    "refundQuote": Read(QUOTES),
    "booking": _BOOKED,
    "bookings": _BOOKED,
    "bulkExtension": _RECORDS,
    "bulkExtensions": _RECORDS,
    "breakageRuns": _ALL_BOOKS,
    "breakageEstimates": _ALL_BOOKS,
    "journalEntries": _BOOKS,
    "feedReaders": _ALL_BOOKS,
    "accountingConnections": _ALL_BOOKS,
    "accountingConnection": _ALL_BOOKS,
    "accountMappings": _ALL_BOOKS,
    "syncDocuments": _ALL_BOOKS,
    "syncReconciliations": _ALL_BOOKS,
    "syncDryRun": _ALL_BOOKS,
    "trialBalance": _BOOKS,
    "collections": _BOOKS,
    "packageProfit": _BOOKS,
    "packageMetrics": _BOOKS,
    "customerValue": _BOOKS,
    "deferredRevenue": _BOOKS,
    "reconciliation": _BOOKS,
    "simulatePolicy": _BOOKS,
    "periods": _BOOKS,
    "settlementRates": _BOOKS,
    "settlements": _BOOKS,
    "settlement": Read(BOOKS),
    "branchTransfer": Read(HOMES),
    "branchClosing": Read(HOMES),
    "reportDownload": _BOOKS,
    "Branch.incomingTransfers": Read(HOMES),
    "Branch.outgoingTransfers": Read(HOMES),
    "Branch.closings": Read(HOMES),
    "Package.branchTransfers": Read(HOMES),
    "Chain.settings": _BUSINESS,
    "Chain.booksOpenFrom": _BUSINESS,
    "Staff.email": _BUSINESS,
    "Staff.roles": _BUSINESS,
    "ServicePrice.deliveryCost": _BUSINESS,
    "Service.deliveryCosts": _BUSINESS,
    "Customer.merges": Read(DUPLICATES),
    "Customer.tags": _WORDS,
    "Customer.notes": _WORDS,
    "Customer.value": Read(BOOKS),
    "Operation.reason": _WORDS,
    "Operation.syncDocuments": _ALL_BOOKS,
    "JournalEntry.syncDocuments": _ALL_BOOKS,
    "BookingChange.note": _WORDS,
    "Transfer.reason": _WORDS,
    "Transfer.decision": _WORDS,
    "Refund.reason": Read(OWN_WORDS),
    "Refund.hardship": _WORDS,
    "Refund.decision": _WORDS,
    "Explanation.identity": _BUSINESS,
    "ExplanationStep.money": _BUSINESS,
    "Standing.money": _BUSINESS,
}
"""By the name in the graph; None where it is for whoever has signed in."""

"""Enums of operations and of the money journal."""

from domain.kernel.access import Principal
from domain.ledger.accounts import Account, Event, PaymentMethod, Purpose
from domain.ledger.sealed import EntryOrder, OperationOrder
from schema.enums import enum

PrincipalKind = enum(
    Principal,
    name="PrincipalKind",
    description="The kinds of who.",
    STAFF="A person who works for the chain.",
    CUSTOMER="A customer, through an app.",
    INTEGRATION="Another system, with an API key.",
    SYSTEM="Carnet itself: imports and sweeps.",
)

AccountRole = enum(
    Account,
    name="AccountRole",
    description="The role of an account; a chain maps roles to its own chart of accounts.",
    CASH="Money received, by payment method.",
    PROVIDER_CLEARING="Money a payment provider has taken in and not yet paid out.",
    RECEIVABLE="What customers still owe for packages sold.",
    DEFERRED_REVENUE="Value still owed to customers as sessions.",
    REVENUE="Value of sessions that were used.",
    BREAKAGE_REVENUE="Value of sessions that lapsed unused.",
    FEE_INCOME="Fees kept from refunds and transfers.",
    TAX_PAYABLE="Tax owed to the authorities.",
    CUSTOMER_CREDIT="Money that belongs to customers and is not yet spent.",
    REFUND_PAYABLE="Refunds agreed and not yet paid out.",
    PRICE_CONCESSION="What was given up as goodwill.",
    DUE_FROM_BRANCH="What another branch owes this one.",
    DUE_TO_BRANCH="What this branch owes another one.",
    DISPUTES="Money held back while a payment is disputed.",
    BAD_DEBT="What will never be paid.",
    PROVIDER_FEES="What payment providers keep.",
    OPENING_BALANCE="The other side of what was moved in from another system.",
)

EntryEvent = enum(
    Event,
    name="EntryEvent",
    description="What a journal entry tells of.",
    SALE="A package was sold.",
    VOID="A sale was void: the mirror of it.",
    PAYMENT="Money came in, or a customer's credit was used.",
    PAYMENT_REVERSAL="A payment was taken back: the mirror of it.",
    PAYOUT="A provider paid out what it had collected.",
    SESSION="Sessions were used.",
    REVERSAL="An earlier entry was mirrored.",
    LAPSE="Sessions lapsed unused.",
    REINSTATEMENT="Lapsed sessions came back: the mirror of their lapse.",
    REESTIMATE="Another share of the sessions is expected to lapse: value that is owed again, or no more.",
    RENEWAL="Sessions left moved on to the package that renews theirs.",
    TRANSFER="Sessions were handed on to another customer, and their value with them.",
    BRANCH_TRANSFER="A package moved to another home branch, which owes its sessions from then on.",
    SETTLEMENT="What two branches owed each other was paid.",
    MERGE="Two customers turned out to be one person, or two after all: their credit and account went along.",
    TOP_UP="Sessions were added to a package.",
    UPGRADE="A package was closed for another one, and what it was worth counts towards that.",
    REFUND="A refund was agreed: what is given back, what of it is kept, and what is to be paid out.",
    REFUND_PAID="A refund was paid out, or became the customer's credit.",
    CHARGE="Sessions that no package had, at list price, or a fee, on the customer's account.",
    DISPUTE="A payment was disputed: the provider keeps it back.",
    DISPUTE_WON="A dispute was won: the mirror of its beginning.",
    DISPUTE_LOST="A dispute was lost: what the provider kept back never comes.",
    OPENING="A package was moved in from another system.",
)

Method = enum(
    PaymentMethod,
    name="PaymentMethod",
    description="How money came in, or that credit was used instead.",
    CASH="Notes and coins, in the register.",
    CARD="A card at the desk's terminal.",
    BANK_TRANSFER="A transfer to the branch's account.",
    ONLINE_LINK="Paid online through a provider, who pays out later.",
    CUSTOMER_CREDIT="Credit that the customer has with the chain.",
)

OperationOrderBy = enum(
    OperationOrder,
    name="OperationOrder",
    description="The order in which operations come.",
    RECORDED_LAST_FIRST="What was written last first.",
    SEALED_FIRST_FIRST="By position, of what is sealed: nothing is ever added before a position that was read.",
)

EntryOrderBy = enum(
    EntryOrder,
    name="JournalEntryOrder",
    description="The order in which journal entries come.",
    POSTED_FIRST_FIRST="By the time they were posted; an act that commits late may still add one in between.",
    SEALED_FIRST_FIRST="By position, of what is sealed: nothing is ever added before a position that was read.",
)

ChargePurpose = enum(
    Purpose,
    name="ChargePurpose",
    description="What is charged to a customer's account.",
    SESSIONS="Sessions that no package had.",
    TRANSFER_FEE="The fee for handing sessions on to another customer.",
)

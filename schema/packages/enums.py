"""Enums of packages and lots."""

from domain.ledger.rules import Origin
from domain.packages.reverse_redemption import Fault
from domain.packages.rules import Status
from domain.packages.sold import Closing
from domain.packages.view import PackageOrder, PaymentState
from schema.enums import enum

PackageStatus = enum(
    Status,
    name="PackageStatus",
    description="What a package is at an instant; a function of its lots, its payments and the clock.",
    PENDING="Waits for the payment that activates it.",
    DISPUTED="A payment for it is disputed; it cannot be used and nothing of it lapses until that is settled.",
    FROZEN="Cannot be used before it thaws, and does not grow older until then.",
    ACTIVE="Has sessions left, and their last day has not ended.",
    IN_GRACE="Has sessions left that only grace still keeps alive.",
    EXPIRED="What was left of it has lapsed.",
    USED_UP="Nothing is left of it: used, handed on to another customer, or moved into its renewal.",
    VOIDED="Its sale was void: everything was taken back.",
    CHARGED_BACK="The payment for it was charged back, and what was left of it is gone.",
    UPGRADED="It was closed for another package, which has taken over what it was worth.",
    REFUNDED="What was left of it was given back.",
)

PackageClosing = enum(
    Closing,
    name="PackageClosing",
    description="What closed a package for good before its sessions were used up or had lapsed.",
    VOIDED="Its sale was void.",
    CHARGED_BACK="The payment for it was charged back.",
    UPGRADED="It was closed for another package.",
    REFUNDED="All that was left of it was given back.",
)

LotOrigin = enum(
    Origin,
    name="LotOrigin",
    description="Why a lot exists.",
    PURCHASE="Paid sessions of a sale.",
    BONUS="Free sessions that came with a sale.",
    TOP_UP="Sessions added to a package for money.",
    TRANSFER="Sessions handed on from another package.",
    GOODWILL="Sessions given, or given back, by the business.",
    IMPORT="Sessions that came with the move from another system.",
)

PackageOrderBy = enum(
    PackageOrder,
    name="PackageOrder",
    description="The order in which packages come.",
    SOLD_LAST_FIRST="The newest sale first.",
    SOLD_FIRST_FIRST="The oldest sale first.",
)

PackagePaymentState = enum(
    PaymentState,
    name="PaymentState",
    description="How far a package is paid, as the journal says.",
    OPEN="Nothing is paid yet.",
    PARTIALLY_PAID="Something is paid, something is outstanding.",
    PAID="Nothing is outstanding.",
    PARTIALLY_REFUNDED="Some of the price went back as money. That may be all that had been paid, while something is "
    "still outstanding: see `outstanding`.",
    REFUNDED="All of the price was taken back: as money, or because it is owed no more. A void sale shows this even "
    "where nothing had been paid.",
    DISPUTED="A payment is disputed, and the provider keeps it back.",
)

ReversalFault = enum(
    Fault,
    name="Fault",
    description="On whose account a session comes back.",
    BUSINESS="The business was at fault: a lapsed session is replaced by goodwill of 30 days.",
    CUSTOMER="The customer was at fault: a session that has lapsed meanwhile stays lapsed.",
)

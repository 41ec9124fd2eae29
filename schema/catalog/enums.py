"""Enums of the catalogue and of terms."""

from domain.catalog import terms
from domain.catalog.policies import Topic
from domain.catalog.store import State
from domain.ledger.rules import BonusOrder, BonusValue
from schema.enums import enum

enum(
    State,
    name="DefinitionState",
    description="Where a version of a package definition stands.",
    DRAFT="May still be replaced; nobody can buy it.",
    PUBLISHED="On sale.",
    RETIRED="On sale no more; packages sold from it go on.",
)
enum(
    terms.TaxPoint,
    description="When tax falls due.",
    AT_SALE="With the sale.",
    AT_REDEMPTION="Session by session.",
)
enum(
    BonusValue,
    description="Whether bonus sessions carry a share of the price.",
    POOLED="Paid and bonus sessions share the price by number.",
    ZERO="Bonus sessions carry nothing.",
)
enum(
    BonusOrder,
    description="When bonus sessions are used.",
    LAST="After the paid ones.",
    FIRST="Before the paid ones.",
)
enum(
    terms.ValidityStart,
    description="What starts the clock of validity.",
    PURCHASE="The day of sale.",
    FIRST_USE="The day of the first use.",
)
enum(
    terms.Expiry,
    description="What follows the last day.",
    HARD="Nothing: what is left lapses when the last day ends.",
    SOFT="Days of grace; what is left then lapses.",
)
enum(
    terms.GraceAllows,
    description="What the days of grace may be used for.",
    REDEEM="Using sessions as before.",
    BOOKED_ONLY="Only sessions that were booked before the last day ended.",
)
enum(
    terms.BranchScope,
    description="Where a package may be used, besides the branch where it is at home.",
    SELLING_BRANCH="At the branch that sold it.",
    LISTED="At the branches listed.",
    CHAIN="At every branch.",
)
enum(
    terms.Sharing,
    description="Who besides the holder may use a package.",
    NONE="Nobody.",
    HOUSEHOLD="Members of the holder's household.",
    NAMED="Customers whom the holder names.",
)
enum(
    terms.TransferTo,
    description="To whom the holder may hand a package on.",
    NONE="Nobody.",
    HOUSEHOLD="Members of the holder's household.",
    ANYONE="Any customer of the chain.",
)
enum(
    terms.Missed,
    description="What becomes of the session of a booking that was cancelled late or missed.",
    CONSUME="It is used.",
    RETURN="It is returned.",
)
enum(
    terms.TopUpPrice,
    description="What a session of a top-up costs.",
    PACKAGE_RATE="The price of the package by its paid sessions.",
    LIST="The list price on that day.",
    FIXED="A fixed price.",
)
enum(
    terms.UpgradeMethod,
    description="How a package counts towards a larger one.",
    CREDIT_UNUSED="The value of its unused sessions is credited.",
    CARRY_USAGE="The whole price is credited, and used sessions stay used.",
)
enum(
    terms.RefundBasis,
    description="How used sessions are valued when a package is given back.",
    PAID_SESSIONS="By the price of a paid session; paid sessions count as used first.",
    ALL_SESSIONS="By the price spread over paid and bonus sessions.",
    LIST_PRICE="By their list price at the sale.",
    NONE="At the whole price: nothing is refunded.",
)
enum(
    terms.PenaltyOf,
    description="What a penalty in per cent is taken of.",
    REMAINDER="The price less the value of used sessions.",
    PRICE="The price.",
)
enum(
    terms.Activation,
    description="From when a sold package may be used.",
    AT_SALE="From the sale.",
    FIRST_PAYMENT="From the first payment.",
    FULL_PAYMENT="From full payment.",
)
enum(
    Topic,
    name="PolicyTopic",
    description="What a sentence of the rules is about.",
    SESSIONS="What is bought.",
    VALIDITY="How long it may be used.",
    WHERE="Where and with whom it may be used.",
    SHARING="With whom it may be shared.",
    TRANSFER="To whom it may be handed on.",
    CANCELLATION="What cancelling or missing a booking costs.",
    TOP_UP="Adding sessions.",
    UPGRADE="Changing to a larger package.",
    REFUND="What comes back when it is given back.",
    USE="When it may be used and frozen.",
)

"""Enums of refunds."""

from domain.refunds.asked import State
from domain.refunds.rules import Reckoned
from domain.refunds.rules.limits import Which
from domain.refunds.view import RefundOrder
from schema.enums import enum

RefundReckonedBy = enum(
    Reckoned,
    name="RefundReckonedBy",
    description="By what a refund is reckoned.",
    PAID_SESSIONS="The sessions used, at the price of a paid session.",
    ALL_SESSIONS="The sessions used, at the price spread over all of them, the free ones too.",
    LIST_PRICE="The sessions used, at the list price of the day of the sale.",
    NONE="Nothing comes back.",
    COOLING_OFF="The rule of cooling-off: the price spread over all sessions, and no penalty.",
)

RefundState = enum(
    State,
    name="RefundState",
    description="How far a refund has come.",
    REQUESTED="It waits for another person at the home branch of the package; nothing has moved.",
    APPROVED="The sessions were given back, and what comes back is owed to the customer.",
    COMPLETED="All of it is paid out, or nothing was to be.",
    REFUSED="The home branch has refused it; nothing has moved.",
    WITHDRAWN="It was taken back; nothing has moved.",
)

RefundLimitKind = enum(
    Which,
    name="RefundLimitKind",
    description="What a limit on refunds is for.",
    AT_ONCE="Of one package on a day, whoever agreed to it.",
    PER_DAY="All that one person agrees to on a day at a branch.",
)

RefundOrderBy = enum(
    RefundOrder,
    name="RefundOrder",
    description="The order in which refunds come.",
    REQUESTED_LAST_FIRST="What was asked for last first.",
    REQUESTED_FIRST_FIRST="What was asked for first first.",
)

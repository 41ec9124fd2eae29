"""Enums of refunds."""

from domain.refunds.rules import Reckoned
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

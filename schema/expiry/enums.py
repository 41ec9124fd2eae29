"""Enums of freezes."""

from domain.expiry.reading import Cause
from schema.enums import enum

FreezeCause = enum(
    Cause,
    name="FreezeCause",
    description="Why a package is frozen for a time.",
    MANUAL="The customer or the business asked for it.",
    DISPUTE="A payment for it was disputed.",
)

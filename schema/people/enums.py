"""Enums of the staff and of API keys."""

from domain.kernel.access import Role, Scope
from schema.enums import enum

enum(
    Role,
    description="What a person on the staff is trusted with, on the whole chain or at single branches.",
    OWNER="Everything.",
    MANAGER="Running a branch: catalogue, goodwill, corrections, accounts, and all that the front desk does.",
    FRONT_DESK="Registering customers, selling, taking payments, using sessions.",
    PRACTITIONER="Using sessions with customers.",
    ACCOUNTANT="Reading the accounts.",
)

enum(
    Scope,
    description="What an API key is trusted with.",
    READ="Reading the whole chain, except its accounts.",
    SELL="Registering customers, selling, recording payments.",
    REDEEM="Using sessions and reversing that.",
    BOOK="Books, moves, cancels and completes visits, as an outside scheduler does.",
    ACCOUNTING="Reading and acknowledging the accounts.",
)

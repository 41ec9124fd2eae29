"""What every mutation has in common: its description from the policy table, its money parsed, its key explained."""

from typing import Any

import strawberry

from domain.kernel.access import POLICIES
from domain.kernel.commands import Done, run_command
from domain.kernel.errors import FieldProblem, InvalidInput
from domain.kernel.money import Money
from schema.context import Info
from schema.scalars import MoneyInput

KEY = (
    "8 to 255 characters of your choice. The same key with the same input gives the first outcome again, with "
    "`replayed`; with another input it is an IDEMPOTENCY_MISMATCH. Kept at least 30 days."
)


def describe(act: str, effect: str) -> str:
    """The description of a mutation: what it does, who may, and how it refuses."""
    return (
        f"{effect}\n\nNeeds {POLICIES[act].needs}. A refusal is a member of the result union with its facts, and "
        "nothing is written then."
    )


async def carry_out(info: Info, command: Any, idempotency_key: str | None = None) -> Done[Any]:
    """Carry out an act for the viewer; what this request has read before it is read anew after it."""
    done = await run_command(info.context.actor, command, idempotency_key)
    info.context.forget()
    return done


def idempotency_key() -> str:
    """The input field of every act that moves sessions or money."""
    key: str = strawberry.field(description=KEY)
    return key


def replayed() -> bool:
    """The payload field that goes with the key."""
    flag: bool = strawberry.field(description="Whether the key had been used, and this is what was done then.")
    return flag


def parsed(*amounts: tuple[MoneyInput, tuple[str, ...]]) -> list[Money]:
    """Amounts of money as sent, in minor units; refuses all malformed ones at once, each with its path."""
    found, problems = [], []
    for amount, path in amounts:
        try:
            found.append(amount.parsed())
        except ValueError as error:
            problems.append(FieldProblem((*path, "amount"), f"{error}."))
    if problems:
        raise InvalidInput(*problems)
    return found


def operation_id() -> strawberry.ID:
    """The payload field that every act has."""
    field: strawberry.ID = strawberry.field(description="The operation in the audit log.")
    return field

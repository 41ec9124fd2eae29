"""How quoted figures come about, step by step, as every quote of the graph tells it."""

from collections.abc import Iterable

import strawberry

from domain.kernel import quotes
from schema.scalars import Money, money_of


@strawberry.type(description="One step of how a quoted figure comes about.")
class DerivationStep:
    """One step."""

    label: str = strawberry.field(description="What it is about.")
    formula: str = strawberry.field(description="Its arithmetic, in the figures' own digits.")
    amount: Money | None = strawberry.field(description="The amount that it comes to, if it is one.")
    sessions: int | None = strawberry.field(description="The sessions that it is about, if it is about some.")


def steps_of(steps: Iterable[quotes.DerivationStep], currency: str) -> list[DerivationStep]:
    """The steps of a quote in its currency, as the graph shows them."""
    return [_step(step, currency) for step in steps]


def _step(step: quotes.DerivationStep, currency: str) -> DerivationStep:
    amount = None if step.amount_minor is None else money_of(step.amount_minor, currency)
    return DerivationStep(label=step.label, formula=step.formula, amount=amount, sessions=step.sessions)

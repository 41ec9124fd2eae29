"""Instalments as the graph takes them, and as it shows the plan that counts."""

from datetime import date

import strawberry

from domain.kernel.money import Money as Amount
from domain.packages.rules import Followed, Planned
from domain.packages.rules import Instalment as Agreed
from domain.packages.view import PackageView
from schema.context import Info
from schema.packages.loaders import PLAN
from schema.scalars import Money, MoneyInput, money_of


@strawberry.input(description="A part of what is owed, and by when it is to be paid.")
class InstalmentInput:
    """One instalment."""

    due_on: date = strawberry.field(
        description="The last day on which it is paid in time, by the home branch's clock; after that of the one "
        "before, and not before today."
    )
    amount: MoneyInput = strawberry.field(description="How much of it.")


@strawberry.type(description="A part of what is owed for a package, and how far it is paid.")
class Instalment:
    """One instalment."""

    number: int = strawberry.field(description="Its place in the plan, from 1.")
    due_on: date = strawberry.field(description="The last day on which it is paid in time, by the home branch's clock.")
    amount: Money = strawberry.field(description="How much was agreed.")
    paid: Money = strawberry.field(description="How much of it is paid, or owed no more; instalments fill in order.")
    open: Money = strawberry.field(description="How much of it is still to be paid.")
    overdue: bool = strawberry.field(description="Whether its day is over and something of it is open.")


def planned(instalments: list[InstalmentInput], amounts: list[Amount]) -> tuple[Planned, ...]:
    """The plan as the domain knows it, with its amounts as they were read."""
    return tuple(
        Planned(each.due_on, amount.amount_minor, amount.currency)
        for each, amount in zip(instalments, amounts, strict=True)
    )


async def plan_of(info: Info, view: PackageView) -> list[Agreed]:
    """The plan of a package that counts; empty without one."""
    return await info.context.load(PLAN, view.id) or []


def instalment_of(each: Followed, currency: str) -> Instalment:
    """An instalment as the graph shows it."""
    agreed = each.instalment
    return Instalment(
        number=agreed.number,
        due_on=agreed.due_on,
        amount=money_of(agreed.amount_minor, currency),
        paid=money_of(each.settled_minor, currency),
        open=money_of(each.open_minor, currency),
        overdue=each.overdue,
    )

"""Plans of instalments: which may be agreed, and how far the one that counts is followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.branches.errors import WrongCurrency
from domain.catalog.rules import LAST_YEAR
from domain.kernel.calendar import end_of_day
from domain.kernel.checks import Checks
from domain.kernel.money import Money
from domain.packages.errors import InstalmentsDiffer

MOST_INSTALMENTS = 120


@dataclass(frozen=True, slots=True)
class Planned:
    """A part of what is owed, and the day by whose end it is to be paid."""

    due_on: date
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Instalment:
    """An instalment as it was agreed; overdue from the first instant after its day, by the home branch's clock."""

    number: int
    due_on: date
    overdue_at: datetime
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Followed:
    """An instalment with what of it is settled: paid, or owed no more."""

    instalment: Instalment
    settled_minor: int
    overdue: bool

    @property
    def open_minor(self) -> int:
        """What of it is still to be paid."""
        return self.instalment.amount_minor - self.settled_minor


def check_plan(checks: Checks, planned: Sequence[Planned]) -> None:
    """Note amounts that cannot be, days that do not rise, and too many instalments."""
    days = [each.due_on for each in planned]
    for index, each in enumerate(planned):
        checks.amount(each.amount_minor, "instalments", str(index), "amount")
        later = index == 0 or days[index - 1] < each.due_on
        checks.that(later, "dueOn must lie after the day of the instalment before.", *_due_on(index))
        checks.that(each.due_on.year <= LAST_YEAR, f"dueOn must lie before {LAST_YEAR + 1}.", *_due_on(index))
    checks.that(len(planned) <= MOST_INSTALMENTS, f"At most {MOST_INSTALMENTS} instalments.", "instalments")


def refuse_plan(planned: Sequence[Planned], owed: Money, today: date) -> None:
    """Refuse a plan in another currency, for a day that is over, and for another sum than what is owed."""
    for index, each in enumerate(planned):
        if each.currency != owed.currency:
            raise WrongCurrency(each.currency, owed.currency, "instalments", str(index), "amount", "currency")
    checks = Checks()
    for index, each in enumerate(planned):
        checks.that(each.due_on >= today, f"dueOn must not lie before today, {today}.", *_due_on(index))
    checks.passed()
    sum_minor = sum(each.amount_minor for each in planned)
    if sum_minor != owed.amount_minor:
        raise InstalmentsDiffer(owed, Money(sum_minor, owed.currency))


def _due_on(index: int) -> tuple[str, ...]:
    return ("instalments", str(index), "dueOn")


def agreed(planned: Sequence[Planned], time_zone: str) -> list[Instalment]:
    """The instalments of a plan, numbered from one, each with the instant from which it is overdue."""
    return [
        Instalment(number, each.due_on, end_of_day(each.due_on, time_zone), each.amount_minor)
        for number, each in enumerate(planned, 1)
    ]


def followed(plan: Sequence[Instalment], outstanding_minor: int, closed: bool, now: datetime) -> list[Followed]:
    """How far the plan is followed: what is outstanding no more settles its instalments in their order.

    What more is outstanding than was planned is beyond it. Nothing of a package that is closed is overdue.
    """
    settled = sum(each.amount_minor for each in plan) - outstanding_minor
    found: list[Followed] = []
    for each in plan:
        part = max(0, min(each.amount_minor, settled))
        settled -= part
        late = not closed and part < each.amount_minor and each.overdue_at <= now
        found.append(Followed(each, part, late))
    return found


def beyond_plan(plan: Sequence[Instalment], outstanding_minor: int) -> int:
    """What more is outstanding than was planned: a payment was taken back, or sessions were added. It is due now."""
    return max(0, outstanding_minor - sum(each.amount_minor for each in plan)) if plan else 0


def overdue_minor(plan: Sequence[Instalment], outstanding_minor: int, closed: bool, now: datetime) -> int:
    """What should be paid by now: what is open of instalments whose day is over, and what is beyond the plan."""
    if closed:
        return 0
    late = (each.open_minor for each in followed(plan, outstanding_minor, closed, now) if each.overdue)
    return beyond_plan(plan, outstanding_minor) + sum(late)

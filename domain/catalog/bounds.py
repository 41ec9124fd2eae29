"""Pure: the bounds of single terms, amounts, days and counts, each told with its least and its most."""

from collections.abc import Iterator

from domain.catalog.terms import Terms
from domain.kernel.errors import FieldProblem
from domain.kernel.money import MAX_MINOR

MAX_SESSIONS = 10_000
MAX_DAYS = 36_600


def beyond_bounds(terms: Terms) -> Iterator[FieldProblem]:
    """Everything that is given and lies outside."""
    for path, minor in _amounts(terms):
        if minor is not None and minor < 0:
            yield FieldProblem(path, f"{path[-1]} cannot be negative.")
        if minor is not None and minor >= MAX_MINOR:
            yield FieldProblem(path, f"{path[-1]} is larger than any amount Carnet keeps.")
    for path, value, least, most in _numbers(terms):
        if value is not None and not least <= value <= most:
            yield FieldProblem(path, f"{path[-1]} lies between {least} and {most}.")
    if not 0 <= terms.refund.penalty_bp <= 10_000:
        yield FieldProblem(("refund", "penaltyPercent"), "penaltyPercent lies between 0 and 100 per cent.")


def _amounts(terms: Terms) -> Iterator[tuple[tuple[str, ...], int | None]]:
    refund = terms.refund
    yield ("who", "transferFee"), terms.who.transfer_fee_minor
    yield ("change", "topUpFixedPrice"), terms.change.top_up_fixed_minor
    yield ("refund", "penaltyFixed"), refund.penalty_fixed_minor
    yield ("refund", "penaltyAtLeast"), refund.penalty_at_least_minor
    yield ("refund", "penaltyAtMost"), refund.penalty_at_most_minor
    yield ("refund", "penaltyUnusedAtMost"), refund.penalty_unused_at_most_minor
    yield ("refund", "adminFee"), refund.admin_fee_minor
    yield ("refund", "approvalAbove"), refund.approval_above_minor


def _numbers(terms: Terms) -> Iterator[tuple[tuple[str, ...], int | None, int, int]]:
    """Where it stands, how much it is, and the least and the most that it can be."""
    change, use = terms.change, terms.use
    yield ("who", "maximumTransfers"), terms.who.maximum_transfers, 1, MAX_SESSIONS
    yield ("cancellation", "freeUntilHours"), terms.cancellation.free_until_hours, 0, 24 * MAX_DAYS
    yield ("cancellation", "reschedules"), terms.cancellation.reschedules, 0, MAX_SESSIONS
    yield ("change", "topUpMinimum"), change.top_up_minimum, 1, MAX_SESSIONS
    yield ("change", "topUpMaximum"), change.top_up_maximum, 1, MAX_SESSIONS
    yield ("change", "topUpDays"), change.top_up_days, 0, MAX_DAYS
    yield ("refund", "coolingOffDays"), terms.refund.cooling_off_days, 0, MAX_DAYS
    yield ("use", "limitPerCustomer"), use.limit_per_customer, 1, MAX_SESSIONS
    yield ("use", "freezeDays"), use.freeze_days, 0, MAX_DAYS
    yield ("use", "freezeTimes"), use.freeze_times, 0, MAX_SESSIONS

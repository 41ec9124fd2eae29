"""Undo a transfer that was a mistake: everything goes back to where it came from, with exactly what left."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.bookings import carrying
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Entry
from domain.ledger.post import Posted, Posting, post_together
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.transfers import fee_back, rules, store
from domain.transfers.asked import State
from domain.transfers.deciding import refuse_state
from domain.transfers.errors import UndoTooLate
from domain.transfers.giving_back import Back, given_back
from domain.transfers.situation import refuse_closed_home
from domain.transfers.store import Transfer

UNDO = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class UndoTransfer:
    """Take a transfer back, and say why."""

    transfer_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TransferUndone:
    """What went back, the bookings that went back with it, and what is owed no more of the fee."""

    transfer_id: str
    package_id: str
    into_package_id: str
    sessions: int
    booking_ids: tuple[str, ...]
    fee_minor: int
    credited_minor: int
    currency: str


@act
async def undo_transfer(work: Work, command: UndoTransfer) -> TransferUndone:
    """Within 24 hours, as long as all that was handed on is still there: it goes back lot by lot, and so does the fee.

    Bookings that went along go back with what they hold; the package that was opened stays, with nothing left. By the
    branch that handed on. Refuses a transfer that was not done, or not any more, packages that are blocked, and one
    whose home branch has closed, to which nothing can go back.
    """
    found = await store.transfer(work.chain_id, command.transfer_id)
    work.authorise(found.branch_id)
    command = _checked(command)
    charges = await fee_back.charges_of(found)
    sold, into = await _locked(work, found)
    found = await _refuse(work, found, sold, into)
    going = await carrying.carried_by(work.chain_id, into.id, found.into_operation_id or "")
    back = given_back(
        found, sold, await ledger.lots_of([sold.id, into.id]), await store.lots(found.id), going, work.now
    )
    mirrors = await fee_back.mirrors_of(charges)
    outcome = _outcome(found, back, mirrors, sold.currency)
    other = work.another()
    entries = await fee_back.entries(work, found, mirrors)
    await post_together(
        [
            Posted(
                work, _returning(work, sold, into, back, entries, mirrors), _recorded(command, outcome, found, sold)
            ),
            Posted(other, _leaving(work, into, back), _recorded(command, outcome, found, into)),
        ]
    )
    await carrying.write_down(going, sold.id, work.operation_id, command.reason)
    undone = {
        "undone_at": work.now,
        "undo_operation_id": work.operation_id,
        "undo_into_operation_id": other.operation_id,
    }
    await store.change(found.id, {"state": State.UNDONE.value} | undone)
    return outcome


def _checked(command: UndoTransfer) -> UndoTransfer:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _locked(work: Work, found: Transfer) -> tuple[Sold, Sold]:
    """Both packages; of a transfer that was not done there is nothing to lock."""
    refuse_state(found, State.DONE)
    assert found.into_package_id is not None
    both = {each.id: each for each in await packages.lock_together(work, [found.package_id, found.into_package_id])}
    return both[found.package_id], both[found.into_package_id]


async def _refuse(work: Work, found: Transfer, sold: Sold, into: Sold) -> Transfer:
    """The transfer as it is under the locks, unless it is too late for it, or something holds its packages."""
    found = await store.transfer(work.chain_id, found.id)
    refuse_state(found, State.DONE)
    assert found.done_at is not None
    if work.now > found.done_at + UNDO:
        raise UndoTooLate(found.id, found.done_at + UNDO)
    packages_rules.refuse_ended(sold)
    rules.refuse_blocked(into, work.now)
    await refuse_closed_home(sold, work.now)
    return found


def _outcome(found: Transfer, back: Back, mirrors: tuple[Charged, ...], currency: str) -> TransferUndone:
    return TransferUndone(
        transfer_id=found.id,
        package_id=found.package_id,
        into_package_id=found.into_package_id or "",
        sessions=found.moved or 0,
        booking_ids=back.booking_ids,
        fee_minor=-sum(each.amount_minor for each in mirrors),
        credited_minor=sum(each.credited_minor for each in mirrors),
        currency=currency,
    )


def _returning(
    work: Work, sold: Sold, into: Sold, back: Back, entries: list[Entry], mirrors: tuple[Charged, ...]
) -> Posting:
    """The sender's side, which tells of the value that comes back; by now the packages may have other homes."""
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=_today(work, sold),
        draft=back.returning,
        entries=(
            accounts.transfer(into.home_branch_id, into.id, sold.home_branch_id, sold.id, back.value_minor),
            accounts.reestimate(sold.home_branch_id, sold.id, back.returning.revalued_minor),
            *entries,
        ),
        charges=mirrors,
    )


def _leaving(work: Work, into: Sold, back: Back) -> Posting:
    return Posting(into.id, into.version, into.currency, _today(work, into), back.leaving)


def _today(work: Work, sold: Sold) -> date:
    return local_date(work.now, sold.home_time_zone)


def _recorded(command: UndoTransfer, outcome: TransferUndone, found: Transfer, side: Sold) -> Recorded:
    return Recorded(
        outcome,
        branch_id=found.branch_id,
        package_id=side.id,
        package_version=side.version,
        customer_id=side.holder_id,
        reason=command.reason,
        reverses=found.operation_id if side.id == found.package_id else found.into_operation_id,
    )

"""What passes between branches in the demo: rates, what is settled and paid, packages that move to another home."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from carnet.demo.happenings import Happening
from carnet.demo.stage import FOUNDING, Moment, Past, Stage
from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.kernel.commands import Done
from domain.ledger.seal import seal_operations
from domain.settlements import proof, reading
from domain.settlements.approve_settlement import ApproveSettlement
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.settlements.dispute_settlement_entry import DisputeSettlementEntry
from domain.settlements.proof import Window
from domain.settlements.rates import Basis
from domain.settlements.run_settlement import RunSettlement
from domain.settlements.set_settlement_rate import SetSettlementRate


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement of the demo: when it is run, and for which days."""

    name: str
    moment: Moment
    first_day: date
    last_day: date


def settled(past: Past) -> tuple[Settled, Settled]:
    """The two settlements of the demo: all until a month ago or two, and the month since; that one was over lately."""
    _, last_day = past.month_before(past.day(-2))
    first_day = last_day.replace(day=1)
    before, earliest = past.month_before(first_day)[1], past.day(-FOUNDING.days_ago)
    days_ago = (past.today - first_day).days
    return (
        Settled("settlement paid", Moment(days_ago - 4, time(10)), earliest, before),
        Settled("settlement drafted", Moment(1, time(17)), first_day, last_day),
    )


def settlement_rate(home: str, performing: str, by: str, days_ago: int, percent_bp: int, in_days: int) -> Happening:
    """From that day on the one branch earns so much of its list price for packages of the other."""
    return Happening(
        f"rate {home} {performing}",
        Moment(days_ago, time(8, 30)),
        by,
        lambda stage: SetSettlementRate(
            Basis.LIST_PERCENT, stage.past.day(in_days), stage.id(home), stage.id(performing), percent_bp
        ),
        lambda done: str(done.outcome.rate_id),
    )


def settlement(of: Settled, by: str) -> Happening:
    """What branches owe each other is drafted; first everything that was told so far is sealed."""

    async def command(stage: Stage) -> RunSettlement:
        while await seal_operations(stage.chain_id):
            pass
        return RunSettlement(of.first_day, of.last_day)

    return Happening(of.name, of.moment, by, command, _settlement_id)


def settlement_approved(of: Settled, by: str) -> Happening:
    """Another person finds it right, the day after."""
    moment = Moment(of.moment.days_ago - 1, time(11))
    return Happening(
        f"{of.name}, approved", moment, by, lambda stage: ApproveSettlement(stage.id(of.name)), _settlement_id
    )


def settlement_confirmed(of: Settled, by: str) -> Happening:
    """The banks have carried it out, three days after it was run."""
    moment = Moment(of.moment.days_ago - 3, time(16))
    return Happening(
        f"{of.name}, confirmed", moment, by, lambda stage: ConfirmSettlement(stage.id(of.name)), _settlement_id
    )


def entry_disputed(of: Settled, by: str, reason: str) -> Happening:
    """A manager disputes the first visit that concerns the branch."""

    async def command(stage: Stage) -> DisputeSettlementEntry:
        actor, settlement_id = stage.actor(by), stage.id(of.name)
        lines = (await reading.lines_of(actor, [settlement_id]))[settlement_id]
        behind = await proof.rows_behind(actor, [(Window(5), line.id) for line in lines])
        visits = (row for found in behind.values() for row in found if row.sessions)
        first = min(visits, key=lambda row: row.id)
        return DisputeSettlementEntry(settlement_id, first.entry_id, reason)

    return Happening(f"{of.name}, disputed", Moment(1, time(18)), by, command, _settlement_id)


def move_asked_for(package: str, to: str, by: str, days_ago: int, reason: str) -> Happening:
    """The manager asks another branch to take the package over."""
    return Happening(
        _move(package),
        Moment(days_ago, time(9, 15)),
        by,
        lambda stage: RequestBranchTransfer(stage.id(package), stage.id(to), reason),
        lambda done: str(done.outcome.branch_transfer_id),
    )


def move_accepted(package: str, by: str, days_ago: int) -> Happening:
    """The manager there takes it over."""
    return Happening(
        f"{_move(package)}, accepted",
        Moment(days_ago, time(9, 45)),
        by,
        lambda stage: AcceptBranchTransfer(stage.id(_move(package))),
        lambda done: done.operation_id,
    )


def _move(package: str) -> str:
    return f"{package}, move"


def _settlement_id(done: Done[Any]) -> str:
    return str(done.outcome.settlement_id)

"""Connects an accounting system, which is handed the journal from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.accounting.connectors.opening import problems
from domain.accounting.connectors.protocol import System
from domain.accounting.sync import connections_store as store
from domain.accounting.sync.errors import ConnectionNameTaken
from domain.accounting.sync.rules import ConnectionState, LockedDays, Mode
from domain.accounting.sync.view import Connection
from domain.branches import store as branches
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import FieldProblem, InvalidInput, NotFound
from domain.kernel.ids import new_id

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class ConnectAccounting:
    """The system with what opens it, what becomes one document, and of which branches from which day on."""

    name: str
    system: System
    mode: Mode
    starts_on: date
    settings: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    branch_ids: tuple[str, ...] | None = None
    locked_days: LockedDays = LockedDays.HOLD
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AccountingConnected:
    """Documents are made from now on, and sent once their accounts are mapped."""

    connection_id: str
    name: str
    system: System


@act
async def connect_accounting(work: Work, command: ConnectAccounting) -> AccountingConnected:
    """What is posted from the day on, also before now, is handed over; a paused connection waits to be resumed.

    What opens the other system is kept encrypted, and is never told again. Refuses InvalidInput, a name that another
    connection has, and branches that the chain does not have.
    """
    work.authorise(None)
    command = _checked(command)
    await _check_branches(work, command.branch_ids)
    await _check_currency(work, command.settings)
    taken = await store.with_name(work.chain_id, command.name)
    if taken is not None:
        raise ConnectionNameTaken(command.name, taken)
    new = await _connection(work, command)
    connected = AccountingConnected(new.id, new.name, new.system)
    await record(work, Recorded(connected))
    await store.insert_connection(new, command.credentials)
    return connected


def _checked(command: ConnectAccounting) -> ConnectAccounting:
    checks = Checks()
    name = checks.required(command.name, 120, "name")
    checks.that(EARLIEST <= command.starts_on <= LATEST, f"startsOn lies between {EARLIEST} and {LATEST}.", "startsOn")
    checks.that(command.branch_ids != (), "Name a branch, or leave branchIds out for all.", "branchIds")
    settings = {key: checks.text(value, 4000, "settings", key) for key, value in command.settings.items()}
    credentials = bare_credentials(checks, command.credentials)
    checks.none_of(problems(command.system, settings, credentials))
    checks.passed()
    return replace(command, name=name, settings=settings, credentials=credentials)


def bare_credentials(checks: Checks, given: Mapping[str, str]) -> Mapping[str, str]:
    """Without the blanks and line ends that were copied along: they are sent in headers, which take no others."""
    bare = {key: checks.text(value, 4000, "credentials", key) for key, value in given.items()}
    for key, value in bare.items():
        checks.that(value.isascii(), f"{key} holds characters that no key has.", "credentials", key)
    return bare


async def _check_branches(work: Work, branch_ids: tuple[str, ...] | None) -> None:
    found = {branch.id for branch in await branches.by_ids(work.actor, branch_ids)} if branch_ids else set()
    for branch_id in branch_ids or ():
        if branch_id not in found:
            raise NotFound("branch", branch_id, "branchIds")


async def _check_currency(work: Work, settings: Mapping[str, str]) -> None:
    """A chain has one currency, and all documents are in it."""
    ours = (await branches.chain(work.chain_id)).currency
    if settings.get("currency", ours) != ours:
        told = f"The chain keeps its books in {ours}. Connect what keeps them in {ours} too."
        raise InvalidInput(FieldProblem(("settings", "currency"), told))


async def _connection(work: Work, command: ConnectAccounting) -> Connection:
    return Connection(
        id=new_id("con"),
        chain_id=work.chain_id,
        name=command.name,
        system=command.system,
        mode=command.mode,
        branch_ids=None if command.branch_ids is None else tuple(sorted(set(command.branch_ids))),
        starts_on=command.starts_on,
        locked_days=command.locked_days,
        settings=command.settings,
        state=ConnectionState.PAUSED if command.paused else ConnectionState.ACTIVE,
        stopped_because="",
        position=await store.before_first(work.chain_id, command.starts_on),
        rests_until=None,
        reconciled_at=None,
        reconcile_for=None,
        created_by=work.actor.id,
        created_at=work.now,
    )

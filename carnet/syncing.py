"""The sync of accounting systems on the command line: how it stands, a round now, what would be sent, a comparison."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from rich.console import Console
from rich.table import Table

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.settings import Settings
from carnet.tenants import chain_meant
from domain.accounting.connectors.opening import kind
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import dry_run, syncing
from domain.accounting.sync.opened import CannotOpen
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import ConnectionState, DocumentState
from domain.accounting.sync.view import Connection
from domain.kernel.calendar import Days
from domain.kernel.money import to_decimal_string
from workers.outside import reaching_others


@asynccontextmanager
async def _chosen(settings: Settings, chain: str | None, name: str | None) -> AsyncIterator[list[Connection]]:
    """The connections of the chain, or the one of this name, with all that is needed to call them."""
    settings.open_vault()
    settings.allow_addresses()
    settings.name_folder()
    async with opened(settings.database), reaching_others():
        found = await connections.of_chain(await chain_meant(chain))
        chosen = [each for each in found if name in (None, each.name)]
        if name is not None and not chosen:
            names = ", ".join(each.name for each in found) or "none"
            raise CannotStart(f"There is no connection {name!r} in this chain; there are: {names}.")
        yield chosen


async def status(settings: Settings, chain: str | None, name: str | None) -> None:
    """How many documents of each connection stand where, and what keeps the rest."""
    async with _chosen(settings, chain, name) as chosen:
        table = _table("Connection", "System", "State", *(state.capitalize() for state in DocumentState), "Behind")
        for each in chosen:
            counts = await documents.count_states(each.id)
            behind = await connections.newest_sealed(each.chain_id) - each.position
            numbers = [str(counts.get(state, 0)) for state in DocumentState]
            table.add_row(each.name, each.system, each.stopped_because or each.state, *numbers, str(behind))
        Console().print(table)


async def run(settings: Settings, chain: str | None, name: str | None) -> None:
    """Make and send now what is due."""
    async with _chosen(settings, chain, name) as chosen:
        for each in chosen:
            if each.state is not ConnectionState.ACTIVE:
                print(f"{each.name}: {each.stopped_because or 'paused'}")
                continue
            called = await syncing.sync_connection(each.id)
            print(
                f"{each.name}: " + ("a worker has it" if called is None else f"{called} documents sent or looked for")
            )


async def would_send(settings: Settings, chain: str | None, name: str | None, limit: int) -> None:
    """Print the bytes of the documents that are next, and send nothing."""
    async with _chosen(settings, chain, name) as chosen:
        for each in chosen:
            try:
                told = await dry_run.dry_run(each, limit)
            except CannotOpen as error:
                raise CannotStart(f"{each.name}: {error}") from error
            for document in told:
                print(f"# {each.name}, {document.document_id or 'not made yet'}: {document.memo}")
                print(document.body or document.message)


async def reconcile(settings: Settings, chain: str | None, name: str | None, days: Days) -> list[str]:
    """Compare what is booked there with what was sent; answers what could not be compared, or differs."""
    async with _chosen(settings, chain, name) as chosen:
        problems: list[str] = []
        for each in chosen:
            if not kind(each.system).reads_back:
                print(f"{each.name}: {each.system} does not tell what it has booked.")
                continue
            try:
                compared = await syncing.reconcile_now(each.id, days)
            except CannotOpen as error:
                raise CannotStart(f"{each.name}: {error}") from error
            if compared is None:
                problems.append(
                    f"{each.name} cannot be compared now: a worker has it, it does not answer, or its address "
                    "may not be called from here (CARNET_ALLOWED_ADDRESSES)."
                )
            else:
                problems += _told(each, compared)
        return problems


def _told(connection: Connection, compared: Reconciled) -> Sequence[str]:
    if compared.differences:
        table = _table("Day", "What", "Document", "There", "Account", "Expected", "Found")
        for each in compared.differences:
            amounts = [to_decimal_string(minor, each.currency) for minor in (each.expected_minor, each.found_minor)]
            row = (str(each.day), each.kind, each.document_id or "", each.remote_id or "", each.account, *amounts)
            table.add_row(*row)
        Console().print(table)
    print(
        f"{connection.name}: {compared.compared} documents from {compared.first_day} to {compared.last_day} compared."
    )
    count = len(compared.differences)
    return [f"{connection.name}: {count} differences."] if count else []


def _table(*columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column)
    return table

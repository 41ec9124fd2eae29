"""The sync of accounting systems on the command line: how it stands, a round now, what would be sent, a comparison."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.laid_out import differing, standing
from carnet.settings import Settings
from carnet.tenants import chain_meant
from domain.accounting.connectors.opening import ADDRESSES, kind
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import dry_run, syncing
from domain.accounting.sync.opened import CannotOpen
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import ConnectionState
from domain.accounting.sync.view import Connection
from domain.kernel.addresses import MayNotBeCalled, check_url
from domain.kernel.calendar import Days
from workers.outside import reaching_others


@dataclass(slots=True)
class Agreement:
    """What comparisons came to: what differs, what could not be compared, and how many documents are not there yet."""

    differ: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)
    waiting: int = 0

    @property
    def exit_code(self) -> int:
        """2 where nothing differs as far as could be compared."""
        return 1 if self.differ else 2 if self.not_compared else 0

    def __str__(self) -> str:
        waiting = f", but for documents that are not there yet: {self.waiting}" if self.waiting else ""
        return "\n".join([*self.differ, *self.not_compared]) or f"The books agree{waiting}."


@asynccontextmanager
async def _chosen(settings: Settings, chain: str | None, name: str | None) -> AsyncIterator[list[Connection]]:
    """The connections of the chain, or the one of this name, with all that is needed to call them."""
    settings.open_vault()
    settings.beside_fakes().allow_addresses()
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
        ids = [each.id for each in chosen]
        counts, why = await documents.count_states(ids), await documents.count_problems(ids)
        for each in chosen:
            behind = await connections.newest_sealed(each.chain_id) - each.position
            print(standing(each, counts[each.id], behind, why[each.id]))


async def run(settings: Settings, chain: str | None, name: str | None) -> list[str]:
    """Make and send now what is due or was put off; answers what may not be called from here."""
    async with _chosen(settings, chain, name) as chosen:
        problems: list[str] = []
        for each in chosen:
            if each.state is not ConnectionState.ACTIVE:
                print(f"{each.name}: {each.stopped_because or 'paused'}")
                continue
            if closed := await _may_not_be_called(each):
                problems.append(closed)
                continue
            called = await syncing.sync_connection(each.id, hurrying=True)
            print(
                f"{each.name}: " + ("a worker has it" if called is None else f"{called} documents sent or looked for")
            )
        return problems


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


async def reconcile(settings: Settings, chain: str | None, name: str | None, days: Days) -> Agreement:
    """Compare what is booked there with what was sent; answers what differs, and what could not be compared."""
    async with _chosen(settings, chain, name) as chosen:
        found = Agreement()
        for each in chosen:
            if not kind(each.system).reads_back:
                print(f"{each.name}: {each.system} does not tell what it has booked.")
                continue
            if closed := await _may_not_be_called(each):
                found.not_compared.append(closed)
                continue
            try:
                compared = await syncing.reconcile_now(each.id, days, _pause)
            except CannotOpen as error:
                raise CannotStart(f"{each.name}: {error}") from error
            if compared is None:
                found.not_compared.append(f"{each.name} cannot be compared now: a worker has it.")
            elif isinstance(compared, str):
                found.not_compared.append(f"{each.name} cannot be compared now. {compared}")
            else:
                found.differ += _told(each, compared)
                found.waiting += compared.waiting
        return found


async def _pause(rest: timedelta) -> bool:
    print(f"It takes no more calls for now, going on in {rest.seconds} seconds.", file=sys.stderr)
    await asyncio.sleep(rest.total_seconds())
    return True


def _told(connection: Connection, compared: Reconciled) -> Sequence[str]:
    if compared.differences:
        print(differing(compared.differences))
    print(
        f"{connection.name}: {compared.compared} documents from {compared.first_day} to {compared.last_day} compared."
    )
    if compared.waiting:
        print(f"{connection.name}: not there yet: {compared.waiting} more; carnet sync status says why.")
    count, its = len(compared.differences), len({(each.document_id, each.remote_id) for each in compared.differences})
    return [f"{connection.name}: {count} differences in {its} document{'s' * (its > 1)}."] if count else []


async def _may_not_be_called(connection: Connection) -> str:
    """Why the guard of addresses lets nobody call it from here, or nothing."""
    for name in sorted(ADDRESSES & set(connection.settings)):
        try:
            await check_url(str(connection.settings[name]))
        except MayNotBeCalled as reason:
            return (
                f"{connection.name} is not called: the guard of addresses says that its {name} {reason}. "
                "Set CARNET_ALLOWED_ADDRESSES here as it is set for the worker."
            )
    return ""

"""Says what accounts are called in the other system, by a new version of the mapping."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.accounting.connectors.opening import kind
from domain.accounting.sync import connections_store as store
from domain.accounting.sync import documents_store, mapping_store
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.view import Connection
from domain.branches import store as branches
from domain.catalog import store as catalog
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound

_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class MapAccount:
    """The rows that are new or other than before."""

    connection_id: str
    rows: tuple[Mapped, ...]


@dataclass(frozen=True, slots=True)
class AccountMapped:
    """The version that counts for whatever is written from now on."""

    connection_id: str
    version: int


@act
async def map_account(work: Work, command: MapAccount) -> AccountMapped:
    """The rows count from now on, and documents that waited for them go on; what was written before stays.

    A row without an account takes back what was said before. Refuses InvalidInput and NotFound (connection, branch,
    service); whether the other system has the accounts and dimensions is asked before, in `asking`.
    """
    work.authorise(None)
    command = _checked(command)
    connection = await store.lock(work, command.connection_id)
    _check_accounts(connection, command.rows)
    await _check_named(work, command.rows)
    version = await mapping_store.version(connection.id) + 1
    await mapping_store.insert_version(work, connection.id, version, command.rows)
    await documents_store.wake_unmapped(connection.id, work.now, version)
    mapped = AccountMapped(connection.id, version)
    await record(work, Recorded(mapped))
    return mapped


def _checked(command: MapAccount) -> MapAccount:
    checks = Checks()
    checks.that(bool(command.rows), "Map at least one account.", "rows")
    checks.that(len(command.rows) <= _MOST_ROWS, f"rows holds at most {_MOST_ROWS}.", "rows")
    distinct = len({row.key for row in command.rows}) == len(command.rows)
    checks.that(distinct, "rows name the same account, branch, service and tax code twice.", "rows")
    rows = tuple(_checked_row(checks, number, row) for number, row in enumerate(command.rows))
    checks.passed()
    return replace(command, rows=rows)


def _checked_row(checks: Checks, number: int, row: Mapped) -> Mapped:
    path = ("rows", str(number))
    remote = None if row.remote_account is None else checks.required(row.remote_account, 120, *path, "remoteAccount")
    tax_code = None if row.tax_code is None else checks.required(row.tax_code, 20, *path, "taxCode")
    checks.that(len(row.dimensions) <= 10, "dimensions holds at most 10.", *path, "dimensions")
    dimensions = {
        checks.required(name, 120, *path, "dimensions"): checks.required(value, 120, *path, "dimensions")
        for name, value in row.dimensions.items()
    }
    return replace(row, remote_account=remote, tax_code=tax_code, dimensions=dimensions)


async def _check_named(work: Work, rows: Sequence[Mapped]) -> None:
    named = sorted({row.branch_id for row in rows if row.branch_id})
    found = {branch.id for branch in await branches.by_ids(work.actor, named)}
    services = sorted({row.service_id for row in rows if row.service_id})
    known = {service.id for service in await catalog.services(work.chain_id, services)}
    for number, row in enumerate(rows):
        if row.branch_id and row.branch_id not in found:
            raise NotFound("branch", row.branch_id, "rows", str(number), "branchId")
        if row.service_id and row.service_id not in known:
            raise NotFound("service", row.service_id, "rows", str(number), "serviceId")


def _check_accounts(connection: Connection, rows: Sequence[Mapped]) -> None:
    """Those that the system could not have, whatever it has now."""
    check = kind(connection.system).account
    checks = Checks()
    for number, row in enumerate(rows):
        try:
            if check and row.remote_account is not None:
                check(connection.settings, row.remote_account)
        except ValueError as error:
            checks.that(False, f"{error}.", "rows", str(number), "remoteAccount")
    checks.passed()

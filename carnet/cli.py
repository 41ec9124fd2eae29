"""The command line: reads options and settings, and calls what does the work."""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from carnet.failures import told
from carnet.options import (
    AsOf,
    Chain,
    Database,
    Export,
    FirstDay,
    GroupBy,
    Home,
    Host,
    LastDay,
    OneBranch,
    OneChain,
    OneConnection,
    OneCustomer,
    OneDefinition,
    OneMethod,
    Output,
    Port,
    Redis,
)

if TYPE_CHECKING:
    from carnet.settings import Settings

T = TypeVar("T")

app = typer.Typer(
    help="Prepaid session packages for chains of branches: one ledger behind a GraphQL API.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.command()
@told
def demo(
    home: Home = None,
    host: Host = None,
    port: Port = None,
    database: Database = None,
    redis: Redis = None,
    with_fakes: Annotated[
        bool, typer.Option("--with-fakes", help="Serve accounting systems of our own beside it, and connect them.")
    ] = False,
) -> None:
    """Start everything with a demo chain to try, and print its addresses and tokens.

    Examples: `carnet demo --home /tmp/carnet --port 8080`, `carnet demo --with-fakes`
    """
    from carnet.demonstration import run_demo

    settings = _settings(home=home, host=host, port=port, database_url=database, redis_url=redis)
    _run(run_demo(settings.quieter(), with_fakes), settings.quieter())


@app.command()
@told
def serve(home: Home = None, host: Host = None, port: Port = None, database: Database = None) -> None:
    """Answer the API; start as many as you like over one PostgreSQL.

    Example: `carnet serve --database-url postgresql://carnet@db/carnet --host 0.0.0.0`
    """
    from carnet.running import run_api

    settings = _settings(home=home, host=host, port=port, database_url=database)
    _run(run_api(settings), settings)


@app.command()
@told
def worker(
    home: Home = None,
    database: Database = None,
    redis: Redis = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Show figures to Prometheus there.", envvar="CARNET_METRICS_PORT", show_default="nowhere"),
    ] = None,
) -> None:
    """Do what happens later: sealing, auditing; several may run, they share the work.

    Example: `carnet worker --database-url postgresql://carnet@db/carnet --redis-url redis://queue/0`
    """
    from carnet.running import run_worker

    settings = _settings(home=home, database_url=database, redis_url=redis, metrics_port=metrics_port)
    _run(run_worker(settings), settings)


@app.command()
@told
def migrate(
    home: Home = None,
    database: Database = None,
    check: Annotated[bool, typer.Option("--check", help="Only tell whether models and migrations agree.")] = False,
) -> None:
    """Bring the database to this version; safe to run while others do, and to run again.

    Example: `carnet migrate --database-url postgresql://carnet@db/carnet`
    """
    from domain.kernel.db.migrate import drift
    from domain.kernel.db.migrate import migrate as apply

    settings = _settings(home=home, database_url=database)
    if check:
        missing = _run(drift(), settings)
        _end(missing, "Models and migrations agree.")
    for name in _run(apply(settings.database), settings):
        print(f"applied {name}")


@app.command()
@told
def token(
    principal: Annotated[
        str, typer.Argument(help="A person on the staff (stf_…), a customer (cus_…), or a chain's name for its owner.")
    ],
    home: Home = None,
    database: Database = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long the token is good for.")] = 30,
) -> None:
    """Print a bearer token for a person on the staff or for a customer.

    Examples: `carnet token stf_01ke9c… --days 7`, `carnet token "Harbour Wellness"`
    """
    from carnet.issuing import issue_token

    settings = _settings(home=home, database_url=database)
    print(_run(issue_token(settings, principal, timedelta(days=days)), settings))


@app.command("import")
@told
def import_(
    directory: Annotated[Path, typer.Argument(help="The directory that holds the six spreadsheets.")],
    home: Home = None,
    database: Database = None,
    chain: Annotated[
        str | None, typer.Option(help="The chain to import into.", show_default="the title of the directory's README")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read and report; write nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what was refused and why there, as JSON.")] = None,
) -> None:
    """Move a chain in from its spreadsheets; the chain is made where it does not exist.

    What is there already is left as it is, so an import that was interrupted goes on when it is started again.

    Example: `carnet import examples/harbour --report report.json`
    """
    from carnet.importing import Wanted, run_import

    settings = _settings(home=home, database_url=database)
    _run(run_import(settings, Wanted(directory, chain, dry_run, report)), settings)


@app.command()
@told
def export(
    report: Annotated[Export, typer.Argument(help="What to export.")],
    customer: OneCustomer = None,
    home: Home = None,
    database: Database = None,
    chain: OneChain = None,
    first: FirstDay = None,
    last: LastDay = None,
    branch: OneBranch = None,
    definition: OneDefinition = None,
    method: OneMethod = None,
    group_by: GroupBy = None,
    as_of: AsOf = None,
    output: Output = None,
) -> None:
    """Hand the books of a chain to other programs: the journal for beancount or hledger, or any report as CSV.

    Such a journal stands by itself: one that begins on a day starts from the balances before it.
    Everything that is kept about a customer is written as JSON, and that it was is in the audit log.

    Examples: `carnet export beancount --chain "Harbour Wellness" --from 2026-01-01 --output 2026.beancount`,
    `carnet export trial-balance --until 2026-03-31 --branch LIS`,
    `carnet export deferred-revenue --from 2026-03-01 --until 2026-03-31`,
    `carnet export collections --from 2026-03-01 --until 2026-03-31 --method cash`,
    `carnet export package-profit --from 2026-01-01 --until 2026-12-31 --group-by month`,
    `carnet export journal --from 2026-03-01 --until 2026-03-31 --as-of 2026-04-02T18:00:00Z --output march.csv`,
    `carnet export customer cus_01ke9c… --output ana.json`
    """
    from carnet.exporting import Wanted, run_export
    from domain.kernel.calendar import Days

    settings = _settings(home=home, database_url=database)
    days = Days(first.date() if first else None, last.date() if last else None)
    wanted = Wanted(report, chain, days, branch, definition, method, group_by, as_of, output, customer)
    _run(run_export(settings, wanted), settings)


@app.command()
@told
def audit(home: Home = None, database: Database = None, chain: Chain = None) -> None:
    """Prove that both ledgers and the sealed order hold together.

    Exit code 0: they do; 1: they do not, and the findings say where; 2: the proof could not be made.

    Example: `carnet audit --chain "Harbour Wellness"`
    """
    from carnet.auditing import findings

    settings = _settings(home=home, database_url=database)
    _end(_run(findings(settings, chain), settings), "The ledgers agree, and every seal is whole.")


sync = typer.Typer(help="Hand the journal to accounting systems, and compare what they have.", no_args_is_help=True)
app.add_typer(sync, name="sync")


@sync.command("status")
@told
def sync_status(
    home: Home = None, database: Database = None, chain: OneChain = None, connection: OneConnection = None
) -> None:
    """Show how each connection stands.

    Example: `carnet sync status --chain "Harbour Wellness"`
    """
    from carnet.syncing import status

    settings = _settings(home=home, database_url=database)
    _run(status(settings, chain, connection), settings)


@sync.command("run")
@told
def sync_run(
    home: Home = None, database: Database = None, chain: OneChain = None, connection: OneConnection = None
) -> None:
    """Make and send now what is due, or was put off as its day was locked; the worker does the rest by itself.

    Example: `carnet sync run --connection Xero`
    """
    from carnet.syncing import run

    settings = _settings(home=home, database_url=database)
    if problems := _run(run(settings, chain, connection), settings):
        _end(problems, "")


@sync.command("dry-run")
@told
def sync_dry_run(
    home: Home = None,
    database: Database = None,
    chain: OneChain = None,
    connection: OneConnection = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many documents.")] = 20,
) -> None:
    """Print the documents that are next, byte for byte; nothing is sent or kept.

    Example: `carnet sync dry-run --connection Xero --limit 3`
    """
    from carnet.syncing import would_send

    settings = _settings(home=home, database_url=database)
    _run(would_send(settings, chain, connection, limit), settings)


@sync.command("reconcile")
@told
def sync_reconcile(
    home: Home = None,
    database: Database = None,
    chain: OneChain = None,
    connection: OneConnection = None,
    first: FirstDay = None,
    last: LastDay = None,
) -> None:
    """Compare what is booked there with what was sent.

    Exit code 1 when anything differs, 2 when some of it could not be compared, and nothing else differs. Documents that
    are not there yet are counted, and are no difference.

    Example: `carnet sync reconcile --from 2026-03-01 --until 2026-03-31`
    """
    from carnet.syncing import reconcile
    from domain.kernel.calendar import Days

    settings = _settings(home=home, database_url=database)
    days = Days(first.date() if first else None, last.date() if last else None)
    found = _run(reconcile(settings, chain, connection, days), settings)
    print(found)
    sys.exit(found.exit_code)


@app.command()
@told
def vault_key() -> None:
    """Print a new key for secrets at rest, to be put before those that CARNET_VAULT_KEYS has already.

    Example: `CARNET_VAULT_KEYS="$(carnet vault-key),$CARNET_VAULT_KEYS"`
    """
    from domain.kernel.vault import new_key

    print(new_key())


@app.command()
@told
def events(
    directory: Annotated[Path, typer.Argument(help="Where they belong.")] = Path("docs/events"),
    check: Annotated[bool, typer.Option("--check", help="Only tell whether they are up to date.")] = False,
) -> None:
    """Write what webhooks send as JSON Schema, one file for each event.

    Example: `carnet events docs/events`
    """
    from carnet.description import schemas_outdated, write_schemas

    if check:
        _end(schemas_outdated(directory), f"{directory} describes the events as they are.")
    write_schemas(directory)


@app.command()
@told
def sdl(
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether schema/schema.graphql is up to date.")
    ] = False,
) -> None:
    """Print the schema of the graph.

    Example: `carnet sdl > schema/schema.graphql`
    """
    from carnet.description import differences, printed

    if check:
        _end(differences(), "schema/schema.graphql describes the graph as it is.")
    print(printed(), end="")


def _settings(**given: Any) -> "Settings":
    from carnet.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})


def _run(main: Coroutine[Any, Any, T], settings: "Settings") -> T:
    import uvloop

    from carnet.logs import configure

    configure(settings.log_level, settings.log_format)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def _end(problems: list[str], otherwise: str) -> None:
    """End a check: 0 when there is nothing to tell, else 1."""
    print("\n".join(problems) or otherwise)
    sys.exit(1 if problems else 0)

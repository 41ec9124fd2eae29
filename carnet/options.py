"""The options that commands share; each is also a setting in the environment."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Export(StrEnum):
    """What can be exported: the journal as plain text, each report as CSV, and what is kept about a customer."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"
    JOURNAL = "journal"
    TRIAL_BALANCE = "trial-balance"
    DEFERRED_REVENUE = "deferred-revenue"
    RECONCILIATION = "reconciliation"
    COLLECTIONS = "collections"
    PACKAGE_PROFIT = "package-profit"
    PACKAGE_METRICS = "package-metrics"
    CUSTOMER_VALUE = "customer-value"
    SETTLEMENTS = "settlements"
    CUSTOMER = "customer"


Home = Annotated[
    Path | None,
    # Not readable=True, Typer's default: whether the home can be used is told in Carnet's own sentence.
    typer.Option(help="Where Carnet keeps its files.", envvar="CARNET_HOME", show_default=".carnet", readable=False),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="postgresql://user:password@host/name or sqlite:///file.db.",
        envvar="CARNET_DATABASE_URL",
        show_default="a file in the home",
    ),
]
Redis = Annotated[
    str | None,
    typer.Option(
        "--redis-url",
        help="redis://host:6379/0, rediss://… or unix:///path.",
        envvar="CARNET_REDIS_URL",
        show_default="an embedded Valkey",
    ),
]
Host = Annotated[
    str | None, typer.Option(help="The address to listen on.", envvar="CARNET_HOST", show_default="127.0.0.1")
]
Port = Annotated[
    int | None,
    typer.Option(help="The port to listen on; 0 takes a free one.", envvar="CARNET_PORT", show_default="8000"),
]
Chain = Annotated[str | None, typer.Option(help="The name of one chain.", show_default="every chain in the database")]
OneChain = Annotated[
    str | None, typer.Option("--chain", help="The name of the chain.", show_default="the only one in the database")
]
OneConnection = Annotated[
    str | None, typer.Option("--connection", help="The name of a connection.", show_default="all of the chain")
]
FirstDay = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="The first day that counts.", show_default="the very first"),
]
LastDay = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="The last day that counts.", show_default="the newest"),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"],
        metavar="INSTANT",
        help="Leave out what was recorded after this instant, such as 2026-03-31T18:00:00Z.",
        show_default="now",
    ),
]


class Method(StrEnum):
    """How money comes in."""

    CASH = "cash"
    CARD = "card"
    BANK_TRANSFER = "bank-transfer"
    ONLINE_LINK = "online-link"


OneCustomer = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="The customer (cus_…), for customer.", show_default=False)
]
OneMethod = Annotated[
    Method | None, typer.Option("--method", help="Only collections by this method.", show_default="all of them")
]
OneDefinition = Annotated[
    str | None,
    typer.Option("--definition", help="The code of a definition, for deferred-revenue.", show_default="all of them"),
]


class Group(StrEnum):
    """What a row of the profit of packages is about."""

    PACKAGE = "package"
    DEFINITION = "definition"
    BRANCH = "branch"
    MONTH = "month"


GroupBy = Annotated[
    Group | None, typer.Option("--group-by", help="What a row of package-profit is about.", show_default="package")
]
OneBranch = Annotated[str | None, typer.Option("--branch", help="The code of a branch.", show_default="all of them")]
Output = Annotated[
    Path | None, typer.Option(help="The file to write, whole or not at all.", show_default="standard output")
]

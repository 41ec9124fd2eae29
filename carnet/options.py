"""The options that commands share; each is also a setting in the environment."""

from pathlib import Path
from typing import Annotated

import typer

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

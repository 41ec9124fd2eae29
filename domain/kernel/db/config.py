"""What a database URL means to Tortoise: which engine, which file or server, which models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tortoise import models

# Tortoise reads each model's source for comments on its columns: none are there, and it takes a quarter of a start.
models._get_comments = lambda cls: {}  # noqa: ARG005 - the signature is Tortoise's

APP = "models"
CONNECTION = "default"
MIGRATIONS = "migrations"
MODEL_MODULES = (
    "domain.kernel.models",
    "domain.branches.models",
    "domain.people.models",
    "domain.customers.models",
    "domain.catalog.models",
    "domain.packages.models",
    "domain.bookings.models",
    "domain.expiry.models",
    "domain.accounting.models",
    "domain.ledger.models",
    "domain.payments.models",
    "domain.transfers.models",
    "domain.branch_transfers.models",
    "domain.settlements.models",
    "domain.sharing.models",
    "domain.topups.models",
    "domain.upgrades.models",
    "domain.refunds.models",
    "domain.accounting.sync.models",
    "domain.webhooks.models",
    "domain.inbox.models",
    "domain.feed.models",
)

# FULL: an acknowledged operation survives a power cut, which NORMAL does not promise in WAL mode.
# Recursive triggers: what INSERT OR REPLACE deletes is deleted for the append-only triggers too.
# Secure delete: what is overwritten or deleted leaves the file, as not every build of SQLite sees to by itself.
_SQLITE_PRAGMAS = {"synchronous": "FULL", "busy_timeout": 5000, "recursive_triggers": "ON", "secure_delete": "ON"}
_POSTGRES_DEFAULTS = {"minsize": 1, "maxsize": 10}


class BadDatabaseUrl(ValueError):
    """The database URL is neither of SQLite nor of PostgreSQL."""

    def __init__(self) -> None:
        super().__init__("A database URL looks like sqlite:///carnet.db or postgresql://user:password@host/name.")


def sqlite_url(path: Path | str) -> str:
    """The URL of a database file; a relative path stays relative to the working directory."""
    return f"sqlite:///{path}"


def sqlite_path(url: str) -> Path:
    """The file behind `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    return Path(url.removeprefix("sqlite:///"))


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:///")


def tortoise_config(url: str, sqlite_pragmas: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The configuration of Tortoise for a database URL."""
    connection = _sqlite(url, sqlite_pragmas or {}) if is_sqlite(url) else _postgres(urlsplit(url))
    app = {"models": list(MODEL_MODULES), "default_connection": CONNECTION, "migrations": MIGRATIONS}
    return {"connections": {CONNECTION: connection}, "apps": {APP: app}, "use_tz": True, "timezone": "UTC"}


def _sqlite(url: str, pragmas: Mapping[str, str]) -> dict[str, Any]:
    credentials = {"file_path": str(sqlite_path(url)), **_SQLITE_PRAGMAS, **pragmas}
    return {"engine": "domain.kernel.db.engines.sqlite", "credentials": credentials}


def _postgres(url: SplitResult) -> dict[str, Any]:
    if url.scheme not in {"postgresql", "postgres"} or not url.path.strip("/"):
        raise BadDatabaseUrl
    credentials: dict[str, Any] = {
        "user": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        "host": url.hostname or None,
        "port": url.port or 5432,
        "database": unquote(url.path.strip("/")),
        **_POSTGRES_DEFAULTS,
        **{name: int(value) if value.isdecimal() else value for name, value in parse_qsl(url.query)},
    }
    return {"engine": "domain.kernel.db.engines.postgres", "credentials": credentials}

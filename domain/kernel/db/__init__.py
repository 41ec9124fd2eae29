"""The database: one transaction, plain statements, migrations; one set of words for SQLite and PostgreSQL.

SQL is written once, with `$1, $2` placeholders, and rewritten where SQLite differs: `= ANY($1)` takes a list
there too, and `FOR UPDATE` and `FOR KEY SHARE` are dropped because a transaction already holds the write lock of the
whole file.
"""

from tortoise.exceptions import IntegrityError

from domain.kernel.db.config import MODEL_MODULES, sqlite_url, tortoise_config
from domain.kernel.db.counting import Counter, counting
from domain.kernel.db.failures import DatabaseUnavailable
from domain.kernel.db.forgetting import forget_overwritten
from domain.kernel.db.lifecycle import connect, disconnect
from domain.kernel.db.newest import newest_ids
from domain.kernel.db.statements import MANY, execute, execute_many, fetch, insert, rows
from domain.kernel.db.transaction import Outdated, retrying, transaction
from domain.kernel.db.where import Where

__all__ = [
    "MANY",
    "MODEL_MODULES",
    "Counter",
    "DatabaseUnavailable",
    "IntegrityError",
    "Outdated",
    "Where",
    "connect",
    "counting",
    "disconnect",
    "execute",
    "execute_many",
    "fetch",
    "forget_overwritten",
    "insert",
    "newest_ids",
    "retrying",
    "rows",
    "sqlite_url",
    "tortoise_config",
    "transaction",
]

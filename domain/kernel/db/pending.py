"""Which migrations the open database lacks; asked by every process before it starts, so without loading any."""

import importlib
import pkgutil
from typing import Final

from tortoise.connection import get_connection

from domain.kernel.db import config
from domain.kernel.db.statements import rows

_HAS_HISTORY: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'tortoise_migrations'",
    "postgres": "SELECT 1 AS name WHERE to_regclass('tortoise_migrations') IS NOT NULL",
}


async def pending() -> list[str]:
    """The names of the migrations that the open database lacks, in their order; all of them when it has no tables."""
    known = {module.name for module in pkgutil.iter_modules(importlib.import_module(config.MIGRATIONS).__path__)}
    has_history = await rows(_HAS_HISTORY[get_connection(config.CONNECTION).capabilities.dialect])
    applied = await rows("SELECT name FROM tortoise_migrations") if has_history else []
    return sorted(known - {row["name"] for row in applied})

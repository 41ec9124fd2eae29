"""Opens and closes the process's one database."""

from tortoise.backends.base import executor
from tortoise.context import TortoiseContext

from domain.kernel.db.config import CONNECTION, tortoise_config
from domain.kernel.db.failures import raise_if_unavailable

_context: TortoiseContext | None = None


async def connect(url: str) -> None:
    """Open the database for the whole process, and reach it at once: a wrong URL shows now and not later."""
    global _context
    executor.EXECUTOR_CACHE.clear()  # keyed by connection name only: SQLite's SQL would be sent to PostgreSQL
    context = TortoiseContext()
    try:
        with context:
            await context.init(config=tortoise_config(url), _enable_global_fallback=True)
        await context.connections.get(CONNECTION).create_connection(with_db=True)
    except BaseException as error:
        await context.close_connections()
        if isinstance(error, Exception):
            raise_if_unavailable(error)
        raise
    _context = context


async def disconnect() -> None:
    """Close the database; nothing happens when none is open."""
    global _context
    context, _context = _context, None
    if context:
        await context.close_connections()

"""What was overwritten leaves the files of the database too, where the database lets Carnet see to that."""

import structlog
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from domain.kernel.db.config import CONNECTION
from domain.kernel.db.failures import DatabaseUnavailable
from domain.kernel.db.statements import rows

log = structlog.get_logger()


async def forget_overwritten() -> None:
    """Empty SQLite's write-ahead log, which still holds what committed transactions have overwritten.

    Call it outside of a transaction. What PostgreSQL keeps in its log is for whoever runs it. What was committed stands
    whatever happens here, so a log that is in use for too long is left, with a warning, to be emptied later.
    """
    if get_connection(CONNECTION).capabilities.dialect != "sqlite":
        return
    try:
        (checkpoint,) = await rows("PRAGMA wal_checkpoint(TRUNCATE)")
    except (DatabaseUnavailable, OperationalError) as error:
        log.warning("the write-ahead log was not emptied, and still holds what was erased", why=str(error))
        return
    if checkpoint["busy"]:
        log.warning("the write-ahead log was not emptied, and still holds what was erased", why="it is in use")

"""One format for all log lines, ours and the libraries': for people on a terminal, JSON everywhere else."""

import logging
import sys
from typing import Any

import orjson
import structlog

from carnet.settings import LogFormat, LogLevel

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]

CONSOLE = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.RichTracebackFormatter(show_locals=False))
"""For people; without the values of variables, among which there are keys and who customers are."""


def configure(level: LogLevel, form: LogFormat) -> None:
    """Send every log line of this process to stderr."""
    console = form == "CONSOLE" or (form == "AUTO" and sys.stderr.isatty())
    last = [CONSOLE] if console else [structlog.processors.format_exc_info, _json]
    structlog.configure(
        processors=[*_SHARED, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[remove, *last]))
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelName(level), logging.WARNING), force=True)


def _json(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    return orjson.dumps(event, default=repr).decode()

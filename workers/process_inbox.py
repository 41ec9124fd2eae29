"""Processes what other systems have told since the last time."""

from prometheus_client import Counter

from domain.inbox.processing import process_events
from domain.inbox.rules import EventState

_PROCESSED = Counter("carnet_inbound_events", "Inbound events by what came of an attempt to process them.", ["state"])
_BATCH = 100


async def process_inbox() -> None:
    """Until nothing is due.

    Events with which Carnet fails keep no other waiting: they are told at the end, and tried again by their schedule.
    """
    failing: dict[str, Exception] = {}
    while came := await process_events(_BATCH, failing):
        for state, events in came.items():
            _PROCESSED.labels("WAITING" if state is EventState.RECEIVED else state.value).inc(events)
    if failing:
        raise ExceptionGroup("inbound events that cannot be processed", list(failing.values()))

"""Pure rules of transfers of the home branch: what has become of one by the clock."""

from datetime import datetime, timedelta
from enum import StrEnum

LAPSES_AFTER = timedelta(days=14)
"""How long the receiving branch has to accept."""


class State(StrEnum):
    """What a transfer is."""

    REQUESTED = "REQUESTED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


def by_the_clock(state: State, lapses_at: datetime, now: datetime) -> State:
    """The state at an instant: what nobody decided in time has lapsed, whether or not a sweep has written it down."""
    return State.LAPSED if state is State.REQUESTED and lapses_at <= now else state

"""Carries on the closings of branches that were ordered and are not finished."""

from prometheus_client import Counter

from domain.branch_transfers import carry_on as closing
from domain.kernel.errors import Unavailable

_MOVED = Counter("carnet_packages_rehomed", "Packages that moved because their home branch closed.")
_CHUNK = 200


async def close_branches() -> None:
    """A part of each in turn, so that a large one keeps no other waiting, until each is finished or another has it.

    One with which Carnet fails keeps no other waiting either: it is told at the end, and tried again the next time.
    """
    failing: list[Exception] = []
    closings = await closing.unfinished()
    while closings:
        closings = [closing_id for closing_id in closings if await _carry_on(closing_id, failing)]
    if failing:
        raise ExceptionGroup("branches that cannot be closed", failing)


async def _carry_on(closing_id: str, failing: list[Exception]) -> bool:
    try:
        moved = await closing.carry_on(closing_id, _CHUNK)
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the closing {closing_id}.")
        failing.append(error)
        return False
    _MOVED.inc(moved or 0)
    return moved is not None

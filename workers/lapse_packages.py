"""Posts the lapses that the clock has decided since the last time."""

import asyncio

from prometheus_client import Counter

from domain.expiry import lapse_packages as lapses

_LAPSED = Counter("carnet_packages_lapsed", "Packages of which sessions were left when their time was over.")
_BATCH = 250
_AT_ONCE = 2
"""One chunk is worked out while the database writes another."""


async def lapse_packages() -> None:
    """Until nothing is due any more, but for what others have locked.

    Packages with which Carnet fails keep nobody waiting: they are told at the end, and tried again the next time.
    """
    failing: dict[str, Exception] = {}
    async with asyncio.TaskGroup() as tasks:
        for _ in range(_AT_ONCE):
            tasks.create_task(_lapse(failing))
    if failing:
        raise ExceptionGroup("packages that cannot lapse", list(failing.values()))


async def _lapse(failing: dict[str, Exception]) -> None:
    while lapsed := await lapses.lapse_packages(_BATCH, failing):
        _LAPSED.inc(lapsed)

"""Posts the lapses that the clock has decided since the last time."""

import asyncio

from prometheus_client import Counter

from domain.expiry import lapse_packages as lapses

_LAPSED = Counter("carnet_packages_lapsed", "Packages of which sessions were left when their time was over.")
_BATCH = 500
_AT_ONCE = 2
"""One chunk is worked out while the database writes another."""


async def lapse_packages() -> None:
    """Until nothing is due any more, but for what others have locked."""
    async with asyncio.TaskGroup() as tasks:
        for _ in range(_AT_ONCE):
            tasks.create_task(_lapse())


async def _lapse() -> None:
    while lapsed := await lapses.lapse_packages(at_most=_BATCH):
        _LAPSED.inc(lapsed)

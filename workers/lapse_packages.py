"""Posts the lapses that the clock has decided since the last time."""

from prometheus_client import Counter

from domain.expiry import lapse_packages as lapses

_LAPSED = Counter("carnet_packages_lapsed", "Packages of which sessions were left when their time was over.")
_BATCH = 500


async def lapse_packages() -> None:
    """Until nothing is due any more."""
    while lapsed := await lapses.lapse_packages(at_most=_BATCH):
        _LAPSED.inc(lapsed)

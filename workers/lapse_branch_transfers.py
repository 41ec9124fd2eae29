"""Writes down which transfers of home branches nobody decided in time since the last time."""

from prometheus_client import Counter

from domain.branch_transfers import lapse_branch_transfers as lapses

_LAPSED = Counter("carnet_branch_transfers_lapsed", "Transfers of home branches that nobody decided in time.")
_BATCH = 200


async def lapse_branch_transfers() -> None:
    """Until none is due any more.

    Those with which Carnet fails keep no other waiting: they are told at the end, and tried again the next time.
    """
    failing: dict[str, Exception] = {}
    while lapsed := await lapses.lapse_branch_transfers(_BATCH, failing):
        _LAPSED.inc(lapsed)
    if failing:
        raise ExceptionGroup("branch transfers that cannot lapse", list(failing.values()))

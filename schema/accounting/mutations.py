"""The mutations about accounting periods, gathered for the root."""

import strawberry

from schema.accounting import close_period as close
from schema.accounting import reopen_period as reopen


@strawberry.type
class PeriodMutations:
    """Mixed into the root mutation."""

    close_period: close.ClosePeriodResult = close.MUTATION
    reopen_period: reopen.ReopenPeriodResult = reopen.MUTATION

"""The mutations about settlement rates, gathered for the root."""

import strawberry

from schema.settlements import set_settlement_rate as setting


@strawberry.type
class SettlementRateMutations:
    """Mixed into the root mutation."""

    set_settlement_rate: setting.SetSettlementRateResult = setting.MUTATION

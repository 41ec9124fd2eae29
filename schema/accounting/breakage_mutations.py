"""The mutations about breakage, gathered for the root."""

import strawberry

from schema.accounting import change_breakage_method as change
from schema.accounting import estimate_breakage as estimate


@strawberry.type
class BreakageMutations:
    """Mixed into the root mutation."""

    estimate_breakage: estimate.EstimateBreakageResult = estimate.MUTATION
    change_breakage_method: change.ChangeBreakageMethodResult = change.MUTATION

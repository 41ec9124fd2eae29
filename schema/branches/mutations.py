"""The mutations about branches and their chain, gathered for the root."""

import strawberry

from schema.branches import change_chain_settings as settings
from schema.branches import open_branch as opening
from schema.branches import set_business_days as days


@strawberry.type
class BranchMutations:
    """Mixed into the root mutation."""

    open_branch: opening.OpenBranchResult = opening.MUTATION
    change_chain_settings: settings.ChangeChainSettingsResult = settings.MUTATION
    set_business_days: days.SetBusinessDaysResult = days.MUTATION

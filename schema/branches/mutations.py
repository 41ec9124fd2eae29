"""The mutations about branches and their chain, gathered for the root."""

import strawberry

from schema.branches import change_chain_settings as settings
from schema.branches import open_branch as opening


@strawberry.type
class BranchMutations:
    """Mixed into the root mutation."""

    open_branch: opening.OpenBranchResult = opening.MUTATION
    change_chain_settings: settings.ChangeChainSettingsResult = settings.MUTATION

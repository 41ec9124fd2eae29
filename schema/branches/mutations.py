"""The mutations about branches, gathered for the root."""

import strawberry

from schema.branches import open_branch as opening


@strawberry.type
class BranchMutations:
    """Mixed into the root mutation."""

    open_branch: opening.OpenBranchResult = opening.MUTATION

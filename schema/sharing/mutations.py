"""The mutations about sharing, gathered for the root."""

import strawberry

from schema.sharing import revoke_sharing as revoking
from schema.sharing import share_package as sharing
from schema.sharing import share_with_household as sharing_with_household


@strawberry.type
class SharingMutations:
    """Mixed into the root mutation."""

    share_with_household: sharing_with_household.ShareWithHouseholdResult = sharing_with_household.MUTATION
    share_package: sharing.SharePackageResult = sharing.MUTATION
    revoke_sharing: revoking.RevokeSharingResult = revoking.MUTATION

"""The mutations about last days, gathered for the root."""

import strawberry

from schema.expiry import extend_package as extend
from schema.expiry import extend_packages as extend_many
from schema.expiry import freeze_package as freeze
from schema.expiry import unfreeze_package as unfreeze


@strawberry.type
class ExpiryMutations:
    """Mixed into the root mutation."""

    extend_package: extend.ExtendPackageResult = extend.MUTATION
    extend_packages: extend_many.ExtendPackagesResult = extend_many.MUTATION
    freeze_package: freeze.FreezePackageResult = freeze.MUTATION
    unfreeze_package: unfreeze.UnfreezePackageResult = unfreeze.MUTATION

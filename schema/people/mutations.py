"""The mutations about the staff and API keys, gathered for the root."""

import strawberry

from schema.people import create_api_key as creating
from schema.people import grant_role as granting
from schema.people import revoke_api_key as revoking
from schema.people import revoke_role as taking


@strawberry.type
class PeopleMutations:
    """Mixed into the root mutation."""

    grant_role: granting.GrantRoleResult = granting.MUTATION
    revoke_role: taking.RevokeRoleResult = taking.MUTATION
    create_api_key: creating.CreateApiKeyResult = creating.MUTATION
    revoke_api_key: revoking.RevokeApiKeyResult = revoking.MUTATION

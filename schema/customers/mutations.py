"""The mutations about customers, gathered for the root."""

import strawberry

from schema.customers import change_household as changing
from schema.customers import form_household as forming
from schema.customers import register_customer as registering


@strawberry.type
class CustomerMutations:
    """Mixed into the root mutation."""

    register_customer: registering.RegisterCustomerResult = registering.MUTATION
    form_household: forming.FormHouseholdResult = forming.MUTATION
    change_household: changing.ChangeHouseholdResult = changing.MUTATION

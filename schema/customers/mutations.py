"""The mutations about customers, gathered for the root."""

import strawberry

from schema.customers import change_household as changing
from schema.customers import erase_customer as erasing
from schema.customers import export_customer as exporting
from schema.customers import form_household as forming
from schema.customers import merge_customers as merging
from schema.customers import register_customer as registering
from schema.customers import undo_customer_merge as parting


@strawberry.type
class CustomerMutations:
    """Mixed into the root mutation."""

    register_customer: registering.RegisterCustomerResult = registering.MUTATION
    form_household: forming.FormHouseholdResult = forming.MUTATION
    change_household: changing.ChangeHouseholdResult = changing.MUTATION
    merge_customers: merging.MergeCustomersResult = merging.MUTATION
    undo_customer_merge: parting.UndoCustomerMergeResult = parting.MUTATION
    erase_customer: erasing.EraseCustomerResult = erasing.MUTATION
    export_customer: exporting.ExportCustomerResult = exporting.MUTATION

"""The mutation formHousehold."""

from typing import Annotated

import strawberry

from domain.customers.form_household import FormHousehold
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.customers.refusals import AlreadyInHousehold, CustomerMerged, NotInHousehold
from schema.customers.types import Household, household_shown
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Who are to share.")
class FormHouseholdInput:
    """The input of formHousehold."""

    name: str = strawberry.field(description="The household's name, at most 120 characters.")
    customer_ids: list[strawberry.ID] = strawberry.field(description="From 2 to 50 customers, its members.")
    guardian_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Those of them who may share and revoke for the others; left out, the member registered first.",
    )


@strawberry.type(description="The household exists.")
class FormHouseholdPayload:
    """The outcome of formHousehold."""

    household: Household | None = strawberry.field(description="The household.")
    operation_id: strawberry.ID = operation_id()


FormHouseholdResult = Annotated[
    FormHouseholdPayload | InvalidInput | NotFound | CustomerMerged | AlreadyInHousehold | NotInHousehold,
    strawberry.union("FormHouseholdResult", description="The household formed, or why not."),
]


async def resolve(info: Info, input: FormHouseholdInput) -> FormHouseholdResult:
    """Build the command and carry it out."""
    done = await carry_out(info, FormHousehold(input.name, tuple(input.customer_ids), tuple(input.guardian_ids)))
    return FormHouseholdPayload(
        household=await household_shown(info, done.outcome.household_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "form_household",
        "Forms a household of customers who are in none yet; they may use each other's packages where the terms allow "
        "it. Sent again it is refused, for its members are in one.",
    ),
)

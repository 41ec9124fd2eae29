"""The mutation changeHousehold."""

from typing import Annotated

import strawberry

from domain.customers.change_household import ChangeHousehold
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.customers.refusals import AlreadyInHousehold, CustomerMerged, GuardianNeeded, NotInHousehold
from schema.customers.types import Household, household_shown
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Who joins a household, who leaves it, and who of it may act for the others.")
class ChangeHouseholdInput:
    """The input of changeHousehold."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    add: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Customers in no household who join; who is a member already stays one."
    )
    remove: list[strawberry.ID] = strawberry.field(default_factory=list, description="Members who leave.")
    guardians: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="All who are guardians from now on, in place of those before; left out, those of them who stay.",
    )


@strawberry.type(description="The household is changed.")
class ChangeHouseholdPayload:
    """The outcome of changeHousehold."""

    household_id: strawberry.ID = strawberry.field(description="The household's id.")
    operation_id: strawberry.ID = operation_id()

    @strawberry.field(description="The household as it is now; null when you may see none of its members any more.")
    async def household(self, info: Info) -> Household | None:
        return await household_shown(info, self.household_id)


ChangeHouseholdResult = Annotated[
    ChangeHouseholdPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | AlreadyInHousehold
    | NotInHousehold
    | GuardianNeeded,
    strawberry.union("ChangeHouseholdResult", description="The household changed, or why not."),
]


async def resolve(info: Info, input: ChangeHouseholdInput) -> ChangeHouseholdResult:
    """Build the command and carry it out."""
    guardians = None if input.guardians is None else tuple(input.guardians)
    command = ChangeHousehold(input.household_id, tuple(input.add), tuple(input.remove), guardians)
    done = await carry_out(info, command)
    return ChangeHouseholdPayload(
        household_id=strawberry.ID(done.outcome.household_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "change_household",
        "Changes who is in a household, and who of it are its guardians, who may share and revoke for the others; the "
        "branches are the home branches of those who join, leave, or become or cease to be guardians. Who leaves may "
        "use nothing that the household shares from then on; what they used or booked stays. A household with members "
        "keeps at least one guardian.",
    ),
)

"""The arguments that reports have in common."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.kernel.errors import InvalidInput, NotFound
from domain.ledger.journal import accounts_branches
from domain.reports.tables.checking import ahead
from schema.branches.loaders import BRANCH
from schema.catalog.loaders import DEFINITION
from schema.context import Info

From = Annotated[date, strawberry.argument(name="from", description="The first accounting day that counts.")]
To = Annotated[date, strawberry.argument(description="The last accounting day that counts.")]
AtBranch = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only this branch; all whose books you may read when left out."),
]
AsOf = Annotated[
    datetime | None,
    strawberry.argument(description="Leave out what was recorded after this instant; nothing when left out."),
]

WHO = (
    "Counts the branches where a role that may read it is held. A period that ends before it begins, a branch that "
    "there is not and an `asOf` to come are BAD_USER_INPUT."
)
"""What reports count and refuse, for their descriptions."""


async def refuse_unless_possible(
    info: Info,
    what: str,
    branch_id: str | None = None,
    definition_id: str | None = None,
    as_of: datetime | None = None,
) -> None:
    """Refuse whoever may not read it, what is not known yet, and what there is not: zeros would be taken for figures.

    A branch that is shown in the rows is read once for both.
    """
    accounts_branches(info.context.actor, what)
    if problems := ahead(as_of):
        raise InvalidInput(*problems)
    if branch_id is not None and await info.context.load(BRANCH, branch_id) is None:
        raise NotFound("branch", branch_id, "branchId")
    if definition_id is not None and await info.context.load(DEFINITION, definition_id) is None:
        raise NotFound("package definition", definition_id, "definitionId")

"""The arguments that reports have in common."""

from datetime import date, datetime
from typing import Annotated

import strawberry

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
    "Needs the role OWNER, MANAGER or ACCOUNTANT, and counts the branches where it is held; or an API key with scope "
    "ACCOUNTING. A period that ends before it begins is BAD_USER_INPUT."
)
"""Who may read reports, for their descriptions."""

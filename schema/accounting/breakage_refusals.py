"""Refusals about how breakage is recognised, as the graph shows them."""

from datetime import date

import strawberry

from domain.accounting import breakage_errors as errors
from domain.branches.settings import BreakageMethod
from schema.branches import chain  # noqa: F401 - importing it describes BreakageMethod
from schema.refusals import UserError, refusal


@refusal(errors.MidPeriod)
class MidPeriod(UserError):
    """Too late, or too early."""

    open_from: date | None = strawberry.field(
        description="The first day of the open period; null when the books were never closed."
    )


@refusal(errors.BreakageMethodInForce)
class BreakageMethodInForce(UserError):
    """Nothing to change."""

    method: BreakageMethod = strawberry.field(description="The method in force.")

"""`simulatePolicy`: the refunds of a past period under another policy, for whoever reads the books."""

from asyncio import to_thread

from domain.catalog.terms import Refunding
from domain.kernel.access import Actor
from domain.kernel.errors import FieldProblem, InvalidInput
from domain.reports import simulation_store as store
from domain.reports.figures import Span
from domain.reports.sessions_store import zones
from domain.reports.simulated import Simulation
from domain.reports.simulation import simulated

MOST_REFUNDS = 10_000


class TooManyRefunds(InvalidInput):
    """More than are reckoned anew at once; no act takes a period, so it has no code of its own."""

    def __init__(self) -> None:
        message = f"More than {MOST_REFUNDS} refunds were agreed in that time. Ask for less of it, or for one branch."
        super().__init__(FieldProblem(("to",), message))


async def simulate(
    actor: Actor,
    span: Span,
    policy: Refunding,
    currency: str,
    branch_id: str | None = None,
    definition_id: str | None = None,
) -> Simulation:
    """In two statements; refuses whoever may not read the books, and more refunds than can be reckoned at once.

    The arithmetic of thousands of them is done beside the requests of others.
    """
    clocks = await zones(actor)
    agreed = await store.agreed(actor, span, clocks, branch_id, definition_id, MOST_REFUNDS + 1)
    if len(agreed) > MOST_REFUNDS:
        raise TooManyRefunds
    return await to_thread(simulated, agreed, policy, currency)

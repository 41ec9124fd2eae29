"""run_sweep: what Carnet carries out by itself, many operations in whatever chains they belong to, all or nothing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.kernel import clock
from domain.kernel.access import POLICIES, Actor, system
from domain.kernel.commands import Work
from domain.kernel.db import retrying, transaction

T = TypeVar("T")


class Sweep:
    """One attempt at a chunk of operations of one act, all at the same instant."""

    def __init__(self, act: str) -> None:
        assert act in POLICIES
        self.act, self.now = act, clock.now()
        self._actors: dict[str, Actor] = {}
        self._works: list[Work] = []

    def operation(self, chain_id: str) -> Work:
        """One more operation, by Carnet itself in this chain; it has to be recorded before the sweep ends."""
        actor = self._actors.setdefault(chain_id, system(chain_id))
        work = Work(actor, self.act, None, None, self.now)
        work.authorise(None)
        self._works.append(work)
        return work

    @property
    def recorded(self) -> bool:
        """Whether every operation that was begun is in the audit log."""
        return all(work.recorded for work in self._works)


async def run_sweep(act: str, carry_out: Callable[[Sweep], Awaitable[T]]) -> T:
    """Carry out a chunk in one transaction, again while another one stands in its way."""

    async def attempt() -> T:
        async with transaction():
            sweep = Sweep(act)
            outcome = await carry_out(sweep)
            assert sweep.recorded, f"every {act} must be recorded"
            return outcome

    return await retrying(attempt)

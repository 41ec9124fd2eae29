"""Looks up where the addresses of a new connection lead to before it is made, outside of any transaction."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from domain.accounting.connectors.opening import ADDRESSES, problems
from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.kernel.access import Actor
from domain.kernel.addresses import MayNotBeCalled, check_url
from domain.kernel.commands import Done, carried_out, run_command
from domain.kernel.errors import FieldProblem, InvalidInput


async def connect(actor: Actor, command: ConnectAccounting) -> Done[Any]:
    """Carry out the act once none of the addresses leads where Carnet does not call; refuses InvalidInput.

    Who may not is refused before anything is looked up.
    """
    await carried_out(actor, command, None)
    closed = [problem async for problem in _closed(command.settings)]
    if closed:
        known = {problem.path for problem in closed}
        others = problems(command.system, command.settings, command.credentials)
        raise InvalidInput(*(problem for problem in others if problem.path not in known), *closed)
    return await run_command(actor, command)


async def _closed(settings: Mapping[str, str]) -> AsyncIterator[FieldProblem]:
    for name in sorted(ADDRESSES & set(settings)):
        try:
            await check_url(settings[name])
        except MayNotBeCalled as reason:
            told = f"{name} {reason}. Give an https address that everybody on the internet can reach."
            yield FieldProblem(("settings", name), told)

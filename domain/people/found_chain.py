"""Founds a chain with its first owner: how every tenant begins, in a seed or an import."""

from dataclasses import dataclass

from domain.branches import store as branches
from domain.branches.errors import ChainFounded
from domain.kernel.access import Grant, Role, system
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record, run_command
from domain.kernel.ids import new_id
from domain.kernel.money import is_currency
from domain.people import store


@dataclass(frozen=True, slots=True)
class FoundChain:
    """A new tenant, its one currency, and the person who owns it."""

    name: str
    currency: str
    owner: str


@dataclass(frozen=True, slots=True)
class Founded:
    """The chain exists; its owner may do everything else."""

    chain_id: str
    owner_id: str


async def ensure_chain(name: str, currency: str, owner: str = "Owner") -> str:
    """The id of the chain of this name, which is founded if it does not exist."""
    try:
        done = await run_command(system(new_id("chn")), FoundChain(name, currency, owner))
    except ChainFounded as existing:
        return existing.chain_id
    outcome: Founded = done.outcome
    return outcome.chain_id


@act
async def found_chain(work: Work, command: FoundChain) -> Founded:
    """A chain begins with a name of its own, one currency and an owner. Refuses InvalidInput, ChainFounded."""
    work.authorise(None)
    checks = Checks()
    name = checks.required(command.name, 120, "name")
    owner = store.Staff(new_id("stf"), checks.required(command.owner, 120, "owner"), None)
    checks.that(is_currency(command.currency), "currency is an ISO 4217 code such as EUR.", "currency")
    checks.passed()
    if existing := await branches.chain_named(name):
        raise ChainFounded(name, existing.id)
    await branches.insert_chain(work, name, command.currency)
    await store.insert_staff(work, owner)
    await store.insert_grant(work, new_id("grt"), owner.id, Grant(Role.OWNER))
    outcome = Founded(work.chain_id, owner.id)
    await record(work, Recorded(outcome))
    return outcome

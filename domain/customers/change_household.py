"""Changes who is in a household, and who of them may act for the others."""

from dataclasses import dataclass

from domain.customers import households_store, store
from domain.customers.errors import AlreadyInHousehold, GuardianNeeded, NotInHousehold
from domain.customers.form_household import MOST_MEMBERS
from domain.customers.store import Customer
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ChangeHousehold:
    """Who joins and who leaves; guardians that are named take the place of those before."""

    household_id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    guardians: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HouseholdChanged:
    """Who joined, who left, and the guardians there are now."""

    household_id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    guardian_ids: tuple[str, ...]


@act
async def change_household(work: Work, command: ChangeHousehold) -> HouseholdChanged:
    """Members join, leave and become guardians; it takes the role at the home branch of each whom it concerns.

    Who leaves may use nothing that is shared with the household from then on; what was used or booked stays. Refuses
    InvalidInput, NotFound (household, customer), CustomerMerged, AlreadyInHousehold, NotInHousehold, GuardianNeeded.
    """
    _check(command)
    if not await store.has_household(work.actor, command.household_id):
        raise NotFound("household", command.household_id, "householdId")
    await households_store.lock(work, command.household_id)
    members = {member.id: member for member in await households_store.lock_members(work, command.household_id)}
    joining = [each for each in await _visible(work, command.add, "add") if each.id not in members]
    leaving = await _visible(work, command.remove, "remove")
    for customer in leaving:
        if customer.id not in members:
            raise NotInHousehold(customer.id, "remove")
    after = {each.id: each for each in (*members.values(), *joining) if each not in leaving}
    guardian_ids = _guardians(command, after)
    concerned = [*joining, *leaving, *(each for each in after.values() if each.guardian != (each.id in guardian_ids))]
    for customer in concerned or members.values():
        work.authorise(customer.home_branch_id)
    _refuse_members_elsewhere(joining)
    _refuse_crowd(after)
    await households_store.leave([each.id for each in leaving])
    await households_store.join(command.household_id, [each.id for each in joining])
    await households_store.appoint(command.household_id, guardian_ids)
    return await _recorded(work, command, joining, leaving, guardian_ids)


def _check(command: ChangeHousehold) -> None:
    checks = Checks()
    checks.that(not set(command.add) & set(command.remove), "A customer joins or leaves, not both.", "remove")
    some = command.add or command.remove or command.guardians is not None
    checks.that(bool(some), "Name who joins, who leaves, or the guardians.", "add")
    checks.passed()


async def _visible(work: Work, customer_ids: tuple[str, ...], field: str) -> list[Customer]:
    found = {each.id: each for each in await store.lock_visible(work, customer_ids)} if customer_ids else {}
    for customer_id in customer_ids:
        if customer_id not in found:
            raise await store.not_locked(work, customer_id, field)
    return list(found.values())


def _guardians(command: ChangeHousehold, after: dict[str, Customer]) -> tuple[str, ...]:
    """Those who are named, or else those of the guardians who stay."""
    for guardian_id in command.guardians or ():
        if guardian_id not in after:
            raise NotInHousehold(guardian_id, "guardians")
    staying = [each.id for each in after.values() if each.guardian and each.household_id == command.household_id]
    guardian_ids = staying if command.guardians is None else command.guardians
    if after and not guardian_ids:
        raise GuardianNeeded(command.household_id)
    return tuple(dict.fromkeys(guardian_ids))


def _refuse_members_elsewhere(joining: list[Customer]) -> None:
    for customer in joining:
        if customer.household_id is not None:
            raise AlreadyInHousehold(customer.id, customer.household_id, "add")


def _refuse_crowd(after: dict[str, Customer]) -> None:
    checks = Checks()
    checks.that(len(after) <= MOST_MEMBERS, f"A household has at most {MOST_MEMBERS} members.", "add")
    checks.passed()


async def _recorded(
    work: Work,
    command: ChangeHousehold,
    joining: list[Customer],
    leaving: list[Customer],
    guardian_ids: tuple[str, ...],
) -> HouseholdChanged:
    added, removed = (tuple(each.id for each in some) for some in (joining, leaving))
    outcome = HouseholdChanged(command.household_id, added, removed, guardian_ids)
    await record(work, Recorded(outcome, customer_id=next(iter((*added, *removed, *guardian_ids)), None)))
    return outcome

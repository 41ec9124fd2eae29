"""Takes a role from a person on the staff."""

from dataclasses import dataclass

from domain.kernel.access import Grant, Role
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.people import grants_store as grants
from domain.people import store
from domain.people.errors import LastOwner, RoleNotHeld


@dataclass(frozen=True, slots=True)
class RevokeRole:
    """The role of a person, as it was granted: on the whole chain (branch_id None) or at one branch."""

    staff_id: str
    role: Role
    branch_id: str | None = None


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """The person holds the role no more."""

    grant_id: str
    staff_id: str


@act
async def revoke_role(work: Work, command: RevokeRole) -> RoleRevoked:
    """A person is trusted with a role no more, from the next request on; what was done with it stays.

    Somebody always owns the whole chain. Refuses NotFound (person), RoleNotHeld, LastOwner.
    """
    work.authorise(None)
    person = await store.lock_staff(work, command.staff_id)
    if person is None:
        raise NotFound("person on the staff", command.staff_id, "staffId")
    held = await store.grant_held(person.id, command.role, command.branch_id)
    if held is None:
        raise RoleNotHeld(person.id, command.role, command.branch_id)
    if Grant(command.role, command.branch_id) == Grant(Role.OWNER):
        await _refuse_last_owner(work, person)
    await grants.revoke(work, held)
    outcome = RoleRevoked(held, person.id)
    await record(work, Recorded(outcome, branch_id=command.branch_id))
    return outcome


async def _refuse_last_owner(work: Work, person: store.Staff) -> None:
    if await grants.lock_owners(work) == {person.id}:
        raise LastOwner(person.id, person.name)

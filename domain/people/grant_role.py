"""Grants a role to a person on the staff, who may be new to it."""

from dataclasses import dataclass

from domain.branches import store as branches
from domain.kernel.access import Grant, Role
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.people import store
from domain.people.errors import EmailTaken, RoleHeld


@dataclass(frozen=True, slots=True)
class GrantRole:
    """A role for a person of the staff (staff_id) or for somebody new (name, e-mail), chain-wide or at a branch."""

    role: Role
    branch_id: str | None = None
    staff_id: str | None = None
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """The person holds the role from now on."""

    grant_id: str
    staff_id: str


@act
async def grant_role(work: Work, command: GrantRole) -> RoleGranted:
    """A person is trusted with a role, on the whole chain or at one branch.

    Refuses InvalidInput, NotFound (person, branch), EmailTaken, RoleHeld.
    """
    work.authorise(None)
    if command.branch_id is not None:
        await branches.branch(work.actor, command.branch_id, "branchId")
    person = await _person(work, command)
    if held := await store.grant_held(person.id, command.role, command.branch_id):
        raise RoleHeld(held, person.id, command.role, command.branch_id)
    outcome = RoleGranted(new_id("grt"), person.id)
    await store.insert_grant(work, outcome.grant_id, person.id, Grant(command.role, command.branch_id))
    await record(work, Recorded(outcome, branch_id=command.branch_id))
    return outcome


async def _person(work: Work, command: GrantRole) -> store.Staff:
    if command.staff_id is None:
        return await _newcomer(work, command)
    checks = Checks()
    checks.that(command.name is None and command.email is None, "Give staffId or a new person, not both.", "staffId")
    checks.passed()
    person = await store.lock_staff(work, command.staff_id)
    if person is None:
        raise NotFound("person on the staff", command.staff_id, "staffId")
    return person


async def _newcomer(work: Work, command: GrantRole) -> store.Staff:
    checks = Checks()
    name = checks.required(command.name or "", 120, "name")
    email = checks.email(command.email, "email")
    checks.passed()
    if email and (taken := await store.staff_with_email(work.chain_id, email)):
        raise EmailTaken(email, taken.id)
    person = store.Staff(new_id("stf"), name, email)
    await store.insert_staff(work, person)
    return person

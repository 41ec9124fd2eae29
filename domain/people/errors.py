"""Why a role cannot be granted or taken, or a key not be revoked."""

from datetime import datetime

from domain.kernel.access import Role
from domain.kernel.errors import Refusal


class RoleHeld(Refusal):
    """The person holds this very role there already."""

    code = "ROLE_HELD"

    def __init__(self, grant_id: str, staff_id: str, role: Role, branch_id: str | None) -> None:
        self.grant_id, self.staff_id, self.role, self.branch_id = grant_id, staff_id, role, branch_id

    @property
    def message(self) -> str:
        where = "at this branch" if self.branch_id else "on the whole chain"
        return f"The person is {self.role.value} {where} already. There is nothing left to do."


class RoleNotHeld(Refusal):
    """The person does not hold this very role there, or holds it no more."""

    code = "ROLE_NOT_HELD"

    def __init__(self, staff_id: str, role: Role, branch_id: str | None) -> None:
        self.staff_id, self.role, self.branch_id = staff_id, role, branch_id

    @property
    def message(self) -> str:
        where = "at this branch" if self.branch_id else "on the whole chain"
        return f"The person is not {self.role.value} {where}. Look at the roles that are held now."


class LastOwner(Refusal):
    """Nobody else owns the whole chain."""

    code = "LAST_OWNER"

    def __init__(self, staff_id: str, name: str) -> None:
        self.staff_id, self.name = staff_id, name

    @property
    def message(self) -> str:
        return f"{self.name} is the last OWNER of the whole chain. Grant the role to somebody else first."


class EmailTaken(Refusal):
    """Another person on the staff has this e-mail address."""

    code = "EMAIL_TAKEN"

    def __init__(self, email: str, staff_id: str) -> None:
        self.email, self.staff_id = email, staff_id

    @property
    def message(self) -> str:
        return f"{self.email} belongs to somebody on the staff. Grant the role to that person instead."

    @property
    def path(self) -> tuple[str, ...]:
        return ("email",)


class AlreadyRevoked(Refusal):
    """The key has been revoked before."""

    code = "ALREADY_REVOKED"

    def __init__(self, api_key_id: str, revoked_at: datetime) -> None:
        self.api_key_id, self.revoked_at = api_key_id, revoked_at

    @property
    def message(self) -> str:
        return f"The key was revoked on {self.revoked_at:%Y-%m-%d %H:%M} UTC. There is nothing left to do."

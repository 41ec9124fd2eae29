"""Who asks: principals with their roles and scopes, and what it takes to be one of those whom something is open to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Principal(StrEnum):
    """The kinds of who."""

    STAFF = "STAFF"
    CUSTOMER = "CUSTOMER"
    INTEGRATION = "INTEGRATION"
    SYSTEM = "SYSTEM"


class Role(StrEnum):
    """What a person on the staff is trusted with, on the whole chain or on single branches."""

    OWNER = "OWNER"
    MANAGER = "MANAGER"
    FRONT_DESK = "FRONT_DESK"
    PRACTITIONER = "PRACTITIONER"
    ACCOUNTANT = "ACCOUNTANT"


class Scope(StrEnum):
    """What an API key is trusted with."""

    READ = "READ"
    SELL = "SELL"
    REDEEM = "REDEEM"
    BOOK = "BOOK"
    ACCOUNTING = "ACCOUNTING"


class At(StrEnum):
    """Where a role has to be held, in words; a role on the whole chain counts at every branch."""

    BRANCH = "for the branch"
    HOME = "for the home branch of the package"
    EACH = "for the home branch of each customer"
    SENDING = "for the branch it is to leave"
    RECEIVING = "for the branch that takes it over"
    EITHER = "for the branch that packages leave or the one that they come to"
    NAMED = "for the branch, or for the whole chain where none is named"
    CHAIN = "for the whole chain"
    ANYWHERE = "at any branch"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, on the whole chain (branch_id None) or on one branch."""

    role: Role
    branch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The authenticated principal of a request or the system itself, always inside one chain."""

    kind: Principal
    id: str
    chain_id: str
    name: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[Scope] = frozenset()
    household_id: str | None = None

    def branches(self, roles: Iterable[Role]) -> frozenset[str] | None:
        """The branches where one of the roles is held; None means every branch of the chain."""
        wanted = frozenset(roles)
        held = {grant.branch_id for grant in self.grants if grant.role in wanted}
        return None if None in held else frozenset(branch for branch in held if branch is not None)

    def manages(self, branch_id: str) -> bool:
        """Whether this principal is more than the front desk at the branch."""
        if self.kind is Principal.SYSTEM:
            return True
        branches = self.branches((Role.OWNER, Role.MANAGER))
        return branches is None or branch_id in branches

    @property
    def visible_branches(self) -> frozenset[str] | None:
        """The branches whose records this principal may read; None means all of the chain."""
        return RECORDS.branches(self)

    @property
    def reads_business(self) -> bool:
        """Whether what the business keeps from its customers may be read: the staff, costs, drafts."""
        return BUSINESS.lets(self)


def system(chain_id: str) -> Actor:
    """Carnet itself, acting for a chain: imports, sweeps, seeds."""
    return Actor(Principal.SYSTEM, "system", chain_id, "Carnet")


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may: roles and where they are held, API key scopes, customers where it is about themselves."""

    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    customers: bool = False
    at: At = At.BRANCH

    def branches(self, actor: Actor) -> frozenset[str] | None:
        """The branches where the actor may; None means the whole chain, nothing nowhere or only for himself."""
        if actor.kind is Principal.SYSTEM or actor.scopes & self.scopes:
            return None
        branches = actor.branches(self.roles)
        return branches if branches is None or self.at is not At.CHAIN else frozenset()

    def lets(self, actor: Actor) -> bool:
        """Whether the actor may at some branch, on behalf of the business."""
        return self.branches(actor) != frozenset()

    @property
    def needs(self) -> str:
        """The policy in words, for refusals and for the descriptions of the graph."""
        words = [f"{self._role} {self.at}"] if self.roles else []
        words += [f"an API key with scope {_either(self.scopes, Scope)}"] if self.scopes else []
        words += ["to be the customer concerned"] if self.customers else []
        return ", or ".join(words) or "Carnet itself"

    @property
    def _role(self) -> str:
        if self.roles == frozenset(Role):
            return "any role"
        return f"the role {_either(self.roles, Role)}"


def _either(some: frozenset[Any], kind: type[StrEnum]) -> str:
    return " or ".join(each.value for each in kind if each in some)


def policy(*who: Role | Scope, customers: bool = False, at: At = At.BRANCH) -> Policy:
    """The policy that lets these."""
    roles = frozenset(item for item in who if isinstance(item, Role))
    scopes = frozenset(item for item in who if isinstance(item, Scope))
    return Policy(roles, scopes, customers, at)


RECORDS = policy(*Role, Scope.READ)
"""Who reads what was done at a branch, and what the branch has."""

BUSINESS = policy(*Role, Scope.READ, at=At.ANYWHERE)
"""Who reads what the business keeps from its customers, wherever in the chain they work."""

"""Who may what: principals, roles, and the policy table act by role that everything else is generated from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.errors import Forbidden


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
        if self.kind is Principal.STAFF:
            return self.branches(Role)
        reads_all = self.kind is Principal.SYSTEM or Scope.READ in self.scopes
        return None if reads_all else frozenset()

    @property
    def reads_business(self) -> bool:
        """Whether what the business keeps from its customers may be read: the staff, costs, drafts."""
        if self.kind is Principal.INTEGRATION:
            return Scope.READ in self.scopes
        return self.kind is not Principal.CUSTOMER


def system(chain_id: str) -> Actor:
    """Carnet itself, acting for a chain: imports, sweeps, seeds."""
    return Actor(Principal.SYSTEM, "system", chain_id, "Carnet")


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may carry out one act: roles at the branch concerned, API key scopes, customers for themselves."""

    roles: frozenset[Role]
    scopes: frozenset[Scope] = frozenset()
    customers: bool = False

    @property
    def needs(self) -> str:
        """The policy in words, for refusals and for the descriptions of the graph."""
        names = [role.value for role in Role if role in self.roles]
        words = [f"the role {' or '.join(names)} for the branch"] if names else []
        words += [f"an API key with scope {scope.value}" for scope in Scope if scope in self.scopes]
        words += ["to be the customer concerned"] if self.customers else []
        return ", or ".join(words) or "Carnet itself"


def _policy(*who: Role | Scope, customers: bool = False) -> Policy:
    roles = frozenset(item for item in who if isinstance(item, Role))
    scopes = frozenset(item for item in who if isinstance(item, Scope))
    return Policy(roles, scopes, customers)


_DESK = (Role.OWNER, Role.MANAGER, Role.FRONT_DESK)
_VISITS = (*_DESK, Role.PRACTITIONER)


POLICIES: dict[str, Policy] = {
    "found_chain": _policy(),
    "open_branch": _policy(Role.OWNER),
    "grant_role": _policy(Role.OWNER),
    "create_api_key": _policy(Role.OWNER),
    "revoke_api_key": _policy(Role.OWNER),
    "define_service": _policy(Role.OWNER, Role.MANAGER),
    "set_delivery_cost": _policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT),
    "define_package": _policy(Role.OWNER, Role.MANAGER),
    "publish_package_definition": _policy(Role.OWNER, Role.MANAGER),
    "retire_package_definition": _policy(Role.OWNER, Role.MANAGER),
    "register_customer": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "form_household": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "sell_package": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "record_payment": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "reverse_payment": _policy(*_DESK, Scope.SELL),
    "pay_account": _policy(*_DESK, Scope.SELL),
    "reverse_charge": _policy(*_DESK, Scope.REDEEM),
    "record_payout": _policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT, Scope.ACCOUNTING),
    "redeem_session": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Role.PRACTITIONER, Scope.REDEEM),
    "reverse_redemption": _policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.REDEEM),
    "grant_goodwill": _policy(Role.OWNER, Role.MANAGER),
    "book_session": _policy(*_VISITS, Scope.BOOK, customers=True),
    "reschedule_booking": _policy(*_VISITS, Scope.BOOK, customers=True),
    "cancel_booking": _policy(*_VISITS, Scope.BOOK, customers=True),
    "complete_booking": _policy(*_VISITS, Scope.BOOK),
    "mark_no_show": _policy(*_VISITS, Scope.BOOK),
    "cancel_booking_by_business": _policy(*_DESK, Scope.BOOK),
    "sync_booking": _policy(Role.OWNER, Scope.BOOK),
    "attach_to_booking": _policy(*_VISITS, Scope.BOOK),
    "flag_booking": _policy(),
    "extend_package": _policy(*_DESK),
    "extend_packages": _policy(Role.OWNER, Role.MANAGER),
    "freeze_package": _policy(*_DESK),
    "unfreeze_package": _policy(*_DESK),
    "lapse_package": _policy(),
    "estimate_breakage": _policy(Role.OWNER, Role.ACCOUNTANT),
    "change_breakage_method": _policy(Role.OWNER),
    "reestimate_package": _policy(),
    "open_dispute": _policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING),
    "win_dispute": _policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING),
    "lose_dispute": _policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING),
    "void_sale": _policy(*_DESK),
    "set_settlement_rate": _policy(Role.OWNER, Role.ACCOUNTANT),
    "run_settlement": _policy(Role.OWNER, Role.ACCOUNTANT, Scope.ACCOUNTING),
    "approve_settlement": _policy(Role.OWNER, Role.ACCOUNTANT),
    "cancel_settlement": _policy(Role.OWNER, Role.ACCOUNTANT),
    "confirm_settlement": _policy(Role.OWNER, Role.ACCOUNTANT, Scope.ACCOUNTING),
    "dispute_settlement_entry": _policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT),
    "resolve_settlement_dispute": _policy(Role.OWNER, Role.ACCOUNTANT),
    "request_branch_transfer": _policy(Role.OWNER, Role.MANAGER),
    "accept_branch_transfer": _policy(Role.OWNER, Role.MANAGER),
    "refuse_branch_transfer": _policy(Role.OWNER, Role.MANAGER),
    "withdraw_branch_transfer": _policy(Role.OWNER, Role.MANAGER),
    "lapse_branch_transfer": _policy(),
    "close_branch": _policy(Role.OWNER),
    "rehome_package": _policy(),
    "transfer_package": _policy(*_DESK, Scope.SELL),
    "approve_transfer": _policy(Role.OWNER, Role.MANAGER),
    "refuse_transfer": _policy(Role.OWNER, Role.MANAGER),
    "withdraw_transfer": _policy(*_DESK, Scope.SELL),
    "undo_transfer": _policy(*_DESK, Scope.SELL),
    "share_with_household": _policy(*_DESK, Scope.SELL, customers=True),
    "share_package": _policy(*_DESK, Scope.SELL, customers=True),
    "revoke_sharing": _policy(*_DESK, Scope.SELL, customers=True),
    "change_household": _policy(*_DESK, Scope.SELL),
    "merge_customers": _policy(Role.OWNER, Role.MANAGER),
    "undo_customer_merge": _policy(Role.OWNER, Role.MANAGER),
    "erase_customer": _policy(Role.OWNER),
    "export_customer": _policy(Role.OWNER, Role.MANAGER),
    "revoke_role": _policy(Role.OWNER),
    "agree_instalments": _policy(*_DESK, Scope.SELL),
    "change_chain_settings": _policy(Role.OWNER),
    "close_period": _policy(Role.OWNER),
    "reopen_period": _policy(Role.OWNER),
    "import_customer": _policy(Role.OWNER),
    "import_package": _policy(Role.OWNER),
    "import_spreadsheets": _policy(Role.OWNER),
}

ACCOUNTS_READERS = (Role.OWNER, Role.MANAGER, Role.ACCOUNTANT)
"""Who may read journal entries and balances, for the branches where the role is held."""


def refuse_outright(actor: Actor, act: str) -> None:
    """Refuse whoever may carry out the act nowhere, before anything is read that could show what exists."""
    policy = POLICIES[act]
    if actor.kind is Principal.SYSTEM or actor.scopes & policy.scopes or actor.branches(policy.roles) != frozenset():
        return
    if actor.kind is Principal.CUSTOMER and policy.customers:
        return
    raise Forbidden(act, policy.needs)


def authorise(actor: Actor, act: str, branch_id: str | None, customer_id: str | None = None) -> None:
    """Refuse unless the policy lets this actor carry out the act at the branch (None: chain-wide).

    A customer may do what is open to customers, where the customer concerned is himself.
    """
    policy = POLICIES[act]
    if actor.kind is Principal.SYSTEM:
        return
    if actor.kind is Principal.CUSTOMER and policy.customers and customer_id == actor.id:
        return
    if actor.kind is Principal.INTEGRATION and actor.scopes & policy.scopes:
        return
    if actor.kind is Principal.STAFF:
        branches = actor.branches(policy.roles)
        if branches is None or branch_id in branches:
            return
    raise Forbidden(act, policy.needs)

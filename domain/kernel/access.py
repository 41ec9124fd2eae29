"""Who may do what: the policy table act by role that refusals, descriptions and tests come from."""

from domain.kernel.errors import Forbidden
from domain.kernel.principals import Actor as Actor
from domain.kernel.principals import At, Policy, policy
from domain.kernel.principals import Grant as Grant
from domain.kernel.principals import Principal as Principal
from domain.kernel.principals import Role as Role
from domain.kernel.principals import Scope as Scope
from domain.kernel.principals import system as system

_DESK = (Role.OWNER, Role.MANAGER, Role.FRONT_DESK)
_VISITS = (*_DESK, Role.PRACTITIONER)


POLICIES: dict[str, Policy] = {
    "found_chain": policy(),
    "open_branch": policy(Role.OWNER, at=At.CHAIN),
    "grant_role": policy(Role.OWNER, at=At.CHAIN),
    "create_api_key": policy(Role.OWNER, at=At.CHAIN),
    "revoke_api_key": policy(Role.OWNER, at=At.CHAIN),
    "define_service": policy(Role.OWNER, Role.MANAGER, at=At.CHAIN),
    "set_delivery_cost": policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT, at=At.NAMED),
    "define_package": policy(Role.OWNER, Role.MANAGER, at=At.CHAIN),
    "publish_package_definition": policy(Role.OWNER, Role.MANAGER, at=At.CHAIN),
    "retire_package_definition": policy(Role.OWNER, Role.MANAGER, at=At.CHAIN),
    "register_customer": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "form_household": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL, at=At.EACH),
    "sell_package": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "record_payment": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.SELL),
    "reverse_payment": policy(*_DESK, Scope.SELL),
    "pay_account": policy(*_DESK, Scope.SELL),
    "reverse_charge": policy(*_DESK, Scope.REDEEM),
    "record_payout": policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT, Scope.ACCOUNTING),
    "redeem_session": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Role.PRACTITIONER, Scope.REDEEM),
    "reverse_redemption": policy(Role.OWNER, Role.MANAGER, Role.FRONT_DESK, Scope.REDEEM),
    "grant_goodwill": policy(Role.OWNER, Role.MANAGER, at=At.HOME),
    "book_session": policy(*_VISITS, Scope.BOOK, customers=True),
    "reschedule_booking": policy(*_VISITS, Scope.BOOK, customers=True),
    "cancel_booking": policy(*_VISITS, Scope.BOOK, customers=True),
    "complete_booking": policy(*_VISITS, Scope.BOOK),
    "mark_no_show": policy(*_VISITS, Scope.BOOK),
    "cancel_booking_by_business": policy(*_DESK, Scope.BOOK, at=At.NAMED),
    "sync_booking": policy(Role.OWNER, Scope.BOOK),
    "attach_to_booking": policy(*_VISITS, Scope.BOOK),
    "flag_booking": policy(),
    "extend_package": policy(*_DESK, at=At.HOME),
    "extend_packages": policy(Role.OWNER, Role.MANAGER, at=At.NAMED),
    "freeze_package": policy(*_DESK, at=At.HOME),
    "unfreeze_package": policy(*_DESK, at=At.HOME),
    "lapse_package": policy(),
    "estimate_breakage": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "change_breakage_method": policy(Role.OWNER, at=At.CHAIN),
    "reestimate_package": policy(),
    "open_dispute": policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING, at=At.HOME),
    "win_dispute": policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING, at=At.HOME),
    "lose_dispute": policy(Role.OWNER, Role.MANAGER, Scope.ACCOUNTING, at=At.HOME),
    "void_sale": policy(*_DESK, at=At.HOME),
    "set_settlement_rate": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "run_settlement": policy(Role.OWNER, Role.ACCOUNTANT, Scope.ACCOUNTING, at=At.CHAIN),
    "approve_settlement": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "cancel_settlement": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "confirm_settlement": policy(Role.OWNER, Role.ACCOUNTANT, Scope.ACCOUNTING, at=At.CHAIN),
    "dispute_settlement_entry": policy(Role.OWNER, Role.MANAGER, Role.ACCOUNTANT),
    "resolve_settlement_dispute": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "request_branch_transfer": policy(Role.OWNER, Role.MANAGER, at=At.SENDING),
    "accept_branch_transfer": policy(Role.OWNER, Role.MANAGER, at=At.RECEIVING),
    "refuse_branch_transfer": policy(Role.OWNER, Role.MANAGER, at=At.RECEIVING),
    "withdraw_branch_transfer": policy(Role.OWNER, Role.MANAGER, at=At.SENDING),
    "lapse_branch_transfer": policy(),
    "close_branch": policy(Role.OWNER, at=At.CHAIN),
    "rehome_package": policy(),
    "transfer_package": policy(*_DESK, Scope.SELL),
    "approve_transfer": policy(Role.OWNER, Role.MANAGER, at=At.HOME),
    "refuse_transfer": policy(Role.OWNER, Role.MANAGER, at=At.HOME),
    "withdraw_transfer": policy(*_DESK, Scope.SELL),
    "undo_transfer": policy(*_DESK, Scope.SELL),
    "share_with_household": policy(*_DESK, Scope.SELL, customers=True, at=At.HOME),
    "share_package": policy(*_DESK, Scope.SELL, customers=True, at=At.HOME),
    "revoke_sharing": policy(*_DESK, Scope.SELL, customers=True, at=At.HOME),
    "change_household": policy(*_DESK, Scope.SELL, at=At.EACH),
    "merge_customers": policy(Role.OWNER, Role.MANAGER, at=At.EACH),
    "undo_customer_merge": policy(Role.OWNER, Role.MANAGER, at=At.EACH),
    "erase_customer": policy(Role.OWNER, at=At.CHAIN),
    "export_customer": policy(Role.OWNER, Role.MANAGER, customers=True, at=At.EACH),
    "revoke_role": policy(Role.OWNER, at=At.CHAIN),
    "top_up_package": policy(*_DESK, Scope.SELL, customers=True),
    "upgrade_package": policy(*_DESK, Scope.SELL),
    "request_refund": policy(*_DESK, Scope.SELL, customers=True, at=At.HOME),
    "approve_refund": policy(Role.OWNER, Role.MANAGER, at=At.HOME),
    "refuse_refund": policy(Role.OWNER, Role.MANAGER, at=At.HOME),
    "withdraw_refund": policy(*_DESK, Scope.SELL, customers=True, at=At.HOME),
    "pay_out_refund": policy(*_DESK, Role.ACCOUNTANT, Scope.ACCOUNTING),
    "set_refund_limit": policy(Role.OWNER, at=At.CHAIN),
    "set_business_days": policy(Role.OWNER, Role.MANAGER),
    "agree_instalments": policy(*_DESK, Scope.SELL, at=At.HOME),
    "change_chain_settings": policy(Role.OWNER, at=At.CHAIN),
    "close_period": policy(Role.OWNER, at=At.CHAIN),
    "reopen_period": policy(Role.OWNER, at=At.CHAIN),
    "connect_accounting": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "map_account": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "pause_connection": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "resume_connection": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "retry_delivery": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "reconcile": policy(Role.OWNER, Role.ACCOUNTANT, at=At.CHAIN),
    "acknowledge_entries": policy(Role.OWNER, Role.ACCOUNTANT, Scope.ACCOUNTING, at=At.CHAIN),
    "import_customer": policy(Role.OWNER),
    "import_package": policy(Role.OWNER),
    "import_spreadsheets": policy(Role.OWNER, at=At.CHAIN),
    "register_webhook": policy(Role.OWNER, at=At.CHAIN),
    "change_webhook": policy(Role.OWNER, at=At.CHAIN),
    "remove_webhook": policy(Role.OWNER, at=At.CHAIN),
    "rotate_webhook_secret": policy(Role.OWNER, at=At.CHAIN),
    "replay_webhook": policy(Role.OWNER, at=At.CHAIN),
    "open_inbound_hook": policy(Role.OWNER, at=At.CHAIN),
    "rotate_inbound_secret": policy(Role.OWNER, at=At.CHAIN),
    "close_inbound_hook": policy(Role.OWNER, at=At.CHAIN),
    "retry_inbound_event": policy(Role.OWNER, at=At.CHAIN),
}


def refuse_outright(actor: Actor, act: str) -> None:
    """Refuse whoever may carry out the act nowhere, before anything is read that could show what exists."""
    policy = POLICIES[act]
    if policy.lets(actor) or (actor.kind is Principal.CUSTOMER and policy.customers):
        return
    raise Forbidden(act, policy.needs)


def authorise(actor: Actor, act: str, branch_id: str | None, customer_id: str | None = None) -> None:
    """Refuse unless the policy lets this actor carry out the act at the branch (None: chain-wide).

    A customer may do what is open to customers, where the customer concerned is himself.
    """
    policy = POLICIES[act]
    if actor.kind is Principal.CUSTOMER and policy.customers and customer_id == actor.id:
        return
    branches = policy.branches(actor)
    if branches is None or branch_id in branches:
        return
    raise Forbidden(act, policy.needs)

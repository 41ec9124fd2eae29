"""Which events there are: each act is told under a name of its own, by ids only; what they stand for is asked for."""

from dataclasses import dataclass
from datetime import datetime

import orjson

LONGEST_BODY = 20_000
"""Bytes; receivers may count on it."""

EVENTS: dict[str, tuple[str, str]] = {
    "found_chain": ("chain.founded", "The chain was founded."),
    "change_chain_settings": ("chain.settings_changed", "Settings of the chain were changed."),
    "open_branch": ("branch.opened", "A branch was opened."),
    "close_branch": ("branch.closed", "The closing of a branch was ordered."),
    "set_business_days": ("branch.days_set", "The weekends and holidays of a branch were set."),
    "grant_role": ("role.granted", "A person was trusted with a role."),
    "revoke_role": ("role.revoked", "A role was taken from a person."),
    "create_api_key": ("api_key.created", "An integration got a key."),
    "revoke_api_key": ("api_key.revoked", "A key of an integration ended."),
    "define_service": ("service.defined", "A service was defined."),
    "set_delivery_cost": ("service.cost_set", "What a session costs the business was set."),
    "define_package": ("definition.drafted", "A package definition was drafted."),
    "publish_package_definition": ("definition.published", "A package definition is on sale."),
    "retire_package_definition": ("definition.retired", "A package definition is sold no more."),
    "register_customer": ("customer.registered", "A customer was registered."),
    "import_customer": ("customer.imported", "A customer was moved in from spreadsheets."),
    "export_customer": ("customer.exported", "What is kept about a customer was handed out."),
    "erase_customer": ("customer.erased", "Who a customer was is erased: erase it on your side, too."),
    "merge_customers": ("customer.merged", "Two records of a customer became one."),
    "undo_customer_merge": ("customer.merge_undone", "Two records of a customer were taken apart again."),
    "form_household": ("household.formed", "Customers became a household."),
    "change_household": ("household.changed", "Somebody joined a household or left it."),
    "sell_package": ("package.sold", "A package was sold."),
    "import_package": ("package.imported", "A package was moved in from spreadsheets."),
    "import_spreadsheets": ("spreadsheets.imported", "An import of spreadsheets was begun."),
    "void_sale": ("package.voided", "The sale of a package was made void."),
    "top_up_package": ("package.topped_up", "Sessions were added to a package."),
    "upgrade_package": ("package.upgraded", "A package was changed for a larger one."),
    "extend_package": ("package.extended", "A package may be used for longer."),
    "extend_packages": ("packages.extended", "The extension of many packages was ordered."),
    "freeze_package": ("package.frozen", "A package was frozen."),
    "unfreeze_package": ("package.unfrozen", "A package is no longer frozen."),
    "lapse_package": ("package.lapsed", "Sessions of a package lapsed."),
    "reestimate_package": ("package.reestimated", "What of a package is expected to lapse was estimated anew."),
    "rehome_package": ("package.rehomed", "A package has another home branch."),
    "share_package": ("package.shared", "A package may be used by others, too."),
    "share_with_household": ("package.shared_with_household", "A package may be used by the household."),
    "revoke_sharing": ("package.sharing_revoked", "A package may be used by fewer people."),
    "agree_instalments": ("package.instalments_agreed", "A package is paid in instalments."),
    "grant_goodwill": ("package.goodwill_granted", "Sessions were given as goodwill."),
    "redeem_session": ("session.redeemed", "A session was used."),
    "reverse_redemption": ("session.reversed", "A session that was used was given back."),
    "record_payment": ("payment.recorded", "A payment for a package was recorded."),
    "reverse_payment": ("payment.reversed", "A payment was taken back."),
    "pay_account": ("account.paid", "A customer paid what was owed, or in advance."),
    "reverse_charge": ("charge.reversed", "A charge was taken back."),
    "record_payout": ("payout.recorded", "A payout of the payment provider was recorded."),
    "open_dispute": ("dispute.opened", "A payment was disputed."),
    "win_dispute": ("dispute.won", "A dispute was won."),
    "lose_dispute": ("dispute.lost", "A dispute was lost."),
    "request_refund": ("refund.requested", "A refund was asked for; where nobody has to approve, it is agreed."),
    "approve_refund": ("refund.approved", "A refund was approved."),
    "refuse_refund": ("refund.refused", "A refund was refused."),
    "withdraw_refund": ("refund.withdrawn", "A request for a refund was withdrawn."),
    "pay_out_refund": ("refund.paid_out", "A refund, or a part of it, was paid out."),
    "set_refund_limit": ("refund_limit.set", "How much may be refunded without approval was set."),
    "transfer_package": ("transfer.requested", "Sessions are to be handed on; where nobody has to approve, they were."),
    "approve_transfer": ("transfer.approved", "Sessions were handed on."),
    "refuse_transfer": ("transfer.refused", "Sessions are not handed on."),
    "withdraw_transfer": ("transfer.withdrawn", "A request to hand sessions on was withdrawn."),
    "undo_transfer": ("transfer.undone", "Sessions that were handed on were given back."),
    "request_branch_transfer": ("branch_transfer.requested", "A package is to move to another branch."),
    "accept_branch_transfer": ("branch_transfer.accepted", "A branch takes a package over."),
    "refuse_branch_transfer": ("branch_transfer.refused", "A branch does not take a package over."),
    "withdraw_branch_transfer": ("branch_transfer.withdrawn", "A package is not to move any more."),
    "lapse_branch_transfer": ("branch_transfer.lapsed", "Nobody decided in time whether a package moves."),
    "book_session": ("booking.made", "A visit was booked."),
    "reschedule_booking": ("booking.rescheduled", "A visit was moved."),
    "cancel_booking": ("booking.cancelled", "A visit was cancelled."),
    "cancel_booking_by_business": ("booking.cancelled_by_business", "A visit was called off by the business."),
    "complete_booking": ("booking.completed", "A visit took place."),
    "mark_no_show": ("booking.missed", "Nobody came to a visit."),
    "sync_booking": ("booking.synced", "A scheduler told of a visit."),
    "attach_to_booking": ("booking.attached", "Something was attached to a visit."),
    "flag_booking": ("booking.flagged", "Nobody said what became of a visit."),
    "set_settlement_rate": ("settlement_rate.set", "What a branch earns for sessions of another's packages was set."),
    "run_settlement": ("settlement.run", "What branches owe each other was drawn up."),
    "approve_settlement": ("settlement.approved", "A settlement was approved."),
    "cancel_settlement": ("settlement.cancelled", "A settlement was cancelled."),
    "confirm_settlement": ("settlement.confirmed", "A settlement was paid."),
    "dispute_settlement_entry": ("settlement.disputed", "An entry of a settlement was disputed."),
    "resolve_settlement_dispute": ("settlement.dispute_resolved", "A dispute about a settlement was resolved."),
    "estimate_breakage": ("breakage.estimated", "How much is expected to lapse was estimated."),
    "change_breakage_method": ("breakage.method_changed", "When breakage becomes revenue was changed."),
    "close_period": ("period.closed", "The books were closed up to a day."),
    "reopen_period": ("period.reopened", "The books were opened again."),
}
"""By the act: its name among events, and what has happened."""

UNTOLD = frozenset(
    """connect_accounting map_account pause_connection resume_connection retry_delivery reconcile acknowledge_entries
    register_webhook change_webhook remove_webhook rotate_webhook_secret replay_webhook open_inbound_hook
    rotate_inbound_secret close_inbound_hook retry_inbound_event""".split()
)
"""How Carnet is connected to other systems is nothing that those systems are told."""

SENTENCES = dict(sorted(EVENTS.values()))
"""Every name of an event, and what has happened then."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event tells of an operation."""

    position: int
    operation_id: str
    act: str
    chain_id: str
    branch_id: str | None
    package_id: str | None
    package_version: int | None
    customer_id: str | None
    recorded_at: datetime


def type_of(act: str) -> str | None:
    """The name of the event; None for what is not told."""
    event = EVENTS.get(act)
    return event[0] if event else None


def body_of(id: str, told: Told) -> str:
    """The event as it is sent, always the same bytes."""
    event = {
        "id": id,
        "type": type_of(told.act),
        "timestamp": told.recorded_at,
        "data": {
            "chainId": told.chain_id,
            "position": told.position,
            "operationId": told.operation_id,
            "branchId": told.branch_id,
            "packageId": told.package_id,
            "packageVersion": told.package_version,
            "customerId": told.customer_id,
        },
    }
    return orjson.dumps(event, option=orjson.OPT_UTC_Z).decode()

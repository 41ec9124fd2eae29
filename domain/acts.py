"""Every act, in one place: importing this module makes them known to `run_command`."""

from domain.accounting.change_breakage_method import change_breakage_method
from domain.accounting.close_period import close_period
from domain.accounting.estimate_breakage import estimate_breakage
from domain.accounting.reestimate_package import reestimate_package
from domain.accounting.reopen_period import reopen_period
from domain.accounting.sync.connect_accounting import connect_accounting
from domain.accounting.sync.map_account import map_account
from domain.accounting.sync.pause_connection import pause_connection
from domain.accounting.sync.reconcile import reconcile
from domain.accounting.sync.resume_connection import resume_connection
from domain.accounting.sync.retry_delivery import retry_delivery
from domain.bookings.attach_to_booking import attach_to_booking
from domain.bookings.book_session import book_session
from domain.bookings.cancel_booking import cancel_booking
from domain.bookings.cancel_booking_by_business import cancel_booking_by_business
from domain.bookings.complete_booking import complete_booking
from domain.bookings.flag_booking import flag_booking
from domain.bookings.mark_no_show import mark_no_show
from domain.bookings.reschedule_booking import reschedule_booking
from domain.bookings.sync_booking import sync_booking
from domain.branch_transfers.accept_branch_transfer import accept_branch_transfer
from domain.branch_transfers.close_branch import close_branch
from domain.branch_transfers.lapse_branch_transfer import lapse_branch_transfer
from domain.branch_transfers.refuse_branch_transfer import refuse_branch_transfer
from domain.branch_transfers.rehome_package import rehome_package
from domain.branch_transfers.request_branch_transfer import request_branch_transfer
from domain.branch_transfers.withdraw_branch_transfer import withdraw_branch_transfer
from domain.branches.change_chain_settings import change_chain_settings
from domain.branches.open_branch import open_branch
from domain.branches.set_business_days import set_business_days
from domain.catalog.define_package import define_package
from domain.catalog.define_service import define_service
from domain.catalog.publish_package_definition import publish_package_definition
from domain.catalog.retire_package_definition import retire_package_definition
from domain.catalog.set_delivery_cost import set_delivery_cost
from domain.customers.change_household import change_household
from domain.customers.erase_customer import erase_customer
from domain.customers.export_customer import export_customer
from domain.customers.form_household import form_household
from domain.customers.merge_customers import merge_customers
from domain.customers.register_customer import register_customer
from domain.customers.undo_customer_merge import undo_customer_merge
from domain.expiry.extend_package import extend_package
from domain.expiry.extend_packages import extend_packages
from domain.expiry.freeze_package import freeze_package
from domain.expiry.lapse_package import lapse_package
from domain.expiry.unfreeze_package import unfreeze_package
from domain.feed.acknowledge_entries import acknowledge_entries
from domain.imports.import_customer import import_customer
from domain.imports.import_package import import_package
from domain.imports.import_spreadsheets import import_spreadsheets
from domain.inbox.close_inbound_hook import close_inbound_hook
from domain.inbox.open_inbound_hook import open_inbound_hook
from domain.inbox.retry_inbound_event import retry_inbound_event
from domain.inbox.rotate_inbound_secret import rotate_inbound_secret
from domain.packages.agree_instalments import agree_instalments
from domain.packages.grant_goodwill import grant_goodwill
from domain.packages.redeem_session import redeem_session
from domain.packages.reverse_redemption import reverse_redemption
from domain.packages.sell_package import sell_package
from domain.payments.lose_dispute import lose_dispute
from domain.payments.open_dispute import open_dispute
from domain.payments.pay_account import pay_account
from domain.payments.record_payment import record_payment
from domain.payments.record_payout import record_payout
from domain.payments.reverse_charge import reverse_charge
from domain.payments.reverse_payment import reverse_payment
from domain.payments.void_sale import void_sale
from domain.payments.win_dispute import win_dispute
from domain.people.create_api_key import create_api_key
from domain.people.found_chain import found_chain
from domain.people.grant_role import grant_role
from domain.people.revoke_api_key import revoke_api_key
from domain.people.revoke_role import revoke_role
from domain.refunds.approve_refund import approve_refund
from domain.refunds.pay_out_refund import pay_out_refund
from domain.refunds.refuse_refund import refuse_refund
from domain.refunds.request_refund import request_refund
from domain.refunds.set_refund_limit import set_refund_limit
from domain.refunds.withdraw_refund import withdraw_refund
from domain.settlements.approve_settlement import approve_settlement
from domain.settlements.cancel_settlement import cancel_settlement
from domain.settlements.confirm_settlement import confirm_settlement
from domain.settlements.dispute_settlement_entry import dispute_settlement_entry
from domain.settlements.resolve_settlement_dispute import resolve_settlement_dispute
from domain.settlements.run_settlement import run_settlement
from domain.settlements.set_settlement_rate import set_settlement_rate
from domain.sharing.revoke_sharing import revoke_sharing
from domain.sharing.share_package import share_package
from domain.sharing.share_with_household import share_with_household
from domain.topups.top_up_package import top_up_package
from domain.transfers.approve_transfer import approve_transfer
from domain.transfers.refuse_transfer import refuse_transfer
from domain.transfers.transfer_package import transfer_package
from domain.transfers.undo_transfer import undo_transfer
from domain.transfers.withdraw_transfer import withdraw_transfer
from domain.upgrades.upgrade_package import upgrade_package
from domain.webhooks.change_webhook import change_webhook
from domain.webhooks.register_webhook import register_webhook
from domain.webhooks.remove_webhook import remove_webhook
from domain.webhooks.replay_webhook import replay_webhook
from domain.webhooks.rotate_webhook_secret import rotate_webhook_secret

ACTS = (
    found_chain,
    open_branch,
    change_chain_settings,
    set_business_days,
    close_period,
    reopen_period,
    grant_role,
    create_api_key,
    revoke_api_key,
    revoke_role,
    define_service,
    set_delivery_cost,
    set_settlement_rate,
    define_package,
    publish_package_definition,
    retire_package_definition,
    register_customer,
    merge_customers,
    undo_customer_merge,
    erase_customer,
    export_customer,
    form_household,
    change_household,
    sell_package,
    agree_instalments,
    void_sale,
    record_payment,
    reverse_payment,
    pay_account,
    reverse_charge,
    record_payout,
    open_dispute,
    win_dispute,
    lose_dispute,
    share_with_household,
    share_package,
    revoke_sharing,
    redeem_session,
    reverse_redemption,
    grant_goodwill,
    top_up_package,
    transfer_package,
    approve_transfer,
    refuse_transfer,
    withdraw_transfer,
    undo_transfer,
    upgrade_package,
    request_refund,
    approve_refund,
    refuse_refund,
    withdraw_refund,
    pay_out_refund,
    set_refund_limit,
    extend_package,
    extend_packages,
    freeze_package,
    unfreeze_package,
    lapse_package,
    estimate_breakage,
    change_breakage_method,
    reestimate_package,
    book_session,
    reschedule_booking,
    cancel_booking,
    complete_booking,
    mark_no_show,
    cancel_booking_by_business,
    sync_booking,
    attach_to_booking,
    flag_booking,
    request_branch_transfer,
    accept_branch_transfer,
    refuse_branch_transfer,
    withdraw_branch_transfer,
    lapse_branch_transfer,
    close_branch,
    rehome_package,
    run_settlement,
    dispute_settlement_entry,
    resolve_settlement_dispute,
    approve_settlement,
    cancel_settlement,
    confirm_settlement,
    connect_accounting,
    map_account,
    pause_connection,
    resume_connection,
    retry_delivery,
    acknowledge_entries,
    reconcile,
    import_customer,
    import_package,
    import_spreadsheets,
    register_webhook,
    change_webhook,
    remove_webhook,
    rotate_webhook_secret,
    replay_webhook,
    open_inbound_hook,
    rotate_inbound_secret,
    close_inbound_hook,
    retry_inbound_event,
)

"""Every act, in one place: importing this module makes them known to `run_command`."""

from domain.accounting.change_breakage_method import change_breakage_method
from domain.accounting.close_period import close_period
from domain.accounting.estimate_breakage import estimate_breakage
from domain.accounting.reestimate_package import reestimate_package
from domain.accounting.reopen_period import reopen_period
from domain.bookings.attach_to_booking import attach_to_booking
from domain.bookings.book_session import book_session
from domain.bookings.cancel_booking import cancel_booking
from domain.bookings.cancel_booking_by_business import cancel_booking_by_business
from domain.bookings.complete_booking import complete_booking
from domain.bookings.flag_booking import flag_booking
from domain.bookings.mark_no_show import mark_no_show
from domain.bookings.reschedule_booking import reschedule_booking
from domain.bookings.sync_booking import sync_booking
from domain.branches.change_chain_settings import change_chain_settings
from domain.branches.open_branch import open_branch
from domain.catalog.define_package import define_package
from domain.catalog.define_service import define_service
from domain.catalog.publish_package_definition import publish_package_definition
from domain.catalog.retire_package_definition import retire_package_definition
from domain.catalog.set_delivery_cost import set_delivery_cost
from domain.customers.form_household import form_household
from domain.customers.register_customer import register_customer
from domain.expiry.extend_package import extend_package
from domain.expiry.extend_packages import extend_packages
from domain.expiry.freeze_package import freeze_package
from domain.expiry.lapse_package import lapse_package
from domain.expiry.unfreeze_package import unfreeze_package
from domain.imports.import_customer import import_customer
from domain.imports.import_package import import_package
from domain.imports.import_spreadsheets import import_spreadsheets
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
from domain.settlements.set_settlement_rate import set_settlement_rate

ACTS = (
    found_chain,
    open_branch,
    change_chain_settings,
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
    form_household,
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
    redeem_session,
    reverse_redemption,
    grant_goodwill,
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
    import_customer,
    import_package,
    import_spreadsheets,
)

"""The mutations about payments and accounts, gathered for the root."""

import strawberry

from schema.payments import pay_account as account
from schema.payments import record_payout as payout
from schema.payments import reverse_charge as charge
from schema.payments import reverse_payment as reverse


@strawberry.type
class PaymentMutations:
    """Mixed into the root mutation."""

    reverse_payment: reverse.ReversePaymentResult = reverse.MUTATION
    pay_account: account.PayAccountResult = account.MUTATION
    reverse_charge: charge.ReverseChargeResult = charge.MUTATION
    record_payout: payout.RecordPayoutResult = payout.MUTATION

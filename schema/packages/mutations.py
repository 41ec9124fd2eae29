"""The mutations about packages and payments, gathered for the root."""

import strawberry

from schema.packages import grant_goodwill, redeem_session, reverse_redemption, sell_package
from schema.payments import record_payment


@strawberry.type
class PackageMutations:
    """Mixed into the root mutation."""

    sell_package: sell_package.SellPackageResult = sell_package.MUTATION
    record_payment: record_payment.RecordPaymentResult = record_payment.MUTATION
    redeem_session: redeem_session.RedeemSessionResult = redeem_session.MUTATION
    reverse_redemption: reverse_redemption.ReverseRedemptionResult = reverse_redemption.MUTATION
    grant_goodwill: grant_goodwill.GrantGoodwillResult = grant_goodwill.MUTATION

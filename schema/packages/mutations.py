"""The mutations about packages and payments, gathered for the root."""

import strawberry

from schema.packages import agree_instalments as agree
from schema.packages import grant_goodwill as goodwill
from schema.packages import redeem_session as redeem
from schema.packages import reverse_redemption as reverse
from schema.packages import sell_package as sell
from schema.payments import lose_dispute as losing
from schema.payments import open_dispute as dispute
from schema.payments import record_payment as record
from schema.payments import void_sale as void
from schema.payments import win_dispute as winning


@strawberry.type
class PackageMutations:
    """Mixed into the root mutation."""

    sell_package: sell.SellPackageResult = sell.MUTATION
    agree_instalments: agree.AgreeInstalmentsResult = agree.MUTATION
    void_sale: void.VoidSaleResult = void.MUTATION
    record_payment: record.RecordPaymentResult = record.MUTATION
    open_dispute: dispute.OpenDisputeResult = dispute.MUTATION
    win_dispute: winning.WinDisputeResult = winning.MUTATION
    lose_dispute: losing.LoseDisputeResult = losing.MUTATION
    redeem_session: redeem.RedeemSessionResult = redeem.MUTATION
    reverse_redemption: reverse.ReverseRedemptionResult = reverse.MUTATION
    grant_goodwill: goodwill.GrantGoodwillResult = goodwill.MUTATION

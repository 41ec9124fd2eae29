"""The acts on refunds."""

import strawberry

from schema.refunds import approve_refund as approve
from schema.refunds import pay_out_refund as pay_out
from schema.refunds import refuse_refund as refuse
from schema.refunds import request_refund as request
from schema.refunds import set_refund_limit as limit
from schema.refunds import withdraw_refund as withdraw


@strawberry.type
class RefundMutations:
    """Mixed into the root mutation."""

    request_refund: request.RequestRefundResult = request.MUTATION
    approve_refund: approve.ApproveRefundResult = approve.MUTATION
    refuse_refund: refuse.RefuseRefundResult = refuse.MUTATION
    withdraw_refund: withdraw.WithdrawRefundResult = withdraw.MUTATION
    pay_out_refund: pay_out.PayOutRefundResult = pay_out.MUTATION
    set_refund_limit: limit.SetRefundLimitResult = limit.MUTATION

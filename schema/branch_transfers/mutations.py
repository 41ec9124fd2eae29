"""The mutations about packages that move to another home branch, gathered for the root."""

import strawberry

from schema.branch_transfers import accept_branch_transfer as accept
from schema.branch_transfers import close_branch as closing
from schema.branch_transfers import refuse_branch_transfer as refuse
from schema.branch_transfers import request_branch_transfer as request
from schema.branch_transfers import withdraw_branch_transfer as withdraw


@strawberry.type
class BranchTransferMutations:
    """Mixed into the root mutation."""

    request_branch_transfer: request.RequestBranchTransferResult = request.MUTATION
    accept_branch_transfer: accept.AcceptBranchTransferResult = accept.MUTATION
    refuse_branch_transfer: refuse.RefuseBranchTransferResult = refuse.MUTATION
    withdraw_branch_transfer: withdraw.WithdrawBranchTransferResult = withdraw.MUTATION
    close_branch: closing.CloseBranchResult = closing.MUTATION

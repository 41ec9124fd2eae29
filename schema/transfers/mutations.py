"""The acts on transfers."""

import strawberry

from schema.transfers import approve_transfer as approve
from schema.transfers import refuse_transfer as refuse
from schema.transfers import transfer_package as hand_on
from schema.transfers import undo_transfer as undo
from schema.transfers import withdraw_transfer as withdraw


@strawberry.type
class TransferMutations:
    """Mixed into the root mutation."""

    transfer_package: hand_on.TransferPackageResult = hand_on.MUTATION
    approve_transfer: approve.ApproveTransferResult = approve.MUTATION
    refuse_transfer: refuse.RefuseTransferResult = refuse.MUTATION
    withdraw_transfer: withdraw.WithdrawTransferResult = withdraw.MUTATION
    undo_transfer: undo.UndoTransferResult = undo.MUTATION

"""Tables of packages that move to another home branch, one by one or because theirs closes."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class BranchTransfer(Model):
    """A package that is to move, or has moved, from one home branch to another."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    from_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    to_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    closing = fields.ForeignKeyField("models.BranchClosing", related_name=False, null=True, on_delete=fields.RESTRICT)
    state = fields.CharField(max_length=10)
    reason = fields.CharField(max_length=500, db_default="")
    requested_by = fields.CharField(max_length=32)
    requested_at = fields.DatetimeField()
    lapses_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=32, null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=500, db_default="")
    operation_id = fields.CharField(max_length=32, null=True)
    sessions = fields.IntField(null=True)
    value_minor = fields.BigIntField(null=True)
    unpaid_minor = fields.BigIntField(null=True)

    class Meta:
        table = "branch_transfer"
        constraints = (CheckConstraint(check="from_branch_id <> to_branch_id", name="ck_branch_transfer_branches"),)
        indexes = (
            Index(fields=("package_id", "id"), name="ix_branch_transfer_package"),
            Index(fields=("from_branch_id", "id"), name="ix_branch_transfer_from"),
            Index(fields=("to_branch_id", "id"), name="ix_branch_transfer_to"),
            Index(fields=("from_branch_id", "state", "id"), name="ix_branch_transfer_from_state"),
            Index(fields=("to_branch_id", "state", "id"), name="ix_branch_transfer_to_state"),
            Index(fields=("chain_id", "id"), name="ix_branch_transfer_chain"),
        )


class BranchClosing(Model):
    """A branch that closes and hands its packages on, one by one; goes on where it was left."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    to_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    exceptions: fields.Field[list[dict[str, str]]] = fields.JSONField(default=list)
    reason = fields.CharField(max_length=500)
    ordered_by = fields.CharField(max_length=32)
    as_of = fields.DatetimeField()
    done_until = fields.CharField(max_length=32, db_default="")
    packages = fields.IntField()
    moved = fields.IntField(db_default=0)
    failed = fields.IntField(db_default=0)
    bookings = fields.IntField(db_default=0)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "branch_closing"
        indexes = (
            Index(fields=("chain_id", "id"), name="ix_branch_closing_chain"),
            Index(fields=("branch_id", "id"), name="ix_branch_closing_branch"),
        )


class ClosingFailure(Model):
    """A package that could not move on from a branch that closes, and why."""

    id = fields.BigIntField(primary_key=True)
    closing = fields.ForeignKeyField("models.BranchClosing", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=60)
    message = fields.CharField(max_length=500)

    class Meta:
        table = "closing_failure"
        constraints = (UniqueConstraint(fields=("closing_id", "package_id"), name="uq_closing_failure"),)

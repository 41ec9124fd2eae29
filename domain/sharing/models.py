"""Tables of the persons with whom packages are shared."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class Share(Model):
    """A person who may use a package, up to so many sessions where a limit is given, until it is revoked.

    In a package that is shared with the household it only says what the limit of one member is.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    most_sessions = fields.IntField(null=True)
    shared_by = fields.CharField(max_length=32)
    shared_at = fields.DatetimeField()
    revoked_by = fields.CharField(max_length=32, null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "share"
        constraints = (CheckConstraint(check="most_sessions IS NULL OR most_sessions >= 0", name="ck_share_limit"),)
        indexes = (
            Index(fields=("package_id",), name="ix_share_package"),
            Index(fields=("customer_id",), name="ix_share_customer"),
        )

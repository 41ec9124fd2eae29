"""Tables of extensions of many packages at once: how far one has come, and what it could not do."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class BulkExtension(Model):
    """One act over many packages, carried out package by package; goes on where it was left."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    definition = fields.ForeignKeyField(
        "models.PackageDefinition", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    days = fields.IntField()
    reason = fields.CharField(max_length=500)
    as_of = fields.DatetimeField()
    done_until = fields.CharField(max_length=32, db_default="")
    packages = fields.IntField()
    extended = fields.IntField(db_default=0)
    failed = fields.IntField(db_default=0)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "bulk_extension"
        indexes = (Index(fields=("chain_id", "id"), name="ix_bulk_extension_chain"),)


class ExtensionFailure(Model):
    """A package that a bulk extension could not extend, and why."""

    id = fields.BigIntField(primary_key=True)
    bulk_extension = fields.ForeignKeyField("models.BulkExtension", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=60)
    message = fields.CharField(max_length=500)

    class Meta:
        table = "extension_failure"
        constraints = (UniqueConstraint(fields=("bulk_extension_id", "package_id"), name="uq_extension_failure"),)

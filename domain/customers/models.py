"""Tables of customers, their households, the references other systems know them by, and who turned out to be one."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Household(Model):
    """Customers who may share packages whose terms allow it."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=120)
    reference = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "household"
        constraints = (UniqueConstraint(fields=("chain_id", "reference"), name="uq_household_reference"),)


class Customer(Model):
    """A person who holds or shares packages of the chain."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    first_name = fields.CharField(max_length=120)
    last_name = fields.CharField(max_length=120)
    phone = fields.CharField(max_length=20, null=True)
    email = fields.CharField(max_length=254, null=True)
    country = fields.CharField(max_length=2, null=True)
    birthday = fields.DateField(null=True)
    tags: fields.Field[list[str]] = fields.JSONField(default=list)
    whatsapp_consent = fields.BooleanField(null=True)
    notes = fields.TextField(default="")
    home_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    household = fields.ForeignKeyField("models.Household", related_name=False, null=True, on_delete=fields.RESTRICT)
    guardian = fields.BooleanField(db_default=False)
    registered_at = fields.DatetimeField()
    merged_into = fields.ForeignKeyField("models.Customer", related_name=False, null=True, on_delete=fields.RESTRICT)
    merged_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "customer"
        indexes = (
            Index(fields=("chain_id", "phone"), name="ix_customer_phone"),
            Index(fields=("chain_id", "email"), name="ix_customer_email"),
            Index(fields=("household_id",), name="ix_customer_household"),
            Index(fields=("home_branch_id", "id"), name="ix_customer_home_branch"),
            Index(fields=("merged_into_id",), name="ix_customer_merged_into"),
        )


class CustomerReference(Model):
    """A name by which another system knows the customer; a person may have several, a reference has one person."""

    id = fields.BigIntField(primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    reference = fields.CharField(max_length=64)

    class Meta:
        table = "customer_reference"
        constraints = (UniqueConstraint(fields=("chain_id", "reference"), name="uq_customer_reference"),)
        indexes = (Index(fields=("customer_id",), name="ix_customer_reference_customer"),)


class CustomerMerge(Model):
    """Two customers who are one person: what moved to the one that stays, so that it can be undone for some days."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    kept = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    merged = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    operation_id = fields.CharField(max_length=32)
    merged_at = fields.DatetimeField()
    before: fields.Field[dict[str, object]] = fields.JSONField()
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "customer_merge"
        indexes = (
            Index(fields=("kept_id",), name="ix_customer_merge_kept"),
            Index(fields=("merged_id",), name="ix_customer_merge_merged"),
        )

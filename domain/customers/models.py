"""Tables of customers, their households and the references other systems know them by."""

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
    registered_at = fields.DatetimeField()

    class Meta:
        table = "customer"
        indexes = (
            Index(fields=("chain_id", "phone"), name="ix_customer_phone"),
            Index(fields=("chain_id", "email"), name="ix_customer_email"),
            Index(fields=("household_id",), name="ix_customer_household"),
            Index(fields=("home_branch_id", "id"), name="ix_customer_home_branch"),
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
